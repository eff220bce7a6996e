import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cruise, ROOT } from './cruise.ts'

describe('layers of the house', () => {
  it('are kept, and dependency-cruiser really reads the modules', async () => {
    const folders = ['src-main', 'src-renderer', 'migrations'].filter((f) => existsSync(join(ROOT, f)))
    const summary = await cruise(ROOT, folders)
    expect(summary.totalCruised).toBeGreaterThan(40)
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([])
  })
})

describe('the layer rules see', () => {
  let house = ''
  beforeAll(async () => {
    house = await realpath(await mkdtemp(join(tmpdir(), 'quietanza-house-')))
    await writeFile(join(house, 'package.json'), await readFile(join(ROOT, 'package.json')))
    await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'))
    await plant('src-main/domain/one.ts', "import { two } from './two.ts'\nexport const one = (): number => two()\n")
    await plant('src-main/domain/two.ts', "import { one } from './one.ts'\nexport const two = (): number => one()\n")
    await plant('src-main/domain/typed.ts', "import type { Handle } from '#ledger/handle'\nexport type T = Handle\n")
    await plant('src-main/domain/disk.ts', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n")
    await plant('src-main/domain/sql.ts', "import { sql } from 'kysely'\nexport const q = sql\n")
    await plant('src-main/ledger/handle.ts', 'export interface Handle { readonly a: number }\nexport const h = 1\n')
    await plant('src-main/codecs/peek.ts', "import { h } from '#ledger/handle'\nexport const peek = h\n")
    await plant(
      'src-renderer/Page.tsx',
      "import { h } from '../src-main/ledger/handle.ts'\nexport const Page = () => <p>{h}</p>\n",
    )
    await plant('src-main/services/good.ts', "import { h } from '#ledger/handle'\nexport const good = h\n")
  })
  afterAll(() => rm(house, { recursive: true, force: true }))

  it('planted breaches, one by one, and nothing else', async () => {
    const { violations } = await cruise(house, ['src-main', 'src-renderer'])
    const found = violations.map((v) => `${v.rule.name}: ${v.from}`).sort()
    expect([...new Set(found)]).toEqual([
      'codecs-rooms: src-main/codecs/peek.ts',
      'domain-node: src-main/domain/disk.ts',
      'domain-packages: src-main/domain/sql.ts',
      'domain-rooms: src-main/domain/typed.ts',
      'no-circles: src-main/domain/one.ts',
      'renderer-rooms: src-renderer/Page.tsx',
    ])
  })

  async function plant(path: string, text: string) {
    await mkdir(join(house, dirname(path)), { recursive: true })
    await writeFile(join(house, path), text)
  }
})
