import type { Slice } from '../ddl/slice.ts'
import {
  flag,
  id,
  instant,
  int,
  notNegative,
  nullable,
  oneOf,
  positive,
  ref,
  table,
  text,
  unique,
} from '../ddl/table.ts'

/** What an import changes of people, what was chosen of it, and what is needed to take it back. */
export const imports: Slice = {
  addedColumns: {
    registerImport: {
      purpose: [oneOf('dues', 'people'), "'dues'"],
      confirmedAt: [nullable(instant), null],
      confirmedBy: [nullable(text), null],
      createdPeople: [notNegative, '0'],
      createdContacts: [notNegative, '0'],
      createdAlboEntries: [notNegative, '0'],
      updatedPeople: [notNegative, '0'],
      undoneAt: [nullable(instant), null],
      undoneBy: [nullable(text), null],
      undoReason: [nullable(text), null],
    },
    importRow: {
      leftOut: [flag, '0'],
      // Of the person, as read: all rows of one person are found by it.
      fiscalCode: [nullable(text), null],
    },
  },
  newTables: [
    // What the file says of a known person that the archive does not, and what to do of it.
    table(
      'importDifference',
      {
        id,
        importId: ref('registerImport'),
        personId: ref('person'),
        rowNumber: positive,
        field: oneOf(
          'name',
          'category',
          'vatNumber',
          'email',
          'pec',
          'phone',
          'address',
          'iban',
          'alboNumber',
          'alboSection',
        ),
        oldValue: nullable(text),
        newValue: text,
        choice: oneOf('update', 'keep'),
      },
      [unique('importId', 'personId', 'field')],
      [{ columns: ['personId'] }],
    ),
    // One row for each person that a confirmed import touched. No foreign key: the person may be taken back with it.
    table(
      'importPerson',
      { id, importId: ref('registerImport'), personId: int, created: flag, effectJson: text },
      [unique('importId', 'personId')],
      [{ columns: ['personId'] }],
    ),
  ],
  refusals: [],
  more: () => [
    // The same file may hold people once and quotas another time: each way it enters once.
    'DROP INDEX "registerImport_sha256"',
    `CREATE UNIQUE INDEX "registerImport_sha256_purpose" ON "registerImport" ("sha256", "purpose") WHERE "state" = 'confirmed'`,
    'CREATE INDEX "importRow_fiscalCode" ON "importRow" ("importId", "fiscalCode") WHERE "fiscalCode" IS NOT NULL',
  ],
}
