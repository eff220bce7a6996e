import { mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type DestinationStream, destination, pino } from 'pino'
import type { Log } from '#domain/ports'
import { redacted } from './log-redact.ts'

const MAX_BYTES = 5 * 1024 * 1024

/** The log of the program in `<folder>/log/quietanza.log`, one JSON line an event; the one before stays as `.1`. */
export function fileLog(folder: string): Log {
  const place = join(folder, 'log')
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const file = join(place, 'quietanza.log')
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`)
  // Synchronous: a few lines an hour, and the last one before a crash is the one that matters.
  return logTo(destination({ dest: file, sync: true, append: true, mode: 0o600 }))
}

export function logTo(stream: DestinationStream): Log {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream)
  const fields = (given?: Readonly<Record<string, unknown>>) => redacted(given ?? {}) as Record<string, unknown>
  return {
    info: (event, given) => log.info(fields(given), event),
    warn: (event, given) => log.warn(fields(given), event),
    error: (event, given) => log.error(fields(given), event),
  }
}
