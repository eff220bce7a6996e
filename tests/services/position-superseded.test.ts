import { afterEach, beforeEach, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { members, type Office, openOffice, outcome } from './office.ts'
import { Collection } from './support/collection.ts'
import { type PostOffice, postOffice, saveAccount, sending } from './support/sending.ts'

let office: Office
let at: Collection
let post: PostOffice | null = null
beforeEach(async () => {
  office = await openOffice()
  at = new Collection(office)
})
afterEach(async () => {
  await post?.close()
  post = null
  await office.close()
})

const { start, list, goOn, summary } = sending(() => office)

async function moveDue(ids: readonly number[], date: string) {
  const order = { selection: { ids: [...ids] }, change: { dueDate: { kind: 'to' as const, date: isoDate(date) } } }
  const preview = await at.client.positionAct.changePreview(order)
  const { count: expected, stamp } = preview
  await outcome(await at.client.positionAct.change({ ...order, reason: 'Proroga', expected, stamp }))
  return preview
}

it('a notice that has not left is taken back by a new version; the others leave, and the new one may be sent', async () => {
  await office.raise(members(3))
  await office.generate({ dueDate: '2026-06-30' })
  const { rows } = await office.positions()
  // Nobody answers yet: all of them wait.
  const { id } = await saveAccount(office, 1)
  const { campaign: stopped } = await start({ emailAccountId: id })
  expect((await list()).map((row) => row.state)).toEqual(['queued', 'queued', 'queued'])
  const preview = await moveDue([rows[0]?.id as number], '2026-07-31')
  expect(preview.superseded).toEqual({ notices: 1, sent: 0, waiting: 1 })
  expect((await list()).map((row) => [row.state, row.reason])).toEqual([
    ['cancelled', 'L’avviso è superato da una nuova versione'],
    ['queued', null],
    ['queued', null],
  ])
  post = await postOffice()
  await saveAccount(office, post.port, { id })
  await at.client.campaign.resume({ id: stopped.id })
  await goOn()
  expect(post.mails).toHaveLength(2)
  expect((await summary(stopped.id)).state).toBe('finished')
  const anew = await start({ emailAccountId: id })
  expect([anew.campaign.channels[0]?.total, post.mails.length]).toEqual([1, 3])
  const text = post.mails.at(-1)?.text
  expect(text).toContain('31/07/2026')
})

it('what was sent of an old version is shown as superseded, and the position is to be delivered again', async () => {
  await office.raise(members(2))
  await office.generate({ dueDate: '2026-06-30' })
  post = await postOffice()
  const { id } = await saveAccount(office, post.port)
  await start({ emailAccountId: id })
  const { rows } = await office.positions()
  expect(rows.map((row) => row.delivery?.state)).toEqual(['sent', 'sent'])
  const [first] = rows.map((row) => row.id)
  expect((await moveDue([first as number], '2026-07-31')).superseded).toEqual({ notices: 1, sent: 1, waiting: 0 })
  const after = (await office.positions()).rows
  expect(after.map((row) => row.delivery?.state ?? null)).toEqual([null, 'sent'])
  expect((await office.positions({ delivery: 'none' })).rows.map((row) => row.id)).toEqual([first])
  const { versions } = await at.client.positionAct.card({ id: first as never })
  expect(
    versions.map((one) => [one.version, one.current, one.notices.length, one.deliveries.map((d) => d.state)]),
  ).toEqual([
    [2, true, 0, []],
    [1, false, 1, ['sent']],
  ])
  // The old delivery is not sent again; the new version is.
  const [old] = await list()
  await expect(at.client.delivery.resend({ id: old?.id as never, reason: 'smarrita' })).rejects.toMatchObject({
    data: { problems: [{ code: 'DELIVERY_POSITION_CLOSED' }] },
  })
  await start({ emailAccountId: id })
  expect(post.mails).toHaveLength(3)
  expect((await office.positions()).rows.map((row) => row.delivery?.state)).toEqual(['sent', 'sent'])
})
