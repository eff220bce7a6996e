import {
  type Column,
  day,
  flag,
  id,
  instant,
  key,
  notNegative,
  nullable,
  oneOf,
  positive,
  ref,
  sha256,
  type Table,
  table,
  text,
  unique,
} from '../ddl/table.ts'
import type { Refusal } from '../ddl/trigger.ts'

/** Columns that tables of 0001 get. */
export const addedColumns: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  // What the bank says that the file covers; null where it does not say. `sha256` is of one part of one file from now on.
  bankStatement: { periodFrom: nullable(day), periodTo: nullable(day) },
  bankMovement: {
    counterparty: nullable(text),
    endToEndId: nullable(text),
    transactionCode: nullable(text),
    stornoOfId: nullable(ref('bankMovement')),
    // Words of `takenBackText`: the credit that is meant may come later, so it is looked for and not pointed at.
    takesBack: nullable(text),
  },
  // Every label of the subject, the first one included, as JSON.
  movementLabel: { labelsJson: text },
  flowLabel: { labelsJson: text },
}

/** Derived, so it is made again empty: another level of proof is known now. */
export const proposalTable: Table = table(
  'proposal',
  {
    id,
    bankMovementId: ref('bankMovement'),
    kind: oneOf('flow', 'accertamento'),
    targetId: positive,
    cents: positive,
    level: oneOf('TRN', 'TRUNCATED', 'PSP', 'AMOUNT', 'NAME', 'FISCAL_CODE', 'RULE'),
    evidenceJson: text,
  },
  [],
  [{ columns: ['bankMovementId'] }],
)

export const newTables: readonly Table[] = [
  // A file that came in: known once, whether it was picked, found in a zip or in a watched folder.
  table(
    'importFile',
    {
      id,
      kind: oneOf('statement', 'flow', 'receipt', 'unknown'),
      name: text,
      sha256,
      size: notNegative,
      source: oneOf('file', 'zip', 'folder', 'api'),
      outcome: text,
      problemsJson: text,
      at: instant,
      operator: text,
    },
    [unique('kind', 'sha256')],
    [{ columns: ['at'] }],
  ),
  // Rows of a statement that may be known already in other words, until a person says.
  table(
    'pendingMovement',
    {
      id,
      bankStatementId: ref('bankStatement'),
      bankAccountId: ref('bankAccount'),
      bookingDate: day,
      valueDate: nullable(day),
      cents: { type: 'INTEGER', check: (n) => `${n} <> 0` },
      description: text,
      bankReference: nullable(text),
      fingerprint: sha256,
      counterparty: nullable(text),
      endToEndId: nullable(text),
      transactionCode: nullable(text),
      takesBack: nullable(text),
      kind: oneOf('changed', 'possibleDuplicate'),
      knownMovementId: ref('bankMovement'),
      provvisorio: nullable(positive),
      state: oneOf('open', 'added', 'discarded'),
      reason: text,
      decidedAt: nullable(instant),
      operator: nullable(text),
    },
    [unique('bankAccountId', 'fingerprint')],
    [{ columns: ['state'] }, { columns: ['bankStatementId'] }],
  ),
  // What each decision speaks of, so that a movement, a flow or a row can tell its history.
  table(
    'decisionSubject',
    { decisionId: ref('decision'), kind: text, key: text },
    [key('decisionId', 'kind', 'key')],
    [{ columns: ['kind', 'key'] }],
  ),
  // The treasurer has carried out a reversale; from then on it cannot be annulled here.
  table(
    'reversaleExecution',
    {
      id,
      reversaleId: ref('reversale'),
      date: day,
      quietanzaNumber: nullable(text),
      bankStatementId: nullable(ref('bankStatement')),
      at: instant,
      operator: text,
    },
    [unique('reversaleId')],
  ),
  table(
    'learnedRule',
    {
      id,
      conditionJson: text,
      actionJson: text,
      fromDecisionId: nullable(ref('decision')),
      state: oneOf('offered', 'accepted', 'refused', 'removed'),
      at: instant,
      operator: text,
    },
    [],
    [{ columns: ['state'] }],
  ),
  table('watchedFolder', {
    id,
    folder: text,
    name: text,
    kinds: text,
    active: flag,
    after: oneOf('keep', 'move'),
    lastScanAt: nullable(instant),
    note: nullable(text),
    // Whose statements those are that name no account.
    bankAccountId: nullable(ref('bankAccount')),
    // Statements that stay where they are, each with its reason, as JSON.
    waitingJson: text,
  }),
  // Who has paid, for the register outside from which the quotas came: written with the reversale itself.
  table(
    'alboWriteBack',
    {
      id,
      personId: ref('person'),
      accertamentoId: ref('accertamento'),
      reversaleLineId: ref('reversaleLine'),
      externalReference: nullable(text),
      cents: positive,
      at: instant,
    },
    [unique('reversaleLineId')],
    [{ columns: ['accertamentoId'] }],
  ),
  // One list handed over: what was paid and what was annulled up to there is known outside.
  table('alboExport', {
    id,
    lastWriteBackId: notNegative,
    lastAnnulmentId: notNegative,
    rows: notNegative,
    at: instant,
    operator: text,
  }),
]

