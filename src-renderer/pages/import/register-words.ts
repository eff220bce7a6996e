import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import type {
  RegisterAmountForm,
  RegisterDateForm,
  RegisterEncoding,
  RegisterPurpose,
  RegisterSeparator,
} from '#domain/register-mapping'

/** Files that may hold a register: what the chooser shows at first. */
export const REGISTER_FILES = '.xlsx,.xlsm,.xls,.csv,.tsv,.txt,.htm,.html'

export const DATE_FORMS: Readonly<Record<RegisterDateForm, string>> = {
  dmy: 'gg/mm/aaaa',
  mdy: 'mm/gg/aaaa',
  ymd: 'aaaa-mm-gg',
}

export const AMOUNT_FORMS: Readonly<Record<RegisterAmountForm, string>> = {
  comma: '1.234,56',
  point: '1,234.56',
  cents: 'in centesimi',
}

export const PURPOSES: Readonly<Record<RegisterPurpose, string>> = {
  dues: 'quote',
  people: 'solo persone',
}

export const SEPARATORS: Readonly<Record<RegisterSeparator, string>> = {
  ';': '; punto e virgola',
  ',': ', virgola',
  '\t': 'tabulazione',
  '|': '| barra',
}

export const ENCODINGS: Readonly<Record<RegisterEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows 1252',
}

export const FILE_KINDS = {
  xlsx: 'cartella di Excel',
  xls: 'cartella di Excel 97',
  csv: 'testo separato',
  html: 'tabella di pagina web',
} as const

/** Width in pixels of a column that fills the field, and how its cells are set. */
const SHAPES: Readonly<Partial<Record<RegisterField, { width: number; right?: boolean; mono?: boolean }>>> = {
  fiscalCode: { width: 146, mono: true },
  vatNumber: { width: 104, mono: true },
  name: { width: 160 },
  category: { width: 110 },
  alboNumber: { width: 92 },
  street: { width: 150 },
  civicNumber: { width: 68 },
  postalCode: { width: 62 },
  city: { width: 110 },
  province: { width: 82 },
  country: { width: 62 },
  email: { width: 170, mono: true },
  pec: { width: 170, mono: true },
  service: { width: 130 },
  competenceYear: { width: 82 },
  causale: { width: 170 },
  amount: { width: 90, right: true },
  dueDate: { width: 98 },
  capitolo: { width: 84 },
  externalReference: { width: 130 },
  iban: { width: 210, mono: true },
}

interface FieldShape {
  readonly width: number
  readonly right: boolean
  readonly mono: boolean
}

export function shapeOfField(field: string | null): FieldShape {
  const found = isField(field) ? SHAPES[field] : undefined
  return { width: found?.width ?? 116, right: found?.right ?? false, mono: found?.mono ?? false }
}

/** What a column of the file fills, in words. */
export function fieldName(field: string): string {
  return isField(field) ? REGISTER_FIELDS[field].label : field
}

function isField(text: string | null): text is RegisterField {
  return text !== null && Object.hasOwn(REGISTER_FIELDS, text)
}
