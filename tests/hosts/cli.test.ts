import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBackend } from '#hosts/backend'
import { runCommandLine } from '#hosts/cli/run'

const MAIN = fileURLToPath(new URL('../../src-main/hosts/cli/main.ts', import.meta.url))
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quietanza-cli-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function json(...argv: string[]): Promise<[number, unknown]> {
  const { code, stdout } = await runCommandLine([...argv, '--json'])
  expect(stdout.endsWith('\n') && stdout.trim().split('\n').length === 1).toBe(true)
  return [code, JSON.parse(stdout)]
}

describe('notice-number', () => {
  it('reads the 18 digits', async () => {
    expect(await json('notice-number', '301202600000012332')).toEqual([
      0,
      { valid: true, auxDigit: '3', segregationCode: '01', iuv: '01202600000012332', checkDigits: '32' },
    ])
    expect((await runCommandLine(['notice-number', '3012', '0260', '0000', '0123', '32'])).code).toBe(0)
  })
  it('a wrong one exits 1, none exits 2', async () => {
    expect(await json('notice-number', '301202600000012333')).toEqual([
      1,
      expect.objectContaining({ valid: false, auxDigit: '3' }),
    ])
    expect(await json('notice-number', '12')).toEqual([
      1,
      { valid: false, auxDigit: null, segregationCode: null, iuv: null, checkDigits: null },
    ])
    const { code, stdout, stderr } = await runCommandLine(['notice-number'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Si scrive: notice-number <18 cifre>')
  })
})

describe('explain-causale', () => {
  it('prints the reference, in JSON and in words', async () => {
    const causale = '/PUR/LGPE-RIVERSAMENTO/URI/2026-02-05ABCDITMM-S1234567890'
    expect(await json('explain-causale', causale)).toEqual([
      0,
      { kind: 'flow', flowId: '2026-02-05ABCDITMM-S1234567890' },
    ])
    expect(await json('explain-causale', 'BONIFICO A VOSTRO FAVORE')).toEqual([0, { kind: 'none' }])
    expect((await runCommandLine(['explain-causale', causale])).stdout).toBe(
      'Nomina il flusso di rendicontazione 2026-02-05ABCDITMM-S1234567890.\n',
    )
  })
})

describe('inspect', () => {
  it('names what it cannot read and exits 3', async () => {
    const path = join(folder, 'foto.png')
    await writeFile(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]))
    expect(await json('inspect', path)).toEqual([
      3,
      { kind: 'unknown', problems: [expect.objectContaining({ code: 'FILE_UNKNOWN', position: {} })] },
    ])
    expect((await json('inspect', join(folder, 'manca.csv')))[0]).toBe(3)
    expect((await json('inspect', folder))[0]).toBe(3)
    expect((await json('inspect', path, '--as', 'fattura'))[0]).toBe(2)
    expect((await json('inspect'))[0]).toBe(2)
  })
  it('a broken flow exits 1 with its problems', async () => {
    const path = join(folder, 'flusso.xml')
    await writeFile(path, '<FlussoRiversamento><versioneOggetto>1.0</versioneOggetto>')
    const [code, found] = await json('inspect', path)
    expect(code).toBe(1)
    expect(found).toMatchObject({ kind: 'reportingFlow', flowId: null })
    expect((found as { problems: unknown[] }).problems.length).toBeGreaterThan(0)
    expect((await runCommandLine(['inspect', path])).stdout).toContain('flusso.xml: Flusso di rendicontazione')
  })
})

describe('help and wrong use', () => {
  it('help lists every command', async () => {
    for (const argv of [[], ['help'], ['--help'], ['inspect', '-h']]) {
      const { code, stdout } = await runCommandLine(argv)
      expect(code).toBe(0)
      for (const name of ['inspect', 'explain-causale', 'notice-number', 'backup', 'doctor'])
        expect(stdout).toContain(name)
    }
  })
  it('an unknown command or option exits 2', async () => {
    expect((await runCommandLine(['vola'])).code).toBe(2)
    expect((await runCommandLine(['doctor', '--vola'])).code).toBe(2)
    expect((await runCommandLine(['toString'])).code).toBe(2)
  })
})

describe('doctor and backup', () => {
  it('without a ledger: doctor says so and makes nothing, backup exits 3', async () => {
    const [code, found] = await json('doctor', '--data', folder)
    expect([code, (found as { ok: boolean }).ok]).toEqual([0, true])
    expect(existsSync(join(folder, 'quietanza.sqlite'))).toBe(false)
    expect((await json('backup', '--data', folder))[0]).toBe(3)
  })

  it('with one: checks it whole and copies it, also while the program has it open', async () => {
    const data = join(folder, 'dati')
    const { mkdir } = await import('node:fs/promises')
    await mkdir(data)
    const program = await openBackend({ folder: data, fileSecretsOnly: true })
    const [code, found] = await json('doctor', '--data', data)
    expect(found).toMatchObject({ ok: true, folder: data })
    expect(code).toBe(0)
    const names = (found as { checks: { name: string }[] }).checks.map((check) => check.name)
    expect(names).toEqual(['program', 'disk', 'keychain', 'integrity', 'migrations', 'journal', 'equations'])
    const target = join(folder, 'copie')
    await mkdir(target)
    const [backupCode, made] = await json('backup', target, '--data', data)
    expect(backupCode).toBe(0)
    expect((made as { bytes: number }).bytes).toBeGreaterThan(10_000)
    expect(await readdir(target)).toHaveLength(1)
    await program.close()
  })

  it('a damaged ledger is a problem in words', async () => {
    const data = join(folder, 'rovinato')
    const { mkdir } = await import('node:fs/promises')
    await mkdir(data)
    await writeFile(join(data, 'quietanza.sqlite'), 'non è un archivio, ma un testo qualunque'.repeat(50))
    const [code, found] = await json('doctor', '--data', data)
    expect(code).toBe(1)
    expect(found).toMatchObject({ ok: false })
  })
})

describe('as a process', () => {
  it('prints one JSON line, whole also through a pipe, and the code', () => {
    const run = spawnSync(process.execPath, [MAIN, 'notice-number', '301202600000012332', '--json'], {
      encoding: 'utf8',
    })
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(JSON.parse(run.stdout)).toMatchObject({ valid: true, checkDigits: '32' })
    expect(spawnSync(process.execPath, [MAIN, 'notice-number', 'x'], { encoding: 'utf8' }).status).toBe(1)
    expect(spawnSync(process.execPath, [MAIN, 'vola'], { encoding: 'utf8' }).status).toBe(2)
  })

  it('a reader that closes early is no crash', async () => {
    const child = spawn(process.execPath, [MAIN, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect([code, stderr]).toEqual([0, ''])
  })
})
