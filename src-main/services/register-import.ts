import { createHash } from 'node:crypto'
import { registerTemplate } from '#codecs/register-write'
import type { TableColumn } from '#codecs/table'
import { writeXlsx } from '#codecs/xlsx-write'
import { type Id, isId } from '#domain/brand'
import { formatDate, romeDate } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { type Cents, cents, sum, ZERO } from '#domain/money'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import { currentExercise, raisingDate } from '#domain/raising'
import type { RegisterRow } from '#domain/register-row'
import { insertVariations, listRaisedBy } from '#ledger/accertamento-raise'
import { listExercises } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import {
  clearLiveRows,
  deleteImport,
  findImport,
  insertImport,
  linkRaisedRows,
  listImportProblems,
  listImportRows,
  listImports,
  listRowsToRaise,
  type NewImportRow,
  type RegisterImportRow,
  readImport,
  readImportRow,
  type StatusSum,
  type StoredImportRow,
  setImportState,
  sumImportRows,
  sumRaised,
  tickImportRows,
  updateImportRow,
} from '#ledger/register-import'
import { readSetting, writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { longWork, pause, type Report } from './long-work.ts'
import { produceFile, today, XLSX_MIME } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { judgeRow, type RegisterBooks, readRegisterBooks } from './register-check.ts'
import { type RowToRaise, raiseRows } from './register-raise.ts'
import {
  cellsOf,
  placeIn,
  type ReadFile,
  type RegisterFileColumn,
  readRegisterFile,
  readRowAgain,
} from './register-reading.ts'

/** What the reader said of the file beside its rows; kept with the choices, because it is only for the screen. */
interface FileFacts {
  readonly sheet: string | null
  readonly columns: readonly RegisterFileColumn[]
  readonly problems: readonly Problem[]
}

const factsKey = (id: Id<'registerImport'>) => `registerImport.${id}.file`
const MAX_PROBLEMS = 500

async function readFacts(db: ReadHandle, id: Id<'registerImport'>): Promise<FileFacts> {
  const text = await readSetting(db, factsKey(id))
  return text === null ? { sheet: null, columns: [], problems: [] } : (JSON.parse(text) as FileFacts)
}

async function needImport(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow> {
  const found = await readImport(db, id)
  if (found === null) throw new ProblemError(problem('IMPORT_GONE', {}))
  return found
}

async function needPending(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow> {
  const found = await needImport(db, id)
  if (found.state !== 'pending') throw new ProblemError(problem('IMPORT_NOT_PENDING', { name: found.fileName }))
  return found
}

function amountOf(sums: readonly StatusSum[], pick: (s: StatusSum) => boolean): { count: number; cents: Cents } {
  const chosen = sums.filter(pick)
  return { count: chosen.reduce((n, s) => n + s.count, 0), cents: sum(chosen.map((s) => s.cents)) }
}

function headOut(head: RegisterImportRow, sums: readonly StatusSum[], raised: { count: number; cents: Cents }) {
  const gone = head.state === 'discarded'
  return {
    id: head.id,
    fileName: head.fileName,
    sha256: head.sha256,
    profile: head.profile,
    sheet: null as string | null,
    state: head.state,
    at: head.at,
    operator: head.operator,
    rows: head.rowCount,
    good: gone ? { count: head.goodCount, cents: ZERO } : amountOf(sums, (s) => s.status === 'good'),
    warning: gone ? { count: head.warningCount, cents: ZERO } : amountOf(sums, (s) => s.status === 'warning'),
    error: gone ? head.errorCount : amountOf(sums, (s) => s.status === 'error').count,
    already: gone ? head.alreadyCount : amountOf(sums, (s) => s.status === 'already').count,
    accertamenti:
      head.state === 'pending'
        ? amountOf(sums, (s) => s.status === 'good' || s.status === 'warning' || (s.status === 'already' && s.ticked))
        : raised,
  }
}

async function summaryOf(db: ReadHandle, id: Id<'registerImport'>) {
  const head = await needImport(db, id)
  const facts = await readFacts(db, id)
  const out = headOut(head, await sumImportRows(db, id), await sumRaised(db, id))
  const first: Problem[] = []
  let total = 0
  const take = (problems: readonly Problem[]) => {
    total += problems.length
    for (const p of problems) if (first.length < MAX_PROBLEMS) first.push({ ...p, file: head.fileName })
  }
  take(facts.problems)
  for (const text of await listImportProblems(db, id)) take(JSON.parse(text) as Problem[])
  return { ...out, sheet: facts.sheet, columns: [...facts.columns], problems: { first, total } }
}

function rowOut(row: StoredImportRow, columns: readonly RegisterFileColumn[]) {
  const parsed = row.parsedJson === null ? null : (JSON.parse(row.parsedJson) as RegisterRow)
  const cells = cellsOf(parsed, JSON.parse(row.rawJson) as Record<string, string>, columns)
  const text = (field: string) => {
    const letter = columns.find((c) => c.field === field)?.letter
    return letter === undefined ? null : (cells[letter] ?? null)
  }
  return {
    id: row.id,
    row: row.rowNumber,
    status: row.status,
    ticked: row.ticked === 1,
    cells,
    fiscalCode: parsed?.fiscalCode ?? text('fiscalCode'),
    name: parsed?.name ?? text('name'),
    category: parsed?.category ?? null,
    service: parsed?.service ?? text('service'),
    competenceYear: parsed?.competenceYear ?? null,
    causale: parsed?.causale ?? text('causale'),
    amountCents: parsed?.amountCents ?? null,
    dueDate: parsed?.dueDate ?? null,
    capitolo: parsed?.capitolo ?? text('capitolo'),
    problems: JSON.parse(row.problemsJson) as Problem[],
  }
}

/** Judges every row of a file against the books: what would be stored as pending. */
async function judgeFile(file: ReadFile, books: RegisterBooks, report: Report): Promise<NewImportRow[]> {
  const rows: NewImportRow[] = []
  for (const read of file.rows) {
    const place = placeIn(file.columns, read.sheet, read.rowNumber)
    const judged = read.row === null ? null : judgeRow(read.row, books, place, read.problems.length > 0)
    const problems = [...read.problems, ...(judged?.problems ?? [])]
    rows.push({
      sheet: read.sheet,
      rowNumber: read.rowNumber,
      rawJson: JSON.stringify(read.cells ?? {}),
      parsedJson: read.row === null ? null : JSON.stringify(read.row),
      externalReference: read.row?.externalReference ?? null,
      problemsJson: JSON.stringify(problems),
      status: judged?.status ?? 'error',
      cents: read.row?.amountCents ?? null,
      accertamentoId: null,
      ticked: 0,
      live: 0,
    })
    if (rows.length % 1000 === 0) {
      report('Confronto con i libri', rows.length, file.rows.length)
      await pause()
    }
  }
  return rows
}

const countOf = (rows: readonly NewImportRow[], status: string) => rows.filter((row) => row.status === status).length

/** Reads a register into pending rows: one transaction, so stopping half way leaves nothing. */
async function readIntoPending(
  context: ServiceContext,
  fileName: string,
  bytes: Uint8Array,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<Id<'registerImport'>> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const confirmed = await context.ledger.read((db) => findImport(db, sha256, 'confirmed'))
  if (confirmed !== null) return confirmed.id
  report('Leggo il registro', 0)
  const file = await readRegisterFile(bytes, report, signal)
  const books = await context.ledger.read((db) => readRegisterBooks(db, today(context)))
  const rows = await judgeFile(file, books, report)
  const at = context.clock.now()
  const head = {
    fileName,
    sha256,
    profile: file.profile,
    state: 'pending' as const,
    rowCount: rows.length,
    goodCount: countOf(rows, 'good'),
    errorCount: countOf(rows, 'error'),
    warningCount: countOf(rows, 'warning'),
    alreadyCount: countOf(rows, 'already'),
    totalCents: cents(rows.reduce((total, row) => total + (row.status === 'error' ? 0 : (row.cents ?? 0)), 0)),
    at,
    operator: context.operator,
  }
  const facts: FileFacts = { sheet: file.sheet, columns: file.columns, problems: file.problems }
  return context.ledger.write(
    command(context, 'registerImport.read', { fileName, sha256, rows: rows.length }),
    async (db) => {
      const before = await findImport(db, sha256, 'pending')
      if (before !== null) {
        await deleteImport(db, before.id)
        await writeSetting(db, factsKey(before.id), null)
      }
      const id = await insertImport(db, head, rows, (done) => report('Preparo le righe', done, rows.length))
      await writeSetting(db, factsKey(id), canonicalJson(JSON.parse(JSON.stringify(facts))))
      return id
    },
  )
}

/** What may be raised now: judged again, because the books may have changed since the file was read. */
async function rowsToRaise(
  db: ReadHandle,
  id: Id<'registerImport'>,
  books: RegisterBooks,
  report: Report,
): Promise<{ rows: RowToRaise[]; bare: Id<'importRow'>[]; wrong: Problem[]; leftOut: number }> {
  const facts = await readFacts(db, id)
  const stored = await listRowsToRaise(db, id)
  const rows: RowToRaise[] = []
  const bare: Id<'importRow'>[] = []
  const wrong: Problem[] = []
  const seen = new Set<string>()
  let leftOut = 0
  for (const [index, item] of stored.entries()) {
    if (index % 2000 === 1999) {
      report('Ricontrollo le righe', index, stored.length)
      await pause()
    }
    const row = JSON.parse(item.parsedJson as string) as RegisterRow
    const judged = judgeRow(row, books, placeIn(facts.columns, item.sheet, item.rowNumber), false)
    const ticked = item.ticked === 1
    const reference = row.externalReference
    const identity = reference === null ? (judged.raisable?.key ?? '') : `ref ${reference}`
    if (judged.raisable === null) wrong.push(...judged.problems.filter((p) => p.severity === 'error'))
    else if ((judged.status === 'already' && !ticked) || seen.has(identity)) leftOut += 1
    else {
      seen.add(identity)
      const taken = reference !== null && books.known.byReference.has(reference)
      if (taken) bare.push(item.id)
      rows.push({ ...judged.raisable, importRowId: item.id, row, reference: taken ? null : reference })
    }
  }
  return { rows, bare, wrong, leftOut }
}

async function confirmImport(context: ServiceContext, id: Id<'registerImport'>, goodOnly: boolean, report: Report) {
  const head = await context.ledger.read((db) => needPending(db, id))
  if (head.errorCount > 0 && !goodOnly) {
    throw new ProblemError(problem('IMPORT_HAS_ERRORS', { errors: head.errorCount, name: head.fileName }))
  }
  const day = today(context)
  return context.ledger.write(command(context, 'registerImport.confirm', { id, goodOnly }), async (db) => {
    await needPending(db, id)
    const twin = await findImport(db, head.sha256, 'confirmed')
    if (twin !== null) {
      const date = formatDate(romeDate(twin.at))
      throw new ProblemError(problem('REGISTER_ALREADY_IMPORTED', { name: twin.fileName, date }))
    }
    report('Ricontrollo le righe', 0, head.rowCount)
    const books = await readRegisterBooks(db, day)
    const { rows, bare, wrong } = await rowsToRaise(db, id, books, report)
    if (wrong.length > 0 && !goodOnly) throw new ProblemError(...wrong.slice(0, MAX_PROBLEMS))
    if (rows.length === 0) throw new ProblemError(problem('IMPORT_NOTHING_TO_RAISE', { name: head.fileName }))
    const raised = await raiseRows(db, rows, books.people, day, `importazione ${head.fileName}`, report)
    await linkRaisedRows(db, id, bare)
    await setImportState(db, id, 'confirmed')
    report('Registro gli accertamenti', rows.length, rows.length)
    await reconcileDebts(db, context.clock.now())
    return {
      accertamenti: { count: raised.count, cents: raised.cents },
      exercise: raised.exercise,
      firstNumber: raised.firstNumber,
      lastNumber: raised.lastNumber,
      people: raised.people,
      leftOut: head.rowCount - raised.count,
    }
  })
}

/** Takes an import back: each accertamento gets a cancellation in the open exercise; numbers stay used. */
async function undoImport(context: ServiceContext, id: Id<'registerImport'>, reason: string) {
  const day = today(context)
  await context.ledger.write(command(context, 'registerImport.undo', { id, reason }), async (db) => {
    const head = await needImport(db, id)
    if (head.state !== 'confirmed') throw new ProblemError(problem('IMPORT_NOT_CONFIRMED', { name: head.fileName }))
    const raised = await listRaisedBy(db, id)
    const issued = raised.filter((a) => a.issued).length
    const collected = raised.filter((a) => a.collectedCents > 0).length
    if (issued + collected > 0) {
      throw new ProblemError(problem('IMPORT_IN_USE', { name: head.fileName, issued, collected }))
    }
    const exercises = await listExercises(db)
    const current = currentExercise(exercises, day)
    if (current === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) }))
    const date = raisingDate(current, day, null)
    await insertVariations(
      db,
      raised
        .filter((a) => a.dueCents > 0)
        .map((a) => ({
          accertamentoId: a.id,
          exercise: Math.max(a.exercise, current),
          date,
          kind: 'cancellation' as const,
          cents: cents(-a.dueCents),
          reason,
          act: a.exercise < current ? `Annullamento dell’importazione ${head.fileName}` : null,
        })),
    )
    await clearLiveRows(db, id)
    await setImportState(db, id, 'undone')
    await reconcileDebts(db, context.clock.now())
  })
}

