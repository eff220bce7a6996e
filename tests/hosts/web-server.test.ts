import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { eventIterator } from '@orpc/contract'
import { os, type RouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Log } from '#domain/ports'
import { startWebHost, type WebHost } from '#hosts/web/server'

interface Who {
  readonly who: string
}
const base = os.$context<Who>()
let streamEnded = false
const router = {
  hello: base
    .input(z.object({ name: z.string() }))
    .output(z.string())
    .handler(({ input, context }) => `${context.who}: ${input.name}`),
  size: base
    .input(z.object({ file: z.file() }))
    .output(z.object({ name: z.string(), size: z.number() }))
    .handler(({ input }) => ({ name: input.file.name, size: input.file.size })),
  ticks: base.output(eventIterator(z.number())).handler(async function* ({ signal }) {
    try {
      for (let i = 0; !signal?.aborted; i += 1) {
        yield i
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    } finally {
      streamEnded = true
    }
  }),
}
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
let pages = ''
let host: WebHost

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'quietanza-pages-'))
  await mkdir(join(pages, 'assets'))
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Quietanza</title>')
  await writeFile(join(pages, 'assets', 'index-Ab12Cd34.js'), 'export {}')
  await writeFile(join(pages, 'segreti.sqlite'), 'x')
  host = await startWebHost({
    router,
    context: { who: 'io' },
    pages,
    log: silent,
    version: '1.2.3',
    port: 0,
    maxUploadBytes: 64 * 1024,
  })
})
afterAll(async () => {
  await host.close()
  await rm(pages, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Node's own client: unlike `fetch` it lets a test lie about Host and Origin. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function enter(): Promise<string> {
  const { pathname, search } = new URL(host.newAddress())
  const answer = await ask(pathname + search)
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/')
  const [cookie] = answer.headers['set-cookie'] as string[]
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/)
  return cookie!.split(';')[0]!
}

describe('the gate', () => {
  it('lets in with the address, once', async () => {
    const address = new URL(host.newAddress())
    const path = address.pathname + address.search
    expect((await ask(path)).status).toBe(303)
    const second = await ask(path)
    expect(second.status).toBe(401)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.body).toContain('vale una volta sola')
  })

  it('gives nothing without a token or a cookie', async () => {
    for (const path of ['/', '/assets/index-Ab12Cd34.js', '/openapi.json', '/rpc/hello', '/entra', '/entra?chiave=x']) {
      expect((await ask(path)).status, path).toBe(401)
    }
    expect((await ask('/', { cookie: `quietanza-${host.port}=indovinato` })).status).toBe(401)
  })

  it('refuses a foreign page even with the cookie', async () => {
    const cookie = await enter()
    const call = '{"json":{"name":"x"}}'
    const headers = { cookie, 'content-type': 'application/json' }
    for (const origin of [
      'https://altrove.test',
      'null',
      `http://localhost:${host.port}`,
      'http://127.0.0.1',
      `https://127.0.0.1:${host.port}`,
    ]) {
      expect((await ask('/rpc/hello', { ...headers, origin }, 'POST', call)).status, origin).toBe(403)
    }
    expect((await ask('/rpc/hello', headers, 'POST', call)).status, 'no origin').toBe(403)
    expect((await ask('/openapi.json', { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const own = await ask('/rpc/hello', { ...headers, origin: host.origin }, 'POST', call)
    expect([own.status, own.body]).toEqual([200, '{"json":"io: x"}'])
  })

  it('refuses a name that was made to point here', async () => {
    const cookie = await enter()
    for (const name of [
      'malevolo.test',
      `malevolo.test:${host.port}`,
      `localhost:${host.port}`,
      '127.0.0.1',
      `127.0.0.1:${host.port}.altrove.test`,
    ]) {
      const answer = await ask('/', { cookie, host: name })
      expect([name, answer.status]).toEqual([name, 421])
      expect(answer.body).not.toContain('<title>Quietanza</title><script')
    }
    const { pathname, search } = new URL(host.newAddress())
    expect((await ask(pathname + search, { host: 'malevolo.test' })).status).toBe(421)
    expect((await ask(pathname + search)).status, 'the token was not spent').toBe(303)
  })

  it('allows no other origin by CORS', async () => {
    const answer = await ask(
      '/rpc/hello',
      { origin: 'https://altrove.test', 'access-control-request-method': 'POST' },
      'OPTIONS',
    )
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((h) => h.startsWith('access-control'))).toEqual([])
  })
})

describe('pages', () => {
  it('come with their type and the security headers', async () => {
    const cookie = await enter()
    const page = await ask('/', { cookie })
    expect(page.status).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.headers['cache-control']).toBe('no-cache')
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    const script = await ask('/assets/index-Ab12Cd34.js', { cookie })
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['cache-control']).toContain('immutable')
  })

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/%00.js',
    '/%',
    '/segreti.sqlite',
    '/.env.js',
  ])('%s is not one', async (path) => {
    const answer = await ask(path, { cookie: await enter() })
    expect([400, 404]).toContain(answer.status)
    expect(answer.body).not.toContain('"name"')
  })
})

