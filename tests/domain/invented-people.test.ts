import { describe, expect, it } from 'vitest'
import { readFiscalCode } from '#domain/fiscal-code'
import { rehearsalRegister } from '#domain/rehearsal-register'
import { seededRandom } from '#hosts/random'
import { uniform } from '#services/rehearsal'

describe('the register of the rehearsal', () => {
  const rows = rehearsalRegister(3000, 2026, uniform({ random: seededRandom(11) }))

  it('holds nobody twice and only codes with right check characters', () => {
    const quotas = rows.filter((row) => row.causale.endsWith('2026') && row.service.startsWith('Quota'))
    expect(quotas).toHaveLength(3000)
    expect(new Set(quotas.map((row) => row.fiscalCode)).size).toBe(3000)
    expect(rows.every((row) => readFiscalCode(row.fiscalCode).state === 'ok')).toBe(true)
  })

  it('keeps names and causali within the lengths of a notice', () => {
    expect(Math.max(...rows.map((row) => row.name.length))).toBeLessThanOrEqual(70)
    expect(Math.max(...rows.map((row) => row.causale.length))).toBeLessThanOrEqual(90)
  })

  it('is the same for the same seed', () => {
    expect(rehearsalRegister(3000, 2026, uniform({ random: seededRandom(11) }))).toEqual(rows)
  })
})
