import {
  type Column,
  check,
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
      kind: oneOf('changed', 'possibleDuplicate'),
      knownMovementId: ref('bankMovement'),
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
  table('alboExport', { id, lastWriteBackId: notNegative, rows: notNegative, at: instant, operator: text }, [
    check('alboExport_counted', '"rows" <= "lastWriteBackId"'),
  ]),
]

const FIXED = ['importFile', 'decisionSubject', 'reversaleExecution', 'alboWriteBack', 'alboExport']

export const refusals: readonly Refusal[] = [
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
