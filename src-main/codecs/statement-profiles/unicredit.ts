import type { StatementProfile } from './profile.ts'

export const unicredit: readonly StatementProfile[] = [
  {
    name: 'unicredit',
    bank: 'UniCredit',
    headings: ['Data Registrazione', 'Data valuta', 'Descrizione', 'Importo (EUR)'],
    booking: 'Data Registrazione',
    value: 'Data valuta',
    amount: { kind: 'signed', column: 'Importo (EUR)' },
    description: ['Descrizione'],
    dateFormat: 'dmy',
  },
  {
    name: 'unicredit-due-righe',
    bank: 'UniCredit, intestazione su due righe',
    headings: ['Data Operaz.', 'Valuta', 'Descrizione', 'EUR', 'Caus.'],
    headerLines: 2,
    booking: 'Data Operaz.',
    value: 'Valuta',
    amount: { kind: 'signed', column: 'EUR' },
    description: ['Descrizione'],
    dateFormat: 'dmy',
  },
  {
    name: 'unicredit-tesoreria',
    bank: 'UniCredit, tesoreria',
    headings: ['DATA CONTABILE', 'DATA VALUTA', 'IMPORTO', 'SEGNO', 'CAUSALE', 'DESCRIZIONE', 'DESCRIZIONE ESTESA'],
    booking: 'DATA CONTABILE',
    value: 'DATA VALUTA',
    amount: {
      kind: 'signColumn',
      column: 'IMPORTO',
      sign: 'SEGNO',
      debitTexts: ['-', 'D'],
      creditTexts: ['+', 'C', 'A'],
    },
    description: ['DESCRIZIONE ESTESA'],
    account: { coordinates: ['ABI', 'CAB', 'CONTO'] },
    reference: 'RIF. BANCA',
    dateFormat: 'dmy',
  },
]
