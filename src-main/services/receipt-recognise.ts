import { createHash } from 'node:crypto'
import { type BouncedRecipient, type MailBounce, readBounce } from '#codecs/mail-bounce'
import { type MailPart, mailParts, partBytes, readMail } from '#codecs/mail-read'
import { type PecReceipt, readPecReceipt } from '#codecs/pec-receipt'
import { formatDate, type Instant, romeDate, romeDateTime } from '#domain/date'
import type { ReceiptKind } from '#domain/delivery-receipt'
import type { MailboxMessage } from '#domain/ports'
import { replyReason } from '#gateways/smtp-outcome'
import type { MailAccountRow } from '#ledger/mail-account'
import type { NewReceipt, ReferencedDelivery } from '#ledger/mail-receipt'

/** A message of the mailbox that speaks of another one. */
export interface Recognised {
  readonly message: MailboxMessage
  /** Message-ID that it speaks of; null where it does not say. */
  readonly messageId: string | null
  readonly content:
    | { readonly is: 'pec'; readonly receipt: PecReceipt }
    | { readonly is: 'bounce'; readonly bounce: MailBounce; readonly wrapped: boolean }
}

/** Null for all other mail, which is left alone: letters, PEC messages of others, replies. */
export async function recognise(message: MailboxMessage): Promise<Recognised | null> {
  if (message.source === null) return null
  const mail = readMail(message.source)
  if (!mail.ok) return null
  const receipt = await readPecReceipt(mail.value)
  if (receipt === null) return bounceOf(message, mail.value, false)
  // A PEC mailbox wraps what comes from outside, bounces of ordinary addresses too.
  if (receipt.kind === 'anomalia') return bounceOf(message, wrappedMail(mail.value), true)
  if (receipt.kind === 'messaggio' || receipt.kind === 'presaInCarico' || receipt.kind === 'virus') return null
  return { message, messageId: receipt.messageId, content: { is: 'pec', receipt } }
}

function bounceOf(message: MailboxMessage, mail: MailPart | null, wrapped: boolean): Recognised | null {
  const bounce = mail === null ? null : readBounce(mail)
  return bounce === null ? null : { message, messageId: bounce.messageId, content: { is: 'bounce', bounce, wrapped } }
}

function wrappedMail(envelope: MailPart): MailPart | null {
  const inside = [...mailParts(envelope)].find((part) => part.type === 'message/rfc822')
  const mail = inside === undefined ? null : readMail(partBytes(inside))
  return mail?.ok ? mail.value : null
}

interface Meaning {
  readonly kind: ReceiptKind
  readonly at: Instant
  /** Short: the delivery's reason when it fails. */
  readonly reason: string
  /** Whole, for who reads the evidence. */
  readonly text: string
  readonly evidence: NewReceipt['evidence']['kind']
}

/** What a message proves about one of our deliveries, ready to be kept. */
export function receiptOf(
  recognised: Recognised,
  delivery: ReferencedDelivery,
  account: MailAccountRow,
  uidValidity: string,
): NewReceipt {
  const { message, content } = recognised
  const source = message.source as Uint8Array
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const meaning =
    content.is === 'pec'
      ? pecMeaning(content.receipt, delivery, account, message.receivedAt)
      : bounceMeaning(content.bounce, content.wrapped, delivery, account, message.receivedAt)
  return {
    accountId: account.id,
    uidValidity,
    uid: message.uid,
    kind: meaning.kind,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    at: meaning.at,
    text: meaning.reason,
    deliveryId: delivery.deliveryId,
    referencedMessageId: recognised.messageId as string,
    evidence: { kind: meaning.evidence, bytesBase64: bytes.toString('base64'), text: meaning.text },
  }
}

const PEC_KINDS = {
  accettazione: { kind: 'accettazione', says: 'Accettata dal gestore del mittente' },
  nonAccettazione: { kind: 'nonAccettazione', says: 'Non accettata dal gestore del mittente' },
  consegna: { kind: 'consegna', says: 'Consegnata nella casella del destinatario' },
  mancata: { kind: 'mancata', says: 'Non consegnata nella casella del destinatario' },
  preavviso: { kind: 'preavviso', says: 'Non ancora consegnata: il gestore del destinatario tarda a rispondere' },
} as const

function pecMeaning(
  receipt: PecReceipt,
  delivery: ReferencedDelivery,
  account: MailAccountRow,
  receivedAt: Instant,
): Meaning {
  const { kind, says } = PEC_KINDS[receipt.kind as keyof typeof PEC_KINDS]
  const doubts = [...receipt.doubts, ...pecDoubts(receipt, delivery, account)]
  const at = receipt.at ?? receivedAt
  const form = receipt.form === null ? '' : `, ricevuta ${receipt.form}`
  const provider = receipt.provider ? `, gestore ${receipt.provider}` : ''
  const error = receipt.errorText ? ` Il gestore scrive: «${receipt.errorText}».` : ''
  const signature = receipt.signed ? ' Firmata dal gestore; la firma non è stata verificata.' : ''
  const text = `${says}: ${delivery.addressText}, ${moment(at)}${form}${provider}.${error}${signature}`
  return {
    kind: doubts.length > 0 ? 'dubbia' : kind,
    at,
    reason: pecReason(receipt),
    text: doubted(text, doubts),
    evidence: kind,
  }
}

