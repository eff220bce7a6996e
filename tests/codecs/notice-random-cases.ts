import { type NoticeKit, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticeData, NoticePayment } from '#domain/notice'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { SECOND_LANGUAGES, type SecondLanguage } from '#domain/notice-words'
import { secondWords } from '#domain/second-words'
import { seededRandom } from '#hosts/random'

export interface RandomNotice {
  /** What it is, for the message of a failure. */
  readonly label: string
  readonly notice: NoticeData
  readonly kit: NoticeKit
}

interface Layout {
  readonly single: boolean
  readonly installments: number
  readonly postal: boolean
  readonly dated: boolean
  readonly language: SecondLanguage | null
}

/** One dark point, 8-bit RGBA. */
const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)

/** Numbers of instalments with a pagination of their own, and some of those that share the last one. */
const COUNTS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 24]
const ONES = [{ single: true, installments: 0 }]
const BOTH = COUNTS.map((installments) => ({ single: true, installments }))
const PLANS = COUNTS.map((installments) => ({ single: false, installments }))

/** Every layout with and without slip and due date, in Italian alone and with a second language: 184. */
const EVERY_LAYOUT: readonly Layout[] = [...ONES, ...BOTH, ...PLANS].flatMap((payments, i) =>
  [true, false].flatMap((postal, j) =>
    [true, false].flatMap((dated, k) =>
      [null, SECOND_LANGUAGES[(i + j * 2 + k) % 4] as SecondLanguage].map((language) => ({
        ...payments,
        postal,
        dated,
        language,
      })),
    ),
  ),
)

const LETTERS = [...'aaaabcdeeeefghiiiilmnnooopqrrssttuuvzàèéìòù']
const FOREIGN = [...'aeioučšžđćßüöäñçłøœæéêâîjkwxy']
const SPELLED = [
  'Ada D’ANGELO',
  'Željko Đorđević-Strauß Čapek',
  'Niccolò-Maria dell’Orsara McRae',
  'Gräfin Zoë Łukasiewicz d’Œuvray',
  'W'.repeat(70),
  'Società tra Professionisti Inventati & Associati «Prova» S.r.l. – Torino',
]

class Dice {
  readonly #random: { bytes(n: number): Uint8Array }

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  below(n: number): number {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = this.#random.bytes(6)
    return Math.floor(((((((a * 256 + b) * 256 + c) * 256 + d) * 256 + e) * 256 + f) / 2 ** 48) * n)
  }

  chance(share: number): boolean {
    return this.below(1000) < share * 1000
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  word(): string {
    const letters = this.chance(0.15) ? FOREIGN : LETTERS
    const word = Array.from({ length: 1 + this.below(this.chance(0.1) ? 22 : 10) }, () => this.of(letters)).join('')
    return this.chance(0.4) ? (word[0] as string).toUpperCase() + word.slice(1) : word
  }

  /** Words up to `most` characters, most often short. */
  text(most: number): string {
    const length = this.chance(0.3) ? most : 3 + this.below(Math.min(most, 60) - 3)
    let text = this.word()
    while (text.length < length) text += `${this.of([' ', ' ', ' ', ' ', ' – ', ', ', '/', ' n. 7 '])}${this.word()}`
    return text.slice(0, length).trim()
  }
}

const kits = new Map<string, NoticeKit>()

function kitOf(layout: Layout, long: boolean): NoticeKit {
  const key = `${layout.postal} ${layout.language} ${long}`
  const known = kits.get(key)
  if (known !== undefined) return known
  const creditor: NoticeCreditor = {
    fiscalCode: '80087670016',
    name: long
      ? 'Ordine dei Dottori Inventati e dei Collaudatori di Esempi delle Province di Prova, Saggio e di Modello'.slice(
          0,
          100,
        )
      : 'Ordine dei Periti Inventati',
    office: long ? 'Segreteria e ufficio iscrizioni della sezione di Prova' : null,
    info: long ? 'Scrivere a segreteria@ordine-inventato.example o telefonare di mattina, dalle 9 alle 12.30' : null,
    cbill: long ? 'AB12C' : null,
    online: long ? 'both' : null,
    postal: layout.postal
      ? {
          number: long ? '123456789012' : '232323',
          holder: long ? 'Ordine dei Dottori Inventati di Prova e di Saggio' : 'Ordine dei Periti Inventati',
          authorisation: long ? 'AUT. DB/SSIC/E 12345 DEL 01.02.2026' : null,
        }
      : null,
  }
  const second = layout.language === null ? null : { language: layout.language, words: secondWords(layout.language) }
  const kit = prepareNoticeKit({ creditor, logo: long ? LOGO : null, second, graphics: new Map() })
  kits.set(key, kit)
  return kit
}

function payment(dice: Dice, layout: Layout, day: number): NoticePayment {
  const most = layout.postal ? 9_999_999_999 : 99_999_999_999
  return {
    noticeNumber: composeNoticeNumber('01' as SegregationCode, dice.below(10_000_000_000_000)).noticeNumber,
    cents: cents(1 + dice.below(dice.of([1, 100, 100_000, 10_000_000, most]))),
    dueDate: layout.dated ? isoDate(`20${26 + (day % 9)}-${String(1 + (day % 12)).padStart(2, '0')}-28`) : null,
  }
}

function randomNotice(dice: Dice, layout: Layout): NoticeData {
  const company = dice.chance(0.3)
  return {
    single: layout.single ? payment(dice, layout, 0) : null,
    installments: Array.from({ length: layout.installments }, (_, i) => payment(dice, layout, i + 1)),
    subject: dice.text(dice.chance(0.2) ? 140 : 90),
    debtor: {
      name: (dice.chance(0.3) ? dice.of(SPELLED) : dice.text(70)).slice(0, 70),
      fiscalCode: dice.chance(0.1) ? null : company ? '12345678903' : 'DNGDAA80A41H501B',
      addressLines: dice.chance(0.05) ? [] : [dice.text(95), dice.text(45)],
    },
  }
}

/** `count` notices: first each layout once, then any. */
export function* randomNotices(count: number, seed: number): Generator<RandomNotice> {
  const dice = new Dice(seed)
  for (let i = 0; i < count; i++) {
    const layout = EVERY_LAYOUT[i] ?? {
      single: dice.chance(0.5),
      installments: 2 + dice.below(dice.chance(0.2) ? 23 : 8),
      postal: dice.chance(0.5),
      dated: dice.chance(0.7),
      language: dice.chance(0.4) ? dice.of(SECOND_LANGUAGES) : null,
      ...(dice.chance(0.3) ? { single: true, installments: 0 } : {}),
    }
    yield {
      label: `${i} ${JSON.stringify(layout)}`,
      notice: randomNotice(dice, layout),
      kit: kitOf(layout, dice.chance(0.5)),
    }
  }
}
