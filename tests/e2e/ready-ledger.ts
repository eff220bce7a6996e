import { createRouterClient } from '@orpc/server'
import { addDays, isoDate } from '#domain/date'
import { openBackend } from '#hosts/backend'
import { follow } from '#hosts/cli/demo/long-work'
import { seededRandom } from '#hosts/random'
import { router } from '#services/router'
import { TODAY, YEAR } from './office.ts'

/** «Ordine di prova» with its notices issued, in a folder that no program has open: what stands before a delivery. */
export async function makeReadyLedger(folder: string, members: number): Promise<void> {
  const backend = await openBackend({ folder, fileSecretsOnly: true, random: seededRandom(5) })
  try {
    const client = createRouterClient(router, { context: { ...backend.context, operator: 'Segreteria' } })
    const silent = () => undefined
    const made = await follow(client.institution.createRehearsal({ members }), silent)
    const read = await follow(client.registerImport.read({ token: made.registerToken }), silent)
    await follow(client.registerImport.confirm({ id: read.id, goodOnly: false }), silent)
    await follow(
      client.debtPosition.generate({
        filters: { exercise: YEAR },
        parameters: {
          description: `Quote ${YEAR}`,
          dueDate: addDays(TODAY, 40),
          validUntil: isoDate(`${YEAR + 1}-12-31`),
          groupByPerson: true,
          groupDescription: `Quote e diritti ${YEAR}`,
        },
      }),
      silent,
    )
  } finally {
    await backend.close()
  }
}
