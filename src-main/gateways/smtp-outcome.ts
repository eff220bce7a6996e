import type { SendOutcome } from '#domain/ports'

/** What nodemailer tells of a failed step. */
export interface SmtpFailure {
  readonly code?: string | undefined
  readonly originalCode?: string | undefined
  readonly responseCode?: number | undefined
  readonly response?: string | undefined
  readonly command?: string | undefined
  readonly message: string
}

/**
 * The outcome of a failed message. A reply decides by its code (RFC 5321 §4.2.1: 4 may pass, 5 will not). Without a reply
 * it depends on the phase: before the text was handed over nothing left, so it may be tried again; afterwards nobody
 * knows, and a second sending could deliver twice.
 */
export function failedOutcome(failure: SmtpFailure, bodyStarted: boolean): SendOutcome {
  const reply = failure.response ?? failure.message
  if (failure.responseCode !== undefined && failure.responseCode >= 400) {
    const kind = failure.responseCode >= 500 ? 'permanent' : 'temporary'
    return { kind, reply, reason: replyReason(failure.responseCode, reply) }
  }
  if (failure.code === 'EMESSAGE' && failure.command === 'MAIL FROM') {
    return { kind: 'permanent', reply, reason: 'Il messaggio supera la grandezza che il server accetta.' }
  }
  if (failure.code === 'EENVELOPE' && failure.command === 'API') {
    return { kind: 'permanent', reply, reason: 'L’indirizzo non è scritto in modo corretto.' }
  }
  if (bodyStarted) {
    return {
      kind: 'unknown',
      reply,
      reason: 'La linea è caduta dopo la spedizione del testo: il server non ha detto se lo ha preso.',
    }
  }
  return { kind: 'temporary', reply, reason: connectionReason(failure) }
}

/** A refusal in plain words, from the enhanced code (RFC 3463) or from the plain one. */
export function replyReason(responseCode: number, reply: string): string {
  const enhanced = /\b([45])\.(\d{1,3})\.(\d{1,3})\b/.exec(reply)
  const subject = enhanced ? `${enhanced[2]}.${enhanced[3]}` : ''
  if (subject === '1.1' || subject === '1.0') return 'La casella del destinatario non esiste.'
  if (subject === '1.2' || subject === '4.4') return 'Il dominio del destinatario non riceve posta.'
  if (subject === '1.3') return 'L’indirizzo del destinatario non è scritto in modo corretto.'
  if (subject === '2.1') return 'La casella del destinatario è disattivata.'
  if (subject === '2.2' || responseCode === 452) return 'La casella del destinatario è piena.'
  if (subject === '3.4' || subject === '2.3' || responseCode === 552) {
    return 'Il messaggio supera la grandezza che il server accetta.'
  }
  if (responseCode === 421) return 'Il server ha chiuso il collegamento e chiede di riprovare più tardi.'
  if (responseCode === 450 || responseCode === 451) return 'Il server chiede di riprovare più tardi.'
  if (responseCode === 530 || responseCode === 535) return 'Il server chiede un accesso che non ha riconosciuto.'
  if (responseCode === 553) return 'Il server non permette questo mittente o questo destinatario.'
  if (responseCode === 550 && subject === '') return 'Il server rifiuta il destinatario.'
  if (subject.startsWith('7.') || responseCode === 554) return 'Il server rifiuta il messaggio per le sue regole.'
  return responseCode >= 500 ? 'Il server rifiuta il messaggio.' : 'Il server per ora non accetta il messaggio.'
}

const DROPPED = 'Il collegamento con il server è caduto.'

/** Why a server was not reached, in plain words. */
export function connectionReason(failure: SmtpFailure): string {
  const code = failure.originalCode ?? failure.code ?? ''
  // A greeting that sends away («421 too many connections») is an answer, not a line that dropped.
  if (failure.code === 'EPROTOCOL' && failure.responseCode !== undefined) {
    const said = (failure.response ?? '')
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 200)
    return `Il server non accetta il collegamento (ha risposto «${said || failure.responseCode}»).`
  }
  if (code === 'ENOTFOUND' || code === 'EDNS' || code === 'EAI_AGAIN') return 'Il nome del server non si trova.'
  if (code === 'ECONNREFUSED') return 'Il server non risponde su quella porta.'
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'Il server non ha risposto in tempo.'
  if (isCertificateFailure(code, failure.message)) return 'Il certificato del server non è valido per quel nome.'
  // A line that dies during the handshake says nothing of how the server encrypts.
  if (code === 'ECONNRESET' || /disconnected before secure/.test(failure.message)) return DROPPED
  if (code === 'ETLS' || /STARTTLS|SSL|TLS|wrong version/i.test(failure.message)) {
    return 'Il server non cifra nel modo scelto.'
  }
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return 'La rete non raggiunge il server.'
  return DROPPED
}

function isCertificateFailure(code: string, message: string): boolean {
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY/.test(code) || /certificate|altnames/i.test(message)
}
