import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { instantOf } from '#domain/date'
import { cents } from '#domain/money'
import { ProblemError } from '#domain/problem'
import { insertVariations } from '#ledger/accertamento-raise'
import { checkEquations } from '#ledger/balances'
import { insertMany } from '#ledger/bulk'
import { closeExercise, listClosings, reopenExercise, residuiToCarry } from '#ledger/closing'
import type { Ledger } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { listResidui } from '#ledger/residuo'
import { onBothEngines } from './support/both-engines.ts'
import { FakeClock, silentLog } from './support/fake-clock.ts'
import { AT, command, credit, makeOffice, movement, type Office, post, raise } from './support/office.ts'

const AUTHOR = { at: AT, operator: 'prova' }

/** 2026 with 50,00 collected, 40,00 and an old 20,00 of 2024 still due. */
async function yearEnd(ledger: Ledger) {
  const office = await makeOffice(ledger)
  const facts = await ledger.write(command(), async (db) => {
    const old = await raise(db, office, 2000, { exercise: 2024 })
    const paid = await raise(db, office, 5000)
    const left = await raise(db, office, 4000)
    const money = await credit(db, office.account, 8000)
    await post(db, office, [{ accertamentoId: paid, credit: money, cents: 5000 }])
    return { old, paid, left, money }
  })
  return { office, ...facts }
}

type Facts = Awaited<ReturnType<typeof yearEnd>>

const close = (ledger: Ledger, year = 2026) => ledger.write(command(), (db) => closeExercise(db, year, AUTHOR))
const equations = (ledger: Ledger) => ledger.read(checkEquations)

async function residui(ledger: Ledger) {
  return ledger.read((db) =>
    db
      .selectFrom('residuo as r')
      .innerJoin('closing as c', 'c.id', 'r.closingId')
      .where('c.voidedAt', 'is', null)
      .select(['r.exercise', 'r.accertamentoId', 'r.cents'])
      .orderBy('r.accertamentoId')
      .execute(),
  )
}

const closingRow = `INSERT INTO "closing" ("exercise", "at", "operator") VALUES (2026, '2027-01-10T08:00:00.000Z', 'x')`
const residuoRow = (f: Facts, over: Partial<Record<string, number>> = {}) => {
  const v = { exercise: 2027, accertamentoId: f.left, cents: 100, closingId: 1, ...over }
  return `INSERT INTO "residuo" ("exercise", "accertamentoId", "cents", "closingId") VALUES (${v.exercise}, ${v.accertamentoId}, ${v.cents}, ${v.closingId})`
}
const raised = (year: number, f: Facts) =>
  `INSERT INTO "accertamento" ("exercise", "number", "date", "capitoloId", "personId", "serviceTypeId", "competenceYear", "causale", "assessedCents") VALUES (${year}, (SELECT MAX("number") + 1 FROM "accertamento" WHERE "exercise" = ${year}), '${year}-12-31', ${f.office.quote}, ${f.office.person}, ${f.office.service}, ${year}, 'x', 100)`

/** Against a ledger whose 2026 is closed by the closing 1. */
const ATTACKS: readonly [string, string, (f: Facts) => readonly string[]][] = [
  ['a residuo written by hand', 'BOOKS_RESIDUO_BY_HAND', (f) => [residuoRow(f)]],
  ['a residuo changed', 'BOOKS_ROW_FIXED', () => [`UPDATE "residuo" SET "cents" = 1`]],
  ['a residuo removed', 'BOOKS_ROW_FIXED', () => [`DELETE FROM "residuo"`]],
  ['a second closing', 'BOOKS_EXERCISE_MOVE', () => [closingRow]],
  [
    'reopened without voiding its closing',
    'BOOKS_EXERCISE_MOVE',
    () => [`UPDATE "exercise" SET "state" = 'open' WHERE "year" = 2026`],
  ],
  [
    'closed without a closing',
    'BOOKS_EXERCISE_MOVE',
    () => [`UPDATE "exercise" SET "state" = 'closed' WHERE "year" = 2027`],
  ],
  [
    'approved while open',
    'BOOKS_EXERCISE_MOVE',
    () => [`UPDATE "exercise" SET "state" = 'approved' WHERE "year" = 2027`],
  ],
  [
    'a historical one put to work',
    'BOOKS_EXERCISE_MOVE',
    () => [`UPDATE "exercise" SET "state" = 'open' WHERE "year" = 2024`],
  ],
  [
    'a closing voided, then what it carried forgotten',
    'BOOKS_EXERCISE_APPROVED',
    () => [
      `UPDATE "exercise" SET "state" = 'approved' WHERE "year" = 2026`,
      `UPDATE "closing" SET "voidedAt" = '2027-01-10T08:00:00.000Z'`,
    ],
  ],
  ['an accertamento into the closed exercise', 'BOOKS_EXERCISE_NOT_OPEN', (f) => [raised(2026, f)]],
  ['an opening residuo after the closing', 'BOOKS_EXERCISE_NOT_OPEN', (f) => [raised(2024, f)]],
  [
    'a variation of the closed exercise',
    'BOOKS_EXERCISE_NOT_OPEN',
    (f) => [
      `INSERT INTO "accertamentoVariation" ("accertamentoId", "exercise", "date", "kind", "cents", "reason") VALUES (${f.left}, 2026, '2026-12-31', 'decrease', -100, 'x')`,
    ],
  ],
  [
    'an annulment in the closed exercise',
    'BOOKS_EXERCISE_NOT_OPEN',
    () => [
      `INSERT INTO "reversaleAnnulment" ("reversaleId", "date", "reason", "at", "operator") VALUES (2026000001, '2026-12-31', 'x', '2027-01-10T08:00:00.000Z', 'x')`,
    ],
  ],
  ['the closing of a year whose next is not open', 'BOOKS_EXERCISE_MOVE', () => [closingRow.replace('2026', '2027')]],
]

