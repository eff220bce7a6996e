import { createHash } from 'node:crypto'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import type { StatementHead, StatementMapping, StatementMovement, StatementReading } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate, yearOf } from '#domain/date'
import { add, type Cents, formatCents, subtract, sum } from '#domain/money'
import { fingerprintTexts } from '#domain/movement-fingerprint'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { pendingByPrint } from '#ledger/pending-movement'
import {
  accountKey,
  balanceBefore,
  exerciseYears,
  knownMovements,
  rememberedMapping,
  type StatementAccountRow,
  statementAccounts,
  statementsBySha,
  takenProvvisori,
} from '#ledger/statement-store'
import type { ServiceContext } from './context.ts'
import { type AccountChoice, type FileAccount, resolveAccounts } from './statement-accounts.ts'
import { type MovementNews, tellNews } from './statement-overlap.ts'
import { recognisedProfile } from './statement-profile.ts'
import { type TreasurerFacts, treasurerFacts } from './treasurer-outcomes.ts'

const MAX_STATEMENT_BYTES = 50 * 1024 * 1024

export interface StatementFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
}

export interface StatementChoice {
  /** The account that the person chose: of files that name none. */
  readonly bankAccountId: Id<'bankAccount'>
  readonly mapping: StatementMapping | null
  readonly accounts: AccountChoice
}

export interface CheckedRow {
  readonly movement: StatementMovement
  readonly bankAccountId: Id<'bankAccount'>
  readonly fingerprint: string
  readonly news: MovementNews
  /** The movement that it is, or may be. */
  readonly knownId: Id<'bankMovement'> | null
  /** Treasurer's number that it brings and that can be written. */
  readonly provvisorio: { readonly exercise: number; readonly number: number } | null
}

/** One account of one file, as it will be kept. */
export interface CheckedStatement {
  readonly account: StatementAccountRow
  readonly file: StatementFile
  /** Of the file and of its account. */
  readonly sha256: string
  /** The statement kept of it already. */
  readonly known: Id<'bankStatement'> | null
  readonly profile: string
  /** Days of its movements, and those that the bank says to cover. */
  readonly from: IsoDate | null
  readonly to: IsoDate | null
  readonly periodFrom: IsoDate | null
  readonly periodTo: IsoDate | null
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
  readonly rows: readonly CheckedRow[]
}

export interface CheckedDelivery {
  readonly head: StatementHead | null
  readonly profile: string
  /** The mapping that was used; null when the layout was recognised. */
  readonly mapping: StatementMapping | null
  /** It was remembered for the account. */
  readonly remembered: boolean
  /** Name of the format that a person once gave to such files. */
  readonly named: string | null
  readonly accounts: readonly FileAccount[]
  /** Movements of each account that the file names, by its key. */
  readonly counts: ReadonlyMap<string, number>
  readonly statements: readonly CheckedStatement[]
  /** All movements read, of accounts left out too. */
  readonly movements: readonly StatementMovement[]
  readonly treasurer: TreasurerFacts
  readonly pages: { readonly have: readonly number[]; readonly pages: number | null } | null
  readonly problems: readonly Problem[]
}

export async function openStatement(ctx: ServiceContext, token: FileToken): Promise<StatementFile> {
  const file = await ctx.files.open(token)
  if (file.size > MAX_STATEMENT_BYTES) {
    const size = `${Math.ceil(file.size / 1024 / 1024)} MB`
    throw new ProblemError(problem('FILE_TOO_LARGE', { size, limit: '50 MB' }, { file: file.name }))
  }
  const bytes = await file.bytes()
  return { name: file.name, bytes, sha256: hashOf(bytes) }
}

/**
 * Reads a statement, or all the files of a delivery in pages, and compares it with what its accounts already have. A
 * recognised layout reads itself; else the mapping given, else the one remembered for the account or for files of such
 * headings (when it still fits), else the proposed one.
 */
