import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Life<Said> {
  readonly said: readonly Said[]
  /** Whether it was killed between the beginning of something and its answer. */
  readonly interrupted: boolean
}

/** So long after the child has begun its n-th thing: counted in what it does, since a busy machine opens slowly. */
export interface Blow {
  readonly begins: number
  readonly ms: number
}

/**
 * Starts `tests/crash/<name>-child.ts`, which says each thing as a line of JSON, `{"begin":…}` before it does it. It is killed
 * at the blow, or as soon as the function resolves: then it may have ended its work before, and was not interrupted. With null it ends
 * by itself. @throws Error when it died of something else.
 */
export async function live<Said extends object>(
  name: string,
  order: object,
  tmp: string,
  death: Blow | ((isOver: () => boolean) => Promise<void>) | null,
): Promise<Life<Said>> {
  const file = fileURLToPath(new URL(`./${name}-child.ts`, import.meta.url))
  const env = { ...process.env, TMPDIR: tmp }
  const child = spawn(process.execPath, [file, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let text = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  let over = false
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      over = true
      resolve(code)
    })
  })
  if (death !== null) {
    const begun = () =>
      text.split('\n').filter((line) => line.startsWith('{"begin"') && !line.includes('"open"')).length
    const blow = async () => {
      if (typeof death === 'function') return death(() => over)
      while (begun() < death.begins && !over) await sleep(2)
      await sleep(death.ms)
    }
    await Promise.race([blow(), ended])
    child.kill('SIGKILL')
  }
  const code = await ended
  // One that ended before its blow proves nothing; one that complained is a fault of the program.
  const isFine = death === null ? code === 0 : code === null || (typeof death === 'function' && code === 0)
  if (!isFine || errors !== '') throw new Error(`child ended with ${code}: ${errors}`)
  const said = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said)
  const last = said.at(-1) as { begin?: string } | undefined
  return { said, interrupted: last?.begin !== undefined && last.begin !== 'open' }
}
