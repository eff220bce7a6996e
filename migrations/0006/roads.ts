import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import {
  check,
  id,
  instant,
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

/** Batches handed to a technological partner, and what came of them. */
export const roads: Slice = {
  addedColumns: {},
  newTables: [
    // A file for the partner: its positions are his from then on, unless it is taken back.
    table(
      'partnerBatch',
      {
        id,
        environment: oneOf('rehearsal', 'uat', 'production'),
        kind: oneOf('create', 'update', 'delete'),
        format: oneOf('json', 'csv'),
        at: instant,
        operator: text,
        fileName: text,
        sha256,
        size: positive,
        rows: positive,
        cents: notNegative,
        // Deflated: the same bytes come out of it whenever they are asked for.
        contentBase64: text,
        withdrawnAt: nullable(instant),
        withdrawnReason: nullable(text),
      },
      [check('partnerBatch_withdrawn', `("withdrawnAt" IS NULL) = ("withdrawnReason" IS NULL)`)],
    ),
    // What the partner answered about a batch, as he wrote it, or as a person was told.
    table(
      'partnerOutcome',
      {
        id,
        partnerBatchId: ref('partnerBatch'),
        at: instant,
        operator: text,
        source: oneOf('csv', 'gpd', 'hand'),
        fileName: text,
        sha256,
        accepted: notNegative,
        refused: notNegative,
        known: notNegative,
        unknown: notNegative,
        contradicted: notNegative,
        contentBase64: nullable(text),
      },
      [unique('partnerBatchId', 'sha256')],
    ),
    table(
      'partnerBatchRow',
      {
        partnerBatchId: ref('partnerBatch'),
        iupd: text,
        debtPositionId: ref('debtPosition'),
        version: positive,
        cents: notNegative,
        // Of its payments, those that were paid outside when it was handed over.
        closed: notNegative,
        outcome: oneOf('waiting', 'accepted', 'refused', 'released'),
        reason: nullable(text),
        partnerOutcomeId: nullable(ref('partnerOutcome')),
      },
      [
        key('partnerBatchId', 'iupd'),
        check('partnerBatchRow_told', `("outcome" = 'waiting') = ("partnerOutcomeId" IS NULL)`),
      ],
      [{ columns: ['debtPositionId'] }],
    ),
  ],
  refusals: fixedRefusals(['partnerOutcome']),
}
