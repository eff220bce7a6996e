import { Buffer } from 'node:buffer'
import { inflateSync } from 'node:zlib'
import { convertIndexedToRgb, decode } from 'fast-png'
import { refuseBroken, refuseLimit } from './svg-refuse.ts'

export interface PngPixels {
  readonly width: number
  readonly height: number
  /** 8-bit RGB, row by row. */
  readonly rgb: Uint8Array
  /** 8-bit opacity, null when every pixel is opaque. */
  readonly alpha: Uint8Array | null
}

const MAX_SIDE = 4000
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly type: number
  readonly interlaced: boolean
}

/** Decodes a PNG of any colour type and depth. @throws ProblemError GRAPHIC_BROKEN, GRAPHIC_LIMIT. */
export function readPng(bytes: Uint8Array): PngPixels {
  const { header, clean } = picture(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  try {
    return toRgb(decode(clean), header)
  } catch {
    return refuseBroken('i dati dell’immagine sono rovinati')
  }
}

/**
 * The file with only the chunks that make the picture, its data inflated once to their exact size: the decoder inflates
 * whatever it is given, colour profiles and comments included.
 */
function picture(file: Buffer): { header: Header; clean: Buffer } {
  if (file.length < 33 || file.toString('latin1', 12, 16) !== 'IHDR') refuseBroken('non è un PNG intero')
  const header: Header = {
    width: file.readUInt32BE(16),
    height: file.readUInt32BE(20),
    depth: file[24] as number,
    type: file[25] as number,
    interlaced: file[28] === 1,
  }
  const { width, height } = header
  if (header.interlaced && header.depth < 8) {
    refuseBroken('è interlacciato con meno di 8 bit per canale; salvato senza interlacciamento va bene')
  }
  if (width === 0 || height === 0) refuseBroken('non ha misure')
  if (width > MAX_SIDE || height > MAX_SIDE) {
    refuseLimit(`misura ${width} × ${height} punti, al più possono essere ${MAX_SIDE} per lato`)
  }
  const kept: Buffer[] = [file.subarray(0, 33)]
  const data: Buffer[] = []
  let isWhole = false
  for (let at = 33; at + 12 <= file.length && !isWhole; ) {
    const end = at + 12 + file.readUInt32BE(at)
    const kind = file.toString('latin1', at + 4, at + 8)
    if (end > file.length) break
    if (kind === 'IDAT') data.push(file.subarray(at + 8, end - 4))
    if (['PLTE', 'tRNS', 'IDAT', 'IEND'].includes(kind)) kept.push(file.subarray(at, end))
    isWhole = kind === 'IEND'
    at = end
  }
  if (!isWhole || data.length === 0) refuseBroken('l’immagine finisce prima del tempo')
  const expected = inflatedLength(header)
  if (inflated(Buffer.concat(data), expected)?.length !== expected) refuseBroken('i dati dell’immagine sono rovinati')
  return { header, clean: Buffer.concat(kept) }
}

function inflated(data: Buffer, limit: number): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: limit })
  } catch {
    return null
  }
}

/** Origin and step of Adam7's seven passes. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** Bytes of the rows, each with its filter byte. */
function inflatedLength({ width, height, depth, type, interlaced }: Header): number {
  const bits = (CHANNELS[type] ?? refuseBroken('il suo tipo di colore è sconosciuto')) * depth
  const rows = (w: number, h: number) => (w === 0 ? 0 : (Math.ceil((w * bits) / 8) + 1) * h)
  if (!interlaced) return rows(width, height)
  return PASSES.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + rows(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0,
  )
}

function toRgb(png: ReturnType<typeof decode>, { width, height, depth, type }: Header): PngPixels {
  const count = width * height
  const rgb = new Uint8Array(count * 3)
  const alpha = new Uint8Array(count).fill(255)
  if (type === 3) {
    const colours = convertIndexedToRgb(png)
    const step = colours.length / count
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < 3; c++) rgb[i * 3 + c] = colours[i * step + c] as number
      if (step === 4) alpha[i] = colours[i * 4 + 3] as number
    }
  } else {
    const channels = CHANNELS[type] as number
    const full = depth < 8 ? unpacked(png.data, width * channels, height, depth) : png.data
    const eight = toEightBits(full, depth)
    const [second, third] = channels < 3 ? [0, 0] : [1, 2]
    const opacity = channels === 2 || channels === 4 ? channels - 1 : null
    for (let i = 0, at = 0; i < count; i++, at += channels) {
      rgb[i * 3] = eight[at] as number
      rgb[i * 3 + 1] = eight[at + second] as number
      rgb[i * 3 + 2] = eight[at + third] as number
      if (opacity !== null) alpha[i] = eight[at + opacity] as number
    }
    // One colour of the kinds without opacity may stand for «transparent», compared at full depth.
    const clear = png.transparency
    if (opacity === null && clear && clear.length >= channels) {
      for (let i = 0; i < count; i++) {
        let c = 0
        while (c < channels && full[i * channels + c] === clear[c]) c += 1
        if (c === channels) alpha[i] = 0
      }
    }
  }
  return { width, height, rgb, alpha: alpha.every((a) => a === 255) ? null : alpha }
}

/** One sample an entry; in the file the rows begin on a byte. */
function unpacked(data: ArrayLike<number>, perRow: number, rows: number, depth: number): Uint8Array {
  const out = new Uint8Array(perRow * rows)
  const stride = Math.ceil((perRow * depth) / 8)
  const mask = 2 ** depth - 1
  for (let i = 0; i < out.length; i++) {
    const bit = (i % perRow) * depth
    const byte = data[Math.floor(i / perRow) * stride + (bit >> 3)] as number
    out[i] = (byte >> (8 - depth - (bit & 7))) & mask
  }
  return out
}

function toEightBits(samples: ArrayLike<number>, depth: number): ArrayLike<number> {
  if (depth === 8) return samples
  const out = new Uint8Array(samples.length)
  const step = 255 / (2 ** depth - 1)
  for (let i = 0; i < out.length; i++) {
    const value = samples[i] as number
    out[i] = depth === 16 ? value >> 8 : value * step
  }
  return out
}
