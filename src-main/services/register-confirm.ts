import type { Id } from '#domain/brand'
import { formatDate, romeDate } from '#domain/date'
import { ZERO } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { readShown } from '#ledger/import-difference'
import type { WriteHandle } from '#ledger/ledger'
import {
  findImport,
  linkRaisedRows,
  listSpeakingRows,
  type RegisterImportRow,
  type SpeakingRow,
  setImportState,
} from '#ledger/register-import'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { pause, type Report } from './long-work.ts'
import { raisePeople, StaleDifferences } from './people-raise.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { forgetFixes } from './register-carry.ts'
import {
  doubleOf,
  isDue,
  judgeDue,
  type RegisterBooks,
  type RegisterLine,
  readRegisterBooks,
} from './register-check.ts'
import { refreshDifferences } from './register-differences.ts'
import { type RowToRaise, raiseRows } from './register-raise.ts'
import { placeIn } from './register-reading.ts'
import { type FileFacts, importSource, MAX_PROBLEMS, needPending, readFacts } from './register-summary.ts'

/**
 * Puts a pending import into the books: people added, known ones updated as chosen, an accertamento for each quota, in
 * one write. @throws ProblemError for errors unless `goodOnly`, for a file already in, for one that brings nothing, for
 * people who are not any more as they were shown: then what is shown is brought up to date.
 */
export async function confirmImport(
  context: ServiceContext,
  id: Id<'registerImport'>,
  goodOnly: boolean,
  report: Report,
) {
  try {
    return await enter(context, id, goodOnly, report)
  } catch (error) {
    if (!(error instanceof StaleDifferences)) throw error
    const { codes } = error
    const people = codes.length
    const name = await context.ledger.write(command(context, 'registerImport.compare', { id, people }), async (db) => {
      const { fileName } = await needPending(db, id)
      await refreshDifferences(db, id, codes)
      return fileName
    })
    throw new ProblemError(problem('IMPORT_PEOPLE_CHANGED', { name, people }))
  }
}

async function enter(context: ServiceContext, id: Id<'registerImport'>, goodOnly: boolean, report: Report) {
  const day = today(context)
  return context.ledger.write(command(context, 'registerImport.confirm', { id, goodOnly }), async (db) => {
    const head = await needPending(db, id)
    if (head.errorCount > 0 && !goodOnly) {
      throw new ProblemError(problem('IMPORT_HAS_ERRORS', { errors: head.errorCount, name: head.fileName }))
    }
    await refuseTwin(db, head)
    report('Ricontrollo le righe', 0, head.rowCount)
    const books = await readRegisterBooks(db, day)
    const facts = await readFacts(db, id)
    const stored = await listSpeakingRows(db, id, null)
    const { lines, raising, bare, wrong } = await rejudge(stored, facts, books, head, report)
    if (wrong.length > 0 && !goodOnly) throw new ProblemError(...wrong.slice(0, MAX_PROBLEMS))
    const shown = await readShown(db, id, null)
    const source = importSource(head.fileName)
    const people = await raisePeople(
      db,
      { importId: id, rows: lines, people: books.people, shown, today: day, source },
      report,
    )
    if (raising.length + people.created + people.updated === 0) {
      throw new ProblemError(problem('IMPORT_NOTHING_TO_RAISE', { name: head.fileName }))
    }
    const raised = await raiseRows(db, raising, people.ids, day, report)
    await linkRaisedRows(db, id, bare)
    await forgetFixes(db, id)
    const at = context.clock.now()
    await setImportState(db, id, 'confirmed', {
      confirmedAt: at,
      confirmedBy: context.operator,
      createdPeople: people.created,
      createdContacts: people.contacts,
      createdAlboEntries: people.alboEntries,
      updatedPeople: people.updated,
    })
    report('Registro gli accertamenti', raising.length, raising.length)
    await reconcileDebts(db, at)
    const out = head.purpose === 'people' ? lines.length : (raised?.count ?? 0)
    return {
      accertamenti: { count: raised?.count ?? 0, cents: raised?.cents ?? ZERO },
      exercise: raised?.exercise ?? null,
      firstNumber: raised?.firstNumber ?? 0,
      lastNumber: raised?.lastNumber ?? 0,
      people: people.created,
      updatedPeople: people.updated,
      leftOut: head.rowCount - out,
    }
  })
}

async function refuseTwin(db: WriteHandle, head: RegisterImportRow): Promise<void> {
  const twin = await findImport(db, head, 'confirmed')
  if (twin === null) return
  const date = formatDate(romeDate(twin.at))
  throw new ProblemError(problem('REGISTER_ALREADY_IMPORTED', { name: twin.fileName, date }))
}

interface Rejudged {
  /** What the rows say of people, in the order of the file. */
  readonly lines: readonly RegisterLine[]
  readonly raising: readonly RowToRaise[]
  /** Rows that give up their reference: another standing one has it. */
  readonly bare: readonly Id<'importRow'>[]
  readonly wrong: readonly Problem[]
}

/** What may be raised now: judged again, because the books may have changed since the file was read. */
async function rejudge(
  stored: readonly SpeakingRow[],
  facts: FileFacts,
  books: RegisterBooks,
  head: RegisterImportRow,
  report: Report,
): Promise<Rejudged> {
  const lines: RegisterLine[] = []
  const raising: RowToRaise[] = []
  const bare: Id<'importRow'>[] = []
  const wrong: Problem[] = []
  const seen = new Map<string, number>()
  for (const [index, item] of stored.entries()) {
    if (index % 2000 === 1999) {
      report('Ricontrollo le righe', index, stored.length)
      await pause()
    }
    const row = JSON.parse(item.parsedJson) as RegisterLine
    if (head.purpose === 'people' || !isDue(row)) {
      lines.push(row)
      continue
    }
    const place = placeIn(facts.columns, item.sheet, item.rowNumber)
    const { raisable, status, problems } = judgeDue(row, books, place)
    if (raisable === null) {
      wrong.push(...problems)
      continue
    }
    lines.push(row)
    const reference = row.externalReference
    if ((status === 'already' && item.ticked === 0) || (item.status === 'already' && item.ticked === 0)) continue
    const twin = doubleOf(row, raisable, seen, place)
    if (twin !== null) {
      wrong.push(twin)
      continue
    }
    const taken = reference !== null && books.known.byReference.has(reference)
    if (taken) bare.push(item.id)
    raising.push({ ...raisable, importRowId: item.id, row, reference: taken ? null : reference })
  }
  return { lines, raising, bare, wrong }
}