/** True when the exercise of that year is closed by a closing that stands. */
function closingOf(year: string): string {
  return `EXISTS (SELECT 1 FROM "closing" c WHERE c."exercise" = ${year} AND c."voidedAt" IS NULL)`
}

function stateIs(year: string, state: string): string {
  return `EXISTS (SELECT 1 FROM "exercise" e WHERE e."year" = ${year} AND e."state" = '${state}')`
}

/** An exercise is closed only with its residui written, and what it left never changes (DOMAIN.md §8, E7). */
const closingRefusals: readonly Refusal[] = [
  {
    table: 'exercise',
    event: 'UPDATE',
    name: 'moves',
    when: `OLD."state" <> NEW."state" AND NOT (CASE WHEN OLD."state" = 'open' THEN NEW."state" = 'closed' AND ${closingOf('OLD."year"')} WHEN OLD."state" = 'closed' AND NEW."state" = 'open' THEN NOT ${closingOf('OLD."year"')} WHEN OLD."state" = 'closed' AND NEW."state" = 'approved' THEN ${closingOf('OLD."year"')} ELSE 1 = 0 END)`,
    code: 'BOOKS_EXERCISE_MOVE',
  },
  {
    table: 'closing',
    event: 'INSERT',
    name: 'open',
    when: `NEW."voidedAt" IS NOT NULL OR NOT ${stateIs('NEW."exercise"', 'open')} OR NOT ${stateIs('NEW."exercise" + 1', 'open')}`,
    code: 'BOOKS_EXERCISE_MOVE',
  },
  {
    table: 'closing',
    event: 'UPDATE',
    name: 'approved',
    when: stateIs('OLD."exercise"', 'approved'),
    code: 'BOOKS_EXERCISE_APPROVED',
  },
  {
    table: 'residuo',
    event: 'INSERT',
    name: 'closing',
    when: `NOT EXISTS (SELECT 1 FROM "closing" c JOIN "exercise" e ON e."year" = c."exercise" JOIN "accertamento" a ON a."id" = NEW."accertamentoId" WHERE c."id" = NEW."closingId" AND c."voidedAt" IS NULL AND e."state" = 'open' AND NEW."exercise" = c."exercise" + 1 AND a."exercise" <= c."exercise")`,
    code: 'BOOKS_RESIDUO_BY_HAND',
  },
  // A residuo of the opening that came after a closing would have been left out of it for ever.
  {
    table: 'accertamento',
    event: 'INSERT',
    name: 'closed',
    when: `EXISTS (SELECT 1 FROM "closing" c WHERE c."exercise" >= NEW."exercise" AND c."voidedAt" IS NULL)`,
    code: 'BOOKS_EXERCISE_NOT_OPEN',
  },
]

const FIXED = ['importFile', 'decisionSubject', 'reversaleExecution', 'alboWriteBack', 'alboExport']

export const refusals: readonly Refusal[] = [
  ...closingRefusals,
  ...FIXED.flatMap((of): Refusal[] => [
    { table: of, event: 'UPDATE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
    { table: of, event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  ]),
  { table: 'pendingMovement', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'pendingMovement',
    event: 'UPDATE',
    name: 'decided',
    when: `OLD."state" <> 'open' OR OLD."fingerprint" <> NEW."fingerprint" OR OLD."cents" <> NEW."cents" OR OLD."bookingDate" <> NEW."bookingDate"`,
    code: 'BOOKS_ROW_FIXED',
  },
]
