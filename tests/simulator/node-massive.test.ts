import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type NodeOffice, nodeOffice, ORDINE, option, position } from './node-office.ts'

let office: NodeOffice
beforeEach(async () => {
  office = await nodeOffice({ settings: { massiveTurn: 5 } })
})
afterEach(async () => {
  await office.node.close()
})

const PLACE = `/brokers/${ORDINE}/organizations/${ORDINE}/debtpositions`

function base(path: string): string {
  return `${office.node.origin}/upload/gpd/debt-positions-service/v2${path}`
}

async function load(method: string, files: Record<string, Uint8Array>, name = 'posizioni.zip'): Promise<Answer> {
  const form = new FormData()
  form.set('file', new Blob([zipSync(files) as Uint8Array<ArrayBuffer>]), name)
  const headers = { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd }
  const response = await fetch(base(`${PLACE}/file`), { method, headers, body: form })
  const text = await response.text()
  office.clock.ms += 1000
  return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) }
}

const json = (value: unknown) => ({ 'posizioni.json': strToU8(JSON.stringify(value)) })
const rows = (...paymentPositions: object[]) => json({ paymentPositions })

async function get(path: string, headers = {}): Promise<Answer> {
  const response = await fetch(base(path), {
    headers: { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd, ...headers },
  })
  return { status: response.status, headers: response.headers, json: await response.json() }
}

const idOf = (answer: Answer) => /file\/(\w+)\/status$/.exec(answer.headers.get('location') ?? '')?.[1] ?? ''

async function report(id: string): Promise<Answer> {
  for (;;) {
    const answer = await get(`${PLACE}/file/${id}/report`)
    if (answer.status !== 425) return answer
  }
}

describe('a massive load', () => {
  test('is taken at once, worked through in turns, told row by row', async () => {
    const bad = position(3, { paymentOption: [option(3, { amount: 1 })] })
    const many = [1, 2, bad, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => (typeof n === 'number' ? position(n) : n))
    const taken = await load('POST', rows(...many))
    expect(taken.status).toBe(202)
    expect(taken.headers.get('retry-after')).toBe('500 ms')
    const id = idOf(taken)
    const { json: told } = await report(id)
    expect(told).toMatchObject({ fileId: id, submittedItem: 12, processedItem: 12 })
    expect(
      told.responses.map((each: { statusCode: number; iupds: string[] }) => [each.statusCode, each.iupds.length]),
    ).toEqual([
      [201, 11],
      [400, 1],
    ])
    expect(told.responses[1]).toMatchObject({ iupds: [`${ORDINE}-3`] })
    expect(told.responses[1].statusMessage).toMatch(/^Bad request caused by/)
    const status = (await get(`${PLACE}/file/${id}/status`)).json
    expect(status).toMatchObject({ processedItem: 12, operationStatus: 'COMPLETED_WITH_WARNINGS' })
    // A massive load publishes.
    expect(office.node.store.position(ORDINE, `${ORDINE}-12`)?.status).toBe('VALID')
  })

  test('the same file again creates nothing twice', async () => {
    await report(idOf(await load('POST', rows(position(1), position(2)))))
    const again = (await report(idOf(await load('POST', rows(position(1), position(2)))))).json
    expect(again.responses).toMatchObject([{ statusCode: 409, iupds: [`${ORDINE}-1`, `${ORDINE}-2`] }])
    expect(office.node.store.count('position')).toBe(2)
  })

  test('updates and removals', async () => {
    await report(idOf(await load('POST', rows(position(1), position(2)))))
    const renamed = rows(position(1, { fullName: 'Zita Cantelmori' }), position(9))
    const told = (await report(idOf(await load('PUT', renamed)))).json
    expect(told.responses.map((each: { statusCode: number }) => each.statusCode)).toEqual([200, 404])
    expect(office.node.store.position(ORDINE, `${ORDINE}-1`)?.options[0]?.debtor.fullName).toBe('Zita Cantelmori')
    const gone = (
      await report(idOf(await load('DELETE', json({ paymentPositionIUPDs: [1, 2].map((n) => `${ORDINE}-${n}`) }))))
    ).json
    expect(gone.responses).toMatchObject([{ statusCode: 200 }])
    expect(office.node.store.count('position')).toBe(0)
  })

  test('its report is not there before its end; what is unknown is not found', async () => {
    office.node.settings.massiveTurn = 1
    const id = idOf(await load('POST', rows(...Array.from({ length: 400 }, (_, n) => position(n + 1)))))
    expect((await get(`${PLACE}/file/${id}/report`)).status).toBe(425)
    expect((await get(`${PLACE}/file/${id}/status`)).json.operationStatus).toBe('IN_PROGRESS')
    expect((await report(id)).json.processedItem).toBe(400)
    expect((await get(`${PLACE}/file/altro/report`)).status).toBe(404)
  })

  test('one a second', async () => {
    await load('POST', rows(position(1)))
    office.clock.ms -= 600
    const early = await load('POST', rows(position(2)))
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '1'])
  })
})

