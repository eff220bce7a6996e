import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { currentExercise } from '#domain/raising'
import { CATEGORIES, deliveryWord, stateWord } from '#domain/vocabulary'
import { listExercises } from '#ledger/chart'
import { readHistory } from '#ledger/history'
import type { ReadHandle } from '#ledger/ledger'
import { readAllocations, readPayments, readPersonPlace } from '#ledger/position-detail'
import {
  ANY_POSITION,
  countPositions,
  listIssuances,
  listPositionIds,
  type PositionRow,
  readPositions,
  sumPositions,
} from '#ledger/position-list'
import { os, type ServiceContext } from './context.ts'
import { generatePositions, previewGeneration } from './issuing.ts'
import { keptList, pageOfIds } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { longWork } from './long-work.ts'
import { today } from './produced-file.ts'

const COLUMNS: Readonly<Record<string, ExportColumn<PositionRow>>> = {
  personName: { kind: 'text', value: (row) => row.personName },
  fiscalCode: { kind: 'code', value: (row) => row.fiscalCode },
  category: { kind: 'text', value: (row) => CATEGORIES[row.category], width: 18 },
  accertamenti: { kind: 'text', value: (row) => row.accertamenti, width: 18 },
  causale: { kind: 'text', value: (row) => row.causale },
  noticeNumber: { kind: 'code', value: (row) => row.noticeNumber },
  iuv: { kind: 'code', value: (row) => row.iuv },
  dueDate: { kind: 'date', value: (row) => row.dueDate },
  installments: { kind: 'integer', value: (row) => (row.installments === 0 ? null : row.installments) },
  validUntil: { kind: 'date', value: (row) => row.validUntil },
  cents: { kind: 'money', value: (row) => row.cents },
  state: { kind: 'text', value: (row) => positionWord(row), width: 14 },
  delivery: {
    kind: 'text',
    value: (row) => (row.delivery === null ? null : deliveryWord(row.delivery).word),
    width: 16,
  },
  nodeState: {
    kind: 'text',
    value: (row) => (row.nodeState === null ? null : stateWord('node', row.nodeState).word),
    width: 18,
  },
  sync: {
    kind: 'text',
    value: (row) =>
      row.partner
        ? `Affidata al partner: ${stateWord('partnerSync', row.syncState).word.toLowerCase()}`
        : stateWord('sync', row.syncState).word,
    width: 22,
  },
  issuance: { kind: 'text', value: (row) => row.issuance },
}

function positionWord(row: PositionRow): string {
  return row.state === 'issued' ? stateWord('lifecycle', 'issued').word : stateWord('payment', row.state).word
}

/** Row for the wire: without what only the services need. */
function rowOut({ lifecycle: _lifecycle, payment: _payment, version: _version, issuedAt: _at, ...row }: PositionRow) {
  return row
}

async function needPosition(db: ReadHandle, id: Id<'debtPosition'>, context: ServiceContext): Promise<PositionRow> {
  const [row] = await readPositions(db, [id], today(context))
  if (row === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
  return row
}

export const debtPosition = {
  list: os.debtPosition.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const day = today(context)
      const { filters, search, sort } = input
      const { count, ...totals } = await keptList(db, ['debtPosition', day, filters, search], () =>
        sumPositions(db, input, day),
      )
      const ids = await pageOfIds(db, ['debtPosition', day, filters, search, sort], input, (page) =>
        listPositionIds(db, input, day, page),
      )
      const rows = await readPositions(db, ids, day)
      return { rows: rows.map(rowOut), count, totals }
    }),
  ),

  counts: os.debtPosition.counts.handler(({ context, input }) =>
    context.ledger.read((db) => {
      const day = today(context)
      return keptList(db, ['debtPosition.counts', day, input.exercise], () => countPositions(db, input.exercise, day))
    }),
  ),

  export: os.debtPosition.export.handler(async ({ context, input }) => {
    const day = today(context)
    const totals = await context.ledger.read((db) => sumPositions(db, input, day))
    return exportList({
      ctx: context,
      input,
      columns: COLUMNS,
      pages: (offset, limit) =>
        context.ledger.read(async (db) =>
          readPositions(db, await listPositionIds(db, input, day, { offset, limit }), day),
        ),
      totals: { cents: totals.cents },
    })
  }),

  get: os.debtPosition.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = await needPosition(db, input.id, context)
      const day = today(context)
      const year = currentExercise(await listExercises(db), day) ?? Number(day.slice(0, 4))
      const allocations = await readAllocations(db, row.id)
      const siblings = await listPositionIds(
        db,
        {
          filters: { ...ANY_POSITION, personId: row.personId },
          search: '',
          sort: { column: 'dueDate', direction: 'desc' },
        },
        day,
      )
      const others = await readPositions(
        db,
        siblings.filter((id) => id !== row.id),
        day,
      )
      return {
        ...rowOut(row),
        version: row.version,
        createdAt: row.issuedAt,
        ...(await readPersonPlace(db, row.personId)),
        allocations: allocations.map((a) => ({ ...a, residui: a.exercise < year })),
        others: others.map((o) => ({ id: o.id, causale: o.causale, cents: o.cents, state: o.state, date: o.dueDate })),
        payments: await readPayments(db, row.id),
        history: await readHistory(db, {
          accertamenti: allocations.map((a) => a.accertamentoId),
          positions: [row.id],
        }),
      }
    }),
  ),

  generationPreview: os.debtPosition.generationPreview.handler(({ context, input }) =>
    context.ledger.read((db) => previewGeneration(db, input, context.clock.now())),
  ),

  generate: os.debtPosition.generate.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => generatePositions(context, input, report))
  }),
}

export const issuance = {
  list: os.issuance.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const page = await keptList(db, ['issuance', input], () => listIssuances(db, input.search, input))
      return { rows: page.rows.map((row) => ({ ...row })), count: page.count, totals: { cents: page.cents } }
    }),
  ),
}
