import { z } from 'zod'
import { type Cents, isCents } from '#domain/money'
import { centsSchema, idSchema, isoDateSchema, textSchema } from './values.ts'

/** A payment inside a flow: its key survives a new version of the flow that keeps it, its id does not. */
const rowShape = { reportingFlowId: idSchema('reportingFlow'), rowKey: z.string().min(3).max(200) }

/** What notes, assignments, histories and «salta» are about. */
export const subjectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('movement'), bankMovementId: idSchema('bankMovement') }),
  z.object({ kind: z.literal('flow'), reportingFlowId: idSchema('reportingFlow') }),
  z.object({ kind: z.literal('flowRow'), ...rowShape }),
  z.object({ kind: z.literal('receipt'), receiptId: idSchema('receipt') }),
  z.object({ kind: z.literal('reversale'), reversaleId: idSchema('reversale') }),
])

/** Up to a hundred thousand million euro: sums of many stay whole numbers. */
export const partSchema = z.int().min(-1e13).max(1e13).refine(isCents) as unknown as z.ZodType<Cents, Cents>

const targetSchema = z.object({
  kind: z.enum(['flow', 'iuv', 'accertamento']),
  /** reportingFlow, installment or accertamento, by kind. */
  id: z.int().positive(),
  cents: partSchema,
})

const why = {
  /** Why; instead of the reason said once for all the acts. */
  reason: textSchema.optional(),
  /** Decisions that the row showed: one of another operator that stands on the same thing and is not among them refuses. */
  seen: z.array(idSchema('decision')).max(1000).optional(),
}

/**
 * Where what the targets leave goes: given back to this person («somme da restituire»), or, when nobody knows whose it is,
 * to the capitolo of what is to be identified. Without either it stays to be attributed.
 */
const rest = {
  excessTo: idSchema('person').nullable().optional(),
  unidentified: z.literal(true).optional(),
}

/**
 * One thing that a person decides on the work table. What is proposed carries its act ready to be sent.
 * `exclude`, `acceptFlow`, `chooseVersion`, `confirmRevocation`, `netRevocation`, `setAside` and `keepReversale` want a reason.
 */
export const actSchema = z.discriminatedUnion('kind', [
  /** This credit is of these flows, payments, accertamenti, in these parts; a payment is taken whole. None: all is rest. */
  z.object({
    kind: z.literal('match'),
    bankMovementId: idSchema('bankMovement'),
    targets: z.array(targetSchema).max(200),
    /** Beside what was matched by hand before and stands; absent: instead of it. */
    more: z.literal(true).optional(),
    ...rest,
    ...why,
  }),
  /** «Non pagoPA», «da coprire con mandato»…: credits and debits. */
  z.object({
    kind: z.literal('exclude'),
    bankMovementIds: z.array(idSchema('bankMovement')).min(1).max(10_000),
    ...why,
  }),
  /** Giroconto: this credit is that debit of another account of ours. */
  z.object({
    kind: z.literal('internal'),
    bankMovementId: idSchema('bankMovement'),
    debitMovementId: idSchema('bankMovement'),
    ...why,
  }),
  /** This debit takes that credit back. */
  z.object({
    kind: z.literal('storno'),
    bankMovementId: idSchema('bankMovement'),
    creditMovementId: idSchema('bankMovement'),
    ...why,
  }),
  /** Sum or count of this version are taken as they are. */
  z.object({
    kind: z.literal('acceptFlow'),
    reportingFlowId: idSchema('reportingFlow'),
    contentHash: z.string().length(64),
    ...why,
  }),
  /** Of two versions of one date this counts. */
  z.object({
    kind: z.literal('chooseVersion'),
    reportingFlowId: idSchema('reportingFlow'),
    contentHash: z.string().length(64),
    ...why,
  }),
  /** These rows with outcome 3 do take their payment back. */
  z.object({
    kind: z.literal('confirmRevocation'),
    reportingFlowId: idSchema('reportingFlow'),
    rowKeys: z.array(rowShape.rowKey).min(1).max(1000),
    ...why,
  }),
  /** The revocations of this flow that take back nothing that was ever collected here: its own rows bear them. */
  z.object({ kind: z.literal('netRevocation'), reportingFlowId: idSchema('reportingFlow'), ...why }),
  /** Money of a row to accertamenti. */
  z.object({
    kind: z.literal('assignRow'),
    ...rowShape,
    targets: z.array(z.object({ accertamentoId: idSchema('accertamento'), cents: partSchema })).max(50),
    ...rest,
    ...why,
  }),
  /** A payment held, a flow kept out of the books, a debit that takes back too much: nothing is asked of it any more. */
  z.object({ kind: z.literal('setAside'), subject: subjectSchema, ...why }),
  /** Paid outside pagoPA: cash enters the cash account at once, POS and bonifico are waited for. */
  z.object({
    kind: z.literal('paidOutside'),
    debtPositionId: idSchema('debtPosition'),
    document: z.string().trim().min(2).max(200),
    how: z.enum(['cash', 'pos', 'bonifico']),
    /** Of kind cash; only with `cash`. */
    cashAccountId: idSchema('bankAccount').nullable().default(null),
    date: isoDateSchema,
    /** Only with `cash`. */
    cents: partSchema.nullable().default(null),
    /** Only these payments of its current version; absent: all of the position. */
    iuvs: z.array(z.string().max(35)).min(1).max(24).optional(),
    ...why,
  }),
  /** A reversale that the evidence no longer supports stays as it is. */
  z.object({ kind: z.literal('keepReversale'), reversaleId: idSchema('reversale'), ...why }),
  /** To the bottom of the table, for today. */
  z.object({ kind: z.literal('skip'), subject: subjectSchema, ...why }),
])

/** A reversale that a decision would leave without support: to be annulled with it. */
export const consequenceSchema = z.object({
  reversaleId: idSchema('reversale'),
  /** «2026/12» */
  name: z.string(),
  /** Of the whole reversale: all of it is annulled, what the evidence still wants is ready again. */
  cents: centsSchema,
  /** Day on which the treasurer carried it out: then it cannot be annulled here. */
  executedOn: isoDateSchema.nullable(),
})
