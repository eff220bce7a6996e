import { formatDate, type IsoDate, isIsoDate } from '#domain/date'

/** A cell by what Excel stored, not by how it looks. `formula` is there when the value is a formula's saved result. */
export type XlsxCell =
  | { readonly kind: 'text'; readonly text: string; readonly formula?: string }
  | { readonly kind: 'number'; readonly value: number; readonly formula?: string }
  /** A day; `fraction` is the time of day, 0 at midnight. `date` null: the day that Excel invented (29/02/1900) or out of range. */
  | { readonly kind: 'date'; readonly date: IsoDate | null; readonly fraction: number; readonly formula?: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly formula?: string }
  | { readonly kind: 'error'; readonly text: string; readonly formula?: string }
  /** A formula that no program has calculated. */
  | { readonly kind: 'uncalculated'; readonly formula: string }

/** Filled cells by column index from 0; `number` is the row as Excel shows it, from 1. */
export interface XlsxRow {
  readonly number: number
  readonly cells: ReadonlyMap<number, XlsxCell>
}

const DAY_MS = 86_400_000

/**
 * Serial day → calendar day. In the 1900 system Excel counts a 29 February 1900 that never was, so earlier serials are one
 * day off; the 1904 system starts at 1 January 1904 = 0 (ECMA-376 part 1, 18.17.4.1).
 */
export function dateOfSerial(serial: number, date1904: boolean): IsoDate | null {
  const day = Math.floor(serial)
  if (!Number.isFinite(serial) || day < 0 || day > 2_958_465 || (!date1904 && (day === 60 || day === 0))) return null
  const origin = date1904 ? Date.UTC(1904, 0, 1) : day < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30)
  const iso = new Date(origin + day * DAY_MS).toISOString().slice(0, 10)
  return isIsoDate(iso) ? iso : null
}

/** Number formats of ECMA-376 18.8.30 that show a date; times alone (18–21, 45–47) are not days. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';')[0] as string
  return /[dy]/i.test(bare) || /m/i.test(bare.replaceAll(/[hs:]+\s*m+|m+\s*:?s/gi, '').replace(/general/i, ''))
}

/** `A` → 0, `AA` → 26, from a reference such as `AA12`. */
export function columnOfReference(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i += 1) {
    const code = reference.charCodeAt(i) & ~32
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column - 1
}

/** 0 → `A`, 26 → `AA`. */
export function columnName(index: number): string {
  let name = ''
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name
  return name
}

/** A cell as the person sees it, near enough to recognise it. */
export function shown(cell: XlsxCell): string {
  switch (cell.kind) {
    case 'text':
    case 'error':
      return cell.text
    case 'number':
      return String(cell.value).replace('.', ',')
    case 'date':
      return cell.date === null ? '29/02/1900' : formatDate(cell.date)
    case 'boolean':
      return cell.value ? 'VERO' : 'FALSO'
    case 'uncalculated':
      return cell.formula
  }
}
