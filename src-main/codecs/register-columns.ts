import type { PersonCategory } from '#domain/register-row'

export type RegisterKey =
  | 'fiscalCode'
  | 'vatNumber'
  | 'name'
  | 'category'
  | 'alboNumber'
  | 'street'
  | 'civicNumber'
  | 'postalCode'
  | 'city'
  | 'province'
  | 'country'
  | 'email'
  | 'pec'
  | 'service'
  | 'competenceYear'
  | 'causale'
  | 'amount'
  | 'dueDate'
  | 'capitolo'
  | 'externalReference'

export interface RegisterColumn {
  readonly key: RegisterKey
  readonly heading: string
  /** The field in a sentence, after «Manca». */
  readonly noun: string
  readonly aliases: readonly string[]
  readonly required: boolean
  readonly kind: 'text' | 'date' | 'money' | 'integer'
  /** Longest text; 0 where a rule of its own decides. */
  readonly max: number
  readonly width: number
  readonly help: string
  readonly example: string
}

type Rest = Omit<RegisterColumn, 'key' | 'heading' | 'noun' | 'aliases' | 'help' | 'example'>
const text = (max: number, width: number, required = false): Rest => ({ kind: 'text', max, width, required })

/** The tracciato, column by column: the reader, the template and the manual all read this table. */
export const REGISTER_COLUMNS: readonly RegisterColumn[] = [
  {
    key: 'fiscalCode',
    heading: 'Codice fiscale',
    noun: 'il codice fiscale',
    aliases: ['CF', 'C.F.', 'Cod. fiscale', 'Codice fiscale debitore', 'Codice fiscale pagatore'],
    ...text(0, 19, true),
    help: '16 caratteri per una persona, 11 cifre per una società o un ente.',
    example: 'RSSMRA85T10A562S',
  },
  {
    key: 'vatNumber',
    heading: 'Partita IVA',
    noun: 'la partita IVA',
    aliases: ['P.IVA', 'PIVA', 'P. IVA', 'Part. IVA'],
    ...text(0, 13),
    help: '11 cifre, senza «IT».',
    example: '',
  },
  {
    key: 'name',
    heading: 'Cognome e nome o denominazione',
    noun: 'il nome',
    aliases: ['Nominativo', 'Denominazione', 'Ragione sociale', 'Cognome e nome', 'Nome e cognome', 'Intestatario'],
    ...text(70, 32, true),
    help: 'Come deve comparire sull’avviso, al massimo 70 caratteri.',
    example: 'Rossi Mario',
  },
  {
    key: 'category',
    heading: 'Categoria',
    noun: 'la categoria',
    aliases: ['Tipo iscritto', 'Tipologia'],
    ...text(0, 24, true),
    help: 'professionista, società tra professionisti, praticante oppure altro.',
    example: 'professionista',
  },
  {
    key: 'alboNumber',
    heading: 'Numero albo',
    noun: 'il numero di albo',
    aliases: ['N. albo', 'Albo', 'Numero iscrizione', 'Numero di iscrizione', 'Matricola'],
    ...text(20, 12),
    help: 'Il numero di iscrizione all’albo.',
    example: 'A1234',
  },
  {
    key: 'street',
    heading: 'Indirizzo',
    noun: 'la via',
    aliases: ['Via', 'Indirizzo di residenza', 'Domicilio'],
    ...text(70, 28),
    help: 'Via o piazza. Indirizzo, CAP, comune e provincia si scrivono tutti o nessuno.',
    example: 'Via Roma',
  },
  {
    key: 'civicNumber',
    heading: 'Civico',
    noun: 'il numero civico',
    aliases: ['N. civico', 'Numero civico'],
    ...text(16, 8),
    help: 'Il numero civico.',
    example: '12/B',
  },
  {
    key: 'postalCode',
    heading: 'CAP',
    noun: 'il CAP',
    aliases: ['Codice postale', 'C.A.P.'],
    ...text(16, 8),
    help: '5 cifre, in una cella di formato «Testo» perché non perda gli zeri.',
    example: '09124',
  },
  {
    key: 'city',
    heading: 'Comune',
    noun: 'il comune',
    aliases: ['Città', 'Località', 'Comune di residenza'],
    ...text(35, 20),
    help: 'Il comune, al massimo 35 caratteri.',
    example: 'Cagliari',
  },
  {
    key: 'province',
    heading: 'Provincia',
    noun: 'la provincia',
    aliases: ['Prov', 'Prov.', 'Sigla provincia', 'PR'],
    ...text(0, 10),
    help: 'La sigla di due lettere.',
    example: 'CA',
  },
  {
    key: 'country',
    heading: 'Stato',
    noun: 'lo Stato',
    aliases: ['Nazione', 'Paese'],
    ...text(0, 8),
    help: 'La sigla di due lettere; vuoto vuol dire Italia.',
    example: 'IT',
  },
  {
    key: 'email',
    heading: 'E-mail',
    noun: 'l’indirizzo e-mail',
    aliases: ['Email', 'Mail', 'Posta elettronica', 'Indirizzo e-mail'],
    ...text(256, 28),
    help: 'Un solo indirizzo.',
    example: 'mario.rossi@example.it',
  },
  {
    key: 'pec',
    heading: 'PEC',
    noun: 'l’indirizzo PEC',
    aliases: ['Posta certificata', 'Posta elettronica certificata', 'Indirizzo PEC'],
    ...text(256, 28),
    help: 'Un solo indirizzo.',
    example: 'mario.rossi@pec.example.it',
  },
  {
    key: 'service',
    heading: 'Servizio',
    noun: 'il servizio',
    aliases: ['Tipo di dovuto', 'Tipo dovuto', 'Codice servizio'],
    ...text(100, 20, true),
    help: 'Il codice o il nome di un tipo di dovuto della pagina Ente.',
    example: 'Quota annuale',
  },
  {
    key: 'competenceYear',
    heading: 'Anno di competenza',
    noun: 'l’anno di competenza',
    aliases: ['Anno', 'Anno competenza', 'Competenza', 'Anno di riferimento'],
    kind: 'integer',
    max: 0,
    width: 12,
    required: true,
    help: 'Quattro cifre.',
    example: '2026',
  },
  {
    key: 'causale',
    heading: 'Causale',
    noun: 'la causale',
    aliases: ['Descrizione', 'Oggetto', 'Oggetto del pagamento', 'Causale versamento'],
    ...text(140, 32, true),
    help: 'L’oggetto del pagamento che il debitore legge, al massimo 140 caratteri.',
    example: 'Quota di iscrizione 2026',
  },
  {
    key: 'amount',
    heading: 'Importo',
    noun: 'l’importo',
    aliases: ['Importo dovuto', 'Dovuto', 'Importo euro', 'Importo €', 'Quota'],
    kind: 'money',
    max: 0,
    width: 12,
    required: true,
    help: 'In euro, maggiore di zero, con due decimali: 1.234,56.',
    example: '215,00',
  },
  {
    key: 'dueDate',
    heading: 'Scadenza',
    noun: 'la scadenza',
    aliases: ['Data scadenza', 'Data di scadenza'],
    kind: 'date',
    max: 0,
    width: 12,
    required: false,
    help: 'Una data come 31/03/2026; vuota vuol dire quella scelta generando le posizioni.',
    example: '31/03/2026',
  },
  {
    key: 'capitolo',
    heading: 'Capitolo',
    noun: 'il capitolo',
    aliases: ['Codice capitolo', 'Capitolo di entrata'],
    ...text(30, 12),
    help: 'Il codice di un capitolo di entrata; vuoto vuol dire quello del servizio.',
    example: '',
  },
  {
    key: 'externalReference',
    heading: 'Riferimento esterno',
    noun: 'il riferimento esterno',
    aliases: ['Riferimento', 'Codice esterno', 'ID esterno'],
    ...text(35, 20),
    help: 'Il codice della quota nel gestionale dell’albo: rende riconoscibile la riga se la importi di nuovo.',
    example: '',
  },
]

