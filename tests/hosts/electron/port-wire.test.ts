import { Worker } from 'node:worker_threads'
import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { RouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PortRouter } from './port-backend-child.ts'

describe('calls over a message port to another thread', () => {
  let worker: Worker
  const ports: MessagePort[] = []

  beforeAll(() => {
    worker = new Worker(new URL('./port-backend-child.ts', import.meta.url), { execArgv: [] })
  })
  afterAll(async () => {
    for (const port of ports) port.close()
    await worker.terminate()
  })

  function page(): RouterClient<PortRouter> {
    const { port1, port2 } = new MessageChannel()
    worker.postMessage({ port: port1 }, [port1 as never])
    port2.start()
    ports.push(port2)
    return createORPCClient(new RPCLink({ port: port2 }))
  }

  it('answers, with its context, two pages at once', async () => {
    const [first, second] = [page(), page()]
    expect(await Promise.all([first.hello({ name: 'a' }), second.hello({ name: 'b' })])).toEqual([
      'archivio: a',
      'archivio: b',
    ])
  })

  it('carries typed errors and files both ways', async () => {
    const rpc = page()
    const error = await rpc.refuse().catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ORPCError)
    expect(error).toMatchObject({ code: 'PROBLEM', status: 422, data: { problems: ['AMOUNT_EMPTY'] } })
    const back = await rpc.upload({ file: new File([new Uint8Array([1, 2, 3])], 'a.xlsx') })
    expect([back.name, ...new Uint8Array(await back.arrayBuffer())]).toEqual(['di-ritorno-a.xlsx', 3, 2, 1])
  })

  it('streams progress, and stops the work when the page aborts', async () => {
    const rpc = page()
    const stop = new AbortController()
    let seen = 0
    const read = async () => {
      for await (const beat of await rpc.work(undefined, { signal: stop.signal })) {
        expect(beat).toEqual({ step: 'Lettura', done: seen, total: 1000 })
        seen += 1
        if (seen === 5) stop.abort()
      }
    }
    await read().catch((error: unknown) => expect(error).toBeInstanceOf(Error))
    expect(seen).toBeGreaterThanOrEqual(5)
    expect(seen).toBeLessThan(100)
    let running = 1
    for (let i = 0; i < 100 && running > 0; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      running = await rpc.running()
    }
    expect(running).toBe(0)
  })
})
