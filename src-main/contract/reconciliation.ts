import { z } from 'zod'
import { procedure } from './procedure.ts'
import { labelSchema } from './reporting-flow.ts'
import { amountSchema, centsSchema, countSchema, idSchema, isoDateSchema, reasonSchema, textSchema } from './values.ts'

/** The part of the books that the work table shows: one statement, or one account, or one flow, or all. */
export const boardScope = z.object({
  statementId: idSchema('bankStatement').nullable().default(null),
  bankAccountId: idSchema('bankAccount').nullable().default(null),
  /** Only for posting: the payments of this flow and no other. */
  reportingFlowId: idSchema('reportingFlow').nullable().default(null),
})

/** Stretches of the causale for the three marks: start inclusive, end exclusive, in characters of `description`. */
const spanSchema = z.object({
  start: countSchema,
  end: countSchema,
  mark: z.enum(['recognised', 'broken', 'missing']),
})

export const targetSchema = z.object({
  kind: z.enum(['flow', 'iuv', 'accertamento']),
  /** reportingFlow, installment or accertamento, by kind. */
  id: z.int().positive(),
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

const squareLine = z.object({ total: amountSchema, matched: amountSchema, proposed: amountSchema, alone: amountSchema })

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
      /** Quadratura: credits and flows, and the difference explained line by line, to the cent. */
      square: z.object({
        credits: squareLine,
        flows: squareLine,
        differenceCents: centsSchema,
        explanation: z.array(z.object({ text: z.string(), cents: centsSchema })),
        explained: z.boolean(),
      }),
      lastAct: z.object({ decisionId: idSchema('decision'), text: z.string() }).nullable(),
    }),
  ),
  /** Confirms a proposal (or any chosen counterpart) whole: the match becomes a decision. */
  match: procedure
    .input(
      z.object({
        bankMovementId: idSchema('bankMovement'),
        targets: z
          .array(targetSchema.extend({ cents: centsSchema }))
          .min(1)
          .max(200),
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
  /** Revokes a decision with a new one. What was already posted is refused with the reversali that must be annulled first. */
  undo: procedure
    .input(z.object({ decisionId: idSchema('decision'), reason: textSchema.default('') }))
    .output(z.object({ decisionId: idSchema('decision') })),
  note: procedure
    .input(
      z.object({ bankMovementId: idSchema('bankMovement'), text: textSchema.min(1), assignee: textSchema.nullable() }),
    )
    .output(z.object({ notes: countSchema })),
  notes: procedure
    .input(z.object({ bankMovementId: idSchema('bankMovement') }))
    .output(
      z.array(z.object({ text: z.string(), assignee: z.string().nullable(), at: z.string(), operator: z.string() })),
    ),
}
