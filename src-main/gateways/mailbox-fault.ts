import type { Mailbox } from '#domain/ports'
import { connectionReason } from './smtp-outcome.ts'
import { withoutSecret } from './without-secret.ts'

/** What imapflow tells of a failed step: its `message` is mostly «Command failed». */
interface ImapFailure {
  readonly code?: string
  readonly message?: string
  readonly authenticationFailed?: boolean
  readonly mailboxMissing?: boolean
  readonly responseStatus?: string
  readonly responseText?: string
  readonly serverResponseCode?: string
  readonly response?: unknown
}

/** Why a mailbox is not read, in plain words. */
export function mailboxFault(error: unknown, mailbox: Mailbox): string {
  const failure = (error ?? {}) as ImapFailure
  const code = failure.code ?? ''
  const message = failure.message ?? ''
  if (failure.authenticationFailed) return withoutSecret(loginFault(failure), mailbox.password)
  if (failure.mailboxMissing || failure.serverResponseCode === 'NONEXISTENT') {
    return `La cartella «${mailbox.folder}» non c’è in questa casella.`
  }
  if (code === 'CONNECT_TIMEOUT' || code === 'GREETING_TIMEOUT' || code === 'UPGRADE_TIMEOUT' || code === 'ETIMEOUT') {
    return 'Il server non ha risposto in tempo.'
  }
  if (code === 'STARTTLS_INJECTION' || /does not support STARTTLS/i.test(message)) {
    return 'Il server non cifra nel modo scelto.'
  }
  if (code === 'LiteralTooLarge' || code === 'ResponseTooLarge' || code === 'LineTooLarge') {
    return 'Il server manda più di quanto annuncia: la lettura si è fermata.'
  }
  if (failure.responseStatus === 'NO' || failure.responseStatus === 'BAD') {
    return `Il server rifiuta la lettura (ha risposto «${said(failure)}»).`
  }
  if (/^ClosedAfterConnect/.test(code) || code === 'NoConnection' || code === 'EConnectionClosed') {
    return 'Il collegamento con il server è caduto durante la lettura.'
  }
  return connectionReason({ code, message })
}

function loginFault(failure: ImapFailure): string {
  const code = failure.serverResponseCode ?? ''
  if (code === 'UNAVAILABLE' || code === 'INUSE' || code === 'LIMIT') {
    return 'Il server per ora non lascia entrare: riprova più tardi.'
  }
  if (code === 'PRIVACYREQUIRED') return 'Il server vuole un collegamento cifrato: scegli «TLS» o «STARTTLS».'
  return `Il server non accetta utente e password (ha risposto «${said(failure)}»).`
}

function said(failure: ImapFailure): string {
  const text = failure.responseText ?? (typeof failure.response === 'string' ? failure.response : '')
  return (
    text
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 200) || 'no'
  )
}
