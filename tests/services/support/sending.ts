import { call } from '@orpc/server'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Id } from '#domain/brand'
import type { Pacing } from '#domain/pacing'
import { campaign } from '../../../src-main/services/campaign.ts'
import { delivery } from '../../../src-main/services/delivery.ts'
import { mailAccount } from '../../../src-main/services/mail-account.ts'
import { type Office, outcome } from '../office.ts'

export interface PostOffice {
  readonly port: number
  readonly mails: ParsedMail[]
  close(): Promise<void>
}

/** A real server that keeps what it gets; `answer` may refuse a recipient. */
export async function postOffice(
  answer: (address: string) => { code: number; text: string } | null = () => null,
): Promise<PostOffice> {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo({ address }, _session, done) {
      const refused = answer(address)
      if (refused === null) done()
      else done(Object.assign(new Error(refused.text), { responseCode: refused.code }))
    },
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        mails.push(mail)
        done()
      }, done)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as { port: number }).port,
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** An ordinary mail account on a port of this machine. */
export async function saveAccount(
  { context }: Pick<Office, 'context'>,
  port: number,
  { id = null, pacing = {} }: { readonly id?: Id<'mailAccount'> | null; readonly pacing?: Partial<Pacing> } = {},
) {
  const { window = null, ...limits } = { perMinute: 600, perDay: null, batch: null, ...pacing }
  return call(
    mailAccount.save,
    {
      ...{ id, name: `Posta ${port}`, kind: 'email', host: '127.0.0.1', port, security: 'none', user: null },
      ...{ fromName: 'Ordine di prova', fromAddress: 'segreteria@ordine.example', imap: null, password: null },
      pacing: { ...limits, window: window === null ? null : { ...window, days: [...window.days] } },
    },
    { context },
  )
}

export function campaignInput(more: Record<string, unknown>) {
  return {
    selection: { query: { filters: {} } },
    channels: ['email'],
    subject: 'Avviso: {causale}',
    body: 'Gentile {nome}, {importo} euro entro il {scadenza}. Avviso {numeroAvviso}. {ente}',
    ...more,
  } as never
}

/** What a person does with campaigns, and waits until all that can leave has left. */
export function sending(office: () => Pick<Office, 'context'>) {
  const options = () => ({ context: office().context })
  const summary = (id: number) => call(campaign.get, { id: id as never }, options())
  const idle = async () => {
    office().context.outbox.kick()
    await office().context.outbox.idle()
  }
  const list = async (filters: Record<string, unknown> = {}) => {
    const { rows } = await call(delivery.list, { filters, limit: 500 } as never, options())
    return rows.toSorted((a, b) => a.id - b.id)
  }
  return {
    summary,
    /** What waits for a person, or for its time, goes on. */
    goOn: idle,
    list,
    states: async () => (await list()).map((row) => row.state).sort(),
    async start(more: Record<string, unknown>, signal?: AbortSignal) {
      const asked = signal ? { ...options(), signal } : options()
      const begun = await outcome(await call(campaign.start, campaignInput(more), asked))
      await idle()
      return { campaign: await summary(begun.campaign.id), problems: begun.problems }
    },
  }
}
