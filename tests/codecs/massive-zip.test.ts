import { unzipSync } from 'fflate'
import { describe, expect, it, vi } from 'vitest'
import { zipIupds, zipPositions } from '#codecs/massive-zip'
import type { GpdPosition } from '#domain/gpd'
import { position } from '../simulator/node-office.ts'

const read = (zip: Uint8Array) =>
  Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, JSON.parse(Buffer.from(bytes).toString('utf8'))])

describe('the archive of a massive load', () => {
  it('holds one JSON and nothing else, accents and all', () => {
    const one = position(1, { fullName: 'Mosè D’Alò' }) as GpdPosition
    expect(read(zipPositions([one]))).toEqual([['posizioni.json', { paymentPositions: [one] }]])
    expect(read(zipIupds(['a', 'b']))).toEqual([['posizioni.json', { paymentPositionIUPDs: ['a', 'b'] }]])
  })

  it('is the same to the byte at any time of any day', () => {
    vi.useFakeTimers()
    const at = (instant: string) => {
      vi.setSystemTime(new Date(instant))
      return Buffer.from(zipPositions([position(1) as GpdPosition])).toString('hex')
    }
    expect(at('2026-03-29T00:59:59Z')).toBe(at('2031-10-26T12:00:00Z'))
    vi.useRealTimers()
  })

  it('of five thousand positions is far below what the service takes', () => {
    const many = Array.from({ length: 5000 }, (_, n) => position(n) as GpdPosition)
    const zip = zipPositions(many)
    expect(zip.length).toBeLessThan(5_000_000 / 2)
    const [[, body] = []] = read(zip)
    expect(body.paymentPositions).toHaveLength(5000)
  })
})
