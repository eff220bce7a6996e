import {
  type Column,
  check,
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

const channel = oneOf('email', 'pec', 'folder', 'server', 'post', 'io')
const port: Column = { type: 'INTEGER', check: (n) => `${n} BETWEEN 1 AND 65535` }
const clockTime: Column = { type: 'TEXT', check: (n) => `${n} LIKE '__:__'` }

/** How much and when a way may send; the days of the window are digits, 1 Monday … 7 Sunday. */
const pacing = {
  perDay: nullable(positive),
  batchSize: nullable(positive),
  batchPauseSeconds: nullable(positive),
  windowFrom: nullable(clockTime),
  windowTo: nullable(clockTime),
  windowDays: nullable(text),
}

/** Columns that tables of 0001 get. */
export const addedColumns: Readonly<Record<string, Readonly<Record<string, Column>>>> = {
  mailAccount: {
    ...pacing,
    imapHost: nullable(text),
    imapPort: nullable(port),
    imapSecurity: nullable(oneOf('tls', 'starttls', 'none')),
    imapUser: nullable(text),
    imapFolder: nullable(text),
    receiptsUidValidity: nullable(text),
    receiptsUid: nullable(notNegative),
    receiptsReadAt: nullable(instant),
    receiptsError: nullable(text),
  },
  campaign: {
    purpose: oneOf('notice', 'reminder'),
    startAt: nullable(instant),
    pausedAt: nullable(instant),
    cancelledAt: nullable(instant),
  },
  deliveryAttempt: { lane: nullable(text) },
}

/** Whole shape of the tables whose checks widen: SQLite cannot change a check, so there they are made again. */
export const deliveryTable: Table = table(
  'delivery',
  {
    id,
    campaignId: ref('campaign'),
    noticeId: ref('notice'),
    channel,
    contactPointId: nullable(ref('contactPoint')),
    addressText: text,
    ordinal: positive,
    state: oneOf(
      'queued',
      'sending',
      'sent',
      'accepted',
      'delivered',
      'deferred',
      'failed',
      'uncertain',
      'cancelled',
      'suppressed',
    ),
    messageId: nullable(text),
    reason: nullable(text),
    updatedAt: instant,
    nextAt: nullable(instant),
    note: nullable(text),
  },
  [unique('campaignId', 'noticeId', 'channel', 'addressText', 'ordinal')],
  [
    {
      columns: ['campaignId', 'noticeId', 'channel', 'addressText'],
      unique: true,
      where: `"state" IN ('queued', 'sending', 'deferred', 'uncertain')`,
    },
    { columns: ['state'] },
    { columns: ['noticeId'] },
    { columns: ['campaignId', 'channel', 'state'] },
    { columns: ['messageId'] },
    { columns: ['contactPointId', 'state'] },
  ],
)

export const deliveryEvidenceTable: Table = table(
  'deliveryEvidence',
  {
    id,
    deliveryId: ref('delivery'),
    kind: oneOf(
      'smtp',
      'accettazione',
      'nonAccettazione',
      'presaInCarico',
      'consegna',
      'mancata',
      'preavviso',
      'anomalia',
      'virus',
      'dsn',
      'file',
      'index',
      'post',
      'io',
    ),
    at: instant,
    sha256,
    bytesBase64: nullable(text),
    path: nullable(text),
    text: nullable(text),
  },
  [unique('deliveryId', 'kind', 'sha256')],
)

export const newTables: readonly Table[] = [
  table(
    'fileAccount',
    {
      id,
      name: text,
      protocol: oneOf('ftp', 'ftps', 'ftpsImplicit', 'sftp'),
      host: text,
      port,
      user: text,
      auth: oneOf('password', 'key'),
      remoteFolder: text,
      perMinute: positive,
      ...pacing,
      pinned: nullable(text),
      active: flag,
    },
    [unique('name')],
  ),
  table('ioService', { id, enabled: flag, baseUrl: text, perMinute: positive, ...pacing }, [
    check('ioService_one', '"id" = 1'),
  ]),
  // A row taken off the list stays, with who and why.
  table(
    'deliveryStop',
    {
      id,
      personId: ref('person'),
      channel: nullable(channel),
      reason: text,
      from: instant,
      operator: text,
      removedAt: nullable(instant),
      removedReason: nullable(text),
      removedBy: nullable(text),
    },
    [check('deliveryStop_removed', '("removedAt" IS NULL) = ("removedReason" IS NULL)')],
    [{ columns: ['personId'] }],
  ),
  table(
    'mailReceipt',
    {
      id,
      accountId: ref('mailAccount'),
      uidValidity: text,
      uid: notNegative,
      kind: text,
      sha256,
      bytesBase64: nullable(text),
      referencedMessageId: nullable(text),
      deliveryId: nullable(ref('delivery')),
      at: instant,
      text: nullable(text),
    },
    [unique('accountId', 'uidValidity', 'uid')],
    [{ columns: ['referencedMessageId'] }, { columns: ['deliveryId'] }],
  ),
  // One way of a campaign. Ways of one lane share an account and its pace, so one loop sends them all.
  table(
    'campaignWay',
    {
      campaignId: ref('campaign'),
      channel,
      lane: text,
      place: text,
      accountId: nullable(positive),
      folder: nullable(text),
      stoppedReason: nullable(text),
      retryAt: nullable(instant),
      retries: notNegative,
      closedAt: nullable(instant),
    },
    [key('campaignId', 'channel')],
    [{ columns: ['lane'] }],
  ),
  // Which program sends on a lane now, until when unless it says again that it lives.
  table('outboxLane', { lane: text, holder: text, until: instant }, [key('lane')]),
]

/** A file taken back by the clean-up of a cancelled campaign was delivered and no longer is; nothing else leaves an end. */
export const deliveryRefusals: readonly Refusal[] = [
  { table: 'delivery', event: 'DELETE', name: 'fixed', when: '1 = 1', code: 'BOOKS_ROW_FIXED' },
  {
    table: 'delivery',
    event: 'UPDATE',
    name: 'final',
    when: `(OLD."state" IN ('delivered', 'failed', 'cancelled', 'suppressed') AND NOT (OLD."state" = 'delivered' AND NEW."state" = 'cancelled' AND OLD."channel" IN ('folder', 'server', 'post'))) OR (${[
      'campaignId',
      'noticeId',
      'channel',
      'addressText',
      'ordinal',
    ]
      .map((c) => `OLD."${c}" IS DISTINCT FROM NEW."${c}"`)
      .join(' OR ')})`,
    code: 'BOOKS_DELIVERY_FINAL',
  },
]

export const evidenceRefusals: readonly Refusal[] = (['UPDATE', 'DELETE'] as const).map((event) => ({
  table: 'deliveryEvidence',
  event,
  name: 'fixed',
  when: '1 = 1',
  code: 'BOOKS_ROW_FIXED',
}))
