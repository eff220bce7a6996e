import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { FakeClock } from '#hosts/clock'
import { cart } from '../../src-main/services/cart.ts'
import { openCartWatcher } from '../../src-main/services/cart-watch.ts'
import { journal } from '../../src-main/services/journal.ts'
import { receiveFromNode } from '../../src-main/services/node-inbox-read.ts'
import { personCard } from '../../src-main/services/person-card.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import { pay } from '../../src-main/simulator/node/pay.ts'
import type { RehearsalNode } from '../../src-main/simulator/node/server.ts'
import { PROVIDERS } from '../../src-main/simulator/providers.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { ENGINES, minutesLater, nodeOf, publish } from './support/published.ts'

describe.each(ENGINES)('paying now by Checkout · $name', ({ target }) => {
  let office: Office
  let node: RehearsalNode
  beforeEach(async () => {
    office = await openOffice(new FakeClock(), target())
    node = await nodeOf(office)
  })
  afterEach(() => office.close())

  const options = () => ({ context: office.context })
  const previewOf = (ids: readonly Id<'debtPosition'>[]) =>
    call(cart.preview, { selection: { ids: [...ids] } }, options())
  /** Positions on the node, in the order of the register. */
  async function issued(count: number, installments = false): Promise<Id<'debtPosition'>[]> {
    await office.raise(members(count))
    const rule = { count: 3, withSingle: true, firstDue: '2026-03-31', everyMonths: 2 }
    await office.generate(installments ? { installments: rule } : {})
    const ids = (await office.positions()).rows.map((row) => row.id)
    await publish(office, ids)
    return ids
  }
  async function ask(ids: readonly Id<'debtPosition'>[], more: Record<string, unknown> = {}) {
    const { proposed, candidates } = await previewOf(ids)
    const payments = candidates.flatMap((one) => one.payments).filter((one) => proposed.includes(one.iuv))
    const expectedCents = cents(payments.reduce((n, one) => n + one.cents, 0))
    return call(cart.make, { iuvs: proposed, expectedCents, ...more }, options())
  }
  const refusedWith = (code: string) => ({ data: { problems: [{ code }] } })
  const receive = () => receiveFromNode(office.context, ['receipts'])
  const state = async (id: Id<'checkoutCart'>) => (await call(cart.get, { id }, options())).state
  const carts = () => [...node.store.all('cart')].length

  test('is asked once, waits for the receipt whatever the browser comes back to, and is then paid', async () => {
    const ids = await issued(3)
    expect(await previewOf(ids)).toMatchObject({ environment: 'rehearsal', whyNot: null })
    const [first, twin] = await Promise.all([ask(ids), ask(ids)])
    expect(twin?.cart.id).toBe(first?.cart.id)
    expect(carts()).toBe(1)
    const made = first?.cart
    if (made === undefined) throw new Error('no cart')
    expect(made).toMatchObject({ state: 'waiting', opens: true, cents: 64_800, email: null })
    expect(made.rows.map((row) => [row.cents, row.paid])).toEqual([
      [21_500, false],
      [21_600, false],
      [21_700, false],
    ])
    expect(new URL(made.url).hostname).toBe('127.0.0.1')
    expect(await ask(ids)).toMatchObject({ made: false, cart: { id: made.id } })
    expect(await ask(ids, { email: 'chi.paga@esempio.test' })).toMatchObject({ made: true })
    const page = await fetch(made.url, {
      method: 'POST',
      body: new URLSearchParams({ atto: 'paga', psp: PROVIDERS[0]?.code ?? '' }),
      redirect: 'manual',
    })
    expect(page.headers.get('location')).toContain('ritorno=ok')
    expect(await state(made.id)).toBe('waiting')
    // Nobody asks: whoever waits for a cart looks by himself.
    const watcher = openCartWatcher(office.context)
    await watcher.look()
    await watcher.close()
    expect(await call(cart.get, { id: made.id }, options())).toMatchObject({
      state: 'paid',
      rows: [{ paid: true, paidDate: '2026-02-02' }, { paid: true }, { paid: true }],
    })
    const [one] = ids as [Id<'debtPosition'>]
    expect((await call(cart.list, { debtPositionId: one }, options())).map((c) => c.state)).toEqual(['paid', 'paid'])
    const personId = made.rows[0]?.personId as Id<'person'>
    expect(await call(cart.list, { personId }, options())).toHaveLength(2)
    expect((await previewOf(ids)).candidates.map(({ whyNot }) => whyNot)).toEqual(Array(3).fill('È già pagata'))
    const { rows } = await call(journal.list, { filters: {}, limit: 50 } as never, options())
    expect(rows.filter(({ text }) => text.includes('Paga ora'))).toHaveLength(2)
    const { history } = await call(personCard.get, { id: personId }, options())
    const links = history.filter(({ text }) => text.includes('Paga ora'))
    expect(links.map(({ text }) => text)).toEqual(Array(2).fill('Link «Paga ora» di 215,00, in prova'))
  })

  test('all at once or some instalments, never both; what was paid closes the rest', async () => {
    const [id] = (await issued(1, true)) as [Id<'debtPosition'>]
    const { candidates, proposed } = await previewOf([id])
    const payments = candidates[0]?.payments ?? []
    expect(payments.map(({ kind, ordinal, whyNot }) => [kind, ordinal, whyNot])).toEqual([
      ['single', 0, null],
      ['plan', 1, null],
      ['plan', 2, null],
      ['plan', 3, null],
    ])
    expect(proposed).toEqual([payments[0]?.iuv])
    const make = (...at: number[]) =>
      call(
        cart.make,
        {
          iuvs: at.map((n) => payments[n]?.iuv ?? ''),
          expectedCents: cents(at.reduce((n, i) => n + (payments[i]?.cents ?? 0), 0)),
        },
        options(),
      )
    await expect(make(0, 1)).rejects.toMatchObject(refusedWith('CART_BOTH_WAYS'))
    const { cart: two } = await make(1, 2)
    expect(two.rows.map(({ description }) => description)).toEqual([
      'Quota di iscrizione 2026, rata 1 di 3',
      'Quota di iscrizione 2026, rata 2 di 3',
    ])
    const noticeNumber = payments[1]?.noticeNumber ?? ''
    const { fiscalCode: creditor } = REHEARSAL_INSTITUTION
    const [provider] = PROVIDERS
    const order = { creditor, noticeNumber, psp: provider?.code ?? '', at: office.context.clock.now() }
    expect(pay(node.store, order).ok).toBe(true)
    await receive()
    expect(await state(two.id)).toBe('partlyPaid')
    const after = (await previewOf([id])).candidates[0]?.payments ?? []
    expect(after.slice(0, 2).map(({ whyNot }) => whyNot)).toEqual(['Si sta già pagando a rate', 'È già pagata'])
    await expect(make(1)).rejects.toMatchObject(refusedWith('CART_NOT_PAYABLE'))
    expect(await make(3)).toMatchObject({ made: true })
  })

  test('what cannot be paid says why; nothing is asked of Checkout', async () => {
    await office.raise(members(4))
    await office.generate()
    const ids = (await office.positions()).rows.map((row) => row.id)
    await publish(office, ids.slice(1))
    const [unpublished, cancelled, changed] = ids as [Id<'debtPosition'>, Id<'debtPosition'>, Id<'debtPosition'>]
    const selection = { ids: [cancelled] }
    const seen = await call(positionAct.cancelPreview, { selection }, options())
    const said = { reason: 'prova', expected: seen.count, stamp: seen.stamp }
    office.context.nodePublisher.close()
    await outcome(await call(positionAct.cancel, { selection, ...said }, options()))
    const due = { dueDate: { kind: 'to', date: '2026-05-31' } } as never
    const moved = await call(positionAct.changePreview, { selection: { ids: [changed] }, change: due }, options())
    const reason = { reason: 'prova', expected: moved.count, stamp: moved.stamp }
    await outcome(await call(positionAct.change, { selection: { ids: [changed] }, change: due, ...reason }, options()))
    const { candidates, proposed } = await previewOf(ids)
    expect(candidates.map(({ whyNot }) => whyNot)).toEqual([
      'Non è sul nodo: pubblicala',
      'È annullata',
      'Sul nodo c’è ancora com’era prima: aspetta che sia aggiornata',
      null,
    ])
    expect(proposed).toHaveLength(1)
    const iuv = candidates[0]?.payments[0]?.iuv ?? ''
    const make = (iuvs: string[], expected: number) =>
      call(cart.make, { iuvs, expectedCents: cents(expected) }, options())
    await expect(make([iuv], 21_500)).rejects.toMatchObject(refusedWith('CART_NOT_PAYABLE'))
    await expect(make(proposed, 21_499)).rejects.toMatchObject(refusedWith('CART_CHANGED'))
    await expect(make(['01202600000099999'], 1)).rejects.toMatchObject(refusedWith('CART_NOTICE_GONE'))
    await expect(call(cart.get, { id: 99 as never }, options())).rejects.toMatchObject(refusedWith('CART_GONE'))
    expect(carts()).toBe(0)
    expect(unpublished).toBe(candidates[0]?.debtPositionId)
  })

  test('a link that no longer opens gives way to another; nobody waits for ever', async () => {
    const ids = await issued(1)
    const { cart: first } = await ask(ids)
    minutesLater(office, 11)
    expect(await call(cart.get, { id: first.id }, options())).toMatchObject({ opens: false, state: 'waiting' })
    const { cart: second, made } = await ask(ids)
    expect([made, second.id === first.id]).toEqual([true, false])
    // Paid at the counter meanwhile: the link proves nothing of it.
    const date = office.context.clock.now().slice(0, 10)
    await call(positionAct.payOutside, { id: ids[0], how: 'pos', document: 'Scontrino 12', date } as never, options())
    expect(await state(second.id)).toBe('waiting')
    expect((await previewOf(ids)).candidates[0]?.whyNot).not.toBeNull()
    minutesLater(office, 61)
    expect([await state(first.id), await state(second.id)]).toEqual(['lapsed', 'lapsed'])
  })

  test('a Checkout that fails is told in words, and nothing is kept', async () => {
    const ids = await issued(1)
    for (const kind of ['serverError', 'hangUp', 'truncated'] as const) {
      node.faults.set([{ kind, share: 1, service: 'checkout' }])
      await expect(ask(ids), kind).rejects.toMatchObject({
        data: { problems: [{ code: 'CART_REFUSED', params: { reason: expect.stringMatching(/\S{3}/) } }] },
      })
    }
    node.faults.set([])
    expect(await call(cart.list, { debtPositionId: ids[0] as never }, options())).toEqual([])
    expect(await ask(ids)).toMatchObject({ made: true })
  })

  test('the sheet for the counter is a PDF with what is paid', async () => {
    const ids = await issued(2)
    const { cart: made } = await ask(ids)
    const file = await call(cart.sheet, { id: made.id }, options())
    expect(file).toMatchObject({
      mime: 'application/pdf',
      name: expect.stringMatching(/^paga-ora-QZ[0-9A-F]{18}\.pdf$/),
    })
    expect(
      Buffer.from(await office.bytes(file))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
  })
})
