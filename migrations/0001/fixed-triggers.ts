import type { Refusal } from '../ddl/trigger.ts'

/** Evidence, decisions, books and journal: a row that stands is never changed nor removed; corrections are new rows. */
export const FIXED: readonly string[] = [
  'issuance',
  'debtPositionVersion',
  'paymentOption',
  'installment',
  'transfer',
  'allocation',
  'iuvAssignment',
  'notice',
  'deliveryEvidence',
  'receipt',
  'receiptTransfer',
  'reportingFlow',
  'reportingFlowVersion',
  'flowRow',
  'bankStatement',
  'bankMovement',
  'decision',
  'accertamento',
  'accertamentoVariation',
  'reversale',
  'reversaleLine',
  'reversaleAnnulment',
  'transmissionList',
  'transmissionListLine',
  'quietanza',
  'residuo',
  'journalEntry',
]

export function fixedRefusals(tables: readonly string[]): Refusal[] {
  return tables.flatMap((table) => [
    { table, event: 'UPDATE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
    { table, event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  ])
}
