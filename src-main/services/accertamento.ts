import type { IsoDate } from '#domain/date'
import { cents, formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { cancellingExercise, currentExercise, raisingDate } from '#domain/raising'
import { CATEGORIES, stateWord } from '#domain/vocabulary'
import { readOrigin, readPositionsOf, readVariations } from '#ledger/accertamento-detail'
import {
  type AccertamentoQuery,
  type AccertamentoRow,
  countAccertamenti,
  listAccertamentoIds,
  readAccertamenti,
  sumAccertamenti,
} from '#ledger/accertamento-list'
import { insertVariations } from '#ledger/accertamento-raise'
import { listExercises } from '#ledger/chart'
import { readHistory } from '#ledger/history'
import type { ReadHandle } from '#ledger/ledger'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { keptList, pageOfIds } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { chosenAccertamenti, LeftOut, type Selection } from './selection.ts'

const COLUMNS: Readonly<Record<string, ExportColumn<AccertamentoRow>>> = {
  number: { kind: 'text', value: (row) => `${row.number}/${row.exercise}`, width: 12 },
  exercise: { kind: 'integer', value: (row) => row.exercise },
  date: { kind: 'date', value: (row) => row.date },
  personName: { kind: 'text', value: (row) => row.personName },
  fiscalCode: { kind: 'code', value: (row) => row.fiscalCode },
  category: { kind: 'text', value: (row) => CATEGORIES[row.category], width: 18 },
  capitolo: { kind: 'code', value: (row) => row.capitolo, width: 10 },
  service: { kind: 'text', value: (row) => row.service, width: 20 },
  competenceYear: { kind: 'integer', value: (row) => row.competenceYear },
  causale: { kind: 'text', value: (row) => row.causale },
  dueDate: { kind: 'date', value: (row) => row.dueDate },
  dueCents: { kind: 'money', value: (row) => row.dueCents },
  collectedCents: { kind: 'money', value: (row) => row.collectedCents },
  outstandingCents: { kind: 'money', value: (row) => row.outstandingCents },
  state: { kind: 'text', value: (row) => stateWord('accertamento', row.state).word, width: 16 },
  residui: { kind: 'text', value: (row) => (row.residui ? 'Residui' : 'Competenza'), width: 12 },
  origin: { kind: 'text', value: (row) => (row.residui ? 'Residui' : 'Competenza'), width: 12 },
  issued: { kind: 'text', value: (row) => (row.issued ? 'sì' : 'no'), width: 8 },
}

/** What cancelling may touch: not collected, no live position, still due (DOMAIN.md §3). */
async function cancellable(db: ReadHandle, selection: Selection<AccertamentoQuery>, context: ServiceContext) {
  const year = currentExercise(await listExercises(db), today(context))
  const leftOut = new LeftOut()
  const ids = await chosenAccertamenti(db, selection, today(context))
  const rows = (await readAccertamenti(db, ids, year ?? 0)).filter((row) => {
    if (row.state === 'cancelled') leftOut.add('Sono già annullati')
    else if (row.collectedCents > 0) leftOut.add('Sono riscossi, in tutto o in parte')
    else if (row.issued) leftOut.add('Hanno una posizione emessa: annullala prima')
    else return true
    return false
  })
  return { rows, leftOut }
}

/** Residui of an open exercise that may be written off: something left, and no live position asks for it (DOMAIN.md §8.6). */
async function writable(db: ReadHandle, selection: Selection<AccertamentoQuery>, exercise: number, day: IsoDate) {
  const open = (await listExercises(db)).some((e) => e.year === exercise && e.state === 'open')
  if (!open) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: exercise }))
  const leftOut = new LeftOut()
  const ids = await chosenAccertamenti(db, selection, day)
  const rows = (await readAccertamenti(db, ids, exercise)).filter((row) => {
    if (row.exercise >= exercise) leftOut.add('Sono di competenza, non residui: si annullano')
    else if (row.outstandingCents === 0) leftOut.add('Non hanno più niente da riscuotere')
    else if (row.issued) leftOut.add('Hanno una posizione emessa: annullala prima')
    else return true
    return false
  })
  return { rows, leftOut }
}

