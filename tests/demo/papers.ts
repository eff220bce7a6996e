import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { has, openPdf, pageTexts } from '../codecs/pdf-tools.ts'

const run = promisify(execFile)
const withQpdf = has('qpdf')
const withZbar = has('pdftoppm') && has('zbarimg')
const withText = has('pdftotext')

export const JUDGES = `qpdf ${withQpdf}, zbarimg ${withZbar}, pdftotext ${withText}`

/** What `qpdf --check` complains of, empty when nothing (or when qpdf is not there). */
export async function complaints(path: string): Promise<string> {
  if (!withQpdf) return ''
  const { stdout, stderr } = await run('qpdf', ['--check', path]).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return `${stdout}${stderr}`.includes('No syntax or stream encoding errors found') && stderr === ''
    ? ''
    : stdout + stderr
}

/** Every QR code of a notice as the payer's camera reads it: its pages, printed at 150 dots per inch. */
export async function qrsOf(path: string): Promise<string[]> {
  if (!withZbar) return qrsWithZxing(await readFile(path))
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-qr-'))
  try {
    await run('pdftoppm', ['-r', '150', '-gray', path, join(folder, 'page')])
    const found: string[] = []
    for (const page of (await readdir(folder)).sort()) {
      // It ends with 4 where a page has no code.
      const only = ['--set', 'disable', '--set', 'qrcode.enable']
      const { stdout } = await run('zbarimg', ['-q', '--raw', ...only, join(folder, page)]).catch(
        (error: { code: number; stdout: string }) => {
          if (error.code !== 4) throw error
          return error
        },
      )
      found.push(...stdout.split('\n').filter((line) => line !== ''))
    }
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Where the machine has no reader: pdf.js draws the pages, zxing reads them. */
async function qrsWithZxing(bytes: Uint8Array): Promise<string[]> {
  const require = createRequire(import.meta.url)
  const { createCanvas } = createRequire(require.resolve('pdfjs-dist/package.json'))('@napi-rs/canvas') as {
    createCanvas(w: number, h: number): { getContext(kind: '2d'): CanvasRenderingContext2D }
  }
  const wasmBinary = new Uint8Array(await readFile(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))).buffer
  prepareZXingModule({ overrides: { wasmBinary } })
  const document = await openPdf(bytes)
  const found: string[] = []
  for (let n = 1; n <= document.numPages; n += 1) {
    const page = await document.getPage(n)
    const viewport = page.getViewport({ scale: 200 / 72 })
    const [width, height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)]
    const canvas = createCanvas(width, height)
    const canvasContext = canvas.getContext('2d')
    await page.render({ canvas: canvas as unknown as HTMLCanvasElement, canvasContext, viewport }).promise
    const picture = canvasContext.getImageData(0, 0, width, height) as ImageData
    for (const code of await readBarcodes(picture, { formats: ['QRCode'] })) found.push(code.text)
  }
  await document.loadingTask.destroy()
  return found
}

/** How many pages the paper has. */
export async function pagesOf(path: string): Promise<number> {
  const document = await openPdf(await readFile(path))
  const { numPages } = document
  await document.loadingTask.destroy()
  return numPages
}

export async function textOf(path: string): Promise<string> {
  if (!withText) return (await pageTexts(await readFile(path))).join('\n')
  // A file for the printer says more than the megabyte that Node takes unless told.
  return (await run('pdftotext', ['-layout', path, '-'], { maxBuffer: 1 << 28 })).stdout
}
