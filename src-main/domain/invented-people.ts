import { type IsoDate, isoDateOf } from './date.ts'
import { type FiscalCode, personCheckLetter, vatCheckDigit } from './fiscal-code.ts'

/** An invented member of an invented order: nobody's data, valid check digits. Used by «Ordine di prova» and the rehearsal. */
export interface InventedPerson {
  readonly kind: 'F' | 'G'
  readonly fiscalCode: FiscalCode
  readonly name: string
  readonly category: 'professionista' | 'stp' | 'praticante'
  readonly alboNumber: string
  readonly street: string
  readonly civicNumber: string
  readonly postalCode: string
  readonly city: string
  readonly province: string
  readonly country: string
  readonly email: string | null
  readonly pec: string | null
}

/** Uniform number in [0, 1). */
export type Next = () => number

const SURNAMES =
  'Albonesi Boscarolo Brugnasco Cantelmori Castrimonti D’Albarosa Ferrabuoi Fontebasso Gastolfi Guardalupi Lorenzutti Malvestri Montesecco Nardovino Orlandesi Pellegrotti Quartarolli Ravagnolo Santabarba Tornaforte Trecastagni Umbertazzi Valdormida Velarosa Zoccolotto Marchesotti Dell’Orsara Bellafronte Cavalpietra Dossofermo Fiordispina Grandelvento Isolabruna Lungarotta Mezzacorona Nevesanta Ombrafresca Pontelagone Roccasparta Selvamonte Terrafolta Vallesturla De’Zuanelli Pràdovin Lo Cascetto Della Ghiacciaia'.split(
    /\s(?=[A-Z])(?<!Lo |Della )/,
  )
const FEMALE =
  'Tersilla Zita Fulvia Ippolita Ludmilla Serenella Ginevra Clelia Beatrice Adalgisa Ottavia Priscilla Nicoletta Domitilla Niccolò-Maria Fiammetta'.split(
    ' ',
  )
const MALE =
  'Ezechiele Delfo Ottone Amedeo Ariberto Prospero Ugo Saverio Olindo Ettore Brenno Tancredi Costanzo Guglielmo Nicolò Teodosio Desiderio'.split(
    ' ',
  )
const COMPANIES = ['Farmacia', 'Studio', 'Galenica', 'Consulenza', 'Laboratorio', 'Centro']
const COMPANY_NAMES = [
  'delle Acque Chiare',
  'Nova Società tra Professionisti',
  'San Zenobio dei Fossi Società tra Professionisti a r.l.',
  'Valdormida & Figli',
  'del Borgo Sperduto',
]
const STREETS = [
  'Via dei Larici',
  'Viale del Collaudo',
  'Piazza delle Prove',
  'Vicolo dell’Esempio',
  'Corso Immaginario',
]
/** Town, CAP, province and its Belfiore code: real places, so that CAP and province agree. */
const TOWNS = [
  ['Belluno', '32100', 'BL', 'A757'],
  ['Feltre', '32032', 'BL', 'D530'],
  ['Treviso', '31100', 'TV', 'L407'],
  ['Conegliano', '31015', 'TV', 'C957'],
  ['Padova', '35121', 'PD', 'G224'],
  ['Sassari', '07100', 'SS', 'I452'],
  ['Bolzano', '39100', 'BZ', 'A952'],
  ['L’Aquila', '67100', 'AQ', 'A345'],
] as const

/** A random source with a short period would make the same people for ever. */
const MAX_COLLISIONS = 100_000

const MONTH_LETTERS = 'ABCDEHLMPRST'

/** `count` different people; the same `next` gives the same people. One in twenty is a company, some lack e-mail or PEC. */
export function inventPeople(count: number, next: Next): InventedPerson[] {
  const taken = new Set<string>()
  const people: InventedPerson[] = []
  let collisions = 0
  while (people.length < count) {
    const person = inventPerson(next, people.length + 1)
    if (taken.has(person.fiscalCode)) {
      collisions += 1
      if (collisions > MAX_COLLISIONS) throw new RangeError('the random source repeats itself')
      continue
    }
    taken.add(person.fiscalCode)
    people.push(person)
  }
  return people
}

function pick<T>(next: Next, from: readonly T[]): T {
  return from[Math.floor(next() * from.length)] as T
}

function inventPerson(next: Next, ordinal: number): InventedPerson {
  const company = next() < 0.05
  const [city, postalCode, province, belfiore] = pick(next, TOWNS)
  const abroad = next() < 0.01
  const name = company ? `${pick(next, COMPANIES)} ${pick(next, COMPANY_NAMES)}` : ''
  const surname = pick(next, SURNAMES)
  const female = next() < 0.5
  const given = pick(next, female ? FEMALE : MALE)
  const fiscalCode = company ? inventVat(next) : inventCode(next, surname, given, female, belfiore)
  const box = `${fiscalCode.toLowerCase()}@`
  const contact = next()
  const email = contact < 0.9 ? `${box}posta.example` : null
  return {
    kind: company ? 'G' : 'F',
    fiscalCode,
    name: company ? name : `${surname} ${given}`,
    category: company ? 'stp' : next() < 0.06 ? 'praticante' : 'professionista',
    alboNumber: String(ordinal),
    street: pick(next, STREETS),
    civicNumber: String(1 + Math.floor(next() * 120)),
    postalCode: abroad ? 'W1A 1AA' : postalCode,
    city: abroad ? 'London' : city,
    province: abroad ? '' : province,
    country: abroad ? 'GB' : 'IT',
    email,
    pec: contact > 0.25 || email === null ? `${box}pec.example` : null,
  }
}

function inventVat(next: Next): FiscalCode {
  let first10 = '9'
  for (let i = 0; i < 9; i += 1) first10 += Math.floor(next() * 10)
  return (first10 + vatCheckDigit(first10)) as FiscalCode
}

function inventCode(next: Next, surname: string, given: string, female: boolean, belfiore: string): FiscalCode {
  const born = inventBirth(next)
  const year = born.slice(2, 4)
  const month = MONTH_LETTERS[Number(born.slice(5, 7)) - 1]
  const day = String(Number(born.slice(8, 10)) + (female ? 40 : 0)).padStart(2, '0')
  const first15 = letters(surname, false) + letters(given, true) + year + month + day + belfiore
  return (first15 + personCheckLetter(first15)) as FiscalCode
}

function inventBirth(next: Next): IsoDate {
  const date = isoDateOf(1950 + Math.floor(next() * 50), 1 + Math.floor(next() * 12), 1 + Math.floor(next() * 28))
  if (date === null) throw new RangeError('invented birth date')
  return date
}

/** Three letters of a surname or name (pagopa.md §12.1). */
function letters(text: string, given: boolean): string {
  const plain = text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toUpperCase()
  const consonants = plain.replace(/[AEIOU]/g, '')
  if (given && consonants.length >= 4) return `${consonants[0]}${consonants[2]}${consonants[3]}`
  const vowels = plain.replace(/[^AEIOU]/g, '')
  return `${consonants}${vowels}XXX`.slice(0, 3)
}
