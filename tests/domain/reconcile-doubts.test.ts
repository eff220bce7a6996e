import { describe, expect, test } from 'vitest'
import { type Instant, isoDate } from '#domain/date'
import { labelText } from '#domain/labels'
import { cents } from '#domain/money'
import { Books, RECEIVER } from './reconcile-books.ts'

const A = '2026-03-17ABCDITM1XXX-S00514795'
const B = '2026-03-17ABCDITM1XXX-S005147952'
const P = '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/'
const IUV = '01000000000000100'

/** Flows of 50,00 with one row each. */
function booksWith(...flowIds: string[]): Books {
  const books = new Books()
  flowIds.forEach((flowId, i) => {
    const a = books.accertamento(2026, 5000)
    const iuv = `0100000000000090${i}`
    books.position(iuv, a)
    books.flow(flowId, [[iuv, 5000]], { regulationId: `TRN0011223344${flowId.length}` })
  })
  return books
}

const stateOf = (books: Books, movementId = 1) => {
  const { state, labels } = books.reconcile().movements.find((m) => m.movementId === movementId)!
  return [state, labelText(labels[0]!, books.today)]
}

describe('an id that may be the beginning of another is never matched by itself', () => {
  test('the longer one is known: both are proposed, none taken', () => {
    const books = booksWith(A, B)
    books.movement('2026-03-19', 5000, `${P}${B.slice(0, -1)}`)
    expect(stateOf(books)).toEqual([
      'truncated',
      `L’identificativo ${A} è anche l’inizio di ${B}: forse la banca l’ha troncato.`,
    ])
    const { edges, lines, proposals } = books.reconcile()
    expect({ edges, lines }).toEqual({ edges: [], lines: [] })
    expect(proposals.map((p) => [p.level, p.target, p.rivals])).toEqual([
      ['TRUNCATED', { kind: 'flow', flowId: A }, 2],
      ['TRUNCATED', { kind: 'flow', flowId: B }, 2],
    ])
  })

  test('the whole longer one is matched as ever, and what stands after the shorter one proves nothing', () => {
    const books = booksWith(A, B)
    books.movement('2026-03-19', 5000, `${P}${B}`)
    books.movement('2026-03-19', 5000, `${P}${A} ACCREDITO BOLLETTINO P.A.`)
    expect(stateOf(books)[0]).toBe('matched')
    expect(stateOf(books, 2)[0]).toBe('truncated')
  })

  test('the longer one comes later: the end is the same', () => {
    const books = booksWith(A)
    books.movement('2026-03-19', 5000, `${P}${A}`)
    expect(stateOf(books)[0]).toBe('matched')
    books.flow(B, [['99', 5000]])
    expect(stateOf(books)[0]).toBe('truncated')
  })

  test('the longer one is not known yet, but its provider writes ids of that length', () => {
    const sibling = '2026-03-12ABCDITM1XXX-S005147001'
    const books = booksWith(A, sibling)
    books.movement('2026-03-19', 5000, `${P}${A}`)
    expect(stateOf(books)).toEqual([
      'truncated',
      `L’identificativo ${A} è più corto di quelli dello stesso PSP (${sibling}): forse la banca l’ha troncato.`,
    ])
  })

  test.each([
    ['written later', '2026-03-18ABCDITM1XXX-S005147001'],
    ['written two months before', '2026-01-12ABCDITM1XXX-S005147001'],
    ['of another kind', '2026-03-12ABCDITM1XXX-10-22-33-123'],
    ['of another provider', '2026-03-12EFGHITM1XXX-S005147001'],
  ])('longer ids %s leave it whole', (_, other) => {
    const books = booksWith(A, other)
    books.movement('2026-03-19', 5000, `${P}${A}`)
    expect(stateOf(books)[0]).toBe('matched')
  })

  test('the text goes on over a mark, or a blank and a number follow', () => {
    const books = booksWith(A)
    books.movement('2026-03-19', 5000, `${P}${A} /ZZ4/2/ZZ4/ ID1FEE`)
    books.movement('2026-03-20', 5000, `${P}${A} 2 BONIFICO`)
    expect(stateOf(books)).toEqual([
      'truncated',
      `La causale si legge ${B}: forse l’identificativo continua oltre ${A}.`,
    ])
    expect(stateOf(books, 2)[0]).toBe('truncated')
  })

  test('a date after it, or another id written the same way, and the number is not its rest', () => {
    const books = booksWith(A)
    books.movement('2026-03-19', 5000, `${P}${A} 19/03/2026`)
    expect(stateOf(books)[0]).toBe('matched')
    const other = booksWith(A, '2026-03-12ABCDITM1XXX-S00514001')
    other.movement('2026-03-19', 5000, `${P}${A} 2 BONIFICO`)
    expect(stateOf(other)[0]).toBe('matched')
  })

  test('the TRN of its transfer settles it, that of the other one does not', () => {
    const books = booksWith(A, B)
    books.movement('2026-03-19', 5000, `${P}${A} TRN TRN0011223344${A.length}`)
    books.movement('2026-03-19', 5000, `${P}${A} TRN TRN0011223344${B.length}`)
    expect(books.reconcile().edges.map((e) => [e.movementId, e.target])).toEqual([[1, { kind: 'flow', flowId: A }]])
    expect(stateOf(books, 2)[0]).toBe('truncated')
  })

  test('a debit with such an id storns nothing by itself', () => {
    const books = booksWith(A, B)
    books.movement('2026-03-19', 5000, `${P}${B}`)
    books.movement('2026-03-20', -5000, `STORNO ${P}${A}`)
    const [credit, debit] = books.reconcile().movements
    expect([credit?.availableCents, debit?.state, debit?.labels.map((l) => l.code)]).toEqual([
      5000,
      'debit',
      ['DEBIT', 'MAYBE_TRUNCATED'],
    ])
  })
})

