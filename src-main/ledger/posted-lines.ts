import type { Id } from '#domain/brand'
import type { PostedLine } from '#domain/plan'
import type { KeptLine } from '#domain/reconcile-evidence'
import type { KeptByHand } from './decision.ts'
import type { ReadHandle } from './ledger.ts'

/** An effective line of the books with the flow that it came from. */
export interface PostedLineRow extends PostedLine {
  readonly flowId: string | null
  readonly rowKey: string | null
  readonly matchId: number
  readonly exercise: number
}

/** Every line whose reversale is not annulled, read once and then only what was added or annulled. */
export class PostedLines {
  #rows: readonly PostedLineRow[] = []
  #kept: readonly KeptLine[] = []
  readonly #last = { line: 0, annulment: 0 }
  #closed: ReadonlySet<number> = new Set()
  #keptByHand: KeptByHand = { lineIds: new Set(), reversaleIds: new Set() }

  /** In order of line. */
  get rows(): readonly PostedLineRow[] {
    return this.#rows
  }

  /** Lines that no correction may touch by itself: of a closed exercise, or kept by a person's decision. */
  get kept(): readonly KeptLine[] {
    return this.#kept
  }

  async refresh(db: ReadHandle, keptByHand: KeptByHand): Promise<void> {
    const added = await db
      .selectFrom('reversaleLine as line')
      .innerJoin('reversale', 'reversale.id', 'line.reversaleId')
      .leftJoin('reportingFlow', 'reportingFlow.id', 'line.reportingFlowId')
      .where('line.id', '>', this.#last.line as Id<'reversaleLine'>)
      .select(['line.id as lineId', 'line.reversaleId', 'line.bankMovementId as movementId', 'line.iuv'])
      .select(['line.idTransfer', 'line.accertamentoId', 'line.cents', 'line.rowKey', 'line.matchId'])
      .select(['reportingFlow.flowId', 'reversale.exercise'])
      .orderBy('line.id')
      .execute()
    const annulments = await db
      .selectFrom('reversaleAnnulment')
      .select(['id', 'reversaleId'])
      .where('id', '>', this.#last.annulment as Id<'reversaleAnnulment'>)
      .orderBy('id')
      .execute()
    const closed = await closedExercises(db)
    const same =
      closed.size === this.#closed.size &&
      [...closed].every((year) => this.#closed.has(year)) &&
      keptByHand === this.#keptByHand
    if (added.length === 0 && annulments.length === 0 && same) return
    this.#last.line = added.at(-1)?.lineId ?? this.#last.line
    this.#last.annulment = annulments.at(-1)?.id ?? this.#last.annulment
    this.#closed = closed
    this.#keptByHand = keptByHand
    const isKept = (line: Omit<PostedLineRow, 'kept'>) =>
      closed.has(line.exercise) || keptByHand.lineIds.has(line.lineId) || keptByHand.reversaleIds.has(line.reversaleId)
    const annulled = new Set<number>(annulments.map((a) => a.reversaleId))
    const still = annulled.size === 0 ? this.#rows : this.#rows.filter((line) => !annulled.has(line.reversaleId))
    const before = same
      ? still
      : still.map((line) => (isKept(line) === line.kept ? line : { ...line, kept: !line.kept }))
    const rows = added
      .filter((line) => !annulled.has(line.reversaleId))
      .map((line) => ({ ...line, kept: isKept(line) }))
    this.#rows = rows.length === 0 ? before : [...before, ...rows]
    this.#kept = this.#rows
      .filter((line) => line.kept)
      .map(({ movementId, iuv, idTransfer, accertamentoId, cents, flowId, rowKey }) => ({
        ...{ movementId, iuv, idTransfer, accertamentoId, cents, flowId, rowKey },
      }))
  }
}

async function closedExercises(db: ReadHandle): Promise<Set<number>> {
  const rows = await db.selectFrom('exercise').select('year').where('state', 'in', ['closed', 'approved']).execute()
  return new Set(rows.map((row) => row.year))
}
