import type { Id } from '#domain/brand'
import { type Cents, sum } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import { listResidui, type ResiduoRow } from '#ledger/residuo'
import { os } from './context.ts'
import { keptRows } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, pageOf } from './list-page.ts'

interface ResiduiFilters {
  readonly exercise: number
  readonly by: 'capitolo' | 'accertamento'
  readonly originYear: number | null
  readonly capitoloId: Id<'capitolo'> | null
}

const SUMS = ['openingCents', 'variedCents', 'collectedCents', 'eliminatedCents', 'leftCents'] as const
type Sums = Readonly<Record<(typeof SUMS)[number], Cents>>

interface Line extends Sums {
  /** Of the list: the accertamento, or made from year and capitolo. */
  readonly id: number
  readonly originYear: number
  readonly capitoloId: Id<'capitolo'>
  readonly capitolo: string
  readonly accertamenti: number
  /** Of a line by accertamento. */
  readonly accertamentoId: Id<'accertamento'> | null
  readonly number: number | null
  readonly personId: Id<'person'> | null
  readonly personName: string | null
  readonly causale: string | null
}

const RULES: ListRules<Line> = {
  text: (r) => [
    String(r.originYear),
    r.capitolo,
    r.personName,
    r.causale,
    r.number === null ? null : `${r.originYear}/${r.number}`,
  ],
  columns: {
    originYear: (r) => r.originYear,
    capitolo: (r) => r.capitolo,
    number: (r) => r.number,
    personName: (r) => r.personName,
    causale: (r) => r.causale,
    accertamenti: (r) => r.accertamenti,
    openingCents: (r) => r.openingCents,
    variedCents: (r) => r.variedCents,
    collectedCents: (r) => r.collectedCents,
    eliminatedCents: (r) => r.eliminatedCents,
    leftCents: (r) => r.leftCents,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Line>>> = {
  originYear: { kind: 'integer', value: (r) => r.originYear },
  capitolo: { kind: 'text', value: (r) => r.capitolo, width: 30 },
  number: { kind: 'integer', value: (r) => r.number },
  personName: { kind: 'text', value: (r) => r.personName },
  causale: { kind: 'text', value: (r) => r.causale, width: 34 },
  accertamenti: { kind: 'integer', value: (r) => r.accertamenti },
  openingCents: { kind: 'money', value: (r) => r.openingCents },
  variedCents: { kind: 'money', value: (r) => r.variedCents },
  collectedCents: { kind: 'money', value: (r) => r.collectedCents },
  eliminatedCents: { kind: 'money', value: (r) => r.eliminatedCents },
  leftCents: { kind: 'money', value: (r) => r.leftCents },
}

async function lines(db: ReadHandle, filters: ResiduiFilters, shape: ListShape): Promise<readonly Line[]> {
  return keptRows(db, ['residui', filters], shape, RULES, () => inOrder(db, filters))
}

async function inOrder(db: ReadHandle, filters: ResiduiFilters): Promise<Line[]> {
  const rows = (await listResidui(db, filters.exercise)).filter(
    (r) =>
      (filters.originYear === null || r.exercise === filters.originYear) &&
      (filters.capitoloId === null || r.capitoloId === filters.capitoloId),
  )
  const capitoli = await db.selectFrom('capitolo').select(['id', 'code', 'name']).execute()
  const named = new Map<number, string>(capitoli.map((c) => [c.id, `${c.code} ${c.name}`]))
  const found =
    filters.by === 'capitolo'
      ? [...Map.groupBy(rows, (r) => r.exercise * 1_000_000 + r.capitoloId)].map(([id, of]) =>
          lineOf(id, of, named.get(of[0]?.capitoloId ?? 0) ?? ''),
        )
      : await byAccertamento(db, rows, named)
  if (filters.by === 'capitolo') {
    found.sort((a, b) => a.originYear - b.originYear || a.capitolo.localeCompare(b.capitolo, 'it', { numeric: true }))
  }
  return found
}

function lineOf(id: number, of: readonly ResiduoRow[], capitolo: string): Line {
  const { exercise, capitoloId } = of[0] as ResiduoRow
  return {
    ...{ id, originYear: exercise, capitoloId, capitolo, accertamenti: of.length },
    ...{ accertamentoId: null, number: null, personId: null, personName: null, causale: null },
    ...sumsOf(of),
  }
}

async function byAccertamento(
  db: ReadHandle,
  rows: readonly ResiduoRow[],
  capitoli: ReadonlyMap<number, string>,
): Promise<Line[]> {
  const people = new Map<number, string>(
    (await db.selectFrom('person').select(['id', 'name']).execute()).map((p) => [p.id, p.name]),
  )
  return rows.map((row) => ({
    ...lineOf(row.accertamentoId, [row], capitoli.get(row.capitoloId) ?? ''),
    accertamentoId: row.accertamentoId,
    number: row.number,
    personId: row.personId,
    personName: people.get(row.personId) ?? '',
    causale: row.causale,
  }))
}

function sumsOf(rows: readonly Sums[]): Sums {
  return Object.fromEntries(SUMS.map((key) => [key, sum(rows.map((r) => r[key]))])) as Record<keyof Sums, Cents>
}

/** Residui by year of origin and capitolo, or one by one: 1 January, varied, collected, written off, left. */
export const residui = {
  residui: os.book.residui.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await lines(db, input.filters, input)
      return answerOf(rows, input, sumsOf(rows))
    }),
  ),

  exportResidui: os.book.exportResidui.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => lines(db, input.filters, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: COLUMNS, pages, totals: { ...sumsOf(rows) } })
  }),
}
