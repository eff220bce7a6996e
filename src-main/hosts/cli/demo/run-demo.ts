import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { writeRegister } from '#codecs/register-write'
import type { Id } from '#domain/brand'
import { addDays, epochMsOf, type Instant, type IsoDate, isoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import { problemReport } from '#domain/problem'
import { rehearsalRegister } from '#domain/rehearsal-register'
import type { ServiceContext } from '#services/context'
import { openNodePublisher } from '#services/node-publish/publisher'
import { openOutbox } from '#services/outbox/outbox'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { type PayableNotice, type PayablePlan, type Payment, payNotices, payPlans } from '#simulator/payments'
import { type Backend, openBackend } from '../../backend.ts'
import { FakeClock, REHEARSAL_START } from '../../clock.ts'
import { ledgerFileOf } from '../../data-folder.ts'
import { seededRandom } from '../../random.ts'
import type { Client } from './client.ts'
import { follow } from './long-work.ts'
import { openMailSink } from './mail-sink.ts'
import { OutsideWorld } from './outside-world.ts'
import { countLayouts, type Summary, summarise } from './summary.ts'

export interface DemoOptions {
  readonly members: number
  readonly seed: number
  readonly out: string
  readonly print: (line: string) => void
}

/** Share of the notices that is paid, and when: the notices leave on 2 February, the payers take their time. */
const SHARE = 0.72
const FIRST_PAYMENT = isoDate('2026-02-05')
const PAYMENT_DAYS = 45
/** How often the program looks at what the node has for it, and when the last flow of the last payments is surely out. */
const READING_DAYS = 7
const LAST_FLOW_DAYS = 7
const EXERCISE = 2026

const AFTER_PUBLISHING = `${EXERCISE}-02-02T12:00:00.000Z` as Instant

/** Monthly from the end of March: inside the validity, whatever the number. */
const monthly = { firstDue: isoDate(`${EXERCISE}-03-31`), everyMonths: 1 }
const LOTS: readonly {
  readonly description: string
  /** Of whom; empty is everybody who is left. */
  readonly category: ('stp' | 'praticante')[]
  readonly installments: (typeof monthly & { count: number; withSingle: boolean }) | null
}[] = [
  {
    description: `Quote società ${EXERCISE}`,
    category: ['stp'],
    installments: { ...monthly, count: 6, withSingle: false },
  },
  {
    description: `Quote praticanti ${EXERCISE}`,
    category: ['praticante'],
    installments: { ...monthly, count: 3, withSingle: true },
  },
  { description: `Quote ${EXERCISE}`, category: [], installments: null },
]

/**
 * The whole road on the invented institution, through the same procedures as the screen. Everything that chance or time
 * decides comes from the seed and from a clock that the scenario moves, so the same options give the same files.
 */
export async function runDemo(options: DemoOptions): Promise<Summary> {
  const { out, print } = options
  const place = (name: string) => join(out, name)
  await mkdir(out, { recursive: true })
  for (const name of ['archivio', 'avvisi', 'quietanze', 'flussi', 'posta', 'stampe'])
    await mkdir(place(name), { recursive: true })
  const clock = new FakeClock()
  const random = seededRandom(options.seed)
  const backend = await openBackend({
    folder: place('archivio'),
    // Never the office's own ledger, even where the environment names one.
    target: { engine: 'sqlite', file: ledgerFileOf(place('archivio')) },
    fileSecretsOnly: true,
    clock,
    random,
    roots: [{ name: 'Dimostrazione', path: out }],
    // The scenario says when things leave: the clock must not move behind its back.
    delivers: false,
  })
  const sink = await openMailSink(place('posta'))
  try {
    const context: ServiceContext = { ...backend.context, operator: 'Dimostrazione' }
    const client: Client = createRouterClient(router, { context })
    const drain = async () => {
      const outbox = openOutbox(context)
      await outbox.idle()
      await outbox.close()
    }
    const publishing = async <T>(work: (goOn: () => Promise<void>) => Promise<T>) => {
      const publisher = openNodePublisher(context)
      const resting = context.nodePublisher
      Object.assign(context, { nodePublisher: publisher })
      // A file of thousands is looked at again after a while, which does not pass by itself.
      const passing = setInterval(() => clock.advance(1000), 100)
      try {
        return await work(() => {
          publisher.restart()
          return publisher.idle()
        })
      } finally {
        clearInterval(passing)
        Object.assign(context, { nodePublisher: resting })
        await publisher.close()
      }
    }
    const demo = new Demo({ ...options, client, backend, clock, place, drain, publishing, mailPort: sink.port })
    await demo.catchUp()
    await demo.register()
    await demo.positions()
    await demo.publish()
    await demo.deliver()
    await demo.print()
    await demo.world()
    await demo.collect()
    await demo.post()
    await demo.follow()
    const notices = (await readdir(place('avvisi'))).length
    const layouts = await backend.context.ledger.read(countLayouts)
    const summary = await summarise(client, { exercise: EXERCISE, notices, layouts })
    await writeFile(place('riepilogo.json'), `${JSON.stringify(summary, null, 2)}\n`)
    print('')
    for (const line of summaryInWords(summary)) print(line)
    print('')
    print(`I file sono in ${out}`)
    print('Per aprire questo archivio nel programma:')
    print(`  npm start -- --data ${JSON.stringify(place('archivio'))}`)
    return summary
  } finally {
    await sink.close()
    await backend.close()
  }
}

interface DemoTools extends DemoOptions {
  readonly client: Client
  readonly backend: Backend
  readonly clock: FakeClock
  readonly mailPort: number
  readonly place: (name: string) => string
  /** Sends what waits, and comes back when nothing more can leave. */
  drain(): Promise<void>
  /** Does `work` while positions leave for the node; `goOn` looks again at what waits for a time, and comes back when nothing more can leave. */
  publishing<T>(work: (goOn: () => Promise<void>) => Promise<T>): Promise<T>
}

/** The steps of the road, in order; each adds nothing where it has been walked before. */
class Demo {
  readonly #t: DemoTools
  /** Something was published, paid or received. */
  #news = false

  constructor(tools: DemoTools) {
    this.#t = tools
  }

  /** On a ledger that was there, time goes on from its latest entry: not the last one, which opening after a kill wrote in the morning. */
  async catchUp(): Promise<void> {
    const { client, clock } = this.#t
    const last = await client.journal.list({ filters: {}, sort: { column: 'seq', direction: 'desc' }, limit: 200 })
    for (const { at } of last.rows) if (epochMsOf(at) > clock.epochMs()) clock.moveTo(at)
  }

  async register(): Promise<void> {
    const { client, clock, print, members, place, backend } = this.#t
    print('Registro degli iscritti')
    const file = place(`registro-${EXERCISE}.xlsx`)
    let bytes: Uint8Array | AsyncIterable<Uint8Array> | null = null
    if (!(await client.app.state()).configured) {
      const made = await follow(client.institution.createRehearsal({ members }), print)
      bytes = await (await backend.context.files.open(made.registerToken)).bytes()
    } else if (!existsSync(file)) {
      // A run that was killed here: the same register again.
      bytes = writeRegister(rehearsalRegister(members, EXERCISE, uniform(backend.context)), REHEARSAL_START)
    }
    if (bytes !== null) {
      await writeFile(`${file}.tmp`, bytes)
      await rename(`${file}.tmp`, file)
    }
    clock.advance(minutes(5))
    const token = await backend.context.files.adopt(file)
    const read = await follow(client.registerImport.read({ token }), print)
    if (read.state === 'confirmed') {
      print('  già importato: niente da aggiungere')
      return
    }
    clock.advance(minutes(5))
    const done = await follow(client.registerImport.confirm({ id: read.id, goodOnly: false }), print)
    print(`  ${done.accertamenti.count} accertamenti per ${euro(done.accertamenti.cents)}, ${done.people} persone`)
  }

  /** Companies pay only in instalments, trainees as they like, everybody else at once. */
  async positions(): Promise<void> {
    this.#t.print('Posizioni debitorie e avvisi')
    for (const lot of LOTS) await this.#issue(lot)
  }

  async #issue({ description, category, installments }: (typeof LOTS)[number]): Promise<void> {
    const { client, clock, print } = this.#t
    const request = {
      filters: { exercise: EXERCISE, issued: false, category },
      parameters: {
        description,
        dueDate: isoDate(`${EXERCISE}-03-31`),
        validUntil: isoDate(`${EXERCISE}-12-31`),
        groupByPerson: true,
        groupDescription: `Quote e diritti ${EXERCISE}`,
        installments,
      },
    }
    const preview = await client.debtPosition.generationPreview(request)
    if (preview.positions.count === 0) {
      print(`  ${description}: niente da aggiungere`)
      return
    }
    clock.advance(minutes(10))
    const made = await follow(client.debtPosition.generate(request), print)
    print(
      `  ${description}: ${made.positions.count} posizioni per ${euro(made.positions.cents)}, ${preview.payments} numeri avviso`,
    )
  }

  async deliver(): Promise<void> {
    const { client, clock, print, backend, place } = this.#t
    print('Consegna per posta elettronica e in cartella')
    const present = (await client.mailAccount.list())[0]?.id
    const emailAccountId = present ?? (await this.#mailAccount(null))
    const defaults = await client.campaign.defaults({})
    const request = {
      selection: { query: { filters: { exercise: EXERCISE } }, except: [] },
      channels: ['email', 'folder'] as ('email' | 'folder')[],
      emailAccountId,
      folder: await backend.context.folders.tokenOf(place('avvisi')),
      subject: defaults.subject,
      body: defaults.body,
    }
    await this.#goOnDelivering()
    const preview = await client.campaign.preview(request)
    if (preview.channels.every((channel) => channel.count === 0)) {
      print('  già consegnati: niente da aggiungere')
      return
    }
    // The server of an earlier run listened elsewhere.
    if (present !== undefined) await this.#mailAccount(present)
    clock.advance(minutes(10))
    const started = await follow(client.campaign.start(request), print)
    await this.#t.drain()
    const campaign = await client.campaign.get({ id: started.campaign.id })
    for (const line of campaign.channels)
      print(`  ${line.channel}: ${line.done} di ${line.total}, ${line.failed} falliti`)
  }

  /** What a run that was killed had in its queue. What it was sending at that moment stays for a person to decide. */
  async #goOnDelivering(): Promise<void> {
    const { client, print, drain } = this.#t
    const waiting = async () => (await client.delivery.list({ filters: { state: ['queued', 'deferred'] } })).count
    const before = await waiting()
    if (before === 0) return
    const account = (await client.mailAccount.list())[0]?.id
    if (account !== undefined) await this.#mailAccount(account)
    // What stood still for the server of the earlier run starts again.
    for (const { id } of (await client.campaign.list({ filters: {} })).rows) await client.campaign.resume({ id })
    await drain()
    print(`  riprese ${before - (await waiting())} consegne interrotte`)
  }

  async #mailAccount(id: Id<'mailAccount'> | null): Promise<Id<'mailAccount'>> {
    const { client, mailPort } = this.#t
    const account = await client.mailAccount.save({
      id,
      name: 'Posta di prova',
      kind: 'email',
      host: '127.0.0.1',
      port: mailPort,
      security: 'none',
      user: null,
      fromName: 'Ordine dei Farmacisti di prova',
      fromAddress: 'segreteria@ordine-di-prova.example',
      pacing: { perMinute: 600, perDay: null, batch: null, window: null },
      imap: null,
      password: null,
    })
    return account.id
  }

  /** What goes to the printer: all notices in one file, and those in instalments once more with German beside Italian. */
  async print(): Promise<void> {
    const { client, clock, print, place } = this.#t
    print('Stampe')
    const style = await client.noticeStyle.get()
    const speak = async (secondLanguage: (typeof style)['secondLanguage']) => {
      const { graphics: _graphics, warnings: _warnings, ...saved } = style
      clock.advance(minutes(1))
      await client.noticeStyle.save({ ...saved, secondLanguage })
    }
    // A run that was killed between the two prints.
    if (style.secondLanguage !== null) await speak(null)
    await this.#printed('avvisi.pdf', null)
    if (existsSync(place('stampe/avvisi-a-rate-tedesco.pdf'))) return
    const lots = (await client.issuance.list({ filters: {}, limit: 100 })).rows
    const lot = lots.find((row) => row.description === LOTS[1]?.description)
    if (lot === undefined) return
    await speak('de')
    await this.#printed('avvisi-a-rate-tedesco.pdf', lot.id)
    await speak(null)
  }

  async #printed(name: string, issuanceId: Id<'issuance'> | null): Promise<void> {
    const { client, print, place, backend } = this.#t
    const file = place(`stampe/${name}`)
    if (existsSync(file)) {
      print(`  ${name}: già stampato`)
      return
    }
    const filters = issuanceId === null ? { exercise: EXERCISE } : { issuanceId }
    const selection = { query: { filters, sort: { column: 'noticeNumber', direction: 'asc' as const } }, except: [] }
    const made = await follow(client.notice.print({ selection, letter: null }), print)
    await writeFile(`${file}.tmp`, await (await backend.context.files.open(made.file.token)).bytes())
    await rename(`${file}.tmp`, file)
    print(`  ${name}: ${made.notices} avvisi`)
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

  async post(): Promise<void> {
    const { client, clock, print, backend, place } = this.#t
    print('Reversali e quietanze')
    clock.advance(minutes(15))
    const ready = await client.reversale.ready({})
    if (ready.drafts.length === 0) {
      print('  niente di nuovo da emettere')
    } else {
      const keys = ready.drafts.map((draft) => draft.key)
      const posted = await follow(client.reversale.post({ scope: {}, keys, expectedCents: ready.totals.cents }), print)
      print(`  reversali dalla ${posted.firstNumber} alla ${posted.lastNumber}, ${euro(posted.reversali.cents)}`)
    }
    const folder = await backend.context.folders.tokenOf(place('quietanze'))
    const saved = await follow(client.quietanza.saveAll({ filters: { exercise: EXERCISE }, folder }), print)
    print(`  quietanze: ${saved.written} scritte, ${saved.same} già presenti`)
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

function minutes(n: number): number {
  return n * 60_000
}

function euro(cents: Cents): string {
  return `${formatCents(cents)} €`
}

function summaryInWords(summary: Summary): string[] {
  const line = (name: string, part: { count: number; cents?: Cents }) =>
    `  ${name.padEnd(16)}${String(part.count).padStart(8)}${part.cents === undefined ? '' : euro(part.cents).padStart(18)}`
  return [
    line('accertamenti', summary.accertamenti),
    line('posizioni', summary.positions),
    line('di cui a rate', summary.plans),
    line('avvisi', summary.notices),
    ...summary.layouts.map(({ layout, count }) => `    ${layout.padEnd(14)}${String(count).padStart(8)}`),
    line('consegne', summary.deliveries),
    line('flussi', summary.flows),
    line('movimenti', summary.movements),
    line('abbinati', summary.matched),
    line('reversali', summary.reversali),
    line('quietanze', summary.receipts),
    `  senza riscontro ${summary.unmatched.length}:`,
    ...summary.unmatched.map(
      (row) =>
        `    ${row.kind === 'flow' ? 'flusso   ' : 'movimento'} ${euro(row.cents).padStart(14)}  ${row.reason.padEnd(18)} ${row.reference.slice(0, 60)}`,
    ),
  ]
}
