/** What the readers of flows know of a field: the words for problems and the longest text (pagopa.md §4.1). */
export interface FlowField {
  /** Path below `FlussoRiversamento`, or below its row. */
  readonly xml: string
  /** Path in the flow, or in the payment, of the REST service (pagopa.md §4.4); null where it has none. */
  readonly json: string | null
  readonly label: string
  readonly max: number
  readonly optional: boolean
}

export const FLOW_ROW = 'datiSingoliPagamenti'

const SENDER = 'istitutoMittente/identificativoUnivocoMittente'
const RECEIVER = 'istitutoRicevente/identificativoUnivocoRicevente'

function field(xml: string, json: string | null, label: string, max: number, optional = false): FlowField {
  return { xml, json, label, max, optional }
}

/** In the order of the schema. */
export const HEAD_FIELDS = {
  version: field('versioneOggetto', null, 'la versione (versioneOggetto)', 16),
  flowId: field('identificativoFlusso', 'fdr', 'l’identificativo del flusso (identificativoFlusso)', 35),
  dateTime: field('dataOraFlusso', 'fdrDate', 'la data e ora del flusso (dataOraFlusso)', 40),
  regulationId: field(
    'identificativoUnivocoRegolamento',
    'regulation',
    'il TRN (identificativoUnivocoRegolamento)',
    35,
  ),
  regulationDate: field('dataRegolamento', 'regulationDate', 'la data di regolamento (dataRegolamento)', 40),
  senderType: field(
    `${SENDER}/tipoIdentificativoUnivoco`,
    'sender.type',
    'il tipo del mittente (tipoIdentificativoUnivoco)',
    1,
  ),
  senderId: field(
    `${SENDER}/codiceIdentificativoUnivoco`,
    'sender.id',
    'il codice del mittente (codiceIdentificativoUnivoco)',
    35,
  ),
  senderName: field('istitutoMittente/denominazioneMittente', 'sender.pspName', 'il nome del mittente', 70, true),
  bic: field('codiceBicBancaDiRiversamento', 'bicCodePouringBank', 'il BIC (codiceBicBancaDiRiversamento)', 35, true),
  receiverType: field(`${RECEIVER}/tipoIdentificativoUnivoco`, null, 'il tipo del ricevente', 1, true),
  receiver: field(
    `${RECEIVER}/codiceIdentificativoUnivoco`,
    'receiver.organizationId',
    'il codice fiscale del ricevente',
    35,
  ),
  receiverName: field(
    'istitutoRicevente/denominazioneRicevente',
    'receiver.organizationName',
    'il nome del ricevente',
    140,
    true,
  ),
  count: field('numeroTotalePagamenti', 'totPayments', 'il numero dei pagamenti (numeroTotalePagamenti)', 18),
  total: field('importoTotalePagamenti', 'sumPayments', 'l’importo totale (importoTotalePagamenti)', 18),
} as const

export type HeadKey = keyof typeof HEAD_FIELDS
export const HEAD_KEYS = Object.keys(HEAD_FIELDS) as readonly HeadKey[]

/** In the order of the schema; the places below are indexes into it, and into the texts of a row. */
export const ROW_FIELDS: readonly FlowField[] = [
  field('identificativoUnivocoVersamento', 'iuv', 'lo IUV (identificativoUnivocoVersamento)', 35),
  field('identificativoUnivocoRiscossione', 'iur', 'lo IUR (identificativoUnivocoRiscossione)', 35),
  field('indiceDatiSingoloPagamento', 'idTransfer', 'l’indice (indiceDatiSingoloPagamento)', 1, true),
  field('singoloImportoPagato', 'pay', 'l’importo (singoloImportoPagato)', 18),
  field('codiceEsitoSingoloPagamento', 'payStatus', 'l’esito (codiceEsitoSingoloPagamento)', 30),
  field('dataEsitoSingoloPagamento', 'payDate', 'la data dell’esito (dataEsitoSingoloPagamento)', 40),
]
export const IUV = 0
export const IUR = 1
export const INDEX = 2
export const AMOUNT = 3
export const OUTCOME = 4
export const DATE = 5
