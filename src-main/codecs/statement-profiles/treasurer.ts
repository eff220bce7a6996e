import type { StatementProfile } from './profile.ts'

/** The treasurer's list of «provvisori di entrata»: credits only, by its nature. */
export const treasurer: readonly StatementProfile[] = [
  {
    name: 'tesoriere-provvisori',
    bank: 'Tesoriere, elenco dei provvisori',
    headings: [
      'ESERCIZIO',
      'N.PROVV.',
      'DATA ESEC.',
      'ANAGRAFICA CLIENTE',
      'DESCRIZIONE CAUSALE',
      'IMPORTO PROVVISORIO',
    ],
    booking: 'DATA ESEC.',
    value: 'VALUTA ENTE',
    amount: { kind: 'creditsOnly', column: 'IMPORTO PROVVISORIO' },
    description: ['DESCRIZIONE CAUSALE', 'ANAGRAFICA CLIENTE'],
    reference: 'N.PROVV.',
    dateFormat: 'ymd',
  },
]
