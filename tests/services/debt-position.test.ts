import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCsv } from '#codecs/csv-read'
import { openXlsx, type XlsxBook } from '#codecs/xlsx-read'
import { cents, formatCents } from '#domain/money'
import { readNoticeNumber } from '#domain/notice-number'
import { accertamento } from '../../src-main/services/accertamento.ts'
import { debtPosition, issuance } from '../../src-main/services/debt-position.ts'
import { notice } from '../../src-main/services/notice.ts'
import { person } from '../../src-main/services/person.ts'
import { generation, member, members, type Office, openOffice, outcome } from './office.ts'
import { cancelPositions } from './support/cancel.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const codes = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) =>
      error.data?.problems?.map((p) => p.code) ?? [String(error)],
  )

describe('generating positions', () => {
  it('gives each its IUV and notice number, and keeps the sums', async () => {
    await office.raise(members(12))
    const preview = await call(debtPosition.generationPreview, generation(), { context: office.context })
    expect(preview).toMatchObject({ positions: { count: 12 }, grouped: 0, withoutAddress: 0, leftOut: [] })
    const made = await office.generate()
    expect(made.positions).toEqual(preview.positions)
    const { rows, totals, count } = await office.positions()
    expect(count).toBe(12)
    expect(totals.cents).toBe(preview.accertamenti.cents)
    expect(totals.cents).toBe(rows.reduce((n, row) => n + row.cents, 0))
    for (const row of rows) {
      expect(readNoticeNumber(row.noticeNumber)).toMatchObject({ valid: true, segregationCode: '01', iuv: row.iuv })
    }
    // Alphabetical, so that paper and list run alike.
    expect([...rows].sort((a, b) => (a.noticeNumber < b.noticeNumber ? -1 : 1)).map((row) => row.personName)).toEqual(
      rows.map((row) => row.personName),
    )
  })

  it('never asks twice for one accertamento, nor shares an IUV, when two run at once', async () => {
    await office.raise(members(40))
    const both = await Promise.allSettled([office.generate(), office.generate({ search: 'albarosa' })])
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    const halves = await office.positions()
    expect(halves.count).toBe(40)
    expect(new Set(halves.rows.map((row) => row.iuv)).size).toBe(40)
    expect(await codes(office.generate())).toEqual(['NOTHING_TO_ISSUE'])
  })

  it('keeps the IUV of a cancelled position for ever and issues the accertamento again with another', async () => {
    await office.raise(members(2))
    await office.generate()
    const before = await office.positions()
    const [first] = before.rows
    const done = await cancelPositions(office.context, [first?.id], 'importo sbagliato')
    expect(done).toEqual({ count: 1, cents: first?.cents, leftOut: [] })
    const again = await office.generate()
    expect(again.positions.count).toBe(1)
    const after = await office.positions()
    expect(after.count).toBe(3)
    // What is cancelled is listed, and asks nobody for money.
    expect(after.totals.cents).toBe(before.totals.cents)
    expect(new Set(after.rows.map((row) => row.iuv)).size).toBe(3)
    expect(after.rows.find((row) => row.id === first?.id)).toMatchObject({ state: 'cancelled', iuv: first?.iuv })
    await expect(cancelPositions(office.context, [first?.id], 'due volte')).rejects.toMatchObject({
      data: { problems: [{ code: 'POSITION_ACT_REFUSED', params: { reason: 'Sono già annullate' } }] },
    })
  })

  it('groups by person, oldest debt first, and says how many', async () => {
    await office.raise([
      member(1),
      member(1, { service: 'Diritti di segreteria', causale: 'Certificato', amountCents: cents(1_000) }),
      member(2),
    ])
    const input = generation({ groupByPerson: true })
    const preview = await call(debtPosition.generationPreview, input, { context: office.context })
    expect(preview).toMatchObject({ accertamenti: { count: 3 }, positions: { count: 2 }, grouped: 1 })
    await office.generate({ groupByPerson: true })
    const { rows } = await office.positions()
    const grouped = rows.find((row) => row.accertamenti.includes(' e '))
    expect(grouped).toMatchObject({ causale: 'Quote e diritti', accertamenti: '1/2026 e un altro' })
    const detail = await call(debtPosition.get, { id: grouped?.id as never }, { context: office.context })
    expect(detail.allocations.map((a) => [a.number, a.cents])).toEqual([
      [1, 21_600],
      [2, 1_000],
    ])
    expect(detail.history.map((fact) => fact.kind)).toContain('position')
    const batches = await call(issuance.list, { filters: {} } as never, { context: office.context })
    expect(batches.rows[0]).toMatchObject({ positions: { count: 2 }, collected: { count: 0 }, delivered: 0 })
  })

  it('leaves out what is struck off the list', async () => {
    await office.raise(members(3))
    const { rows } = await office.accertamenti()
    const made = await office.generate({ excluded: [rows[0]?.id as number] })
    expect(made.positions.count).toBe(2)
    const list = await office.accertamenti({ issued: false })
    expect(list.rows.map((row) => row.id)).toEqual([rows[0]?.id])
  })

  it('refuses validity that ends before the due date', async () => {
    await office.raise(members(1))
    const wrong = generation() as { parameters: Record<string, unknown> }
    wrong.parameters.validUntil = '2026-01-31'
    const run = call(debtPosition.generationPreview, wrong as never, { context: office.context })
    expect(await codes(run)).toEqual(['VALIDITY_BEFORE_DUE'])
  })
})

