import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ProblemError } from '#domain/problem'
import { checkEquations } from '#ledger/balances'
import type { Ledger, WriteHandle } from '#ledger/ledger'
import { onBothEngines } from './support/both-engines.ts'
import { command, credit, makeOffice, movement, type Office, post, raise } from './support/office.ts'

/** A ledger with one posted reversale of 50,00 on a credit of 80,00, and an accertamento of 40,00 still outstanding. */
async function booked(ledger: Ledger) {
  const office = await makeOffice(ledger)
  const facts = await ledger.write(command(), async (db) => {
    const paid = await raise(db, office, 5000)
    const left = await raise(db, office, 4000)
    const other = await raise(db, office, 1000, { capitoloId: office.diritti })
    const old = await raise(db, office, 2000, { exercise: 2024 })
    const money = await credit(db, office.account, 8000)
    const reversale = await post(db, office, [{ accertamentoId: paid, credit: money, cents: 5000 }])
    return { paid, left, other, old, money, reversale }
  })
  return { office, ...facts }
}

type Facts = Awaited<ReturnType<typeof booked>>

const line = (f: Facts, over: Partial<Record<string, number | string>> = {}) => {
  const values = {
    reversaleId: 2026000002,
    ordinal: 1,
    capitoloId: f.office.quote,
    originYear: 2026,
    accertamentoId: f.left,
    bankMovementId: f.money.movementId,
    matchId: f.money.matchId,
    cents: 3000,
    ...over,
  }
  return `INSERT INTO "reversaleLine" (${Object.keys(values).map((k) => `"${k}"`)}) VALUES (${Object.values(values)})`
}

const header = (f: Facts, over: Partial<Record<string, number | string>> = {}) => {
  const values = {
    id: 2026000002,
    exercise: 2026,
    number: 2,
    date: `'2026-03-13'`,
    capitoloId: f.office.quote,
    originYear: 2026,
    bankAccountId: f.office.account,
    cents: 3000,
    causale: `'x'`,
    groupKey: `'x'`,
    at: `'2026-03-13T08:00:00.000Z'`,
    operator: `'x'`,
    ...over,
  }
  return `INSERT INTO "reversale" (${Object.keys(values).map((k) => `"${k}"`)}) VALUES (${Object.values(values)})`
}

const iuvRow = (iuv: string) =>
  `INSERT INTO "iuvAssignment" ("iuv", "origin", "at") VALUES ('${iuv}', 'external', '2026-02-02T08:00:00.000Z')`

