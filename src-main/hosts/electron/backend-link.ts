import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebContents } from 'electron'
import type { FromBackend, ToBackend } from './messages.ts'
import { PORT } from './messages.ts'

/** Longest wait for the write under way when the program ends. */
const CLOSE_TIMEOUT_MS = 15_000

/** The backend process as main sees it. */
export class BackendLink {
  readonly #process: UtilityProcess
  readonly #ready: Promise<void>
  #ended = false

  /** @param onLost called when the backend dies by itself. */
  constructor(script: string, folder: string, onLost: (code: number) => void) {
    this.#process = utilityProcess.fork(script, [], { serviceName: 'Quietanza – archivio', stdio: 'inherit' })
    this.#ready = new Promise((resolve, reject) => {
      this.#process.on('message', (message: FromBackend) => {
        if (message.type === 'ready') resolve()
        if (message.type === 'failed') {
          this.#ended = true
          reject(new Error(message.text))
        }
      })
      this.#process.on('exit', (code) => {
        const lost = !this.#ended
        this.#ended = true
        reject(new Error('Il processo dell’archivio si è chiuso.'))
        if (lost) onLost(code)
      })
    })
    this.#ready.catch(() => undefined)
    this.#process.once('spawn', () => this.#tell({ type: 'open', folder }))
  }

  /** Resolves when the ledger is open; rejects with the Italian reason when it does not open. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /** Gives the page a fresh port to the backend, and the backend the other end. */
  async connect(page: WebContents): Promise<void> {
    await this.#ready
    const { port1, port2 } = new MessageChannelMain()
    this.#process.postMessage({ type: 'port' } satisfies ToBackend, [port1])
    page.mainFrame.postMessage(PORT, null, [port2])
  }

  /** Lets the backend finish and close the ledger. */
  close(): Promise<void> {
    if (this.#ended) return Promise.resolve()
    this.#ended = true
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#process.kill()
        resolve()
      }, CLOSE_TIMEOUT_MS)
      this.#process.once('exit', () => {
        clearTimeout(timer)
        resolve()
      })
      this.#tell({ type: 'close' })
    })
  }

  #tell(message: ToBackend): void {
    this.#process.postMessage(message)
  }
}
