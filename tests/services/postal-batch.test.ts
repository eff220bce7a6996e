import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pageCount } from '#codecs/pdf/page-count'
import type { Id } from '#domain/brand'
import { saveLetter } from '#ledger/letter'
import { readNoticeStyle, saveNoticeStyle } from '#ledger/notice-style'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { openPost } from '../../src-main/services/outbox/channel-post.ts'
import { pageTexts } from '../codecs/pdf-tools.ts'
import { member, type Office, openOffice, outcome } from './office.ts'
import { cancelPositions } from './support/cancel.ts'

let office: Office
let place: string

beforeEach(async () => {
  office = await openOffice()
  place = join(office.folder, 'consegne', 'posta')
  await mkdir(place, { recursive: true })
})
afterEach(() => office.close())

const home = (more: Record<string, unknown> = {}) => ({
  address: {
    ...{ street: 'Via dei Larici', civicNumber: '12', postalCode: '32100', city: 'Belluno', province: 'BL' },
    ...{ country: 'IT', ...more },
  },
})

async function input(more: Record<string, unknown> = {}) {
  const { rows } = await office.positions()
  return {
    ...{ selection: { ids: rows.map((row) => row.id) }, channels: ['post'], subject: 'x', body: 'x' },
    folder: await office.context.folders.tokenOf(place),
    ...more,
  } as never
}

async function post(more: Record<string, unknown> = {}) {
  const started = await outcome(await call(campaign.start, await input(more), office.options()))
  await office.context.outbox.idle()
  return started.campaign.id
}

const list = async () =>
  (await call(delivery.list, { filters: {}, limit: 500 } as never, { context: office.context })).rows

const read = async (folder: string, file: string) => readFile(join(place, folder, file))

/** Rows of the list, heading first, without its mark. */
async function csv(folder: string): Promise<string[][]> {
  const text = (await read(folder, 'indirizzi.csv')).toString('utf8').replace('\uFEFF', '')
  return text
    .trim()
    .split('\r\n')
    .map((line) => line.split(';'))
}

