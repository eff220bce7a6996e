import { createHash } from 'node:crypto'
import { registerTemplate } from '#codecs/register-write'
import type { TableColumn } from '#codecs/table'
import { writeXlsx } from '#codecs/xlsx-write'
import { type Id, isId } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { cents } from '#domain/money'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import {
  chooseDifferences,
  insertDifferences,
  listDifferences,
  listDifferentCodes,
  sumDifferences,
} from '#ledger/import-difference'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import {
  deleteImport,
  findImport,
  insertImport,
  leaveRowsOut,
  listImportRows,
  listSpeakingRows,
  listTwins,
  type NewImportRow,
  readImportRow,
  readRowCodes,
  type StoredImportRow,
  setImportState,
  tickImportRows,
  updateImportRow,
} from '#ledger/register-import'
import type { ImportRowStatus } from '#ledger/schema/register'
import { writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { exportList } from './list-export.ts'
import { pageOf } from './list-page.ts'
import { longWork, pause, type Report } from './long-work.ts'
import { produceFile, today, XLSX_MIME } from './produced-file.ts'
import {
  forgetFixes,
  type Handwork,
  planCarry,
  plannedRows,
  readHandwork,
  rememberFix,
  storedCells,
  withChoices,
  writeCorrected,
} from './register-carry.ts'
import {
  doubleOf,
  dueIdentity,
  isDue,
  judgeDue,
  judgeRow,
  type RegisterBooks,
  type RegisterLine,
  readRegisterBooks,
} from './register-check.ts'
import { confirmImport } from './register-confirm.ts'
import { differencesOf, refreshDifferences } from './register-differences.ts'
import { HISTORY_COLUMNS, historyOf, historyRow } from './register-history.ts'
import { registerLook } from './register-look.ts'
import { readPeopleIndex } from './register-people.ts'
import {
  cellsOf,
  placeIn,
  type ReadFile,
  type RegisterFileColumn,
  readRegisterFile,
  readRowAgain,
  rowSyntax,
} from './register-reading.ts'
import { type HowToRead, howToRead } from './register-recognise.ts'
import {
  type Carried,
  differencesOfImport,
  type FileFacts,
  factsKey,
  needImport,
  needPending,
  readFacts,
  refreshCounts,
  summaryOf,
} from './register-summary.ts'
import { previewUndo, undoImport } from './register-undo.ts'

function rowOut(row: StoredImportRow, columns: readonly RegisterFileColumn[]) {
  const parsed = row.parsedJson === null ? null : (JSON.parse(row.parsedJson) as RegisterLine)
  const due = parsed !== null && isDue(parsed) ? parsed : null
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
    leftOut: row.leftOut === 1,
    cells,
    fiscalCode: parsed?.fiscalCode ?? text('fiscalCode'),
    name: parsed?.name ?? text('name'),
    category: parsed?.category ?? null,
    service: due?.service ?? text('service'),
    competenceYear: due?.competenceYear ?? null,
    causale: due?.causale ?? text('causale'),
    amountCents: due?.amountCents ?? null,
    dueDate: due?.dueDate ?? null,
    capitolo: due?.capitolo ?? text('capitolo'),
    problems: JSON.parse(row.problemsJson) as Problem[],
  }
}

/** Judges every row of a file against the books: what would be stored as pending. */
async function judgeFile(file: ReadFile, books: RegisterBooks, report: Report): Promise<NewImportRow[]> {
  const rows: NewImportRow[] = []
  const seen = new Map<string, number>()
  for (const read of file.rows) {
    const place = placeIn(file.columns, read.sheet, read.rowNumber)
    const judged = read.row === null ? null : judgeRow(read.row, books, place, read.problems.length > 0)
    // The books know as one what the reader cannot: two codes of one person, one service in two writings.
    const twin = read.row === null ? null : doubleOf(read.row, judged?.raisable ?? null, seen, place)
    const problems = [...read.problems, ...(judged?.problems ?? []), ...(twin === null ? [] : [twin])]
    rows.push({
      sheet: read.sheet,
      rowNumber: read.rowNumber,
      rawJson: JSON.stringify(read.cells ?? {}),
      parsedJson: read.row === null ? null : JSON.stringify(read.row),
      ...columnsOf(read.row),
      problemsJson: JSON.stringify(problems),
      status: twin === null ? (judged?.status ?? 'error') : 'error',
      accertamentoId: null,
      ticked: 0,
      live: 0,
      leftOut: 0,
    })
    if (rows.length % 1000 === 0) {
      report('Confronto con i libri', rows.length, file.rows.length)
      await pause()
    }
  }
  return rows
}

