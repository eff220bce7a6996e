import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBackend } from '#hosts/backend'
import { lockForProgram } from '#ledger/program-lock'

describe('one program at a time on a ledger file', () => {
  it('refuses the second in words and lets it in when the first has gone', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'quietanza-lock-')), 'libro.sqlite')
    const first = lockForProgram(file)
    expect(() => lockForProgram(file)).toThrow(/già aperto in un’altra finestra/)
    first.release()
    lockForProgram(file).release()
  })

  it('holds for the whole program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quietanza-lock-'))
    const first = await openBackend({ folder, fileSecretsOnly: true })
    await expect(openBackend({ folder, fileSecretsOnly: true })).rejects.toThrow(/già aperto/)
    await first.close()
    await (await openBackend({ folder, fileSecretsOnly: true })).close()
  })
})
