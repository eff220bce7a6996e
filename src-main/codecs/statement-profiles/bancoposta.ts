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
