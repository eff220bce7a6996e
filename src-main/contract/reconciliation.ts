import { z } from 'zod'
import { actSchema, consequenceSchema, matchTargetSchema, subjectSchema, targetSchema } from './decision.ts'
import { procedure } from './procedure.ts'
import { labelSchema } from './reporting-flow.ts'
import { centsSchema, countSchema, idSchema, instantSchema, isoDateSchema, reasonSchema, textSchema } from './values.ts'
import { counterpartSchema, spanSchema, squareSchema, tableInput, tableOutput } from './work-table.ts'

/** The part of the books that the work table shows: one statement, or one account, or one flow, or all. */
export const boardScope = z.object({
  statementId: idSchema('bankStatement').nullable().default(null),
  bankAccountId: idSchema('bankAccount').nullable().default(null),
  /** Only for posting: the payments of this flow and no other. */
  reportingFlowId: idSchema('reportingFlow').nullable().default(null),
})

const candidateSchema = z.object({
  target: targetSchema,
  title: z.string(),
  detail: z.string(),
  date: isoDateSchema.nullable(),
  cents: centsSchema,
  /** Ticks of the proof, the one doubt last. */
  evidence: z.array(z.object({ ok: z.boolean(), text: z.string() })),
  level: z.enum(['exact', 'truncated', 'psp', 'amount', 'debtor', 'searched']),
  payers: z.array(z.object({ name: z.string(), iuv: z.string(), cents: centsSchema })).max(50),
})

export const boardRowSchema = z.object({
  bankMovementId: idSchema('bankMovement'),
  bookingDate: isoDateSchema,
  valueDate: isoDateSchema.nullable(),
  cents: centsSchema,
  leftCents: centsSchema,
  description: z.string(),
  spans: z.array(spanSchema),
  bankReference: z.string().nullable(),
  provvisorio: z.string().nullable(),
  label: labelSchema,
  /** `proposal` can be confirmed with Invio; others need another act. */
  candidates: z.array(candidateSchema),
  skippedToday: z.boolean(),
  notes: countSchema,
})

const matchedRow = z.object({
  bankMovementId: idSchema('bankMovement'),
  bookingDate: isoDateSchema,
  cents: centsSchema,
  description: z.string(),
  flowId: z.string().nullable(),
  targetTitle: z.string(),
  targetCents: centsSchema,
  byHand: z.boolean(),
  decisionId: idSchema('decision').nullable(),
  posted: z.boolean(),
  label: labelSchema,
})

