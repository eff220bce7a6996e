import { type Instant, instantOf, isIsoDate, parseItalianDate } from '#domain/date'
import { instantOfDateTime } from './iso-date-time.ts'
import { addressesIn, decodeWords, headerOf, type MailPart, mailParts, messageIdIn, partBytes } from './mail-read.ts'
import { readXml } from './xml-read.ts'

/**
 * What a PEC provider writes about a message (D.M. 2 novembre 2005, allegato; the same rules in English in RFC 6109 §3 and
 * §4). `anomalia` is ordinary mail wrapped for us, `messaggio` a PEC of someone else: neither is a receipt.
 */
export type PecKind =
  | 'accettazione'
  | 'nonAccettazione'
  | 'presaInCarico'
  | 'consegna'
  | 'mancata'
  | 'preavviso'
  | 'virus'
  | 'anomalia'
  | 'messaggio'

export interface PecReceipt {
  readonly kind: PecKind
  /** Message-ID of the message it speaks of, with brackets. */
  readonly messageId: string | null
  /** The provider's own name of the transmission. */
  readonly identifier: string | null
  /** When the event happened, by the provider's clock (daticert.xml, else the Date header). */
  readonly at: Instant | null
  readonly sender: string | null
  /** Lower case. */
  readonly recipients: readonly { readonly address: string; readonly certified: boolean }[]
  /** The one recipient of a consegna or of a mancata consegna, lower case. */
  readonly recipient: string | null
  readonly provider: string | null
  readonly form: 'completa' | 'breve' | 'sintetica' | null
  /** `nessuno`, `no-dest`, `no-dominio`, `virus`, `altro`. */
  readonly error: string | null
  readonly errorText: string | null
  readonly from: string | null
  /** An S/MIME signature is there. It is not verified. */
  readonly signed: boolean
  /** Why it proves nothing, in Italian; empty when all its parts agree. */
  readonly doubts: readonly string[]
}

const RECEIPTS: Readonly<Record<string, PecKind>> = {
  accettazione: 'accettazione',
  'non-accettazione': 'nonAccettazione',
  'presa-in-carico': 'presaInCarico',
  'avvenuta-consegna': 'consegna',
  'errore-consegna': 'mancata',
  // No rule has this word, but the subject of the notice does: read like the right one.
  'mancata-consegna': 'mancata',
  'preavviso-errore-consegna': 'preavviso',
  'rilevazione-virus': 'virus',
}

const DATICERT_LIMITS = { bytes: 1_048_576, depth: 12, text: 65_536 }

/** Reads one message; null when it is nothing of a PEC provider. Headers say what it is, `daticert.xml` must agree. */
export async function readPecReceipt(mail: MailPart): Promise<PecReceipt | null> {
  const kind = kindOf(mail)
  if (kind === null) return null
  const doubts: string[] = []
  const signed = isSigned(mail)
  const dati = await daticertOf(mail, doubts)
  const headerId = messageIdIn(headerOf(mail, 'x-riferimento-message-id'))
  const own = RECEIPTS_OF_OURS.has(kind)
  if (own) {
    if (!signed) doubts.push('manca la firma del gestore (S/MIME)')
    if (dati !== null && RECEIPTS[dati.kind] !== kind) doubts.push('intestazioni e daticert.xml dicono cose diverse')
    if (dati !== null && dati.messageId !== null && headerId !== null && dati.messageId !== headerId) {
      doubts.push('intestazioni e daticert.xml parlano di due messaggi diversi')
    }
    if (!/^posta-certificata@/.test(addressesIn(headerOf(mail, 'from') ?? '')[0] ?? '')) {
      doubts.push('il mittente non è «posta-certificata» di un gestore')
    }
    if ((mail.headers.get('x-ricevuta') ?? []).length > 1) doubts.push('ha più di un’intestazione «X-Ricevuta»')
  }
  const security = (headerOf(mail, 'x-verificasicurezza') ?? '').toLowerCase() === 'errore'
  return {
    kind,
    messageId: headerId ?? dati?.messageId ?? null,
    identifier: dati?.identifier ?? null,
    at: dati?.at ?? dateOf(headerOf(mail, 'date')),
    sender: dati?.sender ?? null,
    recipients: dati?.recipients ?? [],
    recipient: dati?.recipient ?? (dati?.recipients.length === 1 ? (dati.recipients[0]?.address ?? null) : null),
    provider: dati?.provider ?? null,
    form: dati?.form ?? formOf(headerOf(mail, 'x-tiporicevuta')),
    error: security ? 'virus' : (dati?.error ?? null),
    errorText: dati?.errorText ?? null,
    from: addressesIn(headerOf(mail, 'from') ?? '')[0] ?? null,
    signed,
    doubts,
  }
}

const RECEIPTS_OF_OURS: ReadonlySet<PecKind> = new Set([
  'accettazione',
  'nonAccettazione',
  'consegna',
  'mancata',
  'preavviso',
])

