import { randomBytes } from 'node:crypto'
import type { Secrets } from '#domain/ports'

const PROBE_TIMEOUT_MS = 4_000

/**
 * The operating system's keychain (Windows Credential Manager, Secret Service). Null where it does not answer: the
 * library loads on every machine, only a round trip shows whether there is a keychain behind it.
 * @param service names this ledger, so that two ledgers of one user never share a password.
 */
export async function keyringSecrets(service: string): Promise<Secrets | null> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    const entry = (name: string) => new AsyncEntry(service, name)
    const nonce = randomBytes(8).toString('hex')
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS)
    const probe = entry(`prova-${nonce}`)
    await probe.setPassword(nonce, signal)
    const back = await probe.getPassword(signal)
    await probe.deletePassword(signal)
    if (back !== nonce) return null
    return {
      place: 'il portachiavi del sistema',
      get: async (name) => (await entry(name).getPassword()) ?? null,
      set: (name, value) => entry(name).setPassword(value),
      delete: async (name) => {
        if (((await entry(name).getPassword()) ?? null) !== null) await entry(name).deletePassword()
      },
    }
  } catch {
    return null
  }
}
