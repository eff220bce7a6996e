import { err, ok, type Result } from '#domain/result'

/** One part of a message (RFC 2045). The message within a `message/rfc822` is not opened here: what others wrote stays theirs. */
export interface MailPart {
  /** Lower case, `text/plain` where none is said. */
  readonly type: string
  /** Parameters of Content-Type, names in lower case. */
  readonly params: ReadonlyMap<string, string>
  /** Unfolded values by lower-case name, in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly fileName: string | null
  /** As it came, still in its transfer encoding. */
  readonly body: Uint8Array
  readonly parts: readonly MailPart[]
}

export interface MailLimits {
  readonly bytes: number
  readonly headerBytes: number
  readonly parts: number
  readonly depth: number
}

export const MAIL_LIMITS: MailLimits = { bytes: 64 * 1_048_576, headerBytes: 256 * 1024, parts: 200, depth: 10 }

/** The tree of a message's parts, or why it is not read. Never longer than a few passes over the bytes. */
export function readMail(source: Uint8Array, limits: MailLimits = MAIL_LIMITS): Result<MailPart, string> {
  if (source.length > limits.bytes) return err('il messaggio è troppo grande')
  const count = { parts: 0 }
  const part = readPart(Buffer.from(source.buffer, source.byteOffset, source.byteLength), limits, count, 0)
  return part === null ? err('il messaggio ha troppe parti o intestazioni troppo lunghe') : ok(part)
}

function readPart(bytes: Buffer, limits: MailLimits, count: { parts: number }, depth: number): MailPart | null {
  count.parts += 1
  if (count.parts > limits.parts || depth > limits.depth) return null
  const cut = headEnd(bytes, limits.headerBytes)
  if (cut === null) return null
  const headers = readHeaders(bytes.toString('latin1', 0, cut.head))
  const body = bytes.subarray(cut.body)
  const { value, params } = parameters(headers.get('content-type')?.[0] ?? '')
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value.toLowerCase() : 'text/plain'
  const disposition = parameters(headers.get('content-disposition')?.[0] ?? '')
  const fileName = disposition.params.get('filename') ?? params.get('name') ?? null
  const parts: MailPart[] = []
  const boundary = params.get('boundary')
  if (type.startsWith('multipart/') && boundary !== undefined && boundary !== '') {
    for (const slice of slices(body, boundary)) {
      const part = readPart(slice, limits, count, depth + 1)
      if (part === null) return null
      parts.push(part)
    }
  }
  return { type, params, headers, fileName: fileName === null ? null : decodeWords(fileName), body, parts }
}

/** Where the head ends and the body begins: at the first empty line. */
function headEnd(bytes: Buffer, limit: number): { head: number; body: number } | null {
  if (bytes[0] === 10) return { head: 0, body: 1 }
  if (bytes[0] === 13 && bytes[1] === 10) return { head: 0, body: 2 }
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (at > limit) return null
    if (bytes[at + 1] === 10) return { head: at, body: at + 2 }
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return { head: at, body: at + 3 }
  }
  return bytes.length > limit ? null : { head: bytes.length, body: bytes.length }
}

