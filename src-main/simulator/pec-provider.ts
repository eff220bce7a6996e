import { addressesIn, headerOf, messageIdIn, readMail } from '#codecs/mail-read'
import { formatDate, type Instant, romeDate, romeDateTime } from '#domain/date'

/** What happens to a message for one recipient. Receipts of a fate come in the order in which a provider sends them. */
export type PecFate =
  | 'delivered'
  /** Accepted, and never another word. */
  | 'acceptedOnly'
  /** Taken, and not a single receipt. */
  | 'silent'
  | 'notAccepted'
  | 'notAcceptedVirus'
  | 'noBox'
  | 'noDomain'
  | 'fullBox'
  | 'virus'
  /** Two notices that delivery is late, then the failure. */
  | 'preavvisoThenFailed'
  | 'preavvisoThenDelivered'
  /** Every receipt twice. */
  | 'duplicate'
  /** The consegna before the accettazione. */
  | 'outOfOrder'

export type PecForm = 'completa' | 'breve' | 'sintetica'

export interface PecProviderOptions {
  /** `pec.example`: receipts come from posta-certificata@ this domain. */
  readonly domain: string
  readonly name: string
  now(): Instant
  readonly fate?: (recipient: string) => PecFate
  readonly form?: PecForm
  /** Puts a receipt into the sender's mailbox. */
  deliver(mailbox: string, message: Uint8Array): void | Promise<void>
}

type Tipo = 'accettazione' | 'non-accettazione' | 'avvenuta-consegna' | 'errore-consegna' | 'preavviso-errore-consegna'

interface Step {
  readonly tipo: Tipo
  readonly error?: 'no-dest' | 'no-dominio' | 'virus' | 'altro'
  readonly detail?: string
}

const STEPS: Readonly<Record<PecFate, readonly Step[]>> = {
  delivered: [{ tipo: 'accettazione' }, { tipo: 'avvenuta-consegna' }],
  acceptedOnly: [{ tipo: 'accettazione' }],
  silent: [],
  notAccepted: [{ tipo: 'non-accettazione', error: 'altro', detail: '5.7.1 - il messaggio non rispetta le regole' }],
  notAcceptedVirus: [{ tipo: 'non-accettazione', error: 'virus', detail: '5.7.0 - trovato un virus nell’allegato' }],
  noBox: [
    { tipo: 'accettazione' },
    { tipo: 'errore-consegna', error: 'no-dest', detail: '5.1.1 - casella inesistente' },
  ],
  noDomain: [
    { tipo: 'accettazione' },
    { tipo: 'errore-consegna', error: 'no-dominio', detail: '5.1.2 - dominio ignoto' },
  ],
  fullBox: [{ tipo: 'accettazione' }, { tipo: 'errore-consegna', error: 'altro', detail: '5.2.2 - casella piena' }],
  virus: [{ tipo: 'accettazione' }, { tipo: 'errore-consegna', error: 'virus', detail: '5.7.0 - trovato un virus' }],
  preavvisoThenFailed: [
    { tipo: 'accettazione' },
    { tipo: 'preavviso-errore-consegna', error: 'altro', detail: '4.4.7 - nessuna risposta in 12 ore' },
    { tipo: 'preavviso-errore-consegna', error: 'altro', detail: '4.4.7 - nessuna risposta in 24 ore' },
    { tipo: 'errore-consegna', error: 'altro', detail: '5.4.7 - tempo scaduto' },
  ],
  preavvisoThenDelivered: [
    { tipo: 'accettazione' },
    { tipo: 'preavviso-errore-consegna', error: 'altro', detail: '4.4.7 - nessuna risposta in 12 ore' },
    { tipo: 'avvenuta-consegna' },
  ],
  duplicate: [{ tipo: 'accettazione' }, { tipo: 'avvenuta-consegna' }],
  outOfOrder: [{ tipo: 'avvenuta-consegna' }, { tipo: 'accettazione' }],
}

/**
 * A PEC provider for rehearsals: takes messages and answers with receipts shaped like those of the technical rules
 * (D.M. 2/11/2005, allegato; RFC 6109). The S/MIME signature is invented bytes: nobody could verify it.
 */
