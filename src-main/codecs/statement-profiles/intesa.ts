import type { StatementProfile } from './profile.ts'

export const intesa: readonly StatementProfile[] = [
  {
    name: 'intesa-lista-movimenti',
    bank: 'Intesa Sanpaolo, lista movimenti',
    headings: ['Data contabile', 'Data valuta', 'Descrizione', 'Accrediti', 'Addebiti', 'Descrizione estesa'],
    booking: 'Data contabile',
    value: 'Data valuta',
    amount: { kind: 'debitCredit', debit: 'Addebiti', credit: 'Accrediti' },
    description: ['Descrizione', 'Descrizione estesa'],
    dateFormat: 'dmy',
  },
  {
    name: 'intesa-privati',
    bank: 'Intesa Sanpaolo, privati',
    headings: ['Data', 'Operazione', 'Dettagli', 'Conto o carta', 'Contabilizzazione', 'Valuta', 'Importo'],
    booking: 'Data',
    value: null,
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Operazione', 'Dettagli'],
    dateFormat: 'dmy',
    pending: { column: 'Contabilizzazione', test: /non contabilizzato/i },
  },
]
