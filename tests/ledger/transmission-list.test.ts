import { expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { checkEquations } from '#ledger/balances'
import type { Ledger } from '#ledger/ledger'
import { annulReversale } from '#ledger/posting'
import { listReversali } from '#ledger/reversale-list'
import { insertTransmissionList, lastTransmissionDate, listTransmissionLists } from '#ledger/transmission-list'
import { onBothEngines } from './support/both-engines.ts'
import { AT, command, credit, makeOffice, type Office, post, raise } from './support/office.ts'

/** Three reversali of 2026, of 100, 200 and 300 euro. */
function threeReversali(ledger: Ledger, office: Office) {
  return ledger.write(command(), async (db) => {
    const posted = []
    for (const cents of [10000, 20000, 30000]) {
      const accertamentoId = await raise(db, office, cents)
      posted.push(await post(db, office, [{ accertamentoId, credit: await credit(db, office.account, cents), cents }]))
    }
    return posted.map((p) => p.id)
  })
}

onBothEngines('transmission lists', (bench) => {
  test('numbered per exercise, summed from what stands on them, also after an annulment', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const [r1, r2, r3] = await threeReversali(ledger, office)
    if (!r1 || !r2 || !r3) throw new Error('three reversali')
    const insert = (reversaleIds: (typeof r1)[], date: string, exercise = 2026) =>
      ledger.write(command(), (db) =>
        insertTransmissionList(db, { exercise, date: isoDate(date), bankAccountId: office.account, reversaleIds }),
      )
    expect(await ledger.read((db) => lastTransmissionDate(db, 2026))).toBeNull()
    expect(await insert([r1, r3], '2026-03-13')).toMatchObject({ number: 1 })
    await expect(insert([r3], '2026-03-13')).rejects.toMatchObject({ problems: [{ code: 'BOOKS_DUPLICATE' }] })
    await expect(insert([r2], '2026-03-12')).rejects.toMatchObject({ problems: [{ code: 'BOOKS_CHRONOLOGY' }] })
    await expect(insert([r2], '2025-03-12', 2025)).rejects.toMatchObject({
      problems: [{ code: 'BOOKS_EXERCISE_NOT_OPEN' }],
    })
    expect(await insert([r2], '2026-03-13')).toMatchObject({ number: 2 })
    const annulment = { date: isoDate('2026-03-14'), reason: 'importo', at: AT, operator: 'prova' }
    await ledger.write(command(), (db) => annulReversale(db, { reversaleId: r3, ...annulment }))

    const rows = await ledger.read((db) => listTransmissionLists(db, { exercise: 2026 }))
    expect(rows.map(({ id: _, bankAccountId: __, ...row }) => row)).toEqual([
      {
        ...{ exercise: 2026, number: 1, date: '2026-03-13', account: 'Banca', iban: null },
        ...{ reversali: 2, annulledLater: 1, firstReversale: 1, lastReversale: 3, cents: 40000 },
      },
      {
        ...{ exercise: 2026, number: 2, date: '2026-03-13', account: 'Banca', iban: null },
        ...{ reversali: 1, annulledLater: 0, firstReversale: 2, lastReversale: 2, cents: 20000 },
      },
    ])
    expect(await ledger.read((db) => lastTransmissionDate(db, 2026))).toBe('2026-03-13')
    const reversali = await ledger.read((db) => listReversali(db, { exercise: 2026 }))
    expect(reversali.map((r) => [r.number, r.transmissionList])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
    ])
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('what is annulled is not handed over', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const [first] = await threeReversali(ledger, office)
    if (!first) throw new Error('three reversali')
    const annulment = { date: isoDate('2026-03-14'), reason: 'importo', at: AT, operator: 'prova' }
    await ledger.write(command(), (db) => annulReversale(db, { reversaleId: first, ...annulment }))
    const insert = ledger.write(command(), (db) =>
      insertTransmissionList(db, {
        ...{ exercise: 2026, date: isoDate('2026-03-14'), bankAccountId: office.account, reversaleIds: [first] },
      }),
    )
    await expect(insert).rejects.toMatchObject({ problems: [{ code: 'BOOKS_REVERSALE_ANNULLED' }] })
    expect(await ledger.read((db) => listTransmissionLists(db, {}))).toEqual([])
  })
})