onBothEngines('closing of the exercise', (bench) => {
  test('what is left becomes residui of the next, by number and year of origin; E7 holds', async () => {
    const ledger = await bench.open()
    const f = await yearEnd(ledger)
    expect(await ledger.read((db) => residuiToCarry(db, 2026))).toEqual({ count: 2, cents: 6000 })
    expect(await close(ledger)).toEqual({ count: 2, cents: 6000 })
    expect(await residui(ledger)).toEqual([
      { exercise: 2027, accertamentoId: f.old, cents: 2000 },
      { exercise: 2027, accertamentoId: f.left, cents: 4000 },
    ])
    expect(await ledger.read(listClosings)).toMatchObject([{ exercise: 2026, residui: 2, cents: 6000 }])
    expect(await equations(ledger)).toEqual([])
  })

  test('the next year collects on them and writes them off; the register tells each sum', async () => {
    const ledger = await bench.open()
    const f = await yearEnd(ledger)
    await close(ledger)
    await ledger.write(command(), async (db) => {
      const late = await credit(db, f.office.account, 1500, '2027-01-05')
      const options = { exercise: 2027, originYear: 2026, date: '2027-01-05' }
      await post(db, f.office, [{ accertamentoId: f.left, credit: late, cents: 1500 }], options)
      await insertVariations(db, [
        {
          ...{ accertamentoId: f.old, exercise: 2027, date: '2027-02-01' as never, kind: 'writeOff' as const },
          ...{ cents: cents(-2000), reason: 'inesigibile', act: 'delibera 3/2027' },
        },
      ])
    })
    const rows = await ledger.read((db) => listResidui(db, 2027))
    expect(rows.map((r) => [r.exercise, r.openingCents, r.collectedCents, r.eliminatedCents, r.leftCents])).toEqual([
      [2024, 2000, 0, 2000, 0],
      [2026, 4000, 1500, 0, 2500],
    ])
    expect(await equations(ledger)).toEqual([])
  })

  test('reopened, changed and closed again: the residui are written anew, the void ones stay written', async () => {
    const ledger = await bench.open()
    const f = await yearEnd(ledger)
    await close(ledger)
    await ledger.write(command(), (db) => reopenExercise(db, 2026, instantOf(Date.parse('2027-01-11T08:00:00Z'))))
    expect(await residui(ledger)).toEqual([])
    expect(await equations(ledger)).toEqual([])
    await ledger.write(command(), async (db) => {
      const options = { date: '2026-12-30' }
      await post(db, f.office, [{ accertamentoId: f.left, credit: f.money, cents: 1000 }], options)
    })
    expect(await close(ledger)).toEqual({ count: 2, cents: 5000 })
    expect(await equations(ledger)).toEqual([])
    const written = await ledger.read((db) => db.selectFrom('residuo').select('id').execute())
    expect(written).toHaveLength(4)
    // A year that was never closed before, closed in its turn: E7 is asked of both.
    await ledger.write(command(), (db) => db.insertInto('exercise').values({ year: 2028, state: 'open' }).execute())
    expect(await close(ledger, 2027)).toEqual({ count: 2, cents: 5000 })
    expect(await equations(ledger)).toEqual([])
  })

  test.each(ATTACKS)('refused: %s', async (_name, code, statements) => {
    const ledger = await bench.open()
    const f = await yearEnd(ledger)
    await close(ledger)
    const before = await ledger.revision()
    const attack = ledger.write(command(), async (db) => {
      for (const statement of statements(f)) await sql.raw(statement).execute(db)
    })
    await expect(attack).rejects.toSatisfy((error) => error instanceof ProblemError && error.problems[0]?.code === code)
    expect(await ledger.revision()).toBe(before)
    expect(await equations(ledger)).toEqual([])
  })

  test('money that comes later does not touch what the closed year holds', async () => {
    const ledger = await bench.open()
    const f = await yearEnd(ledger)
    await close(ledger)
    await ledger.write(command(), (db) => movement(db, f.office.account, 700, '2026-12-31'))
    expect(await residui(ledger)).toHaveLength(2)
    expect(await equations(ledger)).toEqual([])
  })
})

test('20,000 accertamenti are closed in less than five seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-closing-'))
  const target = { engine: 'sqlite' as const, file: join(folder, 'ordine.quietanza') }
  const ledger = await openLedger(target, { clock: new FakeClock(), log: silentLog })
  try {
    const office: Office = await makeOffice(ledger)
    await ledger.write(command(), (db) =>
      insertMany(
        db,
        'accertamento',
        Array.from({ length: 20_000 }, (_, n) => ({
          ...{ exercise: 2026, number: n + 1, date: '2026-02-02' as never, capitoloId: office.quote },
          ...{ personId: office.person, serviceTypeId: office.service, competenceYear: 2026, causale: 'Quota' },
          ...{ assessedCents: cents(18_000), dueDate: null, externalReference: null, importRowId: null },
        })),
      ),
    )
    const start = performance.now()
    expect(await close(ledger)).toEqual({ count: 20_000, cents: 360_000_000 })
    expect(performance.now() - start).toBeLessThan(5000)
    expect(await ledger.read(checkEquations)).toEqual([])
  } finally {
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
