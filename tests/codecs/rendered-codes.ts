import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { QR_SIZE } from '#codecs/barcode/qr'
import type { CodeBox } from '#codecs/pdf/canvas'
import { has, readGreyWithZxing } from './pdf-tools.ts'

/** A page in black and white as PBM keeps it: eight pixels a byte, rows filled up, 1 is black. */
export interface RenderedPage {
  readonly bits: Uint8Array
  readonly width: number
  readonly height: number
}

/** Part of a page, one byte a pixel. */
export interface Grey {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

const DPI = 200
/** Files that one `dmtxread` gets. */
const GROUP = 20
/** Modules of white around a code: what its standard asks of the ground it is printed on. */
const QUIET = { qr: 4, dataMatrix: 2 }

/** Standard output of a program, as bytes; its exit code counts only where it said nothing. */
export function run(program: string, args: readonly string[], timeout = 60_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      [...args],
      { encoding: 'buffer', maxBuffer: 1 << 30, timeout },
      (error, stdout: Buffer, stderr: Buffer) => {
        if (error && stdout.length === 0) reject(new Error(`${program}: ${stderr.toString('utf8') || error.message}`))
        else resolve(stdout)
      },
    )
  })
}

/** Does `work` on each item, `lanes` at a time; results in the order of the items. */
export async function inLanes<T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++
      results[i] = await work(items[i] as T)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

/** All pages of a file as `pdftoppm` renders them at 200 dpi. */
export async function renderPages(path: string): Promise<RenderedPage[]> {
  const out = await run('pdftoppm', ['-r', String(DPI), '-mono', path])
  const pages: RenderedPage[] = []
  for (let at = 0; at < out.length; ) {
    const head = /^P4\s(\d+)\s(\d+)\s/.exec(out.toString('latin1', at, at + 40))
    if (!head) throw new Error('pdftoppm did not write a PBM')
    const [width, height] = [Number(head[1]), Number(head[2])]
    const length = Math.ceil(width / 8) * height
    at += head[0].length
    pages.push({ bits: out.subarray(at, at + length), width, height })
    at += length
  }
  return pages
}

/** The code's box and its quiet zone, cut out of the rendered page. `unit`: points of one unit of the box. */
export function cutCode(page: RenderedPage, box: CodeBox, unit: number): Grey {
  const scale = (unit * DPI) / 72
  const quiet = (box.side / box.modules) * (box.modules === QR_SIZE ? QUIET.qr : QUIET.dataMatrix)
  const left = Math.max(0, Math.round((box.x - quiet) * scale))
  const top = Math.max(0, Math.round((box.y - quiet) * scale))
  const width = Math.min(page.width, Math.round((box.x + box.side + quiet) * scale)) - left
  const height = Math.min(page.height, Math.round((box.y + box.side + quiet) * scale)) - top
  const stride = Math.ceil(page.width / 8)
  const pixels = new Uint8Array(width * height)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = left; x < left + width; x++, at++) {
      const byte = page.bits[(top + y) * stride + (x >> 3)] as number
      pixels[at] = (byte >> (7 - (x & 7))) & 1 ? 0 : 255
    }
  }
  return { pixels, width, height }
}

const pgm = ({ pixels, width, height }: Grey): Buffer =>
  Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), pixels])

/** What each picture's QR says, by `zbarimg`, or by zxing where it is not there; '' where none is found. */
export async function readQrs(pictures: readonly Grey[], folder: string): Promise<string[]> {
  if (!has('zbarimg')) return inLanes(pictures, 1, (picture) => readGreyWithZxing(picture, 'QRCode'))
  if (pictures.length === 0) return []
  const paths = await Promise.all(
    pictures.map(async (picture, i) => {
      const path = join(folder, `qr-${i}.pgm`)
      await writeFile(path, pgm(picture))
      return path
    }),
  )
  // One process for them all; its XML says which file each text comes from.
  const xml = (await run('zbarimg', ['-q', '--xml', '-Sdisable', '-Sqrcode.enable', ...paths])).toString('utf8')
  const said = new Map<string, string>()
  for (const [, href, inside] of xml.matchAll(/<source href='([^']*)'>([\s\S]*?)<\/source>/g)) {
    const texts = [...(inside as string).matchAll(/<data><!\[CDATA\[([\s\S]*?)\]\]><\/data>/g)]
    said.set(href as string, texts.map((text) => text[1]).join('\n'))
  }
  return paths.map((path) => said.get(path) ?? '')
}

/** What each picture's Data Matrix says, by `dmtxread`, or by zxing where it is not there; '' where none is found. */
export async function readDataMatrices(pictures: readonly Grey[], folder: string): Promise<string[]> {
  if (!has('dmtxread')) return inLanes(pictures, 1, (picture) => readGreyWithZxing(picture, 'DataMatrix'))
  const paths = await Promise.all(
    pictures.map(async (picture, i) => {
      const path = join(folder, `matrix-${i}.pgm`)
      await writeFile(path, pgm(picture))
      return path
    }),
  )
  const groups = Array.from({ length: Math.ceil(paths.length / GROUP) }, (_, i) =>
    paths.slice(i * GROUP, (i + 1) * GROUP),
  )
  return (await inLanes(groups, 2, readGroup)).flat()
}

/** Files in one process, unless one of them is not read: then it is not known which, and each is read by itself. */
async function readGroup(paths: readonly string[]): Promise<string[]> {
  // Without a time it would search without end where it sees nothing.
  const out = await run('dmtxread', ['-n', '-N1', '-m3000', ...paths]).catch(() => Buffer.alloc(0))
  const texts = out.toString('utf8').split('\n').slice(0, -1)
  if (texts.length === paths.length) return texts
  if (paths.length === 1) return ['']
  return (await inLanes(paths, 1, (path) => readGroup([path]))).flat()
}
