import { OUTSIDE_TRIGGERS, type Refusal } from '../ddl/trigger.ts'

/** True when any of the columns changes (NULL counts as a value). */
function changes(...columns: readonly string[]): string {
  return `(${columns.map((c) => `OLD."${c}" IS DISTINCT FROM NEW."${c}"`).join(' OR ')})`
}

const importConfirmed = `EXISTS (SELECT 1 FROM "registerImport" i WHERE i."id" = OLD."importId" AND i."state" IN ('confirmed', 'undone'))`

/** Rows that move through states: what each state still lets change. */
export const stateRefusals: readonly Refusal[] = [
  {
    table: 'exercise',
    event: 'UPDATE',
    name: 'approved',
    when: `OLD."state" = 'approved' OR OLD."year" <> NEW."year"`,
    code: 'BOOKS_EXERCISE_APPROVED',
  },
  {
    table: 'capitolo',
    event: 'UPDATE',
    name: 'used',
    when: `${changes('code', 'kind')} AND EXISTS (SELECT 1 FROM "accertamento" a WHERE a."capitoloId" = OLD."id")`,
    code: 'BOOKS_IN_USE',
  },
  {
    table: 'bankAccount',
    event: 'UPDATE',
    name: 'used',
    when: `${changes('iban', 'kind')} AND EXISTS (SELECT 1 FROM "bankMovement" m WHERE m."bankAccountId" = OLD."id")`,
    code: 'BOOKS_IN_USE',
  },
  {
    table: 'registerImport',
    event: 'UPDATE',
    name: 'confirmed',
    when: `OLD."state" = 'undone' OR (OLD."state" = 'confirmed' AND (NEW."state" <> 'undone' OR ${changes('sha256', 'fileName')}))`,
    code: 'BOOKS_IMPORT_CONFIRMED',
  },
  {
    table: 'registerImport',
    event: 'DELETE',
    name: 'confirmed',
    when: `OLD."state" IN ('confirmed', 'undone')`,
    code: 'BOOKS_IMPORT_CONFIRMED',
  },
  {
    table: 'importRow',
    event: 'UPDATE',
    name: 'confirmed',
    when: `(NEW."live" > OLD."live" OR ${changes('importId', 'sheet', 'rowNumber', 'rawJson', 'parsedJson', 'externalReference', 'status', 'cents', 'accertamentoId', 'ticked')}) AND ${importConfirmed}`,
    code: 'BOOKS_IMPORT_CONFIRMED',
  },
  { table: 'importRow', event: 'DELETE', name: 'confirmed', when: importConfirmed, code: 'BOOKS_IMPORT_CONFIRMED' },
  { table: 'debtPosition', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'debtPosition',
    event: 'UPDATE',
    name: 'keys',
    when: `${changes('personId', 'issuanceId')} OR NEW."currentVersion" < OLD."currentVersion"`,
    code: 'BOOKS_ROW_FIXED',
  },
  {
    table: 'installment',
    event: 'INSERT',
    name: 'iuv',
    when: `(SELECT i."debtPositionId" FROM "iuvAssignment" i WHERE i."iuv" = NEW."iuv") IS DISTINCT FROM (SELECT o."debtPositionId" FROM "paymentOption" o WHERE o."id" = NEW."paymentOptionId")`,
    code: 'BOOKS_IUV_TAKEN',
  },
  { table: 'delivery', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'delivery',
    event: 'UPDATE',
    name: 'final',
    when: `OLD."state" IN ('delivered', 'failed', 'cancelled', 'suppressed') OR ${changes('campaignId', 'noticeId', 'channel', 'addressText', 'ordinal')}`,
    code: 'BOOKS_DELIVERY_FINAL',
  },
  { table: 'deliveryAttempt', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'deliveryAttempt',
    event: 'UPDATE',
    name: 'ended',
    when: `OLD."endedAt" IS NOT NULL OR ${changes('deliveryId', 'ordinal', 'startedAt', 'messageId')}`,
    code: 'BOOKS_ROW_FIXED',
  },
  { table: 'provvisorio', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'provvisorio',
    event: 'UPDATE',
    name: 'annulled',
    when: `OLD."annulledAt" IS NOT NULL OR ${changes('bankMovementId', 'bankAccountId', 'exercise', 'number')}`,
    code: 'BOOKS_ROW_FIXED',
  },
  { table: 'closing', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'closing',
    event: 'UPDATE',
    name: 'voided',
    when: `OLD."voidedAt" IS NOT NULL OR ${changes('exercise', 'at', 'operator')}`,
    code: 'BOOKS_ROW_FIXED',
  },
  { table: 'match', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'match',
    event: 'UPDATE',
    name: 'closed',
    when: `OLD."closedReason" IS NOT NULL OR ${changes('bankMovementId', 'kind', 'reportingFlowId', 'iuv', 'accertamentoId', 'targetMovementId', 'cents', 'origin', 'decisionId', 'openedAt')}`,
    code: 'BOOKS_ROW_FIXED',
  },
  { table: 'revision', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'revision',
    event: 'UPDATE',
    name: 'rises',
    when: 'NEW."counter" <> OLD."counter" + 1',
    code: 'BOOKS_ROW_FIXED',
  },
  {
    table: 'journalEntry',
    event: 'INSERT',
    name: 'chain',
    when: `NEW."seq" <> (SELECT COALESCE(MAX(j."seq"), 0) + 1 FROM "journalEntry" j) OR NEW."previousHash" <> COALESCE((SELECT j."hash" FROM "journalEntry" j WHERE j."seq" = NEW."seq" - 1), '${'0'.repeat(64)}')`,
    code: 'BOOKS_JOURNAL_CHAIN',
  },
  ...['accertamentoBalance', 'movementBalance'].flatMap((table): Refusal[] => [
    { table, event: 'INSERT', name: 'outside', when: OUTSIDE_TRIGGERS, code: 'BOOKS_BALANCE_FIXED' },
    { table, event: 'UPDATE', name: 'outside', when: OUTSIDE_TRIGGERS, code: 'BOOKS_BALANCE_FIXED' },
    { table, event: 'DELETE', name: 'outside', when: '1 = 1', code: 'BOOKS_BALANCE_FIXED' },
  ]),
]
