import type { StatementProfile } from './profile.ts'

/**
 * Casse Raiffeisen and Sparkasse, in both languages of the province. Of their lists only the description is public (two
 * lines, lower case: `… data regolamento: … note: …`, `… wertstellung: … beschreibung: …`), so it is what they are known
 * by, under headings whose words leave no doubt. Any others go to the page on which a person chooses the columns.
 */
const content = /\b(?:data regolamento|wertstellung|val\. accredito): ?\d|\bid\.operazione:/

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
    content,
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
    content,
  },
]
