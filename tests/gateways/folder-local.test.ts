import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FolderToken } from '#domain/ports'
import { ProblemError, problemText } from '#domain/problem'
import { type LocalFolders, localFolders } from '#gateways/folder-local'
import { FolderTokens } from '#gateways/folder-token'
import { smallDisk } from '../servers/small-disk.ts'

const KEY = randomBytes(32)
const bytes = (text: string) => new TextEncoder().encode(text)
let base = ''
let root = ''
let gateway: LocalFolders

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'quietanza-folder-')))
  root = join(base, 'Consegne')
  await mkdir(join(root, 'Avvisi 2026'), { recursive: true })
  await mkdir(join(base, 'Altrove'))
  gateway = localFolders([{ name: 'Consegne', path: root }], new FolderTokens(KEY))
})
afterEach(() => rm(base, { recursive: true, force: true }))

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  )
  return error instanceof ProblemError ? (error.problems[0]?.code ?? '') : `no problem: ${String(error)}`
}

describe('folders as tokens', () => {
  it('lists roots, then what is inside, without naming a path', async () => {
    const roots = await gateway.list(null)
    expect(roots.map((r) => r.name)).toEqual(['Consegne'])
    const inside = await gateway.list(roots[0]!.token)
    expect(inside.map((f) => f.name)).toEqual(['Avvisi 2026'])
    expect(Buffer.from(inside[0]!.token, 'base64url').toString('latin1')).not.toContain('Avvisi')
    expect(await gateway.describe(inside[0]!.token)).toBe('Consegne › Avvisi 2026')
  })

  it('a token holds across restarts with the same key, and is nothing without it', async () => {
    const token = await gateway.tokenOf(join(root, 'Avvisi 2026'))
    const later = localFolders([{ name: 'Consegne', path: root }], new FolderTokens(KEY))
    expect(await later.put(token, 'a.pdf', bytes('a'))).toBe('written')
    const other = localFolders([{ name: 'Consegne', path: root }], new FolderTokens(randomBytes(32)))
    expect(await codeOf(other.put(token, 'b.pdf', bytes('b')))).toBe('FOLDER_UNKNOWN')
    expect(await codeOf(gateway.put('../../etc' as FolderToken, 'b.pdf', bytes('b')))).toBe('FOLDER_UNKNOWN')
  })

  it('nothing outside the roots is listed or written, links included', async () => {
    await symlink(join(base, 'Altrove'), join(root, 'scorciatoia'))
    const [top] = await gateway.list(null)
    expect((await gateway.list(top!.token)).map((f) => f.name)).toEqual(['Avvisi 2026'])
    expect(await codeOf(gateway.tokenOf(join(base, 'Altrove')))).toBe('FOLDER_UNKNOWN')
    const inside = await gateway.tokenOf(join(root, 'Avvisi 2026'))
    await rm(join(root, 'Avvisi 2026'), { recursive: true })
    await symlink(join(base, 'Altrove'), join(root, 'Avvisi 2026'))
    expect(await codeOf(gateway.put(inside, 'a.pdf', bytes('a')))).toBe('FOLDER_UNKNOWN')
    expect(await readdir(join(base, 'Altrove'))).toEqual([])
  })
})

