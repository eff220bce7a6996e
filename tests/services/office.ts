import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { writeRegister } from '#codecs/register-write'
import type { FileResult } from '#contract/values'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { type FiscalCode, personCheckLetter } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import type { Clock, FileToken, Log } from '#domain/ports'
import type { Progress } from '#domain/progress'
import type { RegisterEntry } from '#domain/register-row'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { STANDARD_CAPITOLI, STANDARD_SERVICE_TYPES } from '#domain/standard-chart'
import { insertBankAccount } from '#ledger/bank-account'
import { insertExercise, saveCapitolo, saveServiceType } from '#ledger/chart'
import { saveInstitution } from '#ledger/institution'
import type { LedgerTarget } from '#ledger/ledger'
import { type Backend, openBackend } from '../../src-main/hosts/backend.ts'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { seededRandom } from '../../src-main/hosts/random.ts'
import { accertamento } from '../../src-main/services/accertamento.ts'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { registerImport } from '../../src-main/services/register-import.ts'

export const YEAR = 2026

export type RegisterInput = RegisterEntry

/** An office at work: real ledger, files, folders and mail in a temporary place; only clock and random are told what to say. */
export class Office {
  readonly folder: string
  readonly backend: Backend
  readonly #reopen: () => Promise<Backend>

  constructor(folder: string, backend: Backend, reopen: () => Promise<Backend>) {
    this.folder = folder
    this.backend = backend
    this.#reopen = reopen
  }

