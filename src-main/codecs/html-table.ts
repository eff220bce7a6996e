import type { CsvRecord } from './csv-read.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  euro: '€',
  agrave: 'à',
  egrave: 'è',
  eacute: 'é',
  igrave: 'ì',
  ograve: 'ò',
  ugrave: 'ù',
}

/** Some banks call «.xls» a page with a table: whether a text begins like one. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype html|html|head|body|table|meta|style)\b/i.test(text)
}

/** A cell that takes more than its place. Columns count from 0. */
interface HtmlSpan {
  readonly column: number
  readonly columns: number
  readonly rows: number
}

interface HtmlRow extends CsvRecord {
  readonly spans: readonly HtmlSpan[]
}

/** Rows of all tables of a page, in order. Cells that span columns count once per column, as a spreadsheet opens them. */
export function readHtmlTable(text: string): CsvRecord[] {
  return [...htmlRows(text)].map(({ line, cells }) => ({ line, cells }))
}

/** The same one by one, with the cells that stand in for others. */
export function* htmlRows(text: string): Generator<HtmlRow> {
  let line = 1
  let counted = 0
  for (const row of text.matchAll(/<tr\b[^>]*>([\s\S]*?)(?=<\/tr|<tr\b|<\/table|$)/gi)) {
    for (let at = counted; at < row.index; at += 1) if (text.charCodeAt(at) === 10) line += 1
    counted = row.index
    const cells: string[] = []
    const spans: HtmlSpan[] = []
    for (const cell of (row[1] as string).matchAll(/<t[dh]\b([^>]*)>([\s\S]*?)(?=<\/t[dh]|<t[dh]\b|$)/gi)) {
      const columns = spanOf(cell[1] as string, 'col')
      const rows = spanOf(cell[1] as string, 'row')
      if (columns > 1 || rows > 1) spans.push({ column: cells.length, columns, rows })
      cells.push(plainText(cell[2] as string))
      for (let i = 1; i < columns; i += 1) cells.push('')
    }
    if (cells.length > 0) yield { line, cells, spans }
  }
}

function spanOf(attributes: string, of: 'col' | 'row'): number {
  const found = new RegExp(`\\b${of}span\\s*=\\s*["']?(\\d{1,2})`, 'i').exec(attributes)
  return Math.max(1, Number(found?.[1] ?? 1))
}

function plainText(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>/gi, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null
      if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      return ENTITIES[String(name).toLowerCase()] ?? whole
    })
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .trim()
}
