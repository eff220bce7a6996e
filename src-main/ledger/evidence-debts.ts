import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { DueAccertamento, PayableInstallment } from '#domain/reconcile-evidence'
import type { ReadHandle } from './ledger.ts'

/** An installment as the payments of the lists need it. */
export interface InstallmentPlace {
  readonly id: Id<'installment'>
  readonly iuv: string
  readonly optionId: number
  readonly version: number
  readonly positionId: number
  readonly ordinal: number
  /** Own transfers without stamps: what an issued installment brings to the books. */
  ownCents: number
}

type Allocation = PayableInstallment['transfers'][number]['allocations'][number]

interface Stored extends InstallmentPlace {
  readonly option: 'single' | 'plan'
  transfers: PayableInstallment['transfers'][number][]
  evidence: PayableInstallment | null
}

interface Person {
  readonly fiscalCode: string | null
  readonly name: string
}

/** What the debts of the ledger say to `reconcile`, read once and then only what was added. All but people and the life of positions only grows. */
export class DebtsEvidence {
  #installments: readonly PayableInstallment[] = []
  #due: readonly DueAccertamento[] = []
  readonly places: Stored[] = []
  /** By position. */
  readonly placesOf = new Map<number, Stored[]>()
  /** Set when a position got another version, until who reads it clears it. */
  versionsMoved = false
  /** What posting counts with, by accertamento. */
  readonly chartOf = new Map<
    number,
    { readonly exercise: number; readonly capitoloId: number; readonly personId: number }
  >()
  readonly #byId = new Map<number, Stored>()
  readonly #byIuv = new Map<string, Stored>()
  /** Numbers of old versions by those that ask for the very same now. */
  #present: ReadonlyMap<string, string> = new Map()
  readonly #transferOf = new Map<number, { readonly of: Stored; readonly at: number }>()
  readonly #people = new Map<number, Person>()
  readonly #dueAt = new Map<number, number>()
  /** Positions that are not simply issued in their first version. */
  #unusual = new Map<number, { readonly lifecycle: string; readonly currentVersion: number }>()
  readonly #last = { installment: 0, transfer: 0, allocation: 0, person: 0, accertamento: 0, variation: 0 }

  get installments(): readonly PayableInstallment[] {
    return this.#installments
  }

  get due(): readonly DueAccertamento[] {
    return this.#due
  }

  dueOf(accertamentoId: number): DueAccertamento | undefined {
    return this.#due[this.#dueAt.get(accertamentoId) ?? -1]
  }

  /** The installment that an IUV means: that of its latest version, or the present one that asks for the very same. */
  installmentOf(iuv: string): Id<'installment'> | null {
    return this.#byIuv.get(this.presentIuv(iuv))?.id ?? null
  }

  /** The number that asks now for what an old one asked for; itself where none does. */
  presentIuv(iuv: string): string {
    return this.#present.get(iuv) ?? iuv
  }

  currentVersion(positionId: number): number {
    return this.#unusual.get(positionId)?.currentVersion ?? 1
  }

  /** `people`: read them all again, they may have been renamed. */
  async refresh(db: ReadHandle, people: boolean): Promise<void> {
    await this.#readInstallments(db)
    await this.#readDue(db, people)
  }

  async #readInstallments(db: ReadHandle): Promise<void> {
    const before = this.places.length
    const last = this.#last
    const installments = await db
      .selectFrom('installment')
      .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
      .where('installment.id', '>', last.installment as Id<'installment'>)
      .select([
        'installment.id',
        'installment.iuv',
        'installment.ordinal',
        'paymentOption.kind',
        'paymentOption.version',
      ])
      .select(['paymentOption.id as optionId', 'paymentOption.debtPositionId as positionId'])
      .orderBy('installment.id')
      .execute()
    for (const { kind, positionId, ...i } of installments) {
      const stored = { ...i, positionId, option: kind, ownCents: 0, transfers: [], evidence: null }
      this.places.push(stored)
      const siblings = this.placesOf.get(positionId)
      if (siblings) siblings.push(stored)
      else this.placesOf.set(positionId, [stored])
      this.#byId.set(i.id, stored)
      const namesake = this.#byIuv.get(i.iuv)
      if (!namesake || namesake.version <= i.version) this.#byIuv.set(i.iuv, stored)
      last.installment = i.id
    }
    await this.#readTransfers(db)
    const unusual = await db
      .selectFrom('debtPosition')
      .where((eb) => eb.or([eb('lifecycle', '<>', 'issued'), eb('currentVersion', '<>', 1)]))
      .select(['id', 'lifecycle', 'currentVersion'])
      .execute()
    const known = this.#unusual
    const moved =
      unusual.length !== known.size ||
      unusual.some((u) => {
        const was = known.get(u.id)
        return was?.lifecycle !== u.lifecycle || was.currentVersion !== u.currentVersion
      })
    if (moved) {
      this.#unusual = new Map(unusual.map((u) => [u.id, u]))
      this.versionsMoved = true
    }
    if (!moved && this.places.length === before) return
    this.#present = this.#readPresent()
    const found: PayableInstallment[] = []
    for (const i of this.places) {
      const lifecycle = this.#unusual.get(i.positionId)?.lifecycle ?? 'issued'
      if (lifecycle !== 'draft') found.push(this.#evidenceOf(i, lifecycle === 'cancelled'))
    }
    this.#installments = found
  }

