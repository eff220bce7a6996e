import type { StatementProfile } from './profile.ts'

/**
 * Casse Raiffeisen and Sparkasse, in both languages of the province. Of their lists only the description is public (two
 * lines, lower case: `… data regolamento: … note: …`, `… wertstellung: … beschreibung: …`); the headings are those whose
 * words leave no doubt, and any others go to the page on which a person chooses the columns.
 */
export const raiffeisen: readonly StatementProfile[] = [
  {
    name: 'raiffeisen-sparkasse',
    bank: 'Raiffeisen, Sparkasse',
    headings: ['Data contabile', 'Data valuta', 'Descrizione', 'Importo'],
    booking: 'Data contabile',
    value: 'Data valuta',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Descrizione'],
    descriptionRows: 'until-next-date',
    dateFormat: 'dmy',
  },
  {
    name: 'raiffeisen-sparkasse-de',
    bank: 'Raiffeisen, Sparkasse (deutsch)',
    headings: ['Buchungsdatum', 'Wertstellung', 'Beschreibung', 'Betrag'],
    booking: 'Buchungsdatum',
    value: 'Wertstellung',
    amount: { kind: 'signed', column: 'Betrag' },
    description: ['Beschreibung'],
    descriptionRows: 'until-next-date',
    dateFormat: 'dmy',
  },
]