test('a causale without id but with the TRN of a flow proposes it before all others', () => {
  const books = booksWith(A, B)
  books.movement('2026-03-19', 5000, `GIROCONTO TRA BANCHE TRN0011223344${B.length}`)
  expect(books.reconcile().proposals.map((p) => [p.level, p.target, p.rivals])).toEqual([
    ['TRN', { kind: 'flow', flowId: B }, 1],
    ['AMOUNT', { kind: 'flow', flowId: A }, 1],
  ])
  expect(books.reconcile().edges).toEqual([])
})

test('two readings of one id that are both known flows are both proposed', () => {
  const books = booksWith(A, B)
  books.movement('2026-03-19', 5000, `${P}${A} 2`)
  const { edges, movements, proposals } = books.reconcile()
  expect([edges, movements[0]?.labels[0]?.code, proposals.length]).toEqual([[], 'AMBIGUOUS_FLOW_ID', 2])
})

describe('a credit that carries a flow and a single payment', () => {
  const both = (amount: number): Books => {
    const books = booksWith(B)
    books.position(IUV, books.accertamento(2026, 3000))
    books.movement('2026-03-19', amount, `${P}${B} /RFB/${IUV}/30.00`)
    return books
  }

  test('is proposed in its parts when they make it', () => {
    const books = both(8000)
    expect(stateOf(books)).toEqual([
      'differs',
      `Flusso ${B} (50,00) e pagamento ${IUV} (30,00) fanno l’accredito: da confermare.`,
    ])
    expect(books.reconcile().proposals.map((p) => [p.level, p.target.kind, p.cents])).toEqual([
      ['PARTS', 'flow', 5000],
      ['PARTS', 'iuv', 3000],
    ])
    books.decide({
      kind: 'manualMatch',
      movementId: 1,
      targets: [
        { kind: 'flow', flowId: B, cents: cents(5000) },
        { kind: 'iuv', iuv: IUV, cents: cents(3000) },
      ],
    })
    expect(books.reconcile().lines.map((l) => l.cents)).toEqual([5000, 3000])
  })

  test('is the flow’s alone when that is its amount', () => {
    expect(stateOf(both(5000))[0]).toBe('matched')
  })
})

