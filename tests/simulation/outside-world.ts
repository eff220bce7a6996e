import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import { addDays, type IsoDate } from '#domain/date'
import { type Cents, cents, negate, sum } from '#domain/money'

/** Whole number from 0 to `n` − 1. */
export type Dice = (n: number) => number

export interface Notice {
  readonly iuv: string
  readonly cents: Cents
}
interface Row {
  readonly iuv: string
  readonly cents: Cents
  readonly outcome: '0' | '3' | '8' | '9'
}
interface Flow {
  readonly flowId: string
  readonly day: IsoDate
  readonly rows: readonly Row[]
  version: number
}
interface Movement {
  readonly bookingDate: IsoDate
  readonly amountCents: Cents
  readonly description: string
}

const PSPS = ['BALFITM1XXX', 'PBETITRR', 'CGAMITRR'] as const

/** Payers, providers and a bank that err as real ones do: paid twice, in parts, too little, taken back, cut, late, never. */
export class OutsideWorld {
  readonly receiver: string
  readonly #dice: Dice
  readonly #flows: Flow[] = []
  readonly #movements: Movement[] = []
  #serial = 0

  constructor(receiver: string, dice: Dice) {
    this.receiver = receiver
    this.#dice = dice
  }

  /** Some of these are paid, and a provider tells and credits it; sometimes something goes wrong on the way. */
  pay(notices: readonly Notice[], day: IsoDate): void {
    const dice = this.#dice
    if (notices.length === 0) return
    const chosen = Array.from({ length: 1 + dice(4) }, () => notices[dice(notices.length)] as Notice)
    const rows = chosen.map(({ iuv, cents: due }): Row => {
      const roll = dice(30)
      if (roll === 0) return { iuv, cents: cents(due + 100), outcome: '0' }
      if (roll === 1) return { iuv: `0199${String(this.#serial).padStart(13, '0')}`, cents: due, outcome: '0' }
      return { iuv, cents: due, outcome: roll === 2 ? '9' : '0' }
    })
    // Only sometimes the same notice twice in one flow.
    const once = rows.filter((row, n) => dice(10) === 0 || rows.findIndex((other) => other.iuv === row.iuv) === n)
    const earlier = this.#flows.at(-1)?.rows[0]
    if (earlier && dice(25) === 0) once.push({ ...earlier, outcome: '3' })
    const total = sum(once.map((row) => (row.outcome === '3' ? negate(row.cents) : row.cents)))
    if (total <= 0) return
    this.#serial += 1
    const psp = PSPS[dice(PSPS.length)] as string
    const flowId = `${day}${psp}-${String(4000 + this.#serial).padStart(10, '0')}`
    if (dice(15) > 0) this.#flows.push({ flowId, day, rows: once, version: 1 })
    this.#credit(flowId, total, addDays(day, dice(3)))
  }

  #credit(flowId: string, total: Cents, day: IsoDate): void {
    const dice = this.#dice
    const causale = `BONIFICO A VOSTRO FAVORE PER /PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flowId}`
    const book = (amountCents: Cents, description = causale, bookingDate = day) =>
      void this.#movements.push({ bookingDate, amountCents, description })
    const kind = dice(12)
    if (kind === 0) return
    if (kind === 1) {
      const part = cents(Math.max(1, Math.floor(total / 3)))
      book(part)
      book(cents(total - part), causale, addDays(day, 1))
    } else if (kind === 2) book(total, causale.slice(0, -5))
    else if (kind === 3) book(cents(total + 50))
    else book(total)
    if (kind === 4) {
      book(negate(total), `STORNO ${causale}`, addDays(day, 1))
      if (dice(2) === 0) book(total, causale, addDays(day, 2))
    }
    if (kind === 5) book(total, causale, addDays(day, 3))
  }

  /** Money and debits that have nothing to do with pagoPA. */
  ordinary(day: IsoDate, text: string, amountCents: Cents): void {
    this.#movements.push({ bookingDate: day, amountCents, description: text })
  }

  /** A later version of a flow already sent: one row less, or the same rows again. */
  revise(): void {
    const flow = this.#flows[this.#dice(this.#flows.length)]
    if (!flow) return
    const rows = flow.rows.length > 1 && this.#dice(2) === 0 ? flow.rows.slice(1) : flow.rows
    this.#flows.push({ ...flow, rows, version: flow.version + 1 })
  }

  /** Some of the flows sent so far, as files; others wait, some come again. */
  flowFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
    return this.#flows
      .filter(() => this.#dice(3) > 0)
      .map(({ flowId, day, rows, version }) => ({
        name: `${flowId}-${version}.xml`,
        bytes: writeReportingFlow({
          ...{ flowId, flowDateTime: `${addDays(day, version)}T10:00:00`, regulationId: `TRN${flowId}` },
          ...{ regulationDate: day, senderType: 'B', senderId: flowId.slice(10).split('-')[0] as string },
          ...{ senderName: 'PSP di prova', bic: null, receiverFiscalCode: this.receiver, receiverName: 'Ordine' },
          rows: rows.map((row, n) => ({
            ...{ iuv: row.iuv, iur: `IUR-${flowId}-${row.iuv}-${n}`, index: 1, amountCents: row.cents },
            ...{ outcome: row.outcome, outcomeDate: day },
          })),
        }),
      }))
  }

  /** The bank's list from some day on: it overlaps those taken before. */
  statement(from: IsoDate, to: IsoDate): Uint8Array | null {
    const movements = this.#movements
      .filter(({ bookingDate }) => bookingDate >= from && bookingDate <= to)
      .sort((a, b) => (a.bookingDate < b.bookingDate ? -1 : a.bookingDate > b.bookingDate ? 1 : 0))
    if (movements.length === 0) return null
    return writeBancoPostaStatement({
      ...{ holder: 'Ordine', iban: 'IT66S0999912100000000012345', from, to, openingCents: cents(0) },
      movements: movements.map((movement) => ({ ...movement, valueDate: movement.bookingDate })),
    })
  }
}
