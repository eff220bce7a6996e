import { isForeign } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import { type NoticeFacts, noticeData } from '#ledger/notice-facts'

type PositionId = Id<'debtPosition'>

export interface Sampled {
  readonly debtPositionId: PositionId
  readonly personName: string
  /** What is special about it, in Italian. */
  readonly why: string
}

/** Amounts are below this (999.999.999,99 euro): the lowest becomes the highest of the rest. */
const ABOVE_ALL = 1_000_000_000_000

/** What makes a notice worth looking at; where it is 0 there is nothing to see. */
const EXTREMES: readonly { readonly why: string; of(facts: NoticeFacts): number }[] = [
  { why: 'Il nome più lungo', of: (f) => f.name.length },
  { why: 'La causale più lunga', of: (f) => f.description.length },
  { why: 'Il maggior numero di rate', of: (f) => f.payments.installments.length },
  { why: 'Indirizzo estero', of: (f) => (isForeign(f.address) ? addressLength(f) : 0) },
  { why: 'L’indirizzo più lungo', of: addressLength },
  { why: 'L’importo più alto', of: amount },
  { why: 'L’importo più basso', of: (f) => ABOVE_ALL - amount(f) },
  { why: 'Senza indirizzo', of: (f) => Number(addressLength(f) === 0) },
  { why: 'Senza scadenza', of: (f) => Number((f.payments.single ?? f.payments.installments[0])?.dueDate === null) },
  { why: 'Solo a rate', of: (f) => Number(f.payments.single === null) },
]

function addressLength(facts: NoticeFacts): number {
  return noticeData(facts).debtor.addressLines.join(' ').length
}

function amount({ payments }: NoticeFacts): number {
  return payments.single?.cents ?? payments.installments.reduce((total, one) => total + one.cents, 0)
}

/**
 * Positions with the extremes of a batch, then others at even distances, up to `count`. Of equals the first counts, and
 * what all have in common is no extreme.
 */
export async function chooseSample(batches: AsyncIterable<readonly NoticeFacts[]>, count: number): Promise<Sampled[]> {
  const best = EXTREMES.map(() => ({ id: null as PositionId | null, value: 0, least: Number.POSITIVE_INFINITY }))
  const all: PositionId[] = []
  const names = new Map<PositionId, string>()
  for await (const batch of batches) {
    for (const facts of batch) {
      all.push(facts.debtPositionId)
      names.set(facts.debtPositionId, facts.name)
      for (const [i, one] of best.entries()) {
        const value = EXTREMES[i]?.of(facts) ?? 0
        one.least = Math.min(one.least, value)
        if (value > one.value) best[i] = { ...one, id: facts.debtPositionId, value }
      }
    }
  }
  const chosen = new Map<PositionId, string>()
  for (const [i, { id, value, least }] of best.entries()) {
    const why = EXTREMES[i]?.why ?? ''
    if (id === null || value === least) continue
    const before = chosen.get(id)
    chosen.set(id, before === undefined ? why : `${before}, ${why.charAt(0).toLowerCase()}${why.slice(1)}`)
  }
  const step = Math.max(1, Math.floor(all.length / count))
  const spread = [...all.filter((_, i) => i % step === 0), ...all]
  for (const id of spread) {
    if (chosen.size >= count) break
    if (!chosen.has(id)) chosen.set(id, 'Uno ogni tanto')
  }
  return [...chosen]
    .slice(0, count)
    .map(([debtPositionId, why]) => ({ debtPositionId, personName: names.get(debtPositionId) ?? '', why }))
}