export const accertamento = {
  list: os.accertamento.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const day = today(context)
      const { filters, search, sort } = input
      const { count, ...totals } = await keptList(db, ['accertamento', day, filters, search], () =>
        sumAccertamenti(db, input, day),
      )
      const ids = await pageOfIds(db, ['accertamento', day, filters, search, sort], input, (page) =>
        listAccertamentoIds(db, input, day, page),
      )
      const rows = await readAccertamenti(db, ids, input.filters.exercise)
      return { rows, count, totals }
    }),
  ),

  counts: os.accertamento.counts.handler(({ context, input }) =>
    context.ledger.read((db) => {
      const day = today(context)
      return keptList(db, ['accertamento.counts', day, input.exercise], () =>
        countAccertamenti(db, input.exercise, day),
      )
    }),
  ),

  export: os.accertamento.export.handler(async ({ context, input }) => {
    const day = today(context)
    const { count: _count, ...totals } = await context.ledger.read((db) => sumAccertamenti(db, input, day))
    return exportList({
      ctx: context,
      input,
      columns: COLUMNS,
      pages: (offset, limit) =>
        context.ledger.read(async (db) =>
          readAccertamenti(db, await listAccertamentoIds(db, input, day, { offset, limit }), input.filters.exercise),
        ),
      totals,
    })
  }),

  get: os.accertamento.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const day = today(context)
      const year = currentExercise(await listExercises(db), day) ?? Number(day.slice(0, 4))
      const [row] = await readAccertamenti(db, [input.id], year)
      if (row === undefined) throw new ProblemError(problem('ACCERTAMENTO_GONE', {}))
      const positions = await readPositionsOf(db, [row.id])
      return {
        ...row,
        ...(await readOrigin(db, row.id)),
        variations: await readVariations(db, row.id),
        history: await readHistory(db, {
          accertamenti: [row.id],
          positions: positions.map((position) => position.debtPositionId),
        }),
      }
    }),
  ),

  cancelPreview: os.accertamento.cancelPreview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { rows, leftOut } = await cancellable(db, input, context)
      return { count: rows.length, cents: sum(rows.map((row) => row.outstandingCents)), leftOut: leftOut.list() }
    }),
  ),

  cancel: os.accertamento.cancel.handler(({ context, input }) =>
    context.ledger.write(
      command(context, 'accertamento.cancel', { reason: input.reason, act: input.act }),
      async (db) => {
        const day = today(context)
        const { rows } = await cancellable(db, input.selection, context)
        const exercises = await listExercises(db)
        await insertVariations(
          db,
          rows.map((row) => {
            const exercise = cancellingExercise(row.exercise, exercises, day)
            if (exercise === null) {
              throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) }))
            }
            return {
              accertamentoId: row.id,
              exercise,
              date: raisingDate(exercise, day, null),
              kind: exercise > row.exercise ? ('writeOff' as const) : ('cancellation' as const),
              cents: cents(-row.outstandingCents),
              reason: input.reason,
              act: input.act.trim() === '' ? null : input.act.trim(),
            }
          }),
        )
        await reconcileDebts(db, context.clock.now())
        return { count: rows.length, cents: sum(rows.map((row) => row.outstandingCents)) }
      },
    ),
  ),

  writeOffPreview: os.accertamento.writeOffPreview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { rows, leftOut } = await writable(db, input.selection, input.exercise, today(context))
      return { count: rows.length, cents: sum(rows.map((row) => row.outstandingCents)), leftOut: leftOut.list() }
    }),
  ),

  writeOff: os.accertamento.writeOff.handler(({ context, input }) => {
    const { exercise, reason, act } = input
    const write = command(context, 'accertamento.writeOff', { year: exercise, reason, act })
    return context.ledger.write(write, async (db) => {
      const { rows } = await writable(db, input.selection, exercise, today(context))
      const total = sum(rows.map((row) => row.outstandingCents))
      if (total !== input.expectedCents) {
        throw new ProblemError(
          problem('WRITE_OFF_CHANGED', { expected: formatCents(input.expectedCents), found: formatCents(total) }),
        )
      }
      const date = raisingDate(exercise, today(context), null)
      await insertVariations(
        db,
        rows.map((row) => ({
          ...{ accertamentoId: row.id, exercise, date, kind: 'writeOff' as const },
          ...{ cents: cents(-row.outstandingCents), reason, act },
        })),
      )
      await reconcileDebts(db, write.at)
      return { count: rows.length, cents: total }
    })
  }),
}
