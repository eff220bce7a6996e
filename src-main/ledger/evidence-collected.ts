import type { Id } from '#domain/brand'
import { readCausale } from '#domain/causale'
import type { Decision, FlowVersionEvidence, MovementEvidence, ReceiptEvidence } from '#domain/reconcile-evidence'
import { type NamingDebit, namedByStorni, readTakenBack } from '#domain/taken-back'
import {
  type DecisionRow,
  decisionsAfter,
  inForceAmong,
  type KeptByHand,
  keptByHand,
  reconcileDecisions,
} from './decision.ts'
import type { ReadHandle } from './ledger.ts'
import { creditsNamedBy } from './storno-credit.ts'

/** Receipts, flows, movements and decisions, read once and then only what was added: none of them ever changes. */
export class CollectedEvidence {
  receipts: readonly ReceiptEvidence[] = []
  versions: readonly FlowVersionEvidence[] = []
  movements: readonly MovementEvidence[] = []
  decisions: readonly Decision[] = []
  kept: KeptByHand = { lineIds: new Set(), reversaleIds: new Set() }
  /** Ids of the rows of each version, in file order. */
  readonly rowIds = new Map<number, number[]>()
  /** Flows of this institution by flow id. */
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>> = new Map()
  /** Flow of each version. */
  readonly flowOfVersion = new Map<number, Id<'reportingFlow'>>()
  readonly #movementAt = new Map<number, number>()
  /** Debits of which the bank says what they take back. */
  readonly #naming: NamingDebit[] = []
  #said: readonly Omit<DecisionRow, 'revoked'>[] = []
  readonly #last = { receipt: 0, version: 0, movement: 0, decision: 0 }

