import { readCausale } from '#domain/causale'
import type { IsoDate } from '#domain/date'
import type { PostedLine } from '#domain/plan'
import type {
  DueAccertamento,
  FlowRowEvidence,
  FlowVersionEvidence,
  KeptLine,
  MovementEvidence,
  PayableInstallment,
  ReceiptEvidence,
  ReconcileInput,
} from '#domain/reconcile-evidence'
import { reconcileDecisions } from './decision.ts'
import type { ReadHandle } from './ledger.ts'

/** An effective line of the books with the flow that it came from. */
export interface PostedLineRow extends PostedLine {
  readonly flowId: string | null
  readonly rowKey: string | null
}

/** All evidence and decisions of the ledger, as `reconcile` reads them (DOMAIN.md §6). Null before the institution is set. */
export async function loadEvidence(db: ReadHandle, today: IsoDate): Promise<ReconcileInput | null> {
  const institution = await db.selectFrom('creditorInstitution').select('fiscalCode').executeTakeFirst()
  if (!institution) return null
  const codes = await db.selectFrom('segregationCode').select('code').execute()
  const requireReceipt = await db
    .selectFrom('setting')
    .select('valueJson')
    .where('key', '=', 'requireReceipt')
    .executeTakeFirst()
  return {
    receiver: institution.fiscalCode,
    segregationCodes: [...new Set(codes.map((c) => c.code))].sort(),
    today,
    settings: { requireReceipt: requireReceipt?.valueJson === 'true' },
    installments: await loadInstallments(db),
    due: await loadDue(db),
    receipts: await loadReceipts(db),
    versions: await loadVersions(db),
    movements: await loadMovements(db),
    decisions: await reconcileDecisions(db),
    kept: await loadKept(db),
  }
}

/** True once a flow, a movement or a receipt has come. */
export async function hasEvidence(db: ReadHandle): Promise<boolean> {
  for (const table of ['reportingFlow', 'bankMovement', 'receipt'] as const) {
    if (await db.selectFrom(table).select('id').limit(1).executeTakeFirst()) return true
  }
  return false
}

async function loadInstallments(db: ReadHandle): Promise<PayableInstallment[]> {
  const installments = await db
    .selectFrom('installment')
    .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
    .innerJoin('debtPosition', 'debtPosition.id', 'paymentOption.debtPositionId')
    .where('debtPosition.lifecycle', '<>', 'draft')
    .select(['installment.id', 'installment.iuv', 'paymentOption.kind', 'paymentOption.version'])
    .select(['debtPosition.id as positionId', 'debtPosition.lifecycle'])
    .orderBy('installment.id')
    .execute()
  const transfers = await db.selectFrom('transfer').selectAll().orderBy('installmentId').orderBy('idTransfer').execute()
  const allocations = await db
    .selectFrom('allocation')
    .select(['transferId', 'accertamentoId', 'cents'])
    .orderBy('transferId')
    .orderBy('ordinal')
    .execute()
  const byTransfer = Map.groupBy(allocations, (a) => a.transferId)
  const byInstallment = Map.groupBy(transfers, (t) => t.installmentId)
  return installments.map((i) => ({
    iuv: i.iuv,
    positionId: i.positionId,
    version: i.version,
    option: i.kind,
    cancelled: i.lifecycle === 'cancelled',
    transfers: (byInstallment.get(i.id) ?? []).map((t) => ({
      idTransfer: t.idTransfer,
      cents: t.cents,
      own: t.own === 1,
      stamp: t.stamp === 1,
      allocations: byTransfer.get(t.id) ?? [],
    })),
  }))
}

async function loadDue(db: ReadHandle): Promise<DueAccertamento[]> {
  return db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .select(['accertamento.id as accertamentoId', 'accertamento.exercise', 'accertamento.number'])
    .select(['accertamento.dueDate', 'accertamentoBalance.dueCents', 'accertamento.personId'])
    .select(['person.fiscalCode', 'person.name as personName'])
    .execute()
}

