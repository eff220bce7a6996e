import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import { closeExercise } from '#ledger/closing'
import { journal } from '#services/journal'
import { quietanza } from '#services/quietanza'
import { reversale } from '#services/reversale'
import { transmissionList } from '#services/transmission-list'
import { openPdf, pageTexts } from '../codecs/pdf-tools.ts'
import { CollectionOffice, causaleOf, drain, flowOf } from './support/collection-office.ts'

const FLOWS = ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12'].map(
  (day, i) => `${day}AAAAITM1XXX-000${i + 1}`,
) as [string, string, string, string]
const flat = (text: string): string => text.replace(/\s+/g, '')

/** Four reversali of 2026, one a day; the last is of a second account. Today is 15 March 2026. */
let office: CollectionOffice
let postal: Id<'bankAccount'>
let ids: Id<'reversale'>[]

beforeEach(async () => {
  office = await CollectionOffice.open()
  postal = await office.write((db) => office.addAccount(db, 'BancoPosta', 'postal'))
  const quotas: { readonly iuv: string }[] = []
  for (const amount of [5000, 6000, 7000, 8000]) quotas.push(await office.quota(amount))
  await office.importFlows(
    ...FLOWS.map((id, i) => flowOf(id, [[(quotas[i] as (typeof quotas)[number]).iuv, 5000 + i * 1000]])),
  )
  await office.loadStatement(FLOWS.slice(0, 3).map((id, i) => [id.slice(0, 10), 5000 + i * 1000, causaleOf(id)]))
  await office.loadStatement([['2026-03-12', 8000, causaleOf(FLOWS[3])]], postal)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 6000', '3: 7000', '4: 8000'])
  ids = [1, 2, 3, 4].map((n) => (2026_000_000 + n) as Id<'reversale'>)
})
afterEach(async () => {
  expect(await office.equations()).toEqual([])
  await office.close()
})

const context = () => ({ context: office.ctx })
const ready = async () => (await call(transmissionList.ready, { exercise: 2026 }, context())).accounts
const lists = () => call(transmissionList.list, { filters: { exercise: 2026 } }, context())
const paper = async (id: Id<'transmissionList'>) =>
  new Uint8Array(await (await call(transmissionList.pdf, { id }, context())).arrayBuffer())

function create(
  numbers: readonly number[],
  expected: number,
  more: { date?: string; account?: Id<'bankAccount'>; exercise?: number } = {},
) {
  return call(
    transmissionList.create,
    {
      exercise: more.exercise ?? 2026,
      bankAccountId: more.account ?? office.account,
      reversaleIds: numbers.map((n) => (2026_000_000 + n) as Id<'reversale'>),
      date: (more.date ?? '2026-03-15') as IsoDate,
      expectedCents: cents(expected),
    },
    context(),
  )
}

const refused = (code: string) => ({ data: { problems: [{ code }] } })

test('a list takes what is ready of one account; list, export, paper and reversali say so', async () => {
  expect((await ready()).map((a) => [a.account, a.totals, a.reversali.map((r) => r.number)])).toEqual([
    ['Banca di Vallombra', { count: 3, cents: 18000 }, [1, 2, 3]],
    ['BancoPosta', { count: 1, cents: 8000 }, [4]],
  ])
  const { id, number } = await create([1, 2], 11000)
  expect(number).toBe(1)
  expect((await ready()).map((a) => a.reversali.map((r) => r.number))).toEqual([[3], [4]])
  expect(await create([4], 8000, { account: postal })).toMatchObject({ number: 2 })

  const page = await lists()
  expect(page.totals).toEqual({ cents: 19000 })
  expect(page.rows[0]).toEqual({
    ...{ id, exercise: 2026, number: 1, date: '2026-03-15', account: 'Banca di Vallombra' },
    ...{ reversali: 2, firstReversale: 1, lastReversale: 2, annulledLater: 0, cents: 11000 },
  })
  const own = { filters: { exercise: 2026, bankAccountId: postal } }
  expect((await call(transmissionList.list, own, context())).rows.map((r) => r.number)).toEqual([2])

  const filters = { exercise: 2026, transmitted: false }
  const left = await call(reversale.list, { filters }, context())
  expect(left.rows.map((r) => [r.number, r.transmissionList])).toEqual([[3, null]])
  const given = await call(reversale.list, { filters: { ...filters, transmitted: true } }, context())
  expect(given.rows.map((r) => [r.number, r.transmissionList])).toEqual([
    [1, 1],
    [2, 1],
    [4, 2],
  ])
  expect(await call(reversale.counts, { exercise: 2026 }, context())).toMatchObject({ toTransmit: 1 })

  const text = flat((await pageTexts(await paper(id))).join(' '))
  for (const field of [
    'Distinta di trasmissione n. 1',
    'del 15/03/2026',
    'ESERCIZIO 2026',
    'Banca di Vallombra',
    '2 reversali d’incasso',
    'centodieci/00 euro',
    '€ 110,00',
    '1 09/03/2026',
    '2 10/03/2026',
    'Il Tesoriere',
    'Ricevuta del cassiere',
  ]) {
    expect(text).toContain(flat(field))
  }
  const entries = await call(journal.list, { filters: {}, limit: 3 } as never, context())
  expect(JSON.stringify(entries)).toContain('Distinta di trasmissione emessa: 1 reversale, 80,00 €')

  const file = await call(
    transmissionList.export,
    {
      filters: { exercise: 2026 },
      format: 'csv',
      title: 'Distinte',
      columns: ['number', 'date', 'account', 'reversali', 'cents'].map((key) => ({ key, heading: key })),
    },
    context(),
  )
  const csv = Buffer.from(await (await office.files.open(file.token)).bytes()).toString('utf8')
  expect(csv).toMatch(/1;15\/03\/2026;Banca di Vallombra;2;110,00/)
})

