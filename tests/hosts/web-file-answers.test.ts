import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { os, type RouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Log } from '#domain/ports'
import { startWebHost, type WebHost } from '#hosts/web/server'

const BYTES = Uint8Array.from({ length: 3_000_001 }, (_, i) => i % 251)
const base = os.$context<Record<never, never>>()
const router = {
  paper: base.output(z.file()).handler(async () => {
    await new Promise((resolve) => setTimeout(resolve, 10))
    return new File([BYTES], 'avviso «1» ".pdf', { type: 'application/pdf' })
  }),
  two: base
    .output(z.object({ first: z.file(), words: z.string(), second: z.file() }))
    .handler(() => ({ first: new File(['uno'], 'a'), words: 'è', second: new File(['due'], 'b', { type: 'x/y' }) })),
}
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

describe('papers that a page asks for', () => {
  let pages = ''
  let host: WebHost
  let cookie = ''

  beforeAll(async () => {
    pages = await mkdtemp(join(tmpdir(), 'quietanza-pages-'))
    host = await startWebHost({ router, context: {}, pages, log: silent, version: '1.2.3', port: 0 })
    const entered = await fetch(host.newAddress(), { redirect: 'manual' })
    cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  })
  afterAll(async () => {
    await host.close()
    await rm(pages, { recursive: true })
  })

  it('arrive whole, by their name and kind', async () => {
    const client: RouterClient<typeof router> = createORPCClient(
      new RPCLink({ url: `${host.origin}/rpc`, headers: { cookie, origin: host.origin } }),
    )
    const paper = await client.paper()
    expect([paper.name, paper.type]).toEqual(['avviso «1» ".pdf', 'application/pdf'])
    expect(Buffer.from(await paper.arrayBuffer()).equals(BYTES)).toBe(true)
    const two = await client.two()
    expect([await two.first.text(), two.words, await two.second.text()]).toEqual(['uno', 'è', 'due'])
    expect([two.first.name, two.second.name, two.second.type]).toEqual(['a', 'b', 'x/y'])
  })

  it('may be left while they come: the page has gone elsewhere, the program goes on', async () => {
    for (let i = 0; i < 30; i += 1) await leave(i % 3)
    for (let i = 0; i < 30; i += 1) await leave(i / 2 + 3, true)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const answer = await fetch(`${host.origin}/openapi.json`, { headers: { cookie } })
    expect(answer.status).toBe(200)
  })

  /** Asks for the paper and hangs up after so many pieces of it, or milliseconds. */
  function leave(pieces: number, ms = false): Promise<void> {
    return new Promise((resolve) => {
      const headers = { cookie, origin: host.origin, 'content-type': 'application/json' }
      const request = httpRequest(`${host.origin}/rpc/paper`, { method: 'POST', headers }, (response) => {
        let seen = 0
        const look = () => {
          seen += 1
          if (seen > pieces) request.destroy()
        }
        look()
        response.on('data', look)
        response.on('error', () => undefined)
      })
      request.on('error', () => undefined)
      request.on('close', () => resolve())
      request.end('{}')
      if (ms) setTimeout(() => request.destroy(), pieces)
    })
  }
})