  #evidenceOf(i: Stored, cancelled: boolean): PayableInstallment {
    const replaced = i.version !== this.currentVersion(i.positionId)
    const now = replaced ? this.#present.get(i.iuv) : undefined
    const was = i.evidence
    const same = was?.cancelled === cancelled && was.replaced === replaced && was.nowAskedWith === now
    if (same && was.transfers === i.transfers) return was
    const { iuv, positionId, version, option, transfers } = i
    const facts = { iuv, positionId, version, option, cancelled, replaced, transfers }
    i.evidence = now === undefined ? facts : { ...facts, nowAskedWith: now }
    return i.evidence
  }

  /** Only what changed of dates got another number: same option, same place in it, same money for the same debts. */
  #readPresent(): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const [positionId, { currentVersion }] of this.#unusual) {
      if (currentVersion === 1) continue
      const all = this.placesOf.get(positionId) ?? []
      const present = all.filter((one) => one.version === currentVersion)
      for (const old of all) {
        if (old.version === currentVersion || this.#byIuv.get(old.iuv) !== old) continue
        const now = present.find((one) => one.option === old.option && one.ordinal === old.ordinal)
        if (now !== undefined && now.iuv !== old.iuv && sameMoney(now, old)) found.set(old.iuv, now.iuv)
      }
    }
    return found
  }

  async #readTransfers(db: ReadHandle): Promise<void> {
    const last = this.#last
    const transfers = await db
      .selectFrom('transfer')
      .select(['id', 'installmentId', 'idTransfer', 'cents', 'own', 'stamp'])
      .where('id', '>', last.transfer as Id<'transfer'>)
      .orderBy('installmentId')
      .orderBy('idTransfer')
      .execute()
    const allocations = new Map<number, Allocation[]>()
    const found = await db
      .selectFrom('allocation')
      .select(['id', 'transferId', 'accertamentoId', 'cents'])
      .where('id', '>', last.allocation as Id<'allocation'>)
      .orderBy('transferId')
      .orderBy('ordinal')
      .execute()
    for (const { id, transferId, accertamentoId, cents } of found) {
      const list = allocations.get(transferId)
      if (list) list.push({ accertamentoId, cents })
      else allocations.set(transferId, [{ accertamentoId, cents }])
      if (id > last.allocation) last.allocation = id
    }
    for (const t of transfers) {
      const of = this.#byId.get(t.installmentId) as Stored
      const transfer = { idTransfer: t.idTransfer, cents: t.cents, own: t.own === 1, stamp: t.stamp === 1 }
      of.transfers.push({ ...transfer, allocations: allocations.get(t.id) ?? [] })
      allocations.delete(t.id)
      if (transfer.own && !transfer.stamp) of.ownCents += t.cents
      this.#transferOf.set(t.id, { of, at: of.transfers.length - 1 })
      if (t.id > last.transfer) last.transfer = t.id
    }
    // Allocations that came after their transfer: none does today, and none would be lost.
    for (const [transferId, more] of allocations) {
      const place = this.#transferOf.get(transferId)
      const transfer = place?.of.transfers[place.at]
      if (!place || !transfer) continue
      place.of.transfers = place.of.transfers.with(place.at, {
        ...transfer,
        allocations: [...transfer.allocations, ...more],
      })
      place.of.evidence = null
    }
  }

  async #readDue(db: ReadHandle, people: boolean): Promise<void> {
    const last = this.#last
    const renamed = new Set<number>()
    const persons = await db
      .selectFrom('person')
      .select(['id', 'fiscalCode', 'name'])
      .where('id', '>', (people ? 0 : last.person) as Id<'person'>)
      .orderBy('id')
      .execute()
    for (const { id, fiscalCode, name } of persons) {
      const was = this.#people.get(id)
      if (was?.name === name && was.fiscalCode === fiscalCode) continue
      if (was) renamed.add(id)
      this.#people.set(id, { fiscalCode, name })
      if (id > last.person) last.person = id
    }
    const accertamenti = await db
      .selectFrom('accertamento')
      .select(['id', 'exercise', 'number', 'dueDate', 'assessedCents', 'personId', 'capitoloId'])
      .where('id', '>', last.accertamento as Id<'accertamento'>)
      .orderBy('id')
      .execute()
    const variations = await db
      .selectFrom('accertamentoVariation')
      .select(['id', 'accertamentoId', 'cents'])
      .where('id', '>', last.variation as Id<'accertamentoVariation'>)
      .orderBy('id')
      .execute()
    last.variation = variations.at(-1)?.id ?? last.variation
    last.accertamento = accertamenti.at(-1)?.id ?? last.accertamento
    if (renamed.size === 0 && accertamenti.length === 0 && variations.length === 0) return
    const due = this.#due.map((d) => (renamed.has(d.personId) ? { ...d, ...this.#personOf(d.personId) } : d))
    for (const { id, assessedCents, capitoloId, ...a } of accertamenti) {
      this.chartOf.set(id, { exercise: a.exercise, capitoloId, personId: a.personId })
      this.#dueAt.set(id, due.length)
      due.push({ ...a, accertamentoId: id, dueCents: assessedCents, ...this.#personOf(a.personId) })
    }
    for (const { accertamentoId, cents } of variations) {
      const at = this.#dueAt.get(accertamentoId) as number
      const was = due[at] as DueAccertamento
      due[at] = { ...was, dueCents: (was.dueCents + cents) as Cents }
    }
    this.#due = due
  }

  #personOf(personId: number): { fiscalCode: string | null; personName: string } {
    const { fiscalCode, name } = this.#people.get(personId) as Person
    return { fiscalCode, personName: name }
  }
}

function sameMoney(a: Stored, b: Stored): boolean {
  return a.ownCents === b.ownCents && JSON.stringify(a.transfers) === JSON.stringify(b.transfers)
}
