import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INSPECT_KINDS, inspectFile } from '#codecs/inspect'
import { writeRegister } from '#codecs/register-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import { type Instant, isoDate } from '#domain/date'
import { cents } from '#domain/money'

const BROKEN = fileURLToPath(new URL('../../fixtures/broken', import.meta.url))

async function seeds(): Promise<Uint8Array[]> {
  const day = isoDate('2026-03-03')
  const movements = [{ bookingDate: day, valueDate: day, amountCents: cents(43000), description: 'BONIFICO "X"; à' }]
  const statement = writeBancoPostaStatement({
    holder: 'O',
    iban: 'I',
    from: day,
    to: day,
    openingCents: cents(0),
    movements,
  })
  const register: Uint8Array[] = []
  for await (const chunk of writeRegister([], '2026-02-02T08:00:00.000Z' as Instant)) register.push(chunk)
  const xml = ['FLOW_TOTAL_DIFFERS', 'RECEIPT_TOTAL_DIFFERS'].map((code) => {
    const folder = join(BROKEN, code)
    return readFileSync(join(folder, readdirSync(folder).find((f) => f.startsWith('input.')) as string))
  })
  return [statement, Buffer.concat(register), ...xml]
}

describe('no file, however damaged, makes the program fall', () => {
  it('bytes changed, cut and inserted, read as every kind', async () => {
    const originals = await seeds()
    const edit = fc.record({ at: fc.nat(20_000), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 6 }) })
    const input = fc.record({
      seed: fc.nat(originals.length - 1),
      edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(input, fc.option(fc.constantFrom(...INSPECT_KINDS)), async ({ seed, edits }, as) => {
        let bytes = Buffer.from(originals[seed] as Uint8Array)
        for (const { at, cut, put } of edits) {
          const place = at % (bytes.length + 1)
          bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + cut)])
        }
        const read = await inspectFile('danneggiato', bytes, as ?? undefined)
        for (const p of read.problems) expect(p.message).not.toContain('undefined')
      }),
      { numRuns: 300 },
    )
  })
})
