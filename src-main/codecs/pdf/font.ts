import type { FaceData } from './font-data.ts'
import { face as monoBold } from './fonts/roboto-mono-bold.ts'
import { face as monoRegular } from './fonts/roboto-mono-regular.ts'
import { face as bold } from './fonts/titillium-bold.ts'
import { face as regular } from './fonts/titillium-regular.ts'
import { face as semibold } from './fonts/titillium-semibold.ts'

/** A face ready to measure and write; `key` begins its resource names (`B0`, `B1`, `B2` for its three subsets). */
export interface Font {
  readonly key: string
  readonly data: FaceData
  /** By UTF-16 code unit: subset number + 1 (0 = the face has no such character), glyph, width in thousandths. */
  readonly subset: Uint8Array
  readonly hex: readonly string[]
  readonly width: Uint16Array
  /** By `(previous << 16 | next)`, thousandths of an em. */
  readonly kerning: ReadonlyMap<number, number>
}

function load(key: string, data: FaceData): Font {
  const subset = new Uint8Array(65_536)
  const width = new Uint16Array(65_536)
  const hex: string[] = []
  data.subsets.forEach((part, n) => {
    ;[...part.chars].forEach((char, i) => {
      const code = char.charCodeAt(0)
      subset[code] = n + 1
      width[code] = part.widths[i] as number
      hex[code] = (part.glyphs[i] as number).toString(16).padStart(4, '0')
    })
  })
  const kerning = new Map<number, number>()
  for (const [by, pairs] of Object.entries(data.kerning)) {
    for (let i = 0; i < pairs.length; i += 2)
      kerning.set((pairs.charCodeAt(i) << 16) | pairs.charCodeAt(i + 1), Number(by))
  }
  return { key, data, subset, hex, width, kerning }
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
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .normalize('NFC')
    .replace(/[\t\r\n\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g, '')
}

/** The first character of `text` that the face cannot draw, or null. */
export function missingCharacter(font: Font, text: string): string | null {
  for (const char of text) if (char.length > 1 || font.subset[char.charCodeAt(0)] === 0) return char
  return null
}

/** Width in the unit of `size`, kerning included. */
export function measure(font: Font, size: number, text: string): number {
  let total = 0
  let previous = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    total += font.width[code] as number
    if (i > 0 && font.kerning.size > 0) total += font.kerning.get((previous << 16) | code) ?? 0
    previous = code
  }
  return (total * size) / 1000
}

/** Operators that show `text` at the current place; `use` is told each subset (resource name) that they need. */
export function showText(font: Font, size: string, text: string, use: (resource: string) => void): string {
  let out = ''
  let open = 0
  let run = ''
  let previous = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const subset = font.subset[code] as number
    if (subset !== open) {
      if (open !== 0) out += `[<${run}>]TJ `
      const resource = `${font.key}${subset - 1}`
      use(resource)
      out += `/${resource} ${size} Tf `
      run = ''
      open = subset
    } else if (font.kerning.size > 0) {
      const by = font.kerning.get((previous << 16) | code)
      if (by !== undefined) run += `>${-by}<`
    }
    run += font.hex[code]
    previous = code
  }
  return `${out}[<${run}>]TJ`
}
