import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { inventedNotice } from '#services/invented-notice'
import { openPaperPress, pressKit } from '#services/paper-press'
import manifest from '../../../package.json' with { type: 'json' }
import { ROOT } from '../../house/cruise.ts'
import { silentLog } from '../../ledger/support/fake-clock.ts'
import { electronStandIn } from './package-stand-in.ts'

const run = promisify(execFile)
const CREDITOR = {
  ...{ fiscalCode: '80012345678', name: 'Ordine di prova', office: null, info: null, cbill: null },
  ...{ online: null, postal: null },
}
const ELECTRON = manifest.devDependencies.electron
const PLATFORMS = [
  { platform: 'linux', flag: '--linux', unpacked: 'linux-unpacked', program: 'quietanza', binary: 'linux-x64.node' },
  { platform: 'win32', flag: '--win', unpacked: 'win-unpacked', program: 'Quietanza.exe', binary: 'win32-x64.node' },
] as const

describe('the package of the desktop, made offline around a stand-in of Electron', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quietanza-package-'))
    await run(process.execPath, [join(ROOT, 'scripts', 'bundle-electron.mjs')], { cwd: ROOT })
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('the bundle is three programs of our own code and the thread that draws, the preload a plain script', async () => {
    const names = await readdir(join(ROOT, 'dist', 'electron'))
    expect(names).toEqual(
      expect.arrayContaining(['main.js', 'backend.js', 'paper-worker.js', 'preload.cjs', 'package.json']),
    )
    const preload = await readFile(join(ROOT, 'dist', 'electron', 'preload.cjs'), 'utf8')
    expect(preload).not.toMatch(/^\s*import /m)
    expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map((m) => m[1])).toEqual(['electron'])
    const code = (
      await Promise.all(
        names.filter((n) => n.endsWith('.js')).map((n) => readFile(join(ROOT, 'dist', 'electron', n), 'utf8')),
      )
    ).join('\n')
    expect(code).not.toMatch(/(from|import)\s*\(?['"](#|[^'"]*\.ts['"])/)
  })

  it('the bundled backend opens a ledger and closes it cleanly, as the desktop tells it to', async () => {
    const data = join(folder, 'dati')
    await mkdir(data)
    // What Electron gives to a utility process, on plain pipes: the rest is the real bundle with its real packages.
    const port = `
      import { EventEmitter } from 'node:events'
      const port = Object.assign(new EventEmitter(), { postMessage: (m) => console.log(JSON.stringify(m)) })
      process.parentPort = port
      setInterval(() => undefined, 1000)
      setTimeout(() => port.emit('message', { data: { type: 'open', folder: process.env.QUIETANZA_DATA }, ports: [] }), 10)
      process.on('SIGUSR2', () => port.emit('message', { data: { type: 'close' }, ports: [] }))`
    const child = spawn(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(port)}`, join(ROOT, 'dist', 'electron', 'backend.js')],
      { env: { ...process.env, QUIETANZA_DATA: data, QUIETANZA_SECRETS: 'file' }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    const code = await new Promise((resolve) => {
      const read = (chunk: Buffer): void => {
        said += chunk.toString()
        if (said.trim() === '{"type":"ready"}') child.kill('SIGUSR2')
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('close', resolve)
    })
    expect([code, said.trim().split('\n')]).toEqual([0, ['{"type":"ready"}', '{"type":"closed"}']])
    expect(await readdir(data)).toContain('quietanza.sqlite')
    expect(await readdir(data)).not.toContain('quietanza.sqlite-wal')
  })

  it('the bundled thread draws the same bytes as the sources', async () => {
    const bundle = pathToFileURL(join(ROOT, 'dist', 'electron', 'paper-worker.js'))
    // The backend's bundle opens it by its own place.
    expect(await readFile(join(ROOT, 'dist', 'electron', 'backend.js'), 'utf8')).toMatch(
      /new URL\(["']\.\/paper-worker\.js["'], import\.meta\.url\)/,
    )
    const hashes: string[] = []
    for (const address of [bundle, new URL('../../../src-main/services/paper-worker.ts', import.meta.url)]) {
      const press = openPaperPress(address, silentLog)
      const notice = inventedNotice(
        { single: true, installments: 3, dated: true, longest: true },
        { segregation: '47', today: isoDate('2026-01-15'), withSlip: false },
      )
      const [drawn] = await press.draw(
        pressKit({ creditor: CREDITOR, logo: null, second: null, graphics: new Map() }),
        [{ notice }],
      )
      hashes.push(drawn?.ok ? drawn.sha256 : JSON.stringify(drawn))
      await press.close()
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(hashes[1]).toBe(hashes[0])
  })

  it.each(PLATFORMS)(
    '$platform: what goes in, and what must not',
    async ({ platform, flag, unpacked, program, binary }) => {
      const dist = await electronStandIn(folder, platform, ELECTRON)
      const out = join(folder, `out-${platform}`)
      await run(
        process.execPath,
        [
          join(ROOT, 'node_modules', 'electron-builder', 'cli.js'),
          ...[flag, '--dir', '--x64', '--publish', 'never', `-c.electronDist=${dist}`, `-c.directories.output=${out}`],
        ],
        { cwd: ROOT, env: { ...process.env, CI: '1' }, maxBuffer: 64 * 1024 * 1024 },
      )
      const app = join(out, unpacked)
      expect(await readdir(app)).toContain(program)
      const resources = join(app, 'resources')
      expect(await readdir(resources)).toEqual(expect.arrayContaining(['app.asar', 'app.asar.unpacked']))

      const inside = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) =>
        path.replaceAll('\\', '/'),
      )
      for (const needed of [
        '/package.json',
        '/dist/renderer/index.html',
        '/dist/electron/main.js',
        '/dist/electron/backend.js',
        '/dist/electron/paper-worker.js',
        '/dist/electron/preload.cjs',
        '/node_modules/kysely/package.json',
        '/node_modules/pg/package.json',
        '/node_modules/nodemailer/package.json',
      ]) {
        expect(inside).toContain(needed)
      }
      const stray = inside.filter(
        (path) =>
          /\.(map|ts|tsx|mts|cts|flow)$/.test(path) ||
          /^\/(src-main|src-renderer|migrations|tests|fixtures|benchmarks|scripts|docs|\.ci|\.git)\b/.test(path) ||
          /^\/node_modules\/(electron|vitest|vite|typescript|playwright-core|@sparticuz|node-[a-z]+-)/.test(path) ||
          /\/(test|tests|__tests__|fixtures|examples?)\//.test(path) ||
          /^\/node_modules\/better-sqlite3\/(deps|src|binding\.gyp)/.test(path),
      )
      expect(stray).toEqual([])

      const real = await readdir(join(resources, 'app.asar.unpacked'), { recursive: true })
      const natives = real.filter((path) => path.endsWith('.node')).map((path) => path.replaceAll('\\', '/'))
      const sqlite = natives.filter((path) => path.includes('better-sqlite3'))
      expect(sqlite).toEqual([`node_modules/better-sqlite3/prebuilds/${binary}`])
      expect(natives.filter((path) => !path.includes('better-sqlite3') && !path.includes('@napi-rs/keyring-'))).toEqual(
        [],
      )
      const other = platform === 'linux' ? /win32|darwin|musl/ : /linux|darwin/
      expect(natives.filter((path) => other.test(path))).toEqual([])

      const fuses = await run(process.execPath, [
        join(ROOT, 'node_modules', '@electron', 'fuses', 'dist', 'bin.js'),
        ...['read', '--app', join(app, program)],
      ])
      const said = fuses.stdout
      for (const [name, state] of [
        ['RunAsNode', 'Disabled'],
        ['EnableNodeOptionsEnvironmentVariable', 'Disabled'],
        ['EnableNodeCliInspectArguments', 'Disabled'],
        ['OnlyLoadAppFromAsar', 'Enabled'],
        ['EnableEmbeddedAsarIntegrityValidation', 'Enabled'],
        ['GrantFileProtocolExtraPrivileges', 'Disabled'],
      ]) {
        expect(said).toMatch(new RegExp(`${name} is ${state}`))
      }
    },
    180_000,
  )
})
