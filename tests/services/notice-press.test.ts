import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { drawNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticeData } from '#domain/notice'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import PROGRAM_OPTIONS from '../../scripts/program-options.json' with { type: 'json' }
import { openPaperPress, type PaperPress, pressKit } from '../../src-main/services/paper-press.ts'
import { ProblemList } from '../../src-main/services/problem-list.ts'
import { silentLog } from '../ledger/support/fake-clock.ts'
import type { Drawing, Order } from './notice-press-child.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const WORKER = new URL('../../src-main/services/paper-worker.ts', import.meta.url)

const CREDITOR: NoticeCreditor = {
  fiscalCode: '80012345678',
  name: 'Ordine di prova',
  office: null,
  info: null,
  cbill: 'A1B2C',
  online: null,
  postal: null,
}
const INPUT = { creditor: CREDITOR, logo: null, second: null, graphics: new Map() }
const KIT = pressKit(INPUT)

function notice(n: number, more: Partial<NoticeData> = {}): NoticeData {
  return {
    single: {
      noticeNumber: composeNoticeNumber('47' as SegregationCode, n).noticeNumber,
      cents: cents(21_500 + n),
      dueDate: n % 3 === 0 ? null : isoDate('2026-03-31'),
    },
    installments: [],
    subject: 'Quota di iscrizione 2026',
    debtor: { name: `Zita D’Albarosa ${n}`, fiscalCode: null, addressLines: ['Via Roma 1', '09124 Cagliari (CA)'] },
    ...more,
  }
}

async function* batches(count: number, size = 24, onBatch: (done: number) => void = () => {}) {
  for (let from = 0; from < count; from += size) {
    onBatch(from)
    yield Array.from({ length: Math.min(size, count - from) }, (_, i) => ({ notice: notice(from + i) }))
  }
}

async function whole(press: PaperPress, count: number) {
  const pieces: Uint8Array[] = []
  const problems = new ProblemList()
  const merged = press.merge(KIT, batches(count), problems, { title: 'Avvisi', author: 'Ordine', subject: 'Avvisi' })
  while (true) {
    const step = await merged.next()
    if (step.done) return { notices: step.value, problems, bytes: Buffer.concat(pieces) }
    pieces.push(step.value)
  }
}

let press: PaperPress
const open = (address: URL = WORKER) => {
  press = openPaperPress(address, silentLog)
  return press
}
afterEach(() => press.close())

