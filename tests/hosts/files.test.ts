import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileToken } from '#domain/ports'
import { dataFolderOf } from '#hosts/data-folder'
import { openFiles, plainName } from '#hosts/files'

let place = ''
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'quietanza-files-'))
})
afterEach(() => rm(place, { recursive: true, force: true }))
const limits = { file: 100, total: 150 }

describe('files of a run', () => {
  it('come back whole under an unguessable token, private on the disk, and go at the end', async () => {
    const files = await openFiles(limits, place)
    const writer = await files.create('quote 2026.xlsx', 'application/x')
    await writer.write(new Uint8Array([1, 2]))
    await writer.write(new Uint8Array([3]))
    const token = await writer.commit()
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    const file = await files.open(token)
    expect([file.name, file.size, [...(await file.bytes())]]).toEqual(['quote 2026.xlsx', 3, [1, 2, 3]])
    const chunks: number[] = []
    for await (const chunk of file.chunks()) chunks.push(...chunk)
    expect(chunks).toEqual([1, 2, 3])
    const [folder] = await readdir(place)
    expect((await stat(join(place, folder!))).mode & 0o777).toBe(0o700)
    files.dispose()
    expect(await readdir(place)).toEqual([])
    await expect(files.open(token)).rejects.toThrow(/non è più disponibile/)
  })

  it('a token that was never given opens nothing', async () => {
    const files = await openFiles(limits, place)
    for (const token of ['../../etc/passwd', '', 'f'.repeat(32)]) {
      await expect(files.open(token as FileToken)).rejects.toThrow(/non è più disponibile/)
    }
    files.dispose()
  })

  it('limits hold for one file and for all; what was written goes', async () => {
    const files = await openFiles(limits, place)
    const big = await files.create('a', 'b')
    await big.write(new Uint8Array(90))
    await expect(big.write(new Uint8Array(20))).rejects.toThrow(/limite/)
    const one = await files.create('a', 'b')
    await one.write(new Uint8Array(100))
    await one.commit()
    const two = await files.create('a', 'b')
    await expect(two.write(new Uint8Array(60))).rejects.toThrow(/limite/)
    const [folder] = await readdir(place)
    expect(await readdir(join(place, folder!))).toHaveLength(1)
    files.dispose()
  })

  it('the folder of a killed program is removed by the next', async () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid
    await mkdir(join(place, `quietanza-file-${dead}-abc`))
    await writeFile(join(place, `quietanza-file-${dead}-abc`, 'x'), 'x')
    await mkdir(join(place, `quietanza-file-${process.ppid}-abc`))
    const files = await openFiles(limits, place)
    const left = await readdir(place)
    expect(left).toHaveLength(2)
    expect(left).toContain(`quietanza-file-${process.ppid}-abc`)
    files.dispose()
  })

  it.each([
    ['C:\\Documenti\\quote.xlsx', 'quote.xlsx'],
    ['../../etc/passwd', 'passwd'],
    ['a\r\nb"<>.csv', 'ab.csv'],
    ['..', 'file'],
    ['', 'file'],
  ])('the name %j is kept as %j', (given, kept) => {
    expect(plainName(given)).toBe(kept)
  })
})

describe('the data folder', () => {
  it.each([
    ['win32', { APPDATA: join('x', 'Roaming') }, join('x', 'Roaming', 'Quietanza')],
    ['linux', {}, join('h', '.local', 'share', 'quietanza')],
    ['linux', { XDG_DATA_HOME: join('d') }, join('d', 'quietanza')],
    ['darwin', {}, join('h', 'Library', 'Application Support', 'Quietanza')],
  ] as const)('%s %o', (platform, env, expected) => {
    expect(dataFolderOf({ platform, home: 'h', env })).toBe(expected)
  })

  it('QUIETANZA_DATA comes first', () => {
    expect(dataFolderOf({ platform: 'linux', home: 'h', env: { QUIETANZA_DATA: place } })).toBe(place)
  })
})
