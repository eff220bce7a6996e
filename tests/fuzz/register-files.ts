import { crc32, deflateRawSync } from 'node:zlib'
import { inventedCode } from '../services/office.ts'
import type { Chance } from './random.ts'
import { amountNumber, amountText } from './register-amounts.ts'

export const HEADINGS = [
  'Codice fiscale',
  'Cognome e nome o denominazione',
  'Categoria',
  'Tipo di dovuto',
  'Anno',
  'Causale',
  'Importo',
  'Scadenza',
] as const
/** Of the amount, in the files made here. */
export const AMOUNT = HEADINGS.indexOf('Importo')

/** Path and content of each part, in the order in which they are written. */
export type Parts = (readonly [string, string])[]

interface Cell {
  readonly attributes: string
  readonly inside: string
}

/** A workbook of a few quotas, written by hand so that every cell can be what no program would write. */
export function workbookParts(chance: Chance): Parts {
  const strings: string[] = []
  const shared = (text: string) => {
    strings.push(`<si><t xml:space="preserve">${escaped(text)}</t></si>`)
    return strings.length - 1
  }
  const text = (value: string): Cell => {
    if (chance.happens(0.6)) return { attributes: ' t="s"', inside: `<v>${shared(value)}</v>` }
    return chance.happens(0.5)
      ? { attributes: ' t="inlineStr"', inside: `<is><t>${escaped(value)}</t></is>` }
      : { attributes: ' t="str"', inside: `<v>${escaped(value)}</v>` }
  }
  const number = (value: string): Cell => {
    const style = chance.pick(['', '', '', ' s="1"', ' s="2"', ' s="99"'])
    const formula = chance.pick(['', '', '', '<f>A1*2</f>', '<f></f>', '<f t="shared" si="0"/>'])
    const attributes = `${style}${chance.pick(['', '', ' t="n"'])}`
    return { attributes, inside: `${formula}${chance.happens(0.95) ? `<v>${escaped(value)}</v>` : ''}` }
  }
  const other = (): Cell =>
    chance.pick([
      { attributes: ' t="b"', inside: '<v>1</v>' },
      { attributes: ' t="e"', inside: '<v>#DIV/0!</v>' },
      { attributes: ' t="d"', inside: '<v>2026-03-31</v>' },
      { attributes: ' t="zz"', inside: '<v>215</v>' },
      { attributes: ' t="s"', inside: '<v>9999</v>' },
      { attributes: ' t="s"', inside: '<v>-1</v>' },
      { attributes: '', inside: '<v>2</v><v>15</v>' },
      { attributes: ' t="inlineStr"', inside: '<is><t>21</t><rPh sb="0" eb="1"><t>5</t></rPh></is>' },
    ])
  const rows = Array.from({ length: 5 }, (_, n) => {
    const amount = () => {
      const which = chance.next()
      return which < 0.45 ? number(amountNumber(chance)) : which < 0.92 ? text(amountText(chance)) : other()
    }
    const due = chance.pick<() => Cell>([
      () => text('31/03/2026'),
      () => number(String(46_000 + chance.below(500))),
      () => ({ attributes: ' s="1"', inside: `<v>${chance.pick(['46112', '46112.5', '60', '-3', '1e9', '0'])}</v>` }),
      () => text(''),
    ])
    return [
      text(inventedCode(chance.below(100_000))),
      text(`Tornaforte ${n}`),
      text('professionista'),
      text('Quota annuale'),
      chance.happens(0.5) ? number('2026') : text('2026'),
      text(`Quota 2026 ${n}`),
      amount(),
      due(),
    ]
  })
  const merged = chance.happens(0.08) ? '<mergeCells count="1"><mergeCell ref="G2:G4"/></mergeCells>' : ''
  const lines = [HEADINGS.map(text), ...rows].map((cells, index) => {
    const inside = cells.map(({ attributes, inside }, column) => {
      const at = chance.happens(0.97) ? ` r="${String.fromCharCode(65 + column)}${index + 1}"` : ''
      return `<c${at}${attributes}>${inside}</c>`
    })
    return `<row r="${index + 1}">${inside.join('')}</row>`
  })
  return bookParts(lines.join(''), { strings: strings.join(''), merged, date1904: chance.happens(0.1) })
}