function kindOf(mail: MailPart): PecKind | null {
  const receipt = headerOf(mail, 'x-ricevuta')
  // An envelope carries what others sent: whatever it says of itself, it is no receipt.
  const transport = (headerOf(mail, 'x-trasporto') ?? '').toLowerCase()
  if (transport === 'posta-certificata') return 'messaggio'
  if (transport === 'errore') return 'anomalia'
  return receipt === null ? null : (RECEIPTS[receipt.toLowerCase()] ?? null)
}

/** `multipart/signed` with a PKCS#7 signature beside the signed part (RFC 8551 §3.5.3). */
function isSigned(mail: MailPart): boolean {
  if (mail.type === 'application/pkcs7-mime' || mail.type === 'application/x-pkcs7-mime') return true
  if (mail.type !== 'multipart/signed') return false
  return mail.parts.some((part) => /^application\/(x-)?pkcs7-signature$/.test(part.type) && part.body.length > 0)
}

interface Daticert {
  kind: string
  error: string | null
  sender: string | null
  recipients: { address: string; certified: boolean }[]
  provider: string | null
  at: Instant | null
  identifier: string | null
  messageId: string | null
  form: PecReceipt['form']
  recipient: string | null
  errorText: string | null
}

async function daticertOf(mail: MailPart, doubts: string[]): Promise<Daticert | null> {
  const found = [...mailParts(mail)].filter((part) => part.fileName?.toLowerCase() === 'daticert.xml')
  if (found.length !== 1) {
    doubts.push(found.length === 0 ? 'manca daticert.xml' : 'ha più di un daticert.xml')
    return null
  }
  const dati = await readDaticert(partBytes(found[0] as MailPart))
  if (dati === null) doubts.push('daticert.xml non si legge')
  return dati
}

/** `daticert.xml` (allegato al D.M. 2/11/2005 §7.4; RFC 6109 §4.4); null when it is not one. DOCTYPE is refused. */
export async function readDaticert(bytes: Uint8Array): Promise<Daticert | null> {
  const read: Daticert = {
    ...{ kind: '', error: null, sender: null, recipients: [], provider: null, at: null, identifier: null },
    ...{ messageId: null, form: null, recipient: null, errorText: null },
  }
  const stack: { name: string; attributes: Readonly<Record<string, string>> }[] = []
  const when = { day: '', time: '', zone: '' }
  const broken = await readXml(
    bytes,
    {
      open(name, attributes) {
        stack.push({ name, attributes })
        if (stack.length !== 1 || name !== 'postacert') return
        read.kind = (attributes.tipo ?? '').trim().toLowerCase()
        read.error = attributes.errore?.trim().toLowerCase() ?? null
      },
      close(name, raw) {
        const attributes = stack.pop()?.attributes ?? {}
        const path = `${stack.map((element) => element.name).join('/')}/${name}`
        const text = raw.trim().slice(0, 4000)
        if (path === 'postacert/intestazione/mittente') read.sender = addressesIn(text)[0] ?? null
        else if (path === 'postacert/intestazione/destinatari' && read.recipients.length < 1000) {
          const certified = (attributes.tipo ?? 'certificato').toLowerCase() === 'certificato'
          for (const address of addressesIn(text)) read.recipients.push({ address, certified })
        } else if (path === 'postacert/dati/gestore-emittente') read.provider = text
        else if (path === 'postacert/dati/data/giorno') when.day = text
        else if (path === 'postacert/dati/data/ora') when.time = text
        else if (path === 'postacert/dati/data') when.zone = attributes.zona ?? ''
        else if (path === 'postacert/dati/identificativo') read.identifier = text
        else if (path === 'postacert/dati/msgid') read.messageId = messageIdIn(text)
        else if (path === 'postacert/dati/ricevuta') read.form = formOf(attributes.tipo ?? null)
        else if (path === 'postacert/dati/consegna') read.recipient = addressesIn(text)[0] ?? null
        else if (path === 'postacert/dati/errore-esteso') read.errorText = text.replace(/\s+/g, ' ')
      },
    },
    DATICERT_LIMITS,
  )
  if (broken !== null || read.kind === '') return null
  return { ...read, at: momentOf(when) }
}

/** `21/09/2026`, `15:16:38`, `+0200` → instant; without zone it is the time in Italy. */
function momentOf({ day, time, zone }: { day: string; time: string; zone: string }): Instant | null {
  const date = parseItalianDate(day) ?? (isIsoDate(day) ? day : null)
  if (date === null) return null
  const offset = /^([+-]\d{2}):?(\d{2})$/.exec(zone.trim())
  return instantOfDateTime(`${date}T${time}${offset === null ? '' : `${offset[1]}:${offset[2]}`}`)
}

function formOf(text: string | null): PecReceipt['form'] {
  const form = text?.trim().toLowerCase()
  return form === 'completa' || form === 'breve' || form === 'sintetica' ? form : null
}

/** A Date header (RFC 5322 §3.3) as an instant. */
export function dateOf(text: string | null): Instant | null {
  if (text === null || text.length > 100) return null
  const epochMs = Date.parse(decodeWords(text).replace(/\([^)]*\)/g, ''))
  return Number.isNaN(epochMs) || Math.abs(epochMs) > 8.64e15 ? null : instantOf(epochMs)
}
