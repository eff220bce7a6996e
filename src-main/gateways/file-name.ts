import { createHash } from 'node:crypto'

const FILE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._()+@-]{0,179}$/u
const WINDOWS_RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Whether a text can be the name of a file on every disk and server: no separator, no `..`, nothing invisible. */
export function isFileName(name: string): boolean {
  return FILE_NAME.test(name) && !WINDOWS_RESERVED.test(name) && !/[. ]$/.test(name)
}

/** Name under which a file waits on a server until it is whole: the same for the same file, so that a cut is resumed. */
export function remoteTemporary(name: string, sha256: string): string {
  const key = createHash('sha256').update(`${name}\n${sha256}`).digest('hex').slice(0, 24)
  return `.quietanza-${key}.tmp`
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
