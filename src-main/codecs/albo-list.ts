import type { AlboField, AlboProfile, AlboWhat } from '#domain/albo-profile'
import { formatDate, type Instant, type IsoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import { writeCsv } from './csv-write.ts'
import { collect } from './refusal.ts'
import type { TableCell, TableColumn } from './table.ts'
import { writeXlsx } from './xlsx-write.ts'

/** What a list can tell of one quota. */
export interface AlboListRow extends Readonly<Record<Exclude<AlboField, 'what' | 'date' | AmountField>, string>> {
  readonly what: AlboWhat
  readonly date: IsoDate
  readonly cents: Cents
  readonly dueCents: Cents
  readonly collectedCents: Cents
}

type AmountField = 'cents' | 'dueCents' | 'collectedCents'

const AMOUNTS: readonly AlboField[] = ['cents', 'dueCents', 'collectedCents']

/** The file of a list in the form that its Albo takes. The same rows at the same instant give the same bytes. */
export async function alboListBytes(
  profile: AlboProfile,
  rows: readonly AlboListRow[],
  createdAt: Instant,
): Promise<Uint8Array> {
  const columns = profile.columns.map(({ field, heading }): TableColumn => ({ heading, kind: kindOf(profile, field) }))
  const cells = rows.map((row) => profile.columns.map(({ field }) => cellOf(profile, row, field)))
  const chunks =
    profile.file === 'csv'
      ? writeCsv(columns, cells, { separator: profile.separator })
      : writeXlsx([{ name: 'Incassi', columns, rows: cells }], { createdAt })
  return (await collect(chunks, Number.POSITIVE_INFINITY)) as Uint8Array
}

/** Numbers and dates are such in a workbook and where the text of a CSV is our own; else they are texts in the Albo's form. */
function kindOf(profile: AlboProfile, field: AlboField): TableColumn['kind'] {
  const own = profile.file === 'xlsx'
  if (AMOUNTS.includes(field)) return own || profile.amountForm === 'comma' ? 'money' : 'text'
  if (field === 'date') return own || profile.dateForm === 'dmy' ? 'date' : 'text'
  return 'text'
}

function cellOf(profile: AlboProfile, row: AlboListRow, field: AlboField): TableCell {
  if (field === 'what') return profile.words[row.what]
  const value = row[field]
  if (kindOf(profile, field) !== 'text' || (field !== 'date' && typeof value === 'string')) return value
  if (field === 'date') return profile.dateForm === 'dmy' ? formatDate(row.date) : row.date
  const amount = value as Cents
  return profile.amountForm === 'cents' ? String(amount) : formatCents(amount).replaceAll('.', '').replace(',', '.')
}
