import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import { ProblemError, problem } from '#domain/problem'
import { type PngPixels, readPng } from './graphic-png.ts'
import type { ObjectSink } from './pdf/objects.ts'
import { drawSvg, type VectorDrawing } from './svg-draw.ts'
import { fixed } from './svg-ops.ts'
import { refuseLimit } from './svg-refuse.ts'

/** A logo or a mark ready for print. `width` and `height` give its shape only, in units of its own. */
export type Graphic = ({ readonly kind: 'vector' } & VectorDrawing) | ({ readonly kind: 'image' } & PngPixels)

export const MAX_GRAPHIC_BYTES = 1_048_576

/** What the bytes are, whatever their name says; null for neither. */
export function graphicFormat(bytes: Uint8Array): 'svg' | 'png' | null {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  return /^(?:\u00EF\u00BB\u00BF)?\s*</.test(head) || /^(?:\u00FF\u00FE<\0|\u00FE\u00FF\0<)/.test(head) ? 'svg' : null
}

/** Reads an SVG or a PNG by its content. @throws ProblemError GRAPHIC_*, with element and line where there are. */
export function readGraphic(bytes: Uint8Array): Graphic {
  const format = graphicFormat(bytes)
  if (format === null) throw new ProblemError(problem('GRAPHIC_KIND', { found: whatElse(bytes) }))
  if (bytes.length > MAX_GRAPHIC_BYTES) refuseHeavy(bytes.length)
  return format === 'png' ? { kind: 'image', ...readPng(bytes) } : { kind: 'vector', ...drawSvg(bytes) }
}

/** For files that are not worth reading whole. */
export function refuseHeavy(bytes: number): never {
  // Rounded up, so that what is over the limit never reads as the limit.
  const size = (Math.ceil((bytes / 1_048_576) * 10) / 10).toFixed(1).replace('.', ',')
  return refuseLimit(`pesa ${size} MB, al più può pesarne 1`)
}

const OTHERS: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xd8, 0xff], 'una fotografia JPEG'],
  [[0x25, 0x50, 0x44, 0x46], 'un PDF'],
  [[0x25, 0x21], 'un disegno PostScript (EPS)'],
  [[0x47, 0x49, 0x46, 0x38], 'una GIF'],
  [[0x42, 0x4d], 'una bitmap BMP'],
  [[0x1f, 0x8b], 'un SVG compresso (SVGZ)'],
  [[0x50, 0x4b], 'un archivio zip o un documento'],
  [[0x49, 0x49, 0x2a, 0], 'un’immagine TIFF'],
  [[0x4d, 0x4d, 0, 0x2a], 'un’immagine TIFF'],
  [[0x52, 0x49, 0x46, 0x46], 'un’immagine WebP'],
]

function whatElse(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'vuoto'
  return OTHERS.find(([start]) => startsWith(bytes, start))?.[1] ?? 'di un altro tipo'
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte)
}

/** Writes the drawing as a form or an image on the unit square and returns its object number. */
export function writeGraphic(sink: ObjectSink, graphic: Graphic): number {
  return graphic.kind === 'image' ? writeImage(sink, graphic) : writeForm(sink, graphic)
}

function writeForm(sink: ObjectSink, { ops, alphas }: VectorDrawing): number {
  const states = alphas.map(({ fill, stroke }, i) => `/A${i}<</ca ${fixed(fill, 4)}/CA ${fixed(stroke, 4)}>>`)
  const resources = states.length === 0 ? '<<>>' : `<</ExtGState<<${states.join('')}>>>>`
  return sink.deflated(`/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources${resources}`, ops, 9)
}

function writeImage(sink: ObjectSink, image: PngPixels): number {
  const head = `/Type/XObject/Subtype/Image/Width ${image.width}/Height ${image.height}/BitsPerComponent 8/Filter/FlateDecode`
  const mask =
    image.alpha === null
      ? ''
      : `/SMask ${sink.stream(`${head}/ColorSpace/DeviceGray`, deflateSync(image.alpha, { level: 9 }))} 0 R`
  return sink.stream(`${head}/ColorSpace/DeviceRGB${mask}`, deflateSync(image.rgb, { level: 9 }))
}
