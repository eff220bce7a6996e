import { type Cents, formatCents, parseAmount } from '#domain/money'
import type { TariffCategory, TariffEffect, TariffRow } from '#domain/tariff'
import { CATEGORIES } from '#domain/vocabulary'

/** Columns of the sheet, in the order in which they are typed and pasted. */
export const DRAFT_COLUMNS = [
  'code',
  'description',
  'category',
  'albo',
  'section',
  'status',
  'from',
  'to',
  'value',
] as const
export type DraftColumn = (typeof DRAFT_COLUMNS)[number]

/** A row as it is typed: texts only, read when it is looked at. */
export type DraftRow = Readonly<Record<DraftColumn, string>>

export const EMPTY_ROW: DraftRow = {
  ...{ code: '', description: '', category: '', albo: '', section: '', status: '', from: '', to: '', value: '' },
}

const NOTHING = 'niente'

/** A stored row as texts. */
export function draftOf(row: TariffRow): DraftRow {
  return {
    code: row.code,
    description: row.description,
    category: row.category === null ? '' : CATEGORIES[row.category],
    albo: row.albo ?? '',
    section: row.section ?? '',
    status: row.status ?? '',
    from: row.fromYears === 0 && row.toYears === null ? '' : String(row.fromYears),
    to: row.toYears === null ? '' : String(row.toYears),
    value: valueText(row.effect),
  }
}

function valueText(effect: TariffEffect): string {
  if (effect.kind === 'none') return NOTHING
  if (effect.kind === 'amount') return formatCents(effect.cents)
  return `${formatCents(effect.basisPoints as Cents).replace(/,00$/, '')} %`
}

export interface DraftReading {
  readonly row: TariffRow | null
  readonly errors: Readonly<Partial<Record<DraftColumn, string>>>
}

/** Reads a typed row; what cannot be read says how to write it, in its cell. */
export function readDraft(draft: DraftRow): DraftReading {
  const errors: Partial<Record<DraftColumn, string>> = {}
  const category = readCategory(draft.category)
  if (category === undefined) errors.category = 'Scegli una categoria dall’elenco, o lascia vuoto per tutte.'
  const fromYears = readYears(draft.from)
  if (fromYears === undefined) errors.from = 'Scrivi gli anni come numero, da 0 a 99.'
  const toYears = readYears(draft.to)
  if (toYears === undefined) errors.to = 'Scrivi gli anni come numero, da 0 a 99.'
  const effect = readValue(draft.value)
  if (effect === null) errors.value = 'Scrivi un importo (215,00), una percentuale (50 %) oppure «niente».'
  if (category === undefined || fromYears === undefined || toYears === undefined || effect === null) {
    return { row: null, errors }
  }
  const text = (value: string) => (value.trim() === '' ? null : value.trim())
  return {
    errors,
    row: {
      code: draft.code.trim(),
      description: draft.description.trim(),
      category,
      albo: text(draft.albo),
      section: text(draft.section),
      status: text(draft.status),
      fromYears: fromYears ?? 0,
      toYears,
      effect,
    },
  }
}

function readCategory(text: string): TariffCategory | null | undefined {
  const plain = text.trim().toLowerCase()
  if (plain === '') return null
  const all = Object.entries(CATEGORIES) as [TariffCategory, string][]
  return (
    all.find(([key, name]) => key === plain || name.toLowerCase() === plain)?.[0] ??
    all.find(([, name]) => name.toLowerCase().startsWith(plain))?.[0]
  )
}

function readYears(text: string): number | null | undefined {
  const plain = text.trim()
  if (plain === '') return null
  return /^\d{1,2}$/.test(plain) ? Number(plain) : undefined
}

function readValue(text: string): TariffEffect | null {
  const plain = text.trim().toLowerCase()
  if (plain === NOTHING || plain === 'esente') return { kind: 'none' }
  const percent = /^(.*?)\s*%$/.exec(plain)
  const read = parseAmount(percent?.[1] ?? plain.replace(/\s*€$/, ''))
  if (!read.ok || read.value <= 0) return null
  return percent === null ? { kind: 'amount', cents: read.value } : { kind: 'percent', basisPoints: read.value }
}

export function isEmptyRow(row: DraftRow): boolean {
  return DRAFT_COLUMNS.every((column) => row[column].trim() === '')
}

/** Cells of a sheet pasted from row `at` and a column on; rows are added where they do not suffice. */
export function pasteInto(
  rows: readonly DraftRow[],
  at: number,
  column: DraftColumn,
  text: string,
): readonly DraftRow[] {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  const next = [...rows]
  const first = DRAFT_COLUMNS.indexOf(column)
  for (const [down, line] of lines.entries()) {
    const patch: Partial<Record<DraftColumn, string>> = {}
    for (const [right, cell] of line.split('\t').entries()) {
      const name = DRAFT_COLUMNS[first + right]
      if (name !== undefined) patch[name] = cell.trim()
    }
    next[at + down] = { ...(next[at + down] ?? EMPTY_ROW), ...patch }
  }
  return next
}
