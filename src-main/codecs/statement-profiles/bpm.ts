import type { StatementProfile } from './profile.ts'

export const bpm: readonly StatementProfile[] = [
  {
    name: 'bpm-youbusiness',
    bank: 'Banco BPM, YouBusiness',
    headings: [
      'Ragione Sociale',
      'Data contabile',
      'Data valuta',
      'Banca',
      'Rapporto',
      'Importo',
      'Divisa',
      'Descrizione',
    ],
    booking: 'Data contabile',
    value: 'Data valuta',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Descrizione'],
    dateFormat: 'dmy',
  },
]
