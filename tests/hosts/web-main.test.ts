import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src-main/hosts/web/main.ts', import.meta.url))
let folder = ''
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quietanza-web-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

interface Running {
  readonly child: ChildProcess
  readonly address: string
  readonly text: () => string
}

function start(...args: string[]): Promise<Running> {
  const env = { ...process.env, CI: '1', QUIETANZA_DATA: folder, QUIETANZA_SECRETS: 'file' }
  const child = spawn(process.execPath, [MAIN, '--no-open', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let text = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      const address = /(http:\/\/127\.0\.0\.1:\d+\/entra\?chiave=\S+)\n/.exec(text)?.[1]
      if (address) resolve({ child, address, text: () => text })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)))
  })
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

describe('the browser host as a program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s closes the ledger cleanly and exits 0, with a page open, also when it comes twice',
    async (signal) => {
      const { child, address } = await start('--port', '0')
      const entered = await fetch(address, { redirect: 'manual' })
      expect(entered.status).toBe(303)
      const cookie = entered.headers.get('set-cookie')!.split(';')[0]!
      const { origin } = new URL(address)
      const headers = { cookie, origin, 'content-type': 'application/json' }
      const state = await fetch(`${origin}/rpc/app/state`, { method: 'POST', headers, body: '{}' })
      expect(state.status).toBe(200)
      expect(await state.json()).toMatchObject({ json: { configured: false, ledger: { engine: 'sqlite' } } })
      const stream = await fetch(`${origin}/rpc/ledger/revisions`, { method: 'POST', headers, body: '{}' })
      expect(stream.status).toBe(200)
      const exit = ended(child)
      child.kill(signal)
      child.kill(signal)
      await stream.text().catch(() => undefined)
      expect(await exit).toBe(0)
      expect(existsSync(join(folder, 'quietanza.sqlite'))).toBe(true)
      expect(existsSync(join(folder, 'quietanza.sqlite-wal'))).toBe(false)
    },
  )

  it('a busy port gives way to another', async () => {
    const first = await start('--port', '0')
    const { port } = new URL(first.address)
    const second = await start('--port', port, '--data', join(folder, 'altro'))
    expect(new URL(second.address).port).not.toBe(port)
  })

  it('a second program on the same archive is refused in words', async () => {
    await start('--port', '0')
    await expect(start('--port', '0')).rejects.toThrow(/ended with 1: .*già aperto in un’altra finestra/)
  })

  it('says in words why it does not start', async () => {
    const failed = await start('--port', 'molte').catch((error: Error) => error)
    expect((failed as Error).message).toMatch(/ended with 2: .*numero/)
  })
})
