import { z } from 'zod'
import { accertamentoFilters } from './accertamento.ts'
import { debtPositionFilters } from './debt-position.ts'
import { exportInput, listInput, listOutput, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { basisPointsSchema } from './tariff.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  isoDateSchema,
  leftOutSchema,
  yearSchema,
} from './values.ts'

/** Whose late fees: all that is late as an exercise sees it, or some positions or accertamenti. */
const scope = z.union([
  z.object({ exercise: yearSchema }),
  z.object({ positions: selectionSchema(debtPositionFilters) }),
  z.object({ accertamenti: selectionSchema(accertamentoFilters) }),
])

const subject = z.object({ of: scope, day: isoDateSchema })

const row = z.object({
  accertamentoId: idSchema('accertamento'),
  number: countSchema,
  exercise: yearSchema,
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  service: z.string(),
  causale: z.string(),
  /** The live position that asks for it, if any. */
  debtPositionId: idSchema('debtPosition').nullable(),
  dueDate: isoDateSchema.nullable(),
  daysLate: countSchema,
  /** What is unpaid and late. */
  baseCents: centsSchema,
  /** Fees that were raised on it before and stand. */
  beforeCents: centsSchema,
  /** What the rule asks now, beyond what was raised before. */
  cents: centsSchema,
  /** `fee`: by rule; `none`: the rule asks nothing, a hand may; `refused`: paid, in payment, or not late at all. */
  state: z.enum(['fee', 'none', 'refused']),
  why: z.string(),
})

/** Amounts by hand; null strikes the row off. */
const edits = z
  .array(z.object({ accertamentoId: idSchema('accertamento'), cents: centsSchema.nullable() }))
  .max(20_000)
  .default([])

const listFilters = subject.extend({
  /** By default only what the rules ask for. */
  state: z.array(z.enum(['fee', 'none', 'refused'])).default([]),
})

const rates = z.array(z.object({ year: yearSchema, basisPoints: basisPointsSchema })).max(200)

export const lateFee = {
  /** First rows (at most 500) and sums, with the amounts by hand: what `apply` would do. */
  preview: procedure.input(subject.extend({ edits })).output(
    z.object({
      fees: amountSchema,
      /** Stands for the fees seen, debt by debt: `apply` wants it back, so that a second click asks nothing twice. */
      mark: z.string(),
      rows: z.array(row),
      leftOut: leftOutSchema,
      /** Tipo di dovuto of the fees, null where there is none. */
      service: z.object({ id: idSchema('serviceType'), name: z.string(), causale: z.string() }).nullable(),
    }),
  ),
  list: procedure
    .input(listInput(listFilters))
    .output(listOutput(row, z.object({ baseCents: centsSchema, cents: centsSchema }))),
  export: procedure.input(exportInput(listFilters)).output(fileResultSchema),
  /**
   * Raises a fee on each debt. `version`: added to its position, in a new version (a separate one where there is none);
   * `separate`: a position of its own; `debt`: the accertamento only, to be issued later. Refused when the fees are no
   * longer those that were seen.
   */
  apply: procedure
    .input(
      subject.extend({
        edits,
        how: z.enum(['version', 'separate', 'debt']),
        causale: z.string().trim().max(140).default(''),
        dueDate: isoDateSchema.nullable(),
        validUntil: isoDateSchema,
        expectedCents: centsSchema,
        mark: z.string().max(100),
      }),
    )
    .output(
      longWork(
        z.object({
          fees: amountSchema,
          /** Positions with a new version, and new ones. */
          revised: countSchema,
          positions: countSchema,
          issuanceId: idSchema('issuance').nullable(),
          leftOut: leftOutSchema,
        }),
      ),
    ),
  rates: procedure.output(rates),
  saveRates: procedure.input(z.object({ rates })).output(rates),
}
