import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { problemSchema, progressSchema } from './values.ts'

/**
 * The base of every procedure. `PROBLEM` carries what went wrong for a reason of the user's; `INTERNAL` only the id
 * under which the log tells more. No other error crosses the wire.
 */
export const procedure = oc.errors({
  PROBLEM: { status: 422, data: z.object({ problems: z.array(problemSchema).min(1) }) },
  INTERNAL: { status: 500, data: z.object({ callId: z.string() }) },
})

/** Output of long work: beats of progress, then the result as the iterator's return value. Aborting the call cancels. */
export function longWork<Out, In>(result: z.ZodType<Out, In>) {
  return eventIterator(progressSchema, result)
}
