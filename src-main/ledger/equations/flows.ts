import type { ReadHandle } from '../ledger.ts'
import { effectiveLines } from './effective-lines.ts'

/**
 * E5: the matches of a credited flow are exactly its total, those that stand only for lines no longer supported apart; each of its rows is posted whole or not at all. A row of two
 * reversali, one of which was annulled, is in the books in part until the rest is issued again: that is no breach. Of any match,
 * of a flow or not, no more is posted than it is worth: the rest of its credit is somebody else's.
 */
export async function checkFlows(db: ReadHandle): Promise<string[]> {
  const flows = await db
    .selectFrom('match as k')
    .innerJoin('reportingFlow as f', 'f.id', 'k.reportingFlowId')
    .innerJoin('flowLabel as s', 's.reportingFlowId', 'f.id')
    .where('k.closedReason', 'is', null)
    .where('s.code', 'in', ['CREDITED', 'CREDITED_IN_PARTS'])
    // Of a version that left posted lines without support both matches stand, until the alarm is answered.
    .where('s.labelsJson', 'not like', '%"REVISED_AFTER_POSTING"%')
    .groupBy(['f.id', 'f.flowId', 's.totalCents'])
    .select((eb) => ['f.id', 'f.flowId', 's.totalCents', eb.fn.sum('k.cents').as('total')])
    .execute()
  const left = await leftBehind(db)
  const kept = await keptMatches(db)
  const found = flows
    .filter(({ id, total, totalCents }) => {
      const over = Number(total) - totalCents
      return ![0, left.get(id) ?? 0].includes(over) && (over < 0 || !kept.has(id))
    })
    .map((flow) => `E5 flusso ${flow.flowId}: totale ${flow.totalCents}, abbinato ${flow.total}`)
  found.push(...(await overdrawnMatches(db)))
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
  const greatest = new Map<string, number>()
  for (const row of rows) {
    const payer = `${row.reportingFlowId} ${row.iuv}`
    amounts.add(`${payer} ${row.cents}`)
    greatest.set(payer, Math.max(greatest.get(payer) ?? 0, row.cents))
  }
  const annulled = await db
    .selectFrom('reversaleLine as l')
    .innerJoin('reversaleAnnulment as x', 'x.reversaleId', 'l.reversaleId')
    .where('l.rowKey', 'is not', null)
    .select(['l.reportingFlowId', 'l.rowKey'])
    .distinct()
    .execute()
  const waiting = new Set(annulled.map((row) => `${row.reportingFlowId} ${row.rowKey}`))
  for (const row of posted) {
    const whole = greatest.get(`${row.reportingFlowId} ${row.iuv}`) ?? 0
    if (waiting.has(`${row.reportingFlowId} ${row.rowKey}`) && Number(row.total) < whole) continue
    // A row assigned by hand is posted under another reason and carries its own key, but the same amount of the flow.
    if (amounts.has(`${row.reportingFlowId} ${row.iuv} ${row.total}`)) continue
    found.push(`E5 riga ${row.rowKey}: contabilizzati ${row.total}, che nessuna riga del flusso ha`)
  }
  return found
}

async function overdrawnMatches(db: ReadHandle): Promise<string[]> {
  const rows = await effectiveLines(db)
    .innerJoin('match as k', 'k.id', 'l.matchId')
    .groupBy(['k.id', 'k.cents'])
    .having((eb) => eb(eb.fn.sum('l.cents'), '>', eb.ref('k.cents')))
    .select((eb) => ['k.id', 'k.cents', eb.fn.sum('l.cents').as('total')])
    .orderBy('k.id')
    .execute()
  return rows.map((row) => `E5 abbinamento ${row.id}: vale ${row.cents}, contabilizzati ${row.total}`)
}

/** By flow, Σ of the matches that are open only because effective lines draw on them: their movement is matched no more. */
async function leftBehind(db: ReadHandle): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .selectFrom('match as k')
    .innerJoin('movementLabel as s', 's.bankMovementId', 'k.bankMovementId')
    .where('k.closedReason', 'is', null)
    .where('k.reportingFlowId', 'is not', null)
    // Or a person matched it to something else, and the alarm is still open.
    .where((eb) =>
      eb.or([
        eb('s.state', '<>', 'matched'),
        eb.and([eb('k.origin', '=', 'engine'), eb('s.code', '=', 'MATCHED_BY_HAND')]),
      ]),
    )
    .where('k.id', 'in', effectiveLines(db).select('l.matchId'))
    .groupBy('k.reportingFlowId')
    .select((eb) => ['k.reportingFlowId', eb.fn.sum('k.cents').as('total')])
    .execute()
  return new Map(rows.map((row) => [row.reportingFlowId ?? 0, Number(row.total)]))
}

/** Flows with a match that stays as it was posted, whatever came later: its lines are kept, or of an exercise no more open. */
async function keptMatches(db: ReadHandle): Promise<ReadonlySet<number>> {
  const rows = await effectiveLines(db)
    .innerJoin('match as k', 'k.id', 'l.matchId')
    .innerJoin('exercise as e', 'e.year', 'r.exercise')
    .leftJoin('decisionSubject as s', (join) =>
      join.on('s.kind', '=', 'reversale').onRef('s.key', '=', (eb) => eb.cast<string>('r.id', 'text')),
    )
    .where('k.reportingFlowId', 'is not', null)
    .where((eb) => eb.or([eb('e.state', '<>', 'open'), eb('s.decisionId', 'is not', null)]))
    .select('k.reportingFlowId')
    .distinct()
    .execute()
  return new Set(rows.map((row) => row.reportingFlowId ?? 0))
}
