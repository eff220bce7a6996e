import '../require-node.ts'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ProblemError } from '#domain/problem'
import { router } from '#services/router'
import { openBackend, VERSION } from '../backend.ts'
import { openDataFolder } from '../data-folder.ts'
import { mayOpenBrowser, openBrowser } from './open-browser.ts'
import { startWebHost } from './server.ts'

/** First choice, so that a bookmark holds; when busy, any other. */
const PORT = 4650
const PAGES = fileURLToPath(new URL('../../../dist/renderer', import.meta.url))

const values = readOptions()
const port = values.port === undefined ? PORT : Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write('--port vuole un numero fra 0 e 65535.\n')
  process.exit(2)
}
if (values.data) process.env.QUIETANZA_DATA = resolve(values.data)

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof ProblemError ? error.message : String((error as Error).stack)}\n`)
  process.exit(1)
}

function readOptions(): { readonly port?: string; readonly 'no-open': boolean; readonly data?: string } {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        data: { type: 'string' },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nOpzioni: --port <numero> --no-open --data <cartella>\n`)
    process.exit(2)
  }
}

async function main(): Promise<void> {
  const folder = await openDataFolder()
  const backend = await openBackend({ folder })
  const host = await startWebHost({
    router,
    context: backend.context,
    pages: PAGES,
    log: backend.context.log,
    version: VERSION,
    port,
  })
  let stopping = false
  const stop = (): void => {
    // Ctrl-C reaches the whole group and `npm start` passes it on: the second one must not cut the first short.
    if (stopping) return
    stopping = true
    host
      .close()
      .then(() => backend.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        },
      )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const address = host.newAddress()
  process.stdout.write(
    `Quietanza ${VERSION}\n  dati        ${folder}\n  password    ${backend.context.secrets.place}\n`,
  )
  process.stdout.write(`  indirizzo   ${address}\n`)
  process.stdout.write('L’indirizzo vale una volta sola. Ctrl-C chiude il programma.\n')
  if (!values['no-open'] && mayOpenBrowser(process.env, process.platform)) openBrowser(address)
  if (process.stdin.isTTY) {
    process.stdout.write('Invio ne scrive un altro, per un altro browser.\n')
    createInterface({ input: process.stdin }).on('line', () => process.stdout.write(`  ${host.newAddress()}\n`))
  }
}
