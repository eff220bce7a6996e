// Posting 100,000 payments in 5,000 flows, beside the bare inserts of the very rows that it leaves, on a copy of the same
// ledger: same tables, indexes, checks and foreign keys, no triggers, nothing computed. First the reversali alone, then the
// whole procedure from the order of the person to the commit. Ratios are of processor time: a machine that does other things
// too lengthens one and not the other.
import { copyFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import Database from 'better-sqlite3'
import { openBooks } from '#ledger/books-memory'
import { openLedger } from '#ledger/open-ledger'
import { postReversali } from '#ledger/posting'
import { toPost } from '#services/posting'
import { reconcileLedger } from '#services/reconcile-ledger'
import { reversale } from '#services/reversale'
import { readyToPost } from '#services/reversale-drafts'
import { AT, command, fillOffice } from './office.ts'
import { median, type Part, type PartResult } from './part.ts'

const PAYMENTS = 100_000
const ROUNDS = 3
const MOST = 2

const clock = { now: () => AT, epochMs: () => Date.parse(AT), waitUntil: async () => {} }
const tools = { clock, log: { info() {}, warn() {}, error: console.error } }
const scope = { statementId: null, bankAccountId: null, reportingFlowId: null }

interface Time {
  readonly wall: number
  /** Of all threads: a machine that does other things too does not lengthen it. */
  readonly cpu: number
}

function now(): Time {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 }
}

function since(from: Time): Time {
  const { wall, cpu } = now()
  return { wall: wall - from.wall, cpu: cpu - from.cpu }
}

async function timed(work: () => unknown): Promise<Time> {
  globalThis.gc?.()
  const from = now()
  await work()
  return since(from)
}

/** Only lines and headers, as the ledger writes them: from the insert to the commit. */
async function alone(file: string): Promise<Time> {
  const ledger = await openLedger({ engine: 'sqlite', file }, tools)
  try {
    let before: Time | undefined
    await ledger.write(command('misura'), async (db) => {
      const books = await reconcileLedger(db, AT)
      if (!books) throw new Error('no institution')
      const { groups } = await readyToPost(db, books, scope, AT)
      const drafts = await toPost(db, books, groups.drafts, {}, await openBooks(db))
      globalThis.gc?.()
      before = now()
      await postReversali(db, drafts, { at: AT, operator: 'misura' })
    })
    return since(before as Time)
  } finally {
    await ledger.close()
  }
}

async function service(file: string): Promise<Time> {
  const ledger = await openLedger({ engine: 'sqlite', file }, tools)
  const context = { ledger, clock, operator: 'misura', log: tools.log } as never
  try {
    await ledger.write(command('misura'), (db) => reconcileLedger(db, AT))
    const { drafts, totals } = await call(reversale.ready, scope, { context })
    const order = { scope, keys: drafts.map((d) => d.key), changes: {}, expectedCents: totals.cents }
    return await timed(async () => {
      const work = await call(reversale.post, order, { context })
      while (!(await work.next()).done) {}
    })
  } finally {
    await ledger.close()
  }
}

type Row = Record<string, unknown>

function rowsOf(file: string, tables: readonly string[]): [string, Row[]][] {
  const db = new Database(file, { readonly: true })
  try {
    return tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).all() as Row[]])
  } finally {
    db.close()
  }
}

/** The floor: one prepared statement a table, rows one after the other, one transaction. */
async function bare(file: string, tables: readonly (readonly [string, readonly Row[]])[]): Promise<Time> {
  const db = new Database(file)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    for (const [table] of tables) {
      const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?").all(table)
      for (const { name } of triggers as { name: string }[]) db.exec(`DROP TRIGGER "${name}"`)
    }
    return await timed(() => {
      db.exec('BEGIN IMMEDIATE')
      for (const [table, rows] of tables) {
        const columns = Object.keys(rows[0] as Row)
        const names = columns.map((c) => `"${c}"`).join(', ')
        const insert = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
        for (const row of rows) insert.run(columns.map((c) => row[c]))
      }
      db.exec('COMMIT')
    })
  } finally {
    db.close()
  }
}

async function run(): Promise<PartResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-misura-'))
  try {
    const base = join(folder, 'prima.quietanza')
    const ledger = await openLedger({ engine: 'sqlite', file: base }, tools)
    await fillOffice(ledger, PAYMENTS, 0)
    await ledger.write(command('misura'), (db) => reconcileLedger(db, AT))
    await ledger.close()
    const copy = (name: string): string => {
      const file = join(folder, `${name}.quietanza`)
      copyFileSync(base, file)
      return file
    }
    const times = { bareLines: [] as Time[], alone: [] as Time[], bareAll: [] as Time[], service: [] as Time[] }
    for (let round = 0; round < ROUNDS; round++) {
      const done = copy('servizio')
      times.service.push(await service(done))
      const lines = rowsOf(done, ['reversaleLine', 'reversale', 'alboWriteBack'])
      times.alone.push(await alone(copy('soli')))
      times.bareLines.push(await bare(copy('righe'), lines))
      times.bareAll.push(await bare(copy('tutte'), [...lines, ...rowsOf(done, ['quietanza'])]))
      for (const name of ['servizio', 'soli', 'righe', 'tutte']) rmSync(join(folder, `${name}.quietanza`))
    }
    const [bareLines, own, bareAll, whole] = [times.bareLines, times.alone, times.bareAll, times.service].map((of) => ({
      wall: median(of.map((t) => t.wall)),
      cpu: median(of.map((t) => t.cpu)),
    })) as [Time, Time, Time, Time]
    const time = ({ wall, cpu }: Time) => `${wall.toFixed(2)} s (${cpu.toFixed(2)} di processore)`.replaceAll('.', ',')
    return {
      table: [
        `${PAYMENTS} righe e 5000 reversali, inserite nude ${time(bareLines)}; emesse (numeri, saldi, controlli) ${time(own)}`,
        `con le quietanze, inserite nude ${time(bareAll)}; la procedura intera, bozze e stati compresi, ${time(whole)}`,
      ],
      targets: [
        { what: 'emettere 100.000 pagamenti / inserirne le righe nude', most: MOST, value: own.cpu / bareLines.cpu },
        { what: 'la procedura intera / tutte le sue righe nude', most: MOST, value: whole.cpu / bareAll.cpu },
      ],
      figures: { bareLines, own, bareAll, whole },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const posting: Part = { name: 'posting', title: 'Emettere le reversali di 100.000 pagamenti', run }