function doubted(text: string, doubts: readonly string[]): string {
  return doubts.length === 0 ? text : `${text} Non fa prova: ${doubts.join('; ')}.`
}

function pecDoubts(receipt: PecReceipt, delivery: ReferencedDelivery, account: MailAccountRow): string[] {
  const doubts: string[] = []
  const to = delivery.addressText.toLowerCase()
  if (account.kind !== 'pec' || delivery.channel !== 'pec') doubts.push('non è arrivata in una casella PEC')
  if (delivery.accountId !== account.id) doubts.push('il messaggio è partito da un altro account')
  if (receipt.sender !== null && receipt.sender !== account.fromAddress.toLowerCase()) {
    doubts.push(`parla di un mittente diverso (${receipt.sender})`)
  }
  const named = receipt.kind === 'consegna' || receipt.kind === 'mancata' ? [receipt.recipient] : addressesOf(receipt)
  // A message refused for its form may carry no recipient at all.
  if (named.length === 0 && receipt.kind === 'nonAccettazione') return doubts
  if (!named.includes(to)) doubts.push(`parla di un destinatario diverso (${named.join(', ') || 'nessuno'})`)
  return doubts
}

function addressesOf(receipt: PecReceipt): (string | null)[] {
  return receipt.recipients.map((one) => one.address)
}

/** Why it failed, in plain words; what the provider wrote stays beside it. */
function pecReason(receipt: PecReceipt): string {
  const wrote = receipt.errorText ? ` (il gestore scrive «${receipt.errorText}»)` : ''
  if (receipt.kind === 'preavviso') return 'Il gestore del destinatario non ha ancora risposto.'
  if (receipt.kind !== 'mancata' && receipt.kind !== 'nonAccettazione')
    return PEC_KINDS[receipt.kind as 'consegna'].says
  if (receipt.error === 'virus') return `Il gestore PEC ha fermato il messaggio: vi ha trovato un virus${wrote}.`
  if (receipt.kind === 'nonAccettazione') return `Il gestore PEC non ha accettato il messaggio${wrote}.`
  if (receipt.error === 'no-dest') return `La casella PEC del destinatario non esiste o è chiusa${wrote}.`
  if (receipt.error === 'no-dominio') return `Il dominio del destinatario non riceve PEC${wrote}.`
  const code = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(receipt.errorText ?? '')
  const words = code === null ? 'Il gestore PEC non ha consegnato il messaggio.' : replyReason(550, code[0])
  return `${words.slice(0, -1)}${wrote}.`
}

const ACTION_SAYS: Readonly<Record<BouncedRecipient['action'], { kind: ReceiptKind; says: string }>> = {
  failed: { kind: 'dsn', says: 'Non consegnata' },
  delayed: { kind: 'dsnDelayed', says: 'Non ancora consegnata, il server riprova' },
  delivered: { kind: 'dsnRelayed', says: 'Il server dice che è consegnata' },
  relayed: { kind: 'dsnRelayed', says: 'Passata a un server che non manda notizie' },
  expanded: { kind: 'dsnRelayed', says: 'Distribuita a una lista' },
}

function bounceMeaning(
  bounce: MailBounce,
  wrapped: boolean,
  delivery: ReferencedDelivery,
  account: MailAccountRow,
  receivedAt: Instant,
): Meaning {
  const to = delivery.addressText.toLowerCase()
  const ours = bounce.recipients.find((one) => one.address === to || one.original === to)
  const one = ours ?? bounce.recipients[0]
  const doubts: string[] = []
  if (delivery.channel !== 'email' && delivery.channel !== 'pec') doubts.push('la consegna non è per posta')
  if (delivery.accountId !== account.id) doubts.push('il messaggio è partito da un altro account')
  if (ours === undefined) doubts.push(`parla di un destinatario diverso (${one?.address ?? 'nessuno'})`)
  const { kind, says } = ACTION_SAYS[one?.action ?? 'failed']
  const at = bounce.at ?? receivedAt
  const code = Number(/\b[45]\d\d\b/.exec(one?.diagnostic ?? '')?.[0] ?? (kind === 'dsn' ? 550 : 450))
  const words = replyReason(code, one?.status ?? one?.diagnostic ?? '')
  const said = one?.diagnostic ? ` Il server scrive: «${one.diagnostic}».` : ''
  const how = wrapped ? ' Arrivata in una busta di anomalia.' : ''
  return {
    kind: doubts.length > 0 ? 'dubbia' : kind,
    at,
    reason: one?.diagnostic ? `${words.slice(0, -1)} (il server scrive «${one.diagnostic}»).` : words,
    text: doubted(`${says}: ${delivery.addressText}, ${moment(at)}.${said}${how}`, doubts),
    evidence: 'dsn',
  }
}

/** `12/03/2026 alle 08:41:00`, in Italy. */
function moment(at: Instant): string {
  return `${formatDate(romeDate(at))} alle ${romeDateTime(at).slice(11)}`
}
