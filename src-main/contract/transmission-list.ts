import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  isoDateSchema,
  yearSchema,
} from './values.ts'

export const transmissionListFilters = z.object({
  exercise: yearSchema,
  bankAccountId: idSchema('bankAccount').nullable().default(null),
})

const reversaleOnList = z.object({
  reversaleId: idSchema('reversale'),
  number: countSchema,
  date: isoDateSchema,
  debtor: z.string(),
  causale: z.string(),
  cents: centsSchema,
})

/** Distinte di trasmissione: numbered lists of reversali for the treasurer (DOMAIN.md §1). */
export const transmissionList = {
  /** Reversali of an exercise, not annulled, that stand on no list yet, by account. */
  ready: procedure.input(z.object({ exercise: yearSchema })).output(
    z.object({
      nextNumber: countSchema,
      /** Of the last list of the exercise: the next may not be earlier. */
      lastDate: isoDateSchema.nullable(),
      accounts: z.array(
        z.object({
          bankAccountId: idSchema('bankAccount'),
          account: z.string(),
          totals: amountSchema,
          reversali: z.array(reversaleOnList),
        }),
      ),
    }),
  ),
  /** Writes one list with the next number of the exercise. `expectedCents` must equal the sum, else nothing happens. */
  create: procedure
    .input(
      z.object({
        exercise: yearSchema,
        bankAccountId: idSchema('bankAccount'),
        reversaleIds: z.array(idSchema('reversale')).min(1).max(10_000),
        date: isoDateSchema,
        expectedCents: centsSchema,
      }),
    )
    .output(z.object({ id: idSchema('transmissionList'), number: countSchema })),
  list: procedure.input(listInput(transmissionListFilters)).output(
    listOutput(
      z.object({
        id: idSchema('transmissionList'),
        exercise: yearSchema,
        number: countSchema,
        date: isoDateSchema,
        account: z.string(),
        reversali: countSchema,
        firstReversale: countSchema,
        lastReversale: countSchema,
        /** Of those on it, how many were annulled later: the treasurer must know. */
        annulledLater: countSchema,
        cents: centsSchema,
      }),
      z.object({ cents: centsSchema }),
    ),
  ),
  export: procedure.input(exportInput(transmissionListFilters)).output(fileResultSchema),
  pdf: procedure.input(z.object({ id: idSchema('transmissionList') })).output(z.file()),
}
