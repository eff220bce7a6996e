import { Buffer } from 'node:buffer'
import type { FaceData } from './font-data.ts'
import { face as monoBold } from './fonts/roboto-mono-bold.ts'
import { face as monoRegular } from './fonts/roboto-mono-regular.ts'
import { face as bold } from './fonts/titillium-bold.ts'
import { face as regular } from './fonts/titillium-regular.ts'
import { face as semibold } from './fonts/titillium-semibold.ts'

/** A face ready to measure and write; `key` begins its resource names (`B0`, `B1`… for its subsets). */
export interface Font {
  readonly key: string
  readonly data: FaceData
  /** By UTF-16 code unit: subset number + 1 (0 = the face has no such character), glyph, width in thousandths. */
  readonly subset: Uint8Array
  readonly glyph: Uint8Array
  readonly width: Uint16Array
  /** Place of a code unit among the characters that kern, from 1; 0 = it never kerns. */
  readonly kern: Uint8Array
  /** Thousandths of an em by `kern` of the first times `kerns` plus `kern` of the second. */
  readonly kerning: Int16Array
  readonly kerns: number
  /** Texts set lately. */
  readonly known: Map<string, SetText>
}

/** A text as a face writes it, at any size. */
export interface SetText {
  /** The text as `printable` puts it, and without the blanks at its end. */
  readonly line: string
  readonly visible: string
  /** Operators that show it, by the resource name of the subset that each needs. */
  readonly parts: readonly { readonly resource: string; readonly show: string }[]
  /** Of both, in thousandths of the size, kerning included. */
  readonly width: number
  readonly visibleWidth: number
  /** The first character that the face cannot draw. */
  readonly missing: string | null
}

function load(key: string, data: FaceData): Font {
  const subset = new Uint8Array(65_536)
  const width = new Uint16Array(65_536)
  const glyph = new Uint8Array(65_536)
  data.subsets.forEach((part, n) => {
    ;[...part.chars].forEach((char, i) => {
      const code = char.charCodeAt(0)
      subset[code] = n + 1
      width[code] = part.widths[i] as number
      glyph[code] = part.glyphs[i] as number
    })
  })
  const kern = new Uint8Array(65_536)
  const kerns = (data.subsets[0]?.chars.length ?? 0) + 1
  ;[...(data.subsets[0]?.chars ?? '')].forEach((char, i) => {
    kern[char.charCodeAt(0)] = data.mono ? 0 : i + 1
  })
  const kerning = new Int16Array(kerns * kerns)
  for (const [by, pairs] of Object.entries(data.kerning)) {
    for (let i = 0; i < pairs.length; i += 2) {
      const [first, second] = [kern[pairs.charCodeAt(i)] as number, kern[pairs.charCodeAt(i + 1)] as number]
      kerning[first * kerns + second] = Number(by)
    }
  }
  return { key, data, subset, glyph, width, kern, kerning, kerns, known: new Map() }
}

export const REGULAR = load('R', regular)
export const SEMIBOLD = load('S', semibold)
export const BOLD = load('B', bold)
export const MONO = load('M', monoRegular)
export const MONO_BOLD = load('N', monoBold)

export const FONTS: readonly Font[] = [REGULAR, SEMIBOLD, BOLD, MONO, MONO_BOLD]

/**
 * What is drawn and measured: accents typed apart are joined, blanks of any kind are one kind, hyphens of word processors
 * are hyphens, characters without ink (soft hyphen, zero width) are left out.
 */
export function printable(text: string): string {
  let i = 0
  while (i < text.length && isPrintable(text.charCodeAt(i))) i++
  if (i === text.length) return text
  return text
    .normalize('NFC')
    .replace(/[\t\r\n\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g, '')
}

/** Latin letters and signs in one piece, and the dashes and quotes of good type: nothing to put right, as nearly always. */
function isPrintable(code: number): boolean {
  if (code < 0x7f) return code >= 0x20
  return (code >= 0xa0 && code < 0x300 && code !== 0xad) || (code >= 0x2012 && code <= 0x2027) || code === 0x20ac
}

/** The first character of `text` that the face cannot draw, or null. */
export function missingCharacter(font: Font, text: string): string | null {
  for (const char of text) if (char.length > 1 || font.subset[char.charCodeAt(0)] === 0) return char
  return null
}

/** Width in the unit of `size`, kerning included. */
export function measure(font: Font, size: number, text: string): number {
  return (advance(font, text) * size) / 1000
}

function advance({ width, kern, kerning, kerns }: Font, text: string): number {
  let total = 0
  let previous = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const next = kern[code] as number
    total += (width[code] as number) + (kerning[previous * kerns + next] as number)
    previous = next
  }
  return total
}

const MOST_KNOWN = 200

/** A name stands on a notice three times, its subject on all notices of a campaign: what was set lately is not set again. */
export function setText(font: Font, text: string): SetText {
  const { known } = font
  let set = known.get(text)
  if (set !== undefined) return set
  set = newText(font, printable(text))
  if (known.size === MOST_KNOWN) known.clear()
  known.set(text, set)
  return set
}

function newText(font: Font, line: string): SetText {
  const { subset, glyph, width, kern, kerning, kerns } = font
  const parts: { resource: string; show: string }[] = []
  if (line.length * MOST_BYTES > run.length) run = Buffer.alloc(line.length * MOST_BYTES)
  let at = 0
  let open = 0
  let kerned = false
  let whole = true
  let total = 0
  let previous = 0
  const close = (): void => {
    const show = run.toString('latin1', 0, at)
    if (open !== 0) parts.push({ resource: font.key + (open - 1), show: kerned ? `[(${show})]TJ` : `(${show})Tj` })
    at = 0
    kerned = false
  }
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i)
    const part = subset[code] as number
    if (part === 0) {
      whole = false
      continue
    }
    const next = kern[code] as number
    const by = kerning[previous * kerns + next] as number
    total += (width[code] as number) + by
    previous = next
    if (part !== open) {
      close()
      open = part
    } else if (by !== 0) {
      at += run.write(`)${-by}(`, at, 'latin1')
      kerned = true
    }
    // Two bytes, 0 and the glyph, escaped where a literal string asks it.
    const byte = glyph[code] as number
    run[at++] = 0
    if (byte === RETURN || byte === BACKSLASH || byte === OPENING || byte === CLOSING) run[at++] = BACKSLASH
    run[at++] = byte === RETURN ? LETTER_R : byte
  }
  close()
  const visible = line.endsWith(' ') ? line.trimEnd() : line
  const visibleWidth = visible === line ? total : advance(font, visible)
  return { line, visible, parts, width: total, visibleWidth, missing: whole ? null : missingCharacter(font, line) }
}

const [RETURN, OPENING, CLOSING, BACKSLASH, LETTER_R] = [13, 40, 41, 92, 114]

/** Of one character with its kerning. */
const MOST_BYTES = 12

/** Bytes of the text being set. */
let run = Buffer.alloc(4096)
