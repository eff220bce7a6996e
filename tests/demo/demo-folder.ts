import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const DEMO = fileURLToPath(new URL('../../src-main/hosts/cli/demo.ts', import.meta.url))
const run = promisify(execFile)

/** Runs the program's own demo as a person does; what it said. */
export async function runDemo(out: string, members: number, seed: number): Promise<string> {
  const args = [DEMO, '--members', String(members), '--seed', String(seed), '--out', out]
  const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 1 << 26 })
  if (stderr !== '') throw new Error(stderr)
  return stdout
}

/** Starts it and kills it `ms` after its first word. */
export async function killDemo(out: string, members: number, seed: number, ms: number): Promise<void> {
  const args = [DEMO, '--members', String(members), '--seed', String(seed), '--out', out]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdout.resume()
  await sleep(ms)
  child.kill('SIGKILL')
  await ended
}

/** Hash of each file below `folder`, by its path in it, without those that begin with one of `but`. */
export async function fingerprints(folder: string, but: readonly string[]): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = new Map<string, string>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (but.some((prefix) => name.startsWith(prefix))) continue
    found.set(
      name,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    )
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Runs `work` on each item, a few at a time, in order of arrival. */
export async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
