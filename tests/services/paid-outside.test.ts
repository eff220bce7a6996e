import { describe, expect, it } from 'vitest'
import { type Instant, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { FakeClock } from '#hosts/clock'
import { member, openOffice, YEAR } from './office.ts'
import { Collection } from './support/collection.ts'

// Money that came another way: the day, the account, the mastro, and what becomes of the position.

describe.each(['cash', 'pos', 'bonifico'] as const)('paid outside pagoPA: %s', (how) => {
  it('keeps its day and document, and is collected when its money is', async () => {
    const clock = new FakeClock()
    const office = await openOffice(clock)
    const at = new Collection(office)
    try {
      const desk = { kind: 'cash' as const, name: 'Cassa', iban: null, openingDate: isoDate('2026-01-01') }
      await at.client.account.save({ id: null, ...desk, openingCents: cents(0) } as never)
      const cash = (await at.client.account.list()).find((one) => one.kind === 'cash')?.id ?? null
      await office.raise([member(1, { amountCents: cents(9_000) })])
      await at.issue({ dueDate: '2026-06-30' })
      clock.moveTo('2026-04-15T09:00:00.000Z' as Instant)
      const { row } = await at.position()
      const said = { document: 'scontrino 5', date: isoDate('2026-04-14'), reason: '' }
      const cashAccountId = how === 'cash' ? cash : null
      await at.client.positionAct.payOutside({ id: row.id, payments: [], how, ...said, cashAccountId })
      const shown = async () => {
        const card = await at.client.positionAct.card({ id: row.id })
        const [payment] = card.payments
        return [(await at.position()).row.state, payment?.state, payment?.paidDate]
      }
      expect(await shown()).toEqual(['paid', 'paidOutside', '2026-04-14'])
      expect((await at.client.positionAct.outside({ id: row.id })).said).toMatchObject([
        { document: 'scontrino 5', how },
      ])
      const movements = () => office.context.ledger.read((db) => db.selectFrom('bankMovement').selectAll().execute())
      if (how === 'cash') {
        expect(await movements()).toMatchObject([{ bankAccountId: cash, bookingDate: '2026-04-14', cents: 9_000 }])
      } else {
        expect(await movements()).toEqual([])
        expect(await at.post()).toEqual([])
        const text = how === 'pos' ? 'ACCREDITO POS ESERCENTE 0012345' : `BONIFICO DA ${row.personName}`
        await at.credit(isoDate('2026-04-15'), 9_000, text)
        const [movement] = await movements()
        const [debt] = (await office.accertamenti()).rows
        const targets = [{ kind: 'accertamento' as const, id: debt?.id as number, cents: cents(9_000) }]
        const act = { kind: 'match' as const, bankMovementId: movement?.id as never, targets }
        await at.client.reconciliation.decide({ acts: [act], reason: 'prova' })
        expect(await shown()).toEqual(['paid', 'paidOutside', '2026-04-14'])
      }
      expect(await at.post()).toEqual([9_000])
      expect(await shown()).toEqual(['collected', 'paidOutside', '2026-04-14'])
      const { totals } = await at.client.book.mastro({ filters: { exercise: YEAR } } as never)
      expect(totals).toMatchObject({ accertatoCents: 9_000, riscossoCents: 9_000 })
      const [{ id }] = (await office.context.ledger.read((db) =>
        db.selectFrom('reversale').select('id').execute(),
      )) as [never]
      await at.client.reversale.annul({ id, reason: 'Sbagliata' } as never)
      expect(await shown()).toEqual(['paid', 'paidOutside', '2026-04-14'])
      await at.holds()
    } finally {
      await office.close()
    }
  }, 30_000)
})
