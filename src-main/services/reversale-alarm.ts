import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import { cents, formatCents, sum } from '#domain/money'
import { plan } from '#domain/plan'
import { ProblemError, problem } from '#domain/problem'
import type { LineIdentity } from '#domain/reconcile-evidence'
import type { TargetLine } from '#domain/reconcile-outcome'
import { type DecisionRow, decisionsOf, insertDecision, revokeDecision } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { loadPostingFacts } from '#ledger/posting-facts'
import { listReversali, type ReversaleRow } from '#ledger/reversale-list'
import { annulAndReopen } from './annul-reversali.ts'
import { command } from './command.ts'
import { os } from './context.ts'
import { refuseDoubled } from './orphaned-lines.ts'
import { postDrafts, withTheirPayments } from './posting.ts'
import { NO_PEOPLE, reconciledBooks, reconcileLedger } from './reconcile-ledger.ts'
import type { ReconciledBooks } from './reconciled-books.ts'
import { readyToPost, WHOLE } from './reversale-drafts.ts'

export async function oneReversale(db: ReadHandle, id: Id<'reversale'>): Promise<ReversaleRow> {
  const row = (await listReversali(db, { id }))[0]
  if (!row) throw new ProblemError(problem('REVERSALE_NOT_FOUND', { id }))
  return row
}

const SUBJECT = 'reversale'

/** The decision that keeps it, while it stands. */
export async function keptBy(db: ReadHandle, id: Id<'reversale'>): Promise<DecisionRow | null> {
  const decisions = await decisionsOf(db, { kind: SUBJECT, key: String(id) })
  return decisions.findLast((d) => d.kind === 'keepReversale' && !d.revoked) ?? null
}

interface Change {
  readonly same: readonly LineIdentity[]
  readonly gone: readonly LineIdentity[]
  readonly added: readonly TargetLine[]
  readonly waiting: readonly TargetLine[]
}

/** What annulling it would set free, against the lines that it has. */
function changeOf(books: ReconciledBooks, id: number): Change {
  const own = books.posted.filter((line) => line.reversaleId === id)
  const goneIds = new Set(books.plan.gone.map((line) => line.lineId))
  const rest = plan(
    books.outcome.lines,
    books.posted.filter((line) => line.reversaleId !== id),
  )
  const before = new Set([...books.plan.add, ...books.plan.held].map(keyOf))
  const addedBefore = new Set(books.plan.add.map(keyOf))
  const next = rest.add.filter((line) => !addedBefore.has(keyOf(line)))
  const stays = own.filter((line) => !goneIds.has(line.lineId))
  const same = new Set(stays.map(keyOf))
  return {
    same: stays,
    gone: own.filter((line) => goneIds.has(line.lineId)),
    added: next.filter((line) => !same.has(keyOf(line))),
    waiting: rest.held.filter((line) => before.has(keyOf(line))),
  }
}

function keyOf(line: LineIdentity): string {
  return [line.movementId, line.iuv, line.idTransfer, line.accertamentoId, line.cents].join('|')
}

