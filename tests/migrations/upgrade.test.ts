import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { listAlbo } from '#ledger/albo'
import type { Ledger, LedgerTarget } from '#ledger/ledger'
import {
  DEFAULT_NOTICE_STYLE,
  readGraphics,
  readNoticeStyle,
  readOwnWords,
  saveNoticeStyle,
} from '#ledger/notice-style'
import { openLedger } from '#ledger/open-ledger'
import { MIGRATIONS } from '#migrations/list'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { FakeClock, silentLog } from '../ledger/support/fake-clock.ts'
import { command, credit, makeOffice, type Office, raise } from '../ledger/support/office.ts'

const folder = mkdtempSync(join(tmpdir(), 'quietanza-upgrade-'))
const schema = `t_upgrade_${process.pid}`
const tools = { clock: new FakeClock(), log: silentLog }
const FIRST = MIGRATIONS.slice(0, 1)

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  if (!PG_URL) return
  const client = new pg.Client({ connectionString: PG_URL })
  await client.connect()
  await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
  await client.end()
})

/** A campaign with a delivery, its attempt and its proof, as the first shape kept them. */
async function oldDelivery(ledger: Ledger, office: Office): Promise<void> {
  const at = '2026-02-02T08:00:00.000Z'
  await ledger.write(command('old'), async (db) => {
    const run = (text: string) => sql.raw(text).execute(db)
    await run(
      `INSERT INTO "issuance" ("id", "at", "operator", "description", "parametersJson") VALUES (1, '${at}', 'x', 'Lotto', '{}')`,
    )
    await run(`INSERT INTO "debtPosition" ("id", "personId", "issuanceId", "currentVersion", "lifecycle", "payment", "syncState")
      VALUES (1, ${office.person}, 1, 1, 'issued', 'unpaid', 'none')`)
    await run(`INSERT INTO "debtPositionVersion" ("debtPositionId", "version", "iupd", "reason", "createdAt")
      VALUES (1, 1, 'IUPD1', '', '${at}')`)
    await run(`INSERT INTO "notice" ("id", "debtPositionId", "version", "layout", "languages", "createdAt", "sha256")
      VALUES (1, 1, 1, 'a4-single', 'it', '${at}', '${'a'.repeat(64)}')`)
    await run(`INSERT INTO "campaign" ("id", "purpose", "channelsJson", "templateJson", "at", "operator")
      VALUES (7, 'Un avviso per e-mail', '[{"channel":"email","accountId":3,"folder":null,"place":"a@ordine.example"},
        {"channel":"folder","accountId":null,"folder":"t","place":"Avvisi"}]', '{"subject":"s","body":"b"}', '${at}', 'x')`)
    await run(`INSERT INTO "delivery" ("id", "campaignId", "noticeId", "channel", "addressText", "ordinal", "state", "updatedAt")
      VALUES (5, 7, 1, 'email', 'a@b.example', 1, 'sent', '${at}')`)
    await run(`INSERT INTO "deliveryAttempt" ("id", "deliveryId", "ordinal", "startedAt", "messageId", "endedAt", "outcome")
      VALUES (9, 5, 1, '${at}', '<m@ordine.example>', '${at}', 'sent')`)
    await run(`INSERT INTO "deliveryEvidence" ("id", "deliveryId", "kind", "at", "sha256", "text")
      VALUES (4, 5, 'smtp', '${at}', '${'b'.repeat(64)}', '250 ok')`)
  })
}

/** Every delivery, attempt and proof is there; the ways have lanes; the new channels are taken and the old rules still hold. */
async function deliversOn(ledger: Ledger): Promise<void> {
  const found = await ledger.read(async (db) => ({
    delivery: await db.selectFrom('delivery').select(['id', 'state', 'addressText', 'nextAt', 'note']).execute(),
    attempt: await db.selectFrom('deliveryAttempt').select(['id', 'deliveryId', 'lane']).execute(),
    evidence: await db.selectFrom('deliveryEvidence').select(['id', 'deliveryId', 'text']).execute(),
    campaign: await db.selectFrom('campaign').select(['description', 'purpose', 'pausedAt']).execute(),
    ways: await db.selectFrom('campaignWay').select(['channel', 'lane', 'place']).orderBy('channel').execute(),
  }))
  expect(found).toEqual({
    delivery: [{ id: 5, state: 'sent', addressText: 'a@b.example', nextAt: null, note: null }],
    attempt: [{ id: 9, deliveryId: 5, lane: null }],
    evidence: [{ id: 4, deliveryId: 5, text: '250 ok' }],
    campaign: [{ description: 'Un avviso per e-mail', purpose: 'notice', pausedAt: null }],
    ways: [
      { channel: 'email', lane: 'mail:3', place: 'a@ordine.example' },
      { channel: 'folder', lane: 'folder:7', place: 'Avvisi' },
    ],
  })
  const write = (text: string) => ledger.write(command('test'), (db) => sql.raw(text).execute(db))
  await write(`UPDATE "delivery" SET "state" = 'accepted' WHERE "id" = 5`)
  const more = (id: number, channel: string, state: string) =>
    write(`INSERT INTO "delivery" ("id", "campaignId", "noticeId", "channel", "addressText", "ordinal", "state", "updatedAt")
      VALUES (${id}, 7, 1, '${channel}', 'x.pdf', 1, '${state}', '2026-02-02T08:00:00.000Z')`)
  await more(6, 'server', 'delivered')
  await more(10, 'post', 'failed')
  await expect(more(11, 'fax', 'queued')).rejects.toThrow()
  // What was delivered as a file may be taken back; no other end is left, and nothing is removed.
  await write(`UPDATE "delivery" SET "state" = 'cancelled' WHERE "id" = 6`)
  await expect(write(`UPDATE "delivery" SET "state" = 'queued' WHERE "id" = 10`)).rejects.toThrow()
  await expect(write(`DELETE FROM "delivery" WHERE "id" = 5`)).rejects.toThrow()
  await expect(write(`DELETE FROM "deliveryEvidence" WHERE "id" = 4`)).rejects.toThrow()
  await expect(write(`UPDATE "deliveryAttempt" SET "deliveryId" = 99 WHERE "id" = 9`)).rejects.toThrow()
}

