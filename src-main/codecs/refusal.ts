import type { Problem } from '#domain/problem'

/** Stops a reader from within its parser's callbacks; never leaves this room: each codec turns it into its problem. */
export class Refusal extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.name = 'Refusal'
    this.problem = problem
  }
}

/** The person's cancel is not a problem of the file: it leaves as the signal's own reason (an AbortError). */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted()
}

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>

export async function* chunksOf(source: ByteSource, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += size) yield source.subarray(at, at + size)
    return
  }
  yield* source
}

/** The whole source in one buffer, or null when it is longer than `limit` bytes. */
export async function collect(source: ByteSource, limit: number, signal?: AbortSignal): Promise<Uint8Array | null> {
  if (source instanceof Uint8Array) return source.length > limit ? null : source
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of source) {
    stopIfAborted(signal)
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
}

/** `12,5 MB`, as the sentences about sizes write it. */
export function formatBytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1).replace('.', ',').replace(/,0$/, '')} MB`
}
