import { z } from 'zod'
import { exportInput, listInput, listOutput, selectionSchema } from './list.ts'
import { historySchema } from './person.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  isoDateSchema,
  leftOutSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

/** Days gone by, for «non pagati da N giorni». */
export const daysSchema = z.int().min(0).max(36_500)

export const accertamentoStateSchema = z.enum(['outstanding', 'partlyCollected', 'collected', 'cancelled'])

export const accertamentoFilters = z.object({
  /** The exercise through which the program is seen: its own accertamenti (competenza) and earlier ones still open (residui). */
  exercise: yearSchema,
  origin: z.enum(['competenza', 'residui']).nullable().default(null),
  state: z.array(accertamentoStateSchema).default([]),
  category: z.array(categorySchema).default([]),
  capitoloId: idSchema('capitolo').nullable().default(null),
  serviceTypeId: idSchema('serviceType').nullable().default(null),
  importId: idSchema('registerImport').nullable().default(null),
  personId: idSchema('person').nullable().default(null),
  /** Whether a live position already asks for it («avviso sì / no»). */
  issued: z.boolean().nullable().default(null),
  minCents: centsSchema.nullable().default(null),
  maxCents: centsSchema.nullable().default(null),
  dateFrom: isoDateSchema.nullable().default(null),
  dateTo: isoDateSchema.nullable().default(null),
  dueFrom: isoDateSchema.nullable().default(null),
  dueTo: isoDateSchema.nullable().default(null),
  /** Still outstanding so many days after it was raised, or after it fell due. */
  unpaidSinceRaised: daysSchema.nullable().default(null),
  unpaidSinceDue: daysSchema.nullable().default(null),
  /** A live position of that batch asks for it. */
  issuanceId: idSchema('issuance').nullable().default(null),
  /** The person has no address in force. */
  withoutAddress: z.boolean().nullable().default(null),
})

export const accertamentoRowSchema = z.object({
  id: idSchema('accertamento'),
  exercise: yearSchema,
  number: countSchema,
  date: isoDateSchema,
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  category: categorySchema,
  capitolo: z.string(),
  service: z.string(),
  competenceYear: yearSchema,
  causale: z.string(),
  dueDate: isoDateSchema.nullable(),
  /** Assessed plus variations. */
  dueCents: centsSchema,
  collectedCents: centsSchema,
  outstandingCents: centsSchema,
  state: accertamentoStateSchema,
  residui: z.boolean(),
  issued: z.boolean(),
})

const totals = z.object({ dueCents: centsSchema, collectedCents: centsSchema, outstandingCents: centsSchema })

export const accertamento = {
  list: procedure.input(listInput(accertamentoFilters)).output(listOutput(accertamentoRowSchema, totals)),
  /** Counts of the system views (tabs) for the same exercise. */
  counts: procedure.input(z.object({ exercise: yearSchema })).output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(accertamentoFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('accertamento') })).output(
    accertamentoRowSchema.extend({
      externalReference: z.string().nullable(),
      importFileName: z.string().nullable(),
      importRow: countSchema.nullable(),
      variations: z.array(
        z.object({
          date: isoDateSchema,
          kind: z.enum(['increase', 'decrease', 'cancellation', 'writeOff']),
          cents: centsSchema,
          reason: z.string(),
        }),
      ),
      history: z.array(historySchema),
    }),
  ),
  /** What cancelling these would do: how many and how much, and who is left out and why. */
  cancelPreview: procedure.input(selectionSchema(accertamentoFilters)).output(
    z.object({
      count: countSchema,
      cents: centsSchema,
      leftOut: leftOutSchema,
    }),
  ),
  cancel: procedure
    .input(
      z.object({ selection: selectionSchema(accertamentoFilters), reason: reasonSchema, act: z.string().max(120) }),
    )
    .output(z.object({ count: countSchema, cents: centsSchema })),
  /** What writing off these residui would do, and who is left out and why. */
  writeOffPreview: procedure
    .input(z.object({ selection: selectionSchema(accertamentoFilters), exercise: yearSchema }))
    .output(
      z.object({
        count: countSchema,
        cents: centsSchema,
        leftOut: leftOutSchema,
      }),
    ),
  /** Writes off what is left of residui in an open exercise, with the act that decides it. */
  writeOff: procedure
    .input(
      z.object({
        selection: selectionSchema(accertamentoFilters),
        exercise: yearSchema,
        reason: reasonSchema,
        act: z.string().trim().min(3).max(120),
        expectedCents: centsSchema,
      }),
    )
    .output(z.object({ count: countSchema, cents: centsSchema })),
}
