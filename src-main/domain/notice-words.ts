/**
 * The fixed words of the payment notice, in one place. Source: pagoPA's official sample notices of the print service
 * (models of 2024) and the guide «Guida agli avvisi di pagamento», which oblige every creditor to them. `{n}`, `{date}`
 * and `{online}` are filled in; `*…*` is bold.
 */
export const NOTICE_WORDS = {
  title: 'AVVISO DI PAGAMENTO',
  creditor: 'ENTE CREDITORE',
  debtor: 'DESTINATARIO',
  howMuchAndWhen: 'QUANTO E QUANDO PAGARE?',
  howMuch: 'QUANTO PAGARE?',
  where: 'DOVE PAGARE?',
  goTo: 'vai su',
  amount: 'Importo',
  by: 'entro il',
  currency: 'Euro',
  inInstallmentsToo: 'Puoi pagare per intero oppure in {n} rate',
  inInstallmentsOnly: 'Importi e scadenze sono riportati nel dettaglio di ogni singola rata',
  variation:
    'In fase di pagamento, se previsto dall’ente, l’importo potrebbe essere aggiornato automaticamente e subire variazioni in diminuzione (per sgravi, note di credito) o in aumento (per sanzioni, interessi, ecc.).',
  appTitle: 'PAGA CON L’APP IO',
  appText: 'oppure {online}dal tuo Home Banking, con la tua app di pagamento o con gli altri canali abilitati.',
  onlineSite: 'sul sito dell’ente, ',
  onlineApp: 'sull’app dell’ente, ',
  onlineBoth: 'sul sito o app dell’ente, ',
  placesTitle: 'PAGA SUL TERRITORIO',
  placesText:
    'presso Banche e Sportelli ATM, negli Uffici Postali e Punti Postali, nei Bar, Edicole, Ricevitorie, Supermercati, Tabaccherie e altri Esercenti Convenzionati.',
  data: 'DATI PER IL PAGAMENTO',
  single: 'Rata unica',
  singleBy: 'Rata unica entro il {date}',
  scanBeside: 'Inquadra il *codice QR* con la tua app di pagamento o usa i dati accanto.',
  scanAbove: 'Inquadra il *codice QR* con la tua app di pagamento o usa i dati sopra',
  scanAboveShort: 'Inquadra il *codice QR* con la tua app o usa i dati sopra',
  debtorLabel: 'Destinatario',
  creditorLabel: 'Ente creditore',
  subjectLabel: 'Oggetto del pagamento',
  cbill: 'Cod. CBILL',
  noticeNumber: 'Cod. Avviso',
  creditorCode: 'Cod. Fiscale Ente',
  installment: 'Rata {n}',
  installmentBy: 'Entro il',
  slipTitle: 'BOLLETTINO POSTALE PA',
  slipSingleBy: 'Rata unica entro {date}',
  slipInstallmentBy: 'Rata {n} entro {date}',
  slipAccount: 'sul C/C n.',
  slipHolder: 'Intestato a',
  slipDebtor: 'Destinatario',
  slipSubject: 'Oggetto pagamento',
  slipType: 'Tipo',
  slipCreditorCode: 'Cod. Fiscale Ente Creditore',
  slipPayable:
    'Bollettino Postale pagabile in tutti gli Uffici Postali e sui canali fisici o digitali abilitati di Poste Italiane e dell’Ente Creditore',
} as const

export type NoticeWordKey = keyof typeof NOTICE_WORDS

/** The same words in one language, with what the institution replaced. */
export type NoticeWords = Readonly<Record<NoticeWordKey, string>>

/** Never translated. */
export const NOTICE_SITE = 'pagopa.gov.it'

/** Languages that may stand beside Italian, as BCP 47 tags of the PDF's elements. */
export const SECOND_LANGUAGES = ['de', 'sl', 'fr', 'en'] as const
export type SecondLanguage = (typeof SECOND_LANGUAGES)[number]

export const LANGUAGE_NAMES: Readonly<Record<SecondLanguage, string>> = {
  de: 'tedesco',
  sl: 'sloveno',
  fr: 'francese',
  en: 'inglese',
}
