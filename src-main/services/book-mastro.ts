import type { IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import { capitoloNames, listMastro, type MastroFilter, type MastroMove, mastroWords } from '#ledger/mastro'
import { os } from './context.ts'
import { keptList, keptRows } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { answerOf, inOrder, type ListRules, type ListShape, pageOf } from './list-page.ts'

interface Line {
  readonly date: IsoDate
  readonly capitolo: string
  readonly text: string
  readonly accertatoCents: Cents
  readonly riscossoCents: Cents
  /** Left to collect on the capitolo after this line. */
  readonly balanceCents: Cents
}

type Move = MastroMove & { readonly capitolo: string; readonly balanceCents: Cents }

const OF_MOVES: ListRules<Move>['columns'] = {
  date: (r) => r.date,
  capitolo: (r) => r.capitolo,
  accertatoCents: (r) => r.accertatoCents,
  riscossoCents: (r) => r.riscossoCents,
}

const RULES: ListRules<Line> = {
  text: (r) => [r.text, r.capitolo],
  columns: {},
}

const COLUMNS: Readonly<Record<string, ExportColumn<Line>>> = {
  date: { kind: 'date', value: (r) => r.date },
  capitolo: { kind: 'text', value: (r) => r.capitolo },
  text: { kind: 'text', value: (r) => r.text, width: 50 },
  accertatoCents: { kind: 'money', value: (r) => r.accertatoCents },
  riscossoCents: { kind: 'money', value: (r) => r.riscossoCents },
  balanceCents: { kind: 'money', value: (r) => r.balanceCents },
}

/** Every move with what is left after it, and their sums: without words, so that it is quick. */
async function movesOf(db: ReadHandle, filters: MastroFilter) {
  return keptList(db, ['mastroMoves', filters], async () => {
    const names = await capitoloNames(db)
    const balances = new Map<number, number>()
    const moves = (await listMastro(db, filters)).map((move): Move => {
      const balance = (balances.get(move.capitoloId) ?? 0) + move.accertatoCents - move.riscossoCents
      balances.set(move.capitoloId, balance)
      return { ...move, capitolo: names.get(move.capitoloId) ?? '', balanceCents: cents(balance) }
    })
    const totals = {
      accertatoCents: sum(moves.map((m) => m.accertatoCents)),
      riscossoCents: sum(moves.map((m) => m.riscossoCents)),
    }
    return { moves, totals }
  })
}

async function inWords(db: ReadHandle, exercise: number, moves: readonly Move[]): Promise<Line[]> {
  const words = await mastroWords(db, exercise, moves)
  return moves.map(({ date, capitolo, accertatoCents, riscossoCents, balanceCents }, i) => ({
    ...{ date, capitolo, text: words[i] ?? '', accertatoCents, riscossoCents, balanceCents },
  }))
}

/** In the order asked: of nearly all nothing is put in words, but for a page of it later. */
async function sortedMoves(db: ReadHandle, filters: MastroFilter, { sort }: ListShape): Promise<readonly Move[]> {
  if (sort?.column === 'text') {
    return keptList(db, ['mastroMove', filters, sort], async () => {
      const { moves } = await movesOf(db, filters)
      // «Accertamento», with a number that tells it apart, comes before the first word of every other move.
      const raised = moves.filter((move) => move.number !== undefined)
      const others = moves.filter((move) => move.number === undefined)
      const words = await mastroWords(db, filters.exercise, others)
      const inWords = inOrder([...others.keys()], (place) => words[place] ?? '', sort.direction)
      const parts = [
        inOrder(raised, (move) => move.number ?? null, sort.direction),
        inWords.map((place) => others[place] as Move),
      ]
      return (sort.direction === 'asc' ? parts : parts.reverse()).flat()
    })
  }
  const rules: ListRules<Move> = { text: () => [], columns: OF_MOVES }
  return keptRows(
    db,
    ['mastroMove', filters],
    { search: '', sort },
    rules,
    async () => (await movesOf(db, filters)).moves,
  )
}

async function lines(db: ReadHandle, filters: MastroFilter, shape: ListShape): Promise<readonly Line[]> {
  const moves = await sortedMoves(db, filters, shape)
  if (shape.search.trim() === '') return inWords(db, filters.exercise, moves)
  const asked = { search: shape.search, sort: null }
  return keptRows(db, ['mastro', filters, shape.sort], asked, RULES, () => inWords(db, filters.exercise, moves))
}

function totalsOf(rows: readonly Line[]) {
  return {
    accertatoCents: sum(rows.map((r) => r.accertatoCents)),
    riscossoCents: sum(rows.map((r) => r.riscossoCents)),
  }
}

/** Partitario of each capitolo: what was raised, varied and collected, with what is left after each. */
export const mastro = {
  mastro: os.book.mastro.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      // Only a page is put in words, unless the words are searched.
      if (input.search.trim() === '') {
        const { moves, totals } = await movesOf(db, input.filters)
        const page = pageOf(await sortedMoves(db, input.filters, input), input)
        return { rows: await inWords(db, input.filters.exercise, page), count: moves.length, totals }
      }
      const rows = await lines(db, input.filters, input)
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  exportMastro: os.book.exportMastro.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => lines(db, input.filters, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: COLUMNS, pages, totals: totalsOf(rows) })
  }),
}
