import type { StatementProfile } from './profile.ts'

/**
 * The list «ElencoEntrateUsciteAndamento» has the very same headings and no sign at all: it is refused like every
 * column of amounts without one.
 */
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
    account: { text: ['Banca', 'Rapporto'] },
    dateFormat: 'dmy',
  },
]
