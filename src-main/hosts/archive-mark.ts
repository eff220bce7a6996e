import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { ArchiveMark, ArchiveSeen } from '#domain/ports'
import type { LedgerTarget } from '#ledger/ledger'

/**
 * The mark of an archive: beside its file, or in the data folder of the workstation for one on a server. Copies of the
 * archive do not take it along; one of the whole folder is told by its machine and path.
 */
export function archiveMarkOf(target: LedgerTarget, folder: string): ArchiveMark {
  const isFile = target.engine === 'sqlite'
  const file = isFile ? `${target.file}.visto` : join(folder, `archivio-${nameOf(target)}.visto`)
  return {
    place: isFile ? `${hostname()} ${resolve(target.file)}` : '',
    async read() {
      try {
        const seen = JSON.parse(await readFile(file, 'utf8')) as Partial<ArchiveSeen>
        const { seq, hash, place } = seen
        if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || typeof place !== 'string') return null
        return { seq: seq as number, hash, place }
      } catch (error) {
        // Half written by a machine that lost its current: as if it were not there.
        if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async write(seen) {
      const next = `${file}.nuovo`
      await writeFile(next, JSON.stringify(seen), { mode: 0o600 })
      await rename(next, file)
    },
  }
}

/** One database may hold several archives, and its address holds a password. */
function nameOf(target: Extract<LedgerTarget, { engine: 'postgres' }>): string {
  const { host, pathname } = new URL(target.url)
  const words = `${host}${pathname} ${target.schema ?? 'quietanza'}`
  return createHash('sha256').update(words).digest('hex').slice(0, 12)
}
