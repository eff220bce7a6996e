import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import { NODE_PRODUCTS, type NodeEnvironment, type NodeProduct } from '#domain/node-ports'
import type { FakeClock } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { hostedRehearsalNode } from '#hosts/rehearsal-node'
import { openRehearsalNode, type RehearsalNode } from '#simulator/node/server'
import { institution } from '../../src-main/services/institution.ts'
import { journal } from '../../src-main/services/journal.ts'
import { node } from '../../src-main/services/node.ts'
import { needNode } from '../../src-main/services/node-connection.ts'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { judged } from '../node/openapi.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { towards } from './support/towards.ts'

const IBAN = 'IT66S0999912100000000012345'
let office: Office
let server: RehearsalNode
/** pagoPA in this test: keys and institution of its own, the real gateway in between. */
let context: Office['context']

beforeEach(async () => {
  office = await openOffice()
  const clock = office.context.clock
  server = await openRehearsalNode({ folder: null, clock, random: seededRandom(3) })
  context = { ...office.context, node: towards(office.context.node, server.origin) }
})
afterEach(async () => {
  await server.close()
  await office.close()
})

const get = () => call(node.get, undefined, { context })
const connection = async (environment: NodeEnvironment) =>
  (await get()).connections.find((one) => one.environment === environment)
const NO_KEYS = { gpd: null, fdr: null, checkout: null, backoffice: null }
const ALL_ON = { gpd: true, fdr: true, checkout: true, backoffice: true }

function save(environment: NodeEnvironment, more: Record<string, unknown> = {}) {
  const input = {
    ...{ environment, brokerCode: null, stationCode: null, activeFrom: null, returnUrls: null, autoPublish: false },
    ...{ massiveFrom: 1000, receiveEveryMinutes: 60, ioOnPublication: false, products: ALL_ON, keys: NO_KEYS },
    ...more,
  }
  return call(node.save, input as never, { context })
}

const trial = async (environment: NodeEnvironment) => outcome(await call(node.test, { environment }, { context }))
const choose = (environment: NodeEnvironment, typed = '') =>
  call(node.chooseEnvironment, { environment, typed }, { context })
const fiscalCode = async () => (await get()).fiscalCode

/** The institution is at pagoPA as it is here, but for what the test says. */
async function enrol(more: Record<string, unknown> = {}) {
  const state = await get()
  server.register({
    ...{ fiscalCode: state.fiscalCode, name: state.institutionName, brokerCode: state.fiscalCode },
    ...{ stationCode: `${state.fiscalCode}_01`, segregationCodes: [state.segregationCode] },
    ibans: [{ iban: IBAN, description: 'Banca di prova' }],
    ...more,
  })
}

const refusedWith = (...codes: readonly string[]) => ({ data: { problems: codes.map((code) => ({ code })) } })