describe('lists', () => {
  it('finds people blind to accents and apostrophes, and positions by a pasted notice number', async () => {
    await office.raise([member(1, { name: 'D’Albarosa Nicolò' }), member(2, { name: 'Bianchi Zoë' })])
    await office.generate()
    const found = async (search: string) => {
      const input = { filters: {}, search } as never
      return (await call(debtPosition.list, input, { context: office.context })).rows.map((row) => row.personName)
    }
    expect(await found("d'albarosa nicolo")).toEqual(['D’Albarosa Nicolò'])
    expect(await found('dalbarosa')).toEqual(['D’Albarosa Nicolò'])
    expect(await found('ZOE')).toEqual(['Bianchi Zoë'])
    const { rows } = await office.positions()
    expect(await found(rows[0]?.noticeNumber.replace(/(.{4})(?=.)/g, '$1 ') as string)).toEqual([rows[0]?.personName])
    expect(await found('nessuno')).toEqual([])
  })

  it('counts and sums over the whole filter, never over the page', async () => {
    await office.raise(members(25))
    const page = await call(
      accertamento.list,
      {
        filters: { exercise: 2026, minCents: 21_600 },
        limit: 5,
        sort: { column: 'dueCents', direction: 'desc' },
      } as never,
      { context: office.context },
    )
    const all = (await office.accertamenti()).rows.filter((row) => row.outstandingCents >= 21_600)
    expect(page.rows).toHaveLength(5)
    expect(page.count).toBe(all.length)
    expect(page.totals.outstandingCents).toBe(all.reduce((n, row) => n + row.outstandingCents, 0))
    expect(page.rows.map((row) => row.dueCents)).toEqual(
      all
        .map((row) => row.dueCents)
        .sort((a, b) => b - a)
        .slice(0, 5),
    )
    const counts = await call(accertamento.counts, { exercise: 2026 }, { context: office.context })
    expect(counts).toMatchObject({ all: 25, outstanding: 25, collected: 0, competenza: 25, residui: 0 })
  })

  it('tells expired from issued by the day, and counts each view', async () => {
    await office.raise(members(3))
    await office.generate()
    const counts = async () => call(debtPosition.counts, { exercise: 2026 }, { context: office.context })
    expect(await counts()).toMatchObject({ all: 3, issued: 3, expired: 0, toDeliver: 3 })
    await office.context.clock.waitUntil(Date.parse('2026-04-02T10:00:00Z'))
    expect(await counts()).toMatchObject({ all: 3, issued: 0, expired: 3 })
    expect((await office.positions({ state: ['expired'] })).count).toBe(3)
  })
})

async function sheetTexts(book: XlsxBook): Promise<(string | number | null)[][]> {
  const rows: (string | number | null)[][] = []
  for await (const batch of book.rows(0)) {
    for (const row of batch) {
      rows.push(
        [...row.cells.values()].map((c) =>
          c.kind === 'text' ? c.text : c.kind === 'number' ? c.value : c.kind === 'date' ? c.date : null,
        ),
      )
    }
  }
  return rows
}