/** Each attack as the statements of one write, and the problem that answers it. */
const ATTACKS: readonly [string, string, (f: Facts) => readonly string[]][] = [
  ['change a posted line', 'BOOKS_ROW_FIXED', () => [`UPDATE "reversaleLine" SET "cents" = 1`]],
  ['remove a reversale', 'BOOKS_ROW_FIXED', () => [`DELETE FROM "reversale"`]],
  ['change a bank movement', 'BOOKS_ROW_FIXED', () => [`UPDATE "bankMovement" SET "cents" = 9000`]],
  [
    'leave a gap in the numbers',
    'BOOKS_NUMBER_GAP',
    (f) => [line(f, { reversaleId: 2026000003 }), header(f, { id: 2026000003, number: 3 })],
  ],
  ['go back in time', 'BOOKS_CHRONOLOGY', (f) => [line(f), header(f, { date: `'2026-03-11'` })]],
  ['line of another capitolo', 'BOOKS_REFERENCED', (f) => [line(f, { accertamentoId: f.other }), header(f)]],
  ['line of another year of origin', 'BOOKS_REFERENCED', (f) => [line(f, { accertamentoId: f.old }), header(f)]],
  ['line without its reversale', 'BOOKS_REFERENCED', (f) => [line(f)]],
  ['line into a sealed reversale', 'BOOKS_REVERSALE_SEALED', (f) => [line(f, { reversaleId: 2026000001, ordinal: 2 })]],
  ['header that is not the sum of its lines', 'BOOKS_LINES_DIFFER', (f) => [line(f), header(f, { cents: 2999 })]],
  [
    'reversale into a closed exercise',
    'BOOKS_EXERCISE_NOT_OPEN',
    (f) => [
      `INSERT INTO "closing" ("exercise", "at", "operator") VALUES (2026, '2027-01-10T08:00:00.000Z', 'x')`,
      `UPDATE "exercise" SET "state" = 'closed' WHERE "year" = 2026`,
      line(f),
      header(f),
    ],
  ],
  [
    'collect more than is due',
    'BOOKS_OVERDRAWN_ACCERTAMENTO',
    (f) => [
      line(f, { accertamentoId: f.old, originYear: 2024, cents: 2001 }),
      header(f, { originYear: 2024, cents: 2001 }),
    ],
  ],
  ['spend a credit twice', 'BOOKS_OVERDRAWN_MOVEMENT', (f) => [line(f, { cents: 3001 }), header(f, { cents: 3001 })]],
  [
    'use the credit of another account',
    'BOOKS_CREDIT_UNUSABLE',
    (f) => [line(f), header(f, { bankAccountId: f.office.postal })],
  ],
  [
    'cancel what is collected',
    'BOOKS_OVERDRAWN_ACCERTAMENTO',
    (f) => [
      `INSERT INTO "accertamentoVariation" ("accertamentoId", "exercise", "date", "kind", "cents", "reason") VALUES (${f.paid}, 2026, '2026-04-01', 'cancellation', -5000, 'x')`,
    ],
  ],
  [
    'write off a residuo without its act',
    'BOOKS_ACT_MISSING',
    (f) => [
      `INSERT INTO "accertamentoVariation" ("accertamentoId", "exercise", "date", "kind", "cents", "reason") VALUES (${f.old}, 2026, '2026-04-01', 'writeOff', -2000, 'x')`,
    ],
  ],
  [
    'unmatch what is posted',
    'BOOKS_MATCH_HAS_LINES',
    () => [`UPDATE "match" SET "closedReason" = 'x', "closedAt" = '2026-04-01T08:00:00.000Z'`],
  ],
  ['forge a balance', 'BOOKS_BALANCE_FIXED', () => [`UPDATE "accertamentoBalance" SET "collectedCents" = 1`]],
  ['forge a balance of money', 'BOOKS_BALANCE_FIXED', () => [`UPDATE "movementBalance" SET "availableCents" = 999999`]],
  ['use an IUV again', 'BOOKS_DUPLICATE', () => [iuvRow('01000000000000001'), iuvRow('01000000000000001')]],
  ['free an IUV', 'BOOKS_ROW_FIXED', () => [iuvRow('01000000000000001'), `DELETE FROM "iuvAssignment"`]],
  ['rewrite the journal', 'BOOKS_ROW_FIXED', () => [`UPDATE "journalEntry" SET "operator" = 'altri'`]],
  [
    'break the journal’s chain',
    'BOOKS_JOURNAL_CHAIN',
    () => [
      `INSERT INTO "journalEntry" VALUES (99, '2026-04-01T08:00:00.000Z', 'x', 'x', '{}', '${'0'.repeat(64)}', '${'1'.repeat(64)}')`,
    ],
  ],
  ['turn the revision back', 'BOOKS_ROW_FIXED', () => [`UPDATE "revision" SET "counter" = 0`]],
]

onBothEngines('the database defends the books', (bench) => {
  test.each(ATTACKS)('refused: %s', async (_name, code, statements) => {
    const ledger = await bench.open()
    const facts = await booked(ledger)
    const before = await ledger.revision()
    const attack = ledger.write(command(), async (db: WriteHandle) => {
      for (const statement of statements(facts)) await sql.raw(statement).execute(db)
    })
    await expect(attack).rejects.toSatisfy((error) => error instanceof ProblemError && error.problems[0]?.code === code)
    expect(await ledger.revision()).toBe(before)
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('the same statements, put right, pass', async () => {
    const ledger = await bench.open()
    const facts = await booked(ledger)
    await ledger.write(command(), async (db) => {
      for (const statement of [line(facts), header(facts)]) await sql.raw(statement).execute(db)
    })
    expect(await ledger.read(checkEquations)).toEqual([])
    const left = await ledger.read((db) =>
      db
        .selectFrom('accertamentoBalance')
        .selectAll()
        .where('accertamentoId', '=', facts.left)
        .executeTakeFirstOrThrow(),
    )
    expect(left).toMatchObject({ dueCents: 4000, collectedCents: 3000, state: 'partlyCollected' })
  })

  test('a storno lowers what a credit offers, and a debit offers nothing', async () => {
    const ledger = await bench.open()
    const office: Office = await makeOffice(ledger)
    const ids = await ledger.write(command(), async (db) => ({
      credit: await movement(db, office.account, 5000),
      debit: await movement(db, office.account, -2000),
    }))
    const storno = (from: number, to: number) =>
      `INSERT INTO "match" ("bankMovementId", "kind", "targetMovementId", "cents", "origin", "openedAt") VALUES (${from}, 'storno', ${to}, 2000, 'engine', '2026-03-12T08:00:00.000Z')`
    const backwards = ledger.write(command(), (db) => sql.raw(storno(ids.credit, ids.debit)).execute(db))
    await expect(backwards).rejects.toThrow('segno sbagliato')
    await ledger.write(command(), (db) => sql.raw(storno(ids.debit, ids.credit)).execute(db))
    const balances = await ledger.read((db) =>
      db.selectFrom('movementBalance').select('availableCents').orderBy('bankMovementId').execute(),
    )
    expect(balances.map((row) => row.availableCents)).toEqual([3000, 0])
    expect(await ledger.read(checkEquations)).toEqual([])
  })
})