describe('procedures', () => {
  async function client(): Promise<RouterClient<typeof router>> {
    const cookie = await enter()
    return createORPCClient(new RPCLink({ url: `${host.origin}/rpc`, headers: { cookie, origin: host.origin } }))
  }

  it('answer, take files, and refuse one that is too large', async () => {
    const rpc = await client()
    expect(await rpc.hello({ name: 'Rossi' })).toBe('io: Rossi')
    const file = new File([new Uint8Array(30_000)], 'quote.xlsx')
    expect(await rpc.size({ file })).toEqual({ name: 'quote.xlsx', size: 30_000 })
    await expect(rpc.size({ file: new File([new Uint8Array(80_000)], 'x') })).rejects.toThrow()
    await expect(rpc.hello({ name: 1 as never })).rejects.toThrow()
  })

  it('a stream ends at the server when the page goes', async () => {
    const rpc = await client()
    const stop = new AbortController()
    streamEnded = false
    const seen: number[] = []
    for await (const tick of await rpc.ticks(undefined, { signal: stop.signal })) {
      seen.push(tick)
      if (seen.length === 3) break
    }
    stop.abort()
    expect(seen).toEqual([0, 1, 2])
    for (let i = 0; i < 100 && !streamEnded; i += 1) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(streamEnded).toBe(true)
  })

  it('are described by OpenAPI 3.1', async () => {
    const document = JSON.parse((await ask('/openapi.json', { cookie: await enter() })).body) as {
      openapi: string
      info: object
      paths: object
    }
    expect(document.openapi).toMatch(/^3\.1/)
    expect(document.info).toEqual({ title: 'Quietanza', version: '1.2.3' })
    expect(Object.keys(document.paths)).toContain('/hello')
    const headers = { cookie: await enter(), origin: host.origin, 'content-type': 'application/json' }
    const answer = await ask('/api/hello', headers, 'POST', '{"name":"Rossi"}')
    expect([answer.status, answer.body]).toEqual([200, '"io: Rossi"'])
  })
})

describe('the port', () => {
  it('when busy gives way to another', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const second = await startWebHost({ router, context: { who: 'io' }, pages, log: silent, version: '1', port })
    expect(second.port).not.toBe(port)
    await second.close()
    await new Promise((resolve) => other.close(resolve))
  })

  it('closing ends the streams that are open', async () => {
    const own = await startWebHost({ router, context: { who: 'io' }, pages, log: silent, version: '1', port: 0 })
    const entered = await fetch(own.newAddress(), { redirect: 'manual' })
    const cookie = entered.headers.get('set-cookie')!.split(';')[0]!
    const rpc: RouterClient<typeof router> = createORPCClient(
      new RPCLink({ url: `${own.origin}/rpc`, headers: { cookie, origin: own.origin } }),
    )
    const ticks = await rpc.ticks()
    expect((await ticks.next()).value).toBe(0)
    await own.close()
    await expect(
      (async () => {
        for await (const _ of ticks);
      })(),
    ).rejects.toThrow()
  })
})
