import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { type ParsedMail, simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkEquations } from '#ledger/balances'
import { router } from '#services/router'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { eachOf, fingerprints, killDemo, runDemo } from './demo-folder.ts'
import { complaints, JUDGES, pagesOf, qrsOf, textOf } from './papers.ts'
import {
  countFlows,
  countMovements,
  countNotice,
  countRegister,
  type NoticeCount,
  paidOf,
  pairOf,
  sumOf,
} from './recount.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const [MEMBERS, SEED] = LONG ? [2000, 1] : [40, 7]
const RECEIVER = '80012340255'
const AT_ONCE = availableParallelism()

interface Amount {
  readonly count: number
  readonly cents: number
}
interface Riepilogo extends Record<'accertamenti' | 'positions' | 'flows' | 'movements' | 'matched', Amount> {
  readonly reversali: Amount
  readonly receipts: Amount
  readonly notices: { readonly count: number }
  readonly plans: Amount
  readonly layouts: readonly { readonly layout: string; readonly count: number }[]
  readonly deliveries: { readonly count: number }
  readonly unmatched: readonly {
    readonly kind: 'flow' | 'movement'
    readonly reference: string
    readonly cents: number
    readonly reason: string
  }[]
}

let folder = ''
let first = ''
let riepilogo: Riepilogo
const inFirst = (name: string) => join(first, name)

/** Opens the ledger that the demo left, as the program does. */
async function opened<T>(
  see: (
    client: Awaited<ReturnType<typeof clientOf>>['client'],
    backend: Awaited<ReturnType<typeof clientOf>>['backend'],
  ) => Promise<T>,
): Promise<T> {
  const { backend, client } = await clientOf()
  try {
    return await see(client, backend)
  } finally {
    await backend.close()
  }
}

async function clientOf() {
  // Looks only: what the program does by itself at opening would be done at today's date.
  const backend = await openBackend({ folder: inFirst('archivio'), fileSecretsOnly: true, delivers: false })
  return { backend, client: createRouterClient(router, { context: backend.context }) }
}

