import { type IsoDate, isoDateOf } from './date.ts'
import { type InventedPerson, inventPeople, type Next } from './invented-people.ts'
import { type Cents, cents } from './money.ts'
import type { RegisterEntry } from './register-row.ts'

/** The invented institution of «Ordine di prova» and of the rehearsal: valid check digits, nobody's name. */
export const REHEARSAL_INSTITUTION = {
  fiscalCode: '80012340255',
  name: 'Ordine dei Farmacisti di prova',
  office: 'Segreteria',
  cbill: 'AAPRV',
  info: 'www.ordine-di-prova.example · tel. 0000 123456',
  segregationCode: '01',
} as const

const QUOTA: Cents = cents(21_500)
const QUOTA_STP: Cents = cents(35_000)
const SEGRETERIA: Cents = cents(1_000)

/**
 * Rows of a year's register for `members` invented people: everyone a quota (companies the STP one), one in eight also
 * secretarial dues, one in ten the unpaid quota of the year before. The same `next` gives the same rows.
 */
export function rehearsalRegister(members: number, year: number, next: Next): RegisterEntry[] {
  const people = inventPeople(members, next)
  return people.flatMap((person) => duesOf(person, year, next))
}

function duesOf(person: InventedPerson, year: number, next: Next): RegisterEntry[] {
  const stp = person.category === 'stp'
  const due = (month: number, day: number) => isoDateOf(year, month, day)
  const quota = (of: number, dueDate: IsoDate | null) =>
    stp
      ? row(person, 'Quota STP', of, `Quota società ${of}`, QUOTA_STP, dueDate)
      : row(person, 'Quota annuale', of, `Quota di iscrizione ${of}`, QUOTA, dueDate)
  const dues = [quota(year, due(3, 31))]
  if (next() < 0.1) dues.push(quota(year - 1, due(2, 28)))
  if (next() < 0.125) {
    dues.push(
      row(person, 'Diritti di segreteria', year, 'Diritti di segreteria per certificato', SEGRETERIA, due(4, 30)),
    )
  }
  return dues
}

function row(
  person: InventedPerson,
  service: string,
  competenceYear: number,
  causale: string,
  amountCents: Cents,
  dueDate: IsoDate | null,
): RegisterEntry {
  return {
    fiscalCode: person.fiscalCode,
    vatNumber: person.kind === 'G' ? person.fiscalCode : null,
    name: person.name,
    category: person.category,
    alboNumber: person.alboNumber,
    address: {
      street: person.street,
      civicNumber: person.civicNumber,
      postalCode: person.postalCode,
      city: person.city,
      province: person.province === '' ? null : person.province,
      country: person.country,
    },
    email: person.email,
    pec: person.pec,
    service,
    competenceYear,
    causale,
    amountCents,
    dueDate,
    capitolo: null,
    externalReference: null,
  }
}
