import type { Id } from '#domain/brand'
import { type Cents, sum } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import { capitoloNames } from '#ledger/mastro'
import { listResidui, type ResiduoRow, type ResiduoTotal, sumResidui } from '#ledger/residuo'
import { os } from './context.ts'
import { keptList, keptRows } from './kept-list.ts'
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
  return keptRows(db, ['residui', filters], shape, RULES, async () => {
    const capitoli = await capitoloNames(db)
    if (filters.by === 'accertamento') {
      return (await listResidui(db, filters.exercise, filters)).map((row) => lineOf(row, capitoli))
    }
    const totals = (await sumResidui(db, filters.exercise, filters)).map((row) => totalLine(row, capitoli))
    return totals.sort(
      (a, b) => a.originYear - b.originYear || a.capitolo.localeCompare(b.capitolo, 'it', { numeric: true }),
    )
  })
}

function lineOf(row: ResiduoRow, capitoli: ReadonlyMap<number, string>): Line {
  const { exercise: originYear, ...rest } = row
  return {
    ...{ ...rest, id: row.accertamentoId, originYear, accertamenti: 1 },
    capitolo: capitoli.get(row.capitoloId) ?? '',
  }
}

function totalLine({ exercise, ...row }: ResiduoTotal, capitoli: ReadonlyMap<number, string>): Line {
  return {
    ...{ ...row, id: exercise * 1_000_000 + row.capitoloId, originYear: exercise },
    capitolo: capitoli.get(row.capitoloId) ?? '',
    ...{ accertamentoId: null, number: null, personId: null, personName: null, causale: null },
  }
}

function sumsOf(rows: readonly Sums[]): Sums {
  return Object.fromEntries(SUMS.map((key) => [key, sum(rows.map((r) => r[key]))])) as Record<keyof Sums, Cents>
}

/** Residui by year of origin and capitolo, or one by one: 1 January, varied, collected, written off, left. */
export const residui = {
  residui: os.book.residui.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { filters } = input
      // As it opens, one page is looked up; searched or sorted, all of it.
      if (filters.by === 'accertamento' && input.search.trim() === '' && input.sort === null) {
        const totals = await keptList(db, ['residuiTotals', filters], () => sumResidui(db, filters.exercise, filters))
        const capitoli = await capitoloNames(db)
        const rows = await listResidui(db, filters.exercise, filters, input)
        const count = totals.reduce((n, of) => n + of.accertamenti, 0)
        return { rows: rows.map((row) => lineOf(row, capitoli)), count, totals: sumsOf(totals) }
      }
      const rows = await lines(db, filters, input)
      return answerOf(rows, input, sumsOf(rows))
    }),
  ),

  exportResidui: os.book.exportResidui.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => lines(db, input.filters, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: COLUMNS, pages, totals: { ...sumsOf(rows) } })
  }),
}
