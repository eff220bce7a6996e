// `npm start`: the desktop window where Electron's binary is there, else the same program in the browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureRenderer, requireNode, root } from './renderer.mjs'

requireNode()
const given = process.argv.slice(2)
const wantsWeb = given.includes('--web')
const args = given.filter((a) => a !== '--web')
const electron = electronBinary()

if (!ensureRenderer()) {
  process.stderr.write('Le pagine del programma non si costruiscono; il motivo è qui sopra.\n')
  process.exit(1)
}

const noScreen = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
if (electron && !wantsWeb && !noScreen) {
  const bundle = spawnSync(process.execPath, [join(root, 'scripts', 'bundle-electron.mjs')], {
    stdio: ['ignore', 2, 2],
  })
  if (bundle.status !== 0) process.exit(1)
  run(electron, [root, ...args])
} else {
  if (!wantsWeb) {
    const why = electron ? 'manca uno schermo' : 'il programma di Electron non si può scaricare da qui'
    process.stderr.write(`Quietanza si apre nel browser: ${why}.\n`)
  }
  // The room of short-lived objects has a bound: left alone it doubles up to 128 MB while thousands of files are written,
  // and makes nothing faster. (Electron's own is smaller.)
  const options = JSON.parse(readFileSync(join(root, 'scripts', 'program-options.json'), 'utf8'))
  run(process.execPath, [...options, join(root, 'src-main', 'hosts', 'web', 'main.ts'), ...args])
}

function electronBinary() {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

function run(command, rest) {
  const child = spawn(command, rest, { cwd: root, stdio: 'inherit' })
  // The child closes the ledger by itself; this process only waits for it, whoever got the signal.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
}
