import { unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDefinedError, ORPCError, safe } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeRegister } from '#codecs/register-write'
import { isoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import { problemText } from '#domain/problem'
import type { Progress } from '#domain/progress'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { members } from '../services/office.ts'
import { lay, WIRES, type Wired } from './wires.ts'

const SET_UP = {
  institution: REHEARSAL_INSTITUTION,
  exercise: 2026,
  standardChart: true,
  accounts: [
    {
      ...{ id: null, kind: 'bank' as const, name: 'Banca di prova', iban: 'IT66S0999912100000000012345' as Iban },
      ...{ openingDate: isoDate('2026-01-01'), openingCents: cents(0) },
    },
  ],
}

async function register(count: number): Promise<File> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeRegister(members(count), '2026-02-02T08:00:00.000Z' as never)) chunks.push(chunk)
  return new File([Buffer.concat(chunks) as Uint8Array<ArrayBuffer>], 'quote 2026 – àèì.xlsx')
}

async function toTheEnd<T>(stream: AsyncIterator<Progress, T, unknown>) {
  const beats: Progress[] = []
  while (true) {
    const step = await stream.next()
    if (step.done) return { beats, result: step.value }
    beats.push(step.value)
  }
}

describe.each(WIRES)('the contract %s', (_name, wire) => {
  let wired: Wired
  const pending = () => wired.client.registerImport.history({ filters: { state: ['pending'] } })
  beforeAll(async () => {
    wired = await lay(wire)
  })
  afterAll(() => wired.close())

  test('a new ledger says that it is new, and the first run makes it an office', async () => {
    const { client } = wired
    expect(await client.app.state()).toMatchObject({ configured: false, institutionName: null, today: '2026-02-02' })
    expect(await client.institution.setUp(SET_UP)).toEqual({ exercise: 2026 })
    expect(await client.app.state()).toMatchObject({
      ...{ configured: true, institutionName: REHEARSAL_INSTITUTION.name, currentExercise: 2026 },
      badges: { pendingImports: 0, reversaliReady: 0 },
    })
    expect((await client.account.list()).map((row) => row.iban)).toEqual(['IT66S0999912100000000012345'])
  })

  test('what the person must know comes as a typed problem, with its words', async () => {
    const [error, data, isDefined] = await safe(wired.client.institution.setUp(SET_UP))
    expect(data).toBeUndefined()
    expect(isDefined).toBe(true)
    if (!isDefinedError(error) || error.code !== 'PROBLEM') throw new Error(`not a typed problem: ${error}`)
    expect(error.status).toBe(422)
    expect(error.data.problems.map((problem) => problem.code)).toEqual(['INSTITUTION_EXISTS'])
    expect(problemText(error.data.problems[0] as never)).toContain(REHEARSAL_INSTITUTION.name)
  })

  test('what does not fit the contract is refused before it reaches anything', async () => {
    const revision = await wired.backend.context.ledger.revision()
    const wrong = { ...SET_UP.institution, fiscalCode: 'ottocento' }
    const error = await wired.client.institution.save(wrong).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ORPCError)
    expect((error as ORPCError<string, unknown>).code).toBe('BAD_REQUEST')
    expect(await wired.backend.context.ledger.revision()).toBe(revision)
  })

  test('what nobody foresaw gives the id of the call and nothing else', async () => {
    const secret = join(tmpdir(), `quietanza-segreto-${process.pid}-${Math.random().toString(36).slice(2)}.xlsx`)
    await writeFile(secret, 'x')
    const token = await wired.backend.context.files.adopt(secret)
    await unlink(secret)
    const error = await wired.client.file.download({ token }).catch((e: unknown) => e)
    if (!(error instanceof ORPCError)) throw new Error(`not an error of the contract: ${error}`)
    expect(error).toMatchObject({
      code: 'INTERNAL',
      status: 500,
      data: { callId: expect.stringMatching(/^[0-9a-f]{8}$/) },
    })
    expect(Object.keys(error.data)).toEqual(['callId'])
    const crossed = JSON.stringify({ message: error.message, data: error.data, json: error.toJSON() })
    for (const leak of ['segreto', 'ENOENT', tmpdir(), 'node:', '.ts']) expect(crossed).not.toContain(leak)
    // The log tells the rest, under that id.
    const logged = wired.errors.find(({ fields }) => fields?.callId === error.data.callId)
    expect(logged?.fields).toMatchObject({ procedure: 'file.download', error: { code: 'ENOENT' } })
  })

  test('an error in the middle of long work is typed as well', async () => {
    const [error] = await safe(
      wired.client.registerImport.confirm({ id: 999_999 as never, goodOnly: false }).then((stream) => toTheEnd(stream)),
    )
    expect(error).toMatchObject({ code: 'PROBLEM', data: { problems: [{ code: 'IMPORT_GONE' }] } })
  })

  test('files go and come back byte by byte, with their names', async () => {
    const { client } = wired
    const bytes = new Uint8Array(300_000).map((_, n) => (n * 31) % 251)
    const up = await client.file.upload({ file: new File([bytes], 'logo – àèì.png', { type: 'image/png' }) })
    expect(up).toMatchObject({ name: 'logo – àèì.png', size: bytes.length, mime: 'image/png' })
    const down = await client.file.download({ token: up.token })
    expect(down.name).toBe('logo – àèì.png')
    expect(Buffer.from(await down.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
    const [empty] = await safe(client.file.upload({ file: new File([], 'vuoto.xlsx') }))
    expect(empty).toMatchObject({ code: 'PROBLEM', data: { problems: [{ code: 'FILE_EMPTY' }] } })
  })

  test('long work tells how far it got, then gives its result', async () => {
    const { client } = wired
    const { token } = await client.file.upload({ file: await register(400) })
    const read = await toTheEnd(await client.registerImport.read({ token }))
    expect(read.result).toMatchObject({ state: 'pending', rows: 400, error: 0, fileName: 'quote 2026 – àèì.xlsx' })
    expect(read.beats.length).toBeGreaterThan(1)
    for (const beat of read.beats) {
      expect(beat).toEqual({ step: expect.any(String), done: expect.any(Number), total: beat.total })
      if (beat.total !== null) expect(beat.done).toBeLessThanOrEqual(beat.total)
    }
    const confirmed = await toTheEnd(await client.registerImport.confirm({ id: read.result.id, goodOnly: false }))
    expect(confirmed.result).toMatchObject({ accertamenti: { count: 400 }, firstNumber: 1, lastNumber: 400 })
  })

  test('a list gives its page, and count and totals of the whole filter', async () => {
    const { client } = wired
    const filters = { exercise: 2026 }
    const all = await client.accertamento.list({ filters, limit: 500 })
    const page = await client.accertamento.list({
      ...{ filters, offset: 390, limit: 50 },
      sort: { column: 'number', direction: 'asc' },
    })
    expect(page.rows.map((row) => row.number)).toEqual([391, 392, 393, 394, 395, 396, 397, 398, 399, 400])
    expect(page).toMatchObject({ count: 400, totals: all.totals })
    expect(all.totals.dueCents).toBe(all.rows.reduce((sum, row) => sum + row.dueCents, 0))
    const found = await client.accertamento.list({ filters, search: 'd albarosa 00007' })
    expect(found.rows.map((row) => row.personName)).toEqual(['D’Albarosa 00007 Zita'])
  })

  test('long work that is given up stops and leaves nothing', async () => {
    const { client, backend } = wired
    const { token } = await client.file.upload({ file: await register(6000) })
    const revision = await backend.context.ledger.revision()
    const stop = new AbortController()
    const beats: Progress[] = []
    const reading = (async () => {
      for await (const beat of await client.registerImport.read({ token }, { signal: stop.signal })) {
        beats.push(beat)
        if (beats.length === 2) stop.abort()
      }
    })()
    await expect(reading).rejects.toThrow()
    expect(beats.length).toBeLessThan(8)
    // The far side ends by itself; a write behind it waits for what it had begun.
    await client.setting.set({ key: 'prova', value: '1' })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await pending()).count).toBe(0)
    expect(await backend.context.ledger.revision()).toBe(revision + 1)
    expect((await client.accertamento.list({ filters: { exercise: 2026 }, limit: 1 })).count).toBe(400)
  })

  test('revisions: the present one, then each write, until the listener goes', async () => {
    const { client, backend } = wired
    const now = await backend.context.ledger.revision()
    const stop = new AbortController()
    const seen: number[] = []
    let heard: () => void = () => undefined
    const listening = (async () => {
      for await (const { revision } of await client.ledger.revisions(undefined, { signal: stop.signal })) {
        seen.push(revision)
        heard()
      }
    })().catch(() => undefined)
    const until = async (count: number) => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve
        })
      }
    }
    await until(1)
    expect(seen).toEqual([now])
    await client.setting.set({ key: 'prova', value: '2' })
    await until(2)
    await client.setting.set({ key: 'prova', value: '3' })
    await until(3)
    expect(seen).toEqual([now, now + 1, now + 2])
    stop.abort()
    await listening
    await client.setting.set({ key: 'prova', value: '4' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(seen).toHaveLength(3)
  })
})
