import type { Insertable } from 'kysely'
import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import type { Proposal } from '#domain/reconcile-outcome'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import { difference } from './difference.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { BooksEvidence } from './reconcile-load.ts'
import type { ProposalTable } from './schema/derived.ts'

type Row = Omit<Insertable<ProposalTable>, 'id'>

/** The proposals as they are stored, by movement: read the first time, then known. In each movement's order of strength. */
export class ProposalStore {
  #known: ReadonlyMap<number, string> | null = null

  async store(
    db: WriteHandle,
    proposals: readonly Proposal[],
    evidence: BooksEvidence,
    flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
  ): Promise<void> {
    const rows = new Map<number, Row[]>()
    for (const proposal of proposals) {
      const row = rowOf(proposal, evidence, flowIdOf)
      if (row === null) continue
      const list = rows.get(row.bankMovementId)
      if (list) list.push(row)
      else rows.set(row.bankMovementId, [row])
    }
    const wanted = new Map([...rows].map(([movement, list]) => [movement, list.map(textOf).join('\n')]))
    const { remove, write } = difference(this.#known ?? (await loadTexts(db)), wanted)
    for (const part of chunks(remove)) {
      await db
        .deleteFrom('proposal')
        .where('bankMovementId', 'in', part as Id<'bankMovement'>[])
        .execute()
    }
    await insertMany(
      db,
      'proposal',
      write.flatMap((movement) => rows.get(movement) ?? []),
    )
    this.#known = wanted
  }
}

function rowOf(p: Proposal, evidence: BooksEvidence, flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>): Row | null {
  // Parts of one credit are confirmed together: the credit's label names them, one row alone would say less.
  if (p.target.kind === 'iuv' || p.level === 'PARTS') return null
  const targetId = p.target.kind === 'flow' ? flowIdOf.get(p.target.flowId) : p.target.accertamentoId
  if (targetId === undefined) return null
  return {
    bankMovementId: p.movementId as Id<'bankMovement'>,
    kind: p.target.kind,
    targetId: targetId as number,
    cents: p.cents,
    level: p.level === 'DEBTOR' ? debtorLevel(p, evidence) : p.level,
    evidenceJson: canonicalJson({ days: p.days, rivals: p.rivals }),
  }
}

/** A bonifico names its debtor by fiscal code or only by name. */
function debtorLevel({ target, movementId }: Proposal, { debts, collected }: BooksEvidence): 'FISCAL_CODE' | 'NAME' {
  const code = target.kind === 'accertamento' ? debts.dueOf(target.accertamentoId)?.fiscalCode : null
  const text = collected.movementOf(movementId)?.description.toUpperCase() ?? ''
  return code && text.includes(code) ? 'FISCAL_CODE' : 'NAME'
}

function textOf(r: Row): string {
  return [r.bankMovementId, r.kind, r.targetId, r.cents, r.level, r.evidenceJson].join('|')
}

async function loadTexts(db: ReadHandle): Promise<Map<number, string>> {
  const stored = await db.selectFrom('proposal').selectAll().orderBy('id').execute()
  const byMovement = Map.groupBy(stored, (row) => row.bankMovementId as number)
  return new Map([...byMovement].map(([movement, rows]) => [movement, rows.map(textOf).join('\n')]))
}
