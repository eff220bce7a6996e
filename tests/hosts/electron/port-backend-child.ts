import { parentPort } from 'node:worker_threads'
import { ORPCError, os } from '@orpc/server'
import { z } from 'zod'
import { servePort } from '#hosts/electron/serve-port'

/** A backend on the far side of a port, in another thread, as the utility process is. */
const base = os.$context<{ readonly who: string }>()
let running = 0
const router = {
  hello: base.input(z.object({ name: z.string() })).handler(({ input, context }) => `${context.who}: ${input.name}`),
  refuse: base.handler(() => {
    throw new ORPCError('PROBLEM', { status: 422, data: { problems: ['AMOUNT_EMPTY'] } })
  }),
  upload: base.input(z.object({ file: z.file() })).handler(async ({ input }) => {
    const bytes = new Uint8Array(await input.file.arrayBuffer())
    return new File([bytes.reverse()], `di-ritorno-${input.file.name}`)
  }),
  work: base.handler(async function* ({ signal }) {
    running += 1
    try {
      for (let done = 0; done < 1000 && !signal?.aborted; done += 1) {
        yield { step: 'Lettura', done, total: 1000 }
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    } finally {
      running -= 1
    }
  }),
  running: base.handler(() => running),
}

parentPort?.on('message', ({ port }: { port: MessagePort }) => {
  servePort(router, { who: 'archivio' }, port)
  port.start()
})

export type PortRouter = typeof router
