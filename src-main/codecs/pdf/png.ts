import { Buffer } from 'node:buffer'
import { deflateSync, inflateSync } from 'node:zlib'
import { ProblemError, problem } from '#domain/problem'
import type { ObjectSink } from './objects.ts'

export interface PngImage {
  readonly width: number
  readonly height: number
  /** 8-bit RGB, row by row. */
  readonly rgb: Buffer
  /** 8-bit opacity, null when every pixel is opaque. */
  readonly alpha: Buffer | null
}

/** A logo larger than this prints no better. */
const MAX_SIDE = 4000

function refuse(reason: string): never {
  throw new ProblemError(problem('LOGO_UNREADABLE', { reason }))
}

/** Channels by PNG colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** Decodes a PNG of 8 bits a channel, not interlaced. @throws ProblemError `LOGO_UNREADABLE` otherwise. */
export function readPng(bytes: Uint8Array): PngImage {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (file.length < 45 || file.readUInt32BE(0) !== 0x89504e47) refuse('non è un file PNG')
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  const channels = CHANNELS[file[25] as number]
  if (width === 0 || height === 0 || width > MAX_SIDE || height > MAX_SIDE) refuse(`misura ${width} × ${height} punti`)
  if (file[24] !== 8 || channels === undefined) refuse('non ha 8 bit per canale')
  if (file[28] !== 0) refuse('è interlacciato')
  let palette: Buffer | null = null
  let transparency: Buffer | null = null
  const data: Buffer[] = []
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at)
    const kind = file.toString('latin1', at + 4, at + 8)
    const body = file.subarray(at + 8, at + 8 + length)
    if (kind === 'PLTE') palette = body
    else if (kind === 'tRNS') transparency = body
    else if (kind === 'IDAT') data.push(body)
    at += 12 + length
  }
  const stride = width * channels
  let raw: Buffer
  try {
    raw = inflateSync(Buffer.concat(data), { maxOutputLength: (stride + 1) * height })
  } catch {
    refuse('i dati sono rovinati')
  }
  if (raw.length !== (stride + 1) * height) refuse('i dati sono incompleti')
  return toRgb(unfilter(raw, height, stride, channels), width, height, file[25] as number, palette, transparency)
}

function unfilter(raw: Buffer, height: number, stride: number, step: number): Buffer {
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] as number
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= step ? (out[at - step] as number) : 0
      const up = y > 0 ? (out[at - stride] as number) : 0
      const corner = x >= step && y > 0 ? (out[at - stride - step] as number) : 0
      const value = raw[y * (stride + 1) + 1 + x] as number
      out[at] = (value + predict(filter, left, up, corner)) & 255
    }
  }
  return out
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const p = left + up - corner
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

function toRgb(
  pixels: Buffer,
  width: number,
  height: number,
  type: number,
  palette: Buffer | null,
  transparency: Buffer | null,
): PngImage {
  const count = width * height
  const rgb = Buffer.alloc(count * 3)
  const alpha = Buffer.alloc(count, 255)
  for (let i = 0; i < count; i++) {
    if (type === 3) {
      const entry = pixels[i] as number
      for (let c = 0; c < 3; c++) rgb[i * 3 + c] = palette?.[entry * 3 + c] ?? 0
      alpha[i] = transparency?.[entry] ?? 255
    } else if (type === 0 || type === 4) {
      const step = type === 0 ? 1 : 2
      rgb.fill(pixels[i * step] as number, i * 3, i * 3 + 3)
      if (type === 4) alpha[i] = pixels[i * 2 + 1] as number
    } else {
      const step = type === 2 ? 3 : 4
      pixels.copy(rgb, i * 3, i * step, i * step + 3)
      if (type === 6) alpha[i] = pixels[i * 4 + 3] as number
    }
  }
  return { width, height, rgb, alpha: alpha.every((a) => a === 255) ? null : alpha }
}

/** Writes the image (and its mask) and returns its number. */
export function writeImage(sink: ObjectSink, image: PngImage): number {
  const head = `/Type/XObject/Subtype/Image/Width ${image.width}/Height ${image.height}/BitsPerComponent 8/Filter/FlateDecode`
  const mask =
    image.alpha === null
      ? ''
      : `/SMask ${sink.stream(`${head}/ColorSpace/DeviceGray`, deflateSync(image.alpha, { level: 9 }))} 0 R`
  return sink.stream(`${head}/ColorSpace/DeviceRGB${mask}`, deflateSync(image.rgb, { level: 9 }))
}