  movementOf(movementId: number): MovementEvidence | undefined {
    return this.movements[this.#movementAt.get(movementId) ?? -1]
  }

  async refresh(db: ReadHandle, receiver: string): Promise<void> {
    await this.#readReceipts(db)
    await this.#readVersions(db, receiver)
    await this.#readMovements(db)
    await this.#tieStorni(db)
    await this.#readDecisions(db)
  }

  async #readReceipts(db: ReadHandle): Promise<void> {
    const found = await db
      .selectFrom('receipt')
      .select(['id', 'iuv', 'iur', 'ok', 'cents', 'paidAt'])
      .where('id', '>', this.#last.receipt as Id<'receipt'>)
      .orderBy('id')
      .execute()
    if (found.length === 0) return
    const transfers = Map.groupBy(
      await db
        .selectFrom('receiptTransfer')
        .select(['id', 'receiptId', 'idTransfer', 'fiscalCode', 'cents', 'stamp'])
        .where('receiptId', '>', this.#last.receipt as Id<'receipt'>)
        .orderBy('receiptId')
        .orderBy('idTransfer')
        .execute(),
      (t) => t.receiptId,
    )
    const added = found.map(({ id, ok, ...r }) => ({
      ...r,
      receiptId: id,
      ok: ok === 1,
      transfers: (transfers.get(id) ?? []).map(({ idTransfer, fiscalCode, cents, stamp }) => ({
        idTransfer,
        fiscalCode,
        cents,
        stamp: stamp === 1,
      })),
    }))
    this.#last.receipt = found.at(-1)?.id ?? 0
    this.receipts = [...this.receipts, ...added]
  }

  async #readVersions(db: ReadHandle, receiver: string): Promise<void> {
    const found = await db
      .selectFrom('reportingFlowVersion')
      .innerJoin('reportingFlow', 'reportingFlow.id', 'reportingFlowVersion.reportingFlowId')
      .where('reportingFlowVersion.id', '>', this.#last.version as Id<'reportingFlowVersion'>)
      .selectAll('reportingFlowVersion')
      .select(['reportingFlow.flowId', 'reportingFlow.receiver'])
      .orderBy('reportingFlowVersion.id')
      .execute()
    if (found.length === 0) return
    const rows = new Map<number, FlowVersionEvidence['rows'][number][]>()
    const ofVersions = await db
      .selectFrom('flowRow')
      .select(['id', 'versionId', 'iuv', 'iur', 'idTransfer', 'cents', 'outcome', 'outcomeDate'])
      .where('versionId', '>', this.#last.version as Id<'reportingFlowVersion'>)
      .orderBy('versionId')
      .orderBy('ordinal')
      .execute()
    for (const { id, versionId, ...row } of ofVersions) {
      const list = rows.get(versionId)
      if (list) {
        list.push(row)
        this.rowIds.get(versionId)?.push(id)
      } else {
        rows.set(versionId, [row])
        this.rowIds.set(versionId, [id])
      }
    }
    for (const v of found) this.flowOfVersion.set(v.id, v.reportingFlowId)
    const added = found.map((v) => ({
      versionId: v.id,
      flowId: v.flowId,
      receiver: v.receiver,
      flowDateTime: v.flowDateTime,
      revision: v.revision,
      contentHash: v.contentHash,
      declaredCents: v.declaredCents,
      declaredCount: v.declaredCount,
      regulationDate: v.regulationDate,
      regulationId: v.regulationId,
      pspCode: v.pspCode,
      ...(v.pspName === null ? {} : { pspName: v.pspName }),
      rows: rows.get(v.id) ?? [],
    }))
    this.#last.version = found.at(-1)?.id ?? 0
    this.versions = [...this.versions, ...added]
    const own = found.filter((v) => v.receiver === receiver)
    this.flowIdOf = new Map([...this.flowIdOf, ...own.map((v) => [v.flowId, v.reportingFlowId] as const)])
  }

  async #readMovements(db: ReadHandle): Promise<void> {
    const found = await db
      .selectFrom('bankMovement')
      .select(['id as movementId', 'bankAccountId', 'bookingDate', 'cents', 'fingerprint', 'description'])
      .select(['stornoOfId as stornoOf', 'endToEndId', 'bankReference', 'takesBack'])
      .where('id', '>', this.#last.movement as Id<'bankMovement'>)
      .orderBy('id')
      .execute()
    if (found.length === 0) return
    const added = found.map(({ endToEndId, bankReference, takesBack, ...m }) => {
      const taken = takesBack === null || m.cents >= 0 ? null : readTakenBack(takesBack)
      if (taken) this.#naming.push({ ...m, endToEndId, bankReference, takesBack: taken })
      return { ...m, reference: readCausale(m.description).reference }
    })
    for (const [index, m] of added.entries()) this.#movementAt.set(m.movementId, this.movements.length + index)
    this.#last.movement = found.at(-1)?.movementId ?? 0
    this.movements = [...this.movements, ...added]
  }

  /**
   * Which credits the storni name, looked for anew: a credit, or its number, may have come after its storno. Few debits
   * are storni, so few credits are read.
   */
  async #tieStorni(db: ReadHandle): Promise<void> {
    if (this.#naming.length === 0) return
    const named = namedByStorni(this.#naming, await creditsNamedBy(db, this.#naming))
    const changed = new Map<number, number>()
    for (const { movementId } of this.#naming) {
      const at = this.#movementAt.get(movementId) as number
      if ((this.movements[at] as MovementEvidence).stornoOf !== (named.get(movementId) ?? null))
        changed.set(at, movementId)
    }
    if (changed.size === 0) return
    this.movements = this.movements.map((m, at) =>
      changed.has(at) ? { ...m, stornoOf: named.get(m.movementId) ?? null } : m,
    )
  }

  async #readDecisions(db: ReadHandle): Promise<void> {
    const added = await decisionsAfter(db, this.#last.decision)
    if (added.length === 0) return
    this.#last.decision = added.at(-1)?.id ?? 0
    this.#said = [...this.#said, ...added]
    const inForce = inForceAmong(this.#said)
    this.decisions = reconcileDecisions(inForce)
    this.kept = keptByHand(inForce)
  }
}
