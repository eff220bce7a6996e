import { mapEventIterator } from '@orpc/client'
import { ORPCError, os } from '@orpc/server'
import type { Log, Random } from '#domain/ports'
import { ProblemError } from '#domain/problem'

/** What is needed to name and log a failed call; every context has it. */
interface CallTools {
  readonly random: Random
  readonly log: Log
}

/** Eight hex digits: enough to find the line in the log, short enough to be read on the telephone. */
function newCallId(context: CallTools): string {
  return Array.from(context.random.bytes(4), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function asWireError(error: unknown, context: CallTools, path: readonly string[]): unknown {
  if (error instanceof ProblemError) {
    return new ORPCError('PROBLEM', { defined: true, status: 422, data: { problems: error.problems } })
  }
  if (error instanceof ORPCError) return error
  if (error instanceof Error && error.name === 'AbortError') return error
  const callId = newCallId(context)
  context.log.error('call failed', { callId, procedure: path.join('.'), error })
  return new ORPCError('INTERNAL', { defined: true, status: 500, data: { callId } })
}

/**
 * No exception crosses the wire: what went wrong for the user's reason becomes `PROBLEM` with its data, anything else
 * is logged and becomes `INTERNAL` with the id of the call. Holds for plain answers and inside streams of progress.
 */
export const problemsAsData = os.$context<CallTools>().middleware(async ({ context, path, next }) => {
  try {
    const result = await next()
    const output = result.output as unknown
    if (!isAsyncIterator(output)) return result
    const mapped = mapEventIterator(output, {
      value: async (value) => value,
      error: async (error) => asWireError(error, context, path),
    })
    return { ...result, output: mapped as typeof result.output }
  } catch (error) {
    throw asWireError(error, context, path)
  }
})

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown, unknown, void> {
  return typeof value === 'object' && value !== null && 'next' in value && Symbol.asyncIterator in value
}
