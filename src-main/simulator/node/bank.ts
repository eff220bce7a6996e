import { type IsoDate, isoDateOf, romeDate, yearOf } from '#domain/date'
import { cents, sum } from '#domain/money'
import { rollDamage } from '../causali.ts'
import { workingDayAfter } from '../payments.ts'
import {
  type AccountHolder,
  type CreditableFlow,
  creditInTwoParts,
  creditOf,
  ordinaryMovements,
  orphanCredit,
  type SimulatedMovement,
  type StatementStyle,
  writeStatement,
} from '../statement.ts'
import { diceOf } from './dice-of.ts'
import type { NodeDesk } from './http.ts'
import { providerOf } from './provider-of.ts'
import type { NodeIbanRecord } from './records.ts'

/**
 * How the bank tells of the credits. `clean`: one line each, as it should be. `usual`: with the blanks and signs that banks
 * put in, nothing that a person must look at. `awkward`: also a flow not yet credited, one in two transfers, a reference that
 * is cut and a credit whose flow never comes.
 */
export const BANK_HABITS = ['clean', 'usual', 'awkward'] as const
export type BankHabits = (typeof BANK_HABITS)[number]

const SECOND = 1
const FOURTH = 3
const ENOUGH = 5

/**
 * The account's list from the first of January of the first flow, or of this year, to today. What was listed once is listed
 * the same for ever, but for what `awkward` does with the last flow.
 */
export function bankStatement(
  { store, now }: Pick<NodeDesk, 'store' | 'now'>,
  account: NodeIbanRecord,
  habits: BankHabits,
  style: StatementStyle = 'bancoPosta',
): { readonly fileName: string; readonly bytes: Uint8Array; readonly movements: readonly SimulatedMovement[] } {
  const today = romeDate(now())
  const flows = creditable(store, account, today)
  const holder: AccountHolder = {
    name: store.get('organization', account.organizationFiscalCode)?.name ?? 'Ente di prova',
    iban: account.iban,
    openingDate: isoDateOf(yearOf(flows[0]?.regulationDate ?? today), 1, 1) as IsoDate,
  }
  const movements = credits(flows, habits)
  if (habits !== 'clean') {
    movements.push(...ordinaryMovements(holder.openingDate, today, (kind) => diceOf(`${account.iban} ${kind}`)))
  }
  const last = flows.at(-1)?.regulationDate
  if (habits === 'awkward' && last !== undefined) {
    movements.push(orphanCredit(workingDayAfter(last, 0), diceOf(`orphan ${account.iban}`)))
  }
  const listed = movements.filter((movement) => movement.bookingDate <= today)
  listed.sort((a, b) => (a.bookingDate < b.bookingDate ? -1 : a.bookingDate > b.bookingDate ? 1 : 0))
  return {
    fileName: `estratto-conto-${today}.${style === 'camt' ? 'xml' : 'csv'}`,
    bytes: writeStatement(listed, holder, today, style),
    movements: listed,
  }
}

/** The transfer leaves once: later revisions of the flow do not change it. */
function creditable(store: NodeDesk['store'], account: NodeIbanRecord, today: IsoDate): CreditableFlow[] {
  const flows: CreditableFlow[] = []
  for (const flow of store.all('flow')) {
    if (flow.revision !== 1 || flow.iban !== account.iban || flow.regulationDate > today) continue
    if (flow.creditor !== account.organizationFiscalCode) continue
    const { flowId, regulationDate, trn, psp, rows } = flow
    const totalCents = sum(rows.map((row) => cents(row.cents)))
    flows.push({ flowId, regulationDate, trn, totalCents, provider: providerOf(psp) })
  }
  return flows.sort((a, b) => (a.flowId < b.flowId ? -1 : 1))
}

function credits(flows: readonly CreditableFlow[], habits: BankHabits): SimulatedMovement[] {
  const awkward = habits === 'awkward' && flows.length >= 2
  const credited = awkward ? flows.slice(0, -1) : flows
  const enough = awkward && credited.length >= ENOUGH
  return credited.flatMap((flow, n) => {
    if (enough && n === SECOND) return creditInTwoParts(flow, diceOf(`parts ${flow.flowId}`))
    if (enough && n === FOURTH) return [creditOf(flow, 'cut')]
    const rolled = habits === 'clean' ? 'none' : rollDamage(diceOf(`causale ${flow.flowId}`))
    return [creditOf(flow, rolled === 'cut' ? 'none' : rolled)]
  })
}
