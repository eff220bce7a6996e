import type { Slice } from '../ddl/slice.ts'
import {
  changeCheckSql,
  day,
  id,
  instant,
  key,
  nullable,
  oneOf,
  rebuildSql,
  ref,
  table,
  text,
  unique,
} from '../ddl/table.ts'
import { dropRefusalSql, type Refusal, refusalSql } from '../ddl/trigger.ts'

/** Whole shape of the table whose check widens: SQLite cannot change a check, so there it is made again. */
const contactPoint = table(
  'contactPoint',
  {
    id,
    personId: ref('person'),
    kind: oneOf('email', 'pec', 'address', 'phone', 'iban'),
    value: text,
    street: nullable(text),
    civicNumber: nullable(text),
    postalCode: nullable(text),
    city: nullable(text),
    province: nullable(text),
    country: nullable(text),
    validFrom: day,
    validTo: nullable(day),
    source: text,
    failedAt: nullable(instant),
  },
  [unique('personId', 'kind', 'value', 'validFrom')],
)

const changes = (...columns: readonly string[]) =>
  columns.map((c) => `OLD."${c}" IS DISTINCT FROM NEW."${c}"`).join(' OR ')

/** What a confirmed import read of a person can be emptied when the person is erased, and nothing else of it changes. */
const importRowRefusal: Refusal = {
  table: 'importRow',
  event: 'UPDATE',
  name: 'confirmed',
  when: `(NEW."live" > OLD."live" OR ${changes('importId', 'sheet', 'rowNumber', 'externalReference', 'status', 'cents', 'accertamentoId', 'ticked')} OR ((${changes('rawJson', 'parsedJson')}) AND NOT (NEW."rawJson" = '{}' AND NEW."parsedJson" IS NULL))) AND EXISTS (SELECT 1 FROM "registerImport" i WHERE i."id" = OLD."importId" AND i."state" IN ('confirmed', 'undone'))`,
  code: 'BOOKS_IMPORT_CONFIRMED',
}

const CONTACT_0001 = Object.keys(contactPoint.columns)

/** Merges with what they changed, fields with what they were, pairs that are two people; contacts for refunds; erasure. */
export const people: Slice = {
  addedColumns: { person: { erasedAt: [nullable(instant), null] } },
  newTables: [
    // Who was merged into whom. `person.mergedIntoId` is the last survivor; these rows are the steps, to walk back.
    table(
      'personMerge',
      {
        id,
        personId: ref('person'),
        intoId: ref('person'),
        at: instant,
        operator: text,
        // The fiscal code of the two that is seen no more: a file that names it means the survivor.
        formerCode: nullable(text),
        // What the two were and which contacts moved: what «Separa» gives back. Emptied by an erasure.
        beforeJson: text,
        separatedAt: nullable(instant),
        separatedBy: nullable(text),
      },
      [],
      [{ columns: ['personId'], unique: true, where: '"separatedAt" IS NULL' }, { columns: ['intoId'] }],
    ),
    // Previous values stand here and not in the journal, which cannot forget.
    table(
      'personChange',
      { id, personId: ref('person'), field: text, before: text, after: text, at: instant, operator: text },
      [],
      [{ columns: ['personId'] }],
    ),
    table('personDistinct', { firstId: ref('person'), secondId: ref('person'), at: instant, operator: text }, [
      key('firstId', 'secondId'),
    ]),
  ],
  refusals: [],
  more: (dialect) => [
    ...(dialect === 'sqlite'
      ? rebuildSql(contactPoint, CONTACT_0001)
      : changeCheckSql('contactPoint', 'kind', contactPoint.columns.kind as never)),
    ...(dialect === 'sqlite' ? ['DROP TRIGGER "importRow_update_confirmed"'] : dropRefusalSql(importRowRefusal)),
    ...refusalSql(importRowRefusal, dialect),
    'CREATE INDEX "contactPoint_search" ON "contactPoint" (lower("value"))',
    'CREATE INDEX "alboEntry_search" ON "alboEntry" (lower("number"))',
    'CREATE INDEX "person_mergedIntoId" ON "person" ("mergedIntoId") WHERE "mergedIntoId" IS NOT NULL',
    'CREATE INDEX "person_searchKey" ON "person" ("searchKey")',
    'CREATE INDEX "person_vatNumber" ON "person" ("vatNumber")',
  ],
}
