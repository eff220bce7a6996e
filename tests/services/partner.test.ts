import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCsv } from '#codecs/csv-read'
import { decodeText } from '#codecs/text-decode'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { FakeClock } from '#hosts/clock'
import { writeEnvironment } from '#ledger/node-environment'
import { showEnvironment } from '#ledger/node-position'
import { dashboard } from '../../src-main/services/dashboard.ts'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { partner } from '../../src-main/services/partner.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import { officialFile } from '../node/openapi-file.ts'
import { members, type Office, openOffice, outcome, YEAR } from './office.ts'
import { cancelPositions } from './support/cancel.ts'
import { ENGINES, nodeOf, publish } from './support/published.ts'

type PositionId = Id<'debtPosition'>
type BatchId = Id<'partnerBatch'>

const bulk = officialFile('gpd_external_v2_bulk')
if (bulk === null)
  console.info('gpd_external_v2_bulk: the official file is not at hand, files for the partner are not judged')

const PLAN = { count: 3, withSingle: true, firstDue: '2026-04-30', everyMonths: 2 }

describe.each(ENGINES)('files for the technological partner · $name', ({ target }) => {
  let office: Office
  beforeEach(async () => {
    office = await openOffice(new FakeClock('2026-03-12T07:00:00.000Z' as Instant), target())
  })
  afterEach(() => office.close())

  const options = () => ({ context: office.context })
  async function issued(count: number, more: Parameters<Office['generate']>[0] = {}): Promise<PositionId[]> {
    await office.raise(members(count))
    await office.generate(more)
    return (await office.positions()).rows.map((row) => row.id)
  }
  const preview = (ids: readonly PositionId[], alsoPublished = false) =>
    call(partner.preview, { selection: { ids: [...ids] }, alsoPublished } as never, options())
  async function handOver(ids: readonly PositionId[], format: 'json' | 'csv', alsoPublished = false) {
    const { environment, count: expected, stamp } = await preview(ids, alsoPublished)
    const input = { selection: { ids: [...ids] }, alsoPublished, format, environment, expected, stamp }
    return outcome(await call(partner.export, input as never, options()))
  }
  const due = () => call(partner.due, undefined, options())
  async function handDue(kind: 'create' | 'update' | 'delete', again = false, format: 'json' | 'csv' = 'json') {
    const { environment, groups } = await due()
    const group = groups.find((one) => one.kind === kind && one.again === again)
    const input = { kind, again, format, environment, expected: group?.count ?? 0, stamp: group?.stamp ?? '' }
    return outcome(await call(partner.exportDue, input, options()))
  }
  const textOf = async (file: { token: string }) => new TextDecoder().decode(await office.bytes(file as never))
  const jsonOf = async (file: { token: string }) => JSON.parse(await textOf(file))
  async function upload(text: string, name: string) {
    const writer = await office.context.files.create(name, 'application/octet-stream')
    await writer.write(new TextEncoder().encode(text))
    return writer.commit()
  }
  const look = async (id: BatchId, text: string, name = 'esito.csv') => {
    const token = await upload(text, name)
    return { token, ...(await call(partner.outcomePreview, { id, token }, options())) }
  }
  async function takeUp(id: BatchId, text: string, name?: string) {
    const { token, stamp } = await look(id, text, name)
    return call(partner.outcomeConfirm, { id, token, stamp }, options())
  }
  const rowsOf = async (id: BatchId) =>
    (await call(partner.rows, { filters: { id }, limit: 500 } as never, options())).rows
  const shownOf = async (id: PositionId) => {
    const row = (await office.positions()).rows.find((one) => one.id === id)
    return [row?.nodeState, row?.syncState]
  }
  const cancel = (ids: readonly PositionId[]) => cancelPositions(office.context, ids, 'prova di annullamento')
  async function changeDue(id: PositionId, date: string) {
    const input = { selection: { ids: [id] }, change: { dueDate: { kind: 'to', date } } }
    const { count: expected, stamp } = await call(positionAct.changePreview, input as never, options())
    const act = { ...input, reason: 'proroga', expected, stamp }
    return outcome(await call(positionAct.change, act as never, options()))
  }
  const refusal = (code: string) => ({ data: { problems: [{ code }] } })

  test('a batch leaves as GPD JSON that the official model allows, plans too, and comes again with the same bytes', async () => {
    const ids = await issued(4, { installments: PLAN })
    const done = await handOver(ids, 'json')
    expect(done).toMatchObject({ count: 4, leftOut: [] })
    const body = await jsonOf(done.file)
    expect(body.paymentPositions).toHaveLength(4)
    for (const position of body.paymentPositions) {
      expect(position.paymentOption.map((one: { isPartialPayment: boolean }) => one.isPartialPayment)).toEqual([
        ...[false, true, true, true],
      ])
    }
    if (bulk !== null) expect(bulk.schemaFaults('MultiplePaymentPositionModel', body, 'request')).toEqual([])
    const again = await call(partner.download, { id: done.id }, options())
    expect(await textOf(again)).toBe(await textOf(done.file))
    expect(again.name).toBe(`partner-${done.id}-posizioni-2026-03-12.json`)
    for (const id of ids) expect(await shownOf(id)).toEqual([null, 'inFlight'])
    // The second click finds that they are his already.
    expect(await preview(ids)).toMatchObject({
      count: 0,
      leftOut: [{ reason: 'Sono già affidate al partner', count: 4 }],
    })
    await expect(handOver(ids, 'json')).rejects.toMatchObject(refusal('POSITION_ACT_REFUSED'))
  })

  test('as a CSV it has a row for each payment, with a mark, semicolons and no formula', async () => {
    await office.raise(members(2, { name: '=1+1 Società “La Quercia”; sas' }))
    await office.generate({ installments: PLAN })
    const ids = (await office.positions()).rows.map((row) => row.id)
    const done = await handOver(ids, 'csv')
    const bytes = await office.bytes(done.file)
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const text = decodeText(bytes)
    const records = readCsv(text.ok ? text.value.text.replace(/^\ufeff/, '') : '', ';')
    const [head, ...rows] = records.ok ? records.value.filter(({ cells }) => cells.length > 1) : []
    expect(rows).toHaveLength(8)
    const cell = (row: number, name: string) => rows[row]?.cells[head?.cells.indexOf(name) ?? -1]
    expect(cell(0, 'lotto')).toBe(String(done.id))
    expect(cell(0, 'operazione')).toBe('CREA')
    expect(cell(0, 'nominativo')).toBe("'=1+1 Società “La Quercia”; sas")
    expect([0, 1, 2, 3].map((row) => [cell(row, 'pagamento'), cell(row, 'rata'), cell(row, 'scadenza')])).toEqual([
      ['UNICO', '', '31/03/2026'],
      ['RATA', '1', '30/04/2026'],
      ['RATA', '2', '30/06/2026'],
      ['RATA', '3', '30/08/2026'],
    ])
    expect(cell(0, 'importo')).toMatch(/^\d+,\d{2}$/)
    expect(cell(0, 'codice_avviso')).toMatch(/^3\d{17}$/)
    expect(cell(0, 'valida_fino_al')).toBe('31/12/2026')
    expect(cell(0, 'versamento1_iban')).toBe('IT66S0999912100000000012345')
    expect(cell(0, 'versamento2_importo')).toBe('')
  })

  test('the outcome is taken row by row, once; strangers are told, refused ones go into another file', async () => {
    const ids = await issued(4)
    const { id } = await handOver(ids, 'csv')
    const rows = await rowsOf(id)
    const [a, b, c, d] = rows.map((row) => row.iupd) as [string, string, string, string]
    const text = [
      'LOTTO;IUPD;Esito;Motivo',
      `${id};${a};ACCETTATA;`,
      `${id};${b};RIFIUTATA;IBAN non attivo`,
      `${id};${c};accettata;`,
      '7;80087670016-99999999999999999;ACCETTATA;',
    ].join('\r\n')
    const seen = await look(id, text)
    expect(seen).toMatchObject({
      ...{ source: 'csv', accepted: 2, refused: 1, known: 0, silent: 1, same: false },
      unknown: { count: 1, first: ['80087670016-99999999999999999'] },
      refusals: [{ iupd: b, reason: 'IBAN non attivo' }],
      problems: [{ code: 'PARTNER_OUTCOME_OTHER_BATCH', severity: 'warning' }],
    })
    // Looking wrote nothing.
    expect((await rowsOf(id)).every((row) => row.outcome === 'waiting')).toBe(true)
    expect(await takeUp(id, text)).toEqual({ accepted: 2, refused: 1 })
    const byIupd = new Map((await rowsOf(id)).map((row) => [row.iupd, row]))
    expect([a, b, c, d].map((iupd) => byIupd.get(iupd)?.outcome)).toEqual([
      ...['accepted', 'refused', 'accepted', 'waiting'],
    ])
    const positionOf = (iupd: string) => byIupd.get(iupd)?.debtPositionId as PositionId
    expect(await shownOf(positionOf(a))).toEqual(['VALID', 'synced'])
    expect(await shownOf(positionOf(b))).toEqual([null, 'failed'])
    expect(await shownOf(positionOf(d))).toEqual([null, 'inFlight'])

    // Twice the same file adds nothing.
    expect(await look(id, text)).toMatchObject({ same: true, accepted: 0, refused: 0, known: 3 })
    await expect(takeUp(id, text)).rejects.toMatchObject(refusal('PARTNER_OUTCOME_ALREADY'))
    // What he took stays taken, whatever a second load of the same file says.
    const later = `iupd;esito;motivo\n${a};RIFIUTATA;già presente\n${d};ACCETTATA;\n`
    expect(await look(id, later)).toMatchObject({ accepted: 1, refused: 0, contradicted: { count: 1, first: [a] } })
    await takeUp(id, later)
    expect(await shownOf(positionOf(a))).toEqual(['VALID', 'synced'])

    expect((await due()).groups).toMatchObject([{ kind: 'create', again: true, count: 1 }])
    const second = await handDue('create', true)
    expect((await jsonOf(second.file)).paymentPositions.map((one: { iupd: string }) => one.iupd)).toEqual([b])
    expect(await shownOf(positionOf(b))).toEqual([null, 'inFlight'])
    expect((await due()).groups).toEqual([])
    expect((await rowsOf(id)).find((row) => row.iupd === b)).toMatchObject({ outcome: 'refused', followed: true })
    await takeUp(second.id, `iupd,esito\n${b},OK\n`)
    expect(await shownOf(positionOf(b))).toEqual(['VALID', 'synced'])
    const { rows: batches } = await call(partner.batches, { filters: {} } as never, options())
    expect(batches.map(({ rows: n, accepted, refused, waiting }) => [n, accepted, refused, waiting])).toEqual([
      [1, 1, 0, 0],
      [4, 3, 1, 0],
    ])
  })

  test('the report of the massive load says the same, and tells that it is not finished', async () => {
    const ids = await issued(3)
    const { id } = await handOver(ids, 'json')
    const [a, b] = (await rowsOf(id)).map((row) => row.iupd) as [string, string]
    const report = {
      ...{ fileId: '6c0f', processedItem: 2, submittedItem: 3, startTime: '2026-03-12T08:00:00.000Z' },
      responses: [
        { statusCode: 201, statusMessage: 'Created', iupds: [a] },
        { statusCode: 400, statusMessage: 'Invalid IBAN', iupds: [b] },
      ],
    }
    const official = officialFile('gpd_massive_v2')
    if (official !== null) expect(official.schemaFaults('UploadReportDTO', report, 'reply')).toEqual([])
    const seen = await look(id, JSON.stringify(report), 'report.json')
    expect(seen).toMatchObject({
      ...{ source: 'gpd', accepted: 1, refused: 1, silent: 1 },
      problems: [{ code: 'PARTNER_OUTCOME_UNFINISHED' }],
    })
    await call(partner.outcomeConfirm, { id, token: seen.token, stamp: seen.stamp }, options())
    expect((await rowsOf(id)).find((row) => row.iupd === b)).toMatchObject({ reason: '400 Invalid IBAN' })
    // v1 names its lists otherwise.
    const v1 = { ...report, responses: [{ statusCode: 200, requestIDs: [b] }] }
    expect(await look(id, JSON.stringify(v1), 'report-v1.json')).toMatchObject({ accepted: 1, refused: 0 })
  })

  test('what was seen before somebody else took an outcome up is not taken up', async () => {
    const { id } = await handOver(await issued(2), 'csv')
    const [a, b] = (await rowsOf(id)).map((row) => row.iupd) as [string, string]
    const seen = await look(id, `iupd;esito\n${a};OK\n${b};OK\n`)
    await takeUp(id, `iupd;esito\n${a};KO\n`)
    await expect(
      call(partner.outcomeConfirm, { id, token: seen.token, stamp: seen.stamp }, options()),
    ).rejects.toMatchObject(refusal('PARTNER_OUTCOME_MOVED'))
    await expect(look(id, 'iupd;esito\n;OK\n')).rejects.toMatchObject(refusal('PARTNER_OUTCOME_IUPD'))
    await expect(takeUp(id, 'iupd;esito\n80087670016-1;OK\n')).rejects.toMatchObject(refusal('PARTNER_OUTCOME_NOTHING'))
  })

  test('what changes goes into an update, what is cancelled into a file of iupds', async () => {
    const ids = await issued(3)
    const { id } = await handOver(ids, 'json')
    await call(partner.mark, { id, accepted: true, reason: 'detto al telefono' }, options())
    const [changed, cancelled] = ids as [PositionId, PositionId]
    await changeDue(changed, '2026-05-31')
    await cancel([cancelled])
    expect(await shownOf(changed)).toEqual(['VALID', 'toSync'])
    const groups = (await due()).groups.map(({ kind, again, count }) => [kind, again, count])
    expect(groups).toEqual([
      ['update', false, 1],
      ['delete', false, 1],
    ])
    const update = await handDue('update')
    const body = await jsonOf(update.file)
    expect(body.paymentPositions[0].paymentOption[0].dueDate).toBe('2026-05-31T21:59:59.000Z')
    if (bulk !== null) expect(bulk.schemaFaults('MultiplePaymentPositionModel', body, 'request')).toEqual([])
    const removal = await handDue('delete')
    const iupd = (await rowsOf(removal.id))[0]?.iupd as string
    expect(await jsonOf(removal.file)).toEqual({ paymentPositionIUPDs: [iupd] })
    expect((await due()).groups).toEqual([])
    await takeUp(removal.id, `iupd;esito\n${iupd};ACCETTATA\n`)
    expect(await shownOf(cancelled)).toEqual(['INVALID', 'synced'])
  })

  test('the node and the partner leave each other’s positions alone', async () => {
    const ids = await issued(4)
    const [onNode, ...rest] = ids as [PositionId, ...PositionId[]]
    const node = await nodeOf(office)
    await publish(office, [onNode])
    expect(await shownOf(onNode)).toEqual(['VALID', 'synced'])
    expect(await preview(ids)).toMatchObject({
      ...{ count: 3, published: 1 },
      leftOut: [{ reason: 'Sono già sul nodo, pubblicate da qui', count: 1 }],
      problems: [{ code: 'PARTNER_ON_NODE', severity: 'warning' }],
    })
    const { id } = await handOver(rest, 'json')
    const publication = await call(nodePosition.publishPreview, { selection: { ids: rest } } as never, options())
    expect(publication).toMatchObject({ count: 0, leftOut: [{ reason: 'Sono affidate al partner tecnologico' }] })
    await publish(office, rest)
    expect(node.store.count('position')).toBe(1)
    await changeDue(rest[0] as PositionId, '2026-05-31')
    await office.context.nodePublisher.idle()
    expect(node.store.count('position')).toBe(1)

    // Handed over all the same, the node is told nothing more from here.
    expect(await handOver([onNode], 'json', true)).toMatchObject({ count: 1 })
    await changeDue(onNode, '2026-05-31')
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    expect((await call(nodePosition.status, undefined, options())).waiting).toBe(0)
    expect(await shownOf(onNode)).toEqual([null, 'toSync'])

    // Taken back, they are ours again.
    await expect(call(partner.withdraw, { id: 99 as BatchId, reason: 'mai mandato' }, options())).rejects.toMatchObject(
      refusal('PARTNER_BATCH_GONE'),
    )
    expect(await call(partner.withdraw, { id, reason: 'mai mandato' }, options())).toEqual({ count: 3 })
    expect(await shownOf(rest[0] as PositionId)).toEqual([null, 'none'])
    expect(await preview(rest)).toMatchObject({ count: 3 })
  })

  test('what is paid outside pagoPA must not be paid again by way of the partner', async () => {
    const ids = await issued(2, { installments: PLAN })
    const [whole, part] = ids as [PositionId, PositionId]
    const { id } = await handOver(ids, 'json')
    await call(partner.mark, { id, accepted: true, reason: 'detto al telefono' }, options())
    const pay = (of: PositionId, more: object) =>
      call(positionAct.payOutside, { id: of, how: 'pos', document: 'Scontrino 12', ...more } as never, options())
    await pay(whole, { date: '2026-03-12' })
    await pay(part, { date: '2026-03-12', payments: [1] })
    expect(await shownOf(whole)).toEqual(['VALID', 'toSync'])
    expect((await due()).groups.map(({ kind, count }) => [kind, count])).toEqual([
      ['update', 1],
      ['delete', 1],
    ])
    const { paymentPositions } = await jsonOf((await handDue('update')).file)
    expect(paymentPositions[0].paymentOption.map((one: { isPartialPayment: boolean }) => one.isPartialPayment)).toEqual(
      [...[true, true]],
    )
    await handDue('delete')
    expect((await due()).groups).toEqual([])
  })

  test('what he refused can be taken back, and published from here', async () => {
    const ids = await issued(3)
    const node = await nodeOf(office)
    const { id } = await handOver(ids, 'csv')
    const [a, b, c] = (await rowsOf(id)).map((row) => row.iupd) as [string, string, string]
    await takeUp(id, `iupd;esito;motivo\n${a};OK;\n${b};KO;non caricabile\n`)
    const refused = (await rowsOf(id)).find((row) => row.iupd === b)?.debtPositionId as PositionId
    const release = () => call(partner.release, { id, reason: 'le pubblichiamo noi' }, options())
    expect(await release()).toEqual({ count: 1 })
    await expect(release()).rejects.toMatchObject(refusal('POSITION_ACT_REFUSED'))
    expect(await shownOf(refused)).toEqual([null, 'none'])
    expect((await due()).groups).toEqual([])
    expect((await call(partner.position, { id: refused }, options())).entrusted).toBe(false)
    await publish(office, ids)
    expect(node.store.count('position')).toBe(1)
    expect(await shownOf(refused)).toEqual(['VALID', 'synced'])
    // A late outcome of it is a stranger's.
    expect(await look(id, `iupd;esito\n${b};OK\n${c};OK\n`)).toMatchObject({ accepted: 1, unknown: { first: [b] } })
    const [batch] = (await call(partner.batches, { filters: {} } as never, options())).rows
    expect(batch).toMatchObject({ accepted: 1, refused: 0, released: 1, waiting: 1 })
  })

  test('two who hand over the same positions at once make one file', async () => {
    const ids = await issued(3)
    const { environment, count: expected, stamp } = await preview(ids)
    const input = { selection: { ids }, alsoPublished: false, format: 'json', environment, expected, stamp }
    const once = async () => outcome(await call(partner.export, input as never, options()))
    const both = await Promise.allSettled([once(), once()])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await call(partner.batches, { filters: {} } as never, options())).count).toBe(1)
  })

  test('stopped half way, nobody is handed over', async () => {
    const ids = await issued(3)
    const { environment, count: expected, stamp } = await preview(ids)
    const input = { selection: { ids }, alsoPublished: false, format: 'json', environment, expected, stamp }
    const stop = new AbortController()
    const stream = await call(partner.export, input as never, { ...options(), signal: stop.signal })
    await expect(outcome(stream, () => stop.abort())).rejects.toMatchObject(refusal('CANCELLED'))
    expect(await preview(ids)).toMatchObject({ count: 3 })
    expect((await call(partner.batches, { filters: {} } as never, options())).count).toBe(0)
  })

  test('lists and the dashboard know whose they are', async () => {
    const ids = await issued(4)
    const { id } = await handOver(ids.slice(0, 3), 'json')
    const counted = async (filters: Record<string, unknown>) => (await office.positions(filters)).count
    expect([await counted({ partner: true }), await counted({ partner: false })]).toEqual([3, 1])
    expect([await counted({ node: 'toPublish' }), await counted({ node: 'underWay' })]).toEqual([1, 0])
    const [one] = await rowsOf(id)
    await takeUp(id, `iupd;esito;motivo\n${one?.iupd};KO;IBAN non attivo\n`)
    await cancel([ids[1] as PositionId, ids[2] as PositionId].filter((other) => other !== one?.debtPositionId))
    const { todo } = await call(dashboard.get, { exercise: YEAR }, options())
    expect(todo.find(({ kind }) => kind === 'partnerRefused')?.title).toBe('1 posizione rifiutata dal partner')
    expect(todo.find(({ kind }) => kind === 'partnerToTell')?.title).toMatch(/da comunicare al partner$/)
    const card = await call(partner.position, { id: one?.debtPositionId as PositionId }, options())
    expect(card).toMatchObject({
      ...{ entrusted: true, need: 'create' },
      files: [{ id, kind: 'create', outcome: 'refused', reason: 'IBAN non attivo' }],
    })
  })

  test('another environment knows nothing of what was handed over in this one', async () => {
    const ids = await issued(2)
    await handOver(ids, 'json')
    const as = (environment: 'uat' | 'rehearsal') =>
      office.context.ledger.write(
        { command: 'test.environment', operator: 'prova', payload: {}, at: office.context.clock.now() },
        async (db) => {
          await writeEnvironment(db, environment)
          await showEnvironment(db, environment)
        },
      )
    await as('uat')
    expect(await shownOf(ids[0] as PositionId)).toEqual([null, 'none'])
    expect(await preview(ids)).toMatchObject({ environment: 'uat', count: 2 })
    await as('rehearsal')
    expect(await shownOf(ids[0] as PositionId)).toEqual([null, 'inFlight'])
  })

  test('a file of which he took something, or after which another left, is not taken back', async () => {
    const ids = await issued(2)
    const first = await handOver(ids, 'json')
    const [one] = await rowsOf(first.id)
    await call(
      partner.mark,
      { id: first.id, accepted: true, debtPositionIds: [one?.debtPositionId as PositionId], reason: 'per e-mail' },
      options(),
    )
    await expect(call(partner.withdraw, { id: first.id, reason: 'un ripensamento' }, options())).rejects.toMatchObject(
      refusal('PARTNER_BATCH_ACCEPTED'),
    )
  })
})

