import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Builds `dist/renderer` when a source of it is newer than the last build. Prints nothing on standard output. */
export function ensureRenderer() {
  if (!existsSync(join(root, 'src-renderer', 'vite.config.ts'))) return false
  const built = statSync(join(root, 'dist', 'renderer', 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = ['src-renderer', 'src-main/contract', 'src-main/domain', 'package-lock.json']
  if (built > Math.max(...sources.map((s) => newest(join(root, s))))) return true
  process.stderr.write('Preparo le pagine…\n')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const run = spawnSync(
    process.execPath,
    [vite, 'build', '--config', 'src-renderer/vite.config.ts', '--logLevel', 'warn'],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  return run.status === 0
}

export function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs)
}

/** Every script but set-up runs on the Node that `npm run` puts first; better-sqlite3 crashes on older ones. */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return
  process.stderr.write(`Lancia i comandi con npm (per esempio «npm test»): questo è Node ${process.versions.node}.\n`)
  process.exit(1)
}
