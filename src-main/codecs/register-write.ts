import type { Instant } from '#domain/date'
import { CATEGORY_NAMES } from '#domain/register-mapping'
import type { RegisterEntry } from '#domain/register-row'
import { REGISTER_COLUMNS, type RegisterColumn } from './register-columns.ts'
import type { TableCell } from './table.ts'
import { writeXlsx, type XlsxSheetSpec, type XlsxValidation } from './xlsx-write.ts'

/** Columns of the template; a name is written in one. */
const COLUMNS = REGISTER_COLUMNS.filter((c) => c.template)
const SHEET = 'Quote'
/** Rows for which the template's drop-downs and checks are prepared. */
const PREPARED_ROWS = 5000

/** The empty tracciato: the sheet to fill in, with drop-downs and checks, and «Istruzioni» with every column explained. */
export function registerTemplate(createdAt: Instant): AsyncGenerator<Uint8Array> {
  const sheet: XlsxSheetSpec = {
    name: SHEET,
    columns: tableColumns(),
    rows: [],
    autoFilter: true,
    validations: validations(),
  }
  return writeXlsx([sheet, instructions()], { createdAt })
}

/** Register rows back as the workbook they could have come from. */
export function writeRegister(
  rows: Iterable<RegisterEntry> | AsyncIterable<RegisterEntry>,
  createdAt: Instant,
): AsyncGenerator<Uint8Array> {
  async function* cells() {
    for await (const row of rows) yield COLUMNS.map((column) => cellOf(column, row))
  }
  const sheet: XlsxSheetSpec = { name: SHEET, columns: tableColumns(), rows: cells(), autoFilter: true }
  return writeXlsx([sheet, instructions()], { createdAt })
}

function tableColumns() {
  return COLUMNS.map(({ heading, kind, width }) => ({ heading, kind, width }))
}

function instructions(): XlsxSheetSpec {
  return {
    name: 'Istruzioni',
    title: [
      'Come compilare il foglio «Quote»',
      'Una riga per ogni quota dovuta. Le intestazioni non si cambiano; le colonne facoltative si possono togliere e l’ordine è libero.',
      'Niente entra nei libri finché non confermi: il programma elenca prima ogni errore con foglio, riga e colonna.',
    ],
    columns: [
      { heading: 'Colonna da compilare', kind: 'text', width: 32 },
      { heading: 'Obbligatoria', kind: 'text', width: 14 },
      { heading: 'Che cosa scrivere', kind: 'text', width: 80 },
      { heading: 'Esempio', kind: 'text', width: 28 },
      { heading: 'Intestazioni accettate', kind: 'text', width: 60 },
    ],
    rows: COLUMNS.map((c) => [c.heading, c.required ? 'sì' : 'no', c.help, c.example, c.aliases.join('; ')]),
  }
}

function validations(): XlsxValidation[] {
  const place = (key: RegisterColumn['key']) => COLUMNS.findIndex((c) => c.key === key)
  const message = (key: RegisterColumn['key']) => {
    const column = REGISTER_COLUMNS[place(key)] as RegisterColumn
    const title = column.heading.slice(0, 32)
    return {
      showInputMessage: true,
      promptTitle: title,
      prompt: column.help,
      showErrorMessage: true,
      errorTitle: title,
      error: column.help,
    }
  }
  const length = (key: RegisterColumn['key'], max: number): XlsxValidation => ({
    column: place(key),
    toRow: PREPARED_ROWS,
    rule: { type: 'textLength', operator: 'lessThanOrEqual', formulae: [max], allowBlank: true, ...message(key) },
  })
  return [
    length('fiscalCode', 16),
    length('name', 70),
    {
      column: place('category'),
      toRow: PREPARED_ROWS,
      rule: {
        type: 'list',
        formulae: [`"${Object.values(CATEGORY_NAMES).join(',')}"`],
        allowBlank: true,
        ...message('category'),
      },
    },
    {
      column: place('competenceYear'),
      toRow: PREPARED_ROWS,
      rule: {
        type: 'whole',
        operator: 'between',
        formulae: [2000, 2099],
        allowBlank: true,
        ...message('competenceYear'),
      },
    },
    length('causale', 140),
    {
      column: place('amount'),
      toRow: PREPARED_ROWS,
      rule: { type: 'decimal', operator: 'greaterThan', formulae: [0], allowBlank: true, ...message('amount') },
    },
    {
      column: place('dueDate'),
      toRow: PREPARED_ROWS,
      rule: {
        type: 'date',
        operator: 'greaterThan',
        formulae: [new Date(Date.UTC(2000, 0, 1))],
        allowBlank: true,
        ...message('dueDate'),
      },
    },
  ]
}

function cellOf(column: RegisterColumn, row: RegisterEntry): TableCell {
  switch (column.key) {
    case 'category':
      return CATEGORY_NAMES[row.category]
    case 'street':
    case 'civicNumber':
    case 'postalCode':
    case 'city':
    case 'province':
    case 'country':
      return row.address?.[column.key] ?? null
    case 'amount':
      return row.amountCents
    case 'surname':
    case 'firstName':
      return null
    default:
      return row[column.key] ?? null
  }
}
