import { z } from 'zod'
import { accertamentoFilters, daysSchema } from './accertamento.ts'
import { exportInput, listInput, listOutput } from './list.ts'
import { historySchema } from './person.ts'
import { longWork, procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  leftOutSchema,
  problemSchema,
  textSchema,
  yearSchema,
} from './values.ts'

/** What the list shows as «Stato»: lifecycle, payment and expiry of DOMAIN.md §3 in one word. */
export const positionStateSchema = z.enum(['issued', 'expired', 'partiallyPaid', 'paid', 'collected', 'cancelled'])
export const deliveryStateSchema = z.enum([
  'queued',
  'sending',
  'sent',
  'accepted',
  'delivered',
  'deferred',
  'failed',
  'uncertain',
  'cancelled',
  'suppressed',
])
/** `server`: FTP, FTPS or SFTP; `post`: files for the bulk postal service; `io`: App IO. */
export const channelSchema = z.enum(['email', 'pec', 'folder', 'server', 'post', 'io'])

/** `syncState` of DOMAIN.md §3. */
export const syncStateSchema = z.enum(['none', 'toSync', 'inFlight', 'synced', 'failed', 'diverged'])

/** `toPublish`: can be paid and was never sent; `refused`: the node did not take it; `diverged`: a person chooses. */
export const nodeStandingSchema = z.enum(['toPublish', 'underWay', 'published', 'refused', 'diverged'])

export const debtPositionFilters = z.object({
  /** Positions with an accertamento of this exercise, or of an earlier one and still open in it. */
  exercise: yearSchema.nullable().default(null),
  /** Within the exercise: only its own accertamenti, or only earlier ones. */
  origin: z.enum(['competenza', 'residui']).nullable().default(null),
  issuanceId: idSchema('issuance').nullable().default(null),
  importId: idSchema('registerImport').nullable().default(null),
  personId: idSchema('person').nullable().default(null),
  state: z.array(positionStateSchema).default([]),
  category: z.array(categorySchema).default([]),
  capitoloId: idSchema('capitolo').nullable().default(null),
  serviceTypeId: idSchema('serviceType').nullable().default(null),
  /** Of the current version. `none`: never delivered; `toReview`: failed or uncertain; `done`: sent or delivered. */
  delivery: z.enum(['none', 'underWay', 'toReview', 'done']).nullable().default(null),
  /** Delivered, or on its way, by one of these. */
  channel: z.array(channelSchema).default([]),
  dueFrom: isoDateSchema.nullable().default(null),
  dueTo: isoDateSchema.nullable().default(null),
  minCents: centsSchema.nullable().default(null),
  maxCents: centsSchema.nullable().default(null),
  /** Not wholly paid so many days after the issue, or after the day by which money was awaited. */
  unpaidSinceIssue: daysSchema.nullable().default(null),
  unpaidSinceDue: daysSchema.nullable().default(null),
  /** At once only, or also by instalments. */
  payment: z.enum(['single', 'plan']).nullable().default(null),
  /** More than one version. */
  changed: z.boolean().nullable().default(null),
  /** A payment of it was registered outside pagoPA. */
  paidOutside: z.boolean().nullable().default(null),
  /** The person has no address in force. */
  withoutAddress: z.boolean().nullable().default(null),
  /** Where it stands between here and the node. */
  node: nodeStandingSchema.nullable().default(null),
  /** Handed to the technological partner. */
  partner: z.boolean().nullable().default(null),
})

export const debtPositionRowSchema = z.object({
  id: idSchema('debtPosition'),
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  category: categorySchema,
  /** «380/2026», or «380/2026 e altri 2» for a grouped position. */
  accertamenti: z.string(),
  causale: z.string(),
  /** Of the single payment; of the first instalment where there are only instalments. */
  noticeNumber: z.string(),
  iuv: z.string(),
  dueDate: isoDateSchema.nullable(),
  /** 0 where the position is paid at once. */
  installments: countSchema,
  validUntil: isoDateSchema,
  cents: centsSchema,
  state: positionStateSchema,
  /** The last delivery of the current version, if any. */
  delivery: z.object({ channel: channelSchema, state: deliveryStateSchema }).nullable(),
  /** As the node last said (pagopa.md §7.2); null while it has none. */
  nodeState: z.string().nullable(),
  syncState: syncStateSchema,
  /** The technological partner's: `nodeState` is what he said, `syncState` whether he was told. */
  partner: z.boolean(),
  issuanceId: idSchema('issuance'),
  issuance: z.string(),
})

