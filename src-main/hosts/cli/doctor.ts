import { statfs } from 'node:fs/promises'
import { ProblemError } from '#domain/problem'
import { keyringSecrets } from '#gateways/secrets-keyring'
import { type Command, EXIT } from './command.ts'
import { dataFolder, presentLedger, withLedger } from './ledger-access.ts'

interface Check {
  /** Stable name for other programs. */
  readonly name: 'program' | 'disk' | 'keychain' | 'integrity' | 'migrations' | 'journal' | 'equations'
  readonly ok: boolean
  readonly text: string
}

const MIN_FREE_BYTES = 500 * 1024 * 1024

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'controlla archivio, migrazioni, quadrature, portachiavi e disco',
  async run({ data }) {
    const folder = dataFolder(data)
    const checks: Check[] = [
      { name: 'program', ok: true, text: `Node ${process.versions.node} su ${process.platform}-${process.arch}` },
      await disk(folder),
      await keychain(),
      ...(await books(folder)),
    ]
    const ok = checks.every((check) => check.ok)
    return {
      code: ok ? EXIT.ok : EXIT.problems,
      json: { ok, folder, checks },
      text: [`Cartella dei dati: ${folder}`, ...checks.map((c) => `${c.ok ? '✓' : '✗'} ${c.text}`)].join('\n'),
    }
  },
}

async function disk(folder: string): Promise<Check> {
  const space = await statfs(folder).catch(() => null)
  if (space === null) return { name: 'disk', ok: true, text: 'Disco: la cartella dei dati non c’è ancora' }
  const free = space.bavail * space.bsize
  return { name: 'disk', ok: free >= MIN_FREE_BYTES, text: `Disco: ${Math.floor(free / 1_048_576)} MB liberi` }
}

async function keychain(): Promise<Check> {
  const keyring = await keyringSecrets('Quietanza doctor')
  const text = keyring
    ? 'il portachiavi del sistema risponde'
    : 'nessun portachiavi: le password stanno in un file cifrato'
  return { name: 'keychain', ok: true, text: `Password: ${text}` }
}

async function books(folder: string): Promise<readonly Check[]> {
  if (presentLedger(folder) === null) return [{ name: 'integrity', ok: true, text: 'Archivio: non c’è ancora' }]
  try {
    const health = await withLedger(folder, (ledger) => ledger.health())
    const line = (name: Check['name'], title: string, findings: readonly string[], good: string): Check => ({
      name,
      ok: findings.length === 0,
      text: `${title}: ${findings.length === 0 ? good : findings.slice(0, 10).join('; ')}`,
    })
    return [
      line('integrity', `Archivio (${health.engine}, ${health.place})`, health.integrity, 'integro'),
      { name: 'migrations', ok: true, text: `Migrazioni: versione ${health.schemaVersion}, niente da fare` },
      line('journal', 'Registro attività', health.journal, 'la catena è intera'),
      line('equations', 'Quadrature', health.equations, 'tornano al centesimo'),
    ]
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return [{ name: 'integrity', ok: false, text: `Archivio: ${error.message}` }]
  }
}
