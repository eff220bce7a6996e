// Notices a second in memory: our writer against pdf-lib used plainly (same texts, same places, same QR from our encoder,
// fonts embedded whole). Rounds interleaved, medians of three. Prints a table and one JSON line.
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inflateSync } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import { encodeQr, QR_SIZE } from '#codecs/barcode/qr'
import { mergeNotices } from '#codecs/pdf/merge'
import { drawNotice, drawNoticePage, prepareNoticeKit } from '#codecs/pdf/notice'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { type NoticeData, noticeQrText } from '#domain/notice'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'

const require = createRequire(import.meta.url)
const kit = prepareNoticeKit({
  fiscalCode: '80087670016',
  name: 'Ordine dei Periti Inventati di Prova',
  office: 'Segreteria',
  info: null,
  cbill: 'AB12C',
  online: 'site',
})

function notice(n: number): NoticeData {
  return {
    noticeNumber: composeNoticeNumber('01' as SegregationCode, 2_026_000_000_000 + n).noticeNumber,
    cents: cents(10_000 + n),
    dueDate: isoDate('2026-03-31'),
    subject: 'Quota annuale di iscrizione all’albo 2026',
    debtor: {
      name: `Persona Inventata ${n}`,
      fiscalCode: 'DNGDAA80A41H501B',
      addressLines: ['Via delle Prove 12', '10100 Torino (TO)'],
    },
  }
}

/** WOFF 1 to the TrueType that it wraps: pdf-lib embeds files as they are. */
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

const faces = [
  'titillium-web/files/titillium-web-latin-400-normal',
  'titillium-web/files/titillium-web-latin-700-normal',
].map((file) => unwrapWoff(readFileSync(require.resolve(`@fontsource/${file}.woff`))))

async function plainPdfLib(data: NoticeData): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.registerFontkit(require('fontkit'))
  const fonts = await Promise.all(faces.map((face) => document.embedFont(face)))
  const page = document.addPage([595.28, 841.89])
  drawNoticePage(data, kit).boxes.forEach((box, i) => {
    const size = ((box.bottom - box.top) / 0.96) * 0.75
    const font = fonts[i % fonts.length]
    if (font) page.drawText(box.text, { x: box.left * 0.75, y: 841.89 - box.bottom * 0.75 + size * 0.22, size, font })
  })
  const { modules } = encodeQr(noticeQrText(data.noticeNumber, kit.creditor.fiscalCode, data.cents))
  const side = 70.5 / QR_SIZE
  modules.forEach((dark, i) => {
    if (dark === 0) return
    const x = 28.5 + (i % QR_SIZE) * side
    page.drawRectangle({ x, y: 403.14 - Math.floor(i / QR_SIZE) * side - side, width: side, height: side })
  })
  return document.save()
}

async function rate(
  count: number,
  draw: (n: number) => Uint8Array | Promise<Uint8Array>,
): Promise<{ perSecond: number; bytes: number }> {
  let bytes = 0
  const start = performance.now()
  for (let n = 0; n < count; n++) bytes = (await draw(n)).length
  return { perSecond: (count / (performance.now() - start)) * 1000, bytes }
}

async function mergedRate(count: number): Promise<{ perSecond: number; bytes: number }> {
  function* all(): Generator<NoticeData> {
    for (let n = 0; n < count; n++) yield notice(n)
  }
  let bytes = 0
  const start = performance.now()
  for await (const chunk of mergeNotices(all(), kit, { title: 'Avvisi', author: 'Prova', subject: '' }))
    bytes += chunk.length
  return { perSecond: (count / (performance.now() - start)) * 1000, bytes: bytes / count }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
const candidates = [
  { name: 'ours, one file each', run: () => rate(2000, (n) => drawNotice(notice(n), kit)) },
  { name: 'ours, merged', run: () => mergedRate(2000) },
  { name: 'pdf-lib, plainly', run: () => rate(30, (n) => plainPdfLib(notice(n))) },
]
const results = new Map<string, { perSecond: number; bytes: number }[]>(candidates.map(({ name }) => [name, []]))
await rate(200, (n) => drawNotice(notice(n), kit))
await rate(3, (n) => plainPdfLib(notice(n)))
for (let round = 0; round < 3; round++) for (const { name, run } of candidates) results.get(name)?.push(await run())

const rows = [...results].map(([name, runs]) => ({
  name,
  perSecond: Math.round(median(runs.map((r) => r.perSecond)) * 10) / 10,
  bytes: Math.round(median(runs.map((r) => r.bytes))),
}))
for (const row of rows)
  console.log(
    `${row.name.padEnd(22)} ${String(row.perSecond).padStart(9)} notices/s ${String(row.bytes).padStart(8)} bytes`,
  )
const [ours, , plain] = rows
console.log(
  JSON.stringify({
    benchmark: 'notices',
    rows,
    ratio: Math.round(((ours?.perSecond ?? 0) / (plain?.perSecond ?? 1)) * 10) / 10,
  }),
)
