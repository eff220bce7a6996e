import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the specifications (`$QUIETANZA_SPECS`, else `../shared/specs` beside the clone), null where it is not there. */
export function specsDir(): string | null {
  const beside = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared', 'specs')
  const folder = process.env.QUIETANZA_SPECS ?? beside
  return existsSync(folder) ? folder : null
}
