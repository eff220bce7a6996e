import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

/** A4 in PDF points. */
export const PAPER = { width: 595.28, height: 841.89 } as const

const KEPT_DOCUMENTS = 24
const KEPT_PAGES = 10

let worker: Worker | null = null

/** One worker for the whole program, from the program's own files: nothing is fetched from elsewhere. */
function startWorker(): void {
  if (worker) return
  worker = new Worker(workerUrl, { type: 'module' })
  GlobalWorkerOptions.workerPort = worker
}

/** First pages of PDFs drawn to canvases and kept, so that the next notice is there before it is asked for. */
export class PdfPages {
  readonly #load: (id: number) => Promise<Blob>
  readonly #documents = new Map<number, Promise<PDFDocumentProxy>>()
  readonly #drawn = new Map<string, Promise<HTMLCanvasElement>>()
  readonly #ready = new Map<string, HTMLCanvasElement>()

  constructor(load: (id: number) => Promise<Blob>) {
    this.#load = load
  }

  /** The page if it is drawn already. */
  ready(id: number, scale: number): HTMLCanvasElement | null {
    return this.#ready.get(keyOf(id, scale)) ?? null
  }

  /** Draws the page at `scale` (1 = 72 dpi on a plain screen); the same page twice is drawn once. */
  draw(id: number, scale: number): Promise<HTMLCanvasElement> {
    const key = keyOf(id, scale)
    const known = this.#drawn.get(key)
    if (known) return known
    const drawing = this.#render(id, scale)
    this.#drawn.set(key, drawing)
    drawing.then(
      (canvas) => {
        if (this.#drawn.get(key) === drawing) this.#ready.set(key, canvas)
      },
      () => this.#drawn.delete(key),
    )
    for (const old of [...this.#drawn.keys()].slice(0, -KEPT_PAGES)) {
      this.#drawn.delete(old)
      this.#ready.delete(old)
    }
    return drawing
  }

  /** Has the document at hand, undrawn. */
  async fetch(id: number): Promise<void> {
    await this.#open(id)
  }

  /** Lets go of everything: the notices may have changed, or nobody looks at them any more. */
  clear(): void {
    for (const document of this.#documents.values())
      void document.then((d) => d.loadingTask.destroy()).catch(() => undefined)
    this.#documents.clear()
    this.#drawn.clear()
    this.#ready.clear()
  }

  async #render(id: number, scale: number): Promise<HTMLCanvasElement> {
    const page = await (await this.#open(id)).getPage(1)
    const pixels = window.devicePixelRatio || 1
    const viewport = page.getViewport({ scale: scale * pixels })
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(viewport.width)
    canvas.height = Math.round(viewport.height)
    canvas.style.width = `${Math.round(viewport.width / pixels)}px`
    canvas.style.height = `${Math.round(viewport.height / pixels)}px`
    await page.render({ canvas, viewport }).promise
    return canvas
  }

  #open(id: number): Promise<PDFDocumentProxy> {
    const known = this.#documents.get(id)
    if (known) return known
    const opening = this.#load(id).then(async (blob) => {
      startWorker()
      // The notice embeds its fonts; no WebAssembly, which the page's policy does not allow.
      return getDocument({ data: new Uint8Array(await blob.arrayBuffer()), useWasm: false, useSystemFonts: false })
        .promise
    })
    this.#documents.set(id, opening)
    opening.catch(() => this.#documents.delete(id))
    for (const [old, document] of [...this.#documents].slice(0, -KEPT_DOCUMENTS)) {
      this.#documents.delete(old)
      void document.then((d) => d.loadingTask.destroy()).catch(() => undefined)
    }
    return opening
  }
}

function keyOf(id: number, scale: number): string {
  return `${id}@${scale.toFixed(3)}`
}