async function loadReceipts(db: ReadHandle): Promise<ReceiptEvidence[]> {
  const receipts = await db.selectFrom('receipt').select(['id', 'iuv', 'iur', 'ok', 'cents', 'paidAt']).execute()
  const transfers = Map.groupBy(
    await db
      .selectFrom('receiptTransfer')
      .select(['receiptId', 'idTransfer', 'fiscalCode', 'cents'])
      .orderBy('receiptId')
      .orderBy('idTransfer')
      .execute(),
    (t) => t.receiptId,
  )
  return receipts.map(({ id, ok, ...r }) => ({
    ...r,
    receiptId: id,
    ok: ok === 1,
    transfers: transfers.get(id) ?? [],
  }))
}

async function loadVersions(db: ReadHandle): Promise<FlowVersionEvidence[]> {
  const versions = await db
    .selectFrom('reportingFlowVersion')
    .innerJoin('reportingFlow', 'reportingFlow.id', 'reportingFlowVersion.reportingFlowId')
    .selectAll('reportingFlowVersion')
    .select(['reportingFlow.flowId', 'reportingFlow.receiver'])
    .execute()
  const rows = new Map<number, FlowRowEvidence[]>()
  const found = await db
    .selectFrom('flowRow')
    .select(['versionId', 'iuv', 'iur', 'idTransfer', 'cents', 'outcome', 'outcomeDate'])
    .orderBy('versionId')
    .orderBy('ordinal')
    .execute()
  for (const { versionId, ...row } of found) {
    const list = rows.get(versionId)
    if (list) list.push(row)
    else rows.set(versionId, [row])
  }
  return versions.map((v) => ({
    versionId: v.id,
    flowId: v.flowId,
    receiver: v.receiver,
    flowDateTime: v.flowDateTime,
    revision: v.revision,
    contentHash: v.contentHash,
    declaredCents: v.declaredCents,
    declaredCount: v.declaredCount,
    regulationDate: v.regulationDate,
    pspCode: v.pspCode,
    ...(v.pspName === null ? {} : { pspName: v.pspName }),
    rows: rows.get(v.id) ?? [],
  }))
}

async function loadMovements(db: ReadHandle): Promise<MovementEvidence[]> {
  const movements = await db
    .selectFrom('bankMovement')
    .select(['id as movementId', 'bankAccountId', 'bookingDate', 'cents', 'fingerprint', 'description'])
    .execute()
  return movements.map((m) => ({ ...m, reference: readCausale(m.description).reference }))
}

/** Lines that no correction may touch by itself: of a closed exercise, or kept by a person's decision. */
async function loadKept(db: ReadHandle): Promise<KeptLine[]> {
  return (await loadPosted(db))
    .filter((line) => line.kept)
    .map(({ movementId, iuv, idTransfer, accertamentoId, cents, flowId, rowKey }) => ({
      movementId,
      iuv,
      idTransfer,
      accertamentoId,
      cents,
      flowId,
      rowKey,
    }))
}

/** Every line whose reversale is not annulled. */
export async function loadPosted(db: ReadHandle): Promise<PostedLineRow[]> {
  const lines = await db
    .selectFrom('reversaleLine as line')
    .innerJoin('reversale', 'reversale.id', 'line.reversaleId')
    .innerJoin('exercise', 'exercise.year', 'reversale.exercise')
    .leftJoin('reversaleAnnulment as annulment', 'annulment.reversaleId', 'line.reversaleId')
    .leftJoin('reportingFlow', 'reportingFlow.id', 'line.reportingFlowId')
    .where('annulment.id', 'is', null)
    .select(['line.id as lineId', 'line.reversaleId', 'line.bankMovementId as movementId', 'line.iuv'])
    .select(['line.idTransfer', 'line.accertamentoId', 'line.cents', 'line.rowKey'])
    .select(['reportingFlow.flowId', 'exercise.state'])
    .orderBy('line.id')
    .execute()
  const decisions = await db
    .selectFrom('decision')
    .leftJoin('decision as revocation', 'revocation.revokesId', 'decision.id')
    .where('decision.kind', '=', 'keepLine')
    .where('revocation.id', 'is', null)
    .select('decision.subjectKey')
    .execute()
  const keptIds = new Set(decisions.map((d) => Number(d.subjectKey)))
  return lines.map(({ state, ...line }) => ({
    ...line,
    kept: state === 'closed' || state === 'approved' || keptIds.has(line.lineId),
  }))
}
