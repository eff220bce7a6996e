import '../require-node.ts'
import { ProblemError } from '#domain/problem'
import { router } from '#services/router'
import { type Backend, openBackend } from '../backend.ts'
import type { FromBackend, ToBackend } from './messages.ts'
import { servePort } from './serve-port.ts'

/** Its bundle stands beside this one (scripts/bundle-electron.mjs). */
const PAPER_WORKER = new URL('./paper-worker.js', import.meta.url)

/** The backend of the desktop, in its own process: it alone touches ledger, network and disk. */
let backend: Backend | null = null
const main = process.parentPort
const tell = (message: FromBackend): void => main.postMessage(message)

main.on('message', (event) => {
  const message = event.data as ToBackend
  if (message.type === 'open') void open(message.folder)
  else if (message.type === 'close') void close()
  else {
    const port = event.ports[0]
    if (!backend || !port) return
    servePort(router, backend.context, port)
    port.start()
  }
})

async function open(folder: string): Promise<void> {
  try {
    backend = await openBackend({ folder, paperWorker: PAPER_WORKER })
    tell({ type: 'ready' })
  } catch (error) {
    tell({ type: 'failed', text: error instanceof ProblemError ? error.message : String((error as Error).stack) })
  }
}

async function close(): Promise<void> {
  await backend?.close()
  tell({ type: 'closed' })
  process.exit(0)
}
