import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError, problem } from '#domain/problem'
import { folderReason } from './folder-reason.ts'
import { giveUpTemporary, temporaryName } from './folder-temporary.ts'

/** What a person may write by hand beside what the roots show. */
export interface TypedPlaces {
  /**
   * Why files may not go to this real path, in words that follow «non si può usare:»; null where they may.
   * @param belowRoot whether it is a root or lies in one
   */
  refuse(real: string, belowRoot: boolean): string | null
}

export const ONLY_ROOTS: TypedPlaces = {
  refuse: (_real, belowRoot) => (belowRoot ? null : 'non è fra le cartelle permesse a questo programma'),
}

/** A server of the network that is off keeps the system waiting for minutes. */
const TIMEOUT_MS = 25_000

/** Between a written folder and the folder in it: no path of any system holds this sign. */
const IN_WRITTEN = '\0'

/** What the token of a folder holds: its path and, where a person wrote it, the folder written. */
export interface HeldPlace {
  readonly path: string
  /** The written folder, which `path` is or lies in; null below a root. */
  readonly written: string | null
}

export function heldText({ path, written }: HeldPlace): string {
  return written === null ? path : `${written}${IN_WRITTEN}${path}`
}

export function heldPlace(opened: string): HeldPlace {
  const [first = '', second] = opened.split(IN_WRITTEN)
  return second === undefined ? { path: first, written: null } : { path: second, written: first }
}

export function typedProblem(text: string, reason: string, remedy: string): ProblemError {
  return new ProblemError(problem('FOLDER_TYPED', { typed: text.trim().slice(0, 200), reason, remedy }))
}

/** Looks at a written folder; what the system says against it becomes words. @throws ProblemError FOLDER_TYPED */
export async function inWords<T>(text: string, look: () => Promise<T>): Promise<T> {
  const work = look()
  work.catch(() => undefined)
  const late = new AbortController()
  const timeout = sleep(TIMEOUT_MS, undefined, { ref: false, signal: late.signal }).then(() => {
    throw Object.assign(new Error('late'), { code: 'ETIMEDOUT' })
  })
  timeout.catch(() => undefined)
  try {
    return await Promise.race([work, timeout])
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw typedProblem(text, ...whyNot(error))
  } finally {
    late.abort()
  }
}

/** Writes an empty file and removes it. */
export async function tryWriting(folder: string): Promise<void> {
  const probe = join(folder, temporaryName())
  const handle = await open(probe, 'wx', 0o600)
  await handle.close()
  await unlink(probe).catch(async (error: unknown) => {
    await giveUpTemporary(probe)
    throw error
  })
}

const ASK = 'Chiedi il permesso a chi cura la rete, o scegline un’altra.'

/** It is there, but the probe did not succeed. */
export function notWritten(text: string, error: unknown): ProblemError {
  // The kernel's own folders answer so to whoever creates a file.
  const isForbidden = (error as NodeJS.ErrnoException).code === 'ENOENT'
  const reason = isForbidden ? 'il sistema non lo permette' : folderReason(error)
  return typedProblem(text, `non ci si scrive, ${reason}`, ASK)
}

const SILENT = new Set(['ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETUNREACH', 'UNKNOWN', 'EIO', 'ENODEV', 'ESTALE'])

/** Reason and remedy. */
function whyNot(error: unknown): [string, string] {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (SILENT.has(code)) {
    return ['il server o il disco non risponde', 'Controlla che sia acceso e collegato, poi riprova.']
  }
  switch (code) {
    case 'ENOENT':
      return [
        'non esiste',
        'Controlla com’è scritta; se è in rete, che il server sia acceso. Il programma non crea cartelle.',
      ]
    case 'ENOTDIR':
      return ['un suo pezzo è un file, non una cartella', 'Controlla com’è scritta.']
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return ['il sistema non la apre', 'Controlla com’è scritta.']
    default:
      return [`non si apre, ${folderReason(error)}`, ASK]
  }
}
