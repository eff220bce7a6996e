import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Instant } from '#domain/date'
import type { NodeCall } from '#domain/node-ports'
import { nodeLog } from '#gateways/node-log'

let folder: string
const file = () => join(folder, 'log', 'nodo.jsonl')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quietanza-node-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function one(n: number, more: Partial<NodeCall> = {}): NodeCall {
  return {
    at: `2026-02-02T08:00:00.${String(n % 1000).padStart(3, '0')}Z` as Instant,
    ...{ milliseconds: 12, environment: 'uat', service: 'gpd', operation: 'gpd.read', method: 'GET' },
    ...{ path: `/gpd/debt-positions-service/v1/organizations/80099980254/debtpositions/Q${n}`, requestId: `r-${n}` },
    ...{ status: 200, outcome: 'ok', reply: '', reason: '', bytesOut: 0, bytesIn: 100 },
    ...more,
  }
}

const ids = async (log: ReturnType<typeof nodeLog>) => (await log.read()).map(({ requestId }) => requestId)

test('newest first, for this user only, and another program of the same folder reads them', async () => {
  const log = nodeLog(folder)
  for (const n of [1, 2, 3]) log.write(one(n))
  expect(await ids(log)).toEqual(['r-3', 'r-2', 'r-1'])
  log.write(one(4))
  expect(await ids(log)).toEqual(['r-4', 'r-3', 'r-2', 'r-1'])
  expect(await ids(nodeLog(folder))).toEqual(['r-4', 'r-3', 'r-2', 'r-1'])
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('what grows makes room: the oldest go, and no more files than told stay', async () => {
  const log = nodeLog(folder, { maxBytes: 2_000, files: 4 })
  for (let n = 0; n < 100; n += 1) log.write(one(n))
  expect(readdirSync(join(folder, 'log')).sort()).toEqual([
    'nodo.jsonl',
    'nodo.jsonl.1',
    'nodo.jsonl.2',
    'nodo.jsonl.3',
  ])
  const kept = await ids(log)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => `r-${99 - n}`))
  expect(kept.length).toBeGreaterThan(15)
  expect(kept.length).toBeLessThan(40)
})

test('a line torn by a crash is passed over, and the next one is whole', async () => {
  const first = nodeLog(folder)
  first.write(one(1))
  appendFileSync(file(), '{"at":"2026-02-02T08:0')
  const second = nodeLog(folder)
  second.write(one(2))
  second.write(one(3))
  expect(await ids(second)).toEqual(['r-3', 'r-2', 'r-1'])
  expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(5)
})

test('a place that takes nothing stops nobody, is told once, and is taken up again', async () => {
  // A file where the folder should be: the same as a disk that takes no more.
  writeFileSync(join(folder, 'log'), '')
  const told: unknown[] = []
  const log = nodeLog(folder, { onFault: (error) => told.push(error) })
  for (const n of [1, 2, 3]) log.write(one(n))
  expect(told).toHaveLength(1)
  expect(await log.read()).toEqual([])
  rmSync(join(folder, 'log'))
  log.write(one(4))
  expect(await ids(log)).toEqual(['r-4'])
})

test('fiscal codes of people, addresses and what stands in the query are masked; IUPD and institution are not', async () => {
  const log = nodeLog(folder)
  log.write(
    one(1, {
      path: '/gpd/payments-receipts-service/v1/payments/80099980254/receipts?debtor=RSSMRA85T10A562S&subscription-key=k&pageNum=0',
      reply: '400 debtor rssmra85t10a562s, mail mario.rossi@example.it, IUPD 80099980254-01000000000000001',
      reason: 'RSSMRA85T10A562S',
    }),
  )
  const text = readFileSync(file(), 'utf8')
  for (const word of ['RSSMRA85T10A562S', 'rssmra85t10a562s', 'mario.rossi', 'subscription-key=k'])
    expect(text).not.toContain(word)
  expect(text).toContain('payments/80099980254/receipts?debtor=…&subscription-key=…&pageNum=0')
  expect(text).toContain('IUPD 80099980254-01000000000000001')
})

test('emptied, all files are gone', async () => {
  const log = nodeLog(folder, { maxBytes: 500 })
  for (let n = 0; n < 10; n += 1) log.write(one(n))
  await log.clear()
  expect(readdirSync(join(folder, 'log'))).toEqual([])
  log.write(one(11))
  expect(await ids(log)).toEqual(['r-11'])
})

test('twenty megabytes of calls are read in less than two seconds', async () => {
  mkdirSync(join(folder, 'log'))
  const line = `${JSON.stringify(one(1, { reply: 'x'.repeat(60) }))}\n`
  const text = line.repeat(Math.ceil(5_000_000 / line.length))
  for (const name of ['', '.1', '.2', '.3']) writeFileSync(`${file()}${name}`, text)
  const began = performance.now()
  expect((await nodeLog(folder).read()).length).toBeGreaterThan(40_000)
  expect(performance.now() - began).toBeLessThan(2_000)
})