export const reconciliation = {
  board: procedure.input(boardScope).output(
    z.object({
      scopeText: z.string(),
      from: isoDateSchema.nullable(),
      to: isoDateSchema.nullable(),
      movements: countSchema,
      toDecide: z.array(boardRowSchema),
      matched: z.array(matchedRow),
      flowsWithoutCredit: z.array(
        z.object({
          reportingFlowId: idSchema('reportingFlow'),
          flowId: z.string(),
          pspName: z.string(),
          regulationDate: isoDateSchema,
          payments: countSchema,
          cents: centsSchema,
          label: labelSchema,
        }),
      ),
      ignored: z.array(
        z.object({
          bankMovementId: idSchema('bankMovement'),
          bookingDate: isoDateSchema,
          cents: centsSchema,
          description: z.string(),
          label: labelSchema,
          decisionId: idSchema('decision').nullable(),
        }),
      ),
      square: squareSchema,
      lastAct: z.object({ decisionId: idSchema('decision'), text: z.string() }).nullable(),
    }),
  ),
  /** Confirms a proposal (or any chosen counterpart) whole: the match becomes a decision. */
  match: procedure
    .input(
      z.object({
        bankMovementId: idSchema('bankMovement'),
        targets: z.array(matchTargetSchema).min(1).max(200),
        reason: textSchema.default(''),
      }),
    )
    .output(z.object({ decisionId: idSchema('decision') })),
  /** Counterparts for «Cerca altro»: flows, IUVs and accertamenti by amount, date and text. */
  search: procedure
    .input(
      z.object({
        bankMovementId: idSchema('bankMovement'),
        text: z.string().max(100).default(''),
        toleranceCents: centsSchema.nullable().default(null),
      }),
    )
    .output(z.array(candidateSchema).max(100)),
  /** «Non pagoPA», «già riscosso altrove»…: the credit leaves the table with its reason. */
  exclude: procedure
    .input(z.object({ bankMovementIds: z.array(idSchema('bankMovement')).min(1).max(10_000), reason: reasonSchema }))
    .output(z.object({ decisionId: idSchema('decision') })),
  /** Puts the row at the bottom for today. */
  skip: procedure
    .input(z.object({ bankMovementId: idSchema('bankMovement') }))
    .output(z.object({ bankMovementId: idSchema('bankMovement') })),
  /** The work table, one view and page of it (SCREENS.md §10). */
  table: procedure.input(tableInput).output(tableOutput),
  /**
   * All the acts in one write and one reconciliation, or none of them. An act on money already in reversali is refused
   * with their names, unless `annul`: then they are annulled with the reason in the same write.
   */
  decide: procedure
    .input(
      z.object({
        acts: z.array(actSchema).min(1).max(1000),
        reason: textSchema.default(''),
        annul: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        decisionIds: z.array(idSchema('decision')),
        decided: countSchema,
        /** Names of the reversali annulled with it. */
        annulled: z.array(z.string()),
      }),
    ),
  /** Which reversali these acts, or taking these decisions back, would leave without support. Nothing is written. */
  consequences: procedure
    .input(
      z.object({
        acts: z.array(actSchema).max(1000).default([]),
        undo: z.array(idSchema('decision')).max(1000).default([]),
      }),
    )
    .output(z.object({ reversali: z.array(consequenceSchema), freedCents: centsSchema })),
  /**
   * Takes decisions back with new ones, all or none. A revocation may be taken back too («ripeti»). What was posted is
   * refused with the reversali that hold it, unless `annul`: then they are annulled with the reason in the same write.
   */
  undo: procedure
    .input(
      z.object({
        decisionIds: z.array(idSchema('decision')).min(1).max(1000),
        reason: textSchema.default(''),
        annul: z.boolean().default(false),
      }),
    )
    .output(z.object({ decisionIds: z.array(idSchema('decision')), annulled: z.array(z.string()) })),
  /** «Cerca altro» for any row of the table: flows, payments, accertamenti, movements; nearest amount first. */
  find: procedure
    .input(
      z.object({
        subject: subjectSchema,
        /** Person, IUV, flow id, number of the accertamento, reference of the MAV or of the Albo outside. */
        text: z.string().max(100).default(''),
        toleranceCents: centsSchema.nullable().default(null),
        /** Regulation day of flows, due date of debts, booking date of movements. */
        dateFrom: isoDateSchema.nullable().default(null),
        dateTo: isoDateSchema.nullable().default(null),
      }),
    )
    .output(z.array(counterpartSchema).max(100)),
  /** A note; `assignee` null leaves it to whom it was, '' to nobody. */
  note: procedure
    .input(z.object({ subject: subjectSchema, text: textSchema.min(1), assignee: textSchema.nullable().default(null) }))
    .output(z.object({ notes: countSchema, assignee: z.string().nullable() })),
  /** «A chi»: null for nobody. */
  assign: procedure
    .input(z.object({ subjects: z.array(subjectSchema).min(1).max(1000), assignee: textSchema.min(1).nullable() }))
    .output(z.object({ assigned: countSchema })),
  notes: procedure.input(z.object({ subject: subjectSchema })).output(
    z.object({
      assignee: z.string().nullable(),
      notes: z.array(
        z.object({ text: z.string(), assignee: z.string().nullable(), at: z.string(), operator: z.string() }),
      ),
    }),
  ),
  /** All that happened to it, newest first. */
  history: procedure.input(z.object({ subject: subjectSchema })).output(
    z.array(
      z.object({
        at: instantSchema,
        text: z.string(),
        tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
        operator: z.string().nullable(),
      }),
    ),
  ),
}
