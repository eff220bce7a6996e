import {
  check,
  day,
  id,
  instant,
  int,
  key,
  notNegative,
  nullable,
  oneOf,
  positive,
  ref,
  sha256,
  table,
  text,
  unique,
} from '../ddl/table.ts'

const accertamenti = [
  table(
    'accertamento',
    {
      id,
      exercise: ref('exercise', 'year'),
      number: positive,
      date: day,
      capitoloId: ref('capitolo'),
      personId: ref('person'),
      serviceTypeId: ref('serviceType'),
      competenceYear: int,
      causale: text,
      assessedCents: positive,
      dueDate: nullable(day),
      externalReference: nullable(text),
      importRowId: nullable(ref('importRow')),
    },
    // The second key is what lines refer to: a line of another capitolo or year of origin cannot exist.
    [unique('exercise', 'number'), unique('id', 'capitoloId', 'exercise')],
    [
      // With the id at its end: PostgreSQL, before its first ANALYZE, checks the lines' foreign key through this one.
      { columns: ['capitoloId', 'exercise', 'id'] },
      { columns: ['personId'] },
      { columns: ['importRowId'], unique: true, where: '"importRowId" IS NOT NULL' },
      { columns: ['externalReference'], where: '"externalReference" IS NOT NULL' },
    ],
  ),
  table(
    'accertamentoVariation',
    {
      id,
      accertamentoId: ref('accertamento'),
      exercise: ref('exercise', 'year'),
      date: day,
      kind: oneOf('increase', 'decrease', 'cancellation', 'writeOff'),
      cents: int,
      reason: { type: 'TEXT', check: (n) => `${n} <> ''` },
      act: nullable(text),
    },
    [
      check(
        'accertamentoVariation_sign',
        `("kind" = 'increase' AND "cents" > 0) OR ("kind" <> 'increase' AND "cents" < 0)`,
      ),
    ],
    [{ columns: ['accertamentoId'] }],
  ),
  table(
    'accertamentoBalance',
    {
      accertamentoId: ref('accertamento'),
      dueCents: int,
      collectedCents: int,
      state: oneOf('outstanding', 'partlyCollected', 'collected', 'cancelled'),
    },
    [
      key('accertamentoId'),
      check('accertamentoBalance_due', '"dueCents" >= 0'),
      check('accertamentoBalance_collected', '"collectedCents" BETWEEN 0 AND "dueCents"'),
    ],
    [{ columns: ['state'] }],
  ),
]

