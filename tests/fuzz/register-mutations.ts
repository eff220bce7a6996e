import { biff, wide, xlsOf } from '../codecs/xls-samples.ts'
import type { Chance } from './random.ts'
import { amountNumber, amountText } from './register-amounts.ts'
import {
  AMOUNT,
  csvText,
  type EntryDamage,
  type Parts,
  pageText,
  SHEET,
  STRINGS,
  workbookParts,
  xlsRows,
  zipParts,
} from './register-files.ts'

/** What the file that was made says, for whoever reads it apart. */
export type Truth =
  | { readonly kind: 'workbook'; readonly sheet: string; readonly strings: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Amount of each row, from 1: a text as written, or euro. */
  | { readonly kind: 'amounts'; readonly amounts: ReadonlyMap<number, string | number> }
  /** Damage below the cells: nothing is known but that the program must not fall. */
  | { readonly kind: 'none' }

export interface FuzzCase {
  readonly family: string
  readonly bytes: Uint8Array
  readonly truth: Truth
}

const FAMILIES: readonly (readonly [number, string, (chance: Chance) => Omit<FuzzCase, 'family'>])[] = [
  [22, 'cells', cells],
  [28, 'xml', xml],
  [14, 'entries', entries],
  [12, 'bytes', bytes],
  [16, 'csv', csv],
  [4, 'page', page],
  [4, 'xls', xls],
]

/** The case that this number names. */
export function fuzzCase(chance: Chance): FuzzCase {
  let at = chance.below(100)
  for (const [weight, family, make] of FAMILIES) {
    if (at < weight) return { family, ...make(chance) }
    at -= weight
  }
  throw new Error('the weights are not a hundred')
}

function truthOf(parts: Parts): Truth {
  const of = (path: string) => parts.find(([name]) => name === path)?.[1] ?? ''
  return { kind: 'workbook', sheet: of(SHEET), strings: of(STRINGS) }
}

/** Nothing damaged: every form of cell. */
function cells(chance: Chance) {
  const parts = workbookParts(chance)
  return { bytes: zipParts(parts), truth: truthOf(parts) }
}

const SCRAPS = [
  ...['<', '>', '/>', '"', '&', '&amp;', '&#x32;', '&#0;', '&big;', ']]>', '<![CDATA[5]]>', '<!-- 5 -->', '<?x y?>'],
  ...[
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '</row>',
    '</c>',
    '<row>',
    '<c>',
    '<v>9</v>',
    '<v/>',
    '<f>1</f>',
    '</sheetData>',
  ],
  ...[
    ' r="A1"',
    ' r="G2"',
    ' r="ZZZZZZZ9"',
    ' r="7"',
    ' t="s"',
    ' t="b"',
    ' t="e"',
    ' s="1"',
    ' s="-1"',
    ' x="',
    '\u0000',
  ],
  ...['0', '9', '-', ',', '.', 'e9', ' ', '\u00a0', '\u202e', '\ud83d', '_x000D_', '<row r="2"></row>', '<row r="-1">'],
  ...['<row r="1e9"/>', '<row r="NaN"/>', '<t>9</t>', '<rPh><t>9</t></rPh>', '<mergeCell ref="A1:Z99"/>', '\ufeff'],
]

/** Tags, attributes and values of the parts moved, doubled, cut and replaced; the archive is whole. */
function xml(chance: Chance) {
  const parts = workbookParts(chance)
  const times = 1 + chance.below(3)
  for (let i = 0; i < times; i += 1) {
    const which = chance.happens(0.75) ? parts.findIndex(([path]) => path === SHEET) : chance.below(parts.length)
    const [path, content] = parts[which] as Parts[number]
    parts[which] = [path, scramble(chance, content)]
  }
  return { bytes: zipParts(parts), truth: truthOf(parts) }
}

function scramble(chance: Chance, text: string): string {
  const at = chance.below(text.length + 1)
  const token = /<[^>]*>|[^<]+/g
  switch (chance.below(8)) {
    case 0:
      return text.slice(0, at) + chance.pick(SCRAPS) + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + chance.below(30))
    case 2: {
      const from = chance.below(text.length)
      return text.slice(0, at) + text.slice(from, from + chance.below(200)) + text.slice(at)
    }
    case 3: {
      // A whole tag, or a text between tags, is something else.
      const tokens = text.match(token) ?? []
      tokens[chance.below(tokens.length)] = chance.pick([...SCRAPS, ...tokens])
      return tokens.join('')
    }
    case 4: {
      const tokens = text.match(token) ?? []
      const [a, b] = [chance.below(tokens.length), chance.below(tokens.length)]
      const kept = tokens[a] as string
      tokens[a] = tokens[b] as string
      tokens[b] = kept
      return tokens.join('')
    }
    case 5:
      return text.replaceAll(/<v>[^<]*<\/v>/g, (v) => (chance.happens(0.1) ? `<v>${amountNumber(chance)}</v>` : v))
    case 6:
      return text.replaceAll(/ (r|t|s)="[^"]*"/g, (a) => (chance.happens(0.03) ? chance.pick(['', ...SCRAPS]) : a))
    default:
      return text.slice(0, at)
  }
}