describe('the thread that draws', () => {
  it('draws the same bytes as anybody, however often', async () => {
    open()
    const notices = [notice(1), notice(2), notice(3)]
    const drawn = await press.draw(
      KIT,
      notices.map((one) => ({ notice: one })),
    )
    const own = prepareNoticeKit(INPUT)
    for (const [i, one] of notices.entries()) {
      const there = drawn[i]
      if (!there?.ok) throw new Error('not drawn')
      expect(Buffer.from(there.bytes).equals(Buffer.from(drawNotice(one, own)))).toBe(true)
    }
    expect(Buffer.compare((await whole(press, 100)).bytes, (await whole(press, 100)).bytes)).toBe(0)
  })

  it('says what cannot be drawn and draws the rest', async () => {
    open()
    const wrong = notice(2, { debtor: { name: 'Rossi 漢字', fiscalCode: null, addressLines: [] } })
    const drawn = await press.draw(KIT, [{ notice: notice(1) }, { notice: wrong }, { notice: notice(3) }])
    expect(drawn.map((one) => (one.ok ? 'drawn' : one.problems[0]?.code))).toEqual([
      'drawn',
      'PAPER_CHARACTER',
      'drawn',
    ])
    expect((await press.check(KIT, [wrong, notice(1)])).map((one) => one.problems.length)).toEqual([1, 0])
    const bad = pressKit({ ...INPUT, creditor: { ...CREDITOR, name: 'Ordine 漢字' } })
    await expect(press.draw(bad, [{ notice: notice(1) }])).rejects.toMatchObject({
      problems: [{ code: 'PAPER_CHARACTER' }],
    })
  })

  it('draws for several institutions in turn', async () => {
    open()
    const sizes = async () => {
      const all: string[] = []
      for (let n = 0; n < 7; n += 1) {
        const kit = pressKit({ ...INPUT, creditor: { ...CREDITOR, name: `Ordine ${n}` } })
        const [one] = await press.draw(kit, [{ notice: notice(n) }])
        all.push(one?.ok ? one.sha256 : 'none')
      }
      return all
    }
    const first = await sizes()
    expect(new Set(first).size).toBe(7)
    expect(await sizes()).toEqual(first)
  })

  it('asks for no more notices than it can draw, and stops when nobody takes the pieces', async () => {
    open()
    let asked = 0
    const merged = press.merge(
      KIT,
      batches(50_000, 24, (from) => {
        asked = from
      }),
      new ProblemList(),
      { title: 'Avvisi', author: 'Ordine', subject: 'Avvisi' },
    )
    await merged.next()
    let reached = -1
    while (asked !== reached) {
      reached = asked
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    expect(reached).toBeLessThan(5_000)
    const stopping = performance.now()
    await merged.return(undefined as never)
    expect(performance.now() - stopping).toBeLessThan(1000)
    expect((await whole(press, 10)).notices).toBe(10)
  })

  it('shows a preview while a long print is drawn', async () => {
    open()
    await press.draw(KIT, [{ notice: notice(0) }])
    const alone = performance.now()
    for (let n = 0; n < 4; n += 1) for await (const batch of batches(24)) await press.draw(KIT, batch)
    const batch = (performance.now() - alone) / 4
    const long = whole(press, 2_000)
    const waits: number[] = []
    for (let n = 0; n < 20; n += 1) {
      const start = performance.now()
      await press.draw(KIT, [{ notice: notice(n) }])
      waits.push(performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    // On a machine that others use as well a batch takes longer, and so does who waits for it.
    expect(waits.toSorted((a, b) => a - b)[10]).toBeLessThan(Math.max(50, 4 * batch))
    expect((await long).notices).toBe(2_000)
  })

  it('fails the work under way when it dies, and is opened again by the next', async () => {
    const flag = join(process.env.TMPDIR ?? '/tmp', `quietanza-press-${process.pid}`)
    const dying = `
      import { existsSync, unlinkSync } from 'node:fs'
      import { parentPort } from 'node:worker_threads'
      const flag = ${JSON.stringify(flag)}
      if (existsSync(flag)) {
        unlinkSync(flag)
        parentPort.on('message', ({ type }) => { if (type !== 'kit') process.exit(3) })
      } else await import(${JSON.stringify(WORKER.href)})`
    open(new URL(`data:text/javascript,${encodeURIComponent(dying)}`))
    for (const work of [() => whole(press, 100), () => press.draw(KIT, [{ notice: notice(1) }])]) {
      await writeFile(flag, '')
      // The one left open by the work before lives: it is closed so that the next begins anew.
      await expect(work()).rejects.toMatchObject({ problems: [{ code: 'PAPER_PRESS_STOPPED' }] })
      const [again] = await press.draw(KIT, [{ notice: notice(1) }])
      expect(again?.ok).toBe(true)
      await press.close()
      open(new URL(`data:text/javascript,${encodeURIComponent(dying)}`))
    }
  })

  it('says that the memory is over', async () => {
    const hungry = `
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', () => { const all = []; while (true) all.push(new Array(100000).fill({})) })`
    open(new URL(`data:text/javascript,${encodeURIComponent(hungry)}`))
    await expect(press.draw(KIT, [{ notice: notice(1) }])).rejects.toMatchObject({
      problems: [{ code: 'PAPER_PRESS_STOPPED', params: { reason: 'è finita la memoria' } }],
    })
  })
})

const child = async <T>(order: Order): Promise<T> => {
  const file = fileURLToPath(new URL('./notice-press-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [...PROGRAM_OPTIONS, file, JSON.stringify(order)])
  return JSON.parse(stdout) as T
}

describe('a program that draws all its notices', () => {
  const people = LONG ? 50_000 : 2_000
  it(`answers meanwhile, in flat memory (${people} notices)`, { timeout: LONG ? 3_600_000 : 180_000 }, async () => {
    open()
    const folder = await child<string>({ job: 'make', people })
    try {
      for (const job of ['check', 'print', 'save'] as const) {
        const drawing = await child<Drawing>({ job, folder })
        const { seconds, p99, restingP99, longestTurn, maxMegabytes } = drawing
        console.log(
          `${job} ${people}: ${seconds.toFixed(1)} s, call p99 ${p99.toFixed(1)} ms (at rest ${restingP99.toFixed(1)}), longest turn ${longestTurn.toFixed(0)} ms, ${maxMegabytes.toFixed(0)} MB`,
        )
        expect(drawing.notices).toBe(people)
        expect(drawing.problems).toBe(0)
        expect(drawing.calls).toBeGreaterThan(10)
        expect(longestTurn).toBeLessThan(100)
        expect(p99).toBeLessThan(50 + 2 * restingP99)
        expect(maxMegabytes).toBeLessThan(300)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
