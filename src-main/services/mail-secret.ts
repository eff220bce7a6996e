import type { Id } from '#domain/brand'

/** Name under which the keychain keeps an account's password: the same for sending and for reading. */
export function secretName(id: Id<'mailAccount'>): string {
  return `mail:${id}`
}
