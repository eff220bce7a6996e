import { type Kysely, sql } from 'kysely'
import {
  addedColumns,
  deliveryEvidenceTable,
  deliveryRefusals,
  deliveryTable,
  evidenceRefusals,
  newTables,
} from './0003/delivery.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { addColumnSql, changeCheckSql, rebuildSql, tableSql } from './ddl/table.ts'
import { dropRefusalSql, refusalSql } from './ddl/trigger.ts'

/** Columns of the two rebuilt tables as 0001 made them: what is carried over. */
const DELIVERY_0001 = [
  ...['id', 'campaignId', 'noticeId', 'channel', 'contactPointId', 'addressText', 'ordinal', 'state', 'messageId'],
  ...['reason', 'updatedAt'],
]
const EVIDENCE_0001 = ['id', 'deliveryId', 'kind', 'at', 'sha256', 'bytesBase64', 'path', 'text']

/** The outbox: more ways of delivering, their accounts and pace, stop list, receipts, campaigns that pause. */
export function statements0003(dialect: DialectName): string[] {
  return [
    // «purpose» was the campaign in words; the contract calls that its description.
    'ALTER TABLE "campaign" RENAME COLUMN "purpose" TO "description"',
    ...Object.entries(addedColumns).flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, column]) => {
        const present = table === 'campaign' && name === 'purpose' ? `'notice'` : null
        return addColumnSql(table, name, column, dialect, present)
      }),
    ),
    'CREATE INDEX "deliveryAttempt_lane_startedAt" ON "deliveryAttempt" ("lane", "startedAt")',
    ...widened(dialect),
    ...newTables.flatMap((table) => tableSql(table, dialect)),
  ]
}

function widened(dialect: DialectName): string[] {
  const refusals = deliveryRefusals.flatMap((r) => refusalSql(r, dialect))
  if (dialect === 'sqlite') {
    return [
      ...rebuildSql(deliveryTable, DELIVERY_0001),
      ...refusals,
      ...rebuildSql(deliveryEvidenceTable, EVIDENCE_0001),
      ...evidenceRefusals.flatMap((r) => refusalSql(r, dialect)),
    ]
  }
  return [
    ...['nextAt', 'note'].map((name) =>
      addColumnSql('delivery', name, deliveryTable.columns[name] as never, dialect, null),
    ),
    ...changeCheckSql('delivery', 'channel', deliveryTable.columns.channel as never),
    ...changeCheckSql('deliveryEvidence', 'kind', deliveryEvidenceTable.columns.kind as never),
    'CREATE INDEX "delivery_campaignId_channel_state" ON "delivery" ("campaignId", "channel", "state")',
    'CREATE INDEX "delivery_messageId" ON "delivery" ("messageId")',
    'CREATE INDEX "delivery_contactPointId_state" ON "delivery" ("contactPointId", "state")',
    ...deliveryRefusals.flatMap((r) => dropRefusalSql(r)),
    ...refusals,
  ]
}

/** The ways of the campaigns that there are, out of the JSON in which 0001 kept them. */
async function fillWays(db: Kysely<unknown>): Promise<void> {
  const campaigns = await sql<{ id: number; channelsJson: string }>`
    SELECT "id", "channelsJson" FROM "campaign" ORDER BY "id"`.execute(db)
  for (const { id, channelsJson } of campaigns.rows) {
    const ways = JSON.parse(channelsJson) as {
      channel: string
      place: string
      accountId: number | null
      folder: string | null
    }[]
    for (const { channel, place, accountId, folder } of ways) {
      const lane = accountId === null ? `${channel}:${id}` : `mail:${accountId}`
      await sql`INSERT INTO "campaignWay" ("campaignId", "channel", "lane", "place", "accountId", "folder", "retries")
        VALUES (${id}, ${channel}, ${lane}, ${place}, ${accountId}, ${folder}, 0)`.execute(db)
    }
  }
}

export const migration0003: Migration = {
  name: '0003-delivery',
  async up(db, dialect) {
    for (const statement of statements0003(dialect)) await sql.raw(statement).execute(db)
    await fillWays(db)
  },
}
