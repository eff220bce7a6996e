import { z } from 'zod'
import { exerciseStateSchema } from './app.ts'
import { procedure } from './procedure.ts'
import { amountSchema, centsSchema, countSchema, instantSchema, reasonSchema, yearSchema } from './values.ts'

export const closingCheckSchema = z.enum([
  'previous',
  'yearOver',
  'next',
  'alarms',
  'overdrawn',
  'statements',
  'ready',
  'credits',
  'imports',
  'pending',
])

const checkSchema = z.object({
  check: closingCheckSchema,
  level: z.enum(['ok', 'warning', 'blocking']),
  title: z.string(),
  /** What is not well, in words; empty when it is. */
  text: z.string(),
  count: countSchema,
  cents: centsSchema.nullable(),
  /** Page with the list of them; null when there is nothing to open. */
  route: z.string().nullable(),
})

export const exercise = {
  list: procedure.output(
    z.array(
      z.object({
        year: yearSchema,
        state: exerciseStateSchema,
        accertamenti: countSchema,
        reversali: countSchema,
        /** Of a closed one: when, by whom, what it carried into the next. */
        closing: z.object({ at: instantSchema, operator: z.string(), residui: amountSchema }).nullable(),
      }),
    ),
  ),
  open: procedure
    .input(z.object({ year: yearSchema, state: z.enum(['open', 'historical']) }))
    .output(z.object({ year: yearSchema, state: exerciseStateSchema })),
  /** What to look at before closing, each line with its list, and what closing would carry into the next exercise. */
  checklist: procedure.input(z.object({ year: yearSchema })).output(
    z.object({
      year: yearSchema,
      state: exerciseStateSchema,
      lines: z.array(checkSchema),
      residui: amountSchema,
    }),
  ),
  /**
   * Closes the exercise: `acknowledged` are the warnings that the person has read. Refused while a line blocks, or when
   * a warning came that was not read. Opens the next exercise if it is not there.
   */
  close: procedure
    .input(z.object({ year: yearSchema, acknowledged: z.array(closingCheckSchema).default([]) }))
    .output(z.object({ year: yearSchema, residui: amountSchema })),
  /** Only of a closed one whose later exercises are all open; its residui are written anew at the next closing. */
  reopen: procedure.input(z.object({ year: yearSchema, reason: reasonSchema })).output(z.object({ year: yearSchema })),
  /** The rendiconto is approved: for ever. `act` is its deliberation. */
  approve: procedure
    .input(z.object({ year: yearSchema, act: z.string().trim().min(3).max(120) }))
    .output(z.object({ year: yearSchema })),
}
