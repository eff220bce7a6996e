import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { writeRegister } from '#codecs/register-write'
import { epochMsOf, isoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { rehearsalRegister } from '#domain/rehearsal-register'
import type { ServiceContext } from '#services/context'
import { openNodePublisher } from '#services/node-publish/publisher'
import { openOutbox } from '#services/outbox/outbox'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { openBackend } from '../../backend.ts'
import { FakeClock, REHEARSAL_START } from '../../clock.ts'
import { ledgerFileOf } from '../../data-folder.ts'
import { seededRandom } from '../../random.ts'
import type { Client } from './client.ts'
import { follow } from './long-work.ts'
import { openMailSink } from './mail-sink.ts'
import { NodeRoad } from './node-road.ts'
import { Papers } from './papers.ts'
import { type DemoOptions, type DemoTools, EXERCISE, euro, LOTS, minutes } from './scenario.ts'
import { countLayouts, type Summary, summarise } from './summary.ts'

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
    const tools = { ...options, client, backend, clock, place, drain, publishing, mailPort: sink.port }
    const books = new Books(tools)
    const node = new NodeRoad(tools)
    const papers = new Papers(tools)
    await books.catchUp()
    await books.register()
    await books.positions()
    await node.publish()
    await papers.deliver()
    await papers.print()
    await node.world()
    await node.collect()
    await books.post()
    await node.follow()
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

/** The books at home: register, positions, reversali. As on the other roads each step adds nothing where it has been walked before. */
class Books {
  readonly #t: DemoTools

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
