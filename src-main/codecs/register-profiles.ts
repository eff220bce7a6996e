import type { RegisterField } from '#domain/register-field'
import type { RegisterMapping, RegisterSource, RegisterTranslation } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import { REGISTER_COLUMNS } from './register-columns.ts'
import { columnName } from './xlsx-cell.ts'

type Given =
  | string
  | readonly string[]
  | { readonly column: string; readonly translations: readonly RegisterTranslation[] }

interface Shipped {
  readonly id: string
  readonly name: string
  /** In the order of the file. */
  readonly headings: readonly string[]
  /** By heading; several are joined. */
  readonly columns: Readonly<Partial<Record<RegisterField, Given>>>
  readonly constants?: Readonly<Partial<Record<RegisterField, string>>>
  readonly causale?: string
  readonly forms: Pick<RegisterMapping, 'amountForm' | 'dateForm'>
  readonly skip?: { readonly column: string; readonly texts: readonly string[] }
}

const pairs = (table: Readonly<Record<string, string>>): RegisterTranslation[] =>
  Object.entries(table).map(([from, to]) => ({ from, to }))

/**
 * Layouts of the Albo programs that orders use. None of them is public (their makers give them to customers only), so
 * these are plausible headings and no more: each is an assumption to be confirmed on a true file, and says so on screen.
 */
const ASSUMED: readonly Shipped[] = [
  {
    id: 'albo-isi',
    name: 'Albo ISI',
    headings: [
      ...['COGNOME', 'NOME', 'CODICE_FISCALE', 'NUM_ISCRIZIONE', 'SEZIONE', 'DATA_ISCRIZIONE', 'TIPO_ISCRITTO'],
      ...['INDIRIZZO', 'CIVICO', 'CAP', 'CITTA', 'PROV', 'EMAIL', 'PEC', 'ANNO', 'CAUSALE', 'IMPORTO', 'SCADENZA'],
      'ID_QUOTA',
    ],
    columns: {
      ...{ fiscalCode: 'CODICE_FISCALE', surname: 'COGNOME', firstName: 'NOME', alboNumber: 'NUM_ISCRIZIONE' },
      ...{ section: 'SEZIONE', enrolmentDate: 'DATA_ISCRIZIONE', street: 'INDIRIZZO', civicNumber: 'CIVICO' },
      ...{ postalCode: 'CAP', city: 'CITTA', province: 'PROV', email: 'EMAIL', pec: 'PEC', competenceYear: 'ANNO' },
      ...{ causale: 'CAUSALE', amount: 'IMPORTO', dueDate: 'SCADENZA', externalReference: 'ID_QUOTA' },
      category: {
        column: 'TIPO_ISCRITTO',
        translations: pairs({ I: 'professionista', S: 'società tra professionisti', P: 'praticante', A: 'altro' }),
      },
    },
    constants: { service: 'Quota annuale' },
    forms: { amountForm: 'comma', dateForm: 'dmy' },
  },
  {
    id: 'ordinep',
    name: 'OrdineP',
    headings: [
      ...['Matricola', 'Cognome e Nome', 'Cod. Fisc.', 'P. Iva', 'Qualifica', 'Via e numero', 'C.A.P.', 'Località'],
      ...[
        'Prov.',
        'Telefono',
        'E-mail',
        'Posta certificata',
        'Tipo quota',
        'Anno quota',
        'Importo quota',
        'Data scadenza',
      ],
    ],
    columns: {
      ...{ alboNumber: 'Matricola', name: 'Cognome e Nome', fiscalCode: 'Cod. Fisc.', vatNumber: 'P. Iva' },
      ...{ street: 'Via e numero', postalCode: 'C.A.P.', city: 'Località', province: 'Prov.', phone: 'Telefono' },
      ...{ email: 'E-mail', pec: 'Posta certificata', competenceYear: 'Anno quota', amount: 'Importo quota' },
      dueDate: 'Data scadenza',
      category: {
        column: 'Qualifica',
        translations: pairs({
          Ordinario: 'professionista',
          STP: 'società tra professionisti',
          Tirocinante: 'praticante',
        }),
      },
      service: { column: 'Tipo quota', translations: pairs({ ORD: 'Quota annuale', STP: 'Quota STP' }) },
    },
    causale: '{servizio} {anno}',
    forms: { amountForm: 'comma', dateForm: 'dmy' },
    skip: { column: 'Matricola', texts: ['Totale', 'Totali'] },
  },
  {
    id: 'albo-unico-opi',
    name: 'Albo Unico OPI',
    headings: [
      ...['Codice Fiscale', 'Cognome', 'Nome', 'Albo', 'N. Iscrizione', 'Data Iscrizione', 'Indirizzo Residenza'],
      ...['Cap Residenza', 'Comune Residenza', 'Provincia Residenza', 'Email', 'PEC', 'Cellulare', 'Anno Tassa'],
      ...['Importo Tassa', 'Scadenza Tassa'],
    ],
    columns: {
      ...{ fiscalCode: 'Codice Fiscale', surname: 'Cognome', firstName: 'Nome', alboNumber: 'N. Iscrizione' },
      ...{ enrolmentDate: 'Data Iscrizione', street: 'Indirizzo Residenza', postalCode: 'Cap Residenza' },
      ...{ city: 'Comune Residenza', province: 'Provincia Residenza', email: 'Email', pec: 'PEC', phone: 'Cellulare' },
      ...{ competenceYear: 'Anno Tassa', amount: 'Importo Tassa', dueDate: 'Scadenza Tassa' },
      albo: {
        column: 'Albo',
        translations: pairs({
          I: 'Albo degli infermieri',
          IP: 'Albo degli infermieri pediatrici',
        }),
      },
    },
    constants: { category: 'professionista', service: 'Quota annuale' },
    causale: 'Tassa annuale {anno}',
    forms: { amountForm: 'point', dateForm: 'ymd' },
  },
  {
    id: 'sferabit',
    name: 'Sferabit',
    headings: [
      ...['IdAnagrafica', 'Nominativo', 'CodiceFiscale', 'PartitaIva', 'TipoSoggetto', 'NumeroTessera', 'Via', 'Cap'],
      ...[
        'Citta',
        'Pr',
        'Mail',
        'Pec',
        'CodiceQuota',
        'DescrizioneQuota',
        'AnnoCompetenza',
        'ImportoCent',
        'DataScadenza',
      ],
    ],
    columns: {
      ...{ name: 'Nominativo', fiscalCode: 'CodiceFiscale', vatNumber: 'PartitaIva', alboNumber: 'NumeroTessera' },
      ...{ street: 'Via', postalCode: 'Cap', city: 'Citta', province: 'Pr', email: 'Mail', pec: 'Pec' },
      ...{
        causale: 'DescrizioneQuota',
        competenceYear: 'AnnoCompetenza',
        amount: 'ImportoCent',
        dueDate: 'DataScadenza',
      },
      category: {
        column: 'TipoSoggetto',
        translations: pairs({
          AVV: 'professionista',
          STA: 'società tra professionisti',
          PRA: 'praticante',
          ALT: 'altro',
        }),
      },
      service: {
        column: 'CodiceQuota',
        translations: pairs({ QA: 'Quota annuale', QS: 'Quota STP', DS: 'Diritti di segreteria' }),
      },
    },
    forms: { amountForm: 'cents', dateForm: 'ymd' },
  },
]

