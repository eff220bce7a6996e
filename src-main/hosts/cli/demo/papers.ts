import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { Id } from '#domain/brand'
import { follow } from './long-work.ts'
import { type DemoTools, EXERCISE, LOTS, minutes } from './scenario.ts'

/** What people get in hand: notices by e-mail and in a folder, and what goes to the printer. */
export class Papers {
  readonly #t: DemoTools

  constructor(tools: DemoTools) {
    this.#t = tools
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
}
