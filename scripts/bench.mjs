// `npm run bench [-- name…]`: runs benchmarks/<name>.ts one after the other, each in its own process, with the options of
// Node that the program itself runs with.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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
const options = JSON.parse(readFileSync(join(root, 'scripts', 'program-options.json'), 'utf8'))
let failed = false
for (const name of asked.length > 0 ? asked : known) {
  const args = [...options, '--expose-gc', join(folder, `${name}.ts`)]
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) failed = true
}
process.exit(failed ? 1 : 0)
