import type { StatementProfile } from './profile.ts'

export const bancoposta: readonly StatementProfile[] = [
  {
    name: 'bancoposta',
    bank: 'BancoPosta',
    headings: ['Data Contabile', 'Data Valuta', 'Addebiti (euro)', 'Accrediti (euro)', 'Descrizione operazioni'],
    booking: 'Data Contabile',
    value: 'Data Valuta',
    amount: { kind: 'debitCredit', debit: 'Addebiti (euro)', credit: 'Accrediti (euro)' },
    description: ['Descrizione operazioni'],
    dateFormat: 'dmy',
    // The list shows what is on its way too: with its value date, and booked on no day yet.
    pending: { column: 'Data Contabile', test: /^\s*$/ },
  },
  {
    name: 'bancoposta-precedente',
    bank: 'BancoPosta, formato precedente',
    headings: ['Data', 'Valuta', 'Addebiti', 'Accrediti', 'Descrizione operazioni'],
    booking: 'Data',
    value: 'Valuta',
    amount: { kind: 'debitCredit', debit: 'Addebiti', credit: 'Accrediti' },
    description: ['Descrizione operazioni'],
    dateFormat: 'dmy',
  },
]
