import type { Chance } from './random.ts'

/** How people, programs and damage write an amount in a text cell. */
export function amountText(chance: Chance): string {
  const whole = chance.digits(1 + chance.below(6)).replace(/^0+(?=\d)/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.')
  const cents = chance.digits(2)
  if (chance.happens(0.6)) return chance.pick([`${whole},${cents}`, `${grouped},${cents}`, whole, grouped])
  return chance.pick([
    ...[`${whole},${cents}`, `${grouped},${cents}`, whole, grouped, `${whole},${cents[0]}`, ` ${whole},${cents}\t`],
    ...[`${whole}.${cents}`, `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`, `${whole},${cents}${cents[0]}`],
    ...[`€ ${whole},${cents}`, `${whole},${cents} €`, `EUR ${whole}`, `${whole},${cents} euro`, `-${whole},${cents}`],
    ...[`+${whole},${cents}`, `\u2212${whole}`, `(${whole},${cents})`, `${whole}\u00a0${cents}`, `${whole}'000,00`],
    ...[
      `${grouped}${cents}`,
      `${whole},`,
      `,${cents}`,
      `.${cents}`,
      `${whole}..${cents}`,
      `${whole},,${cents}`,
      '0,00',
    ],
    ...[`${whole}e2`, `0x${whole}`, `=${whole}`, `\uff12\uff11\uff15`, `${whole},${cents}\u200b`, `${whole}\n${cents}`],
    ...[
      '',
      ' ',
      'n.d.',
      '#N/D',
      'NaN',
      'Infinity',
      '1e400',
      '99999999999999,00',
      '000000215,00',
      '1.2345,67',
      '12.34,56',
    ],
  ])
}

/** What may stand in the `v` of a numeric cell. */
export function amountNumber(chance: Chance): string {
  const value = chance.below(1_000_000) / 100
  if (chance.happens(0.6)) return chance.pick([String(value), value.toFixed(2), `${value}E0`])
  return chance.pick([
    ...[String(value), value.toFixed(2), String(chance.below(100_000)), `${value}E0`, `${chance.below(900) + 1}e-2`],
    ...['0.30000000000000004', '215.00000000000003', '214.99999999999997', '0.1', '1e3', '2.15E+2', '-215', '-0', '0'],
    ...['215.005', '0.001', '1e400', '1e-400', '12345678901234567890', '999999999.99', '1000000000', '4.35', '1.005'],
    ...[
      ' 215 ',
      '0x1F',
      '0b11',
      '0o17',
      'Infinity',
      '-Infinity',
      'NaN',
      '',
      ' ',
      '1_000',
      '215,00',
      '2 15',
      '+215',
      '.5',
      '5.',
    ],
  ])
}

/**
 * The same cell read apart from the program: cents of an Italian amount text, null when it is none. Digit by digit,
 * without its patterns.
 */
export function centsOfText(written: string): bigint | null {
  let text = withoutCurrency(written.trim())
  if (text.startsWith('+')) text = text.slice(1)
  const [whole = '', cents, ...more] = text.split(',')
  if (more.length > 0 || (cents !== undefined && (cents === '' || cents.length > 2))) return null
  const groups = whole.split('.')
  const allDigits = (part: string) => part !== '' && [...part].every((c) => c >= '0' && c <= '9')
  if (!groups.every(allDigits) || (cents !== undefined && !allDigits(cents))) return null
  const [first = '', ...rest] = groups
  if (rest.length > 0 && (first.length > 3 || rest.some((group) => group.length !== 3))) return null
  return BigInt(groups.join('')) * 100n + BigInt((cents ?? '').padEnd(2, '0'))
}

/** The sign or the code of the euro, once, on either side. */
function withoutCurrency(text: string): string {
  const upper = text.toUpperCase()
  for (const mark of ['€', 'EUR']) {
    if (upper.startsWith(mark)) return text.slice(mark.length).trim()
    if (upper.endsWith(mark)) return text.slice(0, -mark.length).trim()
  }
  return text
}

/** Whether a numeric cell holding `written` says these cents: as a fraction, within a millionth of a cent's tolerance. */
export function numberSays(written: string, cents: number): boolean {
  const match = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(written)
  if (match === null || (match[2] === '' && match[3] === '')) return false
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${whole}${fraction}`)
  const power = Number(exponent) - fraction.length + 2
  const scale = 12
  // Both sides in 10^-scale of a cent.
  const shift = power + scale
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
  const claimed = BigInt(cents) * 10n ** BigInt(scale)
  const distance = value > claimed ? value - claimed : claimed - value
  const euro = claimed / 100n / 10n ** BigInt(scale)
  const tolerance = 10n ** BigInt(scale - 6) * (euro > 1n ? euro : 1n)
  return sign !== '-' && distance <= tolerance
}
