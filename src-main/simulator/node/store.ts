import { type EventLog, openEventLog, type Put } from './events.ts'
import type { Collection, NodePayment, NodePosition, NodeRecords } from './records.ts'

/** Writes that happen together. */
export interface Changes {
  put<C extends Collection>(collection: C, key: string, record: NodeRecords[C]): void
  remove<C extends Collection>(collection: C, key: string): void
}

/** Key of a position: IUPDs are unique within an institution. */
export function positionKey(fiscalCode: string, iupd: string): string {
  return `${fiscalCode}/${iupd}`
}

/**
 * What the rehearsal node holds, in memory, each change appended to a file first (`folder` null: memory only). Records are
 * never changed in place: a change puts a new one.
 */
export class NodeStore {
  readonly #all: { [C in Collection]: Map<string, NodeRecords[C]> } = {
    organization: new Map(),
    iban: new Map(),
    station: new Map(),
    position: new Map(),
    upload: new Map(),
    uploadPart: new Map(),
    paid: new Map(),
    order: new Map(),
    flow: new Map(),
    cart: new Map(),
    message: new Map(),
  }
  /** `fiscal code/nav` and `fiscal code/iuv` → key of the position. */
  readonly #byNav = new Map<string, string>()
  readonly #byIuv = new Map<string, string>()
  readonly #log: EventLog | null

  constructor(folder: string | null) {
    this.#log =
      folder === null
        ? null
        : openEventLog(
            folder,
            (put) => this.#apply(put),
            () => this.#living(),
          )
  }

  get<C extends Collection>(collection: C, key: string): NodeRecords[C] | undefined {
    return this.#all[collection].get(key)
  }

  /** In the order in which they were first put. */
  all<C extends Collection>(collection: C): Iterable<NodeRecords[C]> {
    return this.#all[collection].values()
  }

  count(collection: Collection): number {
    return this.#all[collection].size
  }

  position(fiscalCode: string, iupd: string): NodePosition | undefined {
    return this.#all.position.get(positionKey(fiscalCode, iupd))
  }

  /** The position that a notice number asks to pay, and which of its payments. */
  byNav(fiscalCode: string, nav: string): { position: NodePosition; payment: NodePayment } | undefined {
    return this.#find(this.#byNav.get(`${fiscalCode}/${nav}`), (payment) => payment.nav === nav)
  }

  byIuv(fiscalCode: string, iuv: string): { position: NodePosition; payment: NodePayment } | undefined {
    return this.#find(this.#byIuv.get(`${fiscalCode}/${iuv}`), (payment) => payment.iuv === iuv)
  }

  /** Runs `work` and keeps all that it put, or nothing where it throws. */
  change<T>(work: (changes: Changes) => T): T {
    const puts: Put[] = []
    const result = work({
      put: (collection, key, record) => puts.push([collection, key, record] as unknown as Put),
      remove: (collection, key) => puts.push([collection, key, null] as unknown as Put),
    })
    this.#log?.append(puts)
    for (const put of puts) this.#apply(put)
    return result
  }

  close(): void {
    this.#log?.close()
  }

  #find(key: string | undefined, isIt: (payment: NodePayment) => boolean) {
    const position = key === undefined ? undefined : this.#all.position.get(key)
    const payment = position?.options.flatMap((option) => option.payments).find(isIt)
    return position && payment ? { position, payment } : undefined
  }

  #apply([collection, key, record]: Put): void {
    if (collection === 'position') this.#index(key, record)
    const records = this.#all[collection] as Map<string, unknown>
    if (record === null) records.delete(key)
    else records.set(key, record)
  }

  #index(key: string, next: NodePosition | null): void {
    const before = this.#all.position.get(key)
    for (const { nav, iuv } of payments(before)) {
      this.#byNav.delete(`${before?.organizationFiscalCode}/${nav}`)
      this.#byIuv.delete(`${before?.organizationFiscalCode}/${iuv}`)
    }
    for (const { nav, iuv } of payments(next)) {
      this.#byNav.set(`${next?.organizationFiscalCode}/${nav}`, key)
      this.#byIuv.set(`${next?.organizationFiscalCode}/${iuv}`, key)
    }
  }

  *#living(): Generator<Put> {
    for (const [collection, records] of Object.entries(this.#all)) {
      for (const [key, record] of records) yield [collection, key, record] as unknown as Put
    }
  }
}

function payments(position: NodePosition | null | undefined): NodePayment[] {
  return position?.options.flatMap((option) => [...option.payments]) ?? []
}