test('a part of a payment matched by hand stays to decide, with both amounts', () => {
  const books = booksWith()
  books.position(IUV, books.accertamento(2026, 3000))
  books.movement('2026-03-19', 2000, 'BONIFICO')
  books.decide({ kind: 'manualMatch', movementId: 1, targets: [{ kind: 'iuv', iuv: IUV, cents: cents(2000) }] })
  const [m] = books.reconcile().movements
  expect([m?.state, m?.matchedCents, m?.labels.map((l) => [l.code, l.params])]).toEqual([
    'differs',
    0,
    [
      ['MATCHED_BY_HAND', { user: 'Ada' }],
      ['AMOUNT_DIFFERS', { credited: 2000, expected: 3000 }],
    ],
  ])
  books.decide({ kind: 'manualMatch', movementId: 1, targets: [{ kind: 'iuv', iuv: '1', cents: cents(2000) }] })
  expect(books.reconcile().movements[0]?.labels[1]?.code).toBe('UNKNOWN_IUV')
})

test('the second credit of one payment is matched to nothing', () => {
  const books = booksWith()
  books.position(IUV, books.accertamento(2026, 3000))
  books.movement('2026-03-19', 3000, `/RFB/${IUV}/30.00`)
  books.movement('2026-03-21', 3000, `/RFB/${IUV}/30.00 BIS`)
  const { movements, edges, lines } = books.reconcile()
  expect(movements.map((m) => [m.state, m.matchedCents, m.assignedCents, m.labels[0]?.code])).toEqual([
    ['matched', 3000, 3000, 'MATCHED_IUV'],
    ['surplus', 0, 0, 'DUPLICATE_PAYMENT'],
  ])
  expect(edges.map((e) => e.movementId)).toEqual([1])
  expect(lines.map((l) => edges[l.edge]?.movementId)).toEqual([1])
})

test('lines still name their own match when a failed one before it is dropped', () => {
  const books = booksWith()
  const other = '01000000000000101'
  books.position(IUV, books.accertamento(2026, 3000))
  books.position(other, books.accertamento(2026, 1000))
  books.movement('2026-03-19', 3000, `/RFB/${IUV}/30.00`)
  books.movement('2026-03-20', 3000, `/RFB/${IUV}/30.00 BIS`)
  books.movement('2026-03-21', 1000, `/RFB/${other}/10.00`)
  const { edges, lines } = books.reconcile()
  expect(lines.map((l) => [l.movementId, edges[l.edge]?.target])).toEqual([
    [1, { kind: 'iuv', iuv: IUV }],
    [3, { kind: 'iuv', iuv: other }],
  ])
})

test('the statement may name the credit that a debit storns, though no text does', () => {
  const books = booksWith(B)
  books.movement('2026-03-19', 5000, `${P}${B}`)
  books.movement('2026-03-20', -5000, 'STORNO SOSPESO', { stornoOf: 1 })
  expect(books.reconcile().movements.map((m) => [m.state, m.availableCents])).toEqual([
    ['storned', 0],
    ['storno', 0],
  ])
})

