import type { StatementProfile } from './profile.ts'

export const creditAgricole: readonly StatementProfile[] = [
  {
    name: 'credit-agricole',
    bank: 'Crédit Agricole Italia',
    headings: ['Data Op.', 'Data Val.', 'Causale', 'Descrizione', 'Importo', 'Div.'],
    booking: 'Data Op.',
    value: 'Data Val.',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Causale', 'Descrizione'],
    dateFormat: 'dmy',
  },
]
