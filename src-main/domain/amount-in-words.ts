import type { Cents } from './money.ts'

const UNITS = [
  '',
  'uno',
  'due',
  'tre',
  'quattro',
  'cinque',
  'sei',
  'sette',
  'otto',
  'nove',
  'dieci',
  'undici',
  'dodici',
  'tredici',
  'quattordici',
  'quindici',
  'sedici',
  'diciassette',
  'diciotto',
  'diciannove',
]
const TENS = ['', '', 'venti', 'trenta', 'quaranta', 'cinquanta', 'sessanta', 'settanta', 'ottanta', 'novanta']

function belowThousand(n: number): string {
  if (n >= 100) {
    const hundreds = Math.floor(n / 100)
    const rest = belowThousand(n % 100)
    // «centotto», «centottanta».
    return `${hundreds === 1 ? '' : UNITS[hundreds]}${rest.startsWith('ott') ? 'cent' : 'cento'}${rest}`
  }
  if (n < 20) return UNITS[n] as string
  const tens = TENS[Math.floor(n / 10)] as string
  const unit = n % 10
  // «ventuno», «ventotto»: the vowel falls before another vowel.
  return `${unit === 1 || unit === 8 ? tens.slice(0, -1) : tens}${UNITS[unit]}`
}

const SCALES = [
  { value: 1_000_000_000, one: 'unmiliardo', many: 'miliardi' },
  { value: 1_000_000, one: 'unmilione', many: 'milioni' },
  { value: 1_000, one: 'mille', many: 'mila' },
] as const

function whole(n: number): string {
  let out = ''
  let rest = n
  for (const { value, one, many } of SCALES) {
    const count = Math.floor(rest / value)
    rest %= value
    if (count === 0) continue
    out += count === 1 ? one : `${whole(count)}${many}`
  }
  return `${out}${belowThousand(rest)}`
}

/**
 * Amount in Italian words as on reversali and quietanze, one word and the cents in figures: `123456` →
 * `milleduecentotrentaquattro/56`; a final «tre» after other words takes its accent («ventitré»).
 */
export function amountInWords(amount: Cents): string {
  const euros = Math.floor(Math.abs(amount) / 100)
  const words = euros === 0 ? 'zero' : whole(euros).replace(/(?<=.)tre$/, 'tré')
  return `${amount < 0 ? 'meno ' : ''}${words}/${String(Math.abs(amount) % 100).padStart(2, '0')}`
}