describe('a postal batch', () => {
  it('is one folder with a PDF each, the list and what is in it; every letter is handed over with its evidence', async () => {
    await office.raise([member(1, home()), member(2, home({ country: 'CH', postalCode: '8001', city: 'Zürich' }))])
    await office.generate()
    const id = await post()
    const [folder, ...others] = await readdir(place)
    expect(others).toEqual([])
    expect(folder).toMatch(new RegExp(`^Lotto postale ${id} del \\d{4}-\\d{2}-\\d{2}$`))
    const rows = await csv(folder as string)
    expect(rows[0]?.join(';')).toBe(
      'file_pdf;destinatario;presso;indirizzo;edificio;cap;comune;provincia;stato;cf;anno;iuv;numero_avviso;pagine;pagina_da',
    )
    expect(rows).toHaveLength(3)
    expect(rows.map((row) => row[8]).toSorted()).toEqual(['', 'SVIZZERA', 'stato'])
    for (const row of rows.slice(1)) {
      const pdf = await read(folder as string, row[0] as string)
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
      expect(pageCount(pdf)).toBe(Number(row[13]))
      expect(row[12]).toMatch(/^3\d{17}$/)
    }
    expect((await readdir(join(place, folder as string))).toSorted()).toEqual(
      [...rows.slice(1).map((row) => row[0]), 'indirizzi.csv', 'indirizzi.xlsx', 'lotto.json'].toSorted(),
    )
    const deliveries = await list()
    expect(deliveries.map((row) => row.state)).toEqual(['delivered', 'delivered'])
    const one = await call(delivery.get, { id: deliveries[0]?.id as never }, { context: office.context })
    expect(one.evidence).toHaveLength(1)
    expect(one.evidence[0]?.text).toContain(
      `Consegnato al servizio postale: Consegne di Quietanza › posta › ${folder}, riga`,
    )
  })

  it('merges all letters into one file, cover letter first, and tells on which page each begins', async () => {
    await office.raise([1, 2, 3].map((n) => member(n, home())))
    await office.generate()
    const at = office.context.clock.now()
    const text = {
      name: 'Prova',
      subject: 'Avviso',
      body: 'Gentile {nome},\necco l’avviso.',
      signature: 'La segreteria',
    }
    const letterId = (await office.context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, (db) =>
      saveLetter(db, null, text),
    )) as Id<'letter'>
    await post({ postMerged: true, letter: { id: letterId, place: 'before' } })
    const [folder = ''] = await readdir(place)
    const rows = (await csv(folder)).slice(1)
    expect(rows.map((row) => row[0])).toEqual(['avvisi.pdf', 'avvisi.pdf', 'avvisi.pdf'])
    expect(rows.map((row) => [row[13], row[14]])).toEqual([
      ['2', '1'],
      ['2', '3'],
      ['2', '5'],
    ])
    expect(pageCount(await read(folder, 'avvisi.pdf'))).toBe(6)
  })

  it('merges in the order of the list: each letter is on the pages that its row says', async () => {
    const cities = [3, 1, 2].map((n) => member(n, home({ civicNumber: `${n}0` })))
    await office.raise(cities)
    await office.generate()
    await post({ postMerged: true })
    const [folder = ''] = await readdir(place)
    const pages = (await pageTexts(await read(folder, 'avvisi.pdf'))).map((text) => text.replace(/\s+/g, ''))
    const rows = (await csv(folder)).slice(1)
    expect(rows).toHaveLength(3)
    for (const row of rows) {
      const [number = '', from] = [row[12], Number(row[14])]
      expect(pages.map((text, i) => (text.includes(number) ? i + 1 : 0)).filter((n) => n > 0)).toEqual([from])
      expect(pages[from - 1]).toContain(row[9])
    }
    const order = (JSON.parse((await read(folder, 'lotto.json')).toString()) as { letters: { row: number }[] }).letters
    expect(order.map((one) => one.row)).toEqual([2, 3, 4])
  })

  it('gives a number to a name that another letter has, and writes both', async () => {
    await office.raise([member(1, home()), member(2, home())])
    await office.generate()
    const at = office.context.clock.now()
    await office.context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, async (db) =>
      saveNoticeStyle(db, { ...(await readNoticeStyle(db)), fileNamePattern: 'Avviso {anno}' }),
    )
    await post()
    const [folder = ''] = await readdir(place)
    const rows = (await csv(folder)).slice(1)
    expect(rows.map((row) => row[0])).toEqual(['Avviso 2026.pdf', 'Avviso 2026 (2).pdf'])
    for (const row of rows) {
      const text = (await pageTexts(await read(folder, row[0] as string))).join('').replace(/\s+/g, '')
      expect(text).toContain(row[12])
    }
  })

  it('tells before the confirmation when the post may be too slow: 25 days from the day it leaves', async () => {
    await office.raise([member(1, home())])
    await office.generate()
    const warnings = async (startAt: string | null) =>
      (await call(campaign.preview, await input({ startAt }), { context: office.context })).warnings
    expect(await warnings('2026-03-06T08:00:00.000Z')).toEqual([])
    expect(await warnings('2026-03-07T08:00:00.000Z')).toEqual([
      expect.stringMatching(/^Un avviso scade fra meno di 25 giorni \(la prima fra 24 giorni\)/),
    ])
    expect(await warnings('2026-04-01T08:00:00.000Z')).toEqual(['Un avviso è già scaduto.'])
  })

  it('shows the doubtful addresses first, and only of those that it may ask', async () => {
    const doubtful = member(2, home({ postalCode: '20100', province: 'BL' }))
    await office.raise([member(1, home()), doubtful, member(3, { address: null }), member(4, home())])
    await office.generate()
    const ids = (await office.positions()).rows.map((row) => row.id)
    const addresses = (more: Record<string, unknown> = {}) =>
      call(campaign.postalAddresses, { selection: { ids }, ...more } as never, { context: office.context })
    const { count, wrong, rows } = await addresses()
    expect([count, wrong]).toEqual([4, 2])
    expect(rows.map((row) => row.problems.length > 0)).toEqual([true, true, false, false])
    expect(rows[0]?.problems).toEqual(['Non c’è nessun indirizzo.'])
    expect(rows[1]?.problems[0]).toMatch(/non è della provincia BL/)
    const cancelled = rows[2]?.debtPositionId
    await cancelPositions(office.context, [cancelled], 'errore')
    expect((await addresses({ purpose: 'reminder' })).count).toBe(3)
  })

  it('leaves out who has no good address, and says so before', async () => {
    await office.raise([member(1, home()), member(2, { address: null })])
    await office.generate()
    const preview = await call(campaign.preview, await input(), { context: office.context })
    expect(preview.channels).toEqual([{ channel: 'post', count: 1 }])
    expect(preview.leftOut).toEqual([{ reason: 'Senza un indirizzo che la posta possa usare', count: 1 }])
    await post()
    expect(await list()).toHaveLength(1)
  })

  it('never lets a name become a formula or a path', async () => {
    const name = '=HYPERLINK("http://x") ../../etc'
    await office.raise([member(1, { ...home({ street: '+SOMMA(A1)' }), name })])
    await office.generate()
    await post()
    const [folder = '', ...others] = await readdir(place)
    expect(others).toEqual([])
    const text = (await read(folder, 'indirizzi.csv')).toString('utf8')
    expect(text).toMatch(/'=HYPERLINK/)
    expect(text).toContain("'+SOMMA(A1) 12")
    expect(text).not.toMatch(/(^|;|\n)"?[=+@]/)
    expect((await readdir(join(place, folder))).every((file) => !file.includes('/'))).toBe(true)
  })
})

