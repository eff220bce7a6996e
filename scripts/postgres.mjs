import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * A throw-away PostgreSQL on a free loopback port, for one test run.
 * @returns {Promise<{ url: string, version: string, stop: () => void } | { reason: string }>} or why there is none.
 */
export async function startPostgres() {
  const bin = binaries()
  if (!bin) return { reason: 'PostgreSQL non è installato' }
  const isRoot = process.getuid?.() === 0
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-pg-'))
  const password = randomBytes(12).toString('hex')
  const as = (command) =>
    isRoot
      ? spawnSync('su', ['postgres', '-s', '/bin/sh', '-c', command], {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'ignore', 'pipe'],
        })
      : spawnSync('/bin/sh', ['-c', command], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  const stop = () => {
    as(`${bin}/pg_ctl -D ${folder}/data -m immediate stop`)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'password'), password)
    if (isRoot) execFileSync('chown', ['-R', 'postgres', folder])
    const port = await freePort()
    const init = as(
      `${bin}/initdb -D ${folder}/data -U postgres -A scram-sha-256 --pwfile=${folder}/password -E UTF8 --locale=C.UTF-8`,
    )
    if (init.status !== 0) throw new Error(init.stderr.trim())
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off -c max_connections=200`
    const start = as(`${bin}/pg_ctl -D ${folder}/data -l ${folder}/log -o "${options}" -w -t 30 start`)
    if (start.status !== 0) throw new Error(start.stderr.trim() || 'non parte')
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      version: bin.split('/').at(-2) ?? '',
      stop,
    }
  } catch (error) {
    stop()
    return { reason: `PostgreSQL non parte: ${String(error.message).split('\n')[0]}` }
  }
}

function binaries() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...versions.map((v) => `${debian}/${v}/bin`), ...(process.env.PATH ?? '').split(delimiter)]
  if (process.platform === 'win32') return null
  return folders.find((f) => existsSync(join(f, 'initdb')) && existsSync(join(f, 'pg_ctl'))) ?? null
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
