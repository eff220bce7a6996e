import { afterEach, describe, expect, test } from 'vitest'
import { readStatement } from '#codecs/statement-read'
import { explainCausale } from '#domain/causale'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { IBAN, type NodeOffice, nodeOffice, ORDINE, option, position } from './node-office.ts'

let office: NodeOffice | null = null
afterEach(async () => {
  await office?.node.close()
  office = null
})

const navOf = (n: number) => composeNoticeNumber('01' as SegregationCode, 1_000_000 + n).noticeNumber as string

/** A node with `count` published notices. */
async function withNotices(count: number): Promise<NodeOffice> {
  office = await nodeOffice()
  for (let n = 1; n <= count; n += 1) {
    const body = position(n, { paymentOption: [option(n, { nav: navOf(n), iuv: navOf(n).slice(1) })] })
    await office.call('POST', `/v1/organizations/${ORDINE}/debtpositions?toPublish=true`, body)
  }
  return office
}

async function see({ node }: NodeOffice, path = '') {
  const response = await fetch(`${node.pageUrl}${path}`)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Sends a form as the page does, and what the page then says. */
async function send({ node }: NodeOffice, name: string, fields: Record<string, string>, headers = {}) {
  const body = new URLSearchParams(fields)
  const sent = await fetch(`${node.pageUrl}${name}`, { method: 'POST', body, redirect: 'manual', headers })
  if (sent.status !== 303) return { status: sent.status, said: await sent.text() }
  const shown = await (await fetch(new URL(sent.headers.get('location') as string, node.origin))).text()
  return { status: 303, said: /role="status">([^<]*)</.exec(shown)?.[1] ?? '' }
}

const plain = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

describe('the page of the rehearsal node', () => {
  test('opens with its token only, runs no script, and lets no other site act', async () => {
    const at = await withNotices(1)
    const { status, headers, text } = await see(at)
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*form-action 'self'; base-uri 'none'/)
    expect(text).not.toContain('<script')
    expect((await fetch(`${at.node.origin}/prova/another-token/`)).status).toBe(404)
    const foreign = await send(at, 'paga', { avviso: navOf(1), ente: ORDINE }, { Origin: 'https://example.org' })
    expect(foreign.status).toBe(403)
    expect(at.node.store.count('paid')).toBe(0)
  })

  test('names are shown as they are written, whatever they contain', async () => {
    const at = await withNotices(0)
    const body = position(1, { fullName: '<b onclick="x()">Rossi & Figli' })
    await at.call('POST', `/v1/organizations/${ORDINE}/debtpositions?toPublish=true`, body)
    const { text } = await see(at)
    expect(text).not.toContain('<b onclick')
    expect(plain(text)).toContain('<b onclick="x()">Rossi & Figli')
  })

  test('finds by number and name, pays now and says so; a second press is refused', async () => {
    const at = await withNotices(3)
    const found = (await see(at, `?cerca=${navOf(2)}`)).text
    expect(found).toContain(`aria-label="Paga ${navOf(2)}"`)
    expect(found).not.toContain(navOf(1))
    expect((await see(at, '?cerca=nessuno')).text).toContain('Nessun avviso con queste parole')
    expect(plain((await send(at, 'paga', { avviso: navOf(2), ente: ORDINE })).said)).toBe(
      'Tersilla Boscarolo: 150,00 €, pagato. La ricevuta c’è.',
    )
    expect(plain((await send(at, 'paga', { avviso: navOf(2), ente: ORDINE })).said)).toContain('È già pagato')
    expect(at.node.store.count('paid')).toBe(1)
  })

  test('two quick clicks are one, and what is said is what the first did', async () => {
    const at = await withNotices(2)
    const body = new URLSearchParams({ avviso: navOf(1), ente: ORDINE })
    // The browser gives up the first answer and asks again.
    await fetch(`${at.node.pageUrl}paga`, { method: 'POST', body, redirect: 'manual' })
    expect(plain((await send(at, 'paga', { avviso: navOf(1), ente: ORDINE })).said)).toContain('150,00 €, pagato')
    expect((await send(at, 'paga-a-caso', { quota: '100' })).said).toContain('per 150,00 €')
  })

  test('pays twice, partly, without success, and on a day to come', async () => {
    const at = await withNotices(4)
    const paid = (n: number, fields: Record<string, string>) =>
      send(at, 'paga', { avviso: navOf(n), ente: ORDINE, ...fields })
    await paid(1, { come: 'due' })
    expect(plain((await paid(2, { come: 'altro', importo: 'molto' })).said)).toContain('Scrivi l’importo')
    await paid(2, { come: 'altro', importo: '70,50' })
    await paid(3, { come: 'fallito' })
    expect([...at.node.store.all('paid')].map((one) => [one.cents, one.ok, one.hasReceipt])).toEqual([
      [15_000, true, true],
      [15_000, true, false],
      [7050, true, true],
      [15_000, false, true],
    ])
    expect((await paid(4, { quando: 'domani' })).said).toBe('Sarà pagato il 03/03/2026.')
    expect(at.node.store.count('paid')).toBe(4)
    at.clock.ms += 2 * 86_400_000
    await see(at)
    expect(at.node.store.count('paid')).toBe(5)
  })

  test('a share of all pays; the days pass; the bank’s list is the same each time and the program reads it', async () => {
    const at = await withNotices(40)
    expect((await send(at, 'paga-a-caso', { quota: '100' })).said).toBe('40 pagamenti per 6.000,00 €.')
    expect((await send(at, 'giorni', {})).said).toMatch(/^\d+ flussi per 40 pagamenti, accreditati in banca\.$/)
    expect((await send(at, 'giorni', {})).said).toContain('Non c')
    const flows = [...at.node.store.all('flow')]
    for (const forma of ['bancoPosta', 'intesa', 'camt']) {
      for (const abitudini of ['clean', 'usual']) {
        const path = `estratto-conto?${new URLSearchParams({ iban: IBAN, abitudini, forma })}`
        const first = (await see(at, path)).text
        expect((await see(at, path)).text).toBe(first)
        const bytes = Buffer.from(await (await fetch(`${at.node.pageUrl}${path}`)).arrayBuffer())
        const { movements, problems } = await readStatement(bytes)
        expect(problems).toEqual([])
        const credits = new Map(
          movements.flatMap((movement): [string, number][] => {
            const reading = explainCausale(movement.description)
            return reading.kind === 'flow' ? [[reading.flowId, movement.amountCents]] : []
          }),
        )
        for (const flow of flows) {
          expect(credits.get(flow.flowId)).toBe(flow.rows.reduce((sum, row) => sum + row.cents, 0))
        }
      }
    }
  })

  test('a flow is published again shorter, faults are set and taken away, an unexpected payment is made', async () => {
    const at = await withNotices(2)
    await send(at, 'paga-a-caso', { quota: '100' })
    await send(at, 'giorni', {})
    const [flow] = [...at.node.store.all('flow')]
    const key = `${ORDINE}/${flow?.psp}/${flow?.flowId}/1`
    expect((await send(at, 'rivedi', { chiave: key, corto: 'si' })).said).toContain('revisione 2')
    // Pressed again on a page that still shows the first one: what was published does not change.
    const second = at.node.store.get('flow', `${key.slice(0, -1)}2`)
    expect((await send(at, 'rivedi', { chiave: key })).said).toContain('revisione 3')
    expect(at.node.store.get('flow', `${key.slice(0, -1)}2`)).toBe(second)
    expect(at.node.store.count('flow')).toBeGreaterThan(1)
    await send(at, 'guasto', { genere: 'tooMany', servizio: 'fdr', quota: '100' })
    expect(at.node.faults.rules()).toEqual([{ kind: 'tooMany', share: 1, service: 'fdr' }])
    expect((await see(at, 'intoppi')).text).toContain('troppe richieste')
    await send(at, 'guasti-via', {})
    expect(at.node.faults.rules()).toEqual([])
    const said = (await send(at, 'spontaneo', { tipo: 'altrui', importo: '10,00', tassonomia: '9/0401104TS/' })).said
    expect(said).toMatch(/numero avviso 347\d{15}\.$/)
  })
})

