import type { JsonValue } from '#domain/json'
import type { WriteCommand } from '#ledger/ledger'
import type { ServiceContext } from './context.ts'

/** The journal row of a write: who, when, which procedure, with what. */
export function command(context: ServiceContext, name: string, payload: JsonValue): WriteCommand {
  return { command: name, operator: context.operator, payload, at: context.clock.now() }
}
