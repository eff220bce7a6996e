import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RehearsalNodePort } from '#domain/node-ports'
import type { Clock, Random } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { lockForProgram } from '#ledger/program-lock'
import type { Institution } from '#simulator/node/institution'
import { openRehearsalNode, type RehearsalNode } from '#simulator/node/server'

export interface HostedRehearsalNode extends RehearsalNodePort {
  /** The server itself, for tests; null before it is first needed. */
  server(): RehearsalNode | null
  close(): Promise<void>
}

/** The rehearsal node of this machine, in `<folder>/nodo-di-prova`: it listens from the first time that something asks for it. */
export function hostedRehearsalNode(
  folder: string,
  tools: {
    readonly clock: Clock
    readonly random: Random
    /** What its Back office knows of the institution, asked at each opening. */
    readonly institution: () => Promise<Institution>
  },
): HostedRehearsalNode {
  let opening: Promise<{ readonly node: RehearsalNode; release(): void }> | null = null
  let running: RehearsalNode | null = null
  let closed = false
  const start = async () => {
    const place = join(folder, 'nodo-di-prova')
    await mkdir(place, { recursive: true, mode: 0o700 })
    // Workstations of one archive on a server may share a data folder; two nodes would write over each other.
    const lock = lockForProgram(join(place, 'nodo'))
    try {
      const node = await openWhereItWas(place, tools)
      running = node
      return { node, release: () => lock.release() }
    } catch (error) {
      lock.release()
      throw error
    }
  }
  return {
    async open() {
      const institution = closed ? null : await tools.institution()
      // The program may have closed meanwhile: what opens now would never be closed.
      if (closed || institution === null) throw new ProblemError(problem('NODE_NO_REHEARSAL', {}))
      opening ??= start()
      const { node } = await opening.catch((error: unknown) => {
        opening = null
        if (error instanceof ProblemError) throw error
        throw new ProblemError(problem('NODE_REHEARSAL_FAILED', { reason: (error as Error).message }))
      })
      node.register(institution)
      return { origin: node.origin, keys: node.keys, pageUrl: node.pageUrl }
    },
    server: () => running,
    async close() {
      closed = true
      const opened = await opening?.catch(() => null)
      await opened?.node.close()
      opened?.release()
      running = null
    },
  }
}

/** At the port of the time before, so that links that were handed out still lead somewhere; at another where it is taken. */
async function openWhereItWas(
  folder: string,
  tools: { readonly clock: Clock; readonly random: Random },
): Promise<RehearsalNode> {
  const note = join(folder, 'porta')
  const text = await readFile(note, 'utf8').catch(() => '')
  const port = /^\d{4,5}$/.test(text) ? Number(text) : 0
  const options = { folder, clock: tools.clock, random: tools.random }
  const node = await openRehearsalNode({ ...options, port }).catch((error: NodeJS.ErrnoException) => {
    if (port === 0 || !/^E(ADDRINUSE|ACCES|ADDRNOTAVAIL)$/.test(error.code ?? '')) throw error
    return openRehearsalNode(options)
  })
  await writeFile(note, new URL(node.origin).port)
  return node
}
