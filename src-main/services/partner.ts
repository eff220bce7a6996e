import { sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { presentEnvironment, readPositionFacts, settleOnNode } from '#ledger/node-position'
import type { PartnerBatch, PartnerRow } from '#ledger/partner'
import {
  countEntrusted,
  listPartnerBatches,
  listPartnerOutcomes,
  listPartnerRows,
  partnerFilesOf,
  releasePartnerRows,
  withdrawPartnerBatch,
} from '#ledger/partner'
import { handedRows, standingAtPartner } from '#ledger/partner-held'
import type { PositionQuery } from '#ledger/position-list'
import { command } from './command.ts'
import { os } from './context.ts'
import { keptList } from './kept-list.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { longWork } from './long-work.ts'
import { downloadAgain, entrust, entrustDue } from './partner-export.ts'
import { confirmOutcome, markByHand, needBatch, previewOutcome } from './partner-outcome.ts'
import { planDue, planEntrust, planOut } from './partner-plan.ts'
import { today } from './produced-file.ts'
import type { Selection } from './selection.ts'

type Chosen = Selection<PositionQuery>

const BATCHES: ListRules<ReturnType<typeof batchOut>> = {
  text: (row) => [String(row.id), row.fileName, row.operator],
  columns: {
    id: (row) => row.id,
    at: (row) => row.at,
    kind: (row) => row.kind,
    rows: (row) => row.rows,
    cents: (row) => row.cents,
    waiting: (row) => row.waiting,
    accepted: (row) => row.accepted,
    refused: (row) => row.refused,
  },
}

const ROWS: ListRules<PartnerRow> = {
  text: (row) => [row.personName, row.noticeNumber, row.iupd, row.reason],
  columns: {
    personName: (row) => row.personName,
    noticeNumber: (row) => row.noticeNumber,
    cents: (row) => row.cents,
    outcome: (row) => row.outcome,
    reason: (row) => row.reason,
  },
}

export const partner = {
  preview: os.partner.preview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const plan = await planEntrust(db, context, input.selection as Chosen, input.alsoPublished)
      return { ...planOut(plan), published: plan.published }
    }),
  ),

  export: os.partner.export.handler(async function* ({ context, input, signal }) {
    const { selection, ...how } = input
    const asked = { ...how, selection: selection as Chosen }
    return yield* longWork(signal, (report) => entrust(context, asked, report))
  }),

  due: os.partner.due.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const environment = await presentEnvironment(db)
      // Asked by every page open while nothing is written.
      const groups = await keptList(db, ['partner.due', environment, today(context)], async () =>
        (await planDue(db, context)).map((plan) => ({ kind: plan.kind, again: plan.again, ...planOut(plan) })),
      )
      return {
        ...{ environment, entrusted: await countEntrusted(db, environment) },
        groups: groups.map(({ environment: _environment, problems: _problems, ...group }) => group),
      }
    }),
  ),

  exportDue: os.partner.exportDue.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => entrustDue(context, input, report))
  }),

  batches: os.partner.batches.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const all = await listPartnerBatches(db, { environment: await presentEnvironment(db) })
      return answerOf(searchAndSort(all.map(batchOut), input, BATCHES), input, {})
    }),
  ),

  batch: os.partner.batch.handler(({ context, input }) =>
    context.ledger.read(async (db) => ({
      ...batchOut(await needBatch(db, input.id)),
      outcomes: (await listPartnerOutcomes(db, input.id)).map(({ id: _id, sha256: _sha256, ...one }) => one),
    })),
  ),

  rows: os.partner.rows.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { id, outcome } = input.filters
      const all = await keptList(db, ['partner.rows', id], () => listPartnerRows(db, id))
      const shown = all.filter((row) => outcome.length === 0 || outcome.includes(row.outcome))
      const rows = searchAndSort(shown, input, ROWS).map(({ version: _version, ...row }) => row)
      return answerOf(rows, input, { cents: sum(rows.map((row) => row.cents)) })
    }),
  ),

  position: os.partner.position.handler(({ context, input: { id } }) =>
    context.ledger.read(async (db) => {
      const environment = await presentEnvironment(db)
      const facts = (await readPositionFacts(db, [id])).get(id)
      const handed = (await handedRows(db, environment, [id])).get(id) ?? []
      const standing = facts === undefined || handed.length === 0 ? [] : standingAtPartner(facts, handed)
      return {
        entrusted: handed.length > 0,
        need: standing.find(({ need }) => need !== null)?.need ?? null,
        files: await partnerFilesOf(db, environment, id),
      }
    }),
  ),

  download: os.partner.download.handler(({ context, input }) => downloadAgain(context, input.id)),

  withdraw: os.partner.withdraw.handler(async ({ context, input: { id, reason } }) => {
    const count = await context.ledger.write(
      command(context, 'partner.withdraw', { batch: id, reason }),
      async (db) => {
        const batch = await needBatch(db, id)
        if (batch.withdrawnAt !== null) throw new ProblemError(problem('PARTNER_BATCH_WITHDRAWN', {}))
        if (batch.accepted > 0) throw new ProblemError(problem('PARTNER_BATCH_ACCEPTED', { count: batch.accepted }))
        const rows = await listPartnerRows(db, id)
        if (rows.some((row) => row.followed)) throw new ProblemError(problem('PARTNER_BATCH_FOLLOWED', {}))
        await withdrawPartnerBatch(db, id, context.clock.now(), reason)
        await settleOnNode(
          db,
          batch.environment,
          rows.map((row) => row.debtPositionId),
        )
        return rows.length
      },
    )
    // What the node holds of them is ours again.
    context.nodePublisher.kick()
    return { count }
  }),

  release: os.partner.release.handler(async ({ context, input: { id, reason } }) => {
    const count = await context.ledger.write(command(context, 'partner.release', { batch: id, reason }), async (db) => {
      const batch = await needBatch(db, id)
      if (batch.withdrawnAt !== null) throw new ProblemError(problem('PARTNER_BATCH_WITHDRAWN', {}))
      const rows = (await listPartnerRows(db, id)).filter((row) => row.outcome === 'refused' && !row.followed)
      if (batch.kind !== 'create' || rows.length === 0) {
        throw new ProblemError(problem('POSITION_ACT_REFUSED', { reason: 'Nessuna rifiutata da riprendere' }))
      }
      await releasePartnerRows(
        db,
        id,
        rows.map((row) => row.iupd),
      )
      await settleOnNode(
        db,
        batch.environment,
        rows.map((row) => row.debtPositionId),
      )
      return rows.length
    })
    context.nodePublisher.kick()
    return { count }
  }),

  outcomePreview: os.partner.outcomePreview.handler(({ context, input }) =>
    previewOutcome(context, input.id, input.token),
  ),

  outcomeConfirm: os.partner.outcomeConfirm.handler(({ context, input }) =>
    confirmOutcome(context, input.id, input.token, input.stamp),
  ),

  mark: os.partner.mark.handler(async ({ context, input: { id, ...how } }) => ({
    count: await markByHand(context, id, how),
  })),
}

function batchOut({ withdrawnAt, withdrawnReason, environment: _environment, ...batch }: PartnerBatch) {
  return {
    ...batch,
    withdrawn: withdrawnAt === null ? null : { at: withdrawnAt, reason: withdrawnReason ?? '' },
  }
}