describe('Checkout', () => {
  const cartOf = (notices: readonly number[], amount = 15_000) => ({
    paymentNotices: notices.map((n) => ({
      noticeNumber: navOf(n),
      fiscalCode: ORDINE,
      amount,
      companyName: 'Ordine di prova',
      description: 'Quota 2026',
    })),
    returnUrls: {
      returnOkUrl: 'https://ordine.example/ok',
      returnCancelUrl: 'https://ordine.example/annullato',
      returnErrorUrl: 'https://ordine.example/errore',
    },
  })
  const ask = ({ node }: NodeOffice, body: object) =>
    fetch(`${node.origin}/checkout/ec/v1/carts`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Ocp-Apim-Subscription-Key': node.keys.checkout, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const press = async (url: string, atto: string) =>
    (await fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ atto }) })).headers.get(
      'location',
    )

  test('a cart is paid whole, once, and sends the payer back', async () => {
    const at = await withNotices(3)
    const answer = await ask(at, cartOf([1, 2]))
    expect(answer.status).toBe(302)
    const url = answer.headers.get('location') as string
    expect(await (await fetch(url)).text()).toContain('300,00')
    expect(await press(url, 'paga')).toBe('https://ordine.example/ok')
    expect(at.node.store.count('paid')).toBe(2)
    expect(await press(url, 'paga')).toBeNull()
    expect(at.node.store.count('paid')).toBe(2)
  })

  test('left, or with a notice that was paid meanwhile, nothing of it is paid', async () => {
    const at = await withNotices(3)
    const left = (await ask(at, cartOf([1, 2]))).headers.get('location') as string
    expect(await press(left, 'annulla')).toBe('https://ordine.example/annullato')
    expect(await (await fetch(left)).text()).toContain('Si può ancora pagare')
    at.clock.ms += 11 * 60_000
    expect((await fetch(left)).status).toBe(404)
    const late = (await ask(at, cartOf([2, 3]))).headers.get('location') as string
    await send(at, 'paga', { avviso: navOf(3), ente: ORDINE })
    expect(await press(late, 'paga')).toBe('https://ordine.example/errore')
    const other = (await ask(at, cartOf([1], 9000))).headers.get('location') as string
    expect(await press(other, 'paga')).toBe('https://ordine.example/errore')
    expect(at.node.store.count('paid')).toBe(1)
  })

  test('what the official file does not allow is refused', async () => {
    const at = await withNotices(1)
    const wrong = [cartOf([]), { ...cartOf([1]), returnUrls: {} }, cartOf([1], 0)]
    for (const body of wrong) expect((await ask(at, body)).status).toBe(400)
    const faults = at.judge.faults.splice(0)
    expect(faults.length).toBeGreaterThanOrEqual(wrong.length)
    for (const fault of faults) expect(fault).toContain('/checkout/ec/v1/carts → 400: request')
  })
})

