// Sets up what is missing before any npm script: dependencies by the lockfile, and once Electron's binary.
// Plain Node 20, no dependency: it runs before there are any. Standard output stays clean (it may carry JSON).
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const say = (line) => process.stderr.write(`${line}\n`)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Quietanza: serve Node 20.19 o successivo, questo è ${process.versions.node}.`)
  process.exit(1)
}

installDependencies()
if (process.env.npm_lifecycle_event === 'prestart' && !process.env.CI) fetchElectronOnce()

function installDependencies() {
  const lock = statSync(join(root, 'package-lock.json')).mtimeMs
  const done = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (done >= lock) return
  const npm = process.env.npm_execpath
  if (!npm) {
    say('Quietanza: lancia questo passo con npm, per esempio «npm start».')
    process.exit(1)
  }
  // On Windows a running node.exe inside node_modules cannot be deleted, and `npm ci` deletes them all.
  const inside = process.platform === 'win32' && process.execPath.startsWith(modules + sep)
  say('Quietanza: installo le dipendenze (un minuto circa)…')
  const run = spawnSync(process.execPath, [npm, inside ? 'install' : 'ci', '--ignore-scripts'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (run.status !== 0) {
    say('Quietanza: installazione non riuscita; il motivo è qui sopra.')
    process.exit(1)
  }
}

function fetchElectronOnce() {
  const folder = join(modules, 'electron')
  const installer = join(folder, 'install.js')
  if (!existsSync(installer)) return
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  const have = existsSync(join(folder, 'dist', 'version'))
  const memory = join(modules, '.cache', 'quietanza', `electron-${version}`)
  if (have || existsSync(memory)) return
  say('Quietanza: cerco il programma di Electron (solo la prima volta)…')
  const node = process.platform === 'win32' ? join(modules, '.bin', 'node.cmd') : join(modules, '.bin', 'node')
  const run = spawnSync(existsSync(node) ? node : process.execPath, [installer], {
    cwd: root,
    stdio: 'ignore',
    timeout: 300_000,
    shell: process.platform === 'win32',
  })
  mkdirSync(dirname(memory), { recursive: true })
  writeFileSync(memory, `${run.status === 0 ? 'installed' : 'not available'}\n`)
}
