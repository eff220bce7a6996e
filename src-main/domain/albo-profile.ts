import { ALBO_WHAT } from './vocabulary.ts'

export const ALBO_PROFILES = ['neutro', 'albo-isi', 'ordinep', 'albo-unico-opi', 'sferabit'] as const
export type AlboProfileId = (typeof ALBO_PROFILES)[number]

/** What a column of a list for an Albo can hold. */
export type AlboField =
  | 'what'
  | 'externalReference'
  | 'alboNumber'
  | 'personName'
  | 'fiscalCode'
  | 'category'
  | 'number'
  | 'service'
  | 'competenceYear'
  | 'causale'
  | 'date'
  | 'cents'
  | 'dueCents'
  | 'collectedCents'

export type AlboWhat = keyof typeof ALBO_WHAT

/** How what was collected goes back to one Albo program, and how that answers. */
export interface AlboProfile {
  readonly id: AlboProfileId
  readonly name: string
  /** Never seen on a true file: none of these programs publishes what it takes (see `docs/decisions.md`). */
  readonly assumption: boolean
  readonly file: 'xlsx' | 'csv'
  readonly separator: ';' | ',' | '\t'
  /** `comma` «1.234,56» · `point` «1234.56» · `cents` «123456». Numbers in a workbook stay numbers. */
  readonly amountForm: 'comma' | 'point' | 'cents'
  readonly dateForm: 'dmy' | 'ymd'
  /** Without extension; `{data}` is the day as `20260312`, `{numero}` the number of the list. */
  readonly fileName: string
  readonly columns: readonly { readonly field: AlboField; readonly heading: string }[]
  readonly words: Readonly<Record<AlboWhat, string>>
  /** Headings of the file that the Albo gives back; `key` says by what its rows are known. */
  readonly reply: {
    readonly key: 'externalReference' | 'fiscalCode'
    readonly keyHeading: string
    readonly yearHeading: string | null
    readonly outcomeHeading: string
    readonly reasonHeading: string
    /** Words of either meaning; any other one is told and answers nothing. */
    readonly accepted: readonly string[]
    readonly refused: readonly string[]
  }
}

const REPLY = {
  outcomeHeading: 'Esito',
  reasonHeading: 'Motivo',
  accepted: ['OK', 'S', 'SI', 'ACQUISITO', 'ACQUISITA', 'ACCETTATO', 'ACCETTATA'],
  refused: ['KO', 'N', 'NO', 'SCARTATO', 'SCARTATA', 'RIFIUTATO', 'RIFIUTATA', 'ERRORE'],
}

/** Everything that there is, under our own words. */
const NEUTRAL: AlboProfile = {
  id: 'neutro',
  name: 'Neutro (tutte le colonne)',
  assumption: false,
  file: 'xlsx',
  separator: ';',
  amountForm: 'comma',
  dateForm: 'dmy',
  fileName: 'incassi-{data}-{numero}',
  columns: [
    { field: 'externalReference', heading: 'Riferimento esterno' },
    { field: 'alboNumber', heading: 'Numero d’albo' },
    { field: 'fiscalCode', heading: 'Codice fiscale' },
    { field: 'personName', heading: 'Cognome e nome o denominazione' },
    { field: 'category', heading: 'Categoria' },
    { field: 'service', heading: 'Tipo di dovuto' },
    { field: 'competenceYear', heading: 'Anno di competenza' },
    { field: 'causale', heading: 'Causale' },
    { field: 'number', heading: 'Accertamento' },
    { field: 'what', heading: 'Stato' },
    { field: 'date', heading: 'Data' },
    { field: 'cents', heading: 'Importo' },
    { field: 'dueCents', heading: 'Dovuto' },
    { field: 'collectedCents', heading: 'Incassato in tutto' },
  ],
  words: ALBO_WHAT,
  reply: { ...REPLY, key: 'externalReference', keyHeading: 'Riferimento esterno', yearHeading: null },
}

