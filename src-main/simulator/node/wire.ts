import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Random } from '#domain/ports'
import type { FaultRule } from './faults.ts'
import { Refused, type Reply } from './http.ts'

/** A reply as it leaves. */
export interface Sent {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** With its headers and bytes. `bare`: dates lose the Z that says UTC. */
export function complete(reply: Reply, request: IncomingMessage, random: Random, bare: boolean): Sent {
  const given = request.headers['x-request-id']
  const id = typeof given === 'string' ? given : Buffer.from(random.bytes(16)).toString('hex')
  const headers: Record<string, string> = { 'X-Request-Id': id, 'Cache-Control': 'no-store', ...reply.headers }
  if (reply.json !== undefined) {
    const text = JSON.stringify(reply.json)
    const body = Buffer.from(bare ? text.replace(/("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z"/g, '$1"') : text)
    return { status: reply.status, headers: { 'Content-Type': reply.type ?? 'application/json', ...headers }, body }
  }
  const body = Buffer.from(reply.body ?? '')
  if (reply.type !== undefined) headers['Content-Type'] = reply.type
  return { status: reply.status, headers, body }
}

/** Sends it, or spoils it on its way. */
export function send(response: ServerResponse, reply: Sent, fault: FaultRule | null): void {
  // Silent: the line stays open until the other side, or the end of the node, closes it.
  if (fault?.kind === 'silent' || fault?.kind === 'silentAfter') return
  if (fault?.kind === 'hangUp' || fault?.kind === 'hangUpAfter') {
    response.destroy()
    return
  }
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': String(reply.body.length) })
  if (fault?.kind === 'truncated') {
    response.write(reply.body.subarray(0, Math.floor(reply.body.length / 2)), () => response.destroy())
    if (reply.body.length < 2) response.destroy()
    return
  }
  response.end(reply.body)
}

/** The whole body, or what is said where it has more than `limit` bytes. @throws Error when the line drops before its end. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer> | Refused> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    // Read on for a while, so that the refusal arrives instead of a broken line, but not kept.
    if (size <= limit) parts.push(part)
    else if (size > limit * 4) break
  }
  return size <= limit ? Buffer.concat(parts) : new Refused(413, 'Payload Too Large', `The body exceeds ${limit} bytes`)
}

export function small(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Of a request, names in small letters. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