/** A reversale of 50,00, as the first shape issued it: nobody told the Albo. */
async function oldReversale(ledger: Ledger, office: Office): Promise<void> {
  await ledger.write(command('old'), async (db) => {
    const paid = await raise(db, office, 5000)
    const { movementId, matchId } = await credit(db, office.account, 5000)
    const run = (text: string) => sql.raw(text).execute(db)
    await run(`INSERT INTO "reversaleLine" ("reversaleId", "ordinal", "capitoloId", "originYear", "accertamentoId", "bankMovementId", "matchId", "cents")
      VALUES (2026000001, 1, ${office.quote}, 2026, ${paid}, ${movementId}, ${matchId}, 5000)`)
    await run(`INSERT INTO "reversale" ("id", "exercise", "number", "date", "capitoloId", "originYear", "bankAccountId", "cents", "causale", "groupKey", "at", "operator")
      VALUES (2026000001, 2026, 1, '2026-03-12', ${office.quote}, 2026, ${office.account}, 5000, 'Incasso', 'x', '2026-03-13T08:00:00.000Z', 'x')`)
  })
}

async function oldLedger(target: LedgerTarget): Promise<Office> {
  const ledger = await openLedger(target, tools, FIRST)
  const office = await makeOffice(ledger)
  await oldDelivery(ledger, office)
  await oldReversale(ledger, office)
  // Its equations are not asked: they are those of today's tables.
  const { rows } = await ledger.write(command('old'), (db) =>
    sql<{ name: string }>`SELECT "name" FROM "schemaMigration"`.execute(db),
  )
  expect(rows).toEqual([{ name: '0001-books' }])
  await ledger.close()
  return office
}

/** Everything the office wrote is there, the style has its defaults, and can be chosen. */
async function works(ledger: Ledger, office: Office): Promise<void> {
  const found = await ledger.read(async (db) => ({
    people: await db.selectFrom('person').select('name').execute(),
    style: await readNoticeStyle(db),
    graphics: await readGraphics(db),
    words: (await readOwnWords(db, 'de')).size,
    letters: await db.selectFrom('letter').selectAll().execute(),
  }))
  expect(found).toEqual({
    people: [{ name: 'Bianchi Lara' }],
    style: DEFAULT_NOTICE_STYLE,
    graphics: [],
    words: 0,
    letters: [],
  })
  const chosen = { ...DEFAULT_NOTICE_STYLE, postalAccountId: office.postal, secondLanguage: 'sl' } as const
  await ledger.write(command('noticeStyle.save'), (db) => saveNoticeStyle(db, chosen))
  expect(await ledger.read(readNoticeStyle)).toEqual(chosen)
  await deliversOn(ledger)
  // What was collected before is in the first list for the Albo.
  const told = await ledger.read((db) => listAlbo(db, { exercise: null, since: null }))
  expect(told).toMatchObject([{ what: 'paid', personName: 'Bianchi Lara', cents: 5000, date: '2026-03-12' }])
  expect(await ledger.health()).toMatchObject({
    schemaVersion: MIGRATIONS.at(-1)?.name,
    integrity: [],
    journal: [],
    equations: [],
  })
}

test('a ledger of the first shape is copied, brought to this one and works', async () => {
  const target: LedgerTarget = { engine: 'sqlite', file: join(folder, 'ordine.quietanza') }
  const office = await oldLedger(target)
  const ledger = await openLedger(target, tools)
  await works(ledger, office)
  await ledger.close()

  const copies = readdirSync(join(folder, 'copie'))
  expect(copies).toHaveLength(1)
  const copy = new Database(join(folder, 'copie', copies[0] as string), { readonly: true })
  expect(copy.prepare('SELECT "name" FROM "schemaMigration"').all()).toEqual([{ name: '0001-books' }])
  expect(copy.prepare('SELECT "name" FROM "person"').all()).toEqual([{ name: 'Bianchi Lara' }])
  copy.close()

  // Opened again, nothing more is copied or done.
  await (await openLedger(target, tools)).close()
  expect(readdirSync(join(folder, 'copie'))).toEqual(copies)
})

test('the program of the first shape refuses the new one and leaves it alone', async () => {
  const target: LedgerTarget = { engine: 'sqlite', file: join(folder, 'nuovo.quietanza') }
  await (await openLedger(target, tools)).close()
  await expect(openLedger(target, tools, FIRST)).rejects.toMatchObject({
    problems: [{ code: 'LEDGER_NEWER', params: { known: '0001-books' } }],
  })
})

describe.skipIf(PG_URL === null)('on PostgreSQL (skipped where QUIETANZA_PG_URL is not set)', () => {
  test('a ledger of the first shape is brought to this one and works', async () => {
    const target: LedgerTarget = { engine: 'postgres', url: PG_URL as string, schema, clock: 'program' }
    const office = await oldLedger(target)
    const ledger = await openLedger(target, tools)
    await works(ledger, office)
    await ledger.close()
  })
})