describe('reaching the node', () => {
  test('in Prova all works with nothing configured', async () => {
    const to = await needNode(office.context, ...NODE_PRODUCTS)
    expect(to.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const ibans = await office.context.node.backoffice.ibans(to)
    expect(ibans).toMatchObject({ kind: 'ok', value: [{ iban: IBAN }] })
    expect(await office.context.nodeCalls.read()).toMatchObject([
      { environment: 'rehearsal', operation: 'backoffice.ibans', outcome: 'ok', status: 200 },
    ])
    expect((await get()).connections.map(({ environment, lacks }) => [environment, lacks.length])).toEqual([
      ['rehearsal', 0],
      ['uat', 3],
      ['production', 3],
    ])
  })

  test('elsewhere it says which key lacks, and which service is off', async () => {
    await choose('uat')
    await expect(needNode(context, 'gpd')).rejects.toMatchObject({
      problems: [{ code: 'NODE_KEY_MISSING', params: { environment: 'Collaudo' } }],
    })
    await save('uat', { keys: { ...NO_KEYS, gpd: 'k-gpd' }, products: { ...ALL_ON, fdr: false } })
    const to = await needNode(context, 'gpd')
    expect(to).toMatchObject({ environment: 'uat', origin: 'https://api.uat.platform.pagopa.it' })
    expect(to.keys).toEqual({ gpd: 'k-gpd', fdr: null, checkout: null, backoffice: null })
    await expect(needNode(context, 'fdr')).rejects.toMatchObject({ problems: [{ code: 'NODE_PRODUCT_OFF' }] })
  })

  test('a service that is off hands out no key, even where one is kept', async () => {
    await save('uat', { keys: { ...NO_KEYS, fdr: 'k-fdr' }, products: { ...ALL_ON, fdr: false } })
    await choose('uat')
    expect((await needNode(context)).keys.fdr).toBeNull()
  })

  test('two programs never share the folder of a rehearsal node', async () => {
    const tools = {
      clock: office.context.clock,
      random: seededRandom(4),
      institution: async () => ({
        ...{ fiscalCode: '80012345678', name: 'Ordine', brokerCode: '80012345678', stationCode: '80012345678_01' },
        ...{ segregationCodes: ['01'], ibans: [] },
      }),
    }
    const folder = join(tmpdir(), `nodo-${process.pid}-${Math.floor(performance.now())}`)
    const first = hostedRehearsalNode(folder, tools)
    const second = hostedRehearsalNode(folder, tools)
    const [one, again] = await Promise.all([first.open(), first.open()])
    expect(again.origin).toBe(one.origin)
    await expect(second.open()).rejects.toMatchObject({ problems: [{ code: 'LEDGER_OPEN_ELSEWHERE' }] })
    await first.close()
    expect((await second.open()).origin).toMatch(/^http:/)
    await second.close()
    await expect(second.open()).rejects.toMatchObject({ problems: [{ code: 'NODE_NO_REHEARSAL' }] })
  })
})

describe('what is saved', () => {
  test('each environment has its own; a new archive begins in Prova', async () => {
    expect((await get()).environment).toBe('rehearsal')
    const urls = {
      ok: 'https://ordine.example/ok',
      cancel: 'https://ordine.example/no',
      error: 'https://ordine.example/ko',
    }
    await save('production', {
      brokerCode: '80099980254',
      stationCode: '80099980254_02',
      returnUrls: urls,
      massiveFrom: 50,
    })
    expect(await connection('production')).toMatchObject({
      ...{ brokerCode: '80099980254', stationCode: '80099980254_02', returnUrls: urls, massiveFrom: 50 },
    })
    expect(await connection('uat')).toMatchObject({ brokerCode: null, returnUrls: null, massiveFrom: 1000 })
  })

  test('a key is kept, left, changed and taken away; it never comes back', async () => {
    await save('uat', { keys: { ...NO_KEYS, gpd: ' k-one ' } })
    expect(await context.secrets.get('node:uat:gpd')).toBe('k-one')
    expect(await save('uat')).toMatchObject({ products: { gpd: { hasKey: true }, fdr: { hasKey: false } } })
    expect(await context.secrets.get('node:uat:gpd')).toBe('k-one')
    await save('uat', { keys: { ...NO_KEYS, gpd: 'k-two' } })
    expect(await context.secrets.get('node:uat:gpd')).toBe('k-two')
    await save('uat', { keys: { ...NO_KEYS, gpd: '' } })
    expect(await context.secrets.get('node:uat:gpd')).toBeNull()
  })

  test('what no key can be is refused before anything is written', async () => {
    const wrong = save('uat', { keys: { ...NO_KEYS, gpd: 'buona', fdr: 'con spazio\r\nx: y' }, massiveFrom: 7 })
    await expect(wrong).rejects.toMatchObject(refusedWith('NODE_KEY_FORM'))
    expect(await connection('uat')).toMatchObject({ massiveFrom: 1000, products: { gpd: { hasKey: false } } })
  })

  test('the form of the institution changes no environment', async () => {
    await choose('uat')
    const {
      environment: _environment,
      hasLogo: _hasLogo,
      ...values
    } = (await call(institution.get, undefined, {
      context,
    })) as Record<string, unknown>
    await call(institution.save, { ...values, environment: 'production', office: 'Altra' } as never, { context })
    expect((await get()).environment).toBe('uat')
  })
})

describe('«Prova collegamento»', () => {
  test('Prova is green at once, and leaves the node as it was', async () => {
    const rehearsal = office.context
    const run = await outcome(await call(node.test, { environment: 'rehearsal' }, { context: rehearsal }))
    expect(run.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['Posizioni (v1)', true],
      ['Posizioni a rate (v3)', true],
      ['Carico massivo', true],
      ['Ricevute', true],
      ['Flussi di rendicontazione', true],
      ['Checkout', true],
      ['Back office, IBAN e stazioni', true],
    ])
    expect(run.passed).toBe(true)
  })

  async function keys(more: Partial<Record<NodeProduct, string>> = {}) {
    await save('uat', { keys: { ...server.keys, ...more } })
  }

  test('every call is one that the official files allow, but for the empty cart; nothing is put on the node', async () => {
    await enrol()
    await keys()
    const judge = judged(server)
    const see = judge.see
    server.onExchange = (exchange) => {
      if (!exchange.path.startsWith('/checkout/')) see(exchange)
    }
    expect((await trial('uat')).passed).toBe(true)
    expect([...judge.used.values()].reduce((calls, statuses) => calls + statuses.size, 0)).toBeGreaterThan(6)
    for (const kind of ['position', 'upload', 'cart', 'paid'] as const) expect(server.store.count(kind)).toBe(0)
  })

  test('a key that is not known, or opens something else, is named', async () => {
    await enrol()
    await keys({ gpd: 'nessuno-la-conosce', fdr: server.keys.checkout })
    const { steps, passed } = await trial('uat')
    expect(passed).toBe(false)
    const text = (step: string) => steps.find((one) => one.step === step)
    for (const step of ['Posizioni (v1)', 'Posizioni a rate (v3)', 'Carico massivo', 'Ricevute']) {
      expect(text(step)).toMatchObject({
        ok: false,
        text: expect.stringContaining('«Posizioni e ricevute (GPD)» rifiutata'),
      })
    }
    expect(text('Flussi di rendicontazione')).toMatchObject({
      ok: false,
      text: expect.stringContaining('«Flussi di rendicontazione (FdR)» rifiutata'),
    })
    expect(text('Checkout')).toMatchObject({ ok: true })
  })

  test('a key that lacks is said without a call; a service that is off is not tried', async () => {
    await save('uat', { keys: { ...NO_KEYS, gpd: server.keys.gpd }, products: { ...ALL_ON, checkout: false } })
    await enrol()
    const { steps } = await trial('uat')
    expect(steps.map(({ step }) => step)).not.toContain('Checkout')
    expect(steps.find(({ service }) => service === 'fdr')).toMatchObject({
      ok: false,
      text: expect.stringContaining('Manca la chiave'),
    })
    expect((await context.nodeCalls.read()).map(({ service }) => service)).not.toContain('fdr')
  })

  test('a broker and an institution that are not known are named', async () => {
    await enrol({ fiscalCode: '80099980254', brokerCode: '80099980254' })
    await keys()
    const { steps, passed } = await trial('uat')
    expect(passed).toBe(false)
    expect(steps.every(({ ok, service }) => !ok || service === 'checkout' || service === 'fdr')).toBe(true)
    expect(steps.find(({ step }) => step === 'Posizioni (v1)')?.text).toMatch(/ente/)
  })

  test('an IBAN in use that pagoPA does not have is named, and a segregation code that is another’s', async () => {
    await enrol({ ibans: [], segregationCodes: ['77'] })
    await keys()
    const { steps, passed } = await trial('uat')
    expect(passed).toBe(false)
    const said = steps.at(-1)
    expect(said?.ok).toBe(false)
    expect(said?.text).toContain(IBAN)
    expect(said?.text).toContain('codice di segregazione 01')
    expect(said?.text).toContain('77')
  })

  test('a server that does not answer is said so, and the trial goes on', async () => {
    await enrol()
    await keys()
    server.faults.set([{ kind: 'hangUp', share: 1, service: 'fdr' }])
    const { steps } = await trial('uat')
    expect(steps).toHaveLength(7)
    expect(steps.find(({ service }) => service === 'fdr')).toMatchObject({ ok: false })
    expect(steps.filter(({ ok }) => !ok)).toHaveLength(1)
  })

  test('what is tried is forgotten when a key or a code changes', async () => {
    await enrol()
    await keys()
    await trial('uat')
    expect((await connection('uat'))?.testedAt).toBe('2026-02-02T08:00:00.000Z')
    await save('uat', { massiveFrom: 10 })
    expect((await connection('uat'))?.testedAt).not.toBeNull()
    await save('uat', { keys: { ...NO_KEYS, fdr: 'altra' } })
    expect((await connection('uat'))?.testedAt).toBeNull()
  })
})