export class PecProvider {
  /** Messages taken, as they came. */
  readonly taken: Uint8Array[] = []
  readonly #options: PecProviderOptions
  #count = 0

  constructor(options: PecProviderOptions) {
    this.#options = options
  }

  /** Takes one message for its recipients and answers at once with all the receipts of their fates. */
  async take(message: Uint8Array, recipients: readonly string[]): Promise<void> {
    this.taken.push(message)
    for (const { mailbox, bytes } of this.receipts(message, recipients)) await this.#options.deliver(mailbox, bytes)
  }

  /** The receipts that the fates would bring, in order. */
  receipts(message: Uint8Array, recipients: readonly string[]): { mailbox: string; bytes: Uint8Array }[] {
    const mail = readMail(message)
    if (!mail.ok) return []
    const sender = addressesIn(headerOf(mail.value, 'from') ?? '')[0]
    const messageId = messageIdIn(headerOf(mail.value, 'message-id'))
    if (sender === undefined || messageId === null) return []
    const subject = headerOf(mail.value, 'subject') ?? ''
    return recipients.flatMap((recipient) => {
      const fate = this.#options.fate?.(recipient) ?? 'delivered'
      const made = STEPS[fate].map((step) => ({
        mailbox: sender,
        bytes: this.#receipt(step, { sender, recipient, messageId, subject, message }),
      }))
      return fate === 'duplicate' ? made.flatMap((one) => [one, one]) : made
    })
  }

