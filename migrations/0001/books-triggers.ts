import type { Action, Refusal } from '../ddl/trigger.ts'

/** Numbers run 1…n in the exercise, and dates do not go back. */
function numbering(table: string): Refusal[] {
  return [
    {
      table,
      event: 'INSERT',
      name: 'number',
      when: `NEW."number" <> (SELECT COALESCE(MAX(t."number"), 0) + 1 FROM "${table}" t WHERE t."exercise" = NEW."exercise")`,
      code: 'BOOKS_NUMBER_GAP',
    },
    {
      table,
      event: 'INSERT',
      name: 'chronology',
      when: `NEW."date" < (SELECT t."date" FROM "${table}" t WHERE t."exercise" = NEW."exercise" AND t."number" = NEW."number" - 1)`,
      code: 'BOOKS_CHRONOLOGY',
    },
  ]
}

function exerciseIn(table: string, exercise: string, states: readonly string[]): Refusal {
  const list = states.map((s) => `'${s}'`).join(', ')
  return {
    table,
    event: 'INSERT',
    name: 'exercise',
    when: `NOT EXISTS (SELECT 1 FROM "exercise" e WHERE e."year" = ${exercise} AND e."state" IN (${list}))`,
    code: 'BOOKS_EXERCISE_NOT_OPEN',
  }
}

/** State of an accertamento from what is due and what is collected. */
const stateOf = (due: string, collected: string) =>
  `CASE WHEN ${due} = 0 THEN 'cancelled' WHEN ${collected} = 0 THEN 'outstanding' WHEN ${collected} < ${due} THEN 'partlyCollected' ELSE 'collected' END`

/** Both balances by the lines of one reversale, set-wise: `sign` + when it is posted, − when it is annulled. */
function moveBalances(sign: '+' | '-', reversaleId: string): string[] {
  const lines = (column: string) =>
    `(SELECT "${column}" AS "key", CAST(SUM("cents") AS BIGINT) AS "total" FROM "reversaleLine" WHERE "reversaleId" = ${reversaleId} GROUP BY "${column}") AS l`
  const collected = `"collectedCents" ${sign} l."total"`
  return [
    `UPDATE "accertamentoBalance" SET "collectedCents" = ${collected}, "state" = ${stateOf('"dueCents"', collected)} FROM ${lines('accertamentoId')} WHERE "accertamentoId" = l."key"`,
    `UPDATE "movementBalance" SET "regularisedCents" = "regularisedCents" ${sign} l."total" FROM ${lines('bankMovementId')} WHERE "bankMovementId" = l."key"`,
  ]
}

const isCredit = `NEW."kind" <> 'storno'`
const moved = (sign: '+' | '-') => ({
  credit: `UPDATE "movementBalance" SET "matchedCents" = "matchedCents" ${sign} NEW."cents" WHERE "bankMovementId" = NEW."bankMovementId"`,
  storno: `UPDATE "movementBalance" SET "availableCents" = "availableCents" ${sign === '+' ? '-' : '+'} NEW."cents" WHERE "bankMovementId" = NEW."targetMovementId"`,
})

const closing = `OLD."closedReason" IS NULL AND NEW."closedReason" IS NOT NULL`
const centsOf = (movement: string) => `(SELECT m."cents" FROM "bankMovement" m WHERE m."id" = ${movement})`

