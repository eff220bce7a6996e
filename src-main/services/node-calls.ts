import type { Sort } from '#contract/list'
import { romeDateTime } from '#domain/date'
import type { NodeCall, NodeEnvironment, NodeService } from '#domain/node-ports'
import { ENVIRONMENTS, NODE_OUTCOMES, NODE_SERVICE_NAMES } from '#domain/vocabulary'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'

interface Row extends NodeCall {
  readonly id: number
}

interface Query {
  readonly filters: {
    readonly environment: readonly NodeEnvironment[]
    readonly service: readonly NodeService[]
    readonly outcome: readonly NodeCall['outcome'][]
  }
  readonly search: string
  readonly sort: Sort | null
}

const RULES: ListRules<Row> = {
  text: (r) => [r.operation, r.method, r.path, String(r.status ?? ''), r.reply, r.reason, r.requestId],
  columns: {
    at: (r) => r.at,
    service: (r) => NODE_SERVICE_NAMES[r.service],
    operation: (r) => r.operation,
    path: (r) => r.path,
    status: (r) => r.status,
    outcome: (r) => NODE_OUTCOMES[r.outcome],
    milliseconds: (r) => r.milliseconds,
    bytesIn: (r) => r.bytesIn,
    environment: (r) => r.environment,
  },
}

/** A server may say anything; one sign that the paper does not have must not refuse the whole list. */
function printable(text: string): string {
  return text.replaceAll('›', '>').replace(/[^\x20-\x7e\xa1-\u017f‘’“”–—…€]/g, '?')
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  at: { kind: 'text', value: (r) => romeDateTime(r.at), width: 20 },
  environment: { kind: 'text', value: (r) => ENVIRONMENTS[r.environment].name, width: 11 },
  service: { kind: 'text', value: (r) => NODE_SERVICE_NAMES[r.service], width: 16 },
  operation: { kind: 'code', value: (r) => r.operation },
  method: { kind: 'code', value: (r) => r.method, width: 8 },
  path: { kind: 'code', value: (r) => r.path, width: 60 },
  status: { kind: 'integer', value: (r) => r.status },
  outcome: { kind: 'text', value: (r) => NODE_OUTCOMES[r.outcome], width: 14 },
  milliseconds: { kind: 'integer', value: (r) => r.milliseconds },
  bytesOut: { kind: 'integer', value: (r) => r.bytesOut },
  bytesIn: { kind: 'integer', value: (r) => r.bytesIn },
  reply: { kind: 'text', value: (r) => printable(r.reply), width: 50 },
  reason: { kind: 'text', value: (r) => printable(r.reason), width: 50 },
  requestId: { kind: 'code', value: (r) => r.requestId, width: 36 },
}

async function rowsOf(context: ServiceContext, query: Query): Promise<Row[]> {
  const { environment, service, outcome } = query.filters
  const one = <T>(chosen: readonly T[], value: T) => chosen.length === 0 || chosen.includes(value)
  const calls = await context.nodeCalls.read()
  const rows = calls
    .map((call, n) => ({ ...call, id: calls.length - n }))
    .filter((r) => one(environment, r.environment) && one(service, r.service) && one(outcome, r.outcome))
  // As they are: tens of thousands of instants need not be compared for each page.
  const newestFirst = query.sort?.column === 'at' && query.sort.direction === 'desc'
  return searchAndSort(rows, newestFirst ? { ...query, sort: null } : query, RULES)
}

/** What this machine asked the node, newest first. */
export const nodeCalls = {
  calls: os.node.calls.handler(async ({ context, input }) => {
    const rows = await rowsOf(context, input)
    return answerOf(rows, input, { failed: rows.filter((r) => r.outcome !== 'ok').length })
  }),

  exportCalls: os.node.exportCalls.handler(async ({ context, input }) =>
    exportRows({ ctx: context, input, columns: COLUMNS, rows: await rowsOf(context, input) }),
  ),

  clearCalls: os.node.clearCalls.handler(async ({ context }) => {
    const cleared = (await context.nodeCalls.read()).length
    await context.nodeCalls.clear()
    await context.ledger.write(command(context, 'node.clearCalls', { cleared }), async () => undefined)
    return { cleared }
  }),
}
