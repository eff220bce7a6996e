/** Fields by their first column (from 1) on a record of 120. */
export function rhRecord(type: string, fields: Readonly<Record<number, string>>): string {
  const columns = Array.from({ length: 120 }, () => ' ')
  for (const [at, text] of Object.entries({ 2: type, ...fields })) {
    for (const [i, char] of [...text].entries()) columns[Number(at) - 1 + i] = char
  }
  if (columns.length !== 120) throw new Error(`a record of ${columns.length}`)
  return columns.join('')
}

export function rhAmount(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(14, '0')
  return `${digits.slice(0, 12)},${digits.slice(12)}`
}

const sign = (cents: number) => (cents < 0 ? 'D' : 'C')

export interface RhMovement {
  readonly cents: number
  readonly value: string
  readonly text?: string
  readonly reference?: string
  /** 63 records: flag (or none) and what follows it. */
  readonly details?: readonly (readonly [flag: string, rest: string])[]
}

export interface RhDay {
  /** ddmmyy */
  readonly day: string
  readonly opening: number
  readonly movements: readonly RhMovement[]
  readonly closing?: number
  readonly causale?: '93001' | '93011'
  readonly account?: string
  readonly currency?: string
}

export const RH_HEAD = { 4: '05428', 9: 'A1B2C', 14: '050326', 20: 'PROVA0001' }

/** One flow: head, days of accounts, tail with its counts. */
export function rhFlow(days: readonly RhDay[]): string[] {
  const records = [rhRecord('RH', RH_HEAD)]
  for (const [d, day] of days.entries()) {
    const number = String(d + 1).padStart(7, '0')
    const total = day.movements.reduce((sum, m) => sum + m.cents, day.opening)
    const closing = day.closing ?? total
    records.push(
      rhRecord('61', {
        4: number,
        29: day.causale ?? '93001',
        34: 'CONTO ORDINARIO',
        50: 'CC',
        52: 'X',
        53: '05428',
        58: '11101',
        63: day.account ?? '000000123456',
        75: day.currency ?? 'EUR',
        78: day.day,
        84: sign(day.opening),
        85: rhAmount(day.opening),
        100: 'IT60',
      }),
    )
    for (const [m, movement] of day.movements.entries()) {
      const progressive = number + String((m % 999) + 1).padStart(3, '0')
      records.push(
        rhRecord('62', {
          4: progressive,
          14: movement.value,
          20: day.day,
          26: sign(movement.cents),
          27: rhAmount(movement.cents),
          42: '48',
          44: 'ZZ',
          62: movement.reference ?? '',
          87: movement.text ?? '',
        }),
      )
      for (const [flag, rest] of movement.details ?? [])
        records.push(rhRecord('63', { 4: progressive, 14: flag + rest }))
    }
    records.push(
      rhRecord('64', {
        4: number,
        11: 'EUR',
        14: day.day,
        20: sign(closing),
        21: rhAmount(closing),
        36: 'C',
        37: rhAmount(closing),
      }),
    )
    records.push(rhRecord('65', { 4: number, 11: day.day, 17: 'C', 18: rhAmount(closing) }))
  }
  records.push(
    rhRecord('EF', {
      ...RH_HEAD,
      46: String(days.length).padStart(7, '0'),
      83: String(records.length + 1).padStart(7, '0'),
    }),
  )
  return records
}

/** The 140 characters of a causale as RI1 (104) and RI2 (36). */
export function remittance(text: string): (readonly [string, string])[] {
  const whole = text.padEnd(140)
  return [
    ['RI1', whole.slice(0, 104)],
    ['RI2', whole.slice(104, 140)],
  ]
}