describe('a file that is not taken', () => {
  beforeEach(() => {
    office.node.onExchange = null
  })

  test.each([
    ['another file beside it', { ...rows(position(1)), '__MACOSX/._posizioni.json': strToU8('x') }, undefined],
    ['no JSON inside', { 'posizioni.txt': strToU8('{}') }, undefined],
    ['words instead of JSON', { 'posizioni.json': strToU8('ciao') }, undefined],
    ['nothing inside', {}, undefined],
    ['no row', rows(), undefined],
    ['one IUPD twice', rows(position(1), position(1)), undefined],
    ['a row without shape', rows(position(1, { companyName: undefined })), undefined],
    ['another name', rows(position(1)), 'posizioni.json'],
  ])('%s', async (_what, files, name) => {
    const answer = await load('POST', files as Record<string, Uint8Array>, name)
    expect(answer.status).toBe(400)
    expect(office.node.store.count('upload')).toBe(0)
  })

  test('no zip, no file, no form', async () => {
    const headers = { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd }
    const form = new FormData()
    form.set('file', new Blob(['non è uno zip']), 'a.zip')
    const empty = new FormData()
    empty.set('altro', 'x')
    for (const body of [form, empty, 'x']) {
      expect((await fetch(base(`${PLACE}/file`), { method: 'POST', headers, body })).status).toBe(400)
      office.clock.ms += 1000
    }
  })
})

test('the files of some days, by pages', async () => {
  office.node.settings.massiveEveryMs = 0
  for (let n = 0; n < 101; n += 1) await load('POST', rows(position(1)))
  const first = await get(`${PLACE}/files`)
  expect(first.json).toMatchObject({ size: 100, hasMore: true })
  const token = first.headers.get('x-continuation-token') ?? ''
  const second = await get(`${PLACE}/files`, { 'x-continuation-token': token })
  expect(second.json).toMatchObject({ size: 1, hasMore: false })
  expect((await get(`${PLACE}/files?from=2026-02-20&to=2026-03-02`)).status).toBe(400)
  expect((await get(`${PLACE}/files?from=2025-12-01&to=2025-12-02`)).status).toBe(410)
  office.node.onExchange = null
  expect((await get(`${PLACE}/files?size=99`)).status).toBe(400)
})

test('a load cut in the middle goes on where it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nodo-'))
  await office.node.close()
  office = await nodeOffice({ folder, settings: { massiveTurn: 1 } })
  const id = idOf(await load('POST', rows(...Array.from({ length: 300 }, (_, n) => position(n + 1)))))
  await office.node.close()
  const before = office.node.store.count('position')
  office = await nodeOffice({ folder })
  const told = (await report(id)).json
  expect(before).toBeLessThan(300)
  expect(told.responses).toMatchObject([{ statusCode: 201 }])
  expect(told.responses[0].iupds).toHaveLength(300)
  expect(office.node.store.count('position')).toBe(300)
  await rm(folder, { recursive: true })
})
