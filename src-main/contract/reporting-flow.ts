import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  problemSchema,
} from './values.ts'

/** Tone of a label on screen; the code is one of DOMAIN.md §6, its sentence is made by `domain/labels.ts`. */
export const labelSchema = z.object({
  code: z.string(),
  title: z.string(),
  text: z.string(),
  tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
})

export const flowCreditSchema = z.enum(['notCredited', 'partlyCredited', 'credited', 'overCredited'])

export const reportingFlowFilters = z.object({
  paymentFrom: isoDateSchema.nullable().default(null),
  paymentTo: isoDateSchema.nullable().default(null),
  /** Booking date of the bank credit. */
  creditFrom: isoDateSchema.nullable().default(null),
  creditTo: isoDateSchema.nullable().default(null),
  fiscalCode: z.string().max(16).nullable().default(null),
  iuv: z.string().max(35).nullable().default(null),
  flowId: z.string().max(35).nullable().default(null),
  credit: z.array(flowCreditSchema).default([]),
  withProblems: z.boolean().nullable().default(null),
  /** Something of its own keeps it out of the books. */
  blocked: z.boolean().nullable().default(null),
})

export const reportingFlowRowSchema = z.object({
  id: idSchema('reportingFlow'),
  flowId: z.string(),
  pspName: z.string(),
  flowDateTime: instantSchema,
  regulationId: z.string(),
  regulationDate: isoDateSchema,
  version: countSchema,
  versions: countSchema,
  declaredCount: countSchema,
  declaredCents: centsSchema,
  rowsCents: centsSchema,
  creditedCents: centsSchema,
  creditDate: isoDateSchema.nullable(),
  credit: flowCreditSchema,
  books: z.enum(['none', 'partly', 'whole']),
  label: labelSchema,
  /** All labels, the first included. */
  labels: z.array(labelSchema),
  /** Those that keep it out of the books: versions in conflict, sum, count, revocations. */
  blocks: z.array(labelSchema),
})

export const flowPaymentSchema = z.object({
  id: idSchema('flowRow'),
  /** What notes and decisions call it: survives a new version of the flow. */
  rowKey: z.string(),
  ordinal: countSchema,
  iuv: z.string(),
  iur: z.string(),
  idTransfer: z.int().nullable(),
  cents: centsSchema,
  outcome: z.string(),
  outcomeDate: isoDateSchema,
  personName: z.string().nullable(),
  fiscalCode: z.string().nullable(),
  debtPositionId: idSchema('debtPosition').nullable(),
  reversale: z.string().nullable(),
  label: labelSchema,
})

export const reportingFlow = {
  /** Reads flows, in XML or JSON, also inside zips; each file is whole or not at all; a flow already known adds nothing. */
  import: procedure.input(z.object({ tokens: z.array(fileTokenSchema).min(1).max(5000) })).output(
    longWork(
      z.object({
        added: countSchema,
        newVersions: countSchema,
        already: countSchema,
        refused: countSchema,
        files: z.array(
          z.object({
            name: z.string(),
            flowId: z.string().nullable(),
            outcome: z.enum(['added', 'newVersion', 'already', 'otherReceiver', 'refused']),
            problems: z.array(problemSchema),
          }),
        ),
      }),
    ),
  ),
  list: procedure
    .input(listInput(reportingFlowFilters))
    .output(
      listOutput(
        reportingFlowRowSchema,
        z.object({ declaredCents: centsSchema, creditedCents: centsSchema, payments: countSchema }),
      ),
    ),
  counts: procedure.output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(reportingFlowFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('reportingFlow') })).output(
    reportingFlowRowSchema.extend({
      versionList: z.array(
        z.object({
          version: countSchema,
          flowDateTimeText: z.string(),
          declaredCents: centsSchema,
          active: z.boolean(),
          /** What names this version in a decision. */
          contentHash: z.string(),
          fileName: z.string().nullable(),
          importedAt: instantSchema,
          /** Rows that differ from the version before, the first 200, and how many they are. */
          changes: z.array(
            z.object({
              iuv: z.string(),
              iur: z.string(),
              before: z.object({ cents: centsSchema, outcome: z.string() }).nullable(),
              after: z.object({ cents: centsSchema, outcome: z.string() }).nullable(),
            }),
          ),
          changed: countSchema,
        }),
      ),
      credits: z.array(
        z.object({
          bankMovementId: idSchema('bankMovement'),
          bookingDate: isoDateSchema,
          cents: centsSchema,
          description: z.string(),
        }),
      ),
    }),
  ),
  payments: procedure
    .input(listInput(z.object({ reportingFlowId: idSchema('reportingFlow') })))
    .output(listOutput(flowPaymentSchema, z.object({ cents: centsSchema }))),
}