describe('writing a file', () => {
  it('writes once; equal is «same»; different is left untouched', async () => {
    const token = await gateway.tokenOf(root)
    expect(await gateway.put(token, 'RSSMRA85T10A562S_2026_1.pdf', bytes('uno'))).toBe('written')
    expect(await gateway.put(token, 'RSSMRA85T10A562S_2026_1.pdf', bytes('uno'))).toBe('same')
    expect(await gateway.put(token, 'RSSMRA85T10A562S_2026_1.pdf', bytes('due'))).toBe('different')
    expect(await readFile(join(root, 'RSSMRA85T10A562S_2026_1.pdf'), 'utf8')).toBe('uno')
    expect((await readdir(root)).filter((n) => n.includes('tmp'))).toEqual([])
  })

  it('twenty writers of one name: one writes, nobody replaces', async () => {
    const token = await gateway.tokenOf(root)
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => gateway.put(token, 'gara.pdf', bytes(`scrittore ${i}`))),
    )
    expect(results.filter((r) => r === 'written')).toHaveLength(1)
    const winner = results.indexOf('written')
    expect(await readFile(join(root, 'gara.pdf'), 'utf8')).toBe(`scrittore ${winner}`)
    expect((await readdir(root)).filter((n) => n.includes('tmp'))).toEqual([])
  })

  it.each(['../fuori.pdf', 'a/b.pdf', 'a\\b.pdf', '..', '', '.nascosto', 'a\0b', 'con.pdf', 'fine.', 'x'.repeat(200)])(
    'refuses the name %j',
    async (name) => {
      expect(await codeOf(gateway.put(await gateway.tokenOf(root), name, bytes('x')))).toBe('FOLDER_FILE_NAME')
    },
  )

  it('a folder that has gone, or is read-only, is told in words', async () => {
    const token = await gateway.tokenOf(join(root, 'Avvisi 2026'))
    await rename(join(root, 'Avvisi 2026'), join(root, 'spostata'))
    expect(await codeOf(gateway.put(token, 'a.pdf', bytes('a')))).toBe('FOLDER_UNWRITABLE')
    expect(await gateway.check(token)).toMatchObject({ ok: false, reason: expect.stringContaining('non esiste più') })
  })

  it('says free space and permission', async () => {
    const token = await gateway.tokenOf(root)
    const found = await gateway.check(token)
    expect(found.ok).toBe(true)
    expect(found.freeBytes).toBeGreaterThan(0)
    expect(await readdir(root)).toEqual(['Avvisi 2026'])
  })

  it('a file that cannot be written fails as data', async (context) => {
    if (process.getuid?.() === 0 && !immutable(join(root, 'Avvisi 2026'))) {
      context.skip('l’amministratore scrive dappertutto e qui chattr non c’è')
    }
    const token = await gateway.tokenOf(join(root, 'Avvisi 2026'))
    if (process.getuid?.() !== 0) await chmod(join(root, 'Avvisi 2026'), 0o500)
    const code = await codeOf(gateway.put(token, 'a.pdf', bytes('a')))
    const check = await gateway.check(token)
    if (process.getuid?.() === 0) execFileSync('chattr', ['-i', join(root, 'Avvisi 2026')])
    else await chmod(join(root, 'Avvisi 2026'), 0o700)
    expect(code).toBe('FOLDER_UNWRITABLE')
    expect(check.ok).toBe(false)
    await writeFile(join(root, 'Avvisi 2026', 'b'), '')
  })
})

