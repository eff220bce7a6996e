import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

/** A4 in PDF points. */
export const PAPER = { width: 595.28, height: 841.89 } as const

const KEPT_DOCUMENTS = 24
/** Pixels of the pages that are kept drawn, 4 bytes each: what is shown and its neighbours at any zoom. */
const KEPT_PIXELS = 40_000_000
/** Never let go, whatever they weigh: what is shown, the one before and the one after. */
const KEPT_PAGES = 3

let worker: Worker | null = null

/** One worker for the whole program, from the program's own files: nothing is fetched from elsewhere. */
function startWorker(): void {
  if (worker) return
  worker = new Worker(workerUrl, { type: 'module' })
  GlobalWorkerOptions.workerPort = worker
}

interface Opened {
  readonly opening: Promise<PDFDocumentProxy>
  /** Null until it is read. */
  pages: number | null
}

/** Pages of PDFs drawn to canvases and kept, so that the next paper is there before it is asked for. */
export class PdfPages {
  readonly #load: (id: string) => Promise<Blob>
  readonly #documents = new Map<string, Opened>()
  readonly #drawn = new Map<string, Promise<HTMLCanvasElement>>()
  readonly #ready = new Map<string, HTMLCanvasElement>()

  constructor(load: (id: string) => Promise<Blob>) {
    this.#load = load
  }

  /** How many pages it has, if that is known already. */
  count(id: string): number | null {
    return this.#documents.get(id)?.pages ?? null
  }

  /** The page if it is drawn already. */
  ready(id: string, page: number, scale: number): HTMLCanvasElement | null {
    return this.#ready.get(keyOf(id, page, scale)) ?? null
  }

  /** Draws a page (from 1) at `scale` (1 = 72 dpi on a plain screen); the same page twice is drawn once. */
  draw(id: string, page: number, scale: number): Promise<HTMLCanvasElement> {
    const key = keyOf(id, page, scale)
    const known = this.#drawn.get(key)
    if (known) {
      // Asked for again: the last to be let go.
      this.#drawn.delete(key)
      this.#drawn.set(key, known)
      return known
    }
    const drawing = this.#render(id, page, scale)
    this.#drawn.set(key, drawing)
    drawing.then(
      (canvas) => {
        if (this.#drawn.get(key) !== drawing) return
        this.#ready.set(key, canvas)
        this.#letGo()
      },
      () => this.#drawn.delete(key),
    )
    return drawing
  }

  /** Has the document at hand, undrawn; how many pages it has. */
  async open(id: string): Promise<number> {
    return (await this.#open(id)).numPages
  }

  /** Lets go of everything: the papers may have changed, or nobody looks at them any more. */
  clear(): void {
    for (const { opening } of this.#documents.values()) close(opening)
    this.#documents.clear()
    this.#drawn.clear()
    this.#ready.clear()
  }

  async #render(id: string, number: number, scale: number): Promise<HTMLCanvasElement> {
    const page = await (await this.#open(id)).getPage(number)
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

  #open(id: string): Promise<PDFDocumentProxy> {
    const known = this.#documents.get(id)
    if (known) return known.opening
    const opening = this.#load(id).then(async (blob) => {
      startWorker()
      // The papers embed their fonts; no WebAssembly, which the page's policy does not allow.
      return getDocument({ data: new Uint8Array(await blob.arrayBuffer()), useWasm: false, useSystemFonts: false })
        .promise
    })
    const opened: Opened = { opening, pages: null }
    this.#documents.set(id, opened)
    opening.then(
      (document) => {
        opened.pages = document.numPages
      },
      () => this.#documents.delete(id),
    )
    for (const [old, document] of [...this.#documents].slice(0, -KEPT_DOCUMENTS)) {
      this.#documents.delete(old)
      close(document.opening)
    }
    return opening
  }

  #letGo(): void {
    let pixels = 0
    for (const [i, key] of [...this.#drawn.keys()].reverse().entries()) {
      const canvas = this.#ready.get(key)
      pixels += canvas ? canvas.width * canvas.height : 0
      if (pixels <= KEPT_PIXELS || i < KEPT_PAGES) continue
      this.#drawn.delete(key)
      this.#ready.delete(key)
    }
  }
}

function close(opening: Promise<PDFDocumentProxy>): void {
  void opening.then((document) => document.loadingTask.destroy()).catch(() => undefined)
}

function keyOf(id: string, page: number, scale: number): string {
  return `${id}/${page}@${scale.toFixed(3)}`
}
