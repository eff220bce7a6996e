import type { Slice } from '../ddl/slice.ts'
import {
  check,
  flag,
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
} from '../ddl/table.ts'

const environment = oneOf('rehearsal', 'uat', 'production')

/** What the node holds of each position, and the work under way on it. */
export const publish: Slice = {
  addedColumns: {},
  newTables: [
    // A massive load: asked for until its answer came, then followed by its file id.
    table(
      'nodeBatch',
      {
        id,
        environment,
        kind: oneOf('create', 'update', 'delete'),
        state: oneOf('sending', 'unknown', 'sent', 'done', 'refused'),
        fileId: nullable(text),
        sha256,
        rows: positive,
        startedAt: instant,
        owner: text,
        endedAt: nullable(instant),
      },
      [check('nodeBatch_sent', `"state" <> 'sent' OR "fileId" IS NOT NULL`)],
      [{ columns: ['environment', 'state'] }],
    ),
    // A row is there since somebody wanted the position on the node. Wanted against held: what to do next is worked out.
    table(
      'nodePosition',
      {
        environment,
        iupd: text,
        debtPositionId: ref('debtPosition'),
        api: nullable(oneOf('v1', 'v3')),
        // Version that the node has taken; 0 where it holds another content than any of ours.
        heldVersion: nullable(notNegative),
        // As the node last said; ABSENT where it said that it has none.
        state: nullable(text),
        heldJson: nullable(text),
        saidAt: nullable(instant),
        // The step under way: written before its call, closed after it.
        step: nullable(oneOf('create', 'update', 'publish', 'invalidate', 'remove', 'payOutside', 'ask')),
        stepVersion: nullable(positive),
        stepAt: nullable(instant),
        stepOwner: nullable(text),
        batchId: nullable(ref('nodeBatch')),
        // The last step may have been done or not: the node is asked before anything else.
        unsure: flag,
        pending: flag,
        attempts: notNegative,
        nextAt: nullable(instant),
        faultKind: nullable(oneOf('refused', 'temporary', 'unknown')),
        faultStatus: nullable(int),
        faultReply: nullable(text),
        faultReason: nullable(text),
        faultStep: nullable(text),
        faultVersion: nullable(positive),
        faultAt: nullable(instant),
        divergence: nullable(text),
        // The divergence that a person chose to live with, as it was then.
        keptDivergence: nullable(text),
      },
      [key('environment', 'iupd'), check('nodePosition_stepSince', `("step" IS NULL) = ("stepAt" IS NULL)`)],
      [{ columns: ['debtPositionId'] }, { columns: ['batchId'] }],
    ),
  ],
  refusals: [],
  more: () => [
    `CREATE INDEX "nodePosition_pending" ON "nodePosition" ("environment", "nextAt") WHERE "pending" = 1`,
    `CREATE INDEX "nodePosition_fault" ON "nodePosition" ("environment", "faultAt") WHERE "faultKind" IS NOT NULL`,
  ],
}