test('a receipt vouches for a row only with what it pays to us', () => {
  const books = new Books()
  books.position(IUV, books.accertamento(2026, 2000), { iuv: IUV })
  const part = (idTransfer: number, fiscalCode: string, amount: number, stamp = false) => ({
    ...{ idTransfer, fiscalCode, stamp },
    cents: cents(amount),
  })
  const receipt = (...transfers: ReturnType<typeof part>[]) => {
    books.receipts.length = 0
    const paid = { ok: true, cents: cents(5000), paidAt: '2026-03-17' }
    books.receipts.push({ receiptId: 1, iuv: IUV, iur: 'X', ...paid, transfers })
    return books.reconcile().flows[0]?.rows[0]?.label
  }
  books.flow(B, [[IUV, 2000]])
  books.versions[0] = { ...books.versions[0]!, rows: [{ ...books.versions[0]!.rows[0]!, idTransfer: null }] }
  books.movement('2026-03-19', 2000, `${P}${B}`)
  expect(receipt(part(1, RECEIVER, 3000), part(2, '80000000001', 2000))).toEqual({
    code: 'RECEIPT_DIFFERS',
    params: { receipt: 3000, reported: 2000 },
  })
  expect(receipt(part(1, RECEIVER, 3000), part(2, RECEIVER, 2000, true))?.code).toBe('RECEIPT_DIFFERS')
  expect(receipt(part(1, RECEIVER, 2000), part(2, '80000000001', 3000))?.code).toBe('WITH_RECEIPT')
})

test.each([
  ['paid', '0', 'payable'],
  ['of an unknown outcome', '7', 'held'],
  ['revoked', '3', 'revocation'],
  ['unknown', '0', 'held'],
])('a row that repeats one %s is told as such', (name, outcome, state) => {
  const books = new Books()
  const iuv = name === 'unknown' ? '01000000000000999' : IUV
  books.position(IUV, books.accertamento(2026, 2000))
  books.flow(B, [
    [iuv, 2000, outcome],
    [iuv, 2000],
  ])
  books.movement('2026-03-19', outcome === '3' ? 1 : 4000, `${P}${B}`)
  const rows = books.reconcile().flows[0]?.rows
  expect(rows?.map((r) => r.label.code)[1]).toBe('DUPLICATE_ROW')
  expect(rows?.[0]?.state).toBe(state)
})

test('a row that repeats one assigned by hand is told as such, and lines name their rows', () => {
  const books = new Books()
  const to = books.accertamento(2026, 2000)
  books.flow(B, [
    ['77', 2000],
    ['77', 2000],
  ])
  books.movement('2026-03-19', 4000, `${P}${B}`)
  const rowKey = `77|R77${B.slice(-3)}|1|1`
  books.decide({ kind: 'assignRow', flowId: B, rowKey, targets: [{ accertamentoId: to, cents: cents(2000) }] })
  const { flows, lines } = books.reconcile()
  expect(flows[0]?.rows.map((r) => r.label.code)).toEqual(['ASSIGNED_BY_HAND', 'DUPLICATE_ROW'])
  expect(lines.map((l) => l.rowKey)).toEqual([rowKey])
  const second = `77|R77${B.slice(-3)}|1|2`
  books.decide({ kind: 'revoke', revokes: 1 })
  books.decide({ kind: 'assignRow', flowId: B, rowKey: second, targets: [{ accertamentoId: to, cents: cents(2000) }] })
  expect(books.reconcile().lines.map((l) => l.rowKey)).toEqual([second])
})

test('of two payments of one notice the earlier one counts, whatever the flows are called', () => {
  const books = new Books()
  books.position(IUV, books.accertamento(2026, 2000))
  books.flow(A, [[IUV, 2000]])
  books.flow(B, [[IUV, 2000]])
  const late = books.versions[0]!
  books.versions[0] = { ...late, rows: [{ ...late.rows[0]!, outcomeDate: isoDate('2026-03-18') }] }
  books.movement('2026-03-19', 2000, `${P}${B}`)
  books.decide({ kind: 'manualMatch', movementId: 2, targets: [{ kind: 'flow', flowId: A, cents: cents(2000) }] })
  books.movement('2026-03-19', 2000, 'BONIFICO')
  const { flows, lines } = books.reconcile()
  expect(flows.map((f) => [f.flowId, f.credit, f.rows[0]?.state])).toEqual([
    [A, 'credited', 'held'],
    [B, 'credited', 'payable'],
  ])
  expect(lines.map((l) => l.flowId)).toEqual([B])
})

