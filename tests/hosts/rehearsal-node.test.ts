import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '#hosts/clock'
import { systemRandom } from '#hosts/random'
import { hostedRehearsalNode } from '#hosts/rehearsal-node'

const ENTE = '80012340255'
const institution = async () => ({
  ...{ fiscalCode: ENTE, name: 'Ordine di prova', brokerCode: ENTE, stationCode: `${ENTE}_01` },
  ...{ segregationCodes: ['01'], ibans: [] },
})

test('links that were handed out lead to the same place after a restart, unless somebody else has it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-node-'))
  const tools = { clock: systemClock(), random: systemRandom, institution }
  const opened = async () => {
    const host = hostedRehearsalNode(folder, tools)
    const { origin } = await host.open()
    const known = host.server()?.store.get('organization', ENTE)?.name
    await host.close()
    return { origin, known }
  }
  try {
    const first = await opened()
    expect(first.known).toBe('Ordine di prova')
    expect(await opened()).toEqual(first)
    const stranger = createServer()
    await new Promise<void>((resolve) => stranger.listen(Number(new URL(first.origin).port), '127.0.0.1', resolve))
    try {
      expect((await opened()).origin).not.toBe(first.origin)
    } finally {
      stranger.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a program that closes while the node is being asked for opens none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-node-'))
  const closing = Promise.withResolvers<void>()
  const asked = async () => {
    await closing.promise
    return institution()
  }
  const host = hostedRehearsalNode(folder, { clock: systemClock(), random: systemRandom, institution: asked })
  try {
    const opening = host.open()
    await host.close()
    closing.resolve()
    await expect(opening).rejects.toMatchObject({ problems: [{ code: 'NODE_NO_REHEARSAL' }] })
    expect(host.server()).toBeNull()
  } finally {
    await host.server()?.close()
    rmSync(folder, { recursive: true })
  }
})
