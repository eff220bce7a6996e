import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { maskedText } from '#domain/masked-text'
import type { NodeCall, NodeCallStore } from '#domain/node-ports'

export interface NodeLogOptions {
  /** A file that has grown beyond this makes room for another. */
  readonly maxBytes?: number
  /** Files kept, the one written to among them. */
  readonly files?: number
  /** Told once where the calls can no longer be written down. */
  readonly onFault?: (error: unknown) => void
}

/**
 * Calls to the node in `<folder>/log/nodo.jsonl`, one JSON line each, the ones before as `.1`, `.2`, `.3`. Written at once, so that
 * the last call before a crash is there; a torn line is passed over. A disk that takes no more stops nobody: the work goes on
 * without a log.
 */
export function nodeLog(folder: string, options: NodeLogOptions = {}): NodeCallStore {
  const { maxBytes = 5 * 1024 * 1024, files = 4 } = options
  const place = join(folder, 'log')
  const file = join(place, 'nodo.jsonl')
  const names = [file, ...Array.from({ length: files - 1 }, (_, n) => `${file}.${n + 1}`)]
  let mended = false
  let faulty = false
  let last: NodeCall | null = null
  // What was read last, as long as nobody needs the room: a list asks for it page by page.
  let kept: { readonly mark: string; readonly calls: WeakRef<readonly NodeCall[]> } | null = null
  return {
    write(call) {
      last = call
      try {
        mkdirSync(place, { recursive: true, mode: 0o700 })
        rotate(names, maxBytes)
        const before = mended || endsWhole(file) ? '' : '\n'
        appendFileSync(file, `${before}${JSON.stringify(masked(call))}\n`, { mode: 0o600 })
        mended = true
        faulty = false
      } catch (error) {
        mended = false
        if (!faulty) options.onFault?.(error)
        faulty = true
      }
    },
    async read() {
      const mark = names
        .map((name) => statSync(name, { throwIfNoEntry: false }))
        .map((s) => `${s?.ino}:${s?.size}`)
        .join()
      const known = kept?.mark === mark ? kept.calls.deref() : undefined
      if (known !== undefined) return known
      const calls: NodeCall[] = []
      for (const name of names) {
        const text = await readFile(name, 'utf8').catch(() => '')
        for (const line of text.split('\n').reverse()) {
          const call = parsedCall(line)
          if (call !== null) calls.push(call)
        }
      }
      kept = { mark, calls: new WeakRef(calls) }
      return calls
    },
    latest: () => last,
    async clear() {
      for (const name of names) rmSync(name, { force: true })
    },
  }
}

function rotate(names: readonly string[], maxBytes: number): void {
  const [first = ''] = names
  if ((statSync(first, { throwIfNoEntry: false })?.size ?? 0) < maxBytes) return
  for (let n = names.length - 1; n > 0; n -= 1) {
    const from = names[n - 1] as string
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, names[n] as string)
  }
}

/** False where a crash cut the last line. */
function endsWhole(file: string): boolean {
  if (!statSync(file, { throwIfNoEntry: false })?.size) return true
  const handle = openSync(file, 'r')
  try {
    const last = Buffer.alloc(1)
    readSync(handle, last, 0, 1, fstatSync(handle).size - 1)
    return last.toString() === '\n'
  } finally {
    closeSync(handle)
  }
}

/** Values of the query that name somebody, or open something. */
const HIDDEN = /([?&](?:debtor|debtorOrIuv|fiscal_?code|name|subscription-key|key)=)[^&]*/gi

function masked(call: NodeCall): NodeCall {
  return {
    ...call,
    path: maskedText(call.path.replace(HIDDEN, '$1…')),
    reply: maskedText(call.reply),
    reason: maskedText(call.reason),
  }
}

function parsedCall(line: string): NodeCall | null {
  if (line === '') return null
  try {
    const call = JSON.parse(line) as NodeCall
    return typeof call.at === 'string' && typeof call.path === 'string' ? call : null
  } catch {
    return null
  }
}
