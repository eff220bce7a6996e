import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

/** This machine among those that write into one network folder. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const NAME = /^\.quietanza-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.tmp$/

/** Name under which a file is written before it gets its own; it says whose it is. */
export function temporaryName(): string {
  return `.quietanza-${MACHINE}-${process.pid}-${randomBytes(8).toString('hex')}.tmp`
}

/** What this program could not take away when it gave up: the folder had gone with it. */
const abandoned = new Set<string>()

/** Removes what was half written; where that cannot be done now, `sweepAbandoned` does it when the folder is back. */
export async function giveUpTemporary(path: string): Promise<void> {
  if (!(await isRemoved(path))) abandoned.add(path)
}

/** Removes from a folder what `giveUpTemporary` had to leave there. */
export async function sweepAbandoned(folder: string): Promise<void> {
  for (const path of [...abandoned].filter((one) => dirname(one) === folder)) {
    if (await isRemoved(path)) abandoned.delete(path)
  }
}

/** A folder that goes away meanwhile takes it along: `rm` then finds nothing, and says nothing. */
async function isRemoved(path: string): Promise<boolean> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined)
  return existsSync(dirname(path)) && !existsSync(path)
}

/** Removes what programs of this machine that are no more left half written, files and whole batches. */
export async function sweepTemporary(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, machine, pid] = NAME.exec(name) ?? []
    if (machine !== MACHINE || isRunning(Number(pid))) continue
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Whether a process of that number is alive on this machine, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
