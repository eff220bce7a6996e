// `npm run bench [-- name…]`: runs benchmarks/<name>.ts one after the other, each in its own process.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { requireNode, root } from './renderer.mjs'

requireNode()
const folder = join(root, 'benchmarks')
const known = existsSync(folder)
  ? readdirSync(folder)
      .filter((f) => f.endsWith('.ts'))
      .map((f) => f.slice(0, -3))
      .sort()
  : []
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0 || known.length === 0) {
  process.stderr.write(`Non conosco: ${unknown.join(', ') || '(nessuna misura)'}. Ci sono: ${known.join(', ')}.\n`)
  process.exit(2)
}
let failed = false
for (const name of asked.length > 0 ? asked : known) {
  const run = spawnSync(process.execPath, ['--expose-gc', join(folder, `${name}.ts`)], { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) failed = true
}
process.exit(failed ? 1 : 0)
