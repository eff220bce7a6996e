import type { Instant } from '#domain/date'
import {
  addressesIn,
  decodeWords,
  headerOf,
  type MailPart,
  mailParts,
  messageIdIn,
  partBytes,
  partText,
  readHeaders,
} from './mail-read.ts'
import { dateOf } from './pec-receipt.ts'

/** What a mail server reports of one recipient (RFC 3464 §2.3). */
export interface BouncedRecipient {
  /** Final-Recipient, lower case. */
  readonly address: string | null
  /** Original-Recipient where it is said, lower case: the address as it was written. */
  readonly original: string | null
  /** `failed` is the end; `delayed` only a warning; the others are good news. */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
  /** `5.1.1` (RFC 3463). */
  readonly status: string | null
  /** What the refusing server said. */
  readonly diagnostic: string | null
}

export interface MailBounce {
  /** `report` follows RFC 3464; `plain` is a server's own letter, read with more caution. */
  readonly form: 'report' | 'plain'
  /** Message-ID of the returned message, with brackets. */
  readonly messageId: string | null
  readonly at: Instant | null
  readonly from: string | null
  readonly recipients: readonly BouncedRecipient[]
}

const ACTIONS: ReadonlySet<string> = new Set(['failed', 'delayed', 'delivered', 'relayed', 'expanded'])
const MOST_RECIPIENTS = 100

/** Reads one message; null when it is no bounce (letters, read receipts, out-of-office replies…). */
export function readBounce(mail: MailPart): MailBounce | null {
  return readReport(mail) ?? readPlain(mail)
}

function readReport(mail: MailPart): MailBounce | null {
  if (mail.type !== 'multipart/report') return null
  const status = mail.parts.find(
    (part) => part.type === 'message/delivery-status' || part.type === 'message/global-delivery-status',
  )
  if (status === undefined) return null
  const [, ...groups] = statusText(status)
    .replace(/\r\n/g, '\n')
    .trim()
    .split(/\n[ \t]*\n\s*/)
  const recipients: BouncedRecipient[] = []
  for (const group of groups.slice(0, MOST_RECIPIENTS)) {
    const fields = readHeaders(group)
    const action = /^[a-z]+/.exec((fields.get('action')?.[0] ?? '').toLowerCase())?.[0] ?? ''
    if (!ACTIONS.has(action)) continue
    recipients.push({
      address: typedAddress(fields.get('final-recipient')?.[0]),
      original: typedAddress(fields.get('original-recipient')?.[0]),
      action: action as BouncedRecipient['action'],
      status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status')?.[0] ?? '')?.[0] ?? null,
      diagnostic: shortened(fields.get('diagnostic-code')?.[0]?.replace(/^[\w-]+\s*;\s*/, '') ?? null),
    })
  }
  if (recipients.length === 0) return null
  return { form: 'report', messageId: returnedId(mail), ...envelope(mail), recipients }
}

function statusText(part: MailPart): string {
  return Buffer.from(partBytes(part).subarray(0, 256 * 1024)).toString('latin1')
}

/** `rfc822; mario.rossi@ordine.example` → the address. */
function typedAddress(field: string | undefined): string | null {
  return field === undefined ? null : (addressesIn(field.slice(field.indexOf(';') + 1))[0] ?? null)
}

function envelope(mail: MailPart) {
  return { at: dateOf(headerOf(mail, 'date')), from: addressesIn(headerOf(mail, 'from') ?? '')[0] ?? null }
}

/** Message-ID of the message sent back, whole or only its headers; never that of the bounce itself. */
function returnedId(mail: MailPart): string | null {
  for (const part of mailParts(mail)) {
    if (part === mail) continue
    if (!/^(message\/(rfc822|global)(-headers)?|text\/rfc822(-headers)?)$/.test(part.type)) continue
    const bytes = Buffer.from(partBytes(part).subarray(0, 256 * 1024))
    const head = /^[\s\S]*?(?=\r?\n\r?\n|$(?![\s\S]))/.exec(bytes.toString('latin1').trimStart())?.[0] ?? ''
    const id = messageIdIn(readHeaders(head).get('message-id')?.[0] ?? null)
    if (id !== null) return id
  }
  return null
}

const DAEMON = /^(mailer-daemon|postmaster|mail-daemon|mailerdaemon|mail delivery (system|subsystem))\b/i
const SUBJECT =
  /undeliver|undelivered|delivery (status|failure|has failed|incomplete)|returned mail|failure notice|mail(:)? (delivery )?(failed|failure)|message not delivered|mancat[ao] (consegna|recapito)|non recapitat|non recapitabile|impossibile recapitare|consegna non riuscita|mancato recapito/i
const DELAY = /delay|warning|will (be retried|retry|keep trying)|in ritardo|non ancora/i
const REPLY = /out of (the )?office|auto(matic)? ?reply|risposta automatica|fuori (sede|ufficio)|assen(te|za)/i

/** Letters of servers that follow no rule: only from a mail daemon, about a message that it returns, with a permanent code. */
function readPlain(mail: MailPart): MailBounce | null {
  const subject = decodeWords(headerOf(mail, 'subject') ?? '').slice(0, 500)
  const from = addressesIn(headerOf(mail, 'from') ?? '')[0] ?? ''
  const returnPath = headerOf(mail, 'return-path')
  const daemon = DAEMON.test(from) || returnPath?.replace(/\s/g, '') === '<>'
  const failed = headerOf(mail, 'x-failed-recipients')
  if (!daemon || REPLY.test(subject) || isReply(mail) || (failed === null && !SUBJECT.test(subject))) return null
  const text = [...mailParts(mail)]
    .filter((part) => part.type === 'text/plain')
    .map((part) => partText(part, 64 * 1024))
    .join('\n')
    .slice(0, 64 * 1024)
  const line = text.split('\n').find((one) => /\b5\d\d\b[ -]|\b5\.\d{1,3}\.\d{1,3}\b/.test(one)) ?? null
  const delayed = line === null && DELAY.test(`${subject} ${text.slice(0, 2000)}`)
  if (line === null && failed === null && !delayed) return null
  const returned = text.search(/^(-+ ?(this is a copy|original message|below this line)|return-path:|received:)/im)
  const head = returned < 0 ? text : text.slice(0, returned)
  const addresses = new Set(failed === null ? addressesIn(head) : addressesIn(failed))
  for (const own of addressesIn(headerOf(mail, 'to') ?? '')) addresses.delete(own)
  if (from !== '') addresses.delete(from)
  return {
    form: 'plain',
    messageId: returnedId(mail) ?? messageIdIn(/^message-id:[ \t]*(<[^<>\s]{1,900}>)/im.exec(text)?.[1] ?? null),
    ...envelope(mail),
    recipients: [...addresses].slice(0, MOST_RECIPIENTS).map((address) => ({
      address,
      original: null,
      action: delayed ? ('delayed' as const) : ('failed' as const),
      status: /\b5\.\d{1,3}\.\d{1,3}\b/.exec(line ?? '')?.[0] ?? null,
      diagnostic: shortened(line),
    })),
  }
}

function isReply(mail: MailPart): boolean {
  if (headerOf(mail, 'x-autoreply') !== null || headerOf(mail, 'x-autorespond') !== null) return true
  return /auto_?reply/i.test(headerOf(mail, 'precedence') ?? '')
}

function shortened(text: string | null): string | null {
  const clean =
    text
      ?.replace(/\p{Cc}+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim() ?? ''
  return clean === '' ? null : clean.slice(0, 500)
}
