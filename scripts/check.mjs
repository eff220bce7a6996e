// `npm run check`: style, types, layers and circles, unused code. Under a minute; anything wrong ends non-zero.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { requireNode, root } from './renderer.mjs'

requireNode()
const bin = (...parts) => join(root, 'node_modules', ...parts)
const steps = [
  ['stile (biome)', bin('@biomejs', 'biome', 'bin', 'biome'), ['check', '--max-diagnostics=60', '.']],
  ['tipi (tsc)', bin('typescript', 'bin', 'tsc'), ['-p', '.']],
  ['codice inutilizzato (knip)', bin('knip', 'bin', 'knip.js'), ['--no-progress']],
  ['strati, cerchi, lockfile (tests/house)', bin('vitest', 'vitest.mjs'), ['run', 'tests/house', '--reporter=dot']],
]

const results = []
for (const group of [steps.slice(0, 2), steps.slice(2)]) results.push(...(await Promise.all(group.map(runStep))))
let failed = 0
for (const { name, code, output, seconds } of results) {
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`)
  if (code === 0) continue
  failed += 1
  console.log(output)
}
process.exit(failed > 0 ? 1 : 0)

function runStep([name, script, args]) {
  return new Promise((resolve) => {
    const start = performance.now()
    const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } })
    let output = ''
    child.stdout.on('data', (d) => (output += d))
    child.stderr.on('data', (d) => (output += d))
    child.on('exit', (code) => resolve({ name, code: code ?? 1, output, seconds: (performance.now() - start) / 1000 }))
  })
}
