import type { StatementProfile } from './profile.ts'

/** The treasurer's lists of «provvisori di entrata»: credits only, by their nature. */
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
    details: { counterparty: ['ANAGRAFICA CLIENTE'] },
    provvisorio: 'N.PROVV.',
    dateFormat: 'ymd',
  },
  {
    name: 'tesoriere-completo',
    bank: 'Tesoriere, elenco completo',
    headings: ['annoBolletta', 'codBolletta', 'causale', 'importoCentesimi', 'dataBolletta'],
    booking: 'dataBolletta',
    value: 'dataValutaRegione',
    amount: { kind: 'creditsOnly', column: 'importoCentesimi' },
    amountUnit: 'cents',
    description: ['pspCognome', 'pspNome', 'causale', 'iuf', 'iuv'],
    reference: 'endToEndId',
    details: { counterparty: ['pspCognome', 'pspNome'], endToEndId: 'endToEndId' },
    provvisorio: 'codBolletta',
    account: { iban: 'codIban', coordinates: ['codAbi', 'codCab', 'codConto'] },
    dateFormat: 'ymd',
  },
]
