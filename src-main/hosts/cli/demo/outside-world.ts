import type { IsoDate } from '#domain/date'

/** The page of the rehearsal node, used as payers, providers and the bank use it. */
export class OutsideWorld {
  readonly #page: string
  readonly #creditor: string

  /** @param page address of the page, with its token; @param creditor fiscal code of the institution. */
  constructor(page: string, creditor: string) {
    this.#page = page
    this.#creditor = creditor
  }

  /** Pays a notice on a day that has passed. False where the node does not let it: it is paid already. */
  async pay(payment: { readonly noticeNumber: string; readonly psp: string; readonly day: IsoDate }): Promise<boolean> {
    const { noticeNumber, psp, day } = payment
    const fields = { avviso: noticeNumber, ente: this.#creditor, psp, quando: 'giorno', giorno: day }
    const answer = await fetch(`${this.#page}paga`, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams(fields),
    })
    const { words } = (await answer.json()) as { readonly words: string }
    if (answer.ok || answer.status === 409) return answer.ok
    throw new Error(`the rehearsal node does not take a payment: ${words}`)
  }

  /** A reporting flow as a file, as it goes round by other roads. */
  flow(flowId: string): Promise<Uint8Array> {
    // The provider stands between the day and the first hyphen after it (pagopa.md §4.2).
    const psp = flowId.slice(10).split('-')[0]
    return this.#file('flusso', { chiave: `${this.#creditor}/${psp}/${flowId}/1` })
  }

  /** The account's list up to today, with the troubles that banks make. */
  statement(iban: string): Promise<Uint8Array> {
    return this.#file('estratto-conto', { iban, abitudini: 'awkward', forma: 'bancoPosta' })
  }

  async #file(name: string, query: Record<string, string>): Promise<Uint8Array> {
    const answer = await fetch(`${this.#page}${name}?${new URLSearchParams(query)}`)
    if (!answer.ok) throw new Error(`the rehearsal node has no ${name} for ${JSON.stringify(query)}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
}
