import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, maxDate, romeDate } from '#domain/date'
import { ioRecipient } from '#domain/io-message'
import { fileNameKey } from '#domain/notice-file-name'
import type { FolderToken } from '#domain/ports'
import { isMailable, postalLabel, postalLine } from '#domain/postal-address'
import { postWarnings } from '#domain/posting-time'
import { ProblemError, problem } from '#domain/problem'
import { isOver, mayAsk } from '#domain/sending-rules'
import { BY_CHANNEL, CHANNELS } from '#domain/vocabulary'
import type { NewWay } from '#ledger/campaign'
import { type NewDelivery, readContacts, readTakenDeliveries } from '#ledger/delivery-queue'
import { isStopped, readStops } from '#ledger/delivery-stop'
import { listFileAccounts } from '#ledger/file-account'
import { readInstitution } from '#ledger/institution'
import { readIoService } from '#ledger/io-service'
import type { ReadHandle } from '#ledger/ledger'
import { leadingOf, type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import { readNoticeStyle } from '#ledger/notice-style'
import type { PositionQuery } from '#ledger/position-list'
import type { DeliveryChannel } from '#ledger/schema/delivery'
import type { ServiceContext } from './context.ts'
import { pause } from './long-work.ts'
import { needMailAccount, refusePecSender } from './mail-account.ts'
import { paperFileName } from './notice-paper.ts'
import type { CampaignTemplate } from './outbox/channel.ts'
import { ioMessageFor } from './outbox/channel-io.ts'
import { today } from './produced-file.ts'
import { chosenPositions, LeftOut, type Selection } from './selection.ts'

export interface CampaignInput extends CampaignTemplate {
  readonly selection: Selection<PositionQuery>
  readonly purpose: 'notice' | 'reminder'
  readonly channels: readonly DeliveryChannel[]
  readonly emailAccountId: Id<'mailAccount'> | null
  readonly pecAccountId: Id<'mailAccount'> | null
  readonly fileAccountId: Id<'fileAccount'> | null
  readonly folder: FolderToken | null
  readonly startAt: Instant | null
}

export interface PlannedDelivery extends Omit<NewDelivery, 'noticeId' | 'ordinal'> {
  readonly facts: NoticeFacts
}

/** People looked at in one turn of the event loop. */
const PLAN_TURN = 500

/** Who would get what now, and who is left out and why: in figures, and of each position for the last channel that it was left out of. */
export async function planCampaign(db: ReadHandle, input: CampaignInput, context: ServiceContext) {
  const leftOut = new LeftOut()
  const whyNot = new Map<number, string>()
  const leave = ({ debtPositionId }: NoticeFacts, reason: string) => {
    leftOut.add(reason)
    whyNot.set(debtPositionId, reason)
  }
  const ids = await chosenPositions(db, input.selection, today(context))
  const day = leavingDay(input, context)
  const facts = (await readNoticeFacts(db, ids, input.purpose)).filter((f) => {
    const asked = { validUntil: f.validUntil, today: day }
    if (f.lifecycle !== 'issued') leave(f, 'Sono annullate')
    else if (!mayAsk(input.purpose, f.payment)) {
      leave(f, input.purpose === 'notice' ? 'Sono già pagate, in tutto o in parte' : 'Sono già pagate')
    } else if (isOver(asked)) {
      leave(f, `Non si possono più pagare: valevano fino al ${formatDate(asked.validUntil)}`)
    } else return true
    return false
  })
  const { fileNamePattern } = await readNoticeStyle(db)
  const people = facts.map((f) => f.personId)
  const stops = await readStops(db, people)
  const taken = await readTakenDeliveries(
    db,
    facts.map((f) => f.debtPositionId),
    input.purpose,
  )
  const planned: PlannedDelivery[] = []
  const misfits: string[] = []
  for (const channel of new Set(input.channels)) {
    const addressOf =
      channel === 'io'
        ? await appAddressing(db, input, day, misfits)
        : await addressing(db, channel, people, fileNamePattern)
    for (const [i, one] of facts.entries()) {
      if (i % PLAN_TURN === PLAN_TURN - 1) await pause()
      if (isStopped(stops, one.personId, channel)) leave(one, 'Nell’elenco di chi non riceve')
      else if (taken.has(`${one.debtPositionId}|${channel}`)) {
        leave(
          one,
          input.purpose === 'notice'
            ? `Già consegnate o in consegna (${CHANNELS[channel]})`
            : `Promemoria già in partenza (${CHANNELS[channel]})`,
        )
      } else {
        const address = addressOf(one)
        if ('leftOut' in address) leave(one, address.leftOut)
        else planned.push({ facts: one, channel, ...address })
      }
    }
  }
  return { planned, leftOut, whyNot, misfits }
}

type AddressOf = (facts: NoticeFacts) => Address | { readonly leftOut: string }

type Address = { readonly contactPointId: Id<'contactPoint'> | null; readonly addressText: string }

/** Where a channel would send one notice, or why it cannot. */
async function addressing(
  db: ReadHandle,
  channel: Exclude<DeliveryChannel, 'io'>,
  people: readonly Id<'person'>[],
  fileNamePattern: string,
): Promise<AddressOf> {
  if (channel === 'email' || channel === 'pec') {
    const contacts = await readContacts(db, channel, people)
    return ({ personId }) => {
      const contact = contacts.get(personId)
      return contact === undefined
        ? { leftOut: `Senza indirizzo ${CHANNELS[channel] === 'PEC' ? 'PEC' : 'e-mail'}` }
        : { contactPointId: contact.id, addressText: contact.value }
    }
  }
  if (channel === 'post') {
    return ({ name, address }) => {
      const label = postalLabel(name, address)
      return isMailable(label)
        ? { contactPointId: null, addressText: postalLine(label) }
        : { leftOut: 'Senza un indirizzo che la posta possa usare' }
    }
  }
  const names = new Set<string>()
  return (facts) => {
    const name = paperFileName(facts, fileNamePattern)
    const key = fileNameKey(name)
    if (names.has(key)) return { leftOut: 'Il file avrebbe il nome di un altro avviso' }
    names.add(key)
    return { contactPointId: null, addressText: name }
  }
}

/** App IO: who may have it, if the message made for them is within its limits; `misfits` gets why one is not, by name. */
async function appAddressing(
  db: ReadHandle,
  input: CampaignInput,
  day: IsoDate,
  misfits: string[],
): Promise<AddressOf> {
  const institution = await readInstitution(db)
  return (facts) => {
    const code = ioRecipient(facts.fiscalCode)
    if (code === null) return { leftOut: 'Senza codice fiscale di una persona (App IO)' }
    const made = institution === null ? null : ioMessageFor(input, facts, code, { institution, today: day })
    if (made?.ok !== false) return { contactPointId: null, addressText: code }
    misfits.push(`${facts.name}: ${made.reason}`)
    return { leftOut: 'Il messaggio per App IO non sta nei limiti dell’app' }
  }
}

/** Misfits that are told by name. */
const MOST_NAMED = 3

/** What to read before confirming; `startAt` is when the campaign leaves. */
export async function planWarnings(
  { planned, misfits }: { readonly planned: readonly PlannedDelivery[]; readonly misfits: readonly string[] },
  { startAt, channels, subject, body }: Pick<CampaignInput, 'startAt' | 'channels' | 'subject' | 'body'>,
  context: ServiceContext,
): Promise<string[]> {
  const posted = planned.filter(({ channel }) => channel === 'post')
  const pieces: Parameters<typeof postWarnings>[0][number][] = []
  for (const [i, { facts }] of posted.entries()) {
    if (i % PLAN_TURN === PLAN_TURN - 1) await pause()
    pieces.push({ label: postalLabel(facts.name, facts.address), dueDate: leadingOf(facts).dueDate })
  }
  const more =
    misfits.length > MOST_NAMED ? [`Altri ${misfits.length - MOST_NAMED} messaggi per App IO fuori dai limiti.`] : []
  const attached = channels.includes('io') && /allegat/iu.test(`${subject} ${body}`)
  return [
    ...misfits.slice(0, MOST_NAMED),
    ...more,
    ...(attached ? [NO_ATTACHMENT] : []),
    ...postWarnings(pieces, leavingDay({ startAt }, context)),
  ]
}

const NO_ATTACHMENT =
  'App IO non porta allegati, ma il testo parla di un allegato: al suo posto usa {avviso} e {comePagare}, che cambiano con la via.'

/** The first day on which anything of the campaign leaves. */
function leavingDay({ startAt }: Pick<CampaignInput, 'startAt'>, context: ServiceContext): IsoDate {
  return startAt === null ? today(context) : maxDate(today(context), romeDate(startAt))
}

/** The ways of the campaign with their places in words; each must be there and usable before anything is written. */
export async function waysOf(context: ServiceContext, input: CampaignInput): Promise<NewWay[]> {
  const ways: NewWay[] = []
  for (const channel of new Set(input.channels)) ways.push(await wayOf(context, input, channel))
  return ways
}

async function wayOf(context: ServiceContext, input: CampaignInput, channel: DeliveryChannel): Promise<NewWay> {
  switch (channel) {
    case 'email':
    case 'pec': {
      const id = channel === 'email' ? input.emailAccountId : input.pecAccountId
      const words = channel === 'email' ? 'e-mail' : 'PEC'
      if (id === null) throw new ProblemError(problem('CAMPAIGN_ACCOUNT_MISSING', { channel: words }))
      const account = await needMailAccount(context, id)
      if (account.kind !== channel) throw new ProblemError(problem('MAIL_ACCOUNT_KIND', { name: account.name }))
      refusePecSender(account)
      return { channel, accountId: id, folder: null, place: account.fromAddress }
    }
    case 'folder':
    case 'post': {
      if (input.folder === null) throw new ProblemError(problem('CAMPAIGN_FOLDER_MISSING', {}))
      const place = await context.folders.describe(input.folder)
      const state = await context.folders.check(input.folder)
      if (!state.ok) throw new ProblemError(problem('FOLDER_UNWRITABLE', { place, reason: state.reason }))
      return { channel, accountId: null, folder: input.folder, place }
    }
    case 'server': {
      const accounts = await context.ledger.read(listFileAccounts)
      const account = accounts.find(({ id }) => id === input.fileAccountId)
      if (account === undefined) throw new ProblemError(problem('CAMPAIGN_SERVER_MISSING', {}))
      const place = `${account.name} (${account.host}${account.remoteFolder === '' ? '' : `, ${account.remoteFolder}`})`
      return { channel, accountId: account.id, folder: null, place }
    }
    case 'io': {
      const service = await context.ledger.read(readIoService)
      if (service?.enabled !== true) throw new ProblemError(problem('CAMPAIGN_IO_OFF', {}))
      return { channel, accountId: null, folder: null, place: 'App IO' }
    }
  }
}

/** «12 avvisi per e-mail e in cartella», as the campaign is called in lists. */
export function descriptionOf(
  purpose: 'notice' | 'reminder',
  planned: readonly PlannedDelivery[],
  channels: readonly DeliveryChannel[],
): string {
  const count = new Set(planned.map(({ facts }) => facts.debtPositionId)).size
  const [one, many] = purpose === 'notice' ? ['Un avviso', 'avvisi'] : ['Un promemoria', 'promemoria']
  return `${count === 1 ? one : `${count} ${many}`} ${channels.map((channel) => BY_CHANNEL[channel]).join(' e ')}`
}