test('two people at once: one list, the other is told which', async () => {
  const both = await Promise.allSettled([create([1, 2], 11000), create([2, 3], 13000)])
  expect(both.map((b) => b.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const reason = both.find((b) => b.status === 'rejected')?.reason
  expect(reason).toMatchObject({ data: { problems: [{ code: 'TRANSMISSION_TAKEN', params: { number: 2, list: 1 } }] } })
  expect((await lists()).count).toBe(1)
  expect(sum((await ready()).map((a) => a.totals.cents as Cents))).toBe(
    both[0]?.status === 'fulfilled' ? 7000 + 8000 : 5000 + 8000,
  )
})

describe('refused, and nothing is written', () => {
  afterEach(async () => {
    expect((await lists()).count).toBe(0)
    // The number stays for the next one.
    expect((await call(transmissionList.ready, { exercise: 2026 }, context())).nextNumber).toBe(1)
  })

  test('a sum that is not the one seen', async () => {
    await expect(create([1, 2], 11001)).rejects.toMatchObject(refused('TRANSMISSION_CHANGED'))
  })

  test('an annulled reversale, one of another account, of another exercise, of nowhere', async () => {
    await call(reversale.annul, { id: ids[1] as Id<'reversale'>, reason: 'importo sbagliato' }, context())
    await expect(create([1, 2], 11000)).rejects.toMatchObject(refused('TRANSMISSION_ANNULLED'))
    await expect(create([1, 4], 13000)).rejects.toMatchObject(refused('TRANSMISSION_OTHER'))
    await expect(create([1], 5000, { exercise: 2027 })).rejects.toMatchObject(refused('TRANSMISSION_OTHER'))
    await expect(create([99], 5000)).rejects.toMatchObject(refused('REVERSALE_NOT_FOUND'))
  })

  test('a day before a reversale on it, or in the future', async () => {
    const wrong = refused('TRANSMISSION_DATE')
    await expect(create([1, 3], 12000, { date: '2026-03-10' })).rejects.toMatchObject(wrong)
    await expect(create([1], 5000, { date: '2026-03-16' })).rejects.toMatchObject(wrong)
  })

  test('an exercise that is not open', async () => {
    await office.write((db) => closeExercise(db, 2026, { at: office.clock.now(), operator: 'prova' }))
    await expect(create([1], 5000)).rejects.toMatchObject(refused('BOOKS_EXERCISE_NOT_OPEN'))
  })
})

test('dates do not go back from one list to the next', async () => {
  await create([3], 7000, { date: '2026-03-12' })
  await expect(create([1], 5000, { date: '2026-03-11' })).rejects.toMatchObject(refused('TRANSMISSION_DATE'))
  expect(await create([1], 5000, { date: '2026-03-12' })).toMatchObject({ number: 2 })
})

test('annulled after: the list and its paper stay, the count says so, the new reversale goes on a new list', async () => {
  const { id } = await create([1, 2, 3], 18000)
  const before = await paper(id)
  await call(reversale.annul, { id: ids[1] as Id<'reversale'>, reason: 'debitore sbagliato' }, context())
  expect((await lists()).rows[0]).toMatchObject({ reversali: 3, annulledLater: 1, cents: 18000 })
  expect(Buffer.compare(before, await paper(id))).toBe(0)
  await office.postAll()
  const again = (await ready())[0]
  expect(again?.reversali.map((r) => [r.number, r.cents])).toEqual([[5, 6000]])
  expect(await create([5], 6000)).toMatchObject({ number: 2 })
})

test('many reversali and quietanze are one file with a bookmark each; the chosen offices sign', async () => {
  await call(reversale.saveSignatures, { offices: ['Il Direttore', 'Il Segretario', 'Il Presidente'] }, context())
  expect(await call(reversale.signatures, undefined, context())).toEqual({
    offices: ['Il Direttore', 'Il Segretario', 'Il Presidente'],
  })
  const query = { filters: { exercise: 2026 }, search: '', sort: null }
  const some = await drain(await call(reversale.print, { selection: { query, except: [ids[1] as number] } }, context()))
  expect(some.reversali).toBe(3)
  const bytes = await (await office.files.open(some.file.token)).bytes()
  const document = await openPdf(bytes)
  expect((await document.getOutline()).map((item) => item.title)).toEqual([
    'Reversale 1 del 09/03/2026',
    'Reversale 3 del 11/03/2026',
    'Reversale 4 del 12/03/2026',
  ])
  await document.loadingTask.destroy()
  expect(flat((await pageTexts(bytes)).join(' '))).toContain(flat('Il Direttore Il Segretario Il Presidente'))
  const one = await drain(await call(reversale.print, { selection: { ids: [ids[0] as number] } }, context()))
  expect(one.reversali).toBe(1)

  const all = await drain(await call(quietanza.print, { filters: { exercise: 2026 } }, context()))
  expect(all.quietanze).toBe(4)
  const found = await drain(
    await call(quietanza.print, { filters: { exercise: 2026 }, search: 'persona 003' }, context()),
  )
  expect(found.quietanze).toBe(1)
  const none = async () => drain(await call(quietanza.print, { filters: { exercise: 2025 } }, context()))
  await expect(none()).rejects.toMatchObject(refused('PAPERS_NONE'))
})
