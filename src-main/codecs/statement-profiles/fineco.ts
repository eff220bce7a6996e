import type { StatementProfile } from './profile.ts'

const pending = { column: 'Stato', test: /^autorizzato/i }

export const fineco: readonly StatementProfile[] = [
  {
    name: 'fineco',
    bank: 'Fineco',
    headings: ['Data', 'Entrate', 'Uscite', 'Descrizione', 'Descrizione Completa', 'Stato'],
    booking: 'Data',
    value: null,
    amount: { kind: 'debitCredit', debit: 'Uscite', credit: 'Entrate' },
    description: ['Descrizione', 'Descrizione Completa'],
    dateFormat: 'dmy',
    pending,
  },
  {
    name: 'fineco-operazione-valuta',
    bank: 'Fineco, con data valuta',
    headings: ['Data Operazione', 'Data Valuta', 'Entrate', 'Uscite', 'Descrizione', 'Descrizione Completa'],
    booking: 'Data Operazione',
    value: 'Data Valuta',
    amount: { kind: 'debitCredit', debit: 'Uscite', credit: 'Entrate' },
    description: ['Descrizione', 'Descrizione Completa'],
    dateFormat: 'dmy',
    pending,
  },
]
