import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Secrets } from '#domain/ports'
import { fileSecrets } from './secrets-file.ts'
import { keyringSecrets } from './secrets-keyring.ts'

export interface SecretsChoice {
  /** Folder of the ledger: holds the file and its key where there is no keychain. */
  readonly folder: string
  /** A phrase given at start; then the encrypted file is used, keychain or not. */
  readonly phrase?: string | undefined
  /** Never ask the keychain (rehearsals, tests, servers). */
  readonly fileOnly?: boolean | undefined
}

/** The keychain of the system where it answers, else an encrypted file; `place` says in Italian which one it is. */
export async function openSecrets(choice: SecretsChoice): Promise<Secrets> {
  const file = join(choice.folder, 'segreti.json')
  if (choice.phrase) return fileSecrets(file, { phrase: choice.phrase })
  const name = createHash('sha256').update(choice.folder).digest('hex').slice(0, 12)
  const keyring = choice.fileOnly ? null : await keyringSecrets(`Quietanza ${name}`)
  return keyring ?? fileSecrets(file, { keyFile: join(choice.folder, 'segreti.key') })
}