  #receipt(
    step: Step,
    about: { sender: string; recipient: string; messageId: string; subject: string; message: Uint8Array },
  ): Uint8Array {
    this.#count += 1
    const { domain, name, form = 'completa' } = this.#options
    const identifier = `opec${String(this.#count).padStart(6, '0')}.${romeDateTime(this.#options.now()).replace(/\D/g, '')}@${domain}`
    return pecReceipt({ ...step, ...about, domain, provider: name, identifier, form, at: this.#options.now() })
  }
}

export interface PecReceiptFacts extends Step {
  readonly sender: string
  readonly recipient: string
  readonly messageId: string
  /** As in the message's own header. */
  readonly subject: string
  /** The message it speaks of, which a complete consegna carries. */
  readonly message: Uint8Array
  readonly domain: string
  readonly provider: string
  readonly identifier: string
  readonly form: PecForm
  readonly at: Instant
}

const TITLES: Readonly<Record<Tipo, string>> = {
  accettazione: 'ACCETTAZIONE',
  'non-accettazione': 'AVVISO DI NON ACCETTAZIONE',
  'avvenuta-consegna': 'CONSEGNA',
  'errore-consegna': 'AVVISO DI MANCATA CONSEGNA',
  'preavviso-errore-consegna': 'AVVISO DI MANCATA CONSEGNA PER SUPERAMENTO TEMPO MASSIMO',
}

/** One receipt as a provider writes it: signed envelope, words, `daticert.xml`, and the message where the form wants it. */
export function pecReceipt(facts: PecReceiptFacts): Uint8Array {
  const { tipo, identifier, at } = facts
  const outer = `----=_firma_${identifier.replace(/\W/g, '')}`
  const inner = `----=_parti_${identifier.replace(/\W/g, '')}`
  const consegna = tipo === 'avvenuta-consegna'
  const head = [
    `X-Ricevuta: ${tipo}`,
    ...(consegna ? [`X-TipoRicevuta: ${facts.form}`] : []),
    ...(facts.error === 'virus' ? ['X-VerificaSicurezza: errore'] : []),
    `X-Riferimento-Message-ID: ${facts.messageId}`,
    `Date: ${mailDate(at)}`,
    `From: posta-certificata@${facts.domain}`,
    `To: ${facts.sender}`,
    `Subject: ${TITLES[tipo]}: ${facts.subject}`,
    `Message-ID: <${identifier}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/signed; protocol="application/x-pkcs7-signature"; micalg=sha-256;\r\n boundary="${outer}"`,
  ]
  const parts = [
    part('text/plain; charset=utf-8', base64(words(facts))),
    part('application/xml; name="daticert.xml"', base64(daticert(facts)), 'inline; filename="daticert.xml"'),
  ]
  if (consegna && facts.form === 'completa') {
    const source = Buffer.from(facts.message).toString('latin1')
    parts.push(
      `Content-Type: message/rfc822; name="postacert.eml"\r\nContent-Disposition: attachment; filename="postacert.eml"\r\n\r\n${source}`,
    )
  }
  const signed = `Content-Type: multipart/mixed; boundary="${inner}"\r\n\r\n${bounded(inner, parts)}`
  const signature = part(
    'application/x-pkcs7-signature; name="smime.p7s"',
    base64(`firma inventata di ${identifier}`),
    'attachment; filename="smime.p7s"',
  )
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${bounded(outer, [signed, signature])}`, 'latin1')
}

/** Closed by its delimiters, as RFC 2046 wants. */
function bounded(boundary: string, parts: readonly string[]): string {
  return `${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`
}

function part(type: string, body: string, disposition?: string): string {
  const place = disposition === undefined ? '' : `Content-Disposition: ${disposition}\r\n`
  return `Content-Type: ${type}\r\n${place}Content-Transfer-Encoding: base64\r\n\r\n${body}`
}

function base64(text: string): string {
  return (
    Buffer.from(text, 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')
}

function words({ tipo, at, sender, recipient, detail, identifier }: PecReceiptFacts): string {
  const when = `${formatDate(romeDate(at))} alle ore ${romeDateTime(at).slice(11)} (${romeZone(at)})`
  const what: Readonly<Record<Tipo, string>> = {
    accettazione: 'preso dal sistema e passato oltre',
    'non-accettazione': 'respinto in partenza',
    'avvenuta-consegna': 'messo nella casella di chi lo riceve',
    'errore-consegna': 'fermato prima della casella di chi lo riceve',
    'preavviso-errore-consegna': 'ancora in viaggio oltre il tempo previsto',
  }
  const why = detail === undefined ? '' : `Motivo: ${detail}\r\n`
  return `${TITLES[tipo]}\r\n\r\n${when}: il messaggio di ${sender} per ${recipient} è stato ${what[tipo]}.\r\n${why}Identificativo: ${identifier}\r\n`
}

function daticert(facts: PecReceiptFacts): string {
  const { tipo, error = 'nessuno', at } = facts
  const one = tipo === 'avvenuta-consegna' || tipo === 'errore-consegna' || tipo === 'preavviso-errore-consegna'
  return `<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="${tipo}" errore="${error}">
  <intestazione>
    <mittente>${xml(facts.sender)}</mittente>
    <destinatari tipo="certificato">${xml(facts.recipient)}</destinatari>
    <risposte>${xml(facts.sender)}</risposte>
    <oggetto>${xml(facts.subject)}</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>${xml(facts.provider)}</gestore-emittente>
    <data zona="${romeZone(at)}">
      <giorno>${formatDate(romeDate(at))}</giorno>
      <ora>${romeDateTime(at).slice(11)}</ora>
    </data>
    <identificativo>${xml(facts.identifier)}</identificativo>
    <msgid>${xml(facts.messageId)}</msgid>
${tipo === 'avvenuta-consegna' ? `    <ricevuta tipo="${facts.form}"/>\n` : ''}${one ? `    <consegna>${xml(facts.recipient)}</consegna>\n` : ''}${
  facts.detail === undefined ? '' : `    <errore-esteso>${xml(facts.detail)}</errore-esteso>\n`
}  </dati>
</postacert>
`
}

function xml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

/** `+0100` or `+0200`. */
function romeZone(at: Instant): string {
  const wall = Date.parse(`${romeDateTime(at).replace(' ', 'T')}Z`)
  const hours = Math.round((wall - Date.parse(at)) / 3_600_000)
  return `+0${hours}00`
}

function mailDate(at: Instant): string {
  return new Date(at).toUTCString().replace('GMT', '+0000')
}
