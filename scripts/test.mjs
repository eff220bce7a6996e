// `npm test [-- vitest arguments]`: renderer built if stale, a throw-away PostgreSQL, vitest, reasons of skips, one last line.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from './postgres.mjs'
import { ensureRenderer, requireNode, root } from './renderer.mjs'

requireNode()
const args = process.argv.slice(2)
const env = { ...process.env }
if (args.includes('--long')) env.QUIETANZA_LONG = '1'

if (!ensureRenderer()) process.stderr.write('Le pagine non si costruiscono: le prove che le aprono falliranno.\n')

const postgres = env.QUIETANZA_PG_URL ? { url: env.QUIETANZA_PG_URL, version: 'già avviato' } : await startPostgres()
if ('url' in postgres) {
  env.QUIETANZA_PG_URL = postgres.url
  console.log(`PostgreSQL ${postgres.version}: le prove dell’archivio girano su SQLite e su PostgreSQL.`)
} else console.log(`Senza PostgreSQL (${postgres.reason}): le prove dell’archivio girano solo su SQLite.`)

const folder = mkdtempSync(join(tmpdir(), 'quietanza-test-'))
env.QUIETANZA_TEST_SUMMARY = join(folder, 'summary.json')
const vitest = spawn(
  process.execPath,
  [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args.filter((a) => a !== '--long')],
  { cwd: root, env, stdio: 'inherit' },
)
let ended = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal))
process.on('exit', () => {
  if (ended) return
  ended = true
  postgres.stop?.()
  rmSync(folder, { recursive: true, force: true })
})

vitest.on('exit', (code) => {
  const summary = read(env.QUIETANZA_TEST_SUMMARY)
  if (!summary) {
    console.log('0 passed, 1 failed, 0 skipped')
    process.exit(1)
  }
  const reasons = Object.entries(summary.reasons)
  if (reasons.length > 0) console.log('\nSaltate:')
  for (const [why, count] of reasons) console.log(`  ${String(count).padStart(4)}  ${why}`)
  const { passed, failed, skipped } = summary.counts
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exit(failed > 0 || passed === 0 ? 1 : (code ?? 1))
})

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
