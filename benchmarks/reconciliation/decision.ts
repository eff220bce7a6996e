// What a person waits for after each key: a match, an exclusion, an undo, in an office of 36,000 payments half of which are
// posted. The whole procedure is timed, from the call to the commit.
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { reconcile } from '#domain/reconcile'
import type { LedgerTarget } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { BooksEvidence } from '#ledger/reconcile-load'
import type { Act } from '#services/act'
import { reconcileLedger } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { reversale } from '#services/reversale'
import { AT, command, fillOffice } from './office.ts'
import { median, type Part, type PartResult } from './part.ts'

const PAYMENTS = 36_000
const STRANGERS = 60
const ROUNDS = 20
const MOST_SECONDS = 0.3

const clock = { now: () => AT, epochMs: () => Date.parse(AT), waitUntil: async () => {} }
const log = { info() {}, warn() {}, error: console.error }

interface Figures {
  readonly first: number
  readonly engine: number
  readonly ready: number
  readonly acts: Readonly<Record<'match' | 'exclude' | 'undo', number>>
}

async function seconds<T>(work: () => Promise<T>): Promise<[number, T]> {
  const from = performance.now()
  const done = await work()
  return [(performance.now() - from) / 1000, done]
}

async function measure(target: LedgerTarget): Promise<Figures> {
  const ledger = await openLedger(target, { clock, log })
  const context = { ledger, clock, operator: 'misura', log } as never
  const scope = { statementId: null, bankAccountId: null }
  try {
    await fillOffice(ledger, PAYMENTS, STRANGERS)
    const [first] = await seconds(() => ledger.write(command('prima'), (db) => reconcileLedger(db, AT)))
    const { drafts } = await call(reversale.ready, scope, { context })
    const half = drafts.slice(0, drafts.length / 2)
    const work = await call(
      reversale.post,
      {
        ...{ scope, keys: half.map((d) => d.key), changes: {} },
        expectedCents: half.reduce((sum, d) => sum + d.cents, 0) as never,
      },
      { context },
    )
    while (!(await work.next()).done) {}
    const waiting = await call(reconciliation.table, { kinds: ['credit'], limit: 2 * ROUNDS }, { context })
    const times = { match: [] as number[], exclude: [] as number[], undo: [] as number[], ready: [] as number[] }
    const decide = (act: Act, reason: string) =>
      seconds(() => call(reconciliation.decide, { acts: [act], reason }, { context }))
    for (const { counterparts } of waiting.rows.slice(0, ROUNDS)) {
      const [proposed] = counterparts
      if (!proposed) throw new Error('a credit without its proposal')
      times.match.push((await decide(proposed.act, 'Riconosciuto'))[0])
      times.ready.push((await seconds(() => call(reversale.ready, scope, { context })))[0])
    }
    for (const row of waiting.rows.slice(ROUNDS, 2 * ROUNDS)) {
      if (row.kind !== 'credit') throw new Error('not a credit')
      const excluded: Act = { kind: 'exclude', bankMovementIds: [row.bankMovementId] }
      const [time, { decisionIds }] = await decide(excluded, 'Non pagoPA')
      times.exclude.push(time)
      times.undo.push((await seconds(() => call(reconciliation.undo, { decisionIds }, { context })))[0])
    }
    const engine = await ledger.read(async (db) => {
      const input = await new BooksEvidence().refresh(db, '2026-11-16' as never)
      if (!input) throw new Error('no institution')
      const rounds = Array.from({ length: 5 }, () => {
        const from = performance.now()
        reconcile(input)
        return (performance.now() - from) / 1000
      })
      return median(rounds)
    })
    const acts = { match: median(times.match), exclude: median(times.exclude), undo: median(times.undo) }
    return { first, engine, ready: median(times.ready), acts }
  } finally {
    await ledger.close()
  }
}

function told(name: string, { first, engine, ready, acts }: Figures): string {
  const time = (value: number) => `${value.toFixed(3).replace('.', ',')} s`
  return [
    `${name}: abbina ${time(acts.match)}, escludi ${time(acts.exclude)}, disfa ${time(acts.undo)}`,
    `(il solo motore ${time(engine)}; la pagina Emetti dopo l’atto ${time(ready)}; la prima riconciliazione ${time(first)})`,
  ].join(' ')
}

type Server = { readonly url: string; stop(): void } | { readonly reason: string }

async function throwAwayServer(): Promise<Server> {
  const { startPostgres } = (await import(new URL('../../scripts/postgres.mjs', import.meta.url).href)) as {
    startPostgres(): Promise<Server>
  }
  return startPostgres()
}

async function run(): Promise<PartResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-misura-'))
  try {
    const sqlite = await measure({ engine: 'sqlite', file: join(folder, 'ordine.quietanza') })
    const table = [told('SQLite', sqlite)]
    const targets = Object.entries(sqlite.acts).map(([act, value]) => ({
      ...{ what: `${act} tra 36.000 pagamenti, secondi (mediana di ${ROUNDS})`, most: MOST_SECONDS, value },
    }))
    const server = await throwAwayServer()
    if ('reason' in server) return { table: [...table, `PostgreSQL: ${server.reason}`], targets, figures: { sqlite } }
    try {
      const postgres = await measure({ engine: 'postgres', url: server.url, schema: 'misura', clock: 'program' })
      return { table: [...table, told('PostgreSQL', postgres)], targets, figures: { sqlite, postgres } }
    } finally {
      server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const decision: Part = {
  name: 'decision',
  title: `Un atto della riconciliazione tra ${PAYMENTS} pagamenti`,
  run,
}
