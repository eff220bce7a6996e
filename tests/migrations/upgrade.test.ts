import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
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
import { command, makeOffice, type Office } from '../ledger/support/office.ts'

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

async function oldLedger(target: LedgerTarget): Promise<Office> {
  const ledger = await openLedger(target, tools, FIRST)
  const office = await makeOffice(ledger)
  expect((await ledger.health()).schemaVersion).toBe('0001-books')
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
