import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import { day, flag, id, instant, nullable, oneOf, positive, ref, table, text } from '../ddl/table.ts'

/** Versions that say what they changed and until when they hold, cancellations that a reactivation does not wipe out, papers drawn. */
export const position: Slice = {
  addedColumns: {
    debtPosition: {
      // Own identifier of the institution.
      externalReference: [nullable(text), null],
      // Of the form that made it: the second click finds what the first one did.
      attempt: [nullable(text), null],
    },
    debtPositionVersion: {
      // Null: what its batch says.
      validUntil: [nullable(day), null],
      // Null: the issue of the batch.
      kind: [nullable(oneOf('issue', 'change', 'added', 'reactivation', 'reissue')), null],
      operator: [nullable(text), null],
    },
  },
  newTables: [
    table(
      'positionCancellation',
      { id, debtPositionId: ref('debtPosition'), version: positive, at: instant, operator: text, reason: text },
      [],
      [{ columns: ['debtPositionId'] }],
    ),
    // A paper that left the program by the printer or into a folder; from the second one of a version on, a duplicate.
    table(
      'noticePrint',
      {
        id,
        debtPositionId: ref('debtPosition'),
        version: positive,
        how: oneOf('print', 'save'),
        duplicate: flag,
        at: instant,
        operator: text,
      },
      [],
      [{ columns: ['debtPositionId', 'version'] }],
    ),
  ],
  refusals: fixedRefusals(['positionCancellation', 'noticePrint']),
  more: () => [
    `CREATE UNIQUE INDEX "debtPosition_externalReference" ON "debtPosition" ("externalReference") WHERE "externalReference" IS NOT NULL`,
    `CREATE UNIQUE INDEX "debtPosition_attempt" ON "debtPosition" ("attempt") WHERE "attempt" IS NOT NULL`,
    // What was cancelled before is remembered too; who did it stands in the journal alone.
    `INSERT INTO "positionCancellation" ("debtPositionId", "version", "at", "operator", "reason") SELECT "id", "currentVersion", "cancelledAt", '', "cancelReason" FROM "debtPosition" WHERE "cancelledAt" IS NOT NULL AND "cancelReason" IS NOT NULL`,
  ],
}
