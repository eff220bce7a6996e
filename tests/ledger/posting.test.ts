import { expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { checkEquations } from '#ledger/balances'
import type { Ledger } from '#ledger/ledger'
import { annulReversale, postReversali } from '#ledger/posting'
import { onBothEngines } from './support/both-engines.ts'
import { AT, command, credit, makeOffice, post, raise } from './support/office.ts'

const author = { at: AT, operator: 'prova' }

async function states(ledger: Ledger) {
  const rows = await ledger.read((db) =>
    db.selectFrom('accertamentoBalance').selectAll().orderBy('accertamentoId').execute(),
  )
  return rows.map((row) => `${row.collectedCents}/${row.dueCents} ${row.state}`)
}

onBothEngines('posting', (bench) => {
  test('plain: two accertamenti, one credit, one reversale (DOMAIN.md §9.1)', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const posted = await ledger.write(command(), async (db) => {
      const a1 = await raise(db, office, 18000)
      const a2 = await raise(db, office, 18000)
      const money = await credit(db, office.account, 36000)
      return post(db, office, [
        { accertamentoId: a1, credit: money, cents: 18000 },
        { accertamentoId: a2, credit: money, cents: 18000 },
      ])
    })
    expect(posted).toMatchObject({ id: 2026000001, number: 1, cents: 36000 })
    expect(posted.lineIds).toHaveLength(2)
    expect(await states(ledger)).toEqual(['18000/18000 collected', '18000/18000 collected'])
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('two credits for one flow: lines of one reversale on both (§9.2)', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    await ledger.write(command(), async (db) => {
      const a1 = await raise(db, office, 21500)
      const a2 = await raise(db, office, 21500)
      const m1 = await credit(db, office.account, 30000, '2026-03-11')
      const m2 = await credit(db, office.account, 13000, '2026-03-12')
      await post(db, office, [
        { accertamentoId: a1, credit: m1, cents: 21500 },
        { accertamentoId: a2, credit: m1, cents: 8500 },
        { accertamentoId: a2, credit: m2, cents: 13000 },
      ])
    })
    expect(await states(ledger)).toEqual(['21500/21500 collected', '21500/21500 collected'])
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('several reversali in one go, residui and competenza, take consecutive numbers', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const posted = await ledger.write(command(), async (db) => {
      const old = await raise(db, office, 10000, { exercise: 2024 })
      const now = await raise(db, office, 834)
      const money = await credit(db, office.account, 10834)
      const draft = (accertamentoId: typeof old, originYear: number, amount: number) => ({
        exercise: 2026,
        date: isoDate('2026-03-12'),
        capitoloId: office.quote,
        originYear,
        bankAccountId: office.account,
        personId: null,
        causale: 'Incasso',
        groupKey: 'g',
        lines: [
          {
            accertamentoId,
            bankMovementId: money.movementId,
            matchId: money.matchId,
            reportingFlowId: null,
            rowKey: null,
            iuv: null,
            idTransfer: null,
            cents: cents(amount),
          },
        ],
      })
      return postReversali(db, [draft(old, 2024, 10000), draft(now, 2026, 834)], author)
    })
    expect(posted.map((r) => r.number)).toEqual([1, 2])
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('annulled: the number stays, the money comes back and is posted again (§9.8)', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const facts = await ledger.write(command(), async (db) => {
      const accertamentoId = await raise(db, office, 5000)
      const money = await credit(db, office.account, 5000)
      const reversale = await post(db, office, [{ accertamentoId, credit: money, cents: 5000 }])
      return { accertamentoId, money, reversale }
    })
    const annul = (date: string) =>
      ledger.write(command(), (db) =>
        annulReversale(db, { reversaleId: facts.reversale.id, date: isoDate(date), reason: 'storno', ...author }),
      )
    await expect(annul('2026-03-11')).rejects.toThrow('anteriore')
    await annul('2026-03-13')
    expect(await states(ledger)).toEqual(['0/5000 outstanding'])
    expect(await ledger.read(checkEquations)).toEqual([])
    await expect(annul('2026-03-14')).rejects.toThrow('C’è già una riga uguale')
    const again = await ledger.write(command(), (db) =>
      post(db, office, [{ accertamentoId: facts.accertamentoId, credit: facts.money, cents: 5000 }]),
    )
    expect(again.number).toBe(2)
    expect(await states(ledger)).toEqual(['5000/5000 collected'])
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('variations move what is due and the state with it', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const id = await ledger.write(command(), (db) => raise(db, office, 5000))
    const vary = (kind: 'increase' | 'decrease' | 'cancellation', amount: number) =>
      ledger.write(command(), (db) =>
        db
          .insertInto('accertamentoVariation')
          .values({
            accertamentoId: id,
            exercise: 2026,
            date: isoDate('2026-04-01'),
            kind,
            cents: cents(amount),
            reason: 'rettifica',
            act: null,
          })
          .execute(),
      )
    await vary('increase', 1000)
    expect(await states(ledger)).toEqual(['0/6000 outstanding'])
    await expect(vary('decrease', -6001)).rejects.toThrow('resta da riscuotere')
    await vary('cancellation', -6000)
    expect(await states(ledger)).toEqual(['0/0 cancelled'])
    expect(await ledger.read(checkEquations)).toEqual([])
  })
})
