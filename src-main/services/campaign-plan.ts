import type { Id } from '#domain/brand'
import { type Instant, maxDate, romeDate } from '#domain/date'
import { ioRecipient } from '#domain/io-message'
import { fileNameKey } from '#domain/notice-file-name'
import type { FolderToken } from '#domain/ports'
import { isMailable, postalLabel, postalLine } from '#domain/postal-address'
import { postWarnings } from '#domain/posting-time'
import { ProblemError, problem } from '#domain/problem'
import { mayAsk } from '#domain/sending-rules'
import { CHANNELS } from '#domain/vocabulary'
import type { NewWay } from '#ledger/campaign'
import { type NewDelivery, readContacts, readTakenDeliveries } from '#ledger/delivery-queue'
import { isStopped, readStops } from '#ledger/delivery-stop'
import { listFileAccounts } from '#ledger/file-account'
import { readIoService } from '#ledger/io-service'
import type { ReadHandle } from '#ledger/ledger'
import { leadingOf, type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import { readNoticeStyle } from '#ledger/notice-style'
import type { PositionQuery } from '#ledger/position-list'
import type { DeliveryChannel } from '#ledger/schema/delivery'
import type { ServiceContext } from './context.ts'
import { needMailAccount } from './mail-account.ts'
import { paperFileName } from './notice-paper.ts'
import type { CampaignTemplate } from './outbox/channel.ts'
import { refusePecSender } from './outbox/channel-mail.ts'
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

/** Who would get what now, and who is left out and why. */
export async function planCampaign(db: ReadHandle, input: CampaignInput, context: ServiceContext) {
  const leftOut = new LeftOut()
  const ids = await chosenPositions(db, input.selection, today(context))
  const facts = (await readNoticeFacts(db, ids)).filter((f) => {
    if (f.lifecycle !== 'issued') leftOut.add('Sono annullate')
    else if (!mayAsk(input.purpose, f.payment)) {
      leftOut.add(input.purpose === 'notice' ? 'Sono già pagate, in tutto o in parte' : 'Sono già pagate')
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
  for (const channel of new Set(input.channels)) {
    const addressOf = await addressing(db, channel, people, fileNamePattern)
    for (const one of facts) {
      if (isStopped(stops, one.personId, channel)) leftOut.add('Nell’elenco di chi non riceve')
      else if (taken.has(`${one.debtPositionId}|${channel}`)) {
        leftOut.add(
          input.purpose === 'notice'
            ? `Già consegnate o in consegna (${CHANNELS[channel]})`
            : `Promemoria già in partenza (${CHANNELS[channel]})`,
        )
      } else {
        const address = addressOf(one)
        if ('leftOut' in address) leftOut.add(address.leftOut)
        else planned.push({ facts: one, channel, ...address })
      }
    }
  }
  return { planned, leftOut }
}

type Address = { readonly contactPointId: Id<'contactPoint'> | null; readonly addressText: string }

/** Where a channel would send one notice, or why it cannot. */
async function addressing(
  db: ReadHandle,
  channel: DeliveryChannel,
  people: readonly Id<'person'>[],
  fileNamePattern: string,
): Promise<(facts: NoticeFacts) => Address | { readonly leftOut: string }> {
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
  if (channel === 'io') {
    return ({ fiscalCode }) => {
      const code = ioRecipient(fiscalCode)
      return code === null
        ? { leftOut: 'Senza codice fiscale di una persona (App IO)' }
        : { contactPointId: null, addressText: code }
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

/** What to read before confirming; `startAt` is when the campaign leaves. */
export function planWarnings(
  planned: readonly PlannedDelivery[],
  { startAt }: Pick<CampaignInput, 'startAt'>,
  context: ServiceContext,
): string[] {
  const pieces = planned
    .filter(({ channel }) => channel === 'post')
    .map(({ facts }) => ({
      label: postalLabel(facts.name, facts.address),
      dueDate: leadingOf(facts).dueDate,
    }))
  return postWarnings(pieces, startAt === null ? today(context) : maxDate(today(context), romeDate(startAt)))
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

const HOW = {
  email: 'per e-mail',
  pec: 'per PEC',
  folder: 'in cartella',
  server: 'su server',
  post: 'per posta',
  io: 'su App IO',
} as const

/** «12 avvisi per e-mail e in cartella», as the campaign is called in lists. */
export function descriptionOf(
  purpose: 'notice' | 'reminder',
  planned: readonly PlannedDelivery[],
  channels: readonly DeliveryChannel[],
): string {
  const count = new Set(planned.map(({ facts }) => facts.debtPositionId)).size
  const [one, many] = purpose === 'notice' ? ['Un avviso', 'avvisi'] : ['Un promemoria', 'promemoria']
  return `${count === 1 ? one : `${count} ${many}`} ${channels.map((channel) => HOW[channel]).join(' e ')}`
}
