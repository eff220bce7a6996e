import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts `tests/ledger/<name>-child.ts` on this Node; its lines come one by one. */
export function startChild(
  name: string,
  args: readonly string[],
): { process: ChildProcess; lines: () => string[]; ended: Promise<number | null> } {
  const file = fileURLToPath(new URL(`../${name}-child.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { process: child, lines: () => text.split('\n').slice(0, -1), ended }
}
