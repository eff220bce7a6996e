import { writeCamtStatement } from '#codecs/statement-camt-write'
import { writeBancoPostaStatement, writeIntesaStatement } from '#codecs/statement-csv-write'
import { addDays, type IsoDate } from '#domain/date'
import { add, type Cents, cents, subtract } from '#domain/money'
import { causaleOf, type Damage, rollDamage } from './causali.ts'
import { between, hexDigits, type Next } from './dice.ts'
import type { SimulatedFlow } from './flows.ts'
import { workingDayAfter } from './payments.ts'
import { PROVIDERS } from './providers.ts'

export interface SimulatedMovement {
  readonly bookingDate: IsoDate
  readonly valueDate: IsoDate
  readonly amountCents: Cents
  readonly description: string
  /** Flow that it credits, null for movements that are not pagoPA's or whose flow never came. */
  readonly flowId: string | null
  readonly damage: Damage | null
}

/** What a bank sees of a flow: one transfer. */
export type CreditableFlow = Pick<SimulatedFlow, 'flowId' | 'totalCents' | 'regulationDate' | 'trn'> & {
  readonly provider: { readonly name: string }
}

export interface SimulatedStatement {
  readonly fileName: string
  readonly movements: readonly SimulatedMovement[]
  /** Flow that has no credit in this statement. */
  readonly uncredited: string | null
  readonly bytes: Uint8Array
}

export interface AccountHolder {
  readonly name: string
  readonly iban: string
  readonly openingDate: IsoDate
}

/** From this many flows on, one has its id cut by the bank and one comes in two transfers. */
const ENOUGH_FLOWS = 5

/**
 * The bank's list of the stretch: a credit for each flow but the last (not yet credited), one of them in two transfers,
 * one with its id cut, one credit whose flow never came, and the ordinary movements of an office.
 */
export function emitStatement(
  flows: readonly SimulatedFlow[],
  holder: AccountHolder,
  style: 'bancoPosta' | 'intesa',
  next: Next,
): SimulatedStatement {
  const uncredited = flows.length >= 2 ? (flows[flows.length - 1] as SimulatedFlow) : null
  const credited = flows.filter((flow) => flow !== uncredited)
  const movements = credited.flatMap((flow, i) => {
    const enough = credited.length >= ENOUGH_FLOWS
    const rolled = rollDamage(next)
    const damage = enough && i === 3 ? 'cut' : enough || rolled !== 'cut' ? rolled : 'none'
    return enough && i === 1 ? creditInTwoParts(flow, next) : [creditOf(flow, damage)]
  })
  const last = movements.reduce((day, m) => (m.bookingDate > day ? m.bookingDate : day), holder.openingDate)
  movements.push(...ordinaryMovements(holder.openingDate, last, () => next))
  movements.push(orphanCredit(workingDayAfter(last, 0), next))
  movements.sort((a, b) => (a.bookingDate < b.bookingDate ? -1 : a.bookingDate > b.bookingDate ? 1 : 0))
  const to = movements[movements.length - 1]?.bookingDate ?? holder.openingDate
  return {
    fileName: `estratto-conto-${to}.csv`,
    movements,
    uncredited: uncredited?.flowId ?? null,
    bytes: writeStatement(movements, holder, to, style),
  }
}

const WRITERS = { bancoPosta: writeBancoPostaStatement, intesa: writeIntesaStatement, camt: writeCamtStatement }
/** Forms in which the bank hands the list over. */
export type StatementStyle = keyof typeof WRITERS

/** The list of the account from its opening to `to`, as the bank's site gives it. */
export function writeStatement(
  movements: readonly SimulatedMovement[],
  holder: AccountHolder,
  to: IsoDate,
  style: StatementStyle,
): Uint8Array {
  return WRITERS[style]({
    holder: holder.name,
    iban: holder.iban,
    from: holder.openingDate,
    to,
    openingCents: cents(1_250_000),
    movements: movements.map(({ flowId: _flow, damage: _damage, ...movement }) => movement),
  })
}