describe('Back office and App IO', () => {
  test('institutions and IBANs by pages', async () => {
    const at = await withNotices(0)
    const get = async (path: string) => {
      const response = await fetch(`${at.node.origin}/backoffice/external/ec/v1/brokers/${ORDINE}/${path}`, {
        headers: { 'Ocp-Apim-Subscription-Key': at.node.keys.backoffice },
      })
      return (await response.json()) as Record<string, never>
    }
    expect(await get('creditor_institutions?page=0')).toMatchObject({
      creditorInstitutions: [{ taxCode: ORDINE, segregationCode: '01', stationState: 'enabled' }],
      pageInfo: { totalElements: 1 },
    })
    expect(await get('ibans?page=1&limit=1')).toMatchObject({
      ibans: [{ iban: 'IT76P0306909790100000300089', status: 'ENABLED' }],
      pageInfo: { page: 1, totalPages: 2 },
    })
  })

  test('a citizen who is there gets a message, once told allowed', async () => {
    const at = await withNotices(0)
    const ask = (path: string, body: object | null, key = 'chiave-del-servizio') =>
      fetch(`${at.node.origin}/api/v1${path}`, {
        method: body === null ? 'GET' : 'POST',
        headers: { 'Ocp-Apim-Subscription-Key': key, 'Content-Type': 'application/json' },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      })
    const answers = new Map<string, number>()
    for (let n = 10; n < 60; n += 1) {
      const code = `RSSMRA85T${String(n).slice(-2)}A562S`
      const profile = await ask('/profiles', { fiscal_code: code })
      const kind = profile.status === 404 ? 'absent' : String((await profile.json()).sender_allowed)
      answers.set(kind, (answers.get(kind) ?? 0) + 1)
      if (kind !== 'true') continue
      const content = { subject: 'Quota 2026', markdown: 'Una quota da pagare. '.repeat(8) }
      const sent = await ask('/messages', { fiscal_code: code, content })
      expect(sent.status).toBe(201)
      const { id } = await sent.json()
      expect(await (await ask(`/messages/${code}/${id}`, null)).json()).toMatchObject({ status: 'PROCESSED' })
    }
    expect([...answers.keys()].sort()).toEqual(['absent', 'false', 'true'])
    expect((await ask('/profiles', { fiscal_code: 'RSSMRA85T10A562S' }, 'rifiutata')).status).toBe(401)
  })
})
