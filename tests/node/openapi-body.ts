import { unzipSync } from 'fflate'

/** Null where the bytes are no JSON. */
export function jsonOf(bytes: Uint8Array): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return null
  }
}

/** The JSON inside the zip inside the part `file` of a multipart body, or what is wrong with it (pagopa.md §7.4). */
export function loadedJson(contentType: string, body: Uint8Array): { readonly value: unknown } | string {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) return `content type «${contentType}» is no multipart/form-data`
  const text = Buffer.from(body).toString('latin1')
  const parts = text.split(`--${boundary}`)
  if (parts.length !== 3 || parts[2]?.trim() !== '--') return `${parts.length - 2} parts, not one`
  const [head = '', ...rest] = (parts[1] as string).split('\r\n\r\n')
  if (!/content-disposition:\s*form-data;\s*name="file";\s*filename="[^"]+\.zip"/i.test(head)) {
    return `the part is no file: ${head.trim()}`
  }
  const zip = Buffer.from(rest.join('\r\n\r\n').replace(/\r\n$/, ''), 'latin1')
  if (zip.length > 5_000_000) return `the archive has ${zip.length} bytes`
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(zip)
  } catch (error) {
    return `the file is no archive: ${String(error)}`
  }
  const names = Object.keys(entries)
  if (names.length !== 1 || !/^[^/]+\.json$/.test(names[0] as string)) return `the archive holds ${names.join(', ')}`
  return jsonOf(entries[names[0] as string] as Uint8Array) ?? 'what the archive holds is no JSON'
}
