import { z } from 'zod'
import { exportInput, listInput, listOutput, querySchema, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  folderTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

/** What is posted: of one statement, or one account, or one flow, or all. */
export const postingScope = z.object({
  statementId: idSchema('bankStatement').nullable().default(null),
  bankAccountId: idSchema('bankAccount').nullable().default(null),
  reportingFlowId: idSchema('reportingFlow').nullable().default(null),
})

const lineSchema = z.object({
  accertamentoId: idSchema('accertamento'),
  accertamento: z.string(),
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  iuv: z.string().nullable(),
  bookingDate: isoDateSchema,
  bankReference: z.string().nullable(),
  provvisorio: z.string().nullable(),
  bankMovementId: idSchema('bankMovement'),
  flowId: z.string().nullable(),
  cents: centsSchema,
})

/** A reversale that posting would issue: computed from the plan, numbered only when issued. */
export const reversaleDraftSchema = z.object({
  /** Identity of the group (DOMAIN.md §7), stable while the plan does not change. */
  key: z.string(),
  exercise: yearSchema,
  capitolo: z.string(),
  originYear: yearSchema,
  residui: z.boolean(),
  bankAccountId: idSchema('bankAccount'),
  account: z.string(),
  flowId: z.string().nullable(),
  /** Proposed: the credit's booking date, not before the last reversale. May be moved later. */
  date: isoDateSchema,
  earliestDate: isoDateSchema,
  causale: z.string(),
  cents: centsSchema,
  lines: z.array(lineSchema),
})

export const reversaleFilters = z.object({
  exercise: yearSchema,
  capitoloId: idSchema('capitolo').nullable().default(null),
  state: z.array(z.enum(['issued', 'annulled'])).default([]),
  dateFrom: isoDateSchema.nullable().default(null),
  dateTo: isoDateSchema.nullable().default(null),
  flowId: z.string().max(35).nullable().default(null),
  /** True: on a transmission list; false: still to be handed to the treasurer, annulled ones left out. */
  transmitted: z.boolean().nullable().default(null),
})

export const reversaleRowSchema = z.object({
  id: idSchema('reversale'),
  exercise: yearSchema,
  number: countSchema,
  date: isoDateSchema,
  capitolo: z.string(),
  originYear: yearSchema,
  residui: z.boolean(),
  account: z.string(),
  flowId: z.string().nullable(),
  debtor: z.string(),
  causale: z.string(),
  lines: countSchema,
  cents: centsSchema,
  state: z.enum(['issued', 'annulled']),
  annulledOn: isoDateSchema.nullable(),
  annulmentReason: z.string().nullable(),
  /** Number of the distinta di trasmissione on which it stands. */
  transmissionList: countSchema.nullable(),
  /** Day on which the treasurer carried it out. */
  executedOn: isoDateSchema.nullable(),
})

/** `same`: in the books and in the evidence; `gone`: only in the books; `new`: only in the evidence. */
const alarmLineSchema = z.object({
  change: z.enum(['same', 'gone', 'new']),
  accertamento: z.string(),
  personName: z.string(),
  iuv: z.string().nullable(),
  bookingDate: isoDateSchema,
  cents: centsSchema,
})

/** Offices as printed under the signature: «Il Presidente»; none for papers without signatures. */
export const signaturesSchema = z.object({ offices: z.array(z.string().trim().min(1).max(60)).max(3) })

export const reversale = {
  /** What is ready, in the order in which it would be numbered, with the warnings to read first (holes between statements). */
  ready: procedure.input(postingScope).output(
    z.object({
      drafts: z.array(reversaleDraftSchema),
      totals: amountSchema,
      payments: countSchema,
      nextNumber: countSchema,
      exercise: yearSchema.nullable(),
      /** The number that the first reversale of each exercise with drafts would take. */
      nextNumbers: z.array(z.object({ exercise: yearSchema, number: countSchema })),
      warnings: z.array(z.string()),
      /** Closed exercises whose late credits would go into the open one, not agreed to yet: `post` wants them named. */
      late: z.array(z.object({ year: z.int(), open: yearSchema, cents: centsSchema })),
      /** Posted lines that the evidence no longer supports: alarms for a person. */
      alarms: z.array(
        z.object({ id: idSchema('reversale'), reversale: z.string(), text: z.string(), cents: centsSchema }),
      ),
    }),
  ),
  /**
   * Issues the chosen drafts in one transaction. `expectedCents` must equal what is posted, else nothing happens; nothing
   * either while the quadratura does not square, or when a late credit was never agreed to.
   */
  post: procedure
    .input(
      z.object({
        scope: postingScope,
        keys: z.array(z.string()).min(1).max(10_000),
        /** Data contabile and causale changed by hand, by key. */
        changes: z
          .record(
            z.string(),
            z.object({ date: isoDateSchema.optional(), causale: z.string().trim().min(1).max(500).optional() }),
          )
          .default({}),
        expectedCents: centsSchema,
        /** Closed exercises whose late credits the person sends into the open one: asked once each, then remembered. */
        agreedLate: z.array(z.int()).max(100).default([]),
      }),
    )
    .output(
      longWork(
        z.object({
          reversali: amountSchema,
          exercise: yearSchema,
          firstNumber: countSchema,
          lastNumber: countSchema,
          quietanze: countSchema,
        }),
      ),
    ),
  list: procedure
    .input(listInput(reversaleFilters))
    .output(listOutput(reversaleRowSchema, z.object({ cents: centsSchema, annulledCents: centsSchema }))),
  counts: procedure.input(z.object({ exercise: yearSchema })).output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(reversaleFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('reversale') })).output(
    reversaleRowSchema.extend({
      document: z.array(lineSchema),
      at: instantSchema,
      operator: z.string(),
      /** Kept by a person though the evidence left it. */
      kept: z.object({ at: instantSchema, operator: z.string(), reason: z.string() }).nullable(),
    }),
  ),
  pdf: procedure.input(z.object({ id: idSchema('reversale') })).output(z.file()),
  /** One PDF with all of them, bookmarked by number. */
  print: procedure
    .input(z.object({ selection: selectionSchema(reversaleFilters) }))
    .output(longWork(z.object({ file: fileResultSchema, reversali: countSchema }))),
  /** Offices that sign reversali and transmission lists, left to right. */
  signatures: procedure.output(signaturesSchema),
  saveSignatures: procedure.input(signaturesSchema).output(signaturesSchema),
  /** A new record; the number stays used and the lines come back among the ready ones if the evidence holds. */
  annul: procedure
    .input(z.object({ id: idSchema('reversale'), reason: reasonSchema }))
    .output(z.object({ id: idSchema('reversale'), number: countSchema })),
  /** A reversale that the evidence no longer supports: what annulling and issuing again would change, line by line. */
  alarm: procedure.input(z.object({ id: idSchema('reversale') })).output(
    z.object({
      id: idSchema('reversale'),
      reversale: z.string(),
      cents: centsSchema,
      nextCents: centsSchema,
      lines: z.array(alarmLineSchema),
      /** Payments that would wait still, because of other reversali to decide about. */
      waitingCents: centsSchema,
    }),
  ),
  /** Annuls it and issues what the evidence says instead, in one write. `issued` is empty when nothing takes its place. */
  reissue: procedure
    .input(z.object({ id: idSchema('reversale'), reason: reasonSchema, expectedCents: centsSchema }))
    .output(
      z.object({
        annulled: z.string(),
        issued: z.object({ count: countSchema, cents: centsSchema, first: z.string().nullable() }),
      }),
    ),
  /** Keeps it as it is: a recorded choice, no longer an alarm. What waited because of it goes on waiting for other money. */
  keep: procedure
    .input(z.object({ id: idSchema('reversale'), reason: reasonSchema }))
    .output(z.object({ id: idSchema('reversale') })),
  /** Takes the choice back. */
  release: procedure
    .input(z.object({ id: idSchema('reversale'), reason: reasonSchema }))
    .output(z.object({ id: idSchema('reversale') })),
  /** The treasurer's number of a credit, given later: the number before it is annulled. Null only annuls it. */
  setProvvisorio: procedure
    .input(z.object({ bankMovementId: idSchema('bankMovement'), number: z.int().min(1).max(9_999_999).nullable() }))
    .output(z.object({ bankMovementId: idSchema('bankMovement'), number: countSchema.nullable() })),
}