/** Equal instalments whose dates a rule makes; `domain/installment-split.ts` makes the same ones on the screen. */
export const installmentRuleSchema = z.object({
  count: z.int().min(2).max(24),
  /** Also payable at once: the payer chooses. */
  withSingle: z.boolean(),
  firstDue: isoDateSchema,
  /** Months between one due date and the next. */
  everyMonths: z.int().min(1).max(12),
  /** Each falls due on the last day of its month. */
  lastDay: z.boolean().optional(),
  /** What would fall on a Saturday, Sunday or holiday falls on the working day after. */
  workingDay: z.boolean().optional(),
})

/** How positions are made from accertamenti; the institution's last choices are proposed. */
export const generationParameters = z.object({
  description: textSchema.min(1),
  /** Used where the accertamento has none; null leaves the notice without due date. */
  dueDate: isoDateSchema.nullable(),
  validUntil: isoDateSchema,
  groupByPerson: z.boolean(),
  /** Causale of a grouped position, at most 140. */
  groupDescription: z.string().trim().max(140),
  /** Instalments beside or instead of the single payment; null asks for the whole at once. */
  installments: installmentRuleSchema.nullable().default(null),
})

const generationInput = z.object({
  filters: accertamentoFilters,
  search: z.string().max(200).default(''),
  /** Rows struck off the list by hand (Canc): the accertamento stays. */
  excluded: z.array(idSchema('accertamento')).max(200_000).default([]),
  parameters: generationParameters,
})

const generationSummary = z.object({
  accertamenti: amountSchema,
  positions: amountSchema,
  grouped: countSchema,
  /** Notice numbers that will be given: one a payment. */
  payments: countSchema,
  expiredAtIssue: countSchema,
  withoutAddress: countSchema,
  withoutContact: countSchema,
  /** Accertamenti of the filter that cannot be issued and why, in words. */
  leftOut: leftOutSchema,
  /** Taxonomy codes that are not in force. */
  warnings: z.array(problemSchema),
})

export const debtPosition = {
  list: procedure
    .input(listInput(debtPositionFilters))
    .output(
      listOutput(
        debtPositionRowSchema,
        z.object({ cents: centsSchema, byCategory: z.record(z.string(), countSchema) }),
      ),
    ),
  counts: procedure.input(z.object({ exercise: yearSchema })).output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(debtPositionFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('debtPosition') })).output(
    debtPositionRowSchema.extend({
      version: countSchema,
      createdAt: instantSchema,
      address: z.string().nullable(),
      alboNumber: z.string().nullable(),
      allocations: z.array(
        z.object({
          accertamentoId: idSchema('accertamento'),
          exercise: yearSchema,
          number: countSchema,
          capitolo: z.string(),
          residui: z.boolean(),
          causale: z.string(),
          cents: centsSchema,
        }),
      ),
      others: z.array(
        z.object({
          id: idSchema('debtPosition'),
          causale: z.string(),
          cents: centsSchema,
          state: positionStateSchema,
          date: isoDateSchema.nullable(),
        }),
      ),
      /** Every payment that the notice offers, the single one first (`ordinal` 0), with what has come in. */
      payments: z.array(
        z.object({
          ordinal: countSchema,
          noticeNumber: z.string(),
          iuv: z.string(),
          dueDate: isoDateSchema.nullable(),
          cents: centsSchema,
          paid: z.boolean(),
          /** Paid twice, or paid when the position already was with the other option: that money is not asked for. */
          surplus: z.boolean(),
        }),
      ),
      history: z.array(historySchema),
    }),
  ),
  generationPreview: procedure.input(generationInput).output(generationSummary),
  generate: procedure
    .input(generationInput)
    .output(longWork(z.object({ issuanceId: idSchema('issuance'), positions: amountSchema }))),
}

export const issuance = {
  list: procedure.input(listInput(z.object({}))).output(
    listOutput(
      z.object({
        id: idSchema('issuance'),
        description: z.string(),
        at: instantSchema,
        operator: z.string(),
        positions: amountSchema,
        collected: amountSchema,
        delivered: countSchema,
      }),
      z.object({ cents: centsSchema }),
    ),
  ),
}
