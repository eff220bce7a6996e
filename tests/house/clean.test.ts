import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './cruise.ts'

const TEXT = /\.(ts|tsx|mjs|cjs|js|json|ya?ml|md|html|css|xml|csv|txt|sh|toml)$|(^|\/)(run|\.npmrc|\.gitignore)$/

function trackedTexts(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  return listed.split('\0').filter((path) => TEXT.test(path) && statSync(join(ROOT, path), { throwIfNoEntry: false }))
}

describe('tracked files', () => {
  it('name no folder of a machine and no registry host', () => {
    const machine = /(?<![\w.~)}-])\/(home|root|Users|work)\/[\w.-]+|[A-Z]:\\Users\\/
    const registry = /https?:\/\/[^\s"'/]*(registry|npmmirror|artifactory|nexus|verdaccio)[^\s"']*/
    const found: string[] = []
    const files = trackedTexts()
    for (const path of files) {
      if (path === 'tests/house/clean.test.ts') continue
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .forEach((line, index) => {
          if (machine.test(line) || registry.test(line))
            found.push(`${path}:${index + 1}: ${line.trim().slice(0, 120)}`)
        })
    }
    expect(files.length).toBeGreaterThan(20)
    expect(found).toEqual([])
  })

  it('hold no private key and no password in clear', () => {
    const secret = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----|AKIA[0-9A-Z]{16}|\bgh[pousr]_[A-Za-z0-9]{30,}/
    const found = trackedTexts().filter(
      (path) => path !== 'tests/house/clean.test.ts' && secret.test(readFileSync(join(ROOT, path), 'utf8')),
    )
    expect(found).toEqual([])
  })
})