/** A reversale that the evidence left, in the books of now. Refused when it is supported: there is nothing to decide. */
async function leftByEvidence(
  db: ReadHandle,
  id: Id<'reversale'>,
  now: () => Promise<ReconciledBooks | null>,
): Promise<{ readonly row: ReversaleRow; readonly books: ReconciledBooks }> {
  const row = await oneReversale(db, id)
  const books = await now()
  if (books === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  if (!books.plan.gone.some((line) => line.reversaleId === row.id)) {
    throw new ProblemError(problem('REVERSALE_SUPPORTED', { number: row.number, exercise: row.exercise }))
  }
  return { row, books }
}

const nameOf = (row: { readonly exercise: number; readonly number: number }) => `${row.exercise}/${row.number}`

/** Reversali that the evidence left: what to do about each, and what it would change. */
export const alarms = {
  alarm: os.reversale.alarm.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const at = context.clock.now()
      const { row, books } = await leftByEvidence(db, input.id, () => reconciledBooks(db, at))
      const { same, gone, added, waiting } = changeOf(books, row.id)
      const facts = await loadPostingFacts(db, [...same, ...gone, ...added], romeDate(at))
      const wire = (change: 'same' | 'gone' | 'new', lines: readonly LineIdentity[]) =>
        lines.flatMap((line) => {
          const accertamento = facts.accertamenti.get(line.accertamentoId)
          const movement = facts.movements.get(line.movementId)
          if (!accertamento || !movement) return []
          return [
            {
              change,
              accertamento: nameOf(accertamento),
              personName: accertamento.personName,
              iuv: line.iuv,
              bookingDate: movement.bookingDate,
              cents: line.cents,
            },
          ]
        })
      return {
        id: row.id,
        reversale: nameOf(row),
        cents: row.cents,
        nextCents: sum([...same, ...added].map((l) => l.cents)),
        lines: [...wire('gone', gone), ...wire('new', added), ...wire('same', same)],
        waitingCents: sum(waiting.map((l) => l.cents)),
      }
    }),
  ),

  reissue: os.reversale.reissue.handler(({ context, input }) => {
    const write = command(context, 'reversale.reissue', input)
    return context.ledger.write(write, async (db) => {
      const { at, operator } = write
      const { row, books } = await leftByEvidence(db, input.id, () => reconcileLedger(db, at, NO_PEOPLE))
      const { same, added } = changeOf(books, row.id)
      const freed = new Set([...same, ...added].map(keyOf))
      const expected = sum([...same, ...added].map((l) => l.cents))
      if (expected !== input.expectedCents) {
        throw new ProblemError(
          problem('POSTING_CHANGED', { expected: formatCents(input.expectedCents), found: formatCents(expected) }),
        )
      }
      const after = await annulAndReopen(db, { reversaleIds: [row.id], reason: input.reason, at, operator })
      const ready = after === null ? [] : (await readyToPost(db, after, WHOLE, at)).groups.drafts
      const drafts = withTheirPayments(
        ready.filter((draft) => draft.lines.some((line) => freed.has(keyOf(line)))),
        ready,
      )
      const none = { count: 0, cents: cents(0), first: null }
      if (drafts.length === 0) return { annulled: nameOf(row), issued: none }
      const order = {
        scope: WHOLE,
        keys: drafts.map((d) => d.groupKey),
        changes: {},
        expectedCents: sum(drafts.map((d) => d.cents)),
      }
      const posted = await postDrafts(db, order, { at, operator }, async () => {})
      const first = `${posted.exercise}/${posted.firstNumber}`
      return { annulled: nameOf(row), issued: { ...posted.reversali, first } }
    })
  }),

  keep: os.reversale.keep.handler(({ context, input }) => {
    const write = command(context, 'reversale.keep', input)
    return context.ledger.write(write, async (db) => {
      const { at, operator } = write
      const { row } = await leftByEvidence(db, input.id, () => reconcileLedger(db, at, NO_PEOPLE))
      await insertDecision(db, {
        ...{ kind: 'keepReversale', subjectKind: SUBJECT, subjectKey: String(row.id) },
        ...{ payload: { reversaleId: row.id }, reason: input.reason, at, operator },
      })
      const books = await reconcileLedger(db, at, NO_PEOPLE)
      if (books !== null) refuseDoubled(books, [row.id])
      return { id: row.id }
    })
  }),

  release: os.reversale.release.handler(({ context, input }) => {
    const write = command(context, 'reversale.release', input)
    return context.ledger.write(write, async (db) => {
      const { at, operator } = write
      const row = await oneReversale(db, input.id)
      const decision = await keptBy(db, input.id)
      if (decision === null) {
        throw new ProblemError(problem('REVERSALE_NOT_KEPT', { number: row.number, exercise: row.exercise }))
      }
      await revokeDecision(db, decision, { reason: input.reason, at, operator })
      await reconcileLedger(db, at, NO_PEOPLE)
      return { id: row.id }
    })
  }),
}