test('ten thousand positions in a file and their outcome back, in the time of a coffee', {
  timeout: 300_000,
}, async () => {
  const office = await openOffice(new FakeClock('2026-03-12T07:00:00.000Z' as Instant))
  try {
    const options = { context: office.context }
    await office.raise(members(10_000))
    await office.generate()
    const selection = { query: { filters: {}, search: '', sort: null }, except: [] }
    const started = performance.now()
    const { environment, count: expected, stamp } = await call(partner.preview, { selection } as never, options)
    expect(expected).toBe(10_000)
    const input = { selection, format: 'json', environment, expected, stamp }
    const { id, file } = await outcome(await call(partner.export, input as never, options))
    const body = JSON.parse(new TextDecoder().decode(await office.bytes(file)))
    const iupds = body.paymentPositions.map((one: { iupd: string }) => one.iupd) as string[]
    expect(new Set(iupds).size).toBe(10_000)
    if (bulk !== null) expect(bulk.schemaFaults('MultiplePaymentPositionModel', body, 'request')).toEqual([])
    const exported = performance.now()
    const refused = new Set(iupds.filter((_, i) => i % 100 === 0))
    const lines = iupds.map((iupd) => `${iupd};${refused.has(iupd) ? 'RIFIUTATA;IBAN non attivo' : 'ACCETTATA;'}`)
    const writer = await office.context.files.create('esito.csv', 'text/csv')
    await writer.write(new TextEncoder().encode(`iupd;esito;motivo\n${lines.join('\n')}\n`))
    const token = await writer.commit()
    const seen = await call(partner.outcomePreview, { id, token }, options)
    expect(seen).toMatchObject({ accepted: 9_900, refused: 100, silent: 0 })
    await call(partner.outcomeConfirm, { id, token, stamp: seen.stamp }, options)
    const over = performance.now()
    const { groups } = await call(partner.due, undefined, options)
    expect(groups).toMatchObject([{ kind: 'create', again: true, count: 100 }])
    console.info(
      `10.000 positions: file ${Math.round(exported - started)} ms (${file.size} bytes), outcome ${Math.round(over - exported)} ms`,
    )
    expect(over - started).toBeLessThan(120_000)
  } finally {
    await office.close()
  }
})