describe('a batch that is taken back', () => {
  const cancel = async (id: Id<'campaign'>) =>
    outcome(await call(campaign.cancel, { id, reason: 'errore', cleanUp: true } as never, { context: office.context }))

  it('goes from the folder whole, and its notices may be delivered again', async () => {
    await office.raise([member(1, home()), member(2, home())])
    await office.generate()
    const id = await post()
    expect(await cancel(id)).toMatchObject({ cancelled: 0, removed: 2, problems: { total: 0 } })
    expect(await readdir(place)).toEqual([])
    expect((await list()).map((one) => one.state)).toEqual(['cancelled', 'cancelled'])
    await post()
    expect(await readdir(place)).toHaveLength(1)
  })

  it('stays where somebody has put a hand on it', async () => {
    await office.raise([member(1, home())])
    await office.generate()
    const id = await post({ postMerged: true })
    const [folder = ''] = await readdir(place)
    await writeFile(join(place, folder, 'appunti.txt'), 'spedito lunedì')
    const result = await cancel(id)
    expect(result).toMatchObject({ removed: 0, problems: { first: [{ code: 'CLEAN_UP_FILE_DIFFERS' }] } })
    expect((await readdir(join(place, folder))).length).toBe(5)
    expect((await list()).map((one) => one.state)).toEqual(['delivered'])
  })
})

