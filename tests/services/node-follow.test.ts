import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { GpdPosition } from '#domain/gpd'
import type { LedgerTarget } from '#ledger/ledger'
import { wantOnNode } from '#ledger/node-position'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import type { HostedRehearsalNode } from '../../src-main/hosts/rehearsal-node.ts'
import { readGpdBodies } from '../../src-main/services/gpd-bodies.ts'
import { needNode } from '../../src-main/services/node-connection.ts'
import { nodeFollow } from '../../src-main/services/node-divergence.ts'
import { refreshOnNode } from '../../src-main/services/node-follow.ts'
import { pay } from '../../src-main/simulator/node/pay.ts'
import type { RehearsalNode } from '../../src-main/simulator/node/server.ts'
import { PROVIDERS } from '../../src-main/simulator/providers.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { judged } from '../node/openapi.ts'
import { type GenerationChoice, members, type Office, openOffice, outcome } from './office.ts'

let office: Office
let node: RehearsalNode

/** On PostgreSQL too, where a server is given. */
const url = PG_URL
let serial = 0
const ENGINES: readonly (readonly [string, () => LedgerTarget | undefined])[] = [
  ['SQLite', () => undefined],
  ...(url === null ? [] : [['PostgreSQL', () => onServer(url)] as const]),
]
if (url === null)
  describe.skip('following the node on PostgreSQL (skipped: QUIETANZA_PG_URL is not set)', () => test(''))

function onServer(server: string): LedgerTarget {
  serial += 1
  return { engine: 'postgres', url: server, schema: `follow_${process.pid}_${serial}`, clock: 'program' }
}

