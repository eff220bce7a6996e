import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededRandom } from '#hosts/random'
import { FAULT_KINDS, type FaultRule } from '#simulator/node/faults'
import { openRehearsalNode } from '#simulator/node/server'
import { ALTRO, type NodeOffice, nodeOffice, ORDINE, position } from './node-office.ts'

let office: NodeOffice
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nodo-'))
  office = await nodeOffice({ folder })
})
afterEach(async () => {
  await office.node.close()
  await rm(folder, { recursive: true })
})

const ALL = `/v1/organizations/${ORDINE}/debtpositions`

describe('who may ask', () => {
  test('a key is asked for, and it must be one that was given, for this product', async () => {
    office.node.onExchange = null
    const asked = async (key: string | null) => {
      const headers = key === null ? {} : { 'Ocp-Apim-Subscription-Key': key }
      return (await fetch(`${office.node.origin}/gpd/debt-positions-service${ALL}`, { headers })).status
    }
    expect(await asked(null)).toBe(401)
    expect(await asked('0'.repeat(32))).toBe(401)
    expect(await asked(office.node.keys.fdr)).toBe(403)
    expect(await asked(office.node.keys.gpd)).toBe(200)
    const inQuery = `${office.node.origin}/gpd/debt-positions-service${ALL}?subscription-key=${office.node.keys.gpd}`
    expect((await fetch(inQuery)).status).toBe(200)
  })

  test('only for institutions of the broker', async () => {
    expect((await office.call('GET', `/v1/organizations/${ALTRO}/debtpositions`)).status).toBe(403)
    const foreign = `${office.node.origin}/upload/gpd/debt-positions-service/v2/brokers/${ALTRO}/organizations/${ORDINE}/debtpositions/files`
    const headers = { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd }
    expect((await fetch(foreign, { headers })).status).toBe(403)
  })

  test('where no institution was ever said, every one', async () => {
    const node = await openRehearsalNode({ folder: null, clock: office.clock, random: seededRandom(3) })
    const response = await fetch(`${node.origin}/gpd/debt-positions-service/v1/organizations/${ALTRO}/debtpositions`, {
      headers: { 'Ocp-Apim-Subscription-Key': node.keys.gpd },
    })
    expect(response.status).toBe(200)
    await node.close()
  })

  test('the page of another site may do nothing, nor a name that leads here', async () => {
    office.node.onExchange = null
    const foreign = await office.call('POST', ALL, position(1), { Origin: 'https://altrove.example' })
    expect(foreign.status).toBe(403)
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(`${office.node.origin}/gpd/debt-positions-service${ALL}`, { method: 'OPTIONS' })
    expect(preflight.status).toBe(404)
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(office.node.origin)
      const headers = { Host: 'altrove.example', 'Ocp-Apim-Subscription-Key': office.node.keys.gpd }
      const path = `/gpd/debt-positions-service${ALL}`
      request({ port, host: '127.0.0.1', path, headers }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
    expect(office.node.store.count('position')).toBe(0)
  })

  test('a page of the node is behind its token; a body is not without end', async () => {
    expect((await fetch(`${office.node.origin}/prova/altro/guasti`)).status).toBe(404)
    expect((await fetch(`${office.node.pageUrl}guasti`)).status).toBe(200)
    office.node.onExchange = null
    const huge = position(1, { fullName: 'x'.repeat(9 * 1_048_576) })
    expect((await office.call('POST', ALL, huge)).status).toBe(413)
    // Nobody is asked for a key that was given out: much less may be left here.
    const body = JSON.stringify({ fiscal_code: 'x'.repeat(70_000) })
    const headers = { 'Ocp-Apim-Subscription-Key': 'qualunque' }
    const io = await fetch(`${office.node.origin}/api/v1/messages`, { method: 'POST', headers, body })
    expect(io.status).toBe(413)
  })

  test('of whoever is turned away no more than a little is kept', async () => {
    const kept: number[] = []
    office.node.onExchange = ({ requestBody }) => kept.push(requestBody.length)
    const load = `/upload/gpd/debt-positions-service/v2/brokers/${ORDINE}/organizations/${ORDINE}/debtpositions/file`
    const body = new Uint8Array(900_000)
    const answer = await fetch(`${office.node.origin}${load}`, { method: 'POST', body })
    expect(answer.status).toBe(401)
    expect(kept).toEqual([0])
  })

  test('X-Request-Id comes back', async () => {
    const answer = await office.call('GET', ALL, undefined, { 'X-Request-Id': 'richiesta-1' })
    expect(answer.headers.get('x-request-id')).toBe('richiesta-1')
    expect((await office.call('GET', ALL)).headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('what it holds', () => {
  test('is there after it closed, and a line torn by a cut is dropped', async () => {
    await office.call('POST', `${ALL}?toPublish=true`, position(1))
    await office.call('POST', ALL, position(2))
    await office.call('DELETE', `${ALL}/${ORDINE}-2`)
    await office.node.close()
    const path = join(folder, 'eventi.jsonl')
    const whole = await readFile(path, 'utf8')
    await appendFile(path, '[["position","80087670016/80087670016-3",{"iupd"')
    office = await nodeOffice({ folder })
    expect([...office.node.store.all('position')].map(({ iupd }) => iupd)).toEqual([`${ORDINE}-1`])
    expect(await readFile(path, 'utf8')).toBe(whole)
    expect((await office.call('GET', `${ALL}/${ORDINE}-1`)).json.status).toBe('VALID')
    expect((await office.call('POST', ALL, position(3))).status).toBe(201)
  })

  test('a line broken in the middle is said, not passed over', async () => {
    await office.call('POST', ALL, position(1))
    await office.node.close()
    await appendFile(join(folder, 'eventi.jsonl'), 'rovinata\n')
    await expect(nodeOffice({ folder })).rejects.toThrow()
  })

  test('a file of many changes is written anew, with all that is alive', async () => {
    await office.call('POST', ALL, position(1))
    for (let n = 0; n < 1100; n += 1) {
      const held = office.node.store.position(ORDINE, `${ORDINE}-1`)
      if (held)
        office.node.store.change(({ put }) =>
          put('position', `${ORDINE}/${held.iupd}`, { ...held, companyName: `${n}` }),
        )
    }
    await office.node.close()
    office = await nodeOffice({ folder })
    expect(office.node.store.position(ORDINE, `${ORDINE}-1`)?.companyName).toBe('1099')
    expect((await readFile(join(folder, 'eventi.jsonl'), 'utf8')).split('\n').length).toBeLessThan(10)
  })
})

describe('faults on demand', () => {
  const once = (kind: FaultRule['kind'], more: Partial<FaultRule> = {}) =>
    office.node.faults.set([{ kind, share: 1, times: 1, ...more }])
  const held = () => office.node.store.count('position')
  const create = () => office.call('POST', ALL, position(1))

  test.each(['silent', 'silentAfter'] as const)('%s: never an answer', async (kind) => {
    once(kind)
    const call = fetch(`${office.node.origin}/gpd/debt-positions-service${ALL}`, {
      method: 'POST',
      headers: { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd, 'Content-Type': 'application/json' },
      body: JSON.stringify(position(1)),
      signal: AbortSignal.timeout(300),
    })
    await expect(call).rejects.toThrow()
    expect(held()).toBe(kind === 'silent' ? 0 : 1)
  })

  test.each(['hangUp', 'hangUpAfter', 'truncated'] as const)('%s: the line drops', async (kind) => {
    once(kind)
    await expect(create()).rejects.toThrow()
    expect(held()).toBe(kind === 'hangUp' ? 0 : 1)
  })

  test.each(['serverError', 'serverErrorAfter'] as const)('%s', async (kind) => {
    once(kind)
    expect((await create()).status).toBeGreaterThanOrEqual(500)
    expect(held()).toBe(kind === 'serverError' ? 0 : 1)
  })

  test('too many: it says when to come back', async () => {
    once('tooMany', { retryAfterSeconds: 7 })
    const answer = await create()
    expect([answer.status, answer.headers.get('retry-after'), held()]).toEqual([429, '7', 0])
  })

  test('twice: the answer of the second time arrives', async () => {
    once('twice')
    expect((await create()).status).toBe(409)
    expect(held()).toBe(1)
  })

  test('slow: done, and told late', async () => {
    once('slow', { ms: 60 })
    const from = performance.now()
    expect((await create()).status).toBe(201)
    expect(performance.now() - from).toBeGreaterThan(55)
  })

  test('of one service or operation only, a share of the calls, the same at each run', async () => {
    office.node.faults.set([{ kind: 'tooMany', share: 1, operation: 'deletePosition' }])
    expect((await create()).status).toBe(201)
    expect((await office.call('DELETE', `${ALL}/${ORDINE}-1`)).status).toBe(429)
    office.node.faults.set([{ kind: 'tooMany', share: 1, service: 'fdr' }])
    expect((await office.call('DELETE', `${ALL}/${ORDINE}-1`)).status).toBe(200)
    const run = async () => {
      const other = await nodeOffice()
      other.node.faults.set([{ kind: 'tooMany', share: 0.3 }])
      const statuses: number[] = []
      for (let n = 0; n < 60; n += 1) statuses.push((await other.call('GET', ALL)).status)
      await other.node.close()
      return statuses
    }
    const first = await run()
    expect(first.filter((status) => status === 429).length).toBeGreaterThan(8)
    expect(first.filter((status) => status === 429).length).toBeLessThan(30)
    expect(await run()).toEqual(first)
  })

  test('set and read by whoever has the page', async () => {
    const put = (body: string) => fetch(`${office.node.pageUrl}guasti`, { method: 'PUT', body })
    const rule = { kind: 'hangUpAfter', share: 0.05 }
    expect(await (await put(JSON.stringify([rule]))).json()).toEqual([rule])
    expect(office.node.faults.rules()).toEqual([rule])
    expect((await put('[{"kind":"altro","share":1}]')).status).toBe(400)
    expect((await put(`[{"kind":"slow","share":2}]`)).status).toBe(400)
    expect(FAULT_KINDS).toContain('hangUpAfter')
  })
})

test('dates may come without their zone, as the platform writes them', async () => {
  office.node.settings.dates = 'bare'
  const made = await office.call('POST', ALL, position(1))
  expect(made.json.paymentOption[0].dueDate).toBe('2026-03-31T21:59:59.000')
  office.node.settings.dates = 'zoned'
  const read = await office.call('GET', `${ALL}/${ORDINE}-1`)
  expect(read.json.paymentOption[0].dueDate).toBe('2026-03-31T21:59:59.000Z')
})

test('after its end it writes nowhere', async () => {
  await office.node.close()
  const write = () => office.node.store.change(({ remove }) => remove('position', 'x'))
  expect(write).toThrow('chiuso')
})
