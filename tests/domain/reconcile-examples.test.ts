import { afterEach, describe, expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { labelText } from '#domain/labels'
import { type Cents, cents } from '#domain/money'
import { Books, type Reversale } from './reconcile-books.ts'

const F1 = '2026-03-12ABCDIT2A-0001'
const F2 = '2026-03-12ABCDIT2A-0002'
const short = (rs: readonly Reversale[]): string[] =>
  rs.map(
    (r) =>
      `R${r.number}/${r.exercise} ${r.cents} ${r.lines.map((l) => `a${l.accertamentoId}=${l.cents}/m${l.movementId}`).join(' ')}`,
  )
const iuv = (n: number): string => `01${String(n).padStart(15, '0')}`

let books: Books
const begin = (years?: number[]): Books => {
  books = new Books(years)
  return books
}
const labelsOf = (movementId: number): string[] =>
  (books.reconcile().movements.find((m) => m.movementId === movementId)?.labels ?? []).map((l) => l.code)
const wordsOf = (movementId: number): string =>
  labelText(books.reconcile().movements.find((m) => m.movementId === movementId)!.labels[0]!, books.today)
const rowsOf = (flowId: string): string[] =>
  (books.reconcile().flows.find((f) => f.flowId === flowId)?.rows ?? []).map((r) => `${r.state} ${r.label.code}`)
const flowLabels = (flowId: string): string[] =>
  (books.reconcile().flows.find((f) => f.flowId === flowId)?.labels ?? []).map((l) => l.code)
/** Accertamento of `amount` with its position `iuv(n)`. */
const owed = (n: number, amount: number, exercise = 2026, of = {}): number => {
  const id = books.accertamento(exercise, amount, { person: n, ...of })
  books.position(iuv(n), id)
  return id
}

describe('the worked examples of the books', () => {
  afterEach(() => books.check())

  test('1. plain: one flow, one credit, posting again adds nothing', () => {
    begin()
    const a1 = owed(1, 18000)
    const a2 = owed(2, 18000)
    books.flow(F1, [
      [iuv(1), 18000],
      [iuv(2), 18000],
    ])
    const m = books.credit('2026-03-12', 36000, F1)
    expect(short(books.post())).toEqual([`R1/2026 36000 a${a1}=18000/m${m} a${a2}=18000/m${m}`])
    expect(books.reversali[0]).toMatchObject({ date: '2026-03-12', originYear: 2026 })
    expect(books.reversali[0]!.causale).toBe(`Incassi pagoPA, flusso ${F1}, accredito del 12/03/2026`)
    expect(books.post()).toEqual([])
    expect(labelsOf(m)).toEqual(['MATCHED_FLOW'])
    expect(flowLabels(F1)).toEqual(['CREDITED'])
  })

  test('2. two credits for one flow: nothing until both are there', () => {
    begin()
    const a1 = owed(1, 21500)
    const a2 = owed(2, 21500)
    books.flow(F1, [
      [iuv(1), 21500],
      [iuv(2), 21500],
    ])
    const m1 = books.credit('2026-03-11', 30000, F1)
    expect(books.post()).toEqual([])
    expect(wordsOf(m1)).toBe(`Flusso ${F1}: accreditati 300,00 su 430,00.`)
    const m2 = books.credit('2026-03-12', 13000, F1)
    expect(short(books.post())).toEqual([`R1/2026 43000 a${a1}=21500/m${m1} a${a2}=8500/m${m1} a${a2}=13000/m${m2}`])
    expect(flowLabels(F1)).toEqual(['CREDITED_IN_PARTS'])
  })

  test('3. two flows in one credit: only when both totals make it', () => {
    for (const amount of [12000, 11900]) {
      begin()
      const a1 = owed(1, 5000)
      const a2 = owed(2, 7000, 2026, { capitoloId: 2 })
      books.flow(F1, [[iuv(1), 5000]])
      books.flow(F2, [[iuv(2), 7000]])
      const m = books.movement(
        '2026-03-12',
        amount,
        `/PUR/LGPE-RIVERSAMENTO/URI/${F1} /PUR/LGPE-RIVERSAMENTO/URI/${F2}`,
      )
      const posted = short(books.post())
      if (amount === 12000) expect(posted).toEqual([`R1/2026 5000 a${a1}=5000/m${m}`, `R2/2026 7000 a${a2}=7000/m${m}`])
      else {
        expect(posted).toEqual([])
        expect(labelsOf(m)).toEqual(['AMOUNT_DIFFERS'])
      }
    }
  })

  test('4. instalments extinguish the oldest debt first; the other option is not collected twice', () => {
    begin()
    const old = books.accertamento(2025, 10000)
    const quota = books.accertamento(2026, 21500)
    const fee = books.accertamento(2026, 1000)
    const parts: [number, number][][] = [
      [
        [old, 10000],
        [quota, 834],
      ],
      [[quota, 10833]],
      [
        [quota, 9833],
        [fee, 1000],
      ],
    ]
    const option = (n: number, kind: 'single' | 'plan', allocations: [number, number][]): void => {
      const total = allocations.reduce((s, [, c]) => s + c, 0)
      books.installments.push({
        iuv: iuv(n),
        positionId: 1,
        version: 1,
        option: kind,
        cancelled: false,
        transfers: [
          {
            idTransfer: 1,
            cents: cents(total),
            own: true,
            stamp: false,
            allocations: allocations.map(([accertamentoId, c]) => ({ accertamentoId, cents: c as Cents })),
          },
        ],
      })
    }
    option(9, 'single', [
      [old, 10000],
      [quota, 21500],
      [fee, 1000],
    ])
    parts.forEach((p, i) => {
      option(i + 1, 'plan', p)
    })
    books.flow(F1, [[iuv(1), 10834]])
    const m = books.credit('2026-03-12', 10834, F1)
    expect(short(books.post())).toEqual([`R1/2026 10000 a${old}=10000/m${m}`, `R2/2026 834 a${quota}=834/m${m}`])
    expect(books.reversali.map((r) => r.originYear)).toEqual([2025, 2026])
    expect(books.reversali[0]!.causale).toContain('c/residui 2025')
    books.flow('2026-03-20ABCDIT2A-0009', [[iuv(9), 32500]])
    const m2 = books.credit('2026-03-20', 32500, '2026-03-20ABCDIT2A-0009')
    expect(books.post()).toEqual([])
    expect(rowsOf('2026-03-20ABCDIT2A-0009')).toEqual(['held PAID_WITH_OTHER_OPTION'])
    const left = books.reconcile().movements.find((x) => x.movementId === m2)!
    expect([left.matchedCents, left.assignedCents]).toEqual([32500, 0])
  })

  test('5. a bad row is held, the good ones are posted, and its money waits for it', () => {
    begin()
    const a1 = owed(1, 5000)
    books.flow(F1, [
      [iuv(1), 5000],
      [iuv(77), 3000],
    ])
    const m = books.credit('2026-03-12', 8000, F1)
    expect(short(books.post())).toEqual([`R1/2026 5000 a${a1}=5000/m${m}`])
    expect(rowsOf(F1)).toEqual(['payable NO_RECEIPT', 'held UNKNOWN_POSITION'])
    const a9 = books.accertamento(2026, 3000)
    const rowKey = `${iuv(77)}|R${iuv(77)}${F1.slice(-3)}|1|1`
    books.decide({ kind: 'assignRow', flowId: F1, rowKey, targets: [{ accertamentoId: a9, cents: cents(3000) }] })
    expect(short(books.post())).toEqual([`R2/2026 3000 a${a9}=3000/m${m}`])
    expect(rowsOf(F1)[1]).toBe('payable ASSIGNED_BY_HAND')
    expect(books.reconcile().movements[0]).toMatchObject({ matchedCents: 8000, assignedCents: 8000 })
  })

  test('6. paid twice: the second is held, and may go to money to be given back', () => {
    begin()
    const a1 = owed(1, 5000)
    books.flow(F1, [[iuv(1), 5000]])
    books.flow(F2, [[iuv(1), 5000]])
    const m1 = books.credit('2026-03-12', 5000, F1)
    const m2 = books.credit('2026-03-13', 5000, F2)
    expect(short(books.post())).toEqual([`R1/2026 5000 a${a1}=5000/m${m1}`])
    expect(rowsOf(F2)).toEqual(['held DUPLICATE_PAYMENT'])
    expect(labelText(books.reconcile().flows[1]!.rows[0]!.label, books.today)).toBe(`Già pagato con il flusso ${F1}.`)
    expect(books.reconcile().installments[0]).toMatchObject({ state: 'credited', paidTwice: true })
    const back = books.accertamento(2026, 5000, { capitoloId: 9 })
    const rowKey = `${iuv(1)}|R${iuv(1)}${F2.slice(-3)}|1|1`
    books.decide({ kind: 'assignRow', flowId: F2, rowKey, targets: [{ accertamentoId: back, cents: cents(5000) }] })
    expect(short(books.post())).toEqual([`R2/2026 5000 a${back}=5000/m${m2}`])
  })

  test('7. a late revision: an alarm, never a silent change', () => {
    begin()
    const a1 = owed(1, 5000)
    const a2 = owed(2, 5000)
    books.flow(F1, [[iuv(1), 5000]])
    const m = books.credit('2026-03-12', 5000, F1)
    books.post()
    books.flow(F1, [[iuv(2), 5000]], { revision: 2 })
    const before = JSON.stringify(books.reversali)
    const { add, gone, held } = books.plan()
    expect([add.length, gone.map((l) => l.accertamentoId), held.map((l) => l.accertamentoId)]).toEqual([0, [a1], [a2]])
    expect(books.post()).toEqual([])
    expect(JSON.stringify(books.reversali)).toBe(before)
    books.acceptAlarms()
    expect(short(books.reversali.filter((r) => !r.annulled))).toEqual([`R2/2026 5000 a${a2}=5000/m${m}`])
    expect(books.reversali).toHaveLength(2)
  })

  test('8. a storno reopens what it closes, and a new credit closes it again', () => {
    begin()
    const a1 = owed(1, 5000)
    books.flow(F1, [[iuv(1), 5000]])
    const m1 = books.credit('2026-03-12', 5000, F1)
    books.post()
    const m2 = books.movement('2026-03-13', -5000, `STORNO /PUR/LGPE-RIVERSAMENTO/URI/${F1}`)
    expect(books.plan().gone).toHaveLength(1)
    expect([labelsOf(m1), labelsOf(m2)]).toEqual([['STORNED'], ['STORNO']])
    books.acceptAlarms()
    expect(books.effective()).toEqual([])
    expect(books.reconcile().movements[0]!.availableCents).toBe(0)
    const m3 = books.credit('2026-03-15', 5000, F1)
    expect(short(books.post())).toEqual([`R2/2026 5000 a${a1}=5000/m${m3}`])
  })

  test('9. year end: each credit in its exercise, residui by the origin of the accertamento', () => {
    begin([2026, 2027])
    const a1 = owed(1, 5000)
    const a2 = owed(2, 6000)
    const flow = '2026-12-31ABCDIT2A-0001'
    books.flow(flow, [
      [iuv(1), 5000],
      [iuv(2), 6000],
    ])
    const m1 = books.credit('2026-12-31', 4000, flow)
    const m2 = books.credit('2027-01-02', 7000, flow)
    expect(short(books.post())).toEqual([
      `R1/2026 4000 a${a1}=4000/m${m1}`,
      `R1/2027 7000 a${a1}=1000/m${m2} a${a2}=6000/m${m2}`,
    ])
    expect(books.reversali.map((r) => [r.exercise, r.originYear])).toEqual([
      [2026, 2026],
      [2027, 2026],
    ])
    // Closing 2026 keeps its line and changes nothing.
    books.closed.add(2026)
    const { add, gone, held } = books.plan()
    expect([add, gone, held]).toEqual([[], [], []])
    expect(books.reconcile().lines).toHaveLength(3)
  })

  test('10. a revocation netted by a later flow frees exactly its money', () => {
    begin()
    const [a1, a2, a3, a4] = [1, 2, 3, 4].map((n) => owed(n, 5000))
    books.flow(F1, [
      [iuv(1), 5000],
      [iuv(2), 5000],
    ])
    const m1 = books.credit('2026-03-12', 10000, F1)
    books.post()
    const later = '2026-04-10ABCDIT2A-0007'
    books.flow(later, [
      [iuv(3), 5000],
      [iuv(4), 5000],
      [iuv(1), 5000, '3'],
    ])
    const m2 = books.credit('2026-04-10', 5000, later)
    expect(books.post()).toEqual([])
    expect(flowLabels(later)).toContain('FLOW_HAS_REVOCATION')
    books.decide({ kind: 'confirmRevocation', flowId: later, rowKey: `${iuv(1)}|R${iuv(1)}${later.slice(-3)}|1|1` })
    expect(books.plan().gone.map((l) => l.accertamentoId)).toEqual([a1])
    books.acceptAlarms()
    const valid = books.reversali.filter((r) => !r.annulled)
    const lines = valid.flatMap((r) => r.lines.map((l) => `a${l.accertamentoId}=${l.cents}/m${l.movementId}`)).sort()
    expect(lines).toEqual([`a${a2}=5000/m${m1}`, `a${a3}=5000/m${m2}`, `a${a4}=5000/m${m1}`].sort())
    expect(rowsOf(F1)).toEqual(['held REVOKED_BY', 'payable NO_RECEIPT'])
    expect(valid.reduce((s, r) => s + r.cents, 0)).toBe(15000)
  })

  test('10b. a revocation of what was never collected blocks its flow', () => {
    begin()
    owed(1, 5000)
    owed(3, 5000)
    const later = '2026-04-10ABCDIT2A-0007'
    books.flow(later, [
      [iuv(3), 5000],
      [iuv(1), 2000, '3'],
    ])
    books.credit('2026-04-10', 3000, later)
    books.decide({ kind: 'confirmRevocation', flowId: later, rowKey: `${iuv(1)}|R${iuv(1)}${later.slice(-3)}|1|1` })
    expect(books.post()).toEqual([])
    expect(flowLabels(later)).toContain('FLOW_REVOCATION_UNCOVERED')
    expect(rowsOf(later)[1]).toBe('revocation REVOKED_NOT_COLLECTED')
  })

  test('11. out of order: an earlier credit loaded later takes the next number and the last date', () => {
    begin()
    owed(1, 5000)
    const a2 = owed(2, 6000)
    books.flow(F1, [[iuv(1), 5000]])
    books.credit('2026-03-11', 5000, F1)
    books.post()
    const early = '2026-02-02ABCDIT2A-0003'
    books.flow(early, [[iuv(2), 6000]])
    const m2 = books.credit('2026-02-02', 6000, early)
    expect(short(books.post())).toEqual([`R2/2026 6000 a${a2}=6000/m${m2}`])
    expect(books.reversali[1]).toMatchObject({ date: '2026-03-11' })
    expect(books.reversali[1]!.causale).toContain('accredito del 02/02/2026')
  })

  test('12. cash, a bonifico matched for less than it is, a stamp on the notice', () => {
    begin()
    const a5 = owed(5, 9000)
    const cash = books.movement('2026-05-04', 4000, 'Incasso in contanti', { bankAccountId: 2 })
    books.decide({
      kind: 'manualMatch',
      movementId: cash,
      targets: [{ kind: 'accertamento', accertamentoId: a5, cents: cents(4000) }],
    })
    const wire = books.movement('2026-05-05', 6000, 'BONIFICO A VOSTRO FAVORE')
    books.decide({
      kind: 'manualMatch',
      movementId: wire,
      targets: [{ kind: 'accertamento', accertamentoId: a5, cents: cents(5000) }],
    })
    expect(short(books.post())).toEqual([`R1/2026 4000 a${a5}=4000/m${cash}`, `R2/2026 5000 a${a5}=5000/m${wire}`])
    expect(labelsOf(wire)).toEqual(['MATCHED_BY_HAND', 'PARTLY_ASSIGNED'])
    expect(labelText(books.reconcile().movements[1]!.labels[1]!, books.today)).toBe('Restano 10,00 da attribuire.')
    const a6 = books.accertamento(2026, 2500)
    const transfer = (idTransfer: number, c: number, own: boolean, stamp: boolean) => ({
      idTransfer,
      cents: cents(c),
      own,
      stamp,
      allocations: own && !stamp ? [{ accertamentoId: a6, cents: cents(c) }] : [],
    })
    books.position(iuv(6), a6, {
      transfers: [transfer(1, 2500, true, false), transfer(2, 1600, true, true), transfer(3, 700, false, false)],
    })
    books.flow(F1, [[iuv(6), 2500]])
    const m = books.credit('2026-05-06', 2500, F1)
    expect(short(books.post())).toEqual([`R3/2026 2500 a${a6}=2500/m${m}`])
    expect(books.reconcile().installments.find((i) => i.iuv === iuv(6))).toMatchObject({ state: 'credited' })
    // The index of another’s transfer: not ours when its amount says so too, else money of ours that a person looks at.
    const foreign = (amount: number) => [
      {
        ...{ iuv: iuv(6), iur: `X${amount}`, idTransfer: 3, cents: cents(amount) },
        ...{ outcome: '0', outcomeDate: isoDate('2026-05-07') },
      },
    ]
    books.flow(F2, [[iuv(6), 700]], { rows: foreign(700) })
    books.credit('2026-05-07', 700, F2)
    expect(rowsOf(F2)).toEqual(['notOurs NOT_OURS'])
    books.flow(F2, [[iuv(6), 2500]], { rows: foreign(2500), revision: 2 })
    books.credit('2026-05-08', 1800, F2)
    expect(rowsOf(F2)).toEqual(['held AMOUNT_DIFFERS'])
  })

  test('closing 1: what a closed exercise holds stays, even against a later revision', () => {
    begin([2026, 2027])
    const a1 = owed(1, 5000)
    const a2 = owed(2, 5000)
    books.flow(F1, [[iuv(1), 5000]])
    books.credit('2026-03-12', 5000, F1)
    books.post()
    books.closed.add(2026)
    books.flow(F1, [[iuv(2), 5000]], { revision: 2 })
    const { add, gone, held } = books.plan()
    expect([add, gone, held]).toEqual([[], [], []])
    expect(rowsOf(F1)).toEqual(['held CREDIT_USED'])
    expect(books.effective().map((l) => l.accertamentoId)).toEqual([a1])
    expect(a2).not.toBe(a1)
  })

  test('closing 2: a credit of a closed exercise goes into the next open one, and says so', () => {
    begin([2026, 2027])
    books.closed.add(2026)
    const a1 = owed(1, 5000)
    const flow = '2026-12-30ABCDIT2A-0001'
    books.flow(flow, [[iuv(1), 5000]])
    const m = books.credit('2026-12-31', 5000, flow)
    expect(short(books.post())).toEqual([`R1/2027 5000 a${a1}=5000/m${m}`])
    expect(books.reversali[0]).toMatchObject({ date: '2027-01-01', originYear: 2026 })
  })
})