function immutable(folder: string): boolean {
  try {
    execFileSync('chattr', ['+i', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('a file of ours', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

  it('is replaced where it was named, and removed while its bytes are still ours', async () => {
    const token = await gateway.tokenOf(root)
    await gateway.put(token, 'indice.csv', bytes('uno'))
    expect(await gateway.put(token, 'indice.csv', bytes('due'), sha256('altro'))).toBe('different')
    expect(await gateway.put(token, 'indice.csv', bytes('due'), sha256('uno'))).toBe('written')
    expect(await readFile(join(root, 'indice.csv'), 'utf8')).toBe('due')
    expect(await gateway.remove(token, 'indice.csv', sha256('uno'))).toBe('different')
    expect(await gateway.remove(token, 'indice.csv', sha256('due'))).toBe('removed')
    expect(await gateway.remove(token, 'indice.csv', sha256('due'))).toBe('absent')
    expect(await codeOf(gateway.remove(token, '../Altrove', sha256('due')))).toBe('FOLDER_FILE_NAME')
    expect(await readdir(root)).toEqual(['Avvisi 2026'])
  })

  it('a disk without room is told before the first file', async ({ skip }) => {
    const token = await gateway.tokenOf(join(root, 'Avvisi 2026'))
    const disk = smallDisk(join(root, 'Avvisi 2026'), 256 * 1024, 'root')
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      expect(await gateway.check(token)).toMatchObject({ ok: false, reason: 'il disco è pieno' })
    } finally {
      disk.unmount()
    }
  })
})

describe('a folder written by hand', () => {
  const typed = { refuse: (real: string) => (real.includes('Vietata') ? 'è del sistema' : null) }
  const open = (more = typed) => localFolders([{ name: 'Consegne', path: root }], new FolderTokens(KEY), more)
  const refusal = async (text: string, folders = open()) => {
    const error = await folders.enter(text).then(
      () => null,
      (e: unknown) => e,
    )
    return error instanceof ProblemError ? error.problems.map(problemText).join(' ') : `no problem: ${String(error)}`
  }

  it('is used, listed below and told whole; its token holds after a restart and leads nowhere else', async () => {
    const place = join(base, 'Altrove')
    await mkdir(join(place, 'quote'))
    const found = await open().enter(` ${place}/ `)
    expect(found.name).toBe('Altrove')
    expect(await open().describe(found.token)).toBe(place)
    expect(await open().put(found.token, 'a.pdf', bytes('a'))).toBe('written')
    expect(await readdir(place)).toEqual(['a.pdf', 'quote'])
    const [below] = await open().list(found.token)
    expect(await open().describe(below!.token)).toBe(`${place} › quote`)
    expect(await open().put(below!.token, 'b.pdf', bytes('b'))).toBe('written')
    expect((await open().check(below!.token)).ok).toBe(true)

    await symlink(root, join(place, 'fuori'))
    expect((await open().list(found.token)).map(({ name }) => name)).toEqual(['quote'])
    await rename(place, `${place}-via`)
    await symlink(root, place)
    expect(await codeOf(open().put(found.token, 'c.pdf', bytes('c')))).toBe('FOLDER_UNKNOWN')
    expect(await readdir(root)).toEqual(['Avvisi 2026'])
  })

  it('below a root gives the same token as when it is picked', async () => {
    const [top] = await gateway.list(null)
    const [picked] = await gateway.list(top!.token)
    expect((await gateway.enter(join(root, 'Avvisi 2026'))).token).toBe(picked!.token)
  })

  it('is refused where the host says no, today and with a token of yesterday', async () => {
    await mkdir(join(base, 'Vietata'))
    expect(await refusal(join(base, 'Vietata'))).toMatch(/«.*Vietata» non si può usare: è del sistema\./)
    expect(await refusal(join(base, 'Altrove'), gateway)).toMatch(/non è fra le cartelle permesse/)
    const { token } = await open().enter(join(base, 'Altrove'))
    expect(await codeOf(gateway.put(token, 'a.pdf', bytes('a')))).toBe('FOLDER_UNKNOWN')
    await symlink(join(base, 'Vietata'), join(base, 'Buona'))
    expect(await refusal(join(base, 'Buona'))).toMatch(/è del sistema/)
  })

  it('that is not there, is a file, or cannot be written says so and what to do', async () => {
    expect(await refusal(join(base, 'Manca'))).toMatch(/non esiste\. Controlla com’è scritta/)
    await writeFile(join(base, 'file'), 'x')
    expect(await refusal(join(base, 'file'))).toMatch(/è un file, non una cartella\. Scrivi la cartella/)
    expect(await refusal(join(base, 'file', 'dentro'))).toMatch(/un suo pezzo è un file/)
    expect(await refusal(`/${'a'.repeat(300)}`)).toMatch(/il sistema non la apre/)
    expect(await refusal('/proc')).toMatch(/non ci si scrive/)
    expect(await refusal('\\\\nas\\avvisi')).toMatch(/percorso di rete.*Collega prima/)
    expect(await refusal('avvisi')).toMatch(/percorso intero/)
  })

  it('cannot be forged out of the token of a root', async () => {
    const tokens = new FolderTokens(randomBytes(32))
    const forged = tokens.seal(`${join(base, 'Altrove')}\0${join(base, 'Altrove')}`)
    expect(await codeOf(open().put(forged, 'a.pdf', bytes('a')))).toBe('FOLDER_UNKNOWN')
  })
})