describe('a batch that is cut off', () => {
  const claimAll = async (id: Id<'campaign'>) => {
    const at = office.context.clock.now()
    const { claimDelivery, endAttempt } = await import('#ledger/delivery-queue')
    for (const row of await list()) {
      await office.context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, async (db) => {
        const attempt = await claimDelivery(db, row.id, (n) => `<${row.id}-${n}@prova>`, at)
        if (attempt === null) return
        const end = { state: 'sent' as const, outcome: 'gathered', reply: null, reason: null, evidence: null }
        await endAttempt(db, { id: row.id, attemptId: attempt.attemptId, ...end }, at)
      })
    }
    const { readCampaign, readWays } = await import('#ledger/campaign')
    return office.context.ledger.read(async (db) => {
      const row = await readCampaign(db, id)
      const [way] = await readWays(db, [id])
      return { campaign: { ...row, template: JSON.parse(row?.templateJson ?? '{}') } as never, way: way as never }
    })
  }

  const start = async (people: number) => {
    await office.raise(Array.from({ length: people }, (_, n) => member(n + 1, home())))
    await office.generate()
    const later = '2026-12-01T00:00:00.000Z'
    const { campaign: summary } = await outcome(
      await call(campaign.start, await input({ startAt: later }), office.options()),
    )
    return { id: summary.id, ...(await claimAll(summary.id)) }
  }

  it('shows nothing when the disk fails in the middle, and is whole the next time', async () => {
    const { campaign: row, way } = await start(3)
    const folders = office.context.folders
    let files = 0
    const failing = {
      ...office.context,
      folders: {
        ...folders,
        batch: async (...at: Parameters<typeof folders.batch>) => {
          const batch = await folders.batch(...at)
          const write: typeof batch.write = async (name, chunks) => {
            files += 1
            if (files === 3) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
            return batch.write(name, chunks)
          }
          return { ...batch, write }
        },
      },
    }
    const run = await openPost(failing, row, way)
    await expect(run.afterAll?.()).rejects.toThrow('full')
    expect(await readdir(place)).toEqual([])
    expect((await list()).map((one) => one.state)).toEqual(['sent', 'sent', 'sent'])
    await (await openPost(office.context, row, way)).afterAll?.()
    expect(await readdir(place)).toHaveLength(1)
    expect((await list()).map((one) => one.state)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('hands over what its sealed folder says when the program dies before writing it down', async () => {
    const { campaign: row, way } = await start(2)
    const { ledger } = office.context
    const dying = {
      ...office.context,
      ledger: {
        ...ledger,
        clock: ledger.clock,
        target: ledger.target,
        read: ledger.read.bind(ledger),
        write: (entry: { command: string }, work: never) => {
          if (entry.command === 'delivery.handOver') throw new Error('killed')
          return ledger.write(entry as never, work)
        },
      },
    } as unknown as typeof office.context
    await expect((await openPost(dying, row, way)).afterAll?.()).rejects.toThrow('killed')
    const before = await readdir(place)
    expect(before).toHaveLength(1)
    await (await openPost(office.context, row, way)).afterAll?.()
    expect(await readdir(place)).toEqual(before)
    const after = await list()
    expect(after.map((one) => one.state)).toEqual(['delivered', 'delivered'])
  })

  it('is drawn anew without who stops being asked while thousands are drawn', async () => {
    const { campaign: row, way } = await start(3)
    const [first] = (await office.positions()).rows
    const folders = office.context.folders
    let drawings = 0
    const slow = {
      ...office.context,
      folders: {
        ...folders,
        batch: async (...at: Parameters<typeof folders.batch>) => {
          drawings += 1
          if (drawings === 1) {
            await cancelPositions(office.context, [first?.id], 'errore')
          }
          return folders.batch(...at)
        },
      },
    }
    await (await openPost(slow, row, way)).afterAll?.()
    expect(drawings).toBe(2)
    const names = await readdir(place)
    expect(names).toEqual([expect.stringMatching(/^Lotto postale \d+ del [\d-]+$/)])
    const rows = (await csv(names[0] as string)).slice(1)
    expect(rows.map((one) => one[9])).not.toContain(first?.fiscalCode)
    expect(rows).toHaveLength(2)
    expect((await list()).map((one) => one.state).toSorted()).toEqual(['delivered', 'delivered', 'suppressed'])
  })

  it('keeps out who was annulled meanwhile, and never touches a folder of others', async () => {
    const { id, campaign: row, way } = await start(2)
    const positions = (await office.positions()).rows
    await cancelPositions(office.context, [positions[0]?.id], 'errore')
    const taken = `Lotto postale ${id} del ${office.context.clock.now().slice(0, 10)}`
    await mkdir(join(place, taken))
    await (await openPost(office.context, row, way)).afterAll?.()
    expect(await readdir(join(place, taken))).toEqual([])
    expect((await readdir(place)).toSorted()).toEqual([taken, `${taken} (2)`])
    expect(await csv(`${taken} (2)`)).toHaveLength(2)
    expect((await list()).map((one) => one.state).toSorted()).toEqual(['delivered', 'suppressed'])
  })
})

describe.skipIf(process.env.QUIETANZA_LONG !== '1')('a batch of 5,000', () => {
  it.each([false, true])(
    'merged %s: whole, in bounded memory',
    async (postMerged) => {
      await office.raise(Array.from({ length: 5_000 }, (_, n) => member(n + 1, home())))
      await office.generate()
      const ids = (await office.context.ledger.read((db) => db.selectFrom('debtPosition').select('id').execute())).map(
        (row) => row.id,
      )
      let peak = 0
      const base = process.memoryUsage().rss
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss)
      }, 50)
      const began = performance.now()
      try {
        await post({ selection: { ids }, postMerged })
      } finally {
        clearInterval(watch)
      }
      const seconds = (performance.now() - began) / 1000
      const [folder = ''] = await readdir(place)
      const rows = (await csv(folder)).slice(1)
      expect(rows).toHaveLength(5_000)
      expect(new Set(rows.map((row) => row[12])).size).toBe(5_000)
      if (postMerged) {
        expect(rows.map((row) => Number(row[14]))).toEqual(rows.map((_, n) => n + 1))
        expect(pageCount(await read(folder, 'avvisi.pdf'))).toBe(5_000)
      } else expect(await readdir(join(place, folder))).toHaveLength(5_003)
      const megabytes = Math.round((peak - base) / 1_048_576)
      console.info(`postal batch of 5,000, merged ${postMerged}: ${seconds.toFixed(1)} s, ${megabytes} MB more at most`)
      expect(megabytes).toBeLessThan(700)
    },
    900_000,
  )
})
