import { FAULT_KINDS, type FaultKind, type FaultRule } from './faults.ts'
import { jsonOf, Refused, type Route } from './http.ts'

/** `/prova/<token>/guasti`: what is set (GET), and setting it anew (PUT, a JSON list of rules). */
export const controlRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/prova/:token/guasti',
    lock: 'page',
    service: null,
    operation: 'faults',
    handle: (_call, desk) => ({ status: 200, json: desk.faults.rules() }),
  },
  {
    method: 'PUT',
    path: '/prova/:token/guasti',
    lock: 'page',
    service: null,
    operation: 'setFaults',
    handle(call, desk) {
      const rules = jsonOf(call.body)
      if (!Array.isArray(rules) || !rules.every(isRule)) {
        throw new Refused(
          400,
          'Bad Request',
          `A list of rules is wanted: kind (${FAULT_KINDS.join(', ')}) and share 0–1`,
        )
      }
      desk.faults.set(rules)
      return { status: 200, json: desk.faults.rules() }
    },
  },
]

function isRule(value: unknown): value is FaultRule {
  const rule = value as FaultRule | null
  return (
    typeof rule === 'object' &&
    rule !== null &&
    FAULT_KINDS.includes(rule.kind as FaultKind) &&
    typeof rule.share === 'number' &&
    rule.share >= 0 &&
    rule.share <= 1
  )
}
