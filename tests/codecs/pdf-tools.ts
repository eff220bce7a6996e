import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const require = createRequire(import.meta.url)

/** True when the machine has that program; tests that need it say so and go another way or are skipped. */
export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function withFile<T>(bytes: Uint8Array, name: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-pdf-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return use(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What `qpdf --check` says; throws when it is not clean. */
export function qpdfCheck(bytes: Uint8Array): string {
  return withFile(bytes, 'paper.pdf', (path) =>
    execFileSync('qpdf', ['--check', path], { encoding: 'utf8', stdio: 'pipe' }),
  )
}

export function pdfToText(bytes: Uint8Array): string {
  return withFile(bytes, 'paper.pdf', (path) => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }))
}

/** Opens with pdf.js, which needs no program of the machine. */
export function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const fonts = `${join(dirname(require.resolve('pdfjs-dist/package.json')), 'standard_fonts')}/`
  return getDocument({ data: new Uint8Array(bytes), standardFontDataUrl: fonts, verbosity: 0 }).promise
}

/** Text of every page, runs joined by blanks. */
export async function pageTexts(bytes: Uint8Array): Promise<string[]> {
  const document = await openPdf(bytes)
  const texts: string[] = []
  for (let n = 1; n <= document.numPages; n++) {
    const content = await (await document.getPage(n)).getTextContent()
    texts.push(content.items.map((item) => ('str' in item ? item.str : '')).join(' '))
  }
  await document.loadingTask.destroy()
  return texts
}

/** The QR's box with its quiet zone at 200 dpi, on the notice page. */
const BOX = { x: 50, y: 1190, side: 254 }

/** Reads the notice's QR back from the printed page: `zbarimg` where it is, zxing on pdf.js's picture elsewhere. */
export async function readNoticeQr(bytes: Uint8Array, page = 1): Promise<string> {
  if (has('pdftoppm') && has('zbarimg')) {
    return withFile(bytes, 'paper.pdf', (path) => {
      const out = `${path}-qr`
      const { x, y, side } = BOX
      execFileSync('pdftoppm', [
        ...['-r', '200', '-f', String(page), '-l', String(page), '-x', String(x), '-y', String(y)],
        ...['-W', String(side), '-H', String(side), '-png', '-singlefile', path, out],
      ])
      return execFileSync('zbarimg', ['-q', '--raw', `${out}.png`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    })
  }
  return readWithZxing(bytes, page)
}

function prepareZxing(): void {
  const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasmBinary).buffer } })
}

/** What zxing reads in a grey picture, one byte a pixel; '' when nothing. */
export async function readGreyWithZxing(
  picture: { readonly pixels: Uint8Array; readonly width: number; readonly height: number },
  format: 'QRCode' | 'DataMatrix',
): Promise<string> {
  prepareZxing()
  const { pixels, width, height } = picture
  const data = new Uint8ClampedArray(width * height * 4)
  pixels.forEach((grey, i) => {
    data.fill(grey, i * 4, i * 4 + 3)
    data[i * 4 + 3] = 255
  })
  const found = await readBarcodes({ data, width, height } as ImageData, {
    formats: [format],
    maxNumberOfSymbols: 1,
    textMode: 'Plain',
  })
  return found[0]?.text ?? ''
}

export async function readWithZxing(bytes: Uint8Array, page = 1): Promise<string> {
  prepareZxing()
  // The canvas that pdf.js brings with it.
  const ofPdfjs = createRequire(require.resolve('pdfjs-dist/package.json'))
  const { createCanvas } = ofPdfjs('@napi-rs/canvas') as {
    createCanvas(w: number, h: number): { getContext(kind: '2d'): CanvasRenderingContext2D }
  }
  const document = await openPdf(bytes)
  const proxy = await document.getPage(page)
  const viewport = proxy.getViewport({ scale: 2 })
  const canvas = createCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height))
  const context = canvas.getContext('2d')
  await proxy.render({ canvas: canvas as unknown as HTMLCanvasElement, canvasContext: context, viewport }).promise
  const picture = context.getImageData(0, 0, Math.ceil(viewport.width), Math.ceil(viewport.height))
  await document.loadingTask.destroy()
  const found = await readBarcodes(picture as ImageData, { formats: ['QRCode'], maxNumberOfSymbols: 1 })
  return found[0]?.text ?? ''
}
