import type { Instant } from '#domain/date'
import { type PecReceiptFacts, pecReceipt } from '#simulator/pec-provider'

export const OURS = '<0a1b2c3d4e5f60718293a4b5c6d7e8f9@ordine.pec.example>'
export const AT = '2026-03-12T07:41:05.000Z' as Instant

export const NOTICE = Buffer.from(
  [
    `Message-ID: ${OURS}`,
    'From: Ordine di prova <ordine@ordine.pec.example>',
    'To: Ada Prova <ada.prova@pec.example>',
    'Subject: Avviso di pagamento',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Gentile Ada Prova,',
    'ecco il tuo avviso.',
    '',
  ].join('\r\n'),
)

export function receipt(more: Partial<PecReceiptFacts> = {}): Buffer {
  return Buffer.from(
    pecReceipt({
      tipo: 'avvenuta-consegna',
      sender: 'ordine@ordine.pec.example',
      recipient: 'ada.prova@pec.example',
      messageId: OURS,
      subject: 'Avviso di pagamento',
      message: NOTICE,
      domain: 'gestore.example',
      provider: 'Gestore di prova',
      identifier: 'opec000001.20260312084105@gestore.example',
      form: 'completa',
      at: AT,
      ...more,
    }),
  )
}

export function letter(head: readonly string[], body: string): Buffer {
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body.replace(/\r?\n/g, '\r\n')}`)
}

/** A report as RFC 3464 wants it; `groups` are the recipients' fields. */
export function report(
  groups: readonly string[],
  returned: string = NOTICE.toString(),
  type = 'message/rfc822',
): Buffer {
  const parts = [
    'Content-Type: text/plain\r\n\r\nIl messaggio torna indietro.\r\n',
    `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; posta.example\r\nArrival-Date: Thu, 12 Mar 2026 08:41:00 +0100\r\n\r\n${groups.join('\r\n\r\n')}\r\n`,
    `Content-Type: ${type}\r\n\r\n${returned}\r\n`,
  ]
  return letter(
    [
      'Return-Path: <>',
      'From: Mail Delivery System <MAILER-DAEMON@posta.example>',
      'To: segreteria@ordine.example',
      'Date: Thu, 12 Mar 2026 08:41:05 +0100 (CET)',
      'Subject: Undelivered Mail Returned to Sender',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="taglio/1"',
    ],
    `${parts.map((part) => `--taglio/1\r\n${part}`).join('')}--taglio/1--\r\n`,
  )
}

export const FAILED = [
  'Final-Recipient: rfc822; Ada.Prova@pec.example',
  'Original-Recipient: rfc822;ada.prova@pec.example',
  'Action: failed',
  'Status: 5.1.1',
  'Diagnostic-Code: smtp; 550 5.1.1 <ada.prova@pec.example>: Recipient address\r\n    rejected: User unknown',
].join('\r\n')