describe('a trial under way', () => {
  test('of another environment does not make the present one look out of reach', async () => {
    await save('uat', { keys: server.keys })
    server.faults.set([{ kind: 'hangUp', share: 1 }])
    expect((await trial('uat')).passed).toBe(false)
    expect(office.context.nodeCalls.latest()).toMatchObject({ environment: 'uat', status: null })
    expect(await call(nodePosition.reach, undefined, { context })).toEqual({ unreachable: null })
  })

  test('says nothing of keys that were changed meanwhile', async () => {
    await enrol()
    await save('uat', { keys: server.keys })
    server.faults.set([{ kind: 'slow', ms: 400, share: 1, service: 'fdr' }])
    const slow = trial('uat')
    await expect.poll(() => server.desk.lastCalls().length).toBeGreaterThan(0)
    await save('uat', { keys: { ...NO_KEYS, fdr: 'un-altra' } })
    expect((await slow).passed).toBe(true)
    expect((await connection('uat'))?.testedAt).toBeNull()
  })
})

describe('choosing an environment', () => {
  async function tried() {
    await enrol()
    await save('production', { keys: server.keys })
    expect((await trial('production')).passed).toBe(true)
  }

  test('production wants keys, a trial of today and the fiscal code', async () => {
    await expect(choose('production')).rejects.toMatchObject({ data: { problems: { length: 4 } } })
    await save('production', { keys: server.keys, products: { ...ALL_ON, checkout: false } })
    await expect(choose('production', await fiscalCode())).rejects.toMatchObject(refusedWith('NODE_NOT_TRIED'))
    await tried()
    await expect(choose('production', '80099980254')).rejects.toMatchObject(refusedWith('NODE_NOT_TYPED'))
    expect((await get()).environment).toBe('rehearsal')
    await choose('production', await fiscalCode())
    expect((await get()).environment).toBe('production')
    const { rows } = await call(journal.list, { filters: {} } as never, { context })
    expect(rows[0]).toMatchObject({ command: 'node.chooseEnvironment', text: expect.stringContaining('Ambiente') })
  })

  test('a trial of yesterday is not one of today; one of before midnight in Rome neither', async () => {
    await tried()
    ;(context.clock as FakeClock).moveTo('2026-02-02T23:30:00.000Z' as Instant)
    await expect(choose('production', await fiscalCode())).rejects.toMatchObject(refusedWith('NODE_NOT_TRIED'))
  })

  test('a trial for another institution is none', async () => {
    await tried()
    const {
      environment: _environment,
      hasLogo: _hasLogo,
      ...values
    } = (await call(institution.get, undefined, {
      context,
    })) as Record<string, unknown>
    await call(institution.save, { ...values, fiscalCode: '80099980254' } as never, { context })
    await expect(choose('production', '80099980254')).rejects.toMatchObject(refusedWith('NODE_NOT_TRIED'))
  })

  test('a failed trial takes back the one before it', async () => {
    await tried()
    server.faults.set([{ kind: 'serverError', share: 1, service: 'gpd' }])
    expect((await trial('production')).passed).toBe(false)
    await expect(choose('production', await fiscalCode())).rejects.toMatchObject(refusedWith('NODE_NOT_TRIED'))
  })

  test('invented payments in the books keep the archive out of production for good', async () => {
    await tried()
    await office.context.ledger.write(writing(), async (db) => {
      const at = context.clock.now()
      const [receipt] = await db
        .insertInto('receipt')
        .values({
          ...{ iuv: '01000000000000001', iur: 'R1', noticeNumber: null, ok: 1, cents: 100 as Cents, paidAt: at },
          ...{ pspCode: null, pspName: null, payerFiscalCode: null, payerName: null, debtorFiscalCode: null },
          ...{ debtorName: null, feeCents: null, fileName: null, sha256: '0'.repeat(64) as never, importedAt: at },
        })
        .returning('id')
        .execute()
      await db
        .insertInto('nodeReceipt')
        .values({ environment: 'uat', iuv: '01000000000000001', listed: 'x', receiptId: receipt?.id ?? null, at })
        .execute()
    })
    const preview = await call(node.choosePreview, { environment: 'production' }, { context })
    expect(preview).toMatchObject({ inventedReceipts: 1, problems: [{ code: 'NODE_INVENTED_PAYMENTS' }] })
    await expect(choose('production', await fiscalCode())).rejects.toMatchObject(refusedWith('NODE_INVENTED_PAYMENTS'))
    await choose('uat')
    expect((await get()).environment).toBe('uat')
  })

  test('who leaves production is told how much of it stays there, and lists no longer show it', async () => {
    await office.raise(members(4))
    await office.generate()
    await tried()
    await choose('production', await fiscalCode())
    const { rows } = await office.positions()
    await office.context.ledger.write(writing(), async (db) => {
      for (const [n, state] of (['VALID', 'PAID', 'ABSENT', null] as const).entries()) {
        const debtPositionId = rows[n]?.id as never
        const row = {
          environment: 'production',
          iupd: `Q${n}`,
          debtPositionId,
          state,
          unsure: 0,
          pending: 0,
          attempts: 0,
        }
        await db
          .insertInto('nodePosition')
          .values(row as never)
          .execute()
        await db
          .updateTable('debtPosition')
          .set({ nodeState: state, syncState: 'synced' })
          .where('id', '=', debtPositionId)
          .execute()
      }
    })
    const preview = await call(node.choosePreview, { environment: 'rehearsal' }, { context })
    expect(preview).toEqual({
      ...{ from: 'production', to: 'rehearsal', held: 2, open: 1, inventedReceipts: 0, inventedFlows: 0, problems: [] },
    })
    await expect(choose('rehearsal')).rejects.toMatchObject(refusedWith('NODE_NOT_TYPED'))
    await choose('rehearsal', await fiscalCode())
    expect((await office.positions()).rows.map((row) => (row as { nodeState?: unknown }).nodeState)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  function writing() {
    return { command: 'test', operator: 'prova', payload: {}, at: context.clock.now() }
  }
})

describe('IBANs', () => {
  const ibans = () => call(node.ibans, undefined, { context: office.context })
  const refresh = () => call(node.refreshIbans, undefined, { context: office.context })
  const rehearsal = () => (office.backend.context.rehearsalNode as ReturnType<typeof hostedRehearsalNode>).server()

  test('nothing is said of them before pagoPA was asked', async () => {
    expect(await ibans()).toMatchObject({ checkedAt: null, problems: [], rows: [{ iban: IBAN, state: 'unknown' }] })
  })

  test('each is active, not yet, no longer, or not known; what only pagoPA has is shown, too', async () => {
    expect((await refresh()).rows).toMatchObject([{ iban: IBAN, state: 'active', accountName: 'Banca di prova' }])
    const store = rehearsal()?.store
    const code = await fiscalCode()
    const put = (iban: string, more: Record<string, unknown>) =>
      store?.change((changes) =>
        changes.put('iban', `${code}/${iban}`, {
          ...{ organizationFiscalCode: code, iban, description: '', validFrom: '2026-01-01T00:00:00.000Z' },
          ...more,
        } as never),
      )
    put(IBAN, { validFrom: '2026-03-01T00:00:00.000Z' })
    put('IT60X0542811101000000123456', { description: 'Tesoreria' })
    const future = await refresh()
    expect(future.rows.map(({ state, accountId }) => [state, accountId === null])).toEqual([
      ['future', false],
      ['active', true],
    ])
    expect(future.problems).toMatchObject([{ code: 'NODE_IBAN_FUTURE', params: { day: '01/03/2026' } }])
    put(IBAN, { dueDate: '2026-01-31T00:00:00.000Z' })
    expect(await refresh()).toMatchObject({ rows: [{ state: 'off' }, {}], problems: [{ code: 'NODE_IBAN_OFF' }] })
    expect((await refresh()).checkedAt).toBe('2026-02-02T08:00:00.000Z')
  })

  test('a Back office that does not answer leaves what was known', async () => {
    await refresh()
    rehearsal()?.faults.set([{ kind: 'serverError', share: 1, service: 'backoffice' }])
    await expect(refresh()).rejects.toMatchObject(refusedWith('NODE_UNANSWERED'))
    expect(await ibans()).toMatchObject({ rows: [{ state: 'active' }] })
  })

  test('what one environment says is not said of another', async () => {
    await refresh()
    await choose('uat')
    expect(await ibans()).toMatchObject({ environment: 'uat', checkedAt: null, stations: [] })
  })
})

describe('calls', () => {
  const calls = (more: Record<string, unknown> = {}) =>
    call(node.calls, { filters: {}, limit: 100, ...more } as never, { context })

  test('newest first, by service and outcome, searched, exported and emptied', async () => {
    await enrol()
    await save('uat', { keys: { ...server.keys, fdr: 'sbagliata' } })
    await trial('uat')
    const all = await calls()
    expect(all).toMatchObject({ count: 8, totals: { failed: 1 } })
    expect(all.rows.map(({ operation }) => operation)).toContain('backoffice.stations')
    expect((await calls({ filters: { service: ['fdr'] } })).rows).toMatchObject([{ status: 401, outcome: 'closed' }])
    expect(await calls({ filters: { outcome: ['closed'] } })).toMatchObject({ count: 1, rows: [{ service: 'fdr' }] })
    expect(await calls({ search: 'fdr.list' })).toMatchObject({ count: 1 })
    const columns = [
      { key: 'operation', heading: 'Operazione' },
      { key: 'path', heading: 'Indirizzo' },
    ]
    const request = {
      filters: {},
      search: '',
      sort: null,
      title: 'Chiamate',
      format: 'csv',
      filtersInWords: '',
      columns,
    }
    const file = await call(node.exportCalls, request as never, { context })
    const text = new TextDecoder().decode(await office.bytes(file))
    expect(text.trim().split('\n')).toHaveLength(9)
    expect(await call(node.clearCalls, undefined, { context })).toEqual({ cleared: 8 })
    expect(await calls()).toMatchObject({ count: 0 })
    await expect(readFile(join(office.folder, 'log', 'nodo.jsonl'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
