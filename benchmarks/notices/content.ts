// What stands on the sample notice, for the peers: texts with face, size and place, and both codes.
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inflateSync } from 'node:zlib'
import { encodeDataMatrix } from '#codecs/barcode/data-matrix'
import { encodeQr, QR_SIZE } from '#codecs/barcode/qr'
import { BOLD, type Font, MONO, MONO_BOLD, measure, REGULAR } from '#codecs/pdf/font'
import { layNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { type NoticeData, type NoticePayment, noticeQrText } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { postalSlipText } from '#domain/postal-slip'
import { INPUT, notice } from './sample.ts'

const FONTS = { regular: REGULAR, bold: BOLD, mono: MONO, monoBold: MONO_BOLD } as const
export type FaceName = keyof typeof FONTS

const PACKAGES: Readonly<Record<FaceName, string>> = {
  regular: 'titillium-web/files/titillium-web-latin-400-normal',
  bold: 'titillium-web/files/titillium-web-latin-700-normal',
  mono: 'roboto-mono/files/roboto-mono-latin-400-normal',
  monoBold: 'roboto-mono/files/roboto-mono-latin-700-normal',
}

export interface Run {
  readonly text: string
  readonly face: FaceName
  /** Points from the top left corner; `base` is the base line. */
  readonly size: number
  readonly x: number
  readonly base: number
}

export interface Code {
  readonly modules: Uint8Array
  readonly count: number
  readonly x: number
  readonly y: number
  readonly side: number
}

export interface Content {
  readonly runs: readonly Run[]
  readonly codes: readonly Code[]
}

const PLACEHOLDERS = {
  number: groupNoticeNumber((notice(0).single as NoticePayment).noticeNumber),
  name: 'Maria Antonia Persona Inventata 0',
  address: 'Via delle Prove 0',
}
const PIXEL = 0.75
const kit = prepareNoticeKit(INPUT)
const [page] = layNotice(notice(0), kit)
if (page === undefined) throw new Error('no page')
const LAYOUT = page.boxes.map((box): Run => {
  const size = (box.bottom - box.top) / 0.96
  const width = box.right - box.left
  // Both mono faces are equally wide: the bold one prints all that is larger than the small print.
  const faces = (Object.entries(FONTS) as [FaceName, Font][]).filter(([name]) => name !== 'mono' || size < 12)
  const [face] = faces
    .map(([name, font]) => [name, Math.abs(measure(font, size, box.text) - width)] as const)
    .reduce((best, one) => (one[1] < best[1] ? one : best))
  return {
    text: box.text,
    face,
    size: size * PIXEL,
    x: box.left * PIXEL,
    base: (box.top + size * 0.74) * PIXEL,
  }
})
const PLACES = page.codes
const AMOUNT = '100,00'

/** Laying out once is a gift to the peers: theirs are the texts of `notice(n)` at the places of `notice(0)`. */
export function contentOf(n: number): Content {
  const data = notice(n)
  const payment = data.single as NoticePayment
  const runs = LAYOUT.map((run) => ({
    ...run,
    text: run.text
      .replace(PLACEHOLDERS.number, groupNoticeNumber(payment.noticeNumber))
      .replace(PLACEHOLDERS.name, data.debtor.name)
      .replace(PLACEHOLDERS.address, data.debtor.addressLines[0] as string)
      .replace(AMOUNT, (payment.cents / 100).toFixed(2).replace('.', ',')),
  }))
  return { runs, codes: PLACES.map((place) => ({ ...codeOf(place.modules, data, payment), ...scaled(place) })) }
}

function scaled({ x, y, side }: { x: number; y: number; side: number }): { x: number; y: number; side: number } {
  return { x: x * PIXEL, y: y * PIXEL, side: side * PIXEL }
}

function codeOf(modules: number, data: NoticeData, payment: NoticePayment): { modules: Uint8Array; count: number } {
  const { creditor } = INPUT
  const { postal } = creditor
  if (modules === QR_SIZE) {
    const text = noticeQrText(payment.noticeNumber, creditor.fiscalCode, payment.cents)
    return { modules: encodeQr(text).modules, count: QR_SIZE }
  }
  if (postal === null) throw new Error('the sample has a postal slip')
  const matrix = encodeDataMatrix(postalSlipText(payment, { ...creditor, postal }, data.debtor, data.subject))
  return { modules: matrix.modules, count: matrix.size }
}

/** Grey bands of the page, in points: left, top, width, height. */
export const BANDS = [
  [0, 124.5, 294.75, 23.25],
  [300.75, 124.5, 294.75, 23.25],
  [0, 254.25, 294.75, 22.5],
  [300.75, 254.25, 294.75, 22.5],
  [0, 399, 595.5, 22.5],
  [0, 570, 595.5, 22.5],
] as const

/** Horizontal runs of dark modules: column, row, length. */
export function* darkRuns({ modules, count }: Code): Generator<[number, number, number]> {
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const start = column
      while (column < count && modules[row * count + column] === 1) column++
      if (column > start) yield [start, row, column - start]
    }
  }
}

const require = createRequire(import.meta.url)

export const TRUETYPE = Object.fromEntries(
  Object.entries(PACKAGES).map(([name, file]) => [
    name,
    unwrapWoff(readFileSync(require.resolve(`@fontsource/${file}.woff`))),
  ]),
) as Readonly<Record<FaceName, Buffer>>

/** WOFF 1 to the TrueType that it wraps. */
function unwrapWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  const head = Buffer.alloc(12 + count * 16)
  woff.copy(head, 0, 4, 8)
  head.writeUInt16BE(count, 4)
  const tables: Buffer[] = []
  let offset = head.length
  for (let i = 0; i < count; i++) {
    const entry = 44 + i * 20
    const at = woff.readUInt32BE(entry + 4)
    const packed = woff.subarray(at, at + woff.readUInt32BE(entry + 8))
    const length = woff.readUInt32BE(entry + 12)
    const table = packed.length < length ? inflateSync(packed) : packed
    woff.copy(head, 12 + i * 16, entry, entry + 4)
    head.writeUInt32BE(woff.readUInt32BE(entry + 16), 16 + i * 16)
    head.writeUInt32BE(offset, 20 + i * 16)
    head.writeUInt32BE(length, 24 + i * 16)
    tables.push(Buffer.concat([table, Buffer.alloc((4 - (length % 4)) % 4)]))
    offset += length + ((4 - (length % 4)) % 4)
  }
  return Buffer.concat([head, ...tables])
}
