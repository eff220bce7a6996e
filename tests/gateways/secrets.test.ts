import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProblemError } from '#domain/problem'
import { openSecrets } from '#gateways/secrets'
import { keyringSecrets } from '#gateways/secrets-keyring'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quietanza-secrets-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the encrypted file', () => {
  it('keeps a password across restarts, unreadable in the file, mode 0600', async () => {
    const first = await openSecrets({ folder, fileOnly: true })
    await first.set('mail:1', 'pàssword «lunga» 😀')
    expect(first.place).toContain('file cifrato')
    const again = await openSecrets({ folder, fileOnly: true })
    expect(await again.get('mail:1')).toBe('pàssword «lunga» 😀')
    expect(await again.get('mail:2')).toBeNull()
    expect(await again.get('__proto__')).toBeNull()
    expect(await readFile(join(folder, 'segreti.json'), 'utf8')).not.toContain('lunga')
    for (const name of ['segreti.json', 'segreti.key'])
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    await again.delete('mail:1')
    expect(await (await openSecrets({ folder, fileOnly: true })).get('mail:1')).toBeNull()
  })

  it('opens with its phrase and refuses another in words', async () => {
    const first = await openSecrets({ folder, phrase: 'quattro cavalli blu' })
    await first.set('mail:1', 'x')
    expect(await (await openSecrets({ folder, phrase: 'quattro cavalli blu' })).get('mail:1')).toBe('x')
    await expect(openSecrets({ folder, phrase: 'altra' })).rejects.toThrow(/non si aprono con questa chiave/)
  })

  it('a value moved under another name does not open', async () => {
    const first = await openSecrets({ folder, phrase: 'frase' })
    await first.set('mail:1', 'uno')
    await first.set('mail:2', 'due')
    const file = join(folder, 'segreti.json')
    const document = JSON.parse(await readFile(file, 'utf8')) as { entries: Record<string, string> }
    document.entries['mail:2'] = document.entries['mail:1']!
    await writeFile(file, JSON.stringify(document))
    expect(await (await openSecrets({ folder, phrase: 'frase' })).get('mail:2')).toBeNull()
  })

  it('a key file that others can read is refused', async () => {
    await (await openSecrets({ folder, fileOnly: true })).set('a', 'b')
    await chmod(join(folder, 'segreti.key'), 0o644)
    await expect(openSecrets({ folder, fileOnly: true })).rejects.toBeInstanceOf(ProblemError)
  })

  it('twenty writings at once are all kept', async () => {
    const secrets = await openSecrets({ folder, phrase: 'frase' })
    await Promise.all(Array.from({ length: 20 }, (_, i) => secrets.set(`s${i}`, String(i))))
    const again = await openSecrets({ folder, phrase: 'frase' })
    for (let i = 0; i < 20; i += 1) expect(await again.get(`s${i}`)).toBe(String(i))
  })
})

describe('the keychain of the system', () => {
  it('round-trips where there is one, and is null where there is none', async () => {
    const keyring = await keyringSecrets(`Quietanza prova ${process.pid}`)
    if (keyring === null) {
      expect((await openSecrets({ folder })).place).toContain('file cifrato')
      return
    }
    await keyring.set('a', 'b')
    expect(await keyring.get('a')).toBe('b')
    await keyring.delete('a')
    expect(await keyring.get('a')).toBeNull()
  })
})
