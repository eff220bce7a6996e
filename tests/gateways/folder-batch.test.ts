import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFolderBatch, readFromBatch } from '#gateways/folder-batch'

let folder: string
const text = (words: string) => [new TextEncoder().encode(words)]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quietanza-batch-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const visible = async () => (await readdir(folder)).filter((name) => !name.startsWith('.'))

describe('a batch in a folder', () => {
  it('is seen whole at the end and not before', async () => {
    const batch = await openFolderBatch(folder, 'Lotto 1')
    expect(await batch.write('a.pdf', text('uno'))).toMatchObject({ size: 3 })
    await batch.write('b.csv', text('due'))
    expect(await visible()).toEqual([])
    expect(await batch.seal()).toBe('sealed')
    await batch.abort()
    expect(await readdir(folder)).toEqual(['Lotto 1'])
    expect((await readdir(join(folder, 'Lotto 1'))).toSorted()).toEqual(['a.pdf', 'b.csv'])
    expect(Buffer.from((await readFromBatch(folder, 'Lotto 1', 'a.pdf')) as Uint8Array).toString()).toBe('uno')
    expect(await readFromBatch(folder, 'Lotto 1', 'c')).toBeNull()
    expect(await readFromBatch(folder, 'Lotto 2', 'c')).toBe('none')
  })

  it('leaves nothing when it is given up, also in the middle of a file', async () => {
    const batch = await openFolderBatch(folder, 'Lotto 1')
    const broken = async function* () {
      yield* text('uno')
      throw new Error('rotto')
    }
    await expect(batch.write('a.pdf', broken())).rejects.toThrow('rotto')
    await batch.abort()
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a full folder', (path: string) => mkdir(path).then(() => writeFile(join(path, 'x'), 'x'))],
    ['a file', (path: string) => writeFile(path, 'x')],
    ['a link to nothing', (path: string) => symlink('/nessuno', path)],
  ])('never replaces %s of that name', async (_what, make) => {
    await make(join(folder, 'Lotto 1'))
    const batch = await openFolderBatch(folder, 'Lotto 1')
    await batch.write('a.pdf', text('uno'))
    expect(await batch.seal()).toBe('taken')
    await batch.abort()
    expect(await readdir(folder)).toEqual(['Lotto 1'])
    await expect(readFile(join(folder, 'Lotto 1', 'a.pdf'))).rejects.toThrow()
  })

  it.each(['../fuori', 'a/b', 'a\\b', '..', '.nascosto', 'con', 'a\u0000b', 'a\nb', 'x'.repeat(300), ''])(
    'refuses the name %j, of the folder and of a file',
    async (name) => {
      const refused = { problems: [{ code: 'FOLDER_FILE_NAME' }] }
      await expect(openFolderBatch(folder, name)).rejects.toMatchObject(refused)
      await expect(readFromBatch(folder, name, 'a')).rejects.toMatchObject(refused)
      const batch = await openFolderBatch(folder, 'Lotto 1')
      await expect(batch.write(name, text('x'))).rejects.toMatchObject(refused)
      await batch.abort()
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('never writes a file twice', async () => {
    const batch = await openFolderBatch(folder, 'Lotto 1')
    await batch.write('a.pdf', text('uno'))
    await expect(batch.write('a.pdf', text('due'))).rejects.toThrow('EEXIST')
    await batch.abort()
  })
})
