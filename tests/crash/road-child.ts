// Walks one step of the road for ever (or `rounds` times) through the services, on the ledger of `folder`; it says
// what it begins and, once the call has come back, what it did. Whoever started it kills it in the middle.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { bankStatement } from '../../src-main/services/bank-statement.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { account } from '../../src-main/services/institution.ts'
import { registerImport } from '../../src-main/services/register-import.ts'
import { reportingFlow } from '../../src-main/services/reporting-flow.ts'
import { reversale } from '../../src-main/services/reversale.ts'
import { outcome } from '../services/office.ts'
import { cancelPositions } from '../services/support/cancel.ts'
import { shiftedClock } from './shifted-clock.ts'

export type Step = 'import' | 'generate' | 'post'
export interface Order {
  readonly step: Step
  readonly folder: string
  readonly shiftMs: number
  /** Null goes on until it is killed. */
  readonly rounds: number | null
  readonly exercise: number
  /** Positions taken back after each issue, so that there is always something to issue again. */
  readonly cancelled: number
}

/** What a line says. */
export type Said =
  | { readonly begin: string }
  | {
      readonly imported: {
        readonly file: string
        readonly first: number
        readonly last: number
        readonly cents: number
      }
    }
  | { readonly issued: { readonly issuanceId: number; readonly iuvs: readonly string[] } }
  | { readonly cancelled: readonly number[] }
  | { readonly posted: { readonly first: number; readonly last: number; readonly cents: number } }
  | { readonly annulled: number }

const order = JSON.parse(process.argv[2] as string) as Order
const { folder, exercise } = order
const backend = await openBackend({ folder, fileSecretsOnly: true, clock: shiftedClock(order.shiftMs) })
const { context } = backend
const sections = { account, registerImport, debtPosition, reportingFlow, bankStatement, reversale }
const client = createRouterClient(sections, { context })
const say = (said: Said) => process.stdout.write(`${JSON.stringify(said)}\n`)

async function filesOf(name: string): Promise<string[]> {
  return (await readdir(join(folder, name))).sort().map((file) => join(folder, name, file))
}

async function importStep(): Promise<boolean> {
  const confirmed = await client.registerImport.history({ filters: { state: ['confirmed'] } })
  const file = (await filesOf('registri'))[confirmed.count]
  if (file === undefined) return false
  say({ begin: file })
  const { id } = await outcome(await client.registerImport.read({ token: await context.files.adopt(file) }))
  const done = await outcome(await client.registerImport.confirm({ id, goodOnly: false }))
  const { firstNumber: first, lastNumber: last, accertamenti } = done
  say({ imported: { file, first, last, cents: accertamenti.cents } })
  return true
}

async function generateStep(): Promise<boolean> {
  const imports = await client.registerImport.history({ filters: { state: ['confirmed'] }, limit: 500 })
  for (const { id: importId } of imports.rows) {
    const request = {
      filters: { exercise, importId },
      parameters: {
        description: `Lotto ${importId}`,
        dueDate: null,
        validUntil: `${exercise}-12-31` as never,
        groupByPerson: false,
        groupDescription: '',
      },
    }
    const preview = await client.debtPosition.generationPreview(request)
    if (preview.positions.count > 0) {
      say({ begin: `generate ${importId}` })
      const { issuanceId } = await outcome(await client.debtPosition.generate(request))
      const made = await client.debtPosition.list({ filters: { issuanceId }, limit: 500 })
      say({ issued: { issuanceId, iuvs: made.rows.map((row) => row.iuv) } })
    }
    if (order.cancelled === 0) continue
    const live = await client.debtPosition.list({
      filters: { exercise, state: ['issued'] },
      sort: { column: 'noticeNumber', direction: 'asc' },
      limit: order.cancelled,
    })
    const ids = live.rows.map((row) => row.id)
    say({ begin: 'cancel' })
    await cancelPositions(context, ids, 'Prova di interruzione')
    say({ cancelled: ids })
  }
  return order.cancelled > 0
}

async function postStep(): Promise<boolean> {
  const flows = await client.reportingFlow.list({ filters: {}, limit: 1 })
  const flowFiles = await filesOf('flussi')
  if (flows.count < flowFiles.length) {
    say({ begin: 'flows' })
    const tokens = await Promise.all(flowFiles.map((file) => context.files.adopt(file)))
    await outcome(await client.reportingFlow.import({ tokens }))
  }
  const bankAccountId = (await client.account.list()).find((row) => row.kind === 'bank')?.id as never
  const token = await context.files.adopt(join(folder, 'estratto-conto.csv'))
  const movements = await client.bankStatement.movements({ filters: {}, limit: 1 })
  if (movements.count === 0) {
    say({ begin: 'statement' })
    const { mapping } = await client.bankStatement.read({ token, bankAccountId })
    await client.bankStatement.confirm({ token, bankAccountId, mapping })
  }
  const ready = await client.reversale.ready({})
  if (ready.drafts.length > 0) {
    const chosen = order.rounds === null ? ready.drafts.slice(0, 4) : ready.drafts
    const expectedCents = chosen.reduce((sum, draft) => sum + draft.cents, 0) as never
    say({ begin: `post ${chosen.length}` })
    const keys = chosen.map((draft) => draft.key)
    const done = await outcome(await client.reversale.post({ scope: {}, keys, expectedCents }))
    say({ posted: { first: done.firstNumber, last: done.lastNumber, cents: done.reversali.cents } })
    return true
  }
  if (order.rounds !== null) return false
  // All is posted: some are taken back, and there is something to post again.
  const issued = await client.reversale.list({
    filters: { exercise, state: ['issued'] },
    sort: { column: 'number', direction: 'desc' },
    limit: 6,
  })
  for (const { id, number } of issued.rows) {
    say({ begin: `annul ${number}` })
    await client.reversale.annul({ id, reason: 'Prova di interruzione' })
    say({ annulled: number })
  }
  return true
}

const steps = { import: importStep, generate: generateStep, post: postStep } satisfies Record<Step, unknown>
say({ begin: 'open' })
for (let round = 0; order.rounds === null || round < order.rounds; round += 1) if (!(await steps[order.step]())) break
await backend.close()
