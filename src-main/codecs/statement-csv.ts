import type { StatementHead, StatementMapping, StatementReading } from '#domain/bank-statement'
import { type Problem, problem } from '#domain/problem'
import { ok, type Result } from '#domain/result'
import { NO_DETAIL_COLUMNS, type RecognisedLayout, recogniseLayout } from './statement-profiles/recognise.ts'
import { hasMovements, proposeMapping } from './statement-propose.ts'
import { StatementRows } from './statement-rows.ts'
import { readStatementTables, type StatementTable } from './statement-table.ts'

/** Name of the profile when a person said how to read the file. */
const MAPPED_PROFILE = 'mapping'
const PROPOSED_PROFILE = 'proposta'

/**
 * Reads a table of movements (CSV of any kind, or a workbook). With a mapping: as it says; without: the layout is
 * recognised by its headings, else columns are proposed and a warning says that a person must confirm them. Balances,
 * totals and counts that the file carries are checked.
 */
export async function readTabularStatement(bytes: Uint8Array, mapping?: StatementMapping): Promise<StatementReading> {
  const table = await chosenTable(bytes, mapping)
  if (!table.ok) return nothing(MAPPED_PROFILE, table.error)
  if (mapping) return new StatementRows(table.value, layoutOf(MAPPED_PROFILE, mapping)).read()
  const layout = recogniseLayout(table.value)
  if (layout) return new StatementRows(table.value, layout).read()
  const proposal = proposeMapping(table.value)
  if (!proposal.mapping) return nothing(PROPOSED_PROFILE, proposal.problem ?? problem('STATEMENT_LAYOUT_UNKNOWN', {}))
  const reading = new StatementRows(table.value, layoutOf(PROPOSED_PROFILE, proposal.mapping)).read()
  const unknown = problem('STATEMENT_LAYOUT_UNKNOWN', {}, { severity: 'warning' })
  return { ...reading, problems: [unknown, ...reading.problems] }
}

/** The first records and what the program makes of them, for the page on which a person maps the columns. */
export async function readTabularHead(bytes: Uint8Array, rows: number): Promise<Result<StatementHead, Problem>> {
  const table = await chosenTable(bytes)
  if (!table.ok) return table
  const layout = recogniseLayout(table.value)
  return ok({
    encoding: table.value.encoding,
    separator: table.value.separator,
    rows: table.value.records.slice(0, rows).map((r) => r.cells),
    profile: layout?.profile ?? null,
    proposal: layout?.mapping ?? proposeMapping(table.value).mapping,
  })
}

/** Of several sheets the first of a known bank, else the first with something like movements: covers come before lists. */
async function chosenTable(bytes: Uint8Array, mapping?: StatementMapping): Promise<Result<StatementTable, Problem>> {
  const tables = await readStatementTables(bytes, mapping)
  if (!tables.ok) return tables
  const [first, ...others] = tables.value as [StatementTable, ...StatementTable[]]
  if (others.length === 0) return ok(first)
  const known = tables.value.find((table) => recogniseLayout(table) !== null)
  return ok(known ?? tables.value.find(hasMovements) ?? first)
}

function layoutOf(profile: string, mapping: StatementMapping): RecognisedLayout {
  const underHeadings = mapping.headerRow === null ? 0 : mapping.headerRow + 1
  return {
    profile,
    mapping,
    firstRow: Math.max(underHeadings, mapping.skipTop ?? 0),
    pending: null,
    account: null,
    details: NO_DETAIL_COLUMNS,
  }
}

function nothing(profile: string, reason: Problem): StatementReading {
  return { profile, movements: [], parts: [], outcomes: [], pages: null, problems: [reason] }
}