/** A workbook whose sheet holds these rows, as they are. Cell styles 1 and 2 are dates. */
export function bookParts(
  rows: string,
  { strings = '', merged = '', date1904 = false }: { strings?: string; merged?: string; date1904?: boolean } = {},
): Parts {
  const calendar = date1904 ? '<workbookPr date1904="1"/>' : ''
  return [
    ['[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${REL}">${calendar}<sheets><sheet name="Quote" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${[
        ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
        ['rId2', 'sharedStrings', 'sharedStrings.xml'],
        ['rId3', 'styles', 'styles.xml'],
      ]
        .map(([id, type, target]) => `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`)
        .join('')}</Relationships>`,
    ],
    [
      'xl/styles.xml',
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    ],
    [SHEET, `<?xml version="1.0"?><worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${merged}</worksheet>`],
    [STRINGS, `<sst xmlns="${MAIN}">${strings}</sst>`],
  ]
}

export const SHEET = 'xl/worksheets/sheet1.xml'
export const STRINGS = 'xl/sharedStrings.xml'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A CSV of a few quotas, as the records of its text. */
export function csvText(chance: Chance, separator: string): string {
  const quote = (value: string) =>
    value.includes(separator) || value.includes('"') || value.includes('\n') || chance.happens(0.2)
      ? `"${value.replaceAll('"', '""')}"`
      : value
  const rows = Array.from({ length: 6 }, (_, n) => [
    inventedCode(chance.below(100_000)),
    chance.pick([`Tornaforte ${n}`, `D’Albarosa «${n}»`, `Pràdovin "${n}"`, `Lo Cascetto${separator} ${n}`, `A\n${n}`]),
    'professionista',
    'Quota annuale',
    '2026',
    `Quota 2026 ${n}`,
    amountText(chance),
    chance.pick(['31/03/2026', '', '2026-03-31', '31-03-26']),
  ])
  const end = chance.pick(['\n', '\r\n', '\r'])
  const hint = chance.happens(0.1) ? `sep=${separator}${end}` : ''
  return hint + [[...HEADINGS], ...rows].map((row) => row.map(quote).join(separator)).join(end) + end
}

/** A page called .xls, as web programs export tables; `amounts` gets that of each row as written. */
export function pageText(chance: Chance, amounts: Map<number, string>): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  const rows = Array.from({ length: 4 }, (_, n) => {
    const amount = amountText(chance)
    amounts.set(n + 2, amount)
    return row(
      [
        inventedCode(chance.below(100_000)),
        `Tornaforte ${n}`,
        'professionista',
        'Quota annuale',
        '2026',
        `Quota ${n}`,
        amount,
        '31/03/2026',
      ],
      'td',
    )
  })
  return `<html><body><table>${row(HEADINGS, 'th')}${rows.join('')}</table></body></html>`
}

/** Cells of an old `.xls` of quotas: heading texts, then rows with the amount as a number. */
export function xlsRows(chance: Chance): (string | number)[][] {
  return [
    [...HEADINGS],
    ...Array.from({ length: 4 }, (_, n) => {
      const row: (string | number)[] = [inventedCode(chance.below(100_000)), `Tornaforte ${n}`, 'professionista']
      row.push('Quota annuale', 2026, `Quota ${n}`, chance.below(100_000) / 100, '31/03/2026')
      return row
    }),
  ]
}

/** What may be wrong with the entry of a part in the archive. */
export interface EntryDamage {
  readonly crc?: number
  readonly method?: number
  readonly flags?: number
  readonly offset?: number
  readonly size?: number
  readonly stored?: boolean
  /** In place of the content: what was compressed elsewhere. */
  readonly raw?: { readonly data: Buffer; readonly crc: number; readonly length: number }
}

/** A zip of these parts, each as damaged as asked. */
export function zipParts(parts: Parts, damage: ReadonlyMap<string, EntryDamage> = new Map()): Buffer {
  const local: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [path, content] of parts) {
    const { crc, method, flags = 0, offset, size, stored = false, raw } = damage.get(path) ?? {}
    const name = Buffer.from(path)
    const bytes = Buffer.from(content)
    const data = raw?.data ?? (stored ? bytes : deflateRawSync(bytes, { level: 1 }))
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(method ?? (stored ? 0 : 8), 4)
    fields.writeUInt32LE((crc ?? raw?.crc ?? crc32(bytes)) >>> 0, 10)
    fields.writeUInt32LE((size ?? data.length) >>> 0, 14)
    fields.writeUInt32LE(raw?.length ?? bytes.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((offset ?? at) >>> 0, 10)
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, data])
    local.push(header)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, name]))
    at += header.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...local, index, end])
}