/** Plausible layouts of programs that give theirs to customers only: each is to be confirmed on a true file. */
const ASSUMED: readonly AlboProfile[] = [
  {
    ...NEUTRAL,
    id: 'albo-isi',
    name: 'Albo ISI',
    assumption: true,
    file: 'csv',
    fileName: 'INCASSI_{data}_{numero}',
    columns: [
      { field: 'externalReference', heading: 'ID_QUOTA' },
      { field: 'alboNumber', heading: 'NUM_ISCRIZIONE' },
      { field: 'fiscalCode', heading: 'CODICE_FISCALE' },
      { field: 'competenceYear', heading: 'ANNO' },
      { field: 'what', heading: 'PAGATO' },
      { field: 'date', heading: 'DATA_PAGAMENTO' },
      { field: 'cents', heading: 'IMPORTO' },
    ],
    words: { paid: 'S', partly: 'P', withdrawn: 'N' },
    reply: {
      ...REPLY,
      key: 'externalReference',
      keyHeading: 'ID_QUOTA',
      yearHeading: null,
      outcomeHeading: 'ESITO',
      reasonHeading: 'MOTIVO',
    },
  },
  {
    ...NEUTRAL,
    id: 'ordinep',
    name: 'OrdineP',
    assumption: true,
    columns: [
      { field: 'alboNumber', heading: 'Matricola' },
      { field: 'personName', heading: 'Cognome e Nome' },
      { field: 'fiscalCode', heading: 'Cod. Fisc.' },
      { field: 'competenceYear', heading: 'Anno quota' },
      { field: 'cents', heading: 'Importo pagato' },
      { field: 'date', heading: 'Data pagamento' },
      { field: 'what', heading: 'Esito pagamento' },
    ],
    words: { paid: 'PAGATO', partly: 'PARZIALE', withdrawn: 'STORNATO' },
    reply: { ...REPLY, key: 'fiscalCode', keyHeading: 'Cod. Fisc.', yearHeading: 'Anno quota' },
  },
  {
    ...NEUTRAL,
    id: 'albo-unico-opi',
    name: 'Albo Unico OPI',
    assumption: true,
    file: 'csv',
    amountForm: 'point',
    dateForm: 'ymd',
    fileName: 'pagamenti_{data}_{numero}',
    columns: [
      { field: 'fiscalCode', heading: 'Codice Fiscale' },
      { field: 'alboNumber', heading: 'N. Iscrizione' },
      { field: 'competenceYear', heading: 'Anno Tassa' },
      { field: 'cents', heading: 'Importo Versato' },
      { field: 'date', heading: 'Data Versamento' },
      { field: 'what', heading: 'Stato' },
    ],
    words: { paid: 'PAGATA', partly: 'PARZIALE', withdrawn: 'ANNULLATA' },
    reply: { ...REPLY, key: 'fiscalCode', keyHeading: 'Codice Fiscale', yearHeading: 'Anno Tassa' },
  },
  {
    ...NEUTRAL,
    id: 'sferabit',
    name: 'Sferabit',
    assumption: true,
    file: 'csv',
    separator: '\t',
    amountForm: 'cents',
    dateForm: 'ymd',
    fileName: 'RitornoIncassi_{data}_{numero}',
    columns: [
      { field: 'externalReference', heading: 'IdAnagrafica' },
      { field: 'fiscalCode', heading: 'CodiceFiscale' },
      { field: 'competenceYear', heading: 'AnnoCompetenza' },
      { field: 'causale', heading: 'DescrizioneQuota' },
      { field: 'cents', heading: 'ImportoCent' },
      { field: 'date', heading: 'DataPagamento' },
      { field: 'what', heading: 'StatoPagamento' },
    ],
    words: { paid: '1', partly: '2', withdrawn: '0' },
    reply: { ...REPLY, key: 'fiscalCode', keyHeading: 'CodiceFiscale', yearHeading: 'AnnoCompetenza' },
  },
]

const PROFILES: readonly AlboProfile[] = [NEUTRAL, ...ASSUMED]

export function alboProfile(id: AlboProfileId): AlboProfile {
  return PROFILES.find((profile) => profile.id === id) ?? NEUTRAL
}

/** Name of the file of a list, with its extension. @param day `2026-03-12` @param list its number */
export function alboFileName(profile: AlboProfile, day: string, list: number): string {
  const name = profile.fileName.replace('{data}', day.replaceAll('-', '')).replace('{numero}', String(list))
  return `${name}.${profile.file}`
}