/** Parts lost, doubled, renamed, swapped; entries that lie of size, check sum, method and place. */
function entries(chance: Chance): Omit<FuzzCase, 'family'> {
  const parts = workbookParts(chance)
  const damage = new Map<string, EntryDamage>()
  const [path, content] = chance.pick(parts)
  const at = parts.findIndex((part) => part[0] === path)
  const other = chance.below(parts.length)
  const lie = chance.pick<() => unknown>([
    () => parts.splice(at, 1),
    () => parts.push([path, content]),
    () =>
      parts.splice(at, 1, [chance.pick(['../../x', `/${path}`, path.toUpperCase(), '', 'xl/workbook.bin']), content]),
    () => parts.splice(at, 1, [path, (parts[other] as Parts[number])[1]]),
    () => damage.set(path, { crc: chance.below(2 ** 31) }),
    () => damage.set(path, { method: chance.pick([0, 1, 9, 12, 99, 65_535]) }),
    () => damage.set(path, { flags: chance.pick([1, 8, 64, 2048, 65_535]) }),
    () => damage.set(path, { offset: chance.pick([0, 1, 30, 99_999, 2 ** 32 - 1]) }),
    () => damage.set(path, { size: chance.pick([0, 1, 7, 99_999, 2 ** 32 - 1]) }),
    () => damage.set(path, { stored: true }),
    () => parts.splice(at, 1, [path, '']),
    () => parts.splice(at, 1, [path, '\ufeff'.repeat(chance.below(3)) + content]),
  ])
  lie()
  const known = damage.size > 0 && parts.length === 6
  return { bytes: zipParts(parts, damage), truth: known ? truthOf(parts) : { kind: 'none' } }
}

/** Bytes of a whole file changed, cut, put in and doubled. What is in the archive is guarded by its check sums. */
function bytes(chance: Chance): Omit<FuzzCase, 'family'> {
  const parts = workbookParts(chance)
  return { bytes: damaged(chance, zipParts(parts)), truth: truthOf(parts) }
}

function damaged(chance: Chance, original: Buffer): Buffer {
  let file = original
  for (let i = 1 + chance.below(4); i > 0; i -= 1) {
    const at = chance.below(file.length + 1)
    const from = chance.below(file.length + 1)
    file = chance.pick<() => Buffer>([
      () => Buffer.concat([file.subarray(0, at), chance.bytes(1), file.subarray(at + 1)]),
      () => Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + chance.below(64))]),
      () => Buffer.concat([file.subarray(0, at), chance.bytes(1 + chance.below(8)), file.subarray(at)]),
      () => Buffer.concat([file.subarray(0, at), file.subarray(from, from + chance.below(300)), file.subarray(at)]),
      () => file.subarray(0, at),
    ])()
  }
  return file
}

