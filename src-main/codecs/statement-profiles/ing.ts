import type { StatementProfile } from './profile.ts'

export const ing: readonly StatementProfile[] = [
  {
    name: 'ing',
    bank: 'ING',
    headings: ['DATA CONTABILE', 'DATA VALUTA', 'USCITE', 'ENTRATE', 'CAUSALE', 'DESCRIZIONE OPERAZIONE'],
    booking: 'DATA CONTABILE',
    value: 'DATA VALUTA',
    amount: { kind: 'debitCredit', debit: 'USCITE', credit: 'ENTRATE' },
    description: ['CAUSALE', 'DESCRIZIONE OPERAZIONE'],
    dateFormat: 'dmy',
  },
]
