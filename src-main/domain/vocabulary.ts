/**
 * The words on screen, in PDFs and in errors: one word for one thing (DESIGN.md, Names). States carry the tone that the
 * screen colours; icons belong to the renderer.
 */

export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'unc' | 'neu'

export interface StateWord {
  readonly word: string
  readonly tone: Tone
}

/** Every state that a list or a panel shows, by family and code. */
export const STATES = {
  accertamento: {
    outstanding: { word: 'Da riscuotere', tone: 'info' },
    partlyCollected: { word: 'Riscosso in parte', tone: 'info' },
    collected: { word: 'Riscosso', tone: 'ok' },
    cancelled: { word: 'Annullato', tone: 'neu' },
  },
  lifecycle: {
    draft: { word: 'Bozza', tone: 'neu' },
    issued: { word: 'Emessa', tone: 'info' },
    cancelled: { word: 'Annullata', tone: 'neu' },
  },
  payment: {
    unpaid: { word: 'Da riscuotere', tone: 'info' },
    expired: { word: 'Scaduta', tone: 'warn' },
    partiallyPaid: { word: 'Pagata in parte', tone: 'info' },
    paid: { word: 'Pagata', tone: 'ok' },
    collected: { word: 'Riscossa', tone: 'ok' },
    cancelled: { word: 'Annullata', tone: 'neu' },
  },
  position: {
    issued: { word: 'Da riscuotere', tone: 'info' },
    expired: { word: 'Scaduta', tone: 'warn' },
    partiallyPaid: { word: 'Pagata in parte', tone: 'info' },
    paid: { word: 'Pagata', tone: 'ok' },
    collected: { word: 'Riscossa', tone: 'ok' },
    cancelled: { word: 'Annullata', tone: 'neu' },
  },
  /** One payment of a position, as far as its money is known to have come. */
  installment: {
    unpaid: { word: 'Da pagare', tone: 'info' },
    expired: { word: 'Scaduta', tone: 'warn' },
    notDue: { word: 'Non dovuta', tone: 'neu' },
    paid: { word: 'Pagata', tone: 'ok' },
    reported: { word: 'Rendicontata', tone: 'ok' },
    credited: { word: 'Accreditata', tone: 'ok' },
    collected: { word: 'Riscossa', tone: 'ok' },
    paidOutside: { word: 'Pagata fuori', tone: 'ok' },
    surplus: { word: 'In più', tone: 'warn' },
  },
  /** What the node of pagoPA says of a position (pagopa.md §7.2). */
  node: {
    DRAFT: { word: 'Bozza', tone: 'neu' },
    PUBLISHED: { word: 'Pubblicata', tone: 'info' },
    VALID: { word: 'Pagabile', tone: 'ok' },
    EXPIRED: { word: 'Scaduta', tone: 'warn' },
    INVALID: { word: 'Non valida', tone: 'bad' },
    UNPAYABLE: { word: 'Non pagabile', tone: 'bad' },
    PARTIALLY_PAID: { word: 'Pagata in parte', tone: 'info' },
    PAID: { word: 'Pagata', tone: 'ok' },
    REPORTED: { word: 'Rendicontata', tone: 'ok' },
    /** Our word for a node that has none. */
    ABSENT: { word: 'Non c’è più', tone: 'bad' },
  },
  /** Whether the node knows what is here. */
  sync: {
    none: { word: 'Mai mandata', tone: 'neu' },
    toSync: { word: 'Da mandare', tone: 'info' },
    inFlight: { word: 'In partenza', tone: 'info' },
    synced: { word: 'Allineata', tone: 'ok' },
    failed: { word: 'Rifiutata', tone: 'bad' },
    diverged: { word: 'Diversa', tone: 'unc' },
  },
  /** `syncState` of a position that is the technological partner's. */
  partnerSync: {
    none: { word: 'Mai affidata', tone: 'neu' },
    toSync: { word: 'Da comunicare', tone: 'info' },
    inFlight: { word: 'In attesa dell’esito', tone: 'warn' },
    synced: { word: 'Presa dal partner', tone: 'ok' },
    failed: { word: 'Rifiutata dal partner', tone: 'bad' },
    diverged: { word: 'Diversa', tone: 'unc' },
  },
  /** What the partner said of a row of a file. */
  partnerOutcome: {
    waiting: { word: 'In attesa', tone: 'warn' },
    accepted: { word: 'Presa', tone: 'ok' },
    refused: { word: 'Rifiutata', tone: 'bad' },
    released: { word: 'Ripresa', tone: 'neu' },
  },
  /** A code of the collection services, on a day. */
  taxonomy: {
    valid: { word: 'In vigore', tone: 'ok' },
    future: { word: 'Non ancora', tone: 'warn' },
    expired: { word: 'Scaduto', tone: 'bad' },
    gone: { word: 'Tolto', tone: 'bad' },
    unknown: { word: 'Non trovato', tone: 'warn' },
    malformed: { word: 'Sbagliato', tone: 'bad' },
  },
  /** What a new file changes. */
  taxonomyChange: {
    new: { word: 'Nuovo', tone: 'info' },
    changed: { word: 'Cambiato', tone: 'warn' },
    expired: { word: 'Scaduto', tone: 'bad' },
    gone: { word: 'Tolto', tone: 'bad' },
  },
  /** An IBAN of ours, as the Back office knows it. */
  nodeIban: {
    active: { word: 'Attivo', tone: 'ok' },
    future: { word: 'Non ancora attivo', tone: 'warn' },
    off: { word: 'Non attivo', tone: 'bad' },
    unknown: { word: 'Non lo conosce', tone: 'warn' },
  },
  /** A link of Checkout, by the receipts of what it pays. */
  cart: {
    waiting: { word: 'In attesa della ricevuta', tone: 'info' },
    partlyPaid: { word: 'Pagato in parte', tone: 'info' },
    paid: { word: 'Pagato', tone: 'ok' },
    lapsed: { word: 'Non pagato', tone: 'neu' },
  },
  delivery: {
    queued: { word: 'In coda', tone: 'neu' },
    sending: { word: 'In partenza', tone: 'info' },
    sent: { word: 'Inviata', tone: 'ok' },
    accepted: { word: 'Accettata', tone: 'ok' },
    delivered: { word: 'Consegnata', tone: 'ok' },
    deferred: { word: 'Rimandata', tone: 'warn' },
    failed: { word: 'Non consegnata', tone: 'bad' },
    uncertain: { word: 'Esito incerto', tone: 'unc' },
    cancelled: { word: 'Annullata', tone: 'neu' },
    suppressed: { word: 'Esclusa', tone: 'neu' },
  },
  campaign: {
    running: { word: 'In corso', tone: 'info' },
    waiting: { word: 'In attesa', tone: 'info' },
    paused: { word: 'In pausa', tone: 'warn' },
    stopped: { word: 'Ferma', tone: 'bad' },
    finished: { word: 'Finita', tone: 'ok' },
    cancelled: { word: 'Annullata', tone: 'neu' },
  },
  /** A list made for an Albo. */
  alboList: {
    waiting: { word: 'Da mandare', tone: 'info' },
    sent: { word: 'Mandata', tone: 'ok' },
    failed: { word: 'Non partita', tone: 'bad' },
    accepted: { word: 'Accettata', tone: 'ok' },
    partlyAccepted: { word: 'Accettata in parte', tone: 'warn' },
    refused: { word: 'Rifiutata', tone: 'bad' },
  },
  registerImport: {
    reading: { word: 'In lettura', tone: 'info' },
    pending: { word: 'Da confermare', tone: 'warn' },
    confirmed: { word: 'Confermata', tone: 'ok' },
    discarded: { word: 'Lasciata', tone: 'neu' },
    undone: { word: 'Disfatta', tone: 'neu' },
  },
  importRow: {
    good: { word: 'Pronta', tone: 'ok' },
    warning: { word: 'Con avvertenze', tone: 'warn' },
    error: { word: 'Con errori', tone: 'bad' },
    already: { word: 'Già importata', tone: 'neu' },
  },
  exercise: {
    historical: { word: 'Storico', tone: 'neu' },
    open: { word: 'Aperto', tone: 'ok' },
    closed: { word: 'Chiuso', tone: 'neu' },
    approved: { word: 'Approvato', tone: 'neu' },
  },
  reversale: {
    ready: { word: 'Pronta', tone: 'neu' },
    issued: { word: 'Emessa', tone: 'ok' },
    transmitted: { word: 'Trasmessa', tone: 'ok' },
    annulled: { word: 'Annullata', tone: 'neu' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, StateWord>>>>

export type StateFamily = keyof typeof STATES

/** The word and tone of a state; a code that is not in the table is shown as it is, never hidden. */
export function stateWord(family: StateFamily, code: string): StateWord {
  return (STATES[family] as Readonly<Record<string, StateWord>>)[code] ?? { word: code, tone: 'neu' }
}

/** What a list for the Albo says of a quota. */
export const ALBO_WHAT = { paid: 'Pagata', partly: 'In parte', withdrawn: 'Ritirata' } as const

/** State of a delivery; what was made for the post has only been prepared, nobody knows whether it arrived. */
export function deliveryWord({ channel, state }: { readonly channel: string; readonly state: string }): StateWord {
  const known = stateWord('delivery', state)
  return channel === 'post' && state === 'delivered' ? { ...known, word: 'Preparata' } : known
}

/** How a notice goes, within a sentence: «12 avvisi per e-mail e in cartella». */
export const BY_CHANNEL = {
  email: 'per e-mail',
  pec: 'per PEC',
  folder: 'in cartella',
  server: 'su server',
  post: 'per posta',
  io: 'su App IO',
} as const

/** Names of the sections, as in the menu and in page titles. */
export const SECTIONS = {
  dashboard: 'Cruscotto',
  registerImport: 'Importa quote',
  accertamenti: 'Accertamenti',
  debtPositions: 'Posizioni debitorie',
  notices: 'Avvisi',
  deliveries: 'Consegne',
  reportingFlows: 'Rendicontazioni',
  bankStatements: 'Estratti conto',
  receipts: 'Ricevute',
  reconciliation: 'Riconciliazione',
  reversali: 'Reversali',
  people: 'Persone',
  registers: 'Registri',
  journal: 'Giornale',
  settings: 'Impostazioni',
  tariffs: 'Tariffe',
  quotas: 'Genera quote',
  lateFees: 'Mora',
  node: 'Nodo pagoPA',
} as const

export const ENVIRONMENTS = {
  rehearsal: { name: 'Prova', badge: 'Ambiente di prova', note: 'Niente è vero: il nodo è su questo computer.' },
  uat: { name: 'Collaudo', badge: 'Collaudo', note: 'Il nodo di prova di pagoPA: soldi finti.' },
  production: { name: 'Produzione', badge: null, note: 'Soldi veri: chi riceve un avviso paga davvero.' },
} as const

/** What the institution asks pagoPA a key for. */
export const NODE_PRODUCT_NAMES = {
  gpd: 'Posizioni e ricevute (GPD)',
  fdr: 'Flussi di rendicontazione (FdR)',
  checkout: 'Carrelli (Checkout)',
  backoffice: 'Back office',
} as const

/** What comes back from the node. */
export const NODE_READING_WORDS = { receipts: 'ricevute', flows: 'flussi di rendicontazione' } as const

/** What became of a payment that nobody here asked for. */
export const SPONTANEOUS_STATES = {
  toAssign: 'Da attribuire',
  raised: 'Da guardare',
  looked: 'Guardato',
  left: 'Lasciato',
} as const

/** Why it waits, or was left. */
export const SPONTANEOUS_WHY = {
  noType: 'Nessun tipo di dovuto «anche spontaneo» ha il suo codice di tassonomia.',
  manyTypes: 'Più tipi di dovuto hanno il suo codice di tassonomia: scegli quale.',
  otherSoftware: 'Lo IUV è di un altro software dell’ente.',
  noExercise: 'Non c’è un esercizio aperto in cui accertarlo.',
  owedAlready:
    'La persona deve già lo stesso tipo di quell’anno. Se paga quello, dai la sua riga del flusso a quell’accertamento; se è altro, «Attribuisci…».',
  undone: 'Era stato accertato ed è stato disfatto.',
  byHand: 'Se ne è già occupata una persona.',
} as const

export const NODE_SERVICE_NAMES = {
  gpd: 'Posizioni',
  massive: 'Carico massivo',
  receipts: 'Ricevute',
  fdr: 'Flussi',
  checkout: 'Checkout',
  backoffice: 'Back office',
} as const

/** What came of a call to the node. */
export const NODE_OUTCOMES = {
  ok: 'Riuscita',
  refused: 'Rifiutata',
  closed: 'Chiave o codice',
  temporary: 'Da riprovare',
  unknown: 'Esito ignoto',
} as const

export const CATEGORIES = {
  professionista: 'Professionista',
  stp: 'Società tra professionisti',
  praticante: 'Praticante',
  altro: 'Altro',
} as const

export const PERSON_KINDS = { F: 'Persona fisica', G: 'Società o ente' } as const

/** Fields of a person, as history and comparison name them. */
export const PERSON_FIELDS = {
  kind: 'Tipo',
  name: 'Nome',
  fiscalCode: 'Codice fiscale',
  vatNumber: 'Partita IVA',
  category: 'Categoria',
} as const

/** What a tipo di dovuto is for. */
export const SERVICE_KINDS = { quota: 'Quota', oneOff: 'Una tantum', mora: 'Mora' } as const

export const ACCOUNT_KINDS = {
  bank: 'Bancario',
  postal: 'Postale',
  treasury: 'Tesoreria',
  cash: 'Cassa',
} as const

export const CHANNELS = {
  email: 'E-mail',
  pec: 'PEC',
  folder: 'Cartella',
  server: 'Server di file',
  post: 'Posta',
  io: 'App IO',
} as const

export const CONTACT_KINDS = {
  email: 'E-mail',
  pec: 'PEC',
  address: 'Indirizzo',
  phone: 'Telefono',
  iban: 'IBAN per i rimborsi',
} as const

export const CAPITOLO_KINDS = { entrata: 'Entrata', partitaDiGiro: 'Partita di giro' } as const

/** Why a version of a position was written. */
export const POSITION_VERSIONS = {
  issue: 'Emessa',
  change: 'Modificata',
  added: 'Con dovuti in più',
  reactivation: 'Riattivata',
  reissue: 'Riemessa',
} as const

/** By which way money came that did not come through pagoPA. */
export const PAID_OUTSIDE = { cash: 'in contanti', pos: 'con il POS', bonifico: 'con un bonifico' } as const

/** Headings of columns and captions of fields. */
export const FIELDS = {
  accertamento: 'Accertamento',
  accertamentoShort: 'Accert.',
  debtor: 'Debitore',
  person: 'Nominativo',
  fiscalCode: 'Codice fiscale',
  category: 'Categoria',
  causale: 'Causale',
  serviceType: 'Tipo di dovuto',
  competenceYear: 'Anno',
  dueDate: 'Scadenza',
  noticeNumber: 'Numero avviso',
  capitolo: 'Capitolo',
  capitoloShort: 'Cap.',
  origin: 'Provenienza',
  competenza: 'Competenza',
  residui: 'Residui',
  notice: 'Avviso',
  state: 'Stato',
  amount: 'Importo',
  assessed: 'Accertato',
  collected: 'Riscosso',
  outstanding: 'Da riscuotere',
  albo: 'Albo n.',
  email: 'E-mail',
  pec: 'PEC',
  city: 'Comune',
} as const

/** Titles of the work table where a counterpart is proposed; without one the title is the label's own. */
export const BOARD_REASONS = {
  toConfirm: { word: 'Proposta da confermare', tone: 'info' },
  severalFlows: { word: 'Due flussi possibili', tone: 'unc' },
  weak: { word: 'Proposta debole', tone: 'info' },
  outside: { word: 'Bonifico fuori pagoPA', tone: 'info' },
  ruled: { word: 'Come le altre volte', tone: 'info' },
} as const satisfies Readonly<Record<string, StateWord>>

/** Names of the statement layouts; one without a name here is shown by its code. */
export const STATEMENT_PROFILES: Readonly<Record<string, string>> = {
  bancoposta: 'BancoPosta',
  'bancoposta-precedente': 'BancoPosta, forma precedente',
  'bancoposta-tesoreria': 'BancoPosta, tesoreria',
  'banca-del-piemonte': 'Banca del Piemonte',
  'bcc-dare-avere': 'BCC, dare e avere',
  'bcc-relaxbanking': 'BCC RelaxBanking',
  bper: 'BPER',
  'bper-causale-abi': 'BPER con causale ABI',
  'bpm-youbusiness': 'Banco BPM YouBusiness',
  'credit-agricole': 'Crédit Agricole',
  fineco: 'Fineco',
  'fineco-operazione-valuta': 'Fineco, operazione e valuta',
  ing: 'ING',
  'intesa-lista-movimenti': 'Intesa Sanpaolo, lista movimenti',
  'intesa-privati': 'Intesa Sanpaolo, privati',
  'popolare-sondrio': 'Popolare di Sondrio',
  'raiffeisen-sparkasse': 'Raiffeisen e Sparkasse',
  'raiffeisen-sparkasse-de': 'Raiffeisen e Sparkasse, in tedesco',
  'tesoriere-completo': 'Tesoriere, elenco completo',
  'tesoriere-provvisori': 'Tesoriere, provvisori di entrata',
  unicredit: 'UniCredit',
  'unicredit-due-righe': 'UniCredit, due righe',
  'unicredit-tesoreria': 'UniCredit tesoreria',
  'cbi-rh': 'Rendicontazione CBI',
  camt053: 'camt.053',
  mt940: 'MT940',
  'opi-giornale-di-cassa': 'Giornale di cassa OPI',
  xml: 'Estratto conto in XML',
  mapping: 'Colonne scelte',
  proposta: 'Colonne proposte',
}