const ENCODINGS = ['utf8', 'utf8', 'utf8-mark', 'utf16le', 'utf16le-mark', 'utf16be-mark', 'latin1'] as const

function encode(text: string, encoding: (typeof ENCODINGS)[number]): Buffer {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text)
    case 'utf8-mark':
      return Buffer.from(`\ufeff${text}`)
    case 'utf16le':
      return wide(text)
    case 'utf16le-mark':
      return wide(`\ufeff${text}`)
    case 'utf16be-mark':
      return wide(`\ufeff${text}`).swap16()
    case 'latin1':
      return Buffer.from(narrow(text), 'latin1')
  }
}

/** What has no place in one byte becomes a question mark. */
function narrow(text: string): string {
  return [...text].map((c) => (c.charCodeAt(0) < 256 ? c : '?')).join('')
}

function csv(chance: Chance): Omit<FuzzCase, 'family'> {
  const separator = chance.pick([';', ',', '\t', '|'])
  let text = csvText(chance, separator)
  for (let i = chance.below(4); i > 0; i -= 1) {
    const at = chance.below(text.length + 1)
    const scrap = chance.pick([
      '"',
      '""',
      separator,
      '\n',
      '\r',
      ' ',
      '\u0000',
      '\ufeff',
      '=1+1',
      amountText(chance),
      '\ud800',
    ])
    text = chance.pick([
      () => text.slice(0, at) + scrap + text.slice(at),
      () => text.slice(0, at) + text.slice(at + 1 + chance.below(20)),
      () => text.slice(0, at),
    ])()
  }
  const encoding = chance.pick(ENCODINGS)
  const file = encode(text, encoding)
  if (chance.happens(0.15)) return { bytes: damaged(chance, file), truth: { kind: 'none' } }
  const said = encoding === 'latin1' ? narrow(text) : text
  return { bytes: file, truth: { kind: 'text', text: said } }
}

function page(chance: Chance): Omit<FuzzCase, 'family'> {
  const amounts = new Map<number, string>()
  let text = pageText(chance, amounts)
  const times = chance.below(4)
  for (let i = times; i > 0; i -= 1) {
    const at = chance.below(text.length + 1)
    const scrap = chance.pick([
      '<td>',
      '</td>',
      '<tr>',
      '</table>',
      '<table>',
      '<td colspan="3">',
      '<td rowspan=9>',
      '&amp;',
      '<!--',
      '<script>',
      '"',
      '\u0000',
    ])
    text = chance.happens(0.5)
      ? text.slice(0, at) + scrap + text.slice(at)
      : text.slice(0, at) + text.slice(at + chance.below(30))
  }
  return { bytes: Buffer.from(text), truth: times === 0 ? { kind: 'amounts', amounts } : { kind: 'none' } }
}

function xls(chance: Chance): Omit<FuzzCase, 'family'> {
  const rows = xlsRows(chance)
  const amounts = new Map(rows.slice(1).map((row, n) => [n + 2, row[AMOUNT] as number]))
  const records = rows.flatMap((row, r) =>
    row.map((value, c) => {
      const place = Buffer.alloc(6)
      place.writeUInt16LE(r, 0)
      place.writeUInt16LE(c, 2)
      if (typeof value === 'number') {
        const data = Buffer.alloc(8)
        data.writeDoubleLE(value)
        return biff(0x203, place, data)
      }
      const head = Buffer.alloc(3)
      head.writeUInt16LE(value.length, 0)
      head[2] = 1
      return biff(0x204, place, head, wide(value))
    }),
  )
  const file = xlsOf(records)
  if (chance.happens(0.1)) return { bytes: file, truth: { kind: 'amounts', amounts } }
  return { bytes: damaged(chance, file), truth: { kind: 'none' } }
}
