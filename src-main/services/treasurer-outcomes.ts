import type { TreasuryOutcome } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate } from '#domain/date'
import { add, type Cents, formatCents, ZERO } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { reversaliByNumber } from '#ledger/statement-store'

export interface TreasurerFacts {
  /** Reversali of ours that the treasurer says to have carried out, for their whole amount, and that were not known to be. */
  readonly executed: readonly { readonly reversaleId: Id<'reversale'>; readonly date: IsoDate }[]
  /** What agrees with nothing of ours: told, never written. */
  readonly problems: readonly Problem[]
}

/** What the treasurer's rows about reversali mean for ours: money is never made of them (DOMAIN.md §7). */
export async function treasurerFacts(db: ReadHandle, outcomes: readonly TreasuryOutcome[]): Promise<TreasurerFacts> {
  const executed: { reversaleId: Id<'reversale'>; date: IsoDate }[] = []
  const problems: Problem[] = []
  const tell = (found: Problem, line: number) => problems.push({ ...found, severity: 'warning', position: { line } })
  const ofOurs = outcomes.filter((o) => o.reversale !== null && (o.kind === 'executed' || o.kind === 'storned'))
  for (const [year, ofYear] of Map.groupBy(ofOurs, (o) => o.exercise)) {
    const known = await reversaliByNumber(
      db,
      year,
      ofYear.map((o) => o.reversale as number),
    )
    for (const [number, rows] of Map.groupBy(ofYear, (o) => o.reversale as number)) {
      const { line } = rows[0] as TreasuryOutcome
      const about = { number, year }
      const done = total(rows, 'executed')
      const back = total(rows, 'storned')
      const ours = known.get(number)
      if (!ours) {
        if (done > 0) tell(problem('STATEMENT_EXECUTED_UNKNOWN', about), line)
        continue
      }
      if (back > 0) tell(problem('STATEMENT_EXECUTED_BACK', { ...about, cents: formatCents(back) }), line)
      if (done === 0 || back > 0 || ours.executed) continue
      if (ours.annulledOn !== null) {
        tell(problem('STATEMENT_EXECUTED_ANNULLED', { ...about, day: formatDate(ours.annulledOn) }), line)
      } else if (done !== ours.cents) {
        const params = { ...about, executed: formatCents(done), cents: formatCents(ours.cents) }
        tell(problem('STATEMENT_EXECUTED_DIFFERS', params), line)
      } else {
        const days = rows.map((r) => r.date).sort()
        executed.push({ reversaleId: ours.id, date: days.at(-1) as IsoDate })
      }
    }
  }
  return { executed, problems }
}

function total(rows: readonly TreasuryOutcome[], kind: TreasuryOutcome['kind']): Cents {
  return rows.filter((r) => r.kind === kind).reduce<Cents>((sum, r) => add(sum, r.cents), ZERO)
}