describe('exports', () => {
  const shape = {
    filters: { exercise: 2026 },
    title: 'Accertamenti',
    filtersInWords: 'competenza 2026',
    columns: [
      { key: 'personName', heading: 'Debitore' },
      { key: 'dueDate', heading: 'Scadenza' },
      { key: 'dueCents', heading: 'Importo €' },
      { key: 'nonEsiste', heading: 'Altro' },
    ],
    sort: { column: 'personName', direction: 'desc' },
  }

  it('give the shown columns, order, filter and totals, and never a formula', async () => {
    await office.raise([...members(3), member(7, { name: '=HYPERLINK("http://x")' })])
    const list = await office.accertamenti()
    const file = async (format: string) => {
      const made = await call(accertamento.export, { ...shape, format } as never, { context: office.context })
      return office.bytes(made)
    }
    const csv = readCsv(new TextDecoder().decode(await file('csv')).replace(/^\uFEFF/, ''), ';')
    if (!csv.ok) throw new Error('not a CSV')
    const lines = csv.value.map((record) => record.cells).filter((cells) => cells.length > 1)
    expect(lines[0]).toEqual(['Debitore', 'Scadenza', 'Importo €'])
    expect(lines.slice(1, 4).map((cells) => cells[0])).toContain('D’Albarosa 00002 Zita')
    expect(lines.flat().filter((cell) => cell.startsWith('='))).toEqual([])
    expect(lines.at(-1)).toEqual(['Totale', '', formatCents(list.totals.dueCents)])
    const book = await openXlsx(await file('xlsx'))
    if (!book.ok) throw new Error('not a workbook')
    const sheet = await sheetTexts(book.value)
    expect(sheet[0]).toEqual(['Accertamenti'])
    expect(sheet[1]).toEqual(['competenza 2026'])
    expect(sheet[2]).toEqual(['Debitore', 'Scadenza', 'Importo €'])
    expect(sheet).toHaveLength(3 + 4 + 1)
    expect(sheet.at(-1)?.at(-1)).toBeCloseTo(list.totals.dueCents / 100, 6)
    const pdf = await file('pdf')
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    const people = { ...shape, filters: {}, format: 'csv', columns: [{ key: 'name', heading: 'Nome' }], sort: null }
    const names = await call(person.export, people as never, { context: office.context })
    expect(
      new TextDecoder()
        .decode(await office.bytes(names))
        .trim()
        .split('\r\n'),
    ).toHaveLength(5)
  })
})

describe('notices', () => {
  it('are the same bytes each time, one file each, and one file together', async () => {
    await office.raise(members(4))
    const { issuanceId } = await office.generate()
    const { rows } = await office.positions()
    const draw = async () => {
      const file = await call(notice.pdf, { debtPositionId: rows[0]?.id as never }, { context: office.context })
      return Buffer.from(await file.arrayBuffer())
    }
    expect((await draw()).equals(await draw())).toBe(true)
    const all = { selection: { query: { filters: {} } } } as never
    const printed = await outcome(await call(notice.print, all, { context: office.context }))
    expect(printed).toMatchObject({ notices: 4, problems: { total: 0 } })
    const checked = await outcome(await call(notice.check, all, { context: office.context }))
    expect(checked).toMatchObject({ notices: 4, problems: { total: 0 } })
    const sample = await call(notice.sample, { issuanceId, count: 3 }, { context: office.context })
    expect(new Set(sample.map((one) => one.debtPositionId)).size).toBe(3)
    const [root] = await office.context.folders.list(null)
    const save = { ...(all as object), folder: root?.token } as never
    const saved = await outcome(await call(notice.saveAll, save, { context: office.context }))
    expect(saved).toMatchObject({ written: 4, same: 0 })
    expect(await outcome(await call(notice.saveAll, save, { context: office.context }))).toMatchObject({
      written: 0,
      same: 4,
    })
  })

  it('say how many had to be narrowed', async () => {
    await office.raise([
      member(1),
      member(2, { name: 'MASSIMILIANO GUGLIELMO DELL’ORSARA MONTESECCO VALDORMIDA CASTRIMONTI' }),
    ])
    await office.generate()
    const all = { selection: { query: { filters: {} } } } as never
    const checked = await outcome(await call(notice.check, all, { context: office.context }))
    expect(checked).toMatchObject({ notices: 2, shrunk: 1, problems: { total: 0 } })
  })

  it('say which text cannot be printed, and print the others', async () => {
    await office.raise([member(1), member(2, { name: 'Rossi 漢字' })])
    await office.generate()
    const all = { selection: { query: { filters: {} } } } as never
    const printed = await outcome(await call(notice.print, all, { context: office.context }))
    expect(printed.notices).toBe(1)
    expect(printed.problems.first.map((p) => p.code)).toEqual(['PAPER_CHARACTER'])
  })
})

describe('cancelling accertamenti', () => {
  it('touches only what is neither issued nor collected', async () => {
    await office.raise(members(3))
    const { rows } = await office.accertamenti()
    await office.generate({ excluded: [rows[0]?.id as number] })
    const selection = { query: { filters: { exercise: 2026 } } } as never
    const preview = await call(accertamento.cancelPreview, selection, { context: office.context })
    expect(preview).toEqual({
      count: 1,
      cents: rows[0]?.dueCents,
      leftOut: [{ reason: 'Hanno una posizione emessa: annullala prima', count: 2 }],
    })
    const input = { selection, reason: 'iscritto deceduto', act: '' }
    expect(await call(accertamento.cancel, input, { context: office.context })).toMatchObject({ count: 1 })
    const after = await call(accertamento.get, { id: rows[0]?.id as never }, { context: office.context })
    expect(after).toMatchObject({ state: 'cancelled', outstandingCents: 0, importRow: 4 })
    expect(after.variations).toMatchObject([{ kind: 'cancellation', cents: -(rows[0]?.dueCents ?? 0) }])
  })
})