  /** The program is closed and opened again: what was not written down is forgotten. */
  async restart(): Promise<Office> {
    await this.backend.close()
    return new Office(this.folder, await this.#reopen(), this.#reopen)
  }

  get context() {
    return this.backend.context
  }

  async close(): Promise<void> {
    await this.backend.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  async write(rows: Iterable<RegisterInput>, name = 'quote.xlsx'): Promise<FileToken> {
    const writer = await this.context.files.create(name, 'application/octet-stream')
    for await (const chunk of writeRegister(rows, this.context.clock.now())) await writer.write(chunk)
    return writer.commit()
  }

  options(signal?: AbortSignal): { context: ServiceContext; signal?: AbortSignal } {
    return signal ? { context: this.context, signal } : { context: this.context }
  }

  async read(token: FileToken, signal?: AbortSignal) {
    return outcome(await call(registerImport.read, { token }, this.options(signal)))
  }

  async confirm(id: Id<'registerImport'>, goodOnly = false, signal?: AbortSignal) {
    return outcome(await call(registerImport.confirm, { id, goodOnly }, this.options(signal)))
  }

  /** Rows of a register straight into the books. */
  async raise(rows: Iterable<RegisterInput>) {
    const { id } = await this.read(await this.write(rows))
    return { id, ...(await this.confirm(id)) }
  }

  async generate(more: GenerationChoice = {}) {
    return outcome(await call(debtPosition.generate, generation(more), { context: this.context }))
  }

  async positions(filters: Record<string, unknown> = {}) {
    return call(debtPosition.list, { filters, limit: 500 } as never, { context: this.context })
  }

  async accertamenti(filters: Record<string, unknown> = {}) {
    const input = { filters: { exercise: YEAR, ...filters }, limit: 500 } as never
    return call(accertamento.list, input, { context: this.context })
  }

  async bytes(file: FileResult | { token: FileToken }): Promise<Uint8Array> {
    return (await this.context.files.open(file.token)).bytes()
  }
}

export interface GenerationChoice {
  readonly groupByPerson?: boolean
  readonly excluded?: number[]
  readonly search?: string
  /** Of what has none of its own. */
  readonly dueDate?: string
  readonly validUntil?: string
  readonly installments?: {
    readonly count: number
    readonly withSingle: boolean
    readonly firstDue: string
    readonly everyMonths: number
  }
}

export function generation(more: GenerationChoice = {}) {
  return {
    filters: { exercise: YEAR },
    search: more.search ?? '',
    excluded: more.excluded ?? [],
    parameters: {
      description: 'Quote 2026',
      dueDate: more.dueDate ?? '2026-03-31',
      validUntil: more.validUntil ?? '2026-12-31',
      groupByPerson: more.groupByPerson ?? false,
      groupDescription: 'Quote e diritti',
      installments: more.installments ?? null,
    },
  } as never
}

/** An office on its first day, institution and standard chart in place, exercise 2026 open. */
export async function openOffice(clock: Clock = new FakeClock(), target?: LedgerTarget): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-office-'))
  const options = { folder, clock, random: seededRandom(7), fileSecretsOnly: true }
  const reopen = async () => {
    const backend = await openBackend(target === undefined ? options : { ...options, target })
    // What the wire hides behind a call id must be legible in a failing test.
    const log: Log = { ...backend.context.log, error: (event, fields) => console.error(event, fields) }
    return { ...backend, context: { ...backend.context, log } }
  }
  const backend = await reopen()
  const at = clock.now()
  await backend.context.ledger.write({ command: 'test.setUp', operator: 'prova', payload: {}, at }, async (db) => {
    await saveInstitution(db, REHEARSAL_INSTITUTION, isoDate(`${YEAR}-01-01`))
    await insertExercise(db, YEAR, 'open')
    const bankAccountId = await insertBankAccount(db, {
      iban: 'IT66S0999912100000000012345' as Iban,
      postalAccount: null,
      kind: 'bank',
      name: 'Banca di prova',
      openingDate: isoDate(`${YEAR}-01-01`),
      openingCents: cents(0),
      closedDate: null,
    })
    const ids = new Map<string, Id<'capitolo'>>()
    for (const capitolo of STANDARD_CAPITOLI) {
      ids.set(capitolo.code, await saveCapitolo(db, { id: null, forecastCents: null, ...capitolo }, YEAR))
    }
    for (const { capitolo, ...service } of STANDARD_SERVICE_TYPES) {
      const capitoloId = ids.get(capitolo) as Id<'capitolo'>
      await saveServiceType(db, { id: null, capitoloId, bankAccountId, active: true, ...service })
    }
  })
  return new Office(folder, backend, reopen)
}

/** Runs long work to its end. */
export async function outcome<T>(
  stream: { next(): Promise<IteratorResult<Progress, T>> },
  onBeat?: (beat: Progress) => void,
): Promise<T> {
  while (true) {
    const step = await stream.next()
    if (step.done) return step.value
    onBeat?.(step.value)
  }
}

/** Valid code of an invented person: letters and day vary with `n` (0–99 999). */
export function inventedCode(n: number): FiscalCode {
  const letters = 'BCDFGHLMNP'
  const digit = (k: number) => letters[Math.floor(n / 10 ** k) % 10]
  const first = `${digit(4)}${digit(3)}${digit(2)}${digit(1)}${digit(0)}Z80A01H501`
  return `${first}${personCheckLetter(first)}` as FiscalCode
}

export function member(n: number, more: Partial<RegisterInput> = {}): RegisterInput {
  return {
    fiscalCode: inventedCode(n),
    vatNumber: null,
    name: `D’Albarosa ${String(n).padStart(5, '0')} Zita`,
    category: 'professionista',
    alboNumber: `A${n}`,
    address: {
      street: 'Via dei Platani',
      civicNumber: String(n + 1),
      postalCode: '09124',
      city: 'Cagliari',
      province: 'CA',
      country: 'IT',
    },
    email: `socio${n}@example.it`,
    pec: null,
    service: 'Quota annuale',
    competenceYear: YEAR,
    causale: 'Quota di iscrizione 2026',
    amountCents: cents(21_500 + (n % 7) * 100),
    dueDate: isoDate('2026-03-31'),
    capitolo: null,
    externalReference: null,
    ...more,
  }
}

export function* members(count: number, more: Partial<RegisterInput> = {}): Generator<RegisterInput> {
  for (let n = 0; n < count; n += 1) yield member(n, more)
}
