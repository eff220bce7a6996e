import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import { reversale } from '#services/reversale'
import { causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const scope = { statementId: null, bankAccountId: null, reportingFlowId: null }

test('a payment of two capitoli is issued whole or not at all; annulled in part it is ready again', async () => {
  const quota = await office.raise(5000)
  const diritti = await office.raise(1000, { capitoloId: office.diritti })
  const single = [
    { accertamentoId: quota, cents: 5000 },
    { accertamentoId: diritti, cents: 1000 },
  ]
  const { iuvs } = await office.issue({ single })
  await office.importFlows(flowOf(F1, [[iuvs[0] as string, 6000]]))
  await office.loadStatement([['2026-03-12', 6000, causaleOf(F1)]])
  const { drafts } = await office.ready()
  expect(drafts.map((d) => d.cents)).toEqual([5000, 1000])
  const post = async (chosen: typeof drafts) =>
    drain(
      await call(
        reversale.post,
        { scope, keys: chosen.map((d) => d.key), expectedCents: chosen.reduce((s, d) => s + d.cents, 0) as never },
        { context: office.ctx },
      ),
    )
  const params = { payment: `con IUV ${iuvs[0]}`, cents: '10,00', capitolo: '01.02 Diritti, 2026' }
  await expect(post(drafts.slice(0, 1))).rejects.toMatchObject({
    data: { problems: [{ code: 'POSTING_SPLITS_PAYMENT', params }] },
  })
  expect(await office.reversali()).toEqual([])
  await post(drafts)
  expect(await office.reversali()).toEqual(['1: 5000', '2: 1000'])
  const [first] = (await call(reversale.list, { filters: { exercise: 2026 }, limit: 5 }, { context: office.ctx })).rows
  await call(reversale.annul, { id: first?.id as never, reason: 'per prova' }, { context: office.ctx })
  expect(await office.equations()).toEqual([])
  const again = await office.ready()
  expect(again.drafts.map((d) => d.cents)).toEqual([5000])
  await post(again.drafts)
  expect(await office.reversali()).toEqual(['1: annullata', '2: 1000', '3: 5000'])
})
