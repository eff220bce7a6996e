import { setTimeout as wait } from 'node:timers/promises'
import type { FaultRule } from './faults.ts'
import { type Call, type NodeDesk, Refused, type Reply, type Route } from './http.ts'

/** Faults after which nothing is said. */
export const SPEECHLESS: ReadonlySet<string> = new Set(['silent', 'silentAfter', 'hangUp', 'hangUpAfter'])

/** Does what a route does, spoilt by a fault: before anything is done, or after all is. @throws Refused */
export async function play(route: Route, call: Call, desk: NodeDesk, fault: FaultRule | null): Promise<Reply> {
  switch (fault?.kind) {
    case 'serverError': {
      const status = 500 + [0, 2, 3][(desk.random.bytes(1)[0] ?? 0) % 3]!
      throw brokenDown(route, status, 'Service Unavailable', 'Guasto di prova: non è stato fatto nulla')
    }
    case 'tooMany':
      return {
        status: 429,
        headers: { 'Retry-After': String(fault.retryAfterSeconds ?? 1) },
        json: { statusCode: 429, message: 'Rate limit is exceeded. Try again later.' },
        type: 'text/json',
      }
    case 'silent':
    case 'hangUp':
      return { status: 500 }
    default:
  }
  const reply = await handled(route, call, desk)
  if (fault?.kind === 'twice') return await handled(route, call, desk)
  if (fault?.kind === 'slow') await wait(fault.ms ?? 1000)
  if (fault?.kind === 'serverErrorAfter') {
    throw brokenDown(route, 500, 'Internal Server Error', 'Guasto di prova: la richiesta è stata eseguita')
  }
  return reply
}

function brokenDown(route: Route, status: number, title: string, detail: string): Refused {
  return route.service === 'fdr' ? new FlowsBrokenDown(status, title, detail) : new Refused(status, title, detail)
}

/** As the service of flows words its errors (fdr_organization.json). */
class FlowsBrokenDown extends Refused {
  override reply(): Reply {
    const errors = [{ message: this.message }]
    const words = { errorId: 'prova-FDR-0500', httpStatusDescription: this.title, appErrorCode: 'FDR-0500', errors }
    return { status: this.status, json: { ...words, httpStatusCode: this.status } }
  }
}

async function handled(route: Route, call: Call, desk: NodeDesk): Promise<Reply> {
  try {
    return await route.handle(call, desk)
  } catch (error) {
    return replyTo(error)
  }
}

export function replyTo(error: unknown): Reply {
  if (error instanceof Refused) return error.reply()
  // A fault of the rehearsal node itself: whoever wrote it should see where, whoever asked only that.
  process.emitWarning(error instanceof Error ? error : String(error))
  return new Refused(500, 'Internal Server Error', String((error as Error)?.message)).reply()
}