/** After a cell was corrected or a row ticked the counts of the head are those of its rows again. */
async function refreshCounts(db: Parameters<typeof updateImportRow>[0], id: Id<'registerImport'>): Promise<void> {
  const sums = await sumImportRows(db, id)
  await setImportState(db, id, 'pending', {
    goodCount: amountOf(sums, (s) => s.status === 'good').count,
    warningCount: amountOf(sums, (s) => s.status === 'warning').count,
    errorCount: amountOf(sums, (s) => s.status === 'error').count,
    alreadyCount: amountOf(sums, (s) => s.status === 'already').count,
    totalCents: amountOf(sums, (s) => s.status !== 'error').cents,
  })
}

export const registerImport = {
  template: os.registerImport.template.handler(async ({ context }) =>
    produceFile(context, 'tracciato-quote.xlsx', XLSX_MIME, registerTemplate(context.clock.now())),
  ),

  read: os.registerImport.read.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const file = await context.files.open(input.token)
      const id = await readIntoPending(context, file.name, await file.bytes(), report, signal)
      return context.ledger.read((db) => summaryOf(db, id))
    })
  }),

  get: os.registerImport.get.handler(({ context, input }) => context.ledger.read((db) => summaryOf(db, input.id))),

  rows: os.registerImport.rows.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { filters, search, sort, offset, limit } = input
      const facts = await readFacts(db, filters.importId)
      const page = await listImportRows(db, { ...filters, search, sort, offset, limit })
      return {
        rows: page.rows.map((row) => rowOut(row, facts.columns)),
        count: page.count,
        totals: { cents: page.cents },
      }
    }),
  ),

  fixCell: os.registerImport.fixCell.handler(async ({ context, input }) => {
    const { rowId, column, value } = input
    const found = await context.ledger.read(async (db) => {
      const row = await readImportRow(db, rowId)
      if (row === null) throw new ProblemError(problem('IMPORT_GONE', {}))
      await needPending(db, row.importId)
      return { row, facts: await readFacts(db, row.importId), books: await readRegisterBooks(db, today(context)) }
    })
    const { row, facts, books } = found
    const parsed = row.parsedJson === null ? null : (JSON.parse(row.parsedJson) as RegisterRow)
    const cells = cellsOf(parsed, JSON.parse(row.rawJson) as Record<string, string>, facts.columns)
    cells[column] = value
    const at = context.clock.now()
    const again = await readRowAgain(cells, facts.columns, { sheet: row.sheet, rowNumber: row.rowNumber, at })
    const place = placeIn(facts.columns, row.sheet, row.rowNumber)
    const judged = again.row === null ? null : judgeRow(again.row, books, place, again.problems.length > 0)
    await context.ledger.write(command(context, 'registerImport.fixCell', { rowId, column, value }), async (db) => {
      await needPending(db, row.importId)
      await updateImportRow(db, rowId, {
        rawJson: JSON.stringify(cells),
        parsedJson: again.row === null ? null : JSON.stringify(again.row),
        externalReference: again.row?.externalReference ?? null,
        problemsJson: JSON.stringify([...again.problems, ...(judged?.problems ?? [])]),
        status: judged?.status ?? 'error',
        cents: again.row?.amountCents ?? null,
        ticked: 0,
      })
      await refreshCounts(db, row.importId)
    })
    return context.ledger.read(async (db) => ({
      row: rowOut((await readImportRow(db, rowId)) as StoredImportRow, facts.columns),
      summary: await summaryOf(db, row.importId),
    }))
  }),

  tick: os.registerImport.tick.handler(async ({ context, input }) => {
    const first = input.rowIds[0]
    if (!isId(first)) throw new ProblemError(problem('IMPORT_GONE', {}))
    const row = await context.ledger.read((db) => readImportRow(db, first as Id<'importRow'>))
    if (row === null) throw new ProblemError(problem('IMPORT_GONE', {}))
    await context.ledger.write(
      command(context, 'registerImport.tick', {
        importId: row.importId,
        rows: input.rowIds.length,
        ticked: input.ticked,
      }),
      async (db) => {
        await needPending(db, row.importId)
        await tickImportRows(db, row.importId, input.rowIds, input.ticked)
      },
    )
    return context.ledger.read((db) => summaryOf(db, row.importId))
  }),

  exportErrors: os.registerImport.exportErrors.handler(async ({ context, input }) => {
    const { head, facts, rows } = await context.ledger.read(async (db) => {
      const page = {
        importId: input.id,
        status: ['error' as const],
        search: '',
        sort: null,
        offset: 0,
        limit: 1_000_000,
      }
      const found = await listImportRows(db, page)
      return { head: await needImport(db, input.id), facts: await readFacts(db, input.id), rows: found.rows }
    })
    const columns: TableColumn[] = [
      ...facts.columns.map(({ heading }) => ({ heading, kind: 'text' as const, width: 20 })),
      { heading: 'Che cosa non va', kind: 'text', width: 80 },
    ]
    const lines = rows.map((row) => {
      const { cells, problems } = rowOut(row, facts.columns)
      const reasons = problems.map(problemText).join(' ')
      return [...facts.columns.map(({ letter }) => cells[letter] ?? null), reasons]
    })
    const sheet = { name: facts.sheet ?? 'Quote', columns, rows: lines }
    const name = `${head.fileName.replace(/\.[^.]*$/, '')}-errori.xlsx`
    return produceFile(context, name, XLSX_MIME, writeXlsx([sheet], { createdAt: context.clock.now() }))
  }),

  confirm: os.registerImport.confirm.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => confirmImport(context, input.id, input.goodOnly, report))
  }),

  discard: os.registerImport.discard.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'registerImport.discard', { id: input.id }), async (db) => {
      await needPending(db, input.id)
      await setImportState(db, input.id, 'discarded')
    })
    return context.ledger.read((db) => summaryOf(db, input.id))
  }),

  undo: os.registerImport.undo.handler(async ({ context, input }) => {
    await undoImport(context, input.id, input.reason)
    return context.ledger.read((db) => summaryOf(db, input.id))
  }),

  history: os.registerImport.history.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const page = await listImports(db, { ...input.filters, offset: input.offset, limit: input.limit })
      const rows = []
      for (const head of page.rows) {
        rows.push({
          ...headOut(head, await sumImportRows(db, head.id), await sumRaised(db, head.id)),
          sheet: (await readFacts(db, head.id)).sheet,
        })
      }
      return { rows, count: page.count, totals: {} }
    }),
  ),
}
