import { columnOfReference } from '#codecs/xlsx-cell'
import { centsOfText, numberSays } from './register-amounts.ts'
import { HEADINGS } from './register-files.ts'
import type { Truth } from './register-mutations.ts'

/**
 * Whether the cell at `letter` and `row` says these cents, read apart from the program; null when it cannot be told (two
 * cells of one name, markup that a plain reading does not understand).
 */
export function cellSays(truth: Truth, letter: string, row: number, cents: number): boolean | null {
  switch (truth.kind) {
    case 'none':
      return null
    case 'amounts': {
      const written = truth.amounts.get(row)
      if (written === undefined) return false
      return typeof written === 'number' ? Math.round(written * 100) === cents : textSays(written, cents)
    }
    case 'text':
      return textFileSays(truth.text, letter, row, cents)
    case 'workbook':
      return sheetSays(truth.sheet, truth.strings, `${letter}${row}`, cents)
  }
}

function textSays(written: string, cents: number): boolean {
  return centsOfText(written) === BigInt(cents)
}

const STRANGE = /<!|<\?(?!xml)|&(?!amp;|lt;|gt;|quot;|apos;)|_x[0-9A-F]{4}_/

function sheetSays(sheet: string, strings: string, reference: string, cents: number): boolean | null {
  if (STRANGE.test(sheet) || STRANGE.test(strings)) return null
  const found = [...sheet.matchAll(/<c((?:\s[^<>]*)?)>([\s\S]*?)<\/c\s*>/g)].filter(
    ([, attributes = '']) => attributeOf(attributes, 'r') === reference,
  )
  if (found.length !== 1) return null
  const [, attributes = '', inside = ''] = found[0] as RegExpMatchArray
  const values = [...inside.matchAll(/<v(?:\s[^<>]*)?>([^<]*)<\/v\s*>/g)].map((match) => plain(match[1] as string))
  const type = attributeOf(attributes, 't') ?? 'n'
  if (type === 'inlineStr') return textSays(textOf(inside), cents)
  // Two values in one cell are none.
  if (values.length !== 1) return false
  const [value = ''] = values
  if (type === 'str') return textSays(value, cents)
  if (type === 's') {
    const entries = strings.match(/<si(?:\s[^<>]*)?>[\s\S]*?<\/si\s*>|<si\s*\/>/g) ?? []
    const entry = /^\d+$/.test(value.trim()) ? entries[Number(value)] : undefined
    return entry !== undefined && textSays(textOf(entry), cents)
  }
  return type === 'n' ? numberSays(value, cents) : false
}

function attributeOf(attributes: string, name: string): string | null {
  const match = new RegExp(`\\s${name}\\s*=\\s*("([^"]*)"|'([^']*)')`).exec(attributes)
  return match === null ? null : plain(match[2] ?? match[3] ?? '')
}

function textOf(xml: string): string {
  return [...xml.replaceAll(/<rPh[\s\S]*?<\/rPh\s*>/g, '').matchAll(/<t(?:\s[^<>]*)?>([^<]*)<\/t\s*>/g)]
    .map((match) => plain(match[1] as string))
    .join('')
}

function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\r\n?/g, '\n')
}

/** With any separator by which the heading of the amount stands in that column. */
function textFileSays(text: string, letter: string, row: number, cents: number): boolean | null {
  const lines = text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^sep=[;,\t|]\n/, '')
  const column = columnOfReference(letter)
  let some = false
  for (const separator of [';', ',', '\t', '|']) {
    const records = recordsOf(lines, separator)
    if (records === null) continue
    const head = records.findIndex((record) => record.filter((cell) => isHeading(cell)).length >= 3)
    if (head < 0 || head >= row - 1) continue
    some = true
    const cell = records[row - 1]?.[column]
    if (cell !== undefined && textSays(cell, cents)) return true
  }
  return some ? false : null
}

function isHeading(cell: string): boolean {
  return HEADINGS.some((heading) => heading.toLowerCase() === cell.trim().toLowerCase())
}

/** Records of a CSV, sign by sign; null when quotes stand where they cannot. */
function recordsOf(text: string, separator: string): string[][] | null {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at <= text.length) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      for (; ; at += 1) {
        if (at >= text.length) return null
        if (text[at] !== '"') cell += text[at]
        else if (text[at + 1] === '"') {
          cell += '"'
          at += 1
        } else break
      }
      at += 1
      if (at < text.length && text[at] !== separator && text[at] !== '\n') return null
    } else {
      while (at < text.length && text[at] !== separator && text[at] !== '\n') {
        cell += text[at]
        at += 1
      }
    }
    record.push(cell)
    if (text[at] !== separator) {
      records.push(record)
      record = []
    }
    at += 1
  }
  return records
}
