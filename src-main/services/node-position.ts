import type { Id } from '#domain/brand'
import { sum } from '#domain/money'
import { openNodeBatches } from '#ledger/node-batch'
import { readNodeSettings } from '#ledger/node-connection'
import { countDivergences } from '#ledger/node-follow'
import { heldPaymentsOf, nextOf, presentEnvironment, readNodeRows, readPositionFacts } from '#ledger/node-position'
import { countBySync, countRefused, listRefused } from '#ledger/node-position-list'
import { retryRows, waitingRows } from '#ledger/node-position-work'
import type { PositionQuery } from '#ledger/position-list'
import { writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { longWork } from './long-work.ts'
import { nodeFollow, readDivergences } from './node-divergence.ts'
import { publish, withdraw } from './node-publish/acts.ts'
import { isPaused, PAUSED_SETTING } from './node-publish/paused.ts'
import { connectionProblems, planPublication, planWithdrawal, previewOfPlan } from './node-publish/plan.ts'
import { type Fault, faultOf } from './node-publish/refused.ts'
import { reissueAnew } from './position-act.ts'
import type { Selection } from './selection.ts'

const FAULTS: ListRules<Fault> = {
  text: (row) => [row.personName, row.noticeNumber, row.iupd, row.reason],
  columns: {
    personName: (row) => row.personName,
    noticeNumber: (row) => row.noticeNumber,
    cents: (row) => row.cents,
    step: (row) => row.step,
    at: (row) => row.at,
    reason: (row) => row.reason,
  },
}

type Chosen = Selection<PositionQuery>

export const nodePosition = {
  ...nodeFollow,

  publishPreview: os.nodePosition.publishPreview.handler(async ({ context, input }) => {
    const lacking = await connectionProblems(context)
    const plan = await context.ledger.read((db) => planPublication(db, context, input.selection as Chosen))
    return previewOfPlan(plan, lacking)
  }),

  publish: os.nodePosition.publish.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => publish(context, input.selection as Chosen, input, report))
  }),

  withdrawPreview: os.nodePosition.withdrawPreview.handler(async ({ context, input }) => {
    const lacking = await connectionProblems(context)
    const plan = await context.ledger.read((db) => planWithdrawal(db, context, input.selection as Chosen))
    return previewOfPlan(plan, lacking)
  }),

  withdraw: os.nodePosition.withdraw.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => withdraw(context, input.selection as Chosen, input, report))
  }),

  retry: os.nodePosition.retry.handler(async ({ context, input }) => {
    const { debtPositionIds: ids, waiting } = input
    const of = waiting ? 'waiting' : ids.length === 0 ? 'all' : ids
    const write = waiting
      ? command(context, 'nodePosition.hurry', {})
      : command(context, 'nodePosition.retry', { positions: ids.length })
    const queued = await context.ledger.write(write, async (db) => retryRows(db, await presentEnvironment(db), of))
    context.nodePublisher.restart()
    return { queued }
  }),

  reissue: os.nodePosition.reissue.handler(async function* ({ context, input, signal }) {
    const { debtPositionIds, ...how } = input
    return yield* longWork(signal, async (report) => {
      const done = await reissueAnew(context, debtPositionIds, how, report)
      context.nodePublisher.kick()
      return done
    })
  }),

  faults: os.nodePosition.faults.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = (await listRefused(db, await presentEnvironment(db))).map(faultOf)
      const { step } = input.filters
      const shown = rows.filter((row) => step.length === 0 || step.includes(row.step))
      const found = searchAndSort(shown, input, FAULTS)
      return answerOf(found, input, { cents: sum(found.map((row) => row.cents)) })
    }),
  ),

  card: os.nodePosition.card.handler(({ context, input }) => readNodeCard(context, input.id)),

  pause: os.nodePosition.pause.handler(async ({ context, input: { paused } }) => {
    await context.ledger.write(command(context, paused ? 'nodePosition.pause' : 'nodePosition.resume', {}), (db) =>
      writeSetting(db, PAUSED_SETTING, paused ? 'true' : null),
    )
    if (!paused) context.nodePublisher.restart()
    return { paused }
  }),

  status: os.nodePosition.status.handler(async ({ context }) => {
    const ready = (await connectionProblems(context)).length === 0
    return context.ledger.read(async (db) => {
      const environment = await presentEnvironment(db)
      const { autoPublish } = await readNodeSettings(db, environment)
      const { waiting, underWay } = await waitingRows(db, environment, context.ledger.clock.now())
      const { working, stopped, lastRunAt, nextTryAt } = context.nodePublisher.state()
      const batches = await openNodeBatches(db, environment)
      return {
        ...{ environment, paused: await isPaused(db), ready, automatic: autoPublish, working, stopped, waiting },
        resting: waiting - underWay,
        faults: await countRefused(db, environment),
        divergences: await countDivergences(db, environment),
        counts: await countBySync(db, environment),
        ...{ lastRunAt, nextTryAt },
        files: batches.map(({ kind, rows, fileId, startedAt }) => ({
          kind,
          rows,
          fileId,
          startedAt,
          nextAt: nextTryAt,
        })),
      }
    })
  }),
}

function readNodeCard({ ledger }: ServiceContext, id: Id<'debtPosition'>) {
  return ledger.read(async (db) => {
    const environment = await presentEnvironment(db)
    const of = (await readPositionFacts(db, [id])).get(id)
    const rows = (await readNodeRows(db, environment, [id])).reverse()
    const faults = new Map((await listRefused(db, environment, id)).map((row) => [row.iupd, faultOf(row)]))
    const divergences = new Map(
      (await readDivergences(db, environment, { debtPositionId: id })).map((one) => [one.iupd, one]),
    )
    return {
      environment,
      rows: rows.map((row) => {
        const next = of === undefined ? null : nextOf(row, of)
        return {
          ...{ iupd: row.iupd, current: row.iupd === of?.iupd, state: row.state, heldVersion: row.heldVersion },
          saidAt: row.saidAt,
          step: row.step ?? (next?.kind === 'step' ? next.step : null),
          payments: (heldPaymentsOf(row) ?? []).map(({ iuv, nav, cents, dueDate, status, paidAt }) => ({
            ...{ iuv, noticeNumber: nav, cents: cents as Fault['cents'], dueDate, status, paidAt },
          })),
          fault: faults.get(row.iupd) ?? null,
          divergence: divergences.get(row.iupd) ?? null,
        }
      }),
    }
  })
}