/** What a row is found and summed by. */
function columnsOf(row: RegisterLine | null) {
  const due = row !== null && isDue(row) ? row : null
  return {
    externalReference: due?.externalReference ?? null,
    fiscalCode: row?.fiscalCode ?? null,
    cents: due?.amountCents ?? null,
  }
}

const countOf = (rows: readonly NewImportRow[], status: string) => rows.filter((row) => row.status === status).length

interface IncomingRegister extends HowToRead {
  readonly fileName: string
  readonly bytes: Uint8Array
  /** The import that this file is read again for. */
  readonly after: Id<'registerImport'> | null
}

/** Reads a register into pending rows: one transaction, so stopping half way leaves nothing. */
async function readIntoPending(
  context: ServiceContext,
  { fileName, bytes, mapping, profile, book, after }: IncomingRegister,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<Id<'registerImport'>> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const identity = { sha256, purpose: mapping?.purpose ?? ('dues' as const) }
  const confirmed = await context.ledger.read((db) => findImport(db, identity, 'confirmed'))
  if (confirmed !== null) return confirmed.id
  report('Leggo il registro', 0)
  const file = await readRegisterFile(book ?? bytes, mapping, report, signal)
  const books = await context.ledger.read((db) => readRegisterBooks(db, today(context)))
  const rows = await judgeFile(file, books, report)
  const at = context.clock.now()
  const head = {
    fileName,
    sha256,
    profile,
    purpose: file.purpose,
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
  const facts: FileFacts = { mapping, sheet: file.sheet, columns: file.columns, problems: file.problems }
  return context.ledger.write(
    command(context, 'registerImport.read', { fileName, sha256, rows: rows.length }),
    async (db) => {
      const before = await findImport(db, identity, 'pending')
      const from = before?.id ?? after
      const work = from === null ? null : await readHandwork(db, from, sha256)
      if (before !== null) {
        await deleteImport(db, before.id)
        await forgetFixes(db, before.id)
        await writeSetting(db, factsKey(before.id), null)
      }
      const id = await insertImport(db, head, rows, (done) => report('Preparo le righe', done, rows.length))
      const carried = work === null ? null : await carryRows(db, id, work, file, facts, today(context))
      const speaking =
        carried === null
          ? file.rows.flatMap(({ row }, i) => (row === null || rows[i]?.status === 'error' ? [] : [row]))
          : (await listSpeakingRows(db, id, null)).map((row) => JSON.parse(row.parsedJson) as RegisterLine)
      // A corrected cell may name somebody whom no row of the file named.
      const people = carried === null ? books.people : await readPeopleIndex(db, null)
      const found = await differencesOf(db, id, speaking, people, work?.shown)
      const { differences, kept } = withChoices(found, work?.shown ?? new Map())
      await insertDifferences(db, differences)
      const lostChoices = (work?.shown.size ?? 0) - kept
      const said = { ...NOTHING_CARRIED, ...carried, choices: kept, lostChoices }
      const some = said.cells + said.rows + kept + said.lost.length + lostChoices > 0
      const known = some ? { ...facts, carried: said } : facts
      await writeSetting(db, factsKey(id), canonicalJson(JSON.parse(JSON.stringify(known))))
      return id
    },
  )
}

const NOTHING_CARRIED: Carried = { cells: 0, rows: 0, choices: 0, lost: [], lostChoices: 0 }

/** What a person did on the rows of the reading before is done again on those that are the same; null when that is nothing. */
async function carryRows(
  db: WriteHandle,
  id: Id<'registerImport'>,
  work: Handwork,
  file: ReadFile,
  facts: FileFacts,
  day: IsoDate,
): Promise<Pick<Carried, 'cells' | 'rows' | 'lost'> | null> {
  if (work.corrected.length + work.marked.length === 0) return null
  const plan = planCarry(
    work,
    facts,
    file.rows.map(({ sheet, rowNumber, row, cells }) => ({
      sheet,
      rowNumber,
      cells: () => cellsOf(row, cells ?? {}, file.columns),
    })),
  )
  const stored = await plannedRows(db, id, plan)
  const idsOf = (numbers: ReadonlySet<number>) => [...numbers].flatMap((number) => stored.get(number)?.id ?? [])
  await leaveRowsOut(db, id, idsOf(plan.leftOut), true)
  const fixes = []
  for (const [number, row] of stored) {
    const fixed = plan.fixes.get(number)
    if (fixed === undefined) continue
    const before = storedCells(row, facts.columns)
    await writeCells(db, row, { ...before, ...fixed }, Object.keys(fixed), facts, day)
    fixes.push({ row: number, before, fixed })
  }
  await writeCorrected(db, id, fixes)
  await tickImportRows(db, id, idsOf(plan.ticked), true)
  await refreshCounts(db, id)
  const count = fixes.reduce((sum, { fixed }) => sum + Object.keys(fixed).length, 0)
  return { cells: count, rows: plan.leftOut.size + plan.ticked.size, lost: plan.lost }
}

/** A row that was read again, judged with the rows of the same file that may be the same quota. */
async function judgeAgain(
  db: ReadHandle,
  stored: StoredImportRow,
  row: RegisterLine | null,
  warned: boolean,
  facts: FileFacts,
  day: IsoDate,
): Promise<{ readonly status: ImportRowStatus; readonly problems: readonly Problem[] }> {
  if (row === null) return { status: 'error', problems: [] }
  const books = await readRegisterBooks(db, day, [row])
  const place = placeIn(facts.columns, stored.sheet, stored.rowNumber)
  const judged = judgeRow(row, books, place, warned)
  if (judged.raisable === null || !isDue(row)) return judged
  const seen = new Map<string, number>()
  for (const { rowNumber, parsedJson } of await listTwins(db, stored, row)) {
    const other = JSON.parse(parsedJson) as RegisterLine
    if (!isDue(other)) continue
    const { raisable } = judgeDue(other, books, place)
    if (raisable !== null) seen.set(dueIdentity(other, raisable), rowNumber)
  }
  const twin = doubleOf(row, judged.raisable, seen, place)
  return twin === null ? judged : { status: 'error', problems: [...judged.problems, twin] }
}

/** Corrects one cell of a waiting row and judges it again, all of it in one write: two people may correct one row. */
async function fixCell(
  context: ServiceContext,
  db: WriteHandle,
  { rowId, column, value }: { readonly rowId: Id<'importRow'>; readonly column: string; readonly value: string },
): Promise<Id<'registerImport'>> {
  const row = await readImportRow(db, rowId)
  if (row === null) throw new ProblemError(problem('IMPORT_GONE', {}))
  await needPending(db, row.importId)
  const facts = await readFacts(db, row.importId)
  const cells = storedCells(row, facts.columns)
  await rememberFix(db, row, cells, column, value)
  const again = await writeCells(db, row, { ...cells, [column]: value }, [column], facts, today(context))
  await refreshCounts(db, row.importId)
  const codes = [row.fiscalCode, again?.fiscalCode].filter((code) => code != null)
  await refreshDifferences(db, row.importId, codes)
  return row.importId
}

/** Writes the cells of a waiting row, some of them by hand, and judges it again. */
async function writeCells(
  db: WriteHandle,
  row: StoredImportRow,
  cells: Readonly<Record<string, string>>,
  written: readonly string[],
  facts: FileFacts,
  day: IsoDate,
): Promise<RegisterLine | null> {
  const read = readRowAgain(cells, facts, row.rowNumber)
  // That a cell lay under a merged one is no longer known from its text, but stays so until it is written.
  const merged = (JSON.parse(row.problemsJson) as Problem[]).filter(
    (p) => p.code === 'CELL_MERGED' && !written.includes(p.position?.column ?? ''),
  )
  const again = merged.length > 0 ? null : read.row
  const judged = await judgeAgain(db, row, again, read.problems.length > 0, facts, day)
  await updateImportRow(db, row.id, {
    rawJson: JSON.stringify(cells),
    parsedJson: again === null ? null : JSON.stringify(again),
    ...columnsOf(again),
    problemsJson: JSON.stringify([...read.problems, ...merged, ...judged.problems]),
    status: judged.status,
    ticked: 0,
  })
  return again
}

export const registerImport = {
  template: os.registerImport.template.handler(async ({ context }) =>
    produceFile(context, 'tracciato-quote.xlsx', XLSX_MIME, registerTemplate(context.clock.now())),
  ),

  ...registerLook,

  read: os.registerImport.read.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const file = await context.files.open(input.token)
      const bytes = await file.bytes()
      const { after } = input
      const incoming = { fileName: file.name, bytes, after, ...(await howToRead(context, bytes, input, signal)) }
      const id = await readIntoPending(context, incoming, report, signal)
      return context.ledger.read((db) => summaryOf(db, id))
    })
  }),

  get: os.registerImport.get.handler(({ context, input }) => context.ledger.read((db) => summaryOf(db, input.id))),

  rows: os.registerImport.rows.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { filters, search, sort, offset, limit } = input
      const facts = await readFacts(db, filters.importId)
      const page = await listImportRows(db, { ...filters, search, syntax: rowSyntax(facts), sort, offset, limit })
      return {
        rows: page.rows.map((row) => rowOut(row, facts.columns)),
        count: page.count,
        totals: { cents: page.cents },
      }
    }),
  ),

  fixCell: os.registerImport.fixCell.handler(async ({ context, input }) => {
    const importId = await context.ledger.write(command(context, 'registerImport.fixCell', { ...input }), (db) =>
      fixCell(context, db, input),
    )
    return context.ledger.read(async (db) => ({
      row: rowOut((await readImportRow(db, input.rowId)) as StoredImportRow, (await readFacts(db, importId)).columns),
      summary: await summaryOf(db, importId),
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

  leaveOut: os.registerImport.leaveOut.handler(async ({ context, input }) => {
    const { rowIds, leftOut } = input
    const first = await context.ledger.read((db) => readImportRow(db, rowIds[0] as Id<'importRow'>))
    if (first === null) throw new ProblemError(problem('IMPORT_GONE', {}))
    const { importId } = first
    const payload = { importId, rows: rowIds.length, leftOut }
    await context.ledger.write(command(context, 'registerImport.leaveOut', payload), async (db) => {
      await needPending(db, importId)
      await leaveRowsOut(db, importId, rowIds, leftOut)
      await refreshCounts(db, importId)
      await refreshDifferences(db, importId, await readRowCodes(db, rowIds))
    })
    return context.ledger.read((db) => summaryOf(db, importId))
  }),

  differences: os.registerImport.differences.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { filters, search, offset, limit } = input
      const query = { ...filters, search }
      const totals = await sumDifferences(db, query)
      return { rows: await listDifferences(db, { ...query, offset, limit }), count: totals.people, totals }
    }),
  ),

  setDifferences: os.registerImport.setDifferences.handler(async ({ context, input }) => {
    const { id, personIds, fields, choice } = input
    const payload = { id, people: personIds.length, fields, choice }
    await context.ledger.write(command(context, 'registerImport.setDifferences', payload), async (db) => {
      await needPending(db, id)
      await chooseDifferences(db, id, { personIds, fields, choice })
      // Who changes category changes albo with it: its differences are others now.
      if (fields.length > 0 && !fields.includes('category')) return
      await refreshDifferences(db, id, await listDifferentCodes(db, id, 'category', personIds))
    })
    return context.ledger.read((db) => sumDifferences(db, differencesOfImport(id)))
  }),

  exportErrors: os.registerImport.exportErrors.handler(async ({ context, input }) => {
    const { head, facts, rows } = await context.ledger.read(async (db) => {
      const page = {
        importId: input.id,
        status: ['error' as const],
        leftOut: null,
        search: '',
        syntax: [],
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
    const sheet = { name: facts.sheet || 'Quote', columns, rows: lines }
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
      await forgetFixes(db, input.id)
    })
    return context.ledger.read((db) => summaryOf(db, input.id))
  }),

  undo: os.registerImport.undo.handler(async ({ context, input }) => {
    await undoImport(context, input.id, input.reason)
    return context.ledger.read((db) => summaryOf(db, input.id))
  }),

  undoPreview: os.registerImport.undoPreview.handler(({ context, input }) =>
    context.ledger.read((db) => previewUndo(db, context, input.id)),
  ),

  history: os.registerImport.history.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const heads = await historyOf(db, input)
      const rows = []
      for (const head of pageOf(heads, input)) rows.push(await historyRow(db, context, head))
      return { rows, count: heads.length, totals: {} }
    }),
  ),

  historyExport: os.registerImport.historyExport.handler(({ context: ctx, input }) =>
    exportList({
      ctx,
      input,
      columns: HISTORY_COLUMNS,
      pages: (offset, limit) =>
        ctx.ledger.read(async (db) => {
          const rows = []
          for (const head of pageOf(await historyOf(db, input), { offset, limit })) {
            rows.push(await historyRow(db, ctx, head))
          }
          return rows
        }),
    }),
  ),
}
