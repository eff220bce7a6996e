import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { addDays, epochMsOf, type Instant, type IsoDate, isoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { problemReport } from '#domain/problem'
import { uniform } from '#services/rehearsal'
import { type PayableNotice, type PayablePlan, type Payment, payNotices, payPlans } from '#simulator/payments'
import { seededRandom } from '../../random.ts'
import { follow } from './long-work.ts'
import { OutsideWorld } from './outside-world.ts'
import { type DemoTools, EXERCISE, minutes } from './scenario.ts'

/** Share of the notices that is paid, and when: the notices leave on 2 February, the payers take their time. */
const SHARE = 0.72
const FIRST_PAYMENT = isoDate('2026-02-05')
const PAYMENT_DAYS = 45
/** How often the program looks at what the node has for it, and when the last flow of the last payments is surely out. */
const READING_DAYS = 7
const LAST_FLOW_DAYS = 7

const AFTER_PUBLISHING = `${EXERCISE}-02-02T12:00:00.000Z` as Instant

/** Onto the node and back: positions are published, paid by the world outside, and what came of it is fetched. */
export class NodeRoad {
  readonly #t: DemoTools
  /** Something was published, paid or received. */
  #news = false

  constructor(tools: DemoTools) {
    this.#t = tools
  }

  /** Onto the node, which from then on lets everybody pay: what is there stays as it is. */
  async publish(): Promise<void> {
    const { client, clock, print, publishing } = this.#t
    print('Pubblicazione sul nodo')
    const selection = { query: { filters: { exercise: EXERCISE } }, except: [] }
    const preview = await client.nodePosition.publishPreview({ selection })
    const waiting = async () => (await client.nodePosition.status()).waiting > 0
    if (preview.count === 0 && !(await waiting())) {
      print('  già pubblicate: niente da aggiungere')
      return
    }
    this.#news = true
    const { environment, count: expected, stamp } = preview
    await publishing(async (goOn) => {
      if (expected > 0) {
        const done = await follow(client.nodePosition.publish({ selection, environment, expected, stamp }), print)
        if (done.stopped !== null) throw new Error(done.stopped)
      }
      // What a run that was killed had in hand.
      while (await waiting()) {
        await goOn()
        await sleep(100)
      }
    })
    const { counts, faults } = await client.nodePosition.status()
    print(`  ${counts.synced ?? 0} posizioni pubblicate, ${faults} rifiutate`)
    // However long the node took.
    if (epochMsOf(AFTER_PUBLISHING) > clock.epochMs()) clock.moveTo(AFTER_PUBLISHING)
  }

  /** Payers at their providers, and once a week the program, which looks at what came of it. */
  async world(): Promise<void> {
    const { print } = this.#t
    print('Chi paga, e quello che torna dal nodo')
    const outside = await this.#outside()
    const payments = await this.#payments()
    let [paid, next] = [0, 0]
    const came = { receipts: 0, flows: 0 }
    const end = addDays(FIRST_PAYMENT, PAYMENT_DAYS + LAST_FLOW_DAYS)
    for (let day = addDays(FIRST_PAYMENT, READING_DAYS); ; day = addDays(day, READING_DAYS)) {
      const until = day < end ? day : end
      this.#moveTo(until)
      for (; next < payments.length; next += 1) {
        const { notice, provider, paidOn } = payments[next] as Payment
        if (paidOn >= until) break
        if (await outside.pay({ noticeNumber: `3${notice.iuv}`, psp: provider.code, day: paidOn })) paid += 1
      }
      const { receipts, flows } = await this.#receive()
      came.receipts += receipts
      came.flows += flows
      if (until === end) break
    }
    if (paid + came.receipts + came.flows > 0) this.#news = true
    print(`  ${paid} pagamenti nuovi, ${came.receipts} ricevute e ${came.flows} flussi scaricati`)
  }

  async #receive(): Promise<{ readonly receipts: number; readonly flows: number }> {
    const { client } = this.#t
    const done = await follow(client.nodeInbox.receive({ kinds: ['receipts', 'flows'] }), () => {})
    if (done.problems.length > 0) throw new Error(done.problems.map(problemReport).join('\n'))
    return { receipts: done.receipts.added, flows: done.flows.added }
  }

  async #outside(): Promise<OutsideWorld> {
    const { client } = this.#t
    const institution = await client.institution.get()
    if (!institution) throw new Error('the rehearsal has no institution')
    return new OutsideWorld((await client.node.rehearsalPage()).url, institution.fiscalCode)
  }

  /** Who pays what, where and when, in the order of the days. */
  async #payments(): Promise<Payment[]> {
    const { client } = this.#t
    const notices: PayableNotice[] = []
    const plans: PayablePlan[] = []
    const query = { filters: { exercise: EXERCISE }, sort: { column: 'noticeNumber', direction: 'asc' as const } }
    for (let offset = 0; ; offset += 500) {
      const page = await client.debtPosition.list({ ...query, offset, limit: 500 })
      for (const { id, iuv, cents, personName: debtor, installments } of page.rows) {
        if (installments === 0) notices.push({ iuv, cents, idTransfer: 1, debtor })
        else plans.push(planOf((await client.debtPosition.get({ id })).payments, debtor))
      }
      if (offset + page.rows.length >= page.count || page.rows.length === 0) break
    }
    const when = { share: SHARE, from: FIRST_PAYMENT, days: PAYMENT_DAYS }
    const next = uniform({ random: seededRandom(await this.#worldSeed()) })
    const payments = [...payNotices(notices, when, next), ...payPlans(plans, when, next)]
    return payments.sort((a, b) => (a.paidOn < b.paidOn ? -1 : a.paidOn > b.paidOn ? 1 : 0))
  }

  /** Made from the register, so that a ledger has always the same payers, whatever the options of a later run. */
  async #worldSeed(): Promise<number> {
    const register = await readFile(this.#t.place(`registro-${EXERCISE}.xlsx`))
    return createHash('sha256').update(register).digest().readUInt32BE(0)
  }

  /** The files of the world outside: flows as they go round by other roads, and the bank's list, which is loaded. */
  async collect(): Promise<void> {
    const { client, clock, print, place, backend } = this.#t
    print('Estratto conto')
    const outside = await this.#outside()
    const account = (await client.account.list()).find((candidate) => candidate.kind === 'bank')
    if (!account?.iban) throw new Error('the rehearsal has no account')
    for (let offset = 0; ; ) {
      const page = await client.reportingFlow.list({ filters: {}, offset, limit: 500 })
      for (const { flowId } of page.rows) {
        await this.#keep(`flussi/${flowId}.xml`, () => outside.flow(flowId))
      }
      offset += page.rows.length
      if (page.rows.length === 0 || offset >= page.count) break
    }
    const { iban } = account
    await this.#keep('estratto-conto.csv', () => outside.statement(iban))
    clock.advance(minutes(10))
    const token = await backend.context.files.adopt(place('estratto-conto.csv'))
    const read = await client.bankStatement.read({ token, bankAccountId: account.id })
    if (read.added === 0) {
      print('  già caricato')
      return
    }
    const done = await client.bankStatement.confirm({ token, bankAccountId: account.id, mapping: read.mapping })
    print(`  ${done.added} movimenti nuovi, ${done.matched} accrediti abbinati`)
  }

  /** Downloads a file once. */
  async #keep(name: string, download: () => Promise<Uint8Array>): Promise<void> {
    const file = this.#t.place(name)
    if (existsSync(file)) return
    await writeFile(`${file}.tmp`, await download())
    await rename(`${file}.tmp`, file)
  }

  /** How the node says that the positions stand in the end. */
  async follow(): Promise<void> {
    const { client, print } = this.#t
    print('Stato sul nodo')
    if (!this.#news) {
      print('  niente di nuovo da chiedere')
      return
    }
    const selection = { query: { filters: { exercise: EXERCISE } }, except: [] }
    const done = await follow(client.nodePosition.refresh({ selection }), print)
    if (done.stopped !== null) throw new Error(done.stopped)
    print(`  ${done.asked} chieste, ${done.changed} cambiate, ${done.diverged} diverse`)
  }

  /** Nine (UTC) of that morning; time never goes back. */
  #moveTo(day: IsoDate): void {
    const { clock } = this.#t
    const target = `${day}T09:00:00.000Z` as Instant
    if (epochMsOf(target) > clock.epochMs()) clock.moveTo(target)
  }
}

/** What the payer of a notice with instalments holds in their hands. */
function planOf(
  payments: readonly { readonly ordinal: number; readonly iuv: string; readonly cents: Cents }[],
  debtor: string,
): PayablePlan {
  const [single, ...installments] = [
    payments.find((payment) => payment.ordinal === 0),
    ...payments.filter((payment) => payment.ordinal > 0),
  ].map((payment) => payment && { iuv: payment.iuv, cents: payment.cents, idTransfer: 1, debtor })
  return { single: single ?? null, installments: installments.flatMap((one) => one ?? []) }
}