beforeAll(
  async () => {
    folder = await mkdtemp(join(tmpdir(), 'quietanza-demo-'))
    first = join(folder, 'uno')
    const started = performance.now()
    const said = await runDemo(first, MEMBERS, SEED)
    console.log(`demo of ${MEMBERS} members: ${((performance.now() - started) / 1000).toFixed(1)} s; judges: ${JUDGES}`)
    expect(said).toContain(`npm start -- --data ${JSON.stringify(inFirst('archivio'))}`)
    riepilogo = JSON.parse(await readFile(inFirst('riepilogo.json'), 'utf8')) as Riepilogo
  },
  LONG ? 600_000 : 120_000,
)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe(`the rehearsal with ${MEMBERS} members`, { timeout: LONG ? 1_800_000 : 120_000 }, () => {
  test('the register’s quotas are the accertamenti, and the accertamenti the positions, to the cent', async () => {
    const register = await countRegister(inFirst('registro-2026.xlsx'))
    expect(register.count).toBeGreaterThanOrEqual(MEMBERS)
    expect(riepilogo.accertamenti).toEqual(register)
    expect(riepilogo.positions).toEqual({ count: MEMBERS, cents: register.cents })
    expect(riepilogo.notices).toEqual({ count: MEMBERS })
  })

  test('what was collected is what matched flows say was paid, and what the bank credited for them', async () => {
    const flows = await countFlows(inFirst('flussi'))
    const movements = await countMovements(inFirst('estratto-conto.csv'))
    expect(riepilogo.flows).toEqual({ count: flows.length, cents: flows.reduce((n, f) => n + f.declaredCents, 0) })
    expect(riepilogo.movements).toEqual({ count: movements.length, cents: sumOf(movements) })

    const { matched, flowsLeft, creditsLeft } = pairOf(flows, movements)
    const rows = matched.flatMap(({ flow }) => flow.rows)
    const credits = matched.flatMap(({ credits: own }) => own)
    expect(matched.length).toBeGreaterThan(flowsLeft.length)
    expect(sumOf(rows)).toBe(sumOf(credits))
    expect(riepilogo.matched).toEqual({ count: credits.length, cents: sumOf(credits) })
    expect(riepilogo.reversali.cents).toBe(sumOf(rows))
    expect(riepilogo.receipts.cents).toBe(sumOf(rows))

    // Everything else is said to be left, one by one, with its reason.
    const key = (row: { kind: string; cents: number; reference: string }) =>
      `${row.kind}|${row.cents}|${row.reference.replace(/\s/g, '')}`
    const left = [
      ...flowsLeft.map((flow) => ({ kind: 'flow', cents: flow.declaredCents, reference: flow.flowId })),
      ...creditsLeft.map((credit) => ({ kind: 'movement', cents: credit.cents, reference: credit.description })),
    ]
    expect(riepilogo.unmatched.map(key).sort()).toEqual(left.map(key).sort())

    // The actors of the scenario are all there: no credit yet, no flow ever, an id that the bank cut.
    const reasonOf = new Map(riepilogo.unmatched.map((row) => [row.reference.replace(/\s/g, ''), row.reason]))
    for (const flow of flowsLeft) expect(reasonOf.get(flow.flowId)).toBe('NOT_CREDITED')
    expect(flowsLeft.length).toBeGreaterThan(1)
    const reasons = riepilogo.unmatched.map((row) => row.reason)
    expect(reasons).toContain('TRUNCATED')
    expect(reasons.filter((reason) => reason === 'WAITING_FOR_FLOW')).toHaveLength(1)
    const cut = riepilogo.unmatched.filter((row) => row.reason === 'TRUNCATED')
    for (const row of cut) {
      const id = row.reference.split('/URI/')[1] as string
      expect(flowsLeft.map((flow) => flow.flowId).filter((flowId) => flowId.startsWith(id))).toHaveLength(1)
    }
    expect(flowsLeft.length).toBe(cut.length + 1)

    // None of them is in the books: the quietanze name exactly the payments of the matched flows.
    const booked = new Map<string, number>()
    const names = await readdir(inFirst('quietanze'))
    expect(names.length).toBe(riepilogo.receipts.count)
    await eachOf(names, AT_ONCE, async (name) => {
      const text = await textOf(join(inFirst('quietanze'), name))
      const iuv = /(?:^|\D)(\d{17})(?:\D|$)/m.exec(text)?.[1] as string
      const euros = /€\s*([\d.]+,\d\d)/.exec(text)?.[1] as string
      booked.set(iuv, (booked.get(iuv) ?? 0) + Number(euros.replaceAll('.', '').replace(',', '')))
    })
    expect([...booked].sort()).toEqual([...paidOf(rows)].sort())
  })

  test('every notice carries the QR of each of its payments; every PDF is sound', async () => {
    const expected = await opened(async (client) => {
      const found = new Map<string, { rows: [string, number][]; cents: number }>()
      for (let offset = 0; offset < MEMBERS; offset += 500) {
        const page = await client.debtPosition.list({ filters: { exercise: 2026 }, offset, limit: 500 })
        for (const row of page.rows) {
          const { payments } = await client.debtPosition.get({ id: row.id })
          const rows = payments.map((payment): [string, number] => [payment.iuv, payment.cents])
          found.set(`${row.fiscalCode}_2026_${row.iuv}.pdf`, { rows: rows.sort(), cents: row.cents })
        }
      }
      return found
    })
    const names = (await readdir(inFirst('avvisi'))).sort()
    expect(names).toEqual([...expected.keys()].sort())
    const wrong: string[] = []
    const counted = new Map<string, NoticeCount>()
    await eachOf(names, AT_ONCE, async (name) => {
      const notice = countNotice(await qrsOf(inFirst(`avvisi/${name}`)), RECEIVER)
      const read = { rows: [...notice.payments].sort(), cents: notice.cents }
      if (JSON.stringify(read) !== JSON.stringify(expected.get(name))) wrong.push(`${name}: ${JSON.stringify(read)}`)
      counted.set(name, notice)
    })
    const papers = [
      ...names.map((name) => inFirst(`avvisi/${name}`)),
      ...(await readdir(inFirst('quietanze'))).map((name) => inFirst(`quietanze/${name}`)),
      ...(await readdir(inFirst('stampe'))).map((name) => inFirst(`stampe/${name}`)),
    ]
    await eachOf(papers, AT_ONCE, async (path) => {
      const said = await complaints(path)
      if (said !== '') wrong.push(`${path}: ${said}`)
    })
    expect(wrong).toEqual([])
    const notices = [...counted.values()]
    const plans = notices.filter((notice) => notice.inInstallments)
    expect(sumOf(notices)).toBe(riepilogo.positions.cents)
    expect(riepilogo.plans).toEqual({ count: plans.length, cents: sumOf(plans) })
    expect(riepilogo.layouts.reduce((n, { count }) => n + count, 0)).toBe(names.length)
    expect(riepilogo.layouts.length).toBeGreaterThanOrEqual(3)

    // What was paid is what the codes ask, instalments too.
    const asked = new Map(notices.flatMap(({ payments }) => [...payments]))
    const rows = (await countFlows(inFirst('flussi'))).flatMap((flow) => flow.rows)
    for (const [iuv, cents] of paidOf(rows)) expect([iuv, cents]).toEqual([iuv, asked.get(iuv)])
    const inParts = new Set(plans.flatMap(({ payments }) => [...payments.keys()]))
    expect(rows.filter((row) => inParts.has(row.iuv)).length).toBeGreaterThan(0)

    // The file for the printer has every page of every notice.
    const pages = new Map<string, number>()
    await eachOf(names, AT_ONCE, async (name) => {
      pages.set(name, await pagesOf(inFirst(`avvisi/${name}`)))
    })
    expect(await pagesOf(inFirst('stampe/avvisi.pdf'))).toBe([...pages.values()].reduce((n, count) => n + count, 0))
    const german = await textOf(inFirst('stampe/avvisi-a-rate-tedesco.pdf'))
    expect(german).toContain('AVVISO DI PAGAMENTO')
    expect(german).toContain('ZAHLUNGSMITTEILUNG')
  })

  test('the mails received are the deliveries by e-mail, each with the payer’s own notice', async () => {
    const deliveries = await opened(async (client) => {
      const rows = []
      for (let offset = 0; ; offset += 500) {
        const page = await client.delivery.list({ filters: { channel: ['email'] }, offset, limit: 500 })
        rows.push(...page.rows)
        if (rows.length >= page.count) return rows
      }
    })
    const names = await readdir(inFirst('posta'))
    expect(names.length).toBe(deliveries.length)
    expect(deliveries.every((row) => row.state === 'sent')).toBe(true)
    expect(riepilogo.deliveries.count).toBe(deliveries.length + riepilogo.notices.count)
    const addressOf = new Map(deliveries.map((row) => [row.noticeNumber, row.address]))
    const seen = new Set<string>()
    for (const name of names) {
      const mail: ParsedMail = await simpleParser(await readFile(inFirst(`posta/${name}`)))
      expect(mail.attachments).toHaveLength(1)
      const [attachment] = mail.attachments
      const file = attachment?.filename ?? ''
      expect(attachment?.contentType).toBe('application/pdf')
      expect(attachment?.content.equals(await readFile(inFirst(`avvisi/${file}`)))).toBe(true)
      const noticeNumber = `3${file.slice(-21, -4)}`
      const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
      expect(to?.value[0]?.address).toBe(addressOf.get(noticeNumber))
      seen.add(noticeNumber)
    }
    expect(seen.size).toBe(deliveries.length)
  })

  test('the ledger opens in the program, its equations hold and its checks are well', async () => {
    await opened(async (client, backend) => {
      expect(await client.app.state()).toMatchObject({
        configured: true,
        environment: 'rehearsal',
        exercises: [{ year: 2026, state: 'open' }],
      })
      expect(await backend.context.ledger.read(checkEquations)).toEqual([])
      expect((await client.ledger.check()).filter((line) => !line.ok)).toEqual([])
      expect(await client.journal.verify()).toMatchObject({ ok: true, firstBroken: null })
      const reversali = await client.reversale.list({
        filters: { exercise: 2026 },
        sort: { column: 'number', direction: 'asc' },
        limit: 500,
      })
      expect(reversali.rows.map((row) => row.number)).toEqual(reversali.rows.map((_, n) => n + 1))
      const situation = await client.capitolo.situation({ exercise: 2026 })
      expect(situation.reduce((n, row) => n + row.accertatoCents, 0)).toBe(riepilogo.accertamenti.cents)
      expect(situation.reduce((n, row) => n + row.riscossoCents, 0)).toBe(riepilogo.reversali.cents)
      const flows = await client.reportingFlow.list({ filters: { credit: ['notCredited'] }, limit: 500 })
      expect(flows.rows.every((row) => row.books === 'none')).toBe(true)
    })
  })

  test('what was paid is told by the node: receipts for all, REPORTED whatever came in a flow', async () => {
    const paid = paidOf((await countFlows(inFirst('flussi'))).flatMap((flow) => flow.rows))
    await opened(async (client) => {
      const receipts = await client.receipt.list({ filters: {}, limit: 500 })
      expect(receipts.rows.map((row) => row.iuv).sort()).toEqual([...paid.keys()].sort())
      expect((await client.nodePosition.divergences({ filters: {} })).count).toBe(0)
      expect(await client.nodePosition.status()).toMatchObject({ waiting: 0, faults: 0 })
      const states = new Map<string, Set<string>>()
      for (let offset = 0; offset < MEMBERS; offset += 500) {
        const page = await client.debtPosition.list({ filters: { exercise: 2026 }, offset, limit: 500 })
        for (const row of page.rows) {
          expect(row.syncState).toBe('synced')
          const { payments } = await client.debtPosition.get({ id: row.id })
          const known = payments.filter((payment) => paid.has(payment.iuv)).length
          const single = payments.some((payment) => payment.ordinal === 0 && paid.has(payment.iuv))
          const parts = payments.filter((payment) => payment.ordinal > 0).length
          const kind = known === 0 ? 'nothing' : single || known === Math.max(parts, 1) ? 'all' : 'part'
          const plan = parts > 0 ? 'plan' : 'one'
          states.set(`${plan} ${kind}`, (states.get(`${plan} ${kind}`) ?? new Set()).add(row.nodeState ?? ''))
        }
      }
      // A plan goes by v3, which knows no REPORTED for the whole.
      const allowed: Record<string, string> = {
        ...{ 'one all': 'REPORTED', 'one nothing': 'VALID', 'plan all': 'PAID' },
        ...{ 'plan part': 'PARTIALLY_PAID', 'plan nothing': 'VALID' },
      }
      for (const [kind, found] of states) expect([kind, ...found]).toEqual([kind, allowed[kind]])
      expect(states.get('one all')).toBeDefined()
    })
  })

  test('a second run into the same folder adds nothing', async () => {
    const facts = () =>
      opened(async (client) => ({
        journal: (await client.journal.list({ filters: {}, limit: 1 })).count,
        files: await fingerprints(first, ['archivio/']),
      }))
    const before = await facts()
    await runDemo(first, MEMBERS, SEED)
    expect(await facts()).toEqual(before)
    // The payers are those of the ledger, not of the options: nobody pays twice.
    await runDemo(first, MEMBERS + 5, SEED + 1)
    expect(await facts()).toEqual(before)
  })

  test('the same seed into an empty folder gives the same bytes', async () => {
    const second = join(folder, 'due')
    await runDemo(second, MEMBERS, SEED)
    const compared = ['archivio/', 'posta/']
    expect(await fingerprints(second, compared)).toEqual(await fingerprints(first, compared))
  })

  test('killed anywhere and started again, it comes to the same end', async () => {
    const [members, seed] = [40, 7]
    const whole = join(folder, 'intero')
    const broken = join(folder, 'interrotto')
    await runDemo(whole, members, seed)
    const moments = LONG
      ? [1, 40, 150, 300, 450, 600, 700, 800, 900, 1000, 1200, 1500, 1800, 2200, 2600, 3000, 3500]
      : [120, 500, 900, 1800, 2600]
    for (const ms of moments) await killDemo(broken, members, seed, ms)
    await runDemo(broken, members, seed)
    const [expected, found] = await Promise.all(
      [whole, broken].map(async (at) => JSON.parse(await readFile(join(at, 'riepilogo.json'), 'utf8')) as Riepilogo),
    )
    // A mail in flight when it died is for a person to decide, one each time at most.
    const { deliveries, ...rest } = found as Riepilogo
    const { deliveries: all, ...others } = expected as Riepilogo
    expect(rest).toEqual(others)
    expect(deliveries.count).toBeGreaterThanOrEqual(all.count - moments.length)
    expect(deliveries.count).toBeLessThanOrEqual(all.count)
  })
})
