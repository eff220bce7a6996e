import { connect, createServer, type Socket } from 'node:net'

/** A line in between that can be made bad. */
export interface BadLine {
  readonly port: number
  /** Cuts the line after so many more bytes from the client; null lets all pass. */
  dropAfter(bytes: number | null): void
  /** Cuts the line after so many more bytes from the server; null lets all pass. */
  dropAnswersAfter(bytes: number | null): void
  /** After so many more bytes from the client nothing passes any more, in either direction. */
  hangAfter(bytes: number | null): void
  /** Cuts every line now. */
  cut(): void
  /** Lines taken so far. */
  connections(): number
  close(): Promise<void>
}

/** A TCP line to a server of this machine that drops or hangs when told. */
export async function startProxy(toPort: number): Promise<BadLine> {
  const sockets = new Set<Socket>()
  let [drop, hang] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let answers = Number.POSITIVE_INFINITY
  let connections = 0
  const server = createServer((near) => {
    connections += 1
    const far = connect(toPort, '127.0.0.1')
    const end = () => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    near.on('data', (chunk) => {
      if (hang <= 0) return
      far.write(chunk.subarray(0, Math.max(0, Math.min(chunk.length, drop, hang))))
      drop -= chunk.length
      hang -= chunk.length
      if (drop <= 0) end()
    })
    far.on('data', (chunk) => {
      if (hang <= 0) return
      near.write(chunk.subarray(0, Math.max(0, Math.min(chunk.length, answers))))
      answers -= chunk.length
      if (answers <= 0) {
        far.destroy()
        near.end()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    dropAfter: (bytes) => {
      drop = bytes ?? Number.POSITIVE_INFINITY
    },
    dropAnswersAfter: (bytes) => {
      answers = bytes ?? Number.POSITIVE_INFINITY
    },
    hangAfter: (bytes) => {
      hang = bytes ?? Number.POSITIVE_INFINITY
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