/** Unfolded header fields of a head, or of any text written like one (delivery-status groups). */
export function readHeaders(head: string): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  let name = ''
  for (const raw of head.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const values = headers.get(name)
    if ((line.startsWith(' ') || line.startsWith('\t')) && values !== undefined) {
      const before = values[values.length - 1]
      values[values.length - 1] = before === '' ? line.trim() : `${before} ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    name = colon > 0 ? line.slice(0, colon).trimEnd().toLowerCase() : ''
    if (!/^[!-9;-~]+$/.test(name)) {
      name = ''
      continue
    }
    const value = utf8(line.slice(colon + 1)).trim()
    const same = headers.get(name)
    if (same === undefined) headers.set(name, [value])
    else same.push(value)
  }
  return headers
}

/** Raw eight-bit header text is UTF-8 where it reads as such (RFC 6532). */
function utf8(latin1: string): string {
  if (!/[\x80-\xff]/.test(latin1)) return latin1
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return latin1
  }
}

/** Bodies between the delimiters of a multipart; a missing end is the end of the bytes. */
function* slices(body: Buffer, boundary: string): Generator<Buffer> {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  let start = -1
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== 10) continue
    const after = at + delimiter.length
    const last = body[after] === 45 && body[after + 1] === 45
    const lineEnd = body.indexOf(10, after)
    const rest = body.toString(
      'latin1',
      last ? after + 2 : after,
      lineEnd < 0 ? body.length : Math.min(lineEnd, after + 200),
    )
    if (rest.trim() !== '') continue
    if (start >= 0) yield body.subarray(start, Math.max(start, at - (body[at - 2] === 13 ? 2 : 1)))
    if (last) return
    start = lineEnd < 0 ? body.length : lineEnd + 1
  }
  if (start >= 0) yield body.subarray(start)
}

/** `text/plain; charset="utf-8"` → its value and parameters; continuations of RFC 2231 are joined. */
function parameters(header: string): { value: string; params: Map<string, string> } {
  const params = new Map<string, string>()
  const text = header.slice(0, 4096)
  const value = /^[^;]*/.exec(text)?.[0].trim() ?? ''
  const pieces = new Map<string, string>()
  for (const match of text.matchAll(/;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    const name = (match[1] as string).toLowerCase()
    const raw = match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(.)/g, '$1')
    if (!name.includes('*')) params.set(name, raw)
    else pieces.set(name, raw)
  }
  const joined = new Map<string, string>()
  for (const [name, raw] of pieces) {
    const base = name.slice(0, name.indexOf('*'))
    const encoded = name.endsWith('*') ? raw.replace(/^[\w-]*'[\w-]*'/, '') : raw
    joined.set(base, (joined.get(base) ?? '') + encoded)
  }
  for (const [base, raw] of joined) if (!params.has(base)) params.set(base, percent(raw))
  return { value, params }
}

function percent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Encoded words of RFC 2047 as text. */
export function decodeWords(text: string): string {
  return text
    .replace(/(\?=)\s+(=\?)/g, '$1$2')
    .replace(/=\?([\w-]{1,40})(?:\*[\w-]*)?\?([BbQq])\?([^?]{0,2000})\?=/g, (word, charset, encoding, content) => {
      const bytes =
        encoding.toUpperCase() === 'B'
          ? Buffer.from(content, 'base64')
          : unquote(Buffer.from(content.replace(/_/g, ' '), 'latin1'))
      return decoded(bytes, charset) ?? word
    })
}

/** The part's own bytes, out of their transfer encoding. */
export function partBytes(part: MailPart): Uint8Array {
  const encoding = (part.headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase()
  if (encoding === 'base64') return Buffer.from(Buffer.from(part.body).toString('latin1'), 'base64')
  if (encoding === 'quoted-printable') return unquote(part.body)
  return part.body
}

/** The part as text in its charset; the first `limit` bytes are enough to judge any message. */
export function partText(part: MailPart, limit = 256 * 1024): string {
  const bytes = partBytes(part).subarray(0, limit)
  return decoded(bytes, part.params.get('charset') ?? 'utf-8') ?? Buffer.from(bytes).toString('latin1')
}

function decoded(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return null
  }
}

function unquote(bytes: Uint8Array): Uint8Array {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte !== 61) {
      out[length++] = byte
      continue
    }
    if (bytes[at + 1] === 10) at += 1
    else if (bytes[at + 1] === 13 && bytes[at + 2] === 10) at += 2
    else {
      const hex = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
      if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
        out[length++] = Number.parseInt(hex, 16)
        at += 2
      } else out[length++] = byte
    }
  }
  return out.subarray(0, length)
}

/** All parts, the message itself first; those inside forwarded messages are not among them. */
export function* mailParts(part: MailPart): Generator<MailPart> {
  yield part
  for (const child of part.parts) yield* mailParts(child)
}

/** The header's first value, null where absent or empty. */
export function headerOf(part: MailPart, name: string): string | null {
  return part.headers.get(name)?.[0] || null
}

/** Plain addresses of a header, lower case, at most fifty. */
export function addressesIn(text: string): string[] {
  const found = text.slice(0, 20_000).match(/[^\s<>()",;:[\]\\]{1,64}@[^\s<>()",;:[\]\\]{1,253}/g) ?? []
  return found.slice(0, 50).map((address) => address.toLowerCase())
}

/** `<a@b>` of a header, with its brackets; null where there is none. */
export function messageIdIn(text: string | null): string | null {
  const bare = text?.slice(0, 2000).trim() ?? ''
  const inside = /<([^<>\s]{1,900})>/.exec(bare)?.[1] ?? (/^[^<>\s]+@[^<>\s]+$/.test(bare) ? bare : null)
  return inside === null ? null : `<${inside}>`
}
