import type { StatementProfile } from './profile.ts'

export const bper: readonly StatementProfile[] = [
  {
    name: 'bper',
    bank: 'BPER',
    headings: ['Data operazione', 'Data valuta', 'Descrizione', 'Entrate', 'Uscite', 'Categoria', 'Stato'],
    booking: 'Data operazione',
    value: 'Data valuta',
    amount: { kind: 'debitCredit', debit: 'Uscite', credit: 'Entrate' },
    description: ['Descrizione'],
    dateFormat: 'd-month-y',
    pending: { column: 'Stato', test: /non contabilizzat|autorizzat|in attesa|sospes/i },
  },
  {
    name: 'bper-causale-abi',
    bank: 'BPER, con causale ABI',
    headings: ['Data contabile', 'Data valuta', 'Causale ABI', 'Descrizione', 'Importo', 'Divisa'],
    booking: 'Data contabile',
    value: 'Data valuta',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Descrizione'],
    details: { transactionCode: 'Causale ABI' },
    dateFormat: 'dmy',
  },
]
