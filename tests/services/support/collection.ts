import { createRouterClient } from '@orpc/server'
import { expect } from 'vitest'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import { addDays, type IsoDate, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { checkEquations } from '#ledger/balances'
import { router } from '#services/router'
import { type GenerationChoice, generation, type Office, outcome, YEAR } from '../office.ts'

export const IBAN = 'IT66S0999912100000000012345'

export const clientOf = (office: Office) => createRouterClient(router, { context: office.context })

/** Positions paid from the notice to the reversale, the equations of the books checked at each step. */
export class Collection {
  readonly office: Office
  readonly client: ReturnType<typeof clientOf>
  #serial = 0
  #day = isoDate('2026-03-10')
  readonly #movements: { bookingDate: IsoDate; cents: number; text: string }[] = []

  constructor(office: Office) {
    this.office = office
    this.client = clientOf(office)
  }

  async issue(choice: GenerationChoice) {
    const preview = await this.client.debtPosition.generationPreview(generation(choice))
    const made = await outcome(await this.client.debtPosition.generate(generation(choice)))
    await this.holds()
    return { preview, made }
  }

  async holds(): Promise<void> {
    expect(await this.office.context.ledger.read(checkEquations)).toEqual([])
  }

  async position(n = 0) {
    const { rows } = await this.client.debtPosition.list({ filters: {}, limit: 500 })
    const row = rows[n]
    if (row === undefined) throw new Error('no such position')
    return { row, ...(await this.client.debtPosition.get({ id: row.id })) }
  }

  /** A provider tells of these payments and credits them on the day after. */
  async pay(...rows: readonly { readonly iuv: string; readonly cents: number; readonly index?: number }[]) {
    this.#serial += 1
    this.#day = addDays(this.#day, 1)
    const flowId = `${this.#day}AAAAITM1XXX-${String(this.#serial).padStart(6, '0')}`
    const bytes = writeReportingFlow({
      ...{ flowId, flowDateTime: `${this.#day}T09:00:00`, regulationId: `TRN${this.#serial}` },
      ...{ regulationDate: this.#day, senderType: 'B', senderId: 'AAAAITM1XXX', senderName: 'PSP Alfa', bic: null },
      ...{ receiverFiscalCode: REHEARSAL_INSTITUTION.fiscalCode, receiverName: null },
      rows: rows.map((row, n) => ({
        ...{ iuv: row.iuv, iur: `IUR${this.#serial}${n}`, index: row.index ?? 1, amountCents: cents(row.cents) },
        ...{ outcome: '0', outcomeDate: this.#day },
      })),
    })
    const token = await this.#adopt(`${flowId}.xml`, bytes)
    await outcome(await this.client.reportingFlow.import({ tokens: [token] }))
    await this.holds()
    const total = rows.reduce((n, row) => n + row.cents, 0)
    const text = `BONIFICO A VOSTRO FAVORE /PUR/LGPE-RIVERSAMENTO/URI/${flowId}`
    this.#movements.push({ bookingDate: this.#day, cents: total, text })
    await this.statement()
    return flowId
  }

  /** Money that comes without a flow. */
  async credit(day: IsoDate, amount: number, text: string): Promise<void> {
    this.#day = day
    this.#movements.push({ bookingDate: day, cents: amount, text })
    await this.statement()
  }

  async statement(): Promise<void> {
    const from = isoDate('2026-01-01')
    const bytes = writeBancoPostaStatement({
      ...{ holder: 'Ordine', iban: IBAN, from, to: this.#day, openingCents: cents(0) },
      movements: this.#movements.map((m) => ({
        ...{ bookingDate: m.bookingDate, valueDate: m.bookingDate, amountCents: cents(m.cents), description: m.text },
      })),
    })
    const token = await this.#adopt('estratto.csv', bytes)
    const bankAccountId = (await this.client.account.list())[0]?.id as never
    const { mapping } = await this.client.bankStatement.read({ token, bankAccountId })
    await this.client.bankStatement.confirm({ token, bankAccountId, mapping })
    await this.holds()
  }

  /** Posts what is ready: cents of each new reversale. */
  async post(): Promise<number[]> {
    const ready = await this.client.reversale.ready({})
    if (ready.drafts.length === 0) return []
    const keys = ready.drafts.map((draft) => draft.key)
    await outcome(await this.client.reversale.post({ scope: {}, keys, expectedCents: ready.totals.cents }))
    await this.holds()
    return ready.drafts.map((draft) => draft.cents)
  }

  async labels(flowId: string): Promise<(string | null)[]> {
    const flows = await this.client.reportingFlow.list({ filters: { flowId } as never })
    const id = flows.rows[0]?.id as never
    const page = await this.client.reportingFlow.payments({ filters: { reportingFlowId: id } })
    return page.rows.map((row) => row.label.code)
  }

  async step(name: string) {
    const { road } = await this.client.dashboard.get({ exercise: YEAR })
    const found = road.find((one) => one.step === name)
    return [found?.count, found?.cents]
  }

  async #adopt(name: string, bytes: Uint8Array) {
    const writer = await this.office.context.files.create(name, 'application/octet-stream')
    await writer.write(bytes)
    return writer.commit()
  }
}