const collections = [
  table(
    'movementBalance',
    { bankMovementId: ref('bankMovement'), availableCents: int, matchedCents: int, regularisedCents: int },
    [
      key('bankMovementId'),
      check('movementBalance_available', '"availableCents" >= 0'),
      check('movementBalance_matched', '"matchedCents" <= "availableCents"'),
      check('movementBalance_regularised', '"regularisedCents" BETWEEN 0 AND "matchedCents"'),
    ],
  ),
  table(
    'match',
    {
      id,
      bankMovementId: ref('bankMovement'),
      kind: oneOf('flow', 'iuv', 'accertamento', 'storno', 'internal'),
      reportingFlowId: nullable(ref('reportingFlow')),
      iuv: nullable(text),
      accertamentoId: nullable(ref('accertamento')),
      targetMovementId: nullable(ref('bankMovement')),
      cents: positive,
      origin: oneOf('engine', 'decision'),
      decisionId: nullable(ref('decision')),
      openedAt: instant,
      closedReason: nullable(text),
      closedAt: nullable(instant),
    },
    [
      check(
        'match_target',
        `("reportingFlowId" IS NOT NULL) = ("kind" = 'flow') AND ("iuv" IS NOT NULL) = ("kind" = 'iuv')` +
          ` AND ("accertamentoId" IS NOT NULL) = ("kind" = 'accertamento')` +
          ` AND ("targetMovementId" IS NOT NULL) = ("kind" IN ('storno', 'internal'))`,
      ),
      check('match_closed', '("closedReason" IS NULL) = ("closedAt" IS NULL)'),
    ],
    [
      {
        columns: ['bankMovementId', 'reportingFlowId'],
        unique: true,
        where: '"closedReason" IS NULL AND "reportingFlowId" IS NOT NULL',
      },
      { columns: ['bankMovementId'] },
      { columns: ['reportingFlowId'] },
      { columns: ['targetMovementId'], where: '"targetMovementId" IS NOT NULL' },
    ],
  ),
  table(
    'reversale',
    {
      id: { type: 'INTEGER' },
      exercise: ref('exercise', 'year'),
      number: { type: 'INTEGER', check: (n) => `${n} BETWEEN 1 AND 999999` },
      date: day,
      capitoloId: ref('capitolo'),
      originYear: ref('exercise', 'year'),
      bankAccountId: ref('bankAccount'),
      cents: positive,
      causale: text,
      personId: nullable(ref('person')),
      groupKey: text,
      at: instant,
      operator: text,
    },
    [
      key('id'),
      check('reversale_id', '"id" = "exercise" * 1000000 + "number"'),
      check('reversale_origin', '"originYear" <= "exercise"'),
      check('reversale_year', 'CAST(substr("date", 1, 4) AS INTEGER) = "exercise"'),
      unique('exercise', 'number'),
      unique('id', 'capitoloId', 'originYear'),
    ],
    [{ columns: ['groupKey'] }],
  ),
  table(
    'reversaleLine',
    {
      id,
      reversaleId: { type: 'INTEGER' },
      ordinal: positive,
      capitoloId: { type: 'INTEGER' },
      originYear: { type: 'INTEGER' },
      accertamentoId: { type: 'INTEGER' },
      bankMovementId: ref('bankMovement'),
      matchId: ref('match'),
      reportingFlowId: nullable(ref('reportingFlow')),
      rowKey: nullable(text),
      iuv: nullable(text),
      idTransfer: nullable(positive),
      cents: positive,
    },
    [
      unique('reversaleId', 'ordinal'),
      'FOREIGN KEY ("reversaleId", "capitoloId", "originYear") REFERENCES "reversale" ("id", "capitoloId", "originYear") DEFERRABLE INITIALLY DEFERRED',
      'FOREIGN KEY ("accertamentoId", "capitoloId", "originYear") REFERENCES "accertamento" ("id", "capitoloId", "exercise")',
    ],
    [{ columns: ['accertamentoId'] }, { columns: ['bankMovementId'] }, { columns: ['matchId'] }, { columns: ['iuv'] }],
  ),
  table(
    'reversaleAnnulment',
    {
      id,
      reversaleId: ref('reversale'),
      date: day,
      reason: { type: 'TEXT', check: (n) => `${n} <> ''` },
      at: instant,
      operator: text,
    },
    [unique('reversaleId')],
  ),
  table(
    'transmissionList',
    { id, exercise: ref('exercise', 'year'), number: positive, date: day, bankAccountId: ref('bankAccount') },
    [unique('exercise', 'number')],
  ),
  table('transmissionListLine', { transmissionListId: ref('transmissionList'), reversaleId: ref('reversale') }, [
    key('transmissionListId', 'reversaleId'),
    unique('reversaleId'),
  ]),
  table(
    'quietanza',
    {
      id,
      reversaleLineId: ref('reversaleLine'),
      installmentId: nullable(ref('installment')),
      accertamentoId: nullable(ref('accertamento')),
      number: text,
      cents: positive,
      sha256,
      at: instant,
    },
    [unique('number'), check('quietanza_subject', '("installmentId" IS NULL) <> ("accertamentoId" IS NULL)')],
    [{ columns: ['installmentId'] }, { columns: ['reversaleLineId'] }],
  ),
  table(
    'closing',
    { id, exercise: ref('exercise', 'year'), at: instant, operator: text, voidedAt: nullable(instant) },
    [],
    [{ columns: ['exercise'], unique: true, where: '"voidedAt" IS NULL' }],
  ),
  table(
    'residuo',
    {
      id,
      exercise: ref('exercise', 'year'),
      accertamentoId: ref('accertamento'),
      cents: positive,
      closingId: ref('closing'),
    },
    [unique('exercise', 'accertamentoId', 'closingId')],
  ),
  table('balanceGate', { id: { type: 'INTEGER' }, open: notNegative }, [
    key('id'),
    check('balanceGate_one', '"id" = 1'),
  ]),
]

export const booksTables = { accertamenti, collections }
