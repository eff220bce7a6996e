import { readStatement } from '#codecs/statement-read'
import type { StatementReading } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { type StatementAccountRow, statementAccounts } from '#ledger/statement-store'
import type { WatchedFolderRow } from '#ledger/watched-folder'
import type { ServiceContext } from './context.ts'
import { refuse } from './statement-keep.ts'
import { loadStatement } from './statement-load.ts'
import type { CheckedDelivery, StatementFile } from './statement-read.ts'

/** What became of one statement of a folder. */
export interface WatchedOutcome {
  readonly file: StatementFile
  readonly outcome: 'added' | 'already' | 'waiting'
  /** Why it waits. */
  readonly problems: readonly Problem[]
}

/** What a file may say without leaving a doubt: rows that are no money, or that the file itself repeats. */
const HARMLESS: ReadonlySet<string> = new Set([
  'STATEMENT_PENDING',
  'STATEMENT_AMOUNT_ZERO',
  'STATEMENT_PART_REPEATED',
  'STATEMENT_ROWS_LEFT',
])

/** Reasons that another file may take away. */
const FOR_OTHERS: ReadonlySet<string> = new Set([
  'STATEMENT_PAGES_MISSING',
  'STATEMENT_PAGES_OPEN',
  'STATEMENT_NOT_FOLLOWING',
  'STATEMENT_EXECUTED_UNKNOWN',
])

export function waitsForOthers(problems: readonly Problem[]): boolean {
  return problems.some((p) => FOR_OTHERS.has(p.code))
}

interface Delivery {
  readonly files: readonly StatementFile[]
  readonly readings: readonly StatementReading[]
}

/**
 * Loads, without a person, those of these statements whose account is known and which raise no doubt at all: one after
 * the other by their days, the pages of a delivery together. The others stay, with what is said against them.
 */
export async function takeStatements(
  ctx: ServiceContext,
  folder: WatchedFolderRow,
  files: readonly StatementFile[],
): Promise<WatchedOutcome[]> {
  const accounts = await ctx.ledger.read(statementAccounts)
  const outcomes: WatchedOutcome[] = []
  for (const { files: of, readings } of await deliveries(files)) {
    const account = accountOf(readings, accounts, folder.bankAccountId)
    const told =
      typeof account === 'number' ? await load(ctx, of, account) : { outcome: 'waiting' as const, problems: [account] }
    outcomes.push(...of.map((file) => ({ file, ...told })))
  }
  return outcomes
}

async function load(
  ctx: ServiceContext,
  files: readonly StatementFile[],
  bankAccountId: Id<'bankAccount'>,
): Promise<Omit<WatchedOutcome, 'file'>> {
  const choice = { bankAccountId, mapping: null, accounts: {} }
  try {
    const kept = await loadStatement(ctx, { files, choice, source: 'folder', saveAs: null }, refuseDoubts)
    const news = kept.added + kept.pending + kept.provvisori + kept.executed
    return { outcome: news > 0 ? 'added' : 'already', problems: [] }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { outcome: 'waiting', problems: error.problems }
  }
}

/** @throws ProblemError of anything over which a person would stop. */
function refuseDoubts(checked: CheckedDelivery): void {
  refuse(checked)
  const doubts = checked.problems.filter((p) => !HARMLESS.has(p.code))
  if (doubts.length > 0) throw new ProblemError(...doubts)
}

/** Files by themselves, pages of one delivery together; in the order of their first days. */
async function deliveries(files: readonly StatementFile[]): Promise<Delivery[]> {
  const groups = new Map<string, { files: StatementFile[]; readings: StatementReading[] }>()
  for (const [index, file] of files.entries()) {
    const reading = await readStatement(file.bytes)
    const key = reading.pages === null ? `file ${index}` : `pages ${reading.profile} ${reading.pages.key}`
    const group = groups.get(key) ?? { files: [], readings: [] }
    group.files.push(file)
    group.readings.push(reading)
    groups.set(key, group)
  }
  const firstDay = ({ readings }: Delivery) =>
    readings
      .flatMap((r) => r.movements.map((m) => m.bookingDate))
      .reduce((first, day) => (day < first ? day : first), '9999')
  return [...groups.values()].sort((a, b) => (firstDay(a) < firstDay(b) ? -1 : firstDay(a) > firstDay(b) ? 1 : 0))
}

/** The account by the IBAN in the file, or the only treasury account for what a treasurer wrote, or the folder's own. */
function accountOf(
  readings: readonly StatementReading[],
  ours: readonly StatementAccountRow[],
  bound: Id<'bankAccount'> | null,
): Id<'bankAccount'> | Problem {
  const ibans = new Set(readings.flatMap((r) => r.parts.flatMap((part) => part.account?.iban ?? [])))
  const own = ours.find((a) => a.iban !== null && ibans.has(a.iban))
  if (own) return own.id
  // With an account without IBAN, or another one, the check of the file itself says what is wrong.
  if (bound !== null) return bound
  const [other] = ibans
  if (other !== undefined) return problem('WATCHED_STATEMENT_OTHERS', { account: other })
  const treasury = ours.filter((a) => a.kind === 'treasury' && a.closedDate === null)
  const ofTreasurer = readings.every((r) => /^(?:opi-|tesoriere-)/.test(r.profile))
  return ofTreasurer && treasury.length === 1 && treasury[0]
    ? treasury[0].id
    : (readings.flatMap((r) => r.problems).find((p) => p.severity === 'error') ??
        problem('WATCHED_STATEMENT_ACCOUNT', {}))
}