/** One transfer for the whole flow. */
export function creditOf(flow: CreditableFlow, damage: Damage): SimulatedMovement {
  return credit(flow, flow.totalCents, 0, damage)
}

function credit(flow: CreditableFlow, amountCents: Cents, part: number, damage: Damage): SimulatedMovement {
  const bookingDate = part === 0 ? flow.regulationDate : workingDayAfter(flow.regulationDate, part)
  const causale = causaleOf(flow.flowId, part, damage)
  // A cut text is the end of the line; otherwise the bank goes on after it.
  const description =
    damage === 'cut'
      ? `BONIFICO A VOSTRO FAVORE TRN ${flow.trn} DA ${flow.provider.name} PER ${causale}`
      : `BONIFICO A VOSTRO FAVORE TRN ${flow.trn} DA ${flow.provider.name} PER ${causale} BENEF. ENTE`
  return { bookingDate, valueDate: bookingDate, amountCents, description, flowId: flow.flowId, damage }
}

/** The second part comes on the working day after. */
export function creditInTwoParts(flow: CreditableFlow, next: Next): SimulatedMovement[] {
  if (flow.totalCents < 200) return [credit(flow, flow.totalCents, 0, 'none')]
  const first = cents(Math.floor(flow.totalCents * (0.3 + 0.4 * next())))
  return [credit(flow, first, 0, 'none'), credit(flow, subtract(flow.totalCents, first), 1, 'none')]
}

/** A credit whose flow never comes. */
export function orphanCredit(day: IsoDate, next: Next): SimulatedMovement {
  const provider = PROVIDERS[1] as (typeof PROVIDERS)[number]
  const flowId = `${day}${provider.code}-${provider.freePart(987_654, day.replaceAll('-', ''))}`
  const amountCents = cents(between(next, 2, 9) * 21_500)
  const trn = hexDigits(next, 30)
  const description = `BONIFICO A VOSTRO FAVORE TRN ${trn} DA ${provider.name} PER ${causaleOf(flowId, 0, 'none')} BENEF. ENTE`
  return { bookingDate: day, valueDate: day, amountCents, description, flowId: null, damage: 'none' }
}

const ORDINARY: readonly {
  readonly text: string
  readonly every: number
  readonly least: number
  readonly most: number
}[] = [
  { text: 'COMMISSIONI E SPESE TENUTA CONTO', every: 30, least: -1_500, most: -650 },
  { text: 'ADDEBITO DIRETTO SEPA ENERGIA DI PROVA FATTURA {n}', every: 28, least: -38_000, most: -12_000 },
  { text: 'BONIFICO DA VOI DISPOSTO CANONE LOCAZIONE SEDE', every: 30, least: -90_000, most: -90_000 },
  { text: 'PAGAMENTO POS CARTOLERIA IMMAGINARIA', every: 17, least: -6_400, most: -900 },
  { text: 'VERSAMENTO CONTANTI SPORTELLO DI PROVA', every: 35, least: 2_000, most: 9_000 },
  {
    text: 'BONIFICO A VOSTRO FAVORE DA FONDAZIONE INVENTATA CONTRIBUTO CONVEGNO',
    every: 40,
    least: 50_000,
    most: 150_000,
  },
]

/** What else passes through an office's account; `nextOf` gives the chance of each kind. */
export function ordinaryMovements(from: IsoDate, to: IsoDate, nextOf: (kind: string) => Next): SimulatedMovement[] {
  return ORDINARY.flatMap(({ text, every, least, most }) => {
    const next = nextOf(text)
    const movements: SimulatedMovement[] = []
    for (let day = addDays(from, between(next, 1, every)); day <= to; day = addDays(day, every)) {
      const bookingDate = workingDayAfter(day, 0)
      if (bookingDate > to) break
      const description = text.replace('{n}', String(between(next, 1000, 9999)))
      const amountCents = add(cents(least), cents(between(next, 0, most - least)))
      movements.push({ bookingDate, valueDate: bookingDate, amountCents, description, flowId: null, damage: null })
    }
    return movements
  })
}
