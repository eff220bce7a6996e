import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import { ProblemError, problem } from '#domain/problem'
import { type ImportFileSource, rememberFiles } from '#ledger/import-file'
import type { ReadHandle } from '#ledger/ledger'
import { listMovements } from '#ledger/movement-list'
import { keepProfile, listProfiles } from '#ledger/statement-profile'
import { rememberMapping } from '#ledger/statement-store'
import type { ServiceContext } from './context.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'
import { isKnown, keepDelivery, keptBefore, matchedAmong, refuse } from './statement-keep.ts'
import type { MovementNews } from './statement-overlap.ts'
import { headingsOf } from './statement-profile.ts'
import {
  type CheckedDelivery,
  type CheckedRow,
  checkDelivery,
  type StatementChoice,
  type StatementFile,
} from './statement-read.ts'

export interface StatementArrival {
  /** One file, or all the pages of one delivery. */
  readonly files: readonly StatementFile[]
  readonly choice: StatementChoice
  readonly source: ImportFileSource
  /** Name under which the mapping of the choice is kept for files of such headings. */
  readonly saveAs: string | null
}

/**
 * Keeps a statement in one write, reconciled: all its accounts and pages enter or nothing does. The very same files again
 * write nothing at all, not even in the journal.
 * @param judge may refuse what was read, before anything is written and again under the lock
 * @throws ProblemError of the errors that were found
 */
export async function loadStatement(
  ctx: ServiceContext,
  { files, choice, source, saveAs }: StatementArrival,
  judge: (checked: CheckedDelivery) => void = refuse,
) {
  const at = ctx.clock.now()
  const { operator } = ctx
  const check = async (db: ReadHandle) => {
    const checked = await checkDelivery(db, files, choice, romeDate(at))
    judge(checked)
    return checked
  }
  const known = await ctx.ledger.read(async (db) => {
    const checked = await check(db)
    return isKnown(checked) ? keptBefore(checked) : null
  })
  if (known !== null) return known
  const [file] = files
  const payload = {
    ...{ file: file?.name ?? '', sha256: file?.sha256 ?? '', bankAccountId: choice.bankAccountId },
    ...(files.length > 1 ? { pages: files.length } : {}),
  }
  return ctx.ledger.write({ command: 'bankStatement.confirm', operator, payload, at }, async (db) => {
    const checked = await check(db)
    const statementIds = await keepDelivery(db, checked, at, operator)
    await rememberFiles(
      db,
      files.map(({ name, sha256, bytes }) => ({
        ...{ kind: 'statement' as const, name, sha256, size: bytes.length, source },
        ...{ outcome: 'added', problems: [] },
      })),
      at,
      operator,
    )
    if (choice.mapping !== null) {
      await rememberMapping(db, choice.bankAccountId, choice.mapping)
      if (saveAs !== null) {
        const headings = headingsOf(checked.head, choice.mapping)
        const other = (await listProfiles(db)).find((p) => p.name === saveAs)
        // The same files may be described better; another bank's format is not overwritten.
        if (other && other.headings.join('|') !== headings.join('|')) {
          throw new ProblemError(problem('PROFILE_NAME_TAKEN', { name: saveAs }))
        }
        await keepProfile(db, { name: saveAs, mapping: choice.mapping, headings })
      }
    }
    const reconciled = await reconcileLedger(db, at, NO_PEOPLE)
    const own = new Set<number>()
    for (const statementId of statementIds) {
      for (const m of await listMovements(db, { statementId })) own.add(m.id)
    }
    return {
      statementId: statementIds[0] as Id<'bankStatement'>,
      statementIds,
      added: withNews(checked, 'new').length,
      already: withNews(checked, 'already').length,
      pending: withNews(checked, 'changed', 'possibleDuplicate').length,
      provvisori: numbersOf(checked).length,
      executed: checked.treasurer.executed.length,
      matched: matchedAmong(reconciled, own),
    }
  })
}

export function withNews(checked: CheckedDelivery, ...news: readonly MovementNews[]): CheckedRow[] {
  return checked.statements.flatMap((s) => s.rows.filter((r) => news.includes(r.news)))
}

/** Numbers that are written at once; those of rows that wait go with the rows. */
export function numbersOf(checked: CheckedDelivery): CheckedRow[] {
  return withNews(checked, 'new', 'already').filter((r) => r.provvisorio !== null)
}
