import { describe, expect, it } from 'vitest'
import { readStatement } from '#codecs/statement-read'
import { explainCausale } from '#domain/causale'
import { isoDate } from '#domain/date'
import { cents, sum } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { seededRandom } from '#hosts/random'
import { type RehearsalInput, rehearse } from '#simulator/rehearse'

function nextOf(seed: number) {
  const random = seededRandom(seed)
  return () => new DataView(random.bytes(4).buffer).getUint32(0) / 2 ** 32
}

const input: RehearsalInput = {
  receiver: { fiscalCode: '80012340255', name: 'Ordine di prova' },
  account: { iban: 'IT66S0999912100000000012345', openingDate: isoDate('2026-01-01') },
  notices: Array.from({ length: 400 }, (_, i) => ({
    iuv: composeNoticeNumber('01' as SegregationCode, 1_000_000 + i).iuv,
    cents: cents(21_500),
    idTransfer: 1,
    debtor: `Persona ${i}`,
  })),
  share: 0.7,
  from: isoDate('2026-02-05'),
  days: 40,
  style: 'bancoPosta',
}

describe('rehearsal', () => {
  it('gives the same files for the same seed and others for another', () => {
    const a = rehearse(input, nextOf(7))
    const b = rehearse(input, nextOf(7))
    expect(b.statement.bytes).toEqual(a.statement.bytes)
    expect(b.flows.map((f) => f.bytes)).toEqual(a.flows.map((f) => f.bytes))
    expect(rehearse(input, nextOf(8)).statement.bytes).not.toEqual(a.statement.bytes)
  })

  it('pays each notice at most once and puts each payment in one flow', () => {
    const { payments, flows } = rehearse(input, nextOf(3))
    const iuvs = payments.map((p) => p.notice.iuv)
    expect(new Set(iuvs).size).toBe(iuvs.length)
    expect(flows.flatMap((f) => f.payments.map((p) => p.notice.iuv)).sort()).toEqual([...iuvs].sort())
    expect(new Set(flows.map((f) => f.flowId)).size).toBe(flows.length)
    for (const flow of flows) expect(flow.flowId.length).toBeLessThanOrEqual(35)
  })

  it('pays plans at once or the first instalments in their order, never both', () => {
    const part = (i: number, k: number) => ({
      ...{ iuv: `${i}-${k}`, cents: cents(k === 0 ? 9_000 : 3_000), idTransfer: 1, debtor: `Persona ${i}` },
    })
    const plans = Array.from({ length: 300 }, (_, i) => ({
      single: i % 2 === 0 ? part(i, 0) : null,
      installments: [1, 2, 3].map((k) => part(i, k)),
    }))
    const { payments, flows } = rehearse({ ...input, notices: [], plans }, nextOf(4))
    const paid = Map.groupBy(payments, (p) => p.notice.iuv.split('-')[0])
    const ways = new Map<string, number>()
    for (const [i, own] of paid) {
      const way = own.map((p) => p.notice.iuv.split('-')[1]).join()
      expect(['0', '1', '1,2', '1,2,3']).toContain(way)
      if (way === '0') expect(plans[Number(i)]?.single).not.toBeNull()
      expect(own.map((p) => p.paidOn)).toEqual(own.map((p) => p.paidOn).sort())
      ways.set(way, (ways.get(way) ?? 0) + 1)
    }
    expect(ways.size).toBe(4)
    expect(paid.size).toBeGreaterThan(150)
    expect(paid.size).toBeLessThan(250)
    expect(sum(flows.map((f) => f.totalCents))).toBe(sum(payments.map((p) => p.notice.cents)))
  })

  it('credits every flow to the cent but the last, and adds one orphan', () => {
    const { flows, statement } = rehearse(input, nextOf(3))
    for (const flow of flows) {
      const credited = statement.movements.filter((m) => m.flowId === flow.flowId).map((m) => m.amountCents)
      expect(sum(credited)).toBe(flow.flowId === statement.uncredited ? 0 : flow.totalCents)
    }
    const known = new Set(flows.map((f) => f.flowId))
    const orphans = statement.movements.filter((m) => {
      const reading = explainCausale(m.description)
      return m.flowId === null && reading.kind === 'flow' && !known.has(reading.flowId)
    })
    expect(orphans).toHaveLength(1)
  })

  it.each(['bancoPosta', 'intesa'] as const)('writes a %s statement that the program recognises', async (style) => {
    const { statement } = rehearse({ ...input, style }, nextOf(5))
    const reading = await readStatement(statement.bytes)
    expect(reading.problems).toEqual([])
    expect(reading.movements.map((m) => m.amountCents)).toEqual(statement.movements.map((m) => m.amountCents))
  })
})
