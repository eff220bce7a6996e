import type { StatementProfile } from './profile.ts'

export const piemonte: readonly StatementProfile[] = [
  {
    name: 'banca-del-piemonte',
    bank: 'Banca del Piemonte',
    headings: ['Data contabile', 'Data Valuta', 'Dare', 'Avere', 'Divisa', 'Causale', 'Descrizione'],
    booking: 'Data contabile',
    value: 'Data Valuta',
    amount: { kind: 'debitCredit', debit: 'Dare', credit: 'Avere' },
    description: ['Causale', 'Descrizione'],
    dateFormat: 'dmy',
  },
]
