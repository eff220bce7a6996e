import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Collection, NodeRecords } from './records.ts'

/** One record put (or removed, `null`) under its key. */
export type Put = { [C in Collection]: readonly [C, string, NodeRecords[C] | null] }[Collection]

/** Changes that happen together stand on one line, so that a cut leaves all of them or none. */
export interface EventLog {
  append(puts: readonly Put[]): void
  close(): void
}

const FILE = 'eventi.jsonl'
/** A file with this many times more records than are alive is written anew at opening. */
const STALE = 3

/**
 * Replays the file of a folder into `apply` and goes on writing at its end. A last line that a cut left torn is dropped: its
 * answer never left. The line reaches the system before the answer leaves; a power cut may take the last ones.
 * @throws Error when a line that is not the last is broken.
 */
export function openEventLog(folder: string, apply: (put: Put) => void, alive: () => Iterable<Put>): EventLog {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, FILE)
  let replayed = 0
  for (const puts of readLines(path)) {
    for (const put of puts) apply(put)
    replayed += puts.length
  }
  const living = [...alive()]
  if (replayed > 1000 && replayed > living.length * STALE) rewrite(path, living)
  const file = openSync(path, 'a')
  let size = fstatSync(file).size
  let open = true
  return {
    append(puts) {
      if (puts.length === 0) return
      // The number of a closed file may by now be that of another.
      if (!open) throw new Error('il nodo di prova è chiuso')
      try {
        size += writeAll(file, `${JSON.stringify(puts)}\n`)
      } catch (error) {
        // A disk that fills up must not leave half a line before the next one.
        ftruncateSync(file, size)
        throw error
      }
    },
    close() {
      if (open) closeSync(file)
      open = false
    },
  }
}

function* readLines(path: string): Generator<readonly Put[]> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at)
    if (end < 0) {
      truncateSync(path, at)
      return
    }
    yield JSON.parse(bytes.toString('utf8', at, end)) as readonly Put[]
    at = end + 1
  }
}

function rewrite(path: string, living: readonly Put[]): void {
  const file = openSync(`${path}.nuovo`, 'w')
  for (let i = 0; i < living.length; i += 500) writeAll(file, `${JSON.stringify(living.slice(i, i + 500))}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.nuovo`, path)
}

function writeAll(file: number, text: string): number {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written)
  return written
}
