import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { albo } from '#services/albo'
import { reversale } from '#services/reversale'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const R1 = 2026000001 as Id<'reversale'>
const told = async (onlyNew = true) => {
  const list = await call(albo.list, { filters: { onlyNew } }, ctx())
  return list.rows.map((r) => [r.what, r.personName, r.cents])
}
const handOver = (format: 'csv' | 'xlsx' = 'csv') =>
  call(
    albo.handOver,
    {
      format,
      title: 'Chi ha pagato',
      filters: {},
      columns: [
        { key: 'externalReference', heading: 'Chiave' },
        { key: 'personName', heading: 'Nome' },
        { key: 'what', heading: 'Esito' },
        { key: 'cents', heading: 'Importo' },
      ],
    },
    ctx(),
  )
const textOf = async (file: { token: never }) =>
  new TextDecoder().decode(await (await office.files.open(file.token)).bytes())

/** Persona 001 pays whole, Persona 002 one of two instalments. */
async function paid() {
  const a1 = await office.quota(5000)
  const debt = await office.raise(6000)
  const plan = [[{ accertamentoId: debt, cents: 2000 }], [{ accertamentoId: debt, cents: 4000 }]]
  const position = await office.issue({ plan })
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 5000],
      [position.iuvs[0] as string, 2000],
    ]),
  )
  await office.loadStatement([['2026-03-11', 7000, causaleOf(F1)]])
  await office.postAll()
  return position.iuvs[1] as string
}

test('the list as it opens, looked up by the page, is the list that is read whole', async () => {
  await paid()
  for (const what of [[], ['paid'], ['partly'], ['withdrawn']] as const) {
    const ask = (sort: { column: string; direction: 'asc' } | null, offset = 0) =>
      call(albo.list, { filters: { what: [...what] }, sort, offset, limit: 1 }, ctx())
    const byNumber = { column: 'number', direction: 'asc' } as const
    for (const offset of [0, 1, 2]) expect(await ask(null, offset)).toEqual(await ask(byNumber, offset))
  }
  expect((await call(albo.list, { filters: {} }, ctx())).totals).toEqual({ cents: 7000, withdrawnCents: 0 })
})

test('who has paid is written with the reversale, whole or in part', async () => {
  expect(await told()).toEqual([])
  await paid()
  expect(await told()).toEqual([
    ['paid', 'Persona 001', 5000],
    ['partly', 'Persona 002', 2000],
  ])
})

test('a list handed over is no longer new; the next one says only what changed', async () => {
  const second = await paid()
  const first = await handOver()
  expect(first.rows).toBe(2)
  expect(await textOf(first.file as never)).toContain('Persona 001')
  expect(await call(albo.last, undefined, ctx())).toMatchObject({ rows: 2, operator: 'Segreteria' })
  expect(await told()).toEqual([])
  await expect(handOver()).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
  await office.importFlows(flowOf(F2, [[second, 4000]]))
  await office.loadStatement([['2026-03-12', 4000, causaleOf(F2)]])
  await office.postAll()
  expect(await told()).toEqual([['paid', 'Persona 002', 4000]])
  expect(await told(false)).toEqual([
    ['paid', 'Persona 001', 5000],
    ['paid', 'Persona 002', 6000],
  ])
})

test('what was told as paid and is annulled is withdrawn; issued again, nothing has changed', async () => {
  await paid()
  await handOver('xlsx')
  await call(reversale.annul, { id: R1, reason: 'debitore sbagliato' }, ctx())
  expect(await told()).toEqual([
    ['withdrawn', 'Persona 001', 5000],
    ['withdrawn', 'Persona 002', 2000],
  ])
  expect(await told(false)).toEqual([])
  await office.postAll()
  expect(await told()).toEqual([])
  // Annulled again after a list that told it withdrawn: it is told once.
  await call(reversale.annul, { id: (R1 + 1) as Id<'reversale'>, reason: 'ancora' }, ctx())
  expect((await handOver()).rows).toBe(2)
  expect(await told()).toEqual([])
})

test('what was annulled before any list was handed over is never told', async () => {
  await paid()
  await call(reversale.annul, { id: R1, reason: 'debitore sbagliato' }, ctx())
  expect(await told()).toEqual([])
  await expect(handOver()).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
})

test('the key of the register outside travels with each row', async () => {
  const a1 = await office.quota(5000)
  await office.write((db) =>
    db
      .insertInto('accertamento')
      .columns([
        'exercise',
        'number',
        'date',
        'capitoloId',
        'personId',
        'serviceTypeId',
        'competenceYear',
        'causale',
        'assessedCents',
        'externalReference',
      ])
      .expression((eb) =>
        eb
          .selectFrom('accertamento')
          .where('id', '=', a1.accertamentoId)
          .select([
            'exercise',
            eb.lit(2).as('number'),
            'date',
            'capitoloId',
            'personId',
            'serviceTypeId',
            'competenceYear',
            'causale',
            'assessedCents',
            eb.val('ALBO-77').as('externalReference'),
          ]),
      )
      .execute(),
  )
  const second = await office.ledger.read((db) =>
    db.selectFrom('accertamento').select('id').where('number', '=', 2).executeTakeFirstOrThrow(),
  )
  const position = await office.issue({ single: [{ accertamentoId: second.id, cents: 5000 }] })
  await office.importFlows(flowOf(F1, [[position.iuvs[0] as string, 5000]]))
  await office.loadStatement([['2026-03-11', 5000, causaleOf(F1)]])
  await office.postAll()
  expect((await textOf((await handOver()).file as never)).split('\n')[1]).toContain('ALBO-77')
})