export async function checkDelivery(
  db: ReadHandle,
  files: readonly StatementFile[],
  choice: StatementChoice,
  today: IsoDate,
): Promise<CheckedDelivery> {
  const first = files[0] as StatementFile
  const headResult = await readStatementHead(first.bytes, 30)
  const head = headResult.ok ? headResult.value : null
  const chosen = await chooseReading(db, first, choice, head)
  const rest = await Promise.all(files.slice(1).map((file) => readStatement(file.bytes)))
  const read = [chosen.reading, ...rest].map((reading, i) => ({ reading, file: files[i] as StatementFile }))
  const { sorted, pages, problems: pageProblems } = inPages(read)
  const resolved = resolveAccounts(
    sorted.map((r) => r.reading),
    await statementAccounts(db),
    choice.bankAccountId,
    choice.accounts,
  )
  const problems: Problem[] = [
    ...pageProblems,
    // Files that do not belong together would be told accounts that nobody asked for.
    ...(pageProblems.some((p) => p.code === 'STATEMENT_FILES_MANY') ? [] : resolved.problems).map((p) => ({
      ...p,
      file: first.name,
    })),
    ...sorted.flatMap(({ reading, file }) =>
      [...reading.problems, ...unlikelyDays(reading.movements, today)].map((p) => ({ ...p, file: file.name })),
    ),
  ]
  const shas = new Map(
    (
      await statementsBySha(
        db,
        sorted.flatMap(({ file }) => shasOf(file, resolved.accounts)),
      )
    ).map((s) => [`${s.sha256}|${s.bankAccountId}`, s.id]),
  )
  const years = await exerciseYears(db)
  const statements: CheckedStatement[] = []
  for (const account of ownAccounts(resolved.accounts)) {
    const pieces = sorted.flatMap(({ reading, file }, index) => {
      const mine = new Set(
        (resolved.ofPart[index] ?? []).flatMap((a, part) => (a.ours?.id === account.id ? [part] : [])),
      )
      return mine.size === 0 ? [] : [{ file, reading, parts: reading.parts.filter((_, part) => mine.has(part)), mine }]
    })
    const movements = pieces.flatMap(({ reading, mine }) =>
      reading.movements.filter((m) => mine.has(m.part)).map((movement) => ({ movement, reading })),
    )
    const rows = await checkRows(db, account, movements, years, problems)
    let at = 0
    for (const { file, reading, parts, mine } of pieces) {
      const count = reading.movements.filter((m) => mine.has(m.part)).length
      const own = rows.slice(at, at + count)
      at += count
      const days = own.map((r) => r.movement.bookingDate).sort()
      const sha256 = partSha(file, account.id)
      statements.push({
        account,
        file,
        sha256,
        known: shas.get(`${sha256}|${account.id}`) ?? shas.get(`${file.sha256}|${account.id}`) ?? null,
        profile: reading.profile,
        from: days[0] ?? null,
        to: days.at(-1) ?? null,
        periodFrom: declared(parts, 'from', days[0] ?? null),
        periodTo: declared(parts, 'to', days.at(-1) ?? null),
        openingCents: parts[0]?.openingCents ?? null,
        closingCents: parts.at(-1)?.closingCents ?? null,
        rows: own,
      })
    }
    const follows = await checkContinuity(db, account, statements)
    if (follows) problems.push({ ...follows, file: first.name })
  }
  const counts = new Map<string, number>()
  for (const [index, { reading }] of sorted.entries()) {
    for (const { part } of reading.movements) {
      const key = resolved.ofPart[index]?.[part]?.key ?? ''
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  const treasurer = await treasurerFacts(
    db,
    sorted.flatMap(({ reading }) => reading.outcomes),
  )
  return {
    head,
    profile: chosen.reading.profile,
    mapping: chosen.mapping,
    remembered: chosen.remembered,
    named: chosen.named,
    accounts: resolved.accounts,
    counts,
    statements,
    movements: sorted.flatMap(({ reading }) => reading.movements),
    treasurer,
    pages,
    problems: [...problems, ...treasurer.problems.map((p) => ({ ...p, file: first.name }))],
  }
}

/** A year that no exercise can be comes of a mistaken column, and would reach the books. */
function unlikelyDays(movements: readonly StatementMovement[], today: IsoDate): Problem[] {
  return movements
    .filter(({ bookingDate }) => yearOf(bookingDate) < FIRST_YEAR || yearOf(bookingDate) > yearOf(today) + 1)
    .map(({ bookingDate, line }) =>
      problem('STATEMENT_DATE_UNLIKELY', { day: formatDate(bookingDate) }, { position: { line } }),
    )
}

const FIRST_YEAR = 1990

async function checkRows(
  db: ReadHandle,
  account: StatementAccountRow,
  read: readonly { readonly movement: StatementMovement; readonly reading: StatementReading }[],
  years: ReadonlySet<number>,
  problems: Problem[],
): Promise<CheckedRow[]> {
  const [profile, days] = [read[0]?.reading.profile ?? '', read.map((r) => r.movement.bookingDate).sort()]
  const [from, to] = [days[0], days.at(-1)]
  if (from === undefined || to === undefined) return []
  const texts = fingerprintTexts(
    accountKey(account),
    read.map(({ movement: m }) => ({ ...m, cents: m.amountCents, bankReference: m.reference })),
  )
  const rows = read.map(({ movement }, i) => ({
    ...{ movement, bookingDate: movement.bookingDate, cents: movement.amountCents, reference: movement.reference },
    fingerprint: hashOf(texts[i] as string),
  }))
  const known = await knownMovements(db, account.id, from, to)
  const news = tellNews(rows, known, await pendingByPrint(db, account.id, from, to), profile)
  const numbered = new Map(known.map((k) => [k.id as number, k.provvisorio]))
  const taken = new Map<number, Map<number, Id<'bankMovement'> | null>>()
  const out: CheckedRow[] = []
  for (const [i, { movement, fingerprint }] of rows.entries()) {
    const { news: state, knownId } = news[i] as (typeof news)[number]
    const base = { movement, bankAccountId: account.id, fingerprint, news: state, knownId }
    out.push({ ...base, provvisorio: await numberOf(base) })
  }
  return out

  async function numberOf(row: Omit<CheckedRow, 'provvisorio'>): Promise<CheckedRow['provvisorio']> {
    const { movement, news: state, knownId } = row
    // Debits are numbered by themselves by the treasurer, and are no business of the reversali.
    if (movement.provvisorio === null || movement.amountCents < 0) return null
    if (state === 'already' && knownId !== null && numbered.get(knownId) != null) return null
    const number = Number(movement.provvisorio)
    const year = Number(movement.bookingDate.slice(0, 4))
    if (!Number.isSafeInteger(number) || number < 1) return null
    const tell = (code: 'STATEMENT_PROVVISORIO_YEAR' | 'STATEMENT_PROVVISORIO_TAKEN') => {
      const params = { number: movement.provvisorio as string, year }
      problems.push(problem(code, params, { severity: 'warning', position: { line: movement.line } }))
      return null
    }
    if (!years.has(year)) return tell('STATEMENT_PROVVISORIO_YEAR')
    let ofYear = taken.get(year)
    if (!ofYear) {
      ofYear = new Map(await takenProvvisori(db, account.id, year))
      taken.set(year, ofYear)
    }
    const holder = ofYear.get(number)
    // A row that waits may turn out to be the very movement that has the number.
    if (holder !== undefined && (holder === null || holder !== knownId)) return tell('STATEMENT_PROVVISORIO_TAKEN')
    if (state === 'new' || state === 'already') ofYear.set(number, knownId)
    return { exercise: year, number }
  }
}

async function checkContinuity(
  db: ReadHandle,
  account: StatementAccountRow,
  statements: readonly CheckedStatement[],
): Promise<Problem | null> {
  const own = statements.filter((s) => s.account.id === account.id)
  const first = own[0]
  if (!first || first.openingCents === null || first.from === null || first.known !== null) return null
  const last = await balanceBefore(db, account.id, first.from)
  if (!last || last.closingCents === first.openingCents) return null
  const params = {
    account: account.name,
    closing: formatCents(last.closingCents),
    to: formatDate(last.to),
    opening: formatCents(first.openingCents),
    from: formatDate(first.from),
  }
  return problem('STATEMENT_NOT_FOLLOWING', params, { severity: 'warning' })
}

/** The widest of the days that the bank declares and those of the movements; null where it declares none. */
function declared(parts: StatementReading['parts'], end: 'from' | 'to', ofRows: IsoDate | null): IsoDate | null {
  const said = parts.map((p) => p[end] ?? null)
  if (said.some((d) => d === null)) return null
  const days = [...(said as IsoDate[]), ...(ofRows === null ? [] : [ofRows])].sort()
  return (end === 'from' ? days[0] : days.at(-1)) ?? null
}

interface ReadFile {
  readonly reading: StatementReading
  readonly file: StatementFile
}

/** The pages of one delivery in their order; anything that is not all of them, once each, is a problem. */
function inPages(read: readonly ReadFile[]): {
  readonly sorted: readonly ReadFile[]
  readonly pages: CheckedDelivery['pages']
  readonly problems: readonly Problem[]
} {
  const of = read[0]?.reading.pages ?? null
  const problems: Problem[] = []
  for (const { reading, file } of read.slice(1)) {
    const totals = [of?.pages ?? null, reading.pages?.pages ?? null]
    if (of !== null && reading.pages?.key === of.key && (totals.includes(null) || totals[0] === totals[1])) continue
    problems.push(problem('STATEMENT_FILES_MANY', { name: file.name }, { file: file.name }))
  }
  if (of === null || problems.length > 0) return { sorted: read, pages: null, problems }
  const page = (r: ReadFile) => r.reading.pages?.page ?? 0
  const sorted = read.toSorted((a, b) => page(a) - page(b))
  for (const [i, one] of sorted.entries()) {
    const before = sorted[i - 1]
    if (before && page(before) === page(one)) {
      problems.push(problem('STATEMENT_PAGE_TWICE', { page: page(one), name: one.file.name }))
    }
  }
  const have = [...new Set(sorted.map(page))]
  const pages = sorted.map((r) => r.reading.pages?.pages ?? null).find((n) => n !== null) ?? null
  const last = pages ?? Math.max(...have)
  const missing = Array.from({ length: last }, (_, i) => i + 1).filter((n) => !have.includes(n))
  if (pages === null) {
    const without = missing.length === 0 ? '' : missing.join(', ')
    problems.push(problem('STATEMENT_PAGES_OPEN', { have: have.join(', '), missing: without }))
  } else if (missing.length > 0) {
    problems.push(problem('STATEMENT_PAGES_MISSING', { have: have.join(', '), pages, missing: missing.join(', ') }))
  } else if (problems.length === 0) problems.push(...checkAcross(sorted.map((r) => r.reading)))
  return { sorted, pages: { have, pages }, problems }
}

/** Of accounts that open on one page and close on another: what stands between the two balances must make the difference. */
function checkAcross(readings: readonly StatementReading[]): Problem[] {
  const parts = readings.flatMap((reading) =>
    reading.parts.map((part, index) => ({
      ...part,
      cents: sum(reading.movements.filter((m) => m.part === index).map((m) => m.amountCents)),
    })),
  )
  return [...Map.groupBy(parts, (p) => p.account?.text ?? '').values()].flatMap((of) => {
    const [opening, closing] = [of[0]?.openingCents ?? null, of.at(-1)?.closingCents ?? null]
    const inner = [...of.slice(0, -1).map((p) => p.closingCents), ...of.slice(1).map((p) => p.openingCents)]
    if (of.length < 2 || opening === null || closing === null || inner.some((b) => b !== null)) return []
    const total = sum(of.map((p) => p.cents))
    const difference = subtract(closing, add(opening, total))
    if (difference === 0) return []
    const [o, t, c, d] = [opening, total, closing, difference].map(formatCents) as [string, string, string, string]
    return [problem('STATEMENT_BALANCE_DIFFERS', { opening: o, sum: t, closing: c, difference: d })]
  })
}

async function chooseReading(
  db: ReadHandle,
  file: StatementFile,
  { bankAccountId, mapping: given }: StatementChoice,
  head: StatementHead | null,
): Promise<Pick<CheckedDelivery, 'mapping' | 'remembered' | 'named'> & { readonly reading: StatementReading }> {
  const plain = { remembered: false, named: null }
  if (given !== null) return { ...plain, reading: await readStatement(file.bytes, given), mapping: given }
  if (head?.profile != null) return { ...plain, reading: await readStatement(file.bytes), mapping: null }
  const named = head ? await recognisedProfile(db, head) : null
  const remembered = await rememberedMapping(db, bankAccountId)
  for (const [mapping, name] of [
    [remembered, null],
    [named?.mapping ?? null, named?.name ?? null],
  ] as const) {
    if (mapping === null) continue
    const reading = await readStatement(file.bytes, mapping)
    if (reading.problems.some((p) => p.severity === 'error')) continue
    return { reading, mapping, remembered: name === null, named: name }
  }
  return { ...plain, reading: await readStatement(file.bytes), mapping: head?.proposal ?? null }
}

function ownAccounts(accounts: readonly FileAccount[]): StatementAccountRow[] {
  return [...new Map(accounts.flatMap((a) => (a.ours ? [[a.ours.id as number, a.ours] as const] : []))).values()]
}

/** A file tells of an account once; of another one it may tell something else (DOMAIN.md §4). */
function partSha(file: StatementFile, bankAccountId: Id<'bankAccount'>): string {
  return hashOf(`${file.sha256}/${bankAccountId}`)
}

function shasOf(file: StatementFile, accounts: readonly FileAccount[]): string[] {
  return [file.sha256, ...ownAccounts(accounts).map((a) => partSha(file, a.id))]
}

function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
