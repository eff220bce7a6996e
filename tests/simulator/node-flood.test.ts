import { expect, test } from 'vitest'
import type { GpdPosition } from '#domain/gpd'
import type { NodeConnection } from '#domain/node-ports'
import { nodeApi } from '#gateways/node-api'
import { FAULT_KINDS } from '#simulator/node/faults'
import { nodeOffice, ORDINE, position } from './node-office.ts'

const COUNT = 400

/**
 * The gateway and the node with every kind of fault at once: whoever asks again only what was surely not done, and reads before
 * all else, ends with each position once.
 */
test(`${COUNT} positions through every kind of fault`, async () => {
  const office = await nodeOffice()
  const node = nodeApi({ clock: office.clock, timeouts: { askMs: 250 } })
  const to: NodeConnection = {
    environment: 'rehearsal',
    origin: office.node.origin,
    fiscalCode: ORDINE,
    brokerCode: ORDINE,
    keys: office.node.keys,
  }
  office.node.faults.set(FAULT_KINDS.map((kind) => ({ kind, share: 0.02, ms: 5 })))
  const kinds = new Map<string, number>()
  const publish = async (n: number) => {
    const body = { api: 'v1', position: position(n) as unknown as GpdPosition } as const
    for (let tries = 0; tries < 50; tries += 1) {
      const read = await node.gpd.read(to, 'v1', body.position.iupd)
      if (read.kind !== 'ok') continue
      if (read.value !== null) return
      const made = await node.gpd.create(to, body, true)
      kinds.set(made.kind, (kinds.get(made.kind) ?? 0) + 1)
    }
    throw new Error(`${n} was never published`)
  }
  const waiting = Array.from({ length: COUNT }, (_, n) => n)
  const lane = async () => {
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) await publish(n)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  expect(office.node.store.count('position')).toBe(COUNT)
  // Each of the three was met: done, surely not done, and nobody knows.
  expect([...kinds.keys()]).toEqual(expect.arrayContaining(['ok', 'temporary', 'unknown']))
  await office.node.close()
}, 120_000)
