import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import type { FolderToken } from '#domain/ports'

/**
 * Folder paths as opaque tokens. The same path gives the same token for as long as the key lives, so a campaign that
 * was interrupted finds its folder again; nobody without the key can read a token or make one.
 */
export class FolderTokens {
  readonly #key: Buffer

  /** @param key 32 bytes, kept by the host beside the ledger. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('folder token key: 32 bytes')
    this.#key = Buffer.from(key)
  }

  seal(path: string): FolderToken {
    // The nonce comes from the path itself: equal paths, equal tokens, and never two texts under one nonce.
    const nonce = createHmac('sha256', this.#key).update(path).digest().subarray(0, 12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(path, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url') as FolderToken
  }

  /** The path, or null when the token is not ours. */
  open(token: string): string | null {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length < 29) return null
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    } catch {
      return null
    }
  }
}
