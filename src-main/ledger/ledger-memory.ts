import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readRevision } from './revision.ts'

const TEN_MINUTES = 600_000

/** Names one thing that the process keeps of a ledger, with its type. */
export class MemoryKey<T> {
  declare readonly of: T
}

export interface Recollection<T> {
  readonly value: T
  /** Nothing at all was written since it was kept. */
  readonly fresh: boolean
  /** What was written since was written by this process. */
  readonly ownWrites: boolean
}

interface Kept {
  readonly value: unknown
  /** Counter of the committed write that it is true of. */
  revision: number
}

/**
 * What this process keeps of one ledger from one transaction to the next. A write takes a value out, changes it and
 * keeps it; only its commit puts it back, so after a rollback it is read anew.
 */
export class LedgerMemory {
  readonly kept = new Map<object, Kept>()
  /** Counter after the last write of this process, or seen by one. */
  revision = -1
  /** Last counter at which another workstation may have written. */
  foreign = -1
  readonly #idleMs: number
  #idle: NodeJS.Timeout | undefined

  /** @param idleMs what nobody asks for so long is given back to the system */
  constructor(idleMs = TEN_MINUTES) {
    this.#idleMs = idleMs
  }

  lendToRead(db: ReadHandle): void {
    lent.set(db, new Loan(this))
    reading.add(db)
  }

  lendToWrite(db: WriteHandle): Loan {
    const loan = new Loan(this)
    lent.set(db, loan)
    return loan
  }

  /** Somebody is at work. */
  wake(): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.kept.clear(), this.#idleMs).unref()
  }

  forget(): void {
    clearTimeout(this.#idle)
    this.kept.clear()
  }

  see(revision: number): void {
    if (revision !== this.revision) this.foreign = revision
    this.revision = revision
  }
}

export class Loan {
  readonly memory: LedgerMemory
  readonly #pending = new Map<object, unknown>()
  readonly #unchanged = new Set<object>()

  constructor(memory: LedgerMemory) {
    this.memory = memory
  }

  take(key: object, revision: number): Recollection<unknown> | null {
    this.memory.see(revision)
    if (this.#pending.has(key)) return { value: this.#pending.get(key), fresh: false, ownWrites: true }
    const kept = this.memory.kept.get(key)
    this.memory.kept.delete(key)
    if (!kept) return null
    return { value: kept.value, fresh: kept.revision === revision, ownWrites: kept.revision >= this.memory.foreign }
  }

  keep(key: object, value: unknown): void {
    this.#pending.set(key, value)
  }

  holds(key: object): void {
    this.#unchanged.add(key)
  }

  /** To be called once the write is committed. */
  commit(revision: number): void {
    this.memory.see(revision - 1)
    this.memory.revision = revision
    for (const key of this.#unchanged) {
      const kept = this.memory.kept.get(key)
      if (kept?.revision === revision - 1) kept.revision = revision
    }
    for (const [key, value] of this.#pending) this.memory.kept.set(key, { value, revision })
    if (this.memory.kept.size > 0) this.memory.wake()
  }
}

const lent = new WeakMap<object, Loan>()
const reading = new WeakSet<object>()

/** Takes out what an earlier write kept; null when there is nothing. Within one write, what it kept itself. */
export async function recall<T>(db: WriteHandle, key: MemoryKey<T>): Promise<Recollection<T> | null> {
  const loan = lent.get(db)
  return loan ? (loan.take(key, await readRevision(db)) as Recollection<T> | null) : null
}

/** True from the commit of this write on. */
export function keep<T>(db: WriteHandle, key: MemoryKey<T>, value: T): void {
  lent.get(db)?.keep(key, value)
}

/** This write changes nothing of what was kept: it stays true after it. */
export function stillHolds(db: WriteHandle, key: MemoryKey<unknown>): void {
  lent.get(db)?.holds(key)
}

/** What was kept, if it is true of the very snapshot that this read sees. Never to be changed. */
export async function glance<T>(db: ReadHandle, key: MemoryKey<T>): Promise<T | null> {
  const loan = lent.get(db)
  if (!loan) return null
  const revision = await readRevision(db)
  const kept = loan.memory.kept.get(key)
  return kept?.revision === revision ? (kept.value as T) : null
}

/** Keeps what a read has worked out, until something is written. */
export async function keepRead<T>(db: ReadHandle, key: MemoryKey<T>, value: T): Promise<void> {
  const loan = lent.get(db)
  if (!loan) return
  const revision = await readRevision(db)
  const kept = loan.memory.kept.get(key)
  if (!kept || kept.revision < revision) loan.memory.kept.set(key, { value, revision })
}

/** As `recall`, for a read that brings up to date what a write kept; nobody else has it until `giveBack`. Null inside a write. */
export async function borrow<T>(db: ReadHandle, key: MemoryKey<T>): Promise<Recollection<T> | null> {
  const loan = lent.get(db)
  if (!loan || !reading.has(db)) return null
  const revision = await readRevision(db)
  const { memory } = loan
  // A snapshot behind what this process has written since knows less than what is kept.
  if (revision < memory.revision) return null
  return loan.take(key, revision) as Recollection<T> | null
}

/** Puts back what was borrowed, brought up to this snapshot, unless a write has kept its own meanwhile. */
export async function giveBack<T>(db: ReadHandle, key: MemoryKey<T>, value: T): Promise<void> {
  if (reading.has(db)) await keepRead(db, key, value)
}
