import type { ReadHandle } from '../ledger.ts'
import { effectiveLines } from './effective-lines.ts'

/** E5: the matches of a credited flow are exactly its total; each of its rows is posted whole or not at all. */
export async function checkFlows(db: ReadHandle): Promise<string[]> {
  const flows = await db
    .selectFrom('match as k')
    .innerJoin('reportingFlow as f', 'f.id', 'k.reportingFlowId')
    .innerJoin('flowLabel as s', 's.reportingFlowId', 'f.id')
    .where('k.closedReason', 'is', null)
    .where('s.code', 'in', ['CREDITED', 'CREDITED_IN_PARTS'])
    .groupBy(['f.id', 'f.flowId', 's.totalCents'])
    .select((eb) => ['f.flowId', 's.totalCents', eb.fn.sum('k.cents').as('total')])
    .execute()
  const found = flows
    .filter((flow) => Number(flow.total) !== flow.totalCents)
    .map((flow) => `E5 flusso ${flow.flowId}: totale ${flow.totalCents}, abbinato ${flow.total}`)
  const posted = await effectiveLines(db)
    .where('l.rowKey', 'is not', null)
    .where('l.reportingFlowId', 'is not', null)
    .groupBy(['l.reportingFlowId', 'l.rowKey', 'l.iuv'])
    .select((eb) => ['l.reportingFlowId', 'l.rowKey', 'l.iuv', eb.fn.sum('l.cents').as('total')])
    .execute()
  if (posted.length === 0) return found
  const amounts = new Set<string>()
  const rows = await db
    .selectFrom('flowRow as r')
    .innerJoin('reportingFlowVersion as v', 'v.id', 'r.versionId')
    .select(['v.reportingFlowId', 'r.iuv', 'r.cents'])
    .execute()
  for (const row of rows) amounts.add(`${row.reportingFlowId} ${row.iuv} ${row.cents}`)
  for (const row of posted) {
    // A row assigned by hand is posted under another reason and carries its own key, but the same amount of the flow.
    if (amounts.has(`${row.reportingFlowId} ${row.iuv} ${row.total}`)) continue
    found.push(`E5 riga ${row.rowKey}: contabilizzati ${row.total}, che nessuna riga del flusso ha`)
  }
  return found
}