test('a notice whose debt was paid in part otherwise is held: it would exceed what is due', () => {
  const books = new Books()
  const a = books.accertamento(2026, 2000)
  books.position(IUV, a)
  books.movement('2026-03-10', 500, 'BONIFICO')
  books.decide({
    kind: 'manualMatch',
    movementId: 1,
    targets: [{ kind: 'accertamento', accertamentoId: a, cents: cents(500) }],
  })
  books.flow(B, [[IUV, 2000]])
  books.movement('2026-03-19', 2000, `${P}${B}`)
  const { flows, lines } = books.reconcile()
  expect(flows[0]?.rows.map((r) => [r.state, r.label.code])).toEqual([['held', 'EXCEEDS_OUTSTANDING']])
  expect(lines.map((l) => l.cents)).toEqual([500])
})

test('rows are poured first over what a person matched, then over the rest by date', () => {
  const books = new Books()
  const other = '01000000000000101'
  books.position(IUV, books.accertamento(2026, 2000))
  books.position(other, books.accertamento(2026, 1000))
  books.flow(B, [
    [IUV, 2000],
    [other, 1000],
  ])
  books.movement('2026-03-18', 1000, `${P}${B}`)
  books.movement('2026-03-19', 2000, 'BONIFICO')
  books.decide({ kind: 'manualMatch', movementId: 2, targets: [{ kind: 'flow', flowId: B, cents: cents(2000) }] })
  expect(books.reconcile().lines.map((l) => [l.iuv, l.movementId])).toEqual([
    [IUV, 2],
    [other, 1],
  ])
})

test('confirmed revocations are settled by the date of their flows, whatever these are called', () => {
  const books = new Books()
  const [y, z] = ['01000000000000102', '01000000000000103']
  books.position(IUV, books.accertamento(2026, 2000))
  books.position(y, books.accertamento(2026, 3000))
  books.position(z, books.accertamento(2026, 4000))
  const at = (day: string) => ({ flowDateTime: `${day}T10:00:00.000Z` as Instant })
  const [first, second] = ['2026-03-20ZZZZITM1-2', '2026-03-20AAAAITM1-3']
  books.flow(B, [[IUV, 2000]])
  // Takes the payment back and is paid again; the other one takes that back too.
  books.flow(
    first,
    [
      [IUV, 2000, '3'],
      [IUV, 2000],
      [y, 3000],
    ],
    at('2026-03-21'),
  )
  const version = books.versions[1]!
  books.versions[1] = { ...version, rows: version.rows.map((r, i) => (i === 1 ? { ...r, iur: 'AGAIN' } : r)) }
  books.flow(
    second,
    [
      [IUV, 2000, '3'],
      [z, 4000],
    ],
    at('2026-03-22'),
  )
  books.movement('2026-03-19', 2000, `${P}${B}`)
  books.movement('2026-03-21', 3000, `${P}${first}`)
  books.movement('2026-03-22', 2000, `${P}${second}`)
  for (const flowId of [second, first]) {
    books.decide({ kind: 'confirmRevocation', flowId, rowKey: `${IUV}|R${IUV}${flowId.slice(-3)}|1|1` })
  }
  const { lines, flows } = books.reconcile()
  expect(flows.map((f) => [f.flowId, f.rows.map((r) => r.label.code)])).toEqual([
    [B, ['REVOKED_BY']],
    [second, ['REVOKED', 'NO_RECEIPT']],
    [first, ['REVOKED', 'REVOKED_BY', 'NO_RECEIPT']],
  ])
  expect(lines.map((l) => [l.flowId, l.iuv, l.movementId, l.cents])).toEqual([
    [first, y, 2, 1000],
    [first, y, 1, 2000],
    [second, z, 3, 2000],
    [second, z, 2, 2000],
  ])
})