export const quietanzaFilters = z.object({
  exercise: yearSchema,
  reversaleId: idSchema('reversale').nullable().default(null),
  personId: idSchema('person').nullable().default(null),
})

export const quietanza = {
  list: procedure.input(listInput(quietanzaFilters)).output(
    listOutput(
      z.object({
        id: idSchema('quietanza'),
        number: z.string(),
        reversale: z.string(),
        date: isoDateSchema,
        personId: idSchema('person'),
        personName: z.string(),
        fiscalCode: z.string().nullable(),
        causale: z.string(),
        iuv: z.string().nullable(),
        cents: centsSchema,
        annulled: z.boolean(),
      }),
      z.object({ cents: centsSchema }),
    ),
  ),
  export: procedure.input(exportInput(quietanzaFilters)).output(fileResultSchema),
  pdf: procedure.input(z.object({ id: idSchema('quietanza') })).output(z.file()),
  /** One PDF with all of them, bookmarked by name. */
  print: procedure
    .input(querySchema(quietanzaFilters))
    .output(longWork(z.object({ file: fileResultSchema, quietanze: countSchema }))),
  /** One PDF each into a folder. */
  saveAll: procedure
    .input(z.object({ filters: quietanzaFilters, folder: folderTokenSchema }))
    .output(longWork(z.object({ written: countSchema, same: countSchema }))),
}
