import type { StatementProfile } from './profile.ts'

export const bcc: readonly StatementProfile[] = [
  {
    name: 'bcc-relaxbanking',
    bank: 'BCC, RelaxBanking',
    headings: ['Data contabile', 'Data valuta', 'Importo', 'Descrizione', 'Note'],
    booking: 'Data contabile',
    value: 'Data valuta',
    amount: { kind: 'signed', column: 'Importo' },
    description: ['Descrizione', 'Note'],
    dateFormat: 'dmy',
  },
  {
    name: 'bcc-dare-avere',
    bank: 'BCC, dare e avere',
    headings: ['DATA', 'VALUTA', 'DARE', 'AVERE', 'DIVISA', 'DESCRIZIONE_OPERAZIONE', 'CAUSALE_ABI'],
    booking: 'DATA',
    value: 'VALUTA',
    amount: { kind: 'debitCredit', debit: 'DARE', credit: 'AVERE' },
    description: ['DESCRIZIONE_OPERAZIONE'],
    details: { transactionCode: 'CAUSALE_ABI' },
    dateFormat: 'dmy',
    pending: { column: 'VALUTA', test: /prenotat/i },
  },
]