export const CATEGORY_NAMES: Readonly<Record<PersonCategory, string>> = {
  professionista: 'professionista',
  stp: 'società tra professionisti',
  praticante: 'praticante',
  altro: 'altro',
}

const CATEGORY_BY_TEXT: ReadonlyMap<string, PersonCategory> = new Map<string, PersonCategory>([
  ['professionista', 'professionista'],
  ['professionisti', 'professionista'],
  ['iscritto', 'professionista'],
  ['societatraprofessionisti', 'stp'],
  ['stp', 'stp'],
  ['praticante', 'praticante'],
  ['praticanti', 'praticante'],
  ['tirocinante', 'praticante'],
  ['altro', 'altro'],
])

export function categoryOf(text: string): PersonCategory | null {
  return CATEGORY_BY_TEXT.get(foldHeading(text)) ?? null
}

/** Headings are compared without case, accents, blanks and signs. */
export function foldHeading(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9€]/g, '')
}

const BY_HEADING: ReadonlyMap<string, RegisterColumn> = new Map(
  REGISTER_COLUMNS.flatMap((column) =>
    [column.heading, `${column.heading} *`, ...column.aliases].map((name) => [foldHeading(name), column] as const),
  ),
)

export function columnOfHeading(heading: string): RegisterColumn | null {
  return BY_HEADING.get(foldHeading(heading)) ?? null
}
