import { fixedRefusals } from '../0001/fixed-triggers.ts'
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
  ref,
  table,
  text,
  unique,
} from '../ddl/table.ts'
import { dropRefusalSql, type Refusal, refusalSql } from '../ddl/trigger.ts'

const environment = oneOf('rehearsal', 'uat', 'production')
const kind = oneOf('receipts', 'flows')

/** An IUV seen before its position may get one, once: that of a spontaneous payment. */
const iuvRefusal: Refusal = {
  table: 'iuvAssignment',
  event: 'UPDATE',
  name: 'fixed',
  when: `NOT (OLD."origin" = 'external' AND OLD."debtPositionId" IS NULL) OR ${['iuv', 'noticeNumber', 'base', 'origin', 'at'].map((c) => `OLD."${c}" IS DISTINCT FROM NEW."${c}"`).join(' OR ')}`,
  code: 'BOOKS_ROW_FIXED',
}

/** How far receipts and flows were fetched, what came, and receipts without a position that wait for a look. */
export const receive: Slice = {
  addedColumns: {
    receipt: {
      source: [oneOf('file', 'node'), `'file'`],
      description: [nullable(text), null],
      debtorKind: [nullable(oneOf('F', 'G')), null],
    },
    receiptTransfer: { category: [nullable(text), null], remittance: [nullable(text), null] },
    serviceType: {
      spontaneous: [flag, '0'],
      spontaneousCapitoloId: [nullable(ref('capitolo')), null],
      spontaneousCausale: [nullable(text), null],
      // Years between that of the payment and that of competence.
      spontaneousYear: [{ type: 'INTEGER', check: (n) => `${n} BETWEEN -1 AND 1` }, '0'],
    },
  },
  newTables: [
    table(
      'nodeReading',
      {
        environment,
        kind,
        // All that was paid, or published, before it was seen.
        mark: nullable(instant),
        // When a reading last came to its end, and when one was last tried.
        wholeAt: nullable(instant),
        triedAt: nullable(instant),
        error: nullable(text),
        // Instants between which the node no longer answers and nothing was read; put aside by a person.
        lostFrom: nullable(instant),
        lostUntil: nullable(instant),
      },
      [key('environment', 'kind'), check('nodeReading_lost', '("lostFrom" IS NULL) = ("lostUntil" IS NULL)')],
    ),
    // As the node listed them: what is there is not asked for again.
    table('nodeReceipt', { environment, iuv: text, listed: text, receiptId: nullable(ref('receipt')), at: instant }, [
      key('environment', 'iuv', 'listed'),
    ]),
    table(
      'nodeFlow',
      {
        environment,
        flowId: text,
        pspCode: text,
        revision: int,
        published: nullable(text),
        versionId: nullable(ref('reportingFlowVersion')),
        at: instant,
      },
      [key('environment', 'flowId', 'pspCode', 'revision')],
    ),
    // Listed and not read: asked for again at each reading, until it comes or a person leaves it.
    table(
      'nodeUnread',
      {
        id,
        environment,
        kind,
        reference: text,
        part: text,
        listedJson: text,
        reason: text,
        attempts: notNegative,
        firstAt: instant,
        lastAt: instant,
        leftAt: nullable(instant),
      },
      [unique('environment', 'kind', 'reference', 'part')],
    ),
    table(
      'spontaneous',
      {
        receiptId: ref('receipt'),
        state: oneOf('toAssign', 'raised', 'looked', 'left'),
        // Why it waits, or was left.
        why: nullable(text),
        debtPositionId: nullable(ref('debtPosition')),
        newPerson: flag,
        at: instant,
        operator: text,
        lookedAt: nullable(instant),
        lookedBy: nullable(text),
      },
      [
        key('receiptId'),
        check('spontaneous_raised', `"state" NOT IN ('raised', 'looked') OR "debtPositionId" IS NOT NULL`),
      ],
      [{ columns: ['state'] }, { columns: ['debtPositionId'] }],
    ),
  ],
  refusals: [
    ...fixedRefusals(['nodeReceipt', 'nodeFlow']),
    { table: 'spontaneous', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  ],
  more: (dialect) => [
    ...(dialect === 'sqlite' ? ['DROP TRIGGER "iuvAssignment_update_fixed"'] : dropRefusalSql(iuvRefusal)),
    ...refusalSql(iuvRefusal, dialect),
  ],
}
