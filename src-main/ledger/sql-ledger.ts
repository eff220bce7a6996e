import type { Log } from '#domain/ports'
import { checkEquations } from './balances.ts'
import { runBeforeCommit } from './before-commit.ts'
import type { Engine } from './engine/engine.ts'
import { problemOfError } from './errors.ts'
import { appendJournal, verifyJournal } from './journal.ts'
import type { Backup, Ledger, LedgerHealth, LedgerTarget, ReadHandle, WriteCommand, WriteHandle } from './ledger.ts'
import { LedgerMemory } from './ledger-memory.ts'
import { schemaVersion } from './migrate.ts'
import { Revisions } from './revisions.ts'
import { WriteQueue } from './write-queue.ts'

/** The ledger over either engine: queue, journal, revision and words for what the database refuses. */
export class SqlLedger implements Ledger {
  readonly target: LedgerTarget
  readonly clock: Engine['clock']
  readonly #engine: Engine
  readonly #log: Log
  readonly #queue = new WriteQueue()
  readonly #memory = new LedgerMemory()
  readonly #revisions = new Revisions(() => this.revision())
  readonly #reading = new Set<Promise<unknown>>()
  #closing: Promise<void> | null = null

  constructor(target: LedgerTarget, engine: Engine, log: Log) {
    this.target = target
    this.#engine = engine
    this.#log = log
    this.clock = engine.clock
  }

  async read<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T> {
    this.#queue.refuseInside()
    if (this.#closing) throw new Error('the ledger is closed')
    const reading = this.#engine.read((db) => {
      this.#memory.lendToRead(db)
      return fn(db)
    })
    this.#reading.add(reading)
    try {
      return await reading
    } catch (error) {
      throw problemOfError(error)
    } finally {
      this.#reading.delete(reading)
    }
  }

  async write<T>(command: WriteCommand, fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    if (this.#closing) throw new Error('the ledger is closed')
    try {
      return await this.#queue.run(async () => {
        const { value, counter, loan } = await this.#engine.write(async (db) => {
          const loan = this.#memory.lendToWrite(db)
          const value = await fn(db)
          await appendJournal(db, command)
          const { counter } = await db
            .updateTable('revision')
            .set((eb) => ({ counter: eb('counter', '+', 1) }))
            .returning('counter')
            .executeTakeFirstOrThrow()
          await runBeforeCommit(db)
          return { value, counter, loan }
        })
        loan.commit(counter)
        this.#revisions.raise()
        return value
      })
    } catch (error) {
      throw problemOfError(error)
    }
  }

  revisions(signal?: AbortSignal): AsyncIterable<number> {
    return this.#revisions.follow(signal)
  }

  async revision(): Promise<number> {
    const row = await this.read((db) => db.selectFrom('revision').select('counter').executeTakeFirstOrThrow())
    return row.counter
  }

  backup(folder?: string): Promise<Backup> {
    return this.#queue.run(() => this.#engine.backup(folder))
  }

  async health(): Promise<LedgerHealth> {
    const engine = this.#engine
    const broken = await this.read(verifyJournal)
    return {
      engine: engine.dialect,
      place: engine.place,
      schemaVersion: await schemaVersion(engine),
      integrity: await engine.integrity(true),
      journal: broken ? [`La catena del registro attività si rompe alla riga ${broken.seq}.`] : [],
      equations: await this.read(checkEquations),
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut()
    return this.#closing
  }

  async #shut(): Promise<void> {
    this.#revisions.close()
    await this.#queue.idle()
    await Promise.allSettled(this.#reading)
    this.#memory.forget()
    await this.#engine.close()
    this.#log.info('ledger.closed', { place: this.#engine.place })
  }
}
