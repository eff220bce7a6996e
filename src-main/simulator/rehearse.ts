import type { IsoDate } from '#domain/date'
import type { Next } from './dice.ts'
import { emitFlows, type SimulatedFlow } from './flows.ts'
import { type PayableNotice, type PayablePlan, type Payment, payNotices, payPlans } from './payments.ts'
import { emitStatement, type SimulatedStatement } from './statement.ts'

export interface RehearsalInput {
  readonly receiver: { readonly fiscalCode: string; readonly name: string }
  readonly account: { readonly iban: string; readonly openingDate: IsoDate }
  readonly notices: readonly PayableNotice[]
  /** Notices with instalments. */
  readonly plans?: readonly PayablePlan[]
  /** Share of the notices that is paid, 0–1. */
  readonly share: number
  /** First day of payment and length of the stretch. */
  readonly from: IsoDate
  readonly days: number
  readonly style: 'bancoPosta' | 'intesa'
}

export interface Rehearsal {
  readonly payments: readonly Payment[]
  readonly flows: readonly SimulatedFlow[]
  readonly statement: SimulatedStatement
}

/** What payers, providers and bank do with these notices. Same notices and same `next`, same files to the byte. */
export function rehearse(input: RehearsalInput, next: Next): Rehearsal {
  const payments = [...payNotices(input.notices, input, next), ...payPlans(input.plans ?? [], input, next)]
  const flows = emitFlows(payments, input.receiver, next)
  const holder = { name: input.receiver.name, ...input.account }
  return { payments, flows, statement: emitStatement(flows, holder, input.style, next) }
}
