import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  yearSchema,
} from './values.ts'

export const alboFilters = z.object({
  /** Origin of the accertamenti; null is all. */
  exercise: yearSchema.nullable().default(null),
  /** Only what changed since the last list handed over. */
  onlyNew: z.boolean().default(true),
  what: z.array(z.enum(['paid', 'partly', 'withdrawn'])).default([]),
})

export const albo = {
  /** Who has paid, by accertamento, with the key of the register outside from which the quota came. */
  list: procedure.input(listInput(alboFilters)).output(
    listOutput(
      z.object({
        accertamentoId: idSchema('accertamento'),
        what: z.enum(['paid', 'partly', 'withdrawn']),
        externalReference: z.string().nullable(),
        alboNumber: z.string().nullable(),
        personId: idSchema('person'),
        personName: z.string(),
        fiscalCode: z.string().nullable(),
        category: categorySchema,
        exercise: yearSchema,
        number: countSchema,
        service: z.string(),
        competenceYear: yearSchema,
        causale: z.string(),
        date: isoDateSchema,
        cents: centsSchema,
        dueCents: centsSchema,
        collectedCents: centsSchema,
      }),
      z.object({ cents: centsSchema, withdrawnCents: centsSchema }),
    ),
  ),
  export: procedure.input(exportInput(alboFilters)).output(fileResultSchema),
  /** What is new, as a file for who keeps the Albo; from then on it is no longer new. Refused when nothing is. */
  handOver: procedure
    .input(exportInput(z.object({})).extend({ format: z.enum(['xlsx', 'csv']) }))
    .output(z.object({ file: fileResultSchema, rows: countSchema })),
  /** The last list handed over. */
  last: procedure.output(z.object({ at: instantSchema, operator: z.string(), rows: countSchema }).nullable()),
}