function profileOf({ id, name, headings, columns, constants = {}, causale, forms, skip }: Shipped): RegisterProfile {
  const ref = (heading: string) => ({ heading, letter: columnName(headings.indexOf(heading)) })
  const fields: Partial<Record<RegisterField, RegisterSource>> = {}
  for (const [field, given] of Object.entries(columns) as [RegisterField, Given][]) {
    const translations = typeof given === 'object' && 'column' in given ? given.translations : []
    const names = typeof given === 'string' ? [given] : 'column' in given ? [given.column] : given
    fields[field] = { kind: 'columns', columns: names.map(ref), translations, otherwise: null }
  }
  for (const [field, text] of Object.entries(constants) as [RegisterField, string][]) {
    fields[field] = { kind: 'constant', text }
  }
  if (causale !== undefined) fields.causale = { kind: 'template', template: causale }
  return {
    ...{ id, name, shipped: true, assumption: true, headings },
    mapping: {
      ...{ purpose: 'dues', sheet: null, headerRow: 1, encoding: null, separator: null, fields, ...forms },
      skip: skip === undefined ? [] : [{ column: ref(skip.column), texts: skip.texts }],
    },
  }
}

const OURS = REGISTER_COLUMNS.filter((column) => column.template)

export const TRACCIATO_ID = 'tracciato'

/** The neutral layout of the program's own template; its optional columns may be missing in a file, its order is free. */
const TRACCIATO_PROFILE: RegisterProfile = {
  ...{ id: TRACCIATO_ID, name: 'Tracciato del programma', shipped: true, assumption: false },
  headings: OURS.map(({ heading }) => heading),
  mapping: {
    ...{ purpose: 'dues', sheet: null, headerRow: 1, encoding: null, separator: null },
    ...{ amountForm: 'comma', dateForm: 'dmy', skip: [] },
    fields: Object.fromEntries(
      OURS.map(({ key, heading }, index) => [
        key,
        { kind: 'columns', columns: [{ heading, letter: columnName(index) }], translations: [], otherwise: null },
      ]),
    ),
  },
}

/** Those that come with the program, the neutral one first. */
export const SHIPPED_PROFILES: readonly RegisterProfile[] = [TRACCIATO_PROFILE, ...ASSUMED.map(profileOf)]
