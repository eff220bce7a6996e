import { addressLine } from './address-lines.ts'
import { formatDate, type IsoDate } from './date.ts'
import type { PersonCategory, RegisterPerson } from './register-row.ts'
import { searchKey } from './search-key.ts'

/** What a register may say of a known person that the archive does not, in the order in which it is shown. */
export const DIFFERENCE_FIELDS = [
  'name',
  'category',
  'vatNumber',
  'email',
  'pec',
  'phone',
  'address',
  'iban',
  'alboNumber',
  'alboSection',
] as const
export type DifferenceField = (typeof DIFFERENCE_FIELDS)[number]

/** The contacts that a register carries. */
export const REGISTER_CONTACTS = ['email', 'pec', 'phone', 'address', 'iban'] as const
export type RegisterContact = (typeof REGISTER_CONTACTS)[number]

export type DifferenceChoice = 'update' | 'keep'

/** A person as the archive has them: contacts in force by kind, albo positions in force. */
export interface PersonFacts {
  readonly name: string
  readonly category: PersonCategory
  readonly vatNumber: string | null
  readonly contacts: Readonly<Partial<Record<RegisterContact, readonly string[]>>>
  readonly albo: readonly AlboFacts[]
}

interface AlboFacts {
  readonly albo: string
  readonly number: string
  readonly section: string | null
  /** Since when without a break, and the last day on which that may have begun: null while the first stretch lasts. */
  readonly enrolled: IsoDate
  readonly enrolledBy: IsoDate | null
}

export interface PersonDifference {
  readonly field: DifferenceField
  /** Null when the archive has nothing there. */
  readonly old: string | null
  readonly new: string
}

const ALBO: Readonly<Record<PersonCategory, string>> = {
  professionista: 'Albo',
  stp: 'Elenco STP',
  praticante: 'Registro praticanti',
  altro: 'Altro',
}

/** The albo in which a row puts its person: the one it names, else that of the category. */
export function alboOf(row: Pick<RegisterPerson, 'albo'>, category: PersonCategory): string {
  return row.albo ?? ALBO[category]
}

/** The position in force that a row speaks of: with its number where there are two (a merge may leave both), else the first. */
export function alboEntryOf<Entry extends PersonFacts['albo'][number]>(
  { albo: entries }: { readonly albo: readonly Entry[] },
  row: RegisterPerson,
  category: PersonCategory,
): Entry | undefined {
  const mine = entries.filter((one) => one.albo === alboOf(row, category))
  return mine.find((one) => one.number === row.alboNumber) ?? mine[0]
}

/** The enrolment that a row says instead of that of a position; null when it says none, the same, or one that began later than the position changed. */
export function enrolmentOf(
  { enrolled, enrolledBy }: Pick<AlboFacts, 'enrolled' | 'enrolledBy'>,
  { enrolmentDate }: Pick<RegisterPerson, 'enrolmentDate'>,
): IsoDate | null {
  if (enrolmentDate === null || enrolmentDate === enrolled) return null
  return enrolledBy === null || enrolmentDate <= enrolledBy ? enrolmentDate : null
}

/** Text of a contact as a row says it, null when it says nothing. */
export function contactOf(row: RegisterPerson, kind: RegisterContact): string | null {
  return kind === 'address' ? (row.address === null ? null : addressLine(row.address)) : row[kind]
}

/**
 * What the row says otherwise than the archive, of the category that the person keeps or gets. An empty cell says
 * nothing; capitals, accents, blanks and the signs of a telephone number make no difference.
 */
export function personDifferences(
  facts: PersonFacts,
  row: RegisterPerson,
  category: PersonCategory = facts.category,
): PersonDifference[] {
  const found: PersonDifference[] = []
  if (!isSameText(facts.name, row.name)) found.push({ field: 'name', old: facts.name, new: row.name })
  if (facts.category !== row.category) found.push({ field: 'category', old: facts.category, new: row.category })
  if (row.vatNumber !== null && row.vatNumber !== facts.vatNumber) {
    found.push({ field: 'vatNumber', old: facts.vatNumber, new: row.vatNumber })
  }
  for (const kind of REGISTER_CONTACTS) {
    const said = contactOf(row, kind)
    if (said === null) continue
    const present = facts.contacts[kind] ?? []
    if (present.some((value) => value === said || contactKey(kind, value) === contactKey(kind, said))) continue
    found.push({ field: kind, old: present.length === 0 ? null : present.join(' · '), new: said })
  }
  const entry = alboEntryOf(facts, row, category)
  const enrolled = entry === undefined ? null : enrolmentOf(entry, row)
  const number = row.alboNumber ?? entry?.number
  if (number !== undefined && (number !== entry?.number || enrolled !== null)) {
    const since = (day: IsoDate | undefined) => (enrolled === null || !day ? '' : `, iscrizione ${formatDate(day)}`)
    const old = entry === undefined ? null : entry.number + since(entry.enrolled)
    found.push({ field: 'alboNumber', old, new: number + since(enrolled ?? undefined) })
  }
  if (entry !== undefined && row.section !== null && row.section !== entry.section) {
    found.push({ field: 'alboSection', old: entry.section, new: row.section })
  }
  return DIFFERENCE_FIELDS.flatMap((field) => found.filter((one) => one.field === field))
}

/** Whether two texts differ in no more than capitals, accents, blanks and signs. */
export function isSameText(a: string, b: string): boolean {
  return a === b || searchKey(a) === searchKey(b)
}

/** What is done unless the person says otherwise: who somebody is stays as it is, where they are reached is brought up to date. */
export function usualChoice({ field, old }: Pick<PersonDifference, 'field' | 'old'>): DifferenceChoice {
  return old !== null && (field === 'name' || field === 'category' || field === 'vatNumber') ? 'keep' : 'update'
}

function contactKey(kind: RegisterContact, value: string): string {
  switch (kind) {
    case 'email':
    case 'pec':
      return value.trim().toLowerCase()
    case 'phone':
      return value.replaceAll(/[^\d+]/g, '').replace(/^(?:\+|00)39/, '')
    case 'iban':
      return value.replaceAll(/\s/g, '').toUpperCase()
    case 'address':
      return searchKey(value)
  }
}
