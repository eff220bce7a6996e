import { REGISTER_FIELD_NAMES, REGISTER_FIELDS, type RegisterField } from './register-field.ts'
import type { PersonCategory } from './register-row.ts'

/** What stands in the file: quotas of people, or people alone («solo anagrafica»: nothing is raised). */
export const REGISTER_PURPOSES = ['dues', 'people'] as const
export type RegisterPurpose = (typeof REGISTER_PURPOSES)[number]

export const REGISTER_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type RegisterEncoding = (typeof REGISTER_ENCODINGS)[number]

export const REGISTER_SEPARATORS = [';', ',', '\t', '|'] as const
export type RegisterSeparator = (typeof REGISTER_SEPARATORS)[number]

/** `comma` 1.234,56 · `point` 1,234.56 or 1234.56 · `cents` 123456. Cells that are numbers are euro, but with `cents`. */
export const REGISTER_AMOUNT_FORMS = ['comma', 'point', 'cents'] as const
export type RegisterAmountForm = (typeof REGISTER_AMOUNT_FORMS)[number]

/** Order of day, month and year, whatever sign parts them; `ymd` also without signs, 20260331. `2026-03-31` is clear in each. */
export const REGISTER_DATE_FORMS = ['dmy', 'mdy', 'ymd'] as const
export type RegisterDateForm = (typeof REGISTER_DATE_FORMS)[number]

/** A column of the file: by its heading, and by its letter where headings are alike or there are none. */
export interface RegisterColumnRef {
  /** As written; null in a file without headings. */
  readonly heading: string | null
  /** As in Excel: `A`, `AB`. */
  readonly letter: string
}

/** `from` as it stands in the file, compared without case and runs of blanks; `to` as the tracciato wants it. */
export interface RegisterTranslation {
  readonly from: string
  readonly to: string
}

/** Where a field takes its text. */
export type RegisterSource =
  | {
      readonly kind: 'columns'
      /** Several are joined with a blank: surname and first name. Amounts and dates take one. */
      readonly columns: readonly RegisterColumnRef[]
      readonly translations: readonly RegisterTranslation[]
      /** Stands where the cells are empty; null leaves them so. */
      readonly otherwise: string | null
    }
  /** The same for every row. */
  | { readonly kind: 'constant'; readonly text: string }
  /** Made of other fields; the causale only: `Quota {anno} {numeroAlbo}`. */
  | { readonly kind: 'template'; readonly template: string }

/** Rows that are none: where the column reads one of the texts, as «Totale». */
export interface RegisterSkip {
  readonly column: RegisterColumnRef
  readonly texts: readonly string[]
}

/** How a register file of any layout is read. */
export interface RegisterMapping {
  readonly purpose: RegisterPurpose
  /** Name of the sheet; null takes the first one, not hidden, that has the headings (or, without headings, that is filled). */
  readonly sheet: string | null
  /** Row of the headings, from 1; null when there are none, and columns then go by letter. */
  readonly headerRow: number | null
  /** Of a text file; null finds them. */
  readonly encoding: RegisterEncoding | null
  readonly separator: RegisterSeparator | null
  readonly fields: Readonly<Partial<Record<RegisterField, RegisterSource>>>
  readonly amountForm: RegisterAmountForm
  readonly dateForm: RegisterDateForm
  readonly skip: readonly RegisterSkip[]
}

/** What a category may be called in the tracciato. */
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

/** The category that a text of the file means, by any of its usual names. */
export function categoryOf(text: string): PersonCategory | null {
  return CATEGORY_BY_TEXT.get(foldHeading(text)) ?? null
}

/** Names of the fields that a causale may be made of. */
export const CAUSALE_FIELDS: readonly string[] = REGISTER_FIELD_NAMES.flatMap(
  (field) => REGISTER_FIELDS[field].templateName ?? [],
)

/** Fields that the mapping still has to say where to take, in the order of the tracciato. */
export function missingFields(mapping: Pick<RegisterMapping, 'purpose' | 'fields'>): RegisterField[] {
  return REGISTER_FIELD_NAMES.filter((field) => {
    if (mapping.fields[field] !== undefined) return false
    if (field === 'name' && mapping.fields.surname !== undefined) return false
    const { required } = REGISTER_FIELDS[field]
    return required === 'always' || (required === 'dues' && mapping.purpose === 'dues')
  })
}

/** Columns that the mapping reads, each once. */
export function mappedColumns(mapping: RegisterMapping): RegisterColumnRef[] {
  const columns = new Map<string, RegisterColumnRef>()
  for (const source of Object.values(mapping.fields)) {
    if (source.kind === 'columns') for (const column of source.columns) columns.set(column.letter, column)
  }
  return [...columns.values()]
}

/** Headings are compared without case, accents, blanks and signs. */
export function foldHeading(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9€]/g, '')
}

/** Texts of cells are compared without case and runs of blanks. */
export function foldCell(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase()
}
