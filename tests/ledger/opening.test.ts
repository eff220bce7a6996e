import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { ProblemError } from '#domain/problem'
import { refuseNetworkShare } from '#ledger/engine/sqlite-file'
import { openLedger } from '#ledger/open-ledger'
import type { Migration } from '#migrations/ddl/migration'
import { MIGRATIONS } from '#migrations/list'
import { onBothEngines } from './support/both-engines.ts'
import { FakeClock, silentLog } from './support/fake-clock.ts'
import { command, makeOffice } from './support/office.ts'

const folder = mkdtempSync(join(tmpdir(), 'quietanza-opening-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tools = { clock: new FakeClock(), log: silentLog }
const sqlite = (name: string) => ({ engine: 'sqlite', file: join(folder, name) }) as const

function problemOf(promise: Promise<unknown>) {
  return promise.then(
    () => null,
    (error: unknown) => (error instanceof ProblemError ? error.problems[0] : error),
  )
}

const future: Migration = {
  name: '9999-future',
  up: async (db) => void (await sql`CREATE TABLE "later" ("id" INTEGER)`.execute(db)),
}
const failing: Migration = {
  name: '9998-failing',
  async up(db) {
    await sql`CREATE TABLE "half" ("id" INTEGER)`.execute(db)
    await sql`UPDATE "operator" SET "name" = 'perso'`.execute(db)
    await sql`INSERT INTO "nowhere" VALUES (1)`.execute(db)
  },
}

async function ledgerWithOperator(name: string) {
  const target = sqlite(name)
  const ledger = await openLedger(target, tools)
  await ledger.write(command(), (db) => db.insertInto('operator').values({ name: 'Lara', active: 1 }).execute())
  await ledger.close()
  return target
}

test('a clean close leaves one file, and it opens again', async () => {
  const target = await ledgerWithOperator('pulito.quietanza')
  expect(readdirSync(folder).filter((name) => name.startsWith('pulito'))).toEqual(['pulito.quietanza'])
  const again = await openLedger(target, tools)
  expect(await again.read((db) => db.selectFrom('operator').select('name').execute())).toEqual([{ name: 'Lara' }])
  await again.close()
})

test('a ledger of a newer program is refused and left alone', async () => {
  const target = await ledgerWithOperator('nuovo.quietanza')
  await (await openLedger(target, tools, [...MIGRATIONS, future])).close()
  const before = readFileSync(target.file)
  expect(await problemOf(openLedger(target, tools))).toMatchObject({
    code: 'LEDGER_NEWER',
    params: { found: '9999-future', known: MIGRATIONS.at(-1)?.name },
  })
  expect(readFileSync(target.file).equals(before)).toBe(true)
})

test('a pending migration is preceded by a backup that opens', async () => {
  const target = await ledgerWithOperator('avanza.quietanza')
  const backupsBefore = existsSync(join(folder, 'copie')) ? readdirSync(join(folder, 'copie')) : []
  await (await openLedger(target, tools, [...MIGRATIONS, future])).close()
  const backups = readdirSync(join(folder, 'copie')).filter((name) => !backupsBefore.includes(name))
  expect(backups).toHaveLength(1)
  copyFileSync(join(folder, 'copie', backups[0] as string), join(folder, 'ripristino.quietanza'))
  const restored = await openLedger(sqlite('ripristino.quietanza'), tools)
  expect(await restored.read((db) => db.selectFrom('operator').select('name').execute())).toEqual([{ name: 'Lara' }])
  await restored.close()
})

test('a migration that fails leaves the rows as they were and says where the backup is', async () => {
  const target = await ledgerWithOperator('fallita.quietanza')
  const found = await problemOf(openLedger(target, tools, [...MIGRATIONS, failing]))
  expect(found).toMatchObject({ code: 'LEDGER_UPGRADE_FAILED', params: { step: '9998-failing' } })
  expect(existsSync((found as { params: { backup: string } }).params.backup)).toBe(true)
  const ledger = await openLedger(target, tools)
  expect(await ledger.read((db) => db.selectFrom('operator').select('name').execute())).toEqual([{ name: 'Lara' }])
  await ledger.close()
  const raw = new Database(target.file, { readonly: true })
  expect(raw.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'half'`).get()).toBeUndefined()
  raw.close()
})

test('a first migration that fails leaves no file', async () => {
  const target = sqlite('mai-nato.quietanza')
  expect(await problemOf(openLedger(target, tools, [failing]))).toMatchObject({ code: 'LEDGER_UPGRADE_FAILED' })
  expect(existsSync(target.file)).toBe(false)
})

test('files that are not ledgers are refused and left alone', async () => {
  writeFileSync(join(folder, 'lettera.txt'), 'Gentile collega, '.repeat(100))
  const other = new Database(join(folder, 'altro.db'))
  other.exec('CREATE TABLE x (y)')
  other.close()
  for (const name of ['lettera.txt', 'altro.db']) {
    const before = readFileSync(join(folder, name))
    expect(await problemOf(openLedger(sqlite(name), tools))).toMatchObject({ code: 'LEDGER_NOT_OURS' })
    expect(readFileSync(join(folder, name)).equals(before)).toBe(true)
  }
})

test('a damaged page is found at opening', async () => {
  const target = await ledgerWithOperator('rovinato.quietanza')
  const bytes = readFileSync(target.file)
  bytes.fill(0xab, 4096 * 2, 4096 * 40)
  writeFileSync(target.file, bytes)
  expect(await problemOf(openLedger(target, tools))).toMatchObject({ code: 'LEDGER_DAMAGED' })
})

test('a network share is refused by its name', () => {
  for (const file of ['\\\\server\\ordine\\ordine.quietanza', '//server/ordine/ordine.quietanza']) {
    expect(() => refuseNetworkShare(file)).toThrow('su una cartella di rete')
  }
})

test('an unreachable server is said in words, without the password', async () => {
  const target = { engine: 'postgres', url: 'postgres://utente:segreto@127.0.0.1:1/ordine' } as const
  const found = await problemOf(openLedger(target, tools))
  expect(found).toMatchObject({ code: 'LEDGER_UNREACHABLE' })
  expect(JSON.stringify(found)).not.toContain('segreto')
})

onBothEngines('opening', (bench) => {
  test('a new ledger is whole: health finds nothing', async () => {
    const ledger = await bench.open()
    await makeOffice(ledger)
    expect(await ledger.health()).toMatchObject({
      schemaVersion: MIGRATIONS.at(-1)?.name,
      integrity: [],
      journal: [],
      equations: [],
    })
  })

  test('a backup is a ledger, or is refused in words where the server makes it', async () => {
    const ledger = await bench.open()
    await makeOffice(ledger)
    if (ledger.target.engine === 'postgres') {
      await expect(ledger.backup()).rejects.toThrow('la copia di sicurezza si fa sul server')
      return
    }
    const one = await ledger.backup(folder)
    const two = await ledger.backup(folder)
    expect(two.file).not.toBe(one.file)
    const copy = await openLedger({ engine: 'sqlite', file: one.file }, tools)
    expect(await copy.read((db) => db.selectFrom('person').select('name').execute())).toEqual([
      { name: 'Bianchi Lara' },
    ])
    await copy.close()
  })
})