describe.each(ENGINES)('following the node on %s', (_engine, target) => {
  beforeEach(async () => {
    office = await openOffice(new FakeClock(), target())
    await office.context.rehearsalNode?.open()
    node = (office.context.rehearsalNode as HostedRehearsalNode).server() as RehearsalNode
    judged(node)
  })
  afterEach(() => office.close())

  const quietly = () => undefined

  /** People with their notice, all on the node; their ids. */
  async function published(count: number, choice: GenerationChoice = {}): Promise<Id<'debtPosition'>[]> {
    await office.raise(members(count))
    await office.generate(choice)
    const { rows } = await office.positions()
    const ids = rows.map((row) => row.id)
    const at = office.context.clock.now()
    const write = { command: 'test.want', operator: 'prova', payload: {}, at }
    await office.context.ledger.write(write, (db) => wantOnNode(db, 'rehearsal', ids))
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    return ids
  }

  async function bodyOf(id: Id<'debtPosition'>): Promise<GpdPosition> {
    const bodies = await office.context.ledger.read((db) => readGpdBodies(db, office.context, [id]))
    const reading = bodies.get(id)?.reading
    if (reading?.kind !== 'ok' || reading.body.api !== 'v1') throw new Error('no body')
    return reading.body.position
  }

  /** Somebody else changes it on the node. */
  async function changeThere(id: Id<'debtPosition'>, change: (position: GpdPosition) => GpdPosition): Promise<void> {
    const to = await needNode(office.context, 'gpd')
    const answer = await office.context.node.gpd.update(to, { api: 'v1', position: change(await bodyOf(id)) }, true)
    expect(answer.kind).toBe('ok')
  }

  const divergences = async (filters: Record<string, unknown> = {}) =>
    call(nodeFollow.divergences, { filters } as never, { context: office.context })
  const resolve = (iupds: string[], choice: 'resend' | 'keep' | 'reopen' | 'removeThere', reason = 'così va bene') =>
    call(nodeFollow.resolve, { iupds, choice, reason }, { context: office.context })
  const syncOf = async (id: Id<'debtPosition'>) => (await office.positions()).rows.find((row) => row.id === id)

  test('what the node answers is written down, and nothing differs from what was sent', async () => {
    const ids = await published(3)
    const told = await refreshOnNode(office.context, ids, quietly)
    expect(told).toMatchObject({ asked: 3, diverged: 0, stopped: null, leftOut: [], paidThere: [] })
    for (const id of ids) expect(await syncOf(id)).toMatchObject({ nodeState: 'VALID', syncState: 'synced' })
    expect((await divergences()).count).toBe(0)
  })

  test('what was changed, thrown away, paid or left there by others is told with both sides', async () => {
    const [amount, same, invalid, paid] = (await published(5)) as [Id<'debtPosition'>, ...Id<'debtPosition'>[]]
    if (!same || !invalid || !paid) throw new Error('too few')
    const to = await needNode(office.context, 'gpd')
    const sentCents = (await bodyOf(amount)).paymentOption[0]?.amount ?? 0
    await changeThere(amount, (position) => {
      const [option] = position.paymentOption
      if (!option) throw new Error('no option')
      const [transfer] = option.transfer
      if (!transfer) throw new Error('no transfer')
      return { ...position, paymentOption: [{ ...option, amount: 100, transfer: [{ ...transfer, amount: 100 }] }] }
    })
    expect((await office.context.node.gpd.invalidate(to, (await bodyOf(invalid)).iupd)).kind).toBe('ok')
    const nav = (await bodyOf(paid)).paymentOption[0]?.nav ?? ''
    const at = office.context.clock.now() as Instant
    expect(pay(node.store, { creditor: to.fiscalCode, noticeNumber: nav, psp: PROVIDERS[0]?.code ?? '', at }).ok).toBe(
      true,
    )
    const told = await refreshOnNode(office.context, null, quietly)
    expect(told).toMatchObject({ asked: 5, diverged: 3, stopped: null })
    expect(told.paidThere).toHaveLength(1)
    const { rows } = await divergences()
    const byId = new Map(rows.map((row) => [row.debtPositionId, row]))
    expect(byId.get(amount)).toMatchObject({ kind: 'amountsDiffer' })
    expect(byId.get(amount)?.sides).toContainEqual(expect.objectContaining({ what: 'Importo', there: '1,00 €' }))
    // «Cambia importo qui…» starts from there.
    expect(byId.get(amount)?.there).toEqual({ moreCents: 100 - sentCents, dueDate: null })
    expect(byId.get(invalid)).toMatchObject({ kind: 'invalidOnNode', there: { moreCents: null, dueDate: null } })
    expect(byId.get(paid)).toMatchObject({ kind: 'paidOnNode' })
    expect(byId.has(same)).toBe(false)
    expect(await syncOf(amount)).toMatchObject({ syncState: 'diverged' })
    expect((await office.positions({ node: 'diverged' })).count).toBe(3)

    // «Tieni la nostra»: it goes again, and the node has it as it is here.
    const mine = byId.get(amount)?.iupd ?? ''
    expect(await resolve([mine], 'resend')).toMatchObject({ resolved: 1 })
    await office.context.nodePublisher.idle()
    await refreshOnNode(office.context, [amount], quietly)
    expect(await syncOf(amount)).toMatchObject({ syncState: 'synced', nodeState: 'VALID' })
    expect((await divergences()).rows.map((row) => row.kind).sort()).toEqual(['invalidOnNode', 'paidOnNode'])
  })

  test('left as it is, it is told no more until it changes, and may be looked at again', async () => {
    const [one] = await published(2)
    const id = one as Id<'debtPosition'>
    const due = (position: GpdPosition, dueDate: string): GpdPosition => ({
      ...position,
      paymentOption: position.paymentOption.map((option) => ({ ...option, dueDate })),
    })
    await changeThere(id, (position) => due(position, '2026-05-31T21:59:59Z'))
    await refreshOnNode(office.context, [id], quietly)
    const [row] = (await divergences()).rows
    expect(row).toMatchObject({ kind: 'duesDiffer', kept: null })
    const iupd = row?.iupd ?? ''
    await resolve([iupd], 'keep', 'proroga data allo sportello')
    expect(await divergences()).toMatchObject({ count: 0, totals: { kept: 1 } })
    expect(await syncOf(id)).toMatchObject({ syncState: 'synced' })
    await refreshOnNode(office.context, [id], quietly)
    expect((await divergences()).count).toBe(0)
    expect((await divergences({ kept: true })).rows).toMatchObject([{ kept: 'proroga data allo sportello' }])

    await changeThere(id, (position) => due(position, '2026-06-30T21:59:59Z'))
    await refreshOnNode(office.context, [id], quietly)
    expect((await divergences()).rows).toMatchObject([{ kind: 'duesDiffer', kept: null }])

    await resolve([iupd], 'keep')
    await resolve([iupd], 'reopen')
    expect((await divergences()).rows).toMatchObject([{ kind: 'duesDiffer', kept: null }])
    expect(await resolve([iupd], 'removeThere')).toMatchObject({ resolved: 0 })
  })

  test('many are asked by the list, with patience where the node says that it is busy', async () => {
    await published(40)
    const before = (await office.context.nodeCalls.read()).length
    node.faults.set([{ kind: 'tooMany', share: 1, times: 1, retryAfterSeconds: 1, service: 'gpd' }])
    const told = await refreshOnNode(office.context, null, quietly)
    expect(told).toMatchObject({ asked: 40, diverged: 0, stopped: null })
    expect((await office.context.nodeCalls.read()).length - before).toBeLessThan(6)
  })

  test.each([[true], [false]])(
    'many by instalments (whole too: %s) are what they were sent as, whatever days the list shows',
    async (withSingle) => {
      await published(9, { installments: { count: 3, withSingle, firstDue: '2026-03-31', everyMonths: 2 } })
      expect(await refreshOnNode(office.context, null, quietly)).toMatchObject({ asked: 9, diverged: 0, stopped: null })
      const rows = await office.context.ledger.read((db) => db.selectFrom('nodePosition').select('api').execute())
      expect(new Set(rows.map((row) => row.api))).toEqual(new Set(['v3']))
    },
  )

  test('stopped half way, what was answered stays', async () => {
    const ids = await published(12)
    await office.context.ledger.write(
      { command: 'test.forget', operator: 'prova', payload: {}, at: office.context.clock.now() },
      (db) => db.updateTable('nodePosition').set({ saidAt: null }).execute(),
    )
    const work = refreshOnNode(office.context, ids, (_step, done) => {
      if (done >= 5) throw new Error('stopped')
    })
    await expect(work).rejects.toThrow('stopped')
    const said = await office.context.ledger.read((db) =>
      db.selectFrom('nodePosition').select('iupd').where('saidAt', 'is not', null).execute(),
    )
    expect(said).toHaveLength(5)
  })

  test('a key that is refused stops the asking in words', async () => {
    const ids = await published(3)
    const { origin, keys, pageUrl } = node
    const wrong = { ...keys, gpd: 'a-wrong-key' }
    const context = {
      ...office.context,
      rehearsalNode: { open: async () => ({ origin, keys: wrong, pageUrl }) },
    }
    const told = await refreshOnNode(context, ids, quietly)
    expect(told.asked).toBe(0)
    expect(told.stopped).toMatch(/chiave/i)
  })

  test('a copy of the archive that had not published finds its own positions again, and what is nobody’s', async () => {
    const ids = await published(35)
    // As an older copy would: nothing is known of the node.
    await office.context.ledger.write(
      { command: 'test.forget', operator: 'prova', payload: {}, at: office.context.clock.now() },
      (db) => db.deleteFrom('nodePosition').where('debtPositionId', 'in', ids.slice(0, 2)).execute(),
    )
    const told = await refreshOnNode(office.context, null, quietly)
    expect(told.asked).toBe(35)
    expect(told.diverged).toBe(0)
    const rows = await office.context.ledger.read((db) =>
      db
        .selectFrom('nodePosition')
        .select(['state', 'heldVersion'])
        .where('debtPositionId', 'in', ids.slice(0, 2))
        .execute(),
    )
    expect(rows).toEqual([
      { state: 'VALID', heldVersion: 1 },
      { state: 'VALID', heldVersion: 1 },
    ])
  })

  test('what an older copy finds there with another amount is told, not changed in silence', async () => {
    const [id, ...others] = (await published(12)) as [Id<'debtPosition'>, ...Id<'debtPosition'>[]]
    expect(others).toHaveLength(11)
    await changeThere(id, (position) => {
      const [option] = position.paymentOption
      const [transfer] = option?.transfer ?? []
      if (!option || !transfer) throw new Error('no transfer')
      return { ...position, paymentOption: [{ ...option, amount: 100, transfer: [{ ...transfer, amount: 100 }] }] }
    })
    await office.context.ledger.write(
      { command: 'test.forget', operator: 'prova', payload: {}, at: office.context.clock.now() },
      (db) => db.deleteFrom('nodePosition').where('debtPositionId', '=', id).execute(),
    )
    await refreshOnNode(office.context, null, quietly)
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    expect((await divergences()).rows).toMatchObject([{ debtPositionId: id, kind: 'amountsDiffer' }])
    const { iupd } = await bodyOf(id)
    const amount = () =>
      [...node.store.all('position')].find((one) => one.iupd === iupd)?.options[0]?.payments[0]?.amount
    expect(amount()).toBe(100)
    await resolve([iupd], 'resend')
    await office.context.nodePublisher.idle()
    expect(amount()).not.toBe(100)
    expect((await divergences()).count).toBe(0)
  })

  test('what was paid here another way is taken off the node, and is told no more', async () => {
    const [id] = (await published(1)) as [Id<'debtPosition'>]
    await office.context.ledger.write(
      { command: 'test.paid', operator: 'prova', payload: {}, at: office.context.clock.now() },
      async (db) => {
        const { id: installmentId } = await db
          .selectFrom('installment')
          .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
          .where('paymentOption.debtPositionId', '=', id)
          .select('installment.id')
          .executeTakeFirstOrThrow()
        await db.deleteFrom('installmentState').where('installmentId', '=', installmentId).execute()
        await db
          .insertInto('installmentState')
          .values({
            ...{ installmentId, state: 'collected', paidTwice: 0, otherOptionPaid: 0, paidDate: null },
            ...{ reportingFlowId: null, bankMovementId: null },
          })
          .execute()
        await db.updateTable('debtPosition').set({ payment: 'collected' }).where('id', '=', id).execute()
      },
    )
    await refreshOnNode(office.context, null, quietly)
    const { iupd } = (await divergences()).rows[0] ?? { iupd: '' }
    expect((await divergences()).rows).toMatchObject([{ debtPositionId: id, kind: 'paidOnlyHere' }])
    expect(await resolve([iupd], 'removeThere')).toMatchObject({ resolved: 1, leftOut: [] })
    const to = await needNode(office.context, 'gpd')
    expect(await office.context.node.gpd.read(to, 'v1', iupd)).toMatchObject({ value: { status: 'INVALID' } })
    await refreshOnNode(office.context, null, quietly)
    expect(await divergences()).toMatchObject({ count: 0 })
    expect(await syncOf(id)).toMatchObject({ nodeState: 'INVALID', syncState: 'synced' })
  })

  test('what the node holds for us and nobody knows here is told once, left so, or taken off', async () => {
    const ids = await published(10)
    const to = await needNode(office.context, 'gpd')
    const known = await bodyOf(ids[0] as Id<'debtPosition'>)
    const [option] = known.paymentOption
    if (!option) throw new Error('no option')
    for (const tail of ['123456789012345', '543210987654321']) {
      const iuv = `${option.iuv.slice(0, 2)}${tail}`
      const paymentOption = [{ ...option, iuv, nav: `3${iuv}` }]
      const position = { ...known, iupd: `${to.fiscalCode}-${iuv}`, paymentOption }
      expect((await office.context.node.gpd.create(to, { api: 'v1', position }, true)).kind).toBe('ok')
    }
    expect(await refreshOnNode(office.context, null, quietly)).toMatchObject({ asked: 10, diverged: 2 })
    const { rows } = await divergences()
    expect(rows).toMatchObject([
      { kind: 'unknownHere', debtPositionId: null },
      { kind: 'unknownHere', debtPositionId: null },
    ])
    const [left, gone] = rows.map((row) => row.iupd) as [string, string]
    expect(await resolve([left], 'keep', 'di un altro programma')).toMatchObject({ resolved: 1 })
    expect(await resolve([gone], 'removeThere')).toMatchObject({ resolved: 1, leftOut: [] })
    expect(await divergences()).toMatchObject({ count: 0, totals: { kept: 1 } })
    expect(await refreshOnNode(office.context, null, quietly)).toMatchObject({ diverged: 0 })
    const there = await office.context.node.gpd.read(to, 'v1', gone)
    expect(there).toMatchObject({ kind: 'ok', value: { status: 'INVALID' } })
  })

  test('refresh answers as long work, and says what was never sent', async () => {
    const ids = await published(2)
    await office.raise(members(1, { causale: 'Un’altra quota', service: 'Quota annuale', competenceYear: 2025 }))
    const stream = await call(nodeFollow.refresh, { selection: { ids } }, { context: office.context })
    expect(await outcome(stream)).toMatchObject({ asked: 2, changed: 0, diverged: 0, leftOut: [] })
  })
})
