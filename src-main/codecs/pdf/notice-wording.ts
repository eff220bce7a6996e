/**
 * The fixed words of the payment notice, in one place. Source: pagoPA's official sample notices of the print service
 * (single payment, model of 2024) and the guide «Guida agli avvisi di pagamento», which oblige every creditor to them.
 */
export const NOTICE_WORDING = {
  title: 'AVVISO DI PAGAMENTO',
  creditor: 'ENTE CREDITORE',
  debtor: 'DESTINATARIO',
  howMuchAndWhen: 'QUANTO E QUANDO PAGARE?',
  howMuch: 'QUANTO PAGARE?',
  where: 'DOVE PAGARE?',
  goTo: 'vai su',
  site: 'pagopa.gov.it',
  amount: 'Importo',
  by: 'entro il',
  currency: 'Euro',
  variation:
    'In fase di pagamento, se previsto dall’ente, l’importo potrebbe essere aggiornato automaticamente e subire variazioni in diminuzione (per sgravi, note di credito) o in aumento (per sanzioni, interessi, ecc.).',
  appTitle: 'PAGA CON L’APP IO',
  appText: (online: 'site' | 'app' | 'both' | null): string =>
    `oppure ${ONLINE[online ?? 'none']}dal tuo Home Banking, con la tua app di pagamento o con gli altri canali abilitati.`,
  placesTitle: 'PAGA SUL TERRITORIO',
  placesText:
    'presso Banche e Sportelli ATM, negli Uffici Postali e Punti Postali, nei Bar, Edicole, Ricevitorie, Supermercati, Tabaccherie e altri Esercenti Convenzionati.',
  data: 'DATI PER IL PAGAMENTO',
  singleBy: (date: string): string => `Rata unica entro il ${date}`,
  single: 'Rata unica',
  scan: ['Inquadra il ', 'codice QR', ' con la tua app ', 'di pagamento o usa i dati accanto.'],
  debtorLabel: 'Destinatario',
  creditorLabel: 'Ente creditore',
  subjectLabel: 'Oggetto del pagamento',
  cbill: 'Cod. CBILL',
  noticeNumber: 'Cod. Avviso',
  creditorCode: 'Cod. Fiscale Ente',
} as const

const ONLINE = {
  site: 'sul sito dell’ente, ',
  app: 'sull’app dell’ente, ',
  both: 'sul sito o app dell’ente, ',
  none: '',
} as const
