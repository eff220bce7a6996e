import { createHash } from 'node:crypto'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import type { StatementHead, StatementMapping, StatementMovement, StatementReading } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { fingerprintTexts } from '#domain/movement-fingerprint'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { accountKey, type KnownMovement, knownMovements, rememberedMapping } from '#ledger/statement-store'
import type { ServiceContext } from './context.ts'

const MAX_STATEMENT_BYTES = 50 * 1024 * 1024

export type MovementNews = 'new' | 'already' | 'changed'

export interface StatementFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
}

export interface CheckedStatement {
  readonly head: StatementHead | null
  readonly reading: StatementReading
  /** The mapping that was used; null when the layout was recognised. */
  readonly mapping: StatementMapping | null
  readonly remembered: boolean
  /** By index of the movement. */
  readonly fingerprints: readonly string[]
  readonly news: readonly MovementNews[]
  readonly from: IsoDate | null
  readonly to: IsoDate | null
}

export async function openStatement(ctx: ServiceContext, token: FileToken): Promise<StatementFile> {
  const file = await ctx.files.open(token)
  if (file.size > MAX_STATEMENT_BYTES) {
    const size = `${Math.ceil(file.size / 1024 / 1024)} MB`
    throw new ProblemError(problem('FILE_TOO_LARGE', { size, limit: '50 MB' }, { file: file.name }))
  }
  const bytes = await file.bytes()
  return { name: file.name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * Reads a statement for an account and compares it with what the account already has. A recognised layout reads
 * itself; else the mapping given, else the one remembered for the account (when it still fits), else the proposed one.
 */
export async function checkStatement(
  db: ReadHandle,
  file: StatementFile,
  bankAccountId: Id<'bankAccount'>,
  given: StatementMapping | null,
): Promise<CheckedStatement> {
  const key = await accountKey(db, bankAccountId)
  if (key === null) throw new ProblemError(problem('ACCOUNT_UNKNOWN', { id: bankAccountId }))
  const headResult = await readStatementHead(file.bytes, 30)
  const head = headResult.ok ? headResult.value : null
  const { reading, mapping, remembered } = await chooseReading(db, file, bankAccountId, given, head)
  const problems = reading.problems.map((p): Problem => ({ ...p, file: file.name }))
  const movements = reading.movements
  const texts = fingerprintTexts(
    key,
    movements.map((m) => ({ ...m, cents: m.amountCents, bankReference: m.reference })),
  )
  const fingerprints = texts.map((text) => createHash('sha256').update(text).digest('hex'))
  const days = movements.map((m) => m.bookingDate).sort()
  const from = days[0] ?? null
  const to = days.at(-1) ?? null
  const known = from && to ? await knownMovements(db, bankAccountId, from, to) : []
  return {
    head,
    reading: { ...reading, problems },
    mapping,
    remembered,
    fingerprints,
    news: tellNews(movements, fingerprints, known, reading.profile),
    from,
    to,
  }
}

async function chooseReading(
  db: ReadHandle,
  file: StatementFile,
  bankAccountId: Id<'bankAccount'>,
  given: StatementMapping | null,
  head: StatementHead | null,
): Promise<Pick<CheckedStatement, 'reading' | 'mapping' | 'remembered'>> {
  if (given !== null) return { reading: await readStatement(file.bytes, given), mapping: given, remembered: false }
  if (head?.profile != null) return { reading: await readStatement(file.bytes), mapping: null, remembered: false }
  const remembered = await rememberedMapping(db, bankAccountId)
  if (remembered) {
    const reading = await readStatement(file.bytes, remembered)
    if (reading.problems.every((p) => p.severity !== 'error')) return { reading, mapping: remembered, remembered: true }
  }
  return { reading: await readStatement(file.bytes), mapping: head?.proposal ?? null, remembered: false }
}

/**
 * New, already there, or changed: same day, amount and bank reference under another text, or the same day and amount
 * seen in a file of another layout. What changed is shown and not stored (DOMAIN.md §1).
 */
export function tellNews(
  movements: readonly StatementMovement[],
  fingerprints: readonly string[],
  known: readonly KnownMovement[],
  profile: string,
): MovementNews[] {
  const inFile = new Set(fingerprints)
  const knownPrints = new Set(known.map((k) => k.fingerprint))
  const byReference = new Map<string, number>()
  const byAmount = new Map<string, number>()
  for (const k of known) {
    if (inFile.has(k.fingerprint)) continue
    if (k.profile !== null && k.profile !== profile) count(byAmount, `${k.bookingDate}|${k.cents}`, 1)
    else if (k.bankReference !== null) count(byReference, `${k.bookingDate}|${k.cents}|${k.bankReference}`, 1)
  }
  return movements.map((m, index) => {
    if (knownPrints.has(fingerprints[index] as string)) return 'already'
    if (m.reference !== null && count(byReference, `${m.bookingDate}|${m.amountCents}|${m.reference}`, -1))
      return 'changed'
    return count(byAmount, `${m.bookingDate}|${m.amountCents}`, -1) ? 'changed' : 'new'
  })
}

/** Adds to a counter; takes from it only what is there, and says whether it did. */
function count(counters: Map<string, number>, key: string, step: 1 | -1): boolean {
  const now = counters.get(key) ?? 0
  if (step < 0 && now === 0) return false
  counters.set(key, now + step)
  return true
}
