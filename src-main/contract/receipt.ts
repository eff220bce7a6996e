import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { labelSchema } from './reporting-flow.ts'
import { centsSchema, countSchema, fileResultSchema, idSchema, instantSchema, isoDateSchema } from './values.ts'

export const receiptFilters = z.object({
  /** Day of the payment. */
  from: isoDateSchema.nullable().default(null),
  to: isoDateSchema.nullable().default(null),
  ok: z.boolean().nullable().default(null),
  code: z.array(z.string()).default([]),
  iuv: z.string().max(35).nullable().default(null),
})

export const receiptRowSchema = z.object({
  id: idSchema('receipt'),
  iuv: z.string(),
  /** Null for what was not paid. */
  iur: z.string().nullable(),
  noticeNumber: z.string().nullable(),
  ok: z.boolean(),
  cents: centsSchema,
  /** Fee of the provider: shown, never summed. */
  feeCents: centsSchema.nullable(),
  /** Day or moment, as the file writes it. */
  paidAt: z.string(),
  paidOn: isoDateSchema.nullable(),
  pspName: z.string().nullable(),
  debtorName: z.string().nullable(),
  debtorFiscalCode: z.string().nullable(),
  payerName: z.string().nullable(),
  payerFiscalCode: z.string().nullable(),
  debtPositionId: idSchema('debtPosition').nullable(),
  personName: z.string().nullable(),
  fileName: z.string().nullable(),
  source: z.enum(['file', 'node']),
  importedAt: instantSchema,
  label: labelSchema,
})

export const receipt = {
  list: procedure
    .input(listInput(receiptFilters))
    .output(listOutput(receiptRowSchema, z.object({ cents: centsSchema, paid: countSchema }))),
  counts: procedure.output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(receiptFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('receipt') })).output(
    receiptRowSchema.extend({
      transfers: z.array(
        z.object({
          idTransfer: z.int(),
          fiscalCode: z.string(),
          /** Only own ones can be matched with a flow of ours. */
          own: z.boolean(),
          cents: centsSchema,
          iban: z.string().nullable(),
          stamp: z.boolean(),
        }),
      ),
      flows: z.array(
        z.object({
          reportingFlowId: idSchema('reportingFlow'),
          flowId: z.string(),
          cents: centsSchema,
          regulationDate: isoDateSchema,
        }),
      ),
    }),
  ),
}
