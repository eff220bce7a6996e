import { createRouterClient } from '@orpc/server'
import type { Id } from '#domain/brand'
import { addDays, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { FileToken } from '#domain/ports'
import { type Backend, type BackendOptions, openBackend } from '#hosts/backend'
import type { Client } from '#hosts/cli/demo/client'
import { follow } from '#hosts/cli/demo/long-work'
import { seededRandom } from '#hosts/random'
import { router } from '#services/router'
import { inventedCode } from '../services/office.ts'
import { TODAY, YEAR } from './office.ts'

interface Made {
  readonly client: Client
  readonly backend: Backend
  /** Its register of quotas, not yet read. */
  readonly registerToken: FileToken
}

const silent = () => undefined

/** «Ordine di prova» in a folder that no program has open, with what `fill` puts into it. */
export async function makeLedger(
  folder: string,
  fill: (made: Made) => Promise<unknown> = async () => undefined,
  options: Pick<BackendOptions, 'delivers'> & { readonly members?: number } = {},
): Promise<void> {
  const { members = 1, ...rest } = options
  const backend = await openBackend({ folder, fileSecretsOnly: true, random: seededRandom(5), ...rest })
  try {
    const client = createRouterClient(router, { context: { ...backend.context, operator: 'Segreteria' } })
    const { registerToken } = await follow(client.institution.createRehearsal({ members }), silent)
    await fill({ client, backend, registerToken })
  } finally {
    await backend.close()
  }
}

/** The same with its notices issued: what stands before a delivery. */
export function makeReadyLedger(folder: string, members: number): Promise<void> {
  return makeLedger(
    folder,
    async ({ client, registerToken }) => {
      const read = await follow(client.registerImport.read({ token: registerToken }), silent)
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
    },
    { members },
  )
}

/** A quota of 200 € each, due in thirty days; those of `inTwo` can pay it in two instalments as well. Ids in their order. */
export async function raiseQuotas(
  client: Client,
  names: readonly string[],
  inTwo: readonly string[] = [],
): Promise<Id<'debtPosition'>[]> {
  const type = (await client.serviceType.list()).find((one) => one.kind === 'quota')
  if (type === undefined) throw new Error('no type')
  const later = (days: number) => addDays(TODAY, days)
  const plan = [30, 60].map((days) => ({ cents: cents(10_000), dueDate: later(days) }))
  const ids = []
  for (const [n, name] of names.entries()) {
    const { debtPositionId } = await client.positionAct.create({
      payer: {
        person: { name, fiscalCode: inventedCode(n), category: 'professionista', email: 'chi.paga@esempio.test' },
      },
      rows: [
        { kind: 'new', serviceTypeId: type.id, cents: cents(20_000), competenceYear: YEAR, causale: `Quota ${YEAR}` },
      ],
      terms: { single: { dueDate: later(30) }, installments: inTwo.includes(name) ? plan : null },
      validUntil: later(200),
      attempt: `prova-${n}-0001`,
    })
    ids.push(debtPositionId)
  }
  return ids
}
