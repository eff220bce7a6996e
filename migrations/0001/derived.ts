import { day, flag, id, int, key, notNegative, nullable, oneOf, positive, ref, table, text } from '../ddl/table.ts'

const label = { state: text, code: text, paramsJson: text }

export const derivedTables = [
  table(
    'installmentState',
    {
      installmentId: ref('installment'),
      state: oneOf('unpaid', 'paid', 'reported', 'credited', 'collected', 'paidOutside'),
      paidTwice: flag,
      otherOptionPaid: flag,
      paidDate: nullable(day),
      reportingFlowId: nullable(ref('reportingFlow')),
      bankMovementId: nullable(ref('bankMovement')),
    },
    [key('installmentId')],
    [{ columns: ['state'] }],
  ),
  table(
    'movementLabel',
    { bankMovementId: ref('bankMovement'), ...label },
    [key('bankMovementId')],
    [{ columns: ['state'] }],
  ),
  table(
    'flowLabel',
    {
      reportingFlowId: ref('reportingFlow'),
      ...label,
      activeVersionId: nullable(ref('reportingFlowVersion')),
      totalCents: int,
      creditedCents: notNegative,
      books: oneOf('none', 'partly', 'whole'),
    },
    [key('reportingFlowId')],
  ),
  table('flowRowLabel', { flowRowId: ref('flowRow'), ...label }, [key('flowRowId')], [{ columns: ['code'] }]),
  table('receiptLabel', { receiptId: ref('receipt'), ...label }, [key('receiptId')]),
  table(
    'proposal',
    {
      id,
      bankMovementId: ref('bankMovement'),
      kind: oneOf('flow', 'accertamento'),
      targetId: positive,
      cents: positive,
      level: oneOf('TRUNCATED', 'PSP', 'AMOUNT', 'NAME', 'FISCAL_CODE'),
      evidenceJson: text,
    },
    [],
    [{ columns: ['bankMovementId'] }],
  ),
]
