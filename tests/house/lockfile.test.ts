import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './cruise.ts'

interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packages = (
  JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockEntry> }
).packages
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string | boolean>
>

/** Npm writes a lock without the platform packages that a registry lacks, and `npm ci` then refuses it. */
describe('the lockfile', () => {
  it('holds every optional dependency that an entry names', () => {
    const missing: string[] = []
    for (const [path, entry] of Object.entries(packages)) {
      for (const name of Object.keys(entry.optionalDependencies ?? {})) {
        if (!resolvable(path, name)) missing.push(`${path || '(root)'} → ${name}`)
      }
    }
    expect(missing).toEqual([])
  })

  it('names no host and keeps an integrity for each package', () => {
    const entries = Object.entries(packages).filter(([path]) => path !== '')
    expect(entries.length).toBeGreaterThan(300)
    expect(entries.filter(([, e]) => e.resolved !== undefined).map(([path]) => path)).toEqual([])
    expect(entries.filter(([, e]) => e.integrity === undefined && !e.link).map(([path]) => path)).toEqual([])
  })

  it('is asked for exact versions, and each install script is denied by name', () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    for (const [name, version] of Object.entries(asked)) expect(`${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/)
    const scripts = Object.entries(packages)
      .filter(([, e]) => e.hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    for (const name of scripts) expect(manifest.allowScripts, name).toHaveProperty([name], false)
  })

  function resolvable(from: string, name: string): boolean {
    for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
      if (packages[base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`]) return true
      if (base === '') return false
    }
  }
})
