import type { StatementProfile } from './profile.ts'

export const sondrio: readonly StatementProfile[] = [
  {
    name: 'popolare-sondrio',
    bank: 'Banca Popolare di Sondrio',
    headings: ['Data', 'Valuta', 'Causale', 'Descrizione', 'Importo', 'Divisa'],
    booking: 'Data',
    value: 'Valuta',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Causale', 'Descrizione'],
    dateFormat: 'dmy',
  },
]
