import { type CheckLine, CLOSING_CHECKS, checkText, closingChecklist, moveRefusal } from '#domain/closing'
import { type Instant, isoDate, romeDate } from '#domain/date'
import { sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { coversDay } from '#domain/statement-holes'
import { listBankAccounts } from '#ledger/bank-account'
import { insertExercise, listExerciseStates, listExercises } from '#ledger/chart'
import {
  approveExercise,
  closeExercise,
  creditsNotRegularised,
  importsWaiting,
  listClosings,
  overdrawnAt,
  pendingRows,
  reopenExercise,
  residuiToCarry,
} from '#ledger/closing'
import type { ReadHandle } from '#ledger/ledger'
import { statementSpans } from '#ledger/posting-facts'
import { command } from './command.ts'
import { os } from './context.ts'
import { NO_PEOPLE, reconciledBooks, reconcileLedger } from './reconcile-ledger.ts'
import type { ReconciledBooks } from './reconciled-books.ts'
import { readyToPost, WHOLE } from './reversale-drafts.ts'
import { notOursOf } from './square-of-books.ts'
import { tableIndex } from './table-index.ts'

/** At most two neighbouring exercises stay open together (DOMAIN.md §8). */
const MAX_OPEN = 2

/** Where the list of each line stands. */
function routeOf(line: CheckLine): string | null {
  if (line.count === 0) return null
  const routes: Readonly<Partial<Record<CheckLine['check'], string>>> = {
    alarms: '/reversali',
    overdrawn: '/registri?registro=residui',
    statements: '/estratti-conto',
    ready: '/reversali?stato=ready',
    credits: '/riconciliazione',
    imports: '/importa',
    pending: '/estratti-conto',
  }
  return routes[line.check] ?? null
}

async function checklist(
  db: ReadHandle,
  year: number,
  books: ReconciledBooks | null,
  at: Instant,
): Promise<CheckLine[]> {
  const exercises = await listExerciseStates(db)
  const lastDay = isoDate(`${year}-12-31`)
  const gone = (books?.plan.gone ?? []).filter((line) => Math.floor(line.reversaleId / 1_000_000) === year)
  const drafts = books === null ? [] : (await readyToPost(db, books, WHOLE, at)).groups.drafts
  const ready = drafts.filter((draft) => draft.exercise === year)
  const credits = await creditsNotRegularised(db, year)
  const spans = Map.groupBy(await statementSpans(db), (span) => span.bankAccountId)
  const used = (await listBankAccounts(db)).filter(
    (account) => account.kind !== 'cash' && account.movements > 0 && (account.closedDate ?? lastDay) >= lastDay,
  )
  const uncovered = used.filter((account) => !coversDay(spans.get(account.id) ?? [], lastDay))
  return closingChecklist(year, {
    exercises,
    today: romeDate(at),
    alarms: { count: new Set(gone.map((l) => l.reversaleId)).size, cents: sum(gone.map((l) => l.cents)) },
    overdrawn: await overdrawnAt(db, year),
    uncovered: uncovered.map((account) => account.name),
    ready: { count: ready.length, cents: sum(ready.map((d) => d.cents)) },
    credits: { count: credits.length, cents: sum(credits.map((c) => c.leftCents)) },
    notOurs: notOursOf(books === null ? [] : flowsOfYear(books, year)),
    imports: await importsWaiting(db),
    pending: await pendingRows(db, year),
  })
}

/** Flows whose last credit is of the year. */
function flowsOfYear(books: ReconciledBooks, year: number) {
  const { byMovement, creditsOf } = tableIndex(books)
  const last = (flowId: string) =>
    (creditsOf.get(flowId) ?? [])
      .map((id) => byMovement.get(id)?.movement.bookingDate ?? '')
      .sort()
      .at(-1)
  return books.outcome.flows.filter(({ flowId }) => last(flowId)?.startsWith(`${year}-`))
}

async function stateOf(db: ReadHandle, year: number) {
  const exercises = await listExerciseStates(db)
  const found = exercises.find((e) => e.year === year)
  if (!found) throw new ProblemError(problem('EXERCISE_NOT_KNOWN', { year }))
  return { state: found.state, exercises }
}

function refuseMove(why: string | null, year: number): void {
  if (why !== null) throw new ProblemError(problem('EXERCISE_CANNOT_MOVE', { year, why }))
}

export const exercise = {
  list: os.exercise.list.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const closings = new Map((await listClosings(db)).map((c) => [c.exercise, c]))
      return (await listExercises(db)).map((row) => {
        const closing = closings.get(row.year)
        const residui = closing && { count: closing.residui, cents: closing.cents }
        return {
          ...row,
          closing: closing && residui ? { at: closing.at, operator: closing.operator, residui } : null,
        }
      })
    }),
  ),

  open: os.exercise.open.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'exercise.open', input), async (db) => {
      const known = await listExercises(db)
      if (known.some((row) => row.year === input.year)) {
        throw new ProblemError(problem('EXERCISE_EXISTS', { year: input.year }))
      }
      const kept = known.filter((row) => row.state !== 'historical').map((row) => row.year)
      const first = Math.min(...kept)
      if (input.state === 'historical') {
        if (input.year >= first) {
          throw new ProblemError(problem('EXERCISE_NOT_HISTORICAL', { year: input.year, first }))
        }
      } else {
        const open = known.filter((row) => row.state === 'open').map((row) => row.year)
        if (open.length >= MAX_OPEN || (kept.length > 0 && input.year !== Math.max(...kept) + 1)) {
          throw new ProblemError(problem('EXERCISES_OPEN', { open: open.sort().join(' e '), year: input.year }))
        }
      }
      await insertExercise(db, input.year, input.state)
    })
    return input
  }),

  checklist: os.exercise.checklist.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { year } = input
      const at = context.clock.now()
      const { state } = await stateOf(db, year)
      const lines = await checklist(db, year, await reconciledBooks(db, at), at)
      return {
        year,
        state,
        lines: lines.map((line) => ({
          check: line.check,
          level: line.level,
          title: CLOSING_CHECKS[line.check],
          text: line.level === 'ok' ? '' : checkText(line, year),
          count: line.count,
          cents: line.cents,
          route: routeOf(line),
        })),
        residui: await residuiToCarry(db, year),
      }
    }),
  ),

  close: os.exercise.close.handler(({ context, input }) => {
    const { year } = input
    const write = command(context, 'exercise.close', { year, acknowledged: input.acknowledged })
    return context.ledger.write(write, async (db) => {
      const { exercises } = await stateOf(db, year)
      refuseMove(moveRefusal('close', year, exercises), year)
      const { at, operator } = write
      const lines = await checklist(db, year, await reconcileLedger(db, at, NO_PEOPLE), at)
      const blocking = lines.find((line) => line.level === 'blocking')
      if (blocking) throw new ProblemError(problem('CLOSING_BLOCKED', { year, why: checkText(blocking, year) }))
      const read = new Set<string>(input.acknowledged)
      const unread = lines.find((line) => line.level === 'warning' && !read.has(line.check))
      if (unread) throw new ProblemError(problem('CLOSING_CHANGED', { year, why: checkText(unread, year) }))
      if (!exercises.some((e) => e.year === year + 1)) await insertExercise(db, year + 1, 'open')
      const residui = await closeExercise(db, year, { at, operator })
      // Its lines are kept from now on: what the evidence says of the rest may change.
      await reconcileLedger(db, at, NO_PEOPLE)
      return { year, residui }
    })
  }),

  reopen: os.exercise.reopen.handler(({ context, input }) => {
    const write = command(context, 'exercise.reopen', input)
    return context.ledger.write(write, async (db) => {
      const { year } = input
      refuseMove(moveRefusal('reopen', year, (await stateOf(db, year)).exercises), year)
      await reopenExercise(db, year, write.at)
      await reconcileLedger(db, write.at, NO_PEOPLE)
      return { year }
    })
  }),

  approve: os.exercise.approve.handler(({ context, input }) => {
    const write = command(context, 'exercise.approve', input)
    return context.ledger.write(write, async (db) => {
      const { year } = input
      refuseMove(moveRefusal('approve', year, (await stateOf(db, year)).exercises), year)
      await approveExercise(db, year)
      return { year }
    })
  }),
}