const refusals: readonly Refusal[] = [
  ...numbering('accertamento'),
  ...numbering('reversale'),
  ...numbering('transmissionList'),
  exerciseIn('accertamento', 'NEW."exercise"', ['open', 'historical']),
  exerciseIn('accertamentoVariation', 'NEW."exercise"', ['open']),
  exerciseIn('reversale', 'NEW."exercise"', ['open']),
  exerciseIn('transmissionList', 'NEW."exercise"', ['open']),
  exerciseIn('reversaleAnnulment', '(SELECT r."exercise" FROM "reversale" r WHERE r."id" = NEW."reversaleId")', [
    'open',
  ]),
  {
    table: 'accertamentoVariation',
    event: 'INSERT',
    name: 'origin',
    when: `NEW."exercise" < (SELECT a."exercise" FROM "accertamento" a WHERE a."id" = NEW."accertamentoId")`,
    code: 'BOOKS_EXERCISE_NOT_OPEN',
  },
  {
    table: 'accertamentoVariation',
    event: 'INSERT',
    name: 'act',
    when: `NEW."kind" IN ('cancellation', 'writeOff') AND COALESCE(NEW."act", '') = '' AND NEW."exercise" > (SELECT a."exercise" FROM "accertamento" a WHERE a."id" = NEW."accertamentoId")`,
    code: 'BOOKS_ACT_MISSING',
  },
  {
    table: 'match',
    event: 'INSERT',
    name: 'sign',
    when: `CASE NEW."kind" WHEN 'storno' THEN ${centsOf('NEW."bankMovementId"')} > 0 OR ${centsOf('NEW."targetMovementId"')} < 0 WHEN 'internal' THEN ${centsOf('NEW."bankMovementId"')} < 0 OR ${centsOf('NEW."targetMovementId"')} > 0 ELSE ${centsOf('NEW."bankMovementId"')} < 0 END OR NEW."closedReason" IS NOT NULL`,
    code: 'BOOKS_MATCH_SIGN',
  },
  {
    table: 'match',
    event: 'UPDATE',
    name: 'lines',
    when: `${closing} AND EXISTS (SELECT 1 FROM "reversaleLine" l WHERE l."matchId" = OLD."id" AND NOT EXISTS (SELECT 1 FROM "reversaleAnnulment" x WHERE x."reversaleId" = l."reversaleId"))`,
    code: 'BOOKS_MATCH_HAS_LINES',
  },
  {
    table: 'reversaleLine',
    event: 'INSERT',
    name: 'sealed',
    when: `EXISTS (SELECT 1 FROM "reversale" r WHERE r."id" = NEW."reversaleId")`,
    code: 'BOOKS_REVERSALE_SEALED',
  },
  {
    table: 'reversale',
    event: 'INSERT',
    name: 'total',
    when: `NEW."cents" <> (SELECT COALESCE(SUM(l."cents"), 0) FROM "reversaleLine" l WHERE l."reversaleId" = NEW."id")`,
    code: 'BOOKS_LINES_DIFFER',
  },
  {
    table: 'reversale',
    event: 'INSERT',
    name: 'credits',
    when: `EXISTS (SELECT 1 FROM "reversaleLine" l JOIN "match" k ON k."id" = l."matchId" JOIN "bankMovement" m ON m."id" = l."bankMovementId" WHERE l."reversaleId" = NEW."id" AND (k."closedReason" IS NOT NULL OR k."kind" IN ('storno', 'internal') OR k."bankMovementId" <> l."bankMovementId" OR m."bankAccountId" <> NEW."bankAccountId" OR CAST(substr(m."bookingDate", 1, 4) AS INTEGER) > NEW."exercise"))`,
    code: 'BOOKS_CREDIT_UNUSABLE',
  },
  {
    table: 'reversaleAnnulment',
    event: 'INSERT',
    name: 'chronology',
    when: `NEW."date" < (SELECT r."date" FROM "reversale" r WHERE r."id" = NEW."reversaleId")`,
    code: 'BOOKS_CHRONOLOGY',
  },
  {
    table: 'transmissionListLine',
    event: 'INSERT',
    name: 'annulled',
    when: `EXISTS (SELECT 1 FROM "reversaleAnnulment" x WHERE x."reversaleId" = NEW."reversaleId")`,
    code: 'BOOKS_REVERSALE_ANNULLED',
  },
]

const actions: readonly Action[] = [
  {
    table: 'accertamento',
    event: 'INSERT',
    name: 'balance',
    movesBalances: true,
    statements: [
      `INSERT INTO "accertamentoBalance" ("accertamentoId", "dueCents", "collectedCents", "state") VALUES (NEW."id", NEW."assessedCents", 0, 'outstanding')`,
    ],
  },
  {
    table: 'accertamentoVariation',
    event: 'INSERT',
    name: 'balance',
    movesBalances: true,
    statements: [
      `UPDATE "accertamentoBalance" SET "dueCents" = "dueCents" + NEW."cents", "state" = ${stateOf('"dueCents" + NEW."cents"', '"collectedCents"')} WHERE "accertamentoId" = NEW."accertamentoId"`,
    ],
  },
  {
    table: 'bankMovement',
    event: 'INSERT',
    name: 'balance',
    movesBalances: true,
    statements: [
      `INSERT INTO "movementBalance" ("bankMovementId", "availableCents", "matchedCents", "regularisedCents") VALUES (NEW."id", CASE WHEN NEW."cents" > 0 THEN NEW."cents" ELSE 0 END, 0, 0)`,
    ],
  },
  {
    table: 'match',
    event: 'INSERT',
    name: 'credit',
    when: isCredit,
    movesBalances: true,
    statements: [moved('+').credit],
  },
  {
    table: 'match',
    event: 'INSERT',
    name: 'storno',
    when: `NEW."kind" = 'storno'`,
    movesBalances: true,
    statements: [moved('+').storno],
  },
  {
    table: 'match',
    event: 'UPDATE',
    name: 'credit',
    when: `${closing} AND ${isCredit}`,
    movesBalances: true,
    statements: [moved('-').credit],
  },
  {
    table: 'match',
    event: 'UPDATE',
    name: 'storno',
    when: `${closing} AND NEW."kind" = 'storno'`,
    movesBalances: true,
    statements: [moved('-').storno],
  },
  {
    table: 'reversale',
    event: 'INSERT',
    name: 'balance',
    movesBalances: true,
    statements: moveBalances('+', 'NEW."id"'),
  },
  {
    table: 'reversaleAnnulment',
    event: 'INSERT',
    name: 'balance',
    movesBalances: true,
    statements: moveBalances('-', 'NEW."reversaleId"'),
  },
]

export const bookTriggers = { refusals, actions }
