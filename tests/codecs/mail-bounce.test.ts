import { describe, expect, it } from 'vitest'
import { readBounce } from '#codecs/mail-bounce'
import { readMail } from '#codecs/mail-read'
import { FAILED, letter, NOTICE, OURS, receipt, report } from './mail-samples.ts'

function read(bytes: Uint8Array) {
  const mail = readMail(bytes)
  if (!mail.ok) throw new Error(mail.error)
  return readBounce(mail.value)
}

describe('a delivery report', () => {
  it('says which message, to whom, and what the server answered', () => {
    expect(read(report([FAILED]))).toEqual({
      form: 'report',
      messageId: OURS,
      at: '2026-03-12T07:41:05.000Z',
      from: 'mailer-daemon@posta.example',
      recipients: [
        {
          address: 'ada.prova@pec.example',
          original: 'ada.prova@pec.example',
          action: 'failed',
          status: '5.1.1',
          diagnostic: '550 5.1.1 <ada.prova@pec.example>: Recipient address rejected: User unknown',
        },
      ],
    })
  })

  it.each(['text/rfc822-headers', 'message/rfc822-headers', 'message/rfc822'])(
    'takes the Message-ID from %s',
    (type) => {
      expect(read(report([FAILED], NOTICE.toString().split('\r\n\r\n')[0], type))?.messageId).toBe(OURS)
    },
  )

  it('a delay, a relay and a success are not failures', () => {
    for (const action of ['delayed', 'relayed', 'delivered', 'expanded'] as const) {
      const [one] = read(report([FAILED.replace('Action: failed', `Action: ${action} (nota)`)]))?.recipients ?? []
      expect(one?.action).toBe(action)
    }
  })

  it('with several recipients tells them apart', () => {
    const second = FAILED.replaceAll(/ada\.prova/gi, 'ugo.prova').replace('5.1.1', '5.2.2')
    expect(read(report([FAILED, second]))?.recipients.map((one) => [one.address, one.status])).toEqual([
      ['ada.prova@pec.example', '5.1.1'],
      ['ugo.prova@pec.example', '5.2.2'],
    ])
  })

  it('of reading, or without any recipient, is none', () => {
    const text = report([FAILED]).toString()
    expect(read(Buffer.from(text.replace('message/delivery-status', 'message/disposition-notification')))).toBeNull()
    expect(read(report(['Action: boh']))).toBeNull()
  })
})

const DAEMON = ['Return-Path: <>', 'From: MAILER-DAEMON@posta.example', 'To: segreteria@ordine.example']

describe('a server’s own letter', () => {
  it('in the way of qmail is read', () => {
    const bounce = read(
      letter(
        [...DAEMON, 'Subject: failure notice'],
        `Ciao, sono il programma di posta.\n\n<ada.prova@pec.example>:\n10.0.0.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <segreteria@ordine.example>\nMessage-ID: ${OURS}\nTo: ada.prova@pec.example\n`,
      ),
    )
    expect(bounce).toMatchObject({ form: 'plain', messageId: OURS })
    expect(bounce?.recipients).toEqual([
      {
        address: 'ada.prova@pec.example',
        original: null,
        action: 'failed',
        status: '5.1.1',
        diagnostic: 'Remote host said: 550 5.1.1 no such user',
      },
    ])
  })

  it('in the way of Exim is read from its header', () => {
    const bounce = read(
      letter(
        [...DAEMON, 'X-Failed-Recipients: ada.prova@pec.example', 'Subject: Mail delivery failed: returning message'],
        `Non consegnato.\n\n  ada.prova@pec.example\n    Unrouteable address\n\n------ This is a copy of the message. ------\n\nMessage-ID: ${OURS}\n`,
      ),
    )
    expect(bounce).toMatchObject({
      messageId: OURS,
      recipients: [{ address: 'ada.prova@pec.example', action: 'failed' }],
    })
  })

  it('in Italian, with the message attached, is read', () => {
    const bounce = read(
      letter(
        [...DAEMON, 'Subject: =?utf-8?Q?Impossibile_recapitare:_Avviso?=', 'Content-Type: multipart/mixed; boundary=b'],
        `--b\nContent-Type: text/plain\n\nada.prova@pec.example: 552 casella piena\n--b\nContent-Type: message/rfc822\n\n${NOTICE}\n--b--\n`,
      ),
    )
    expect(bounce).toMatchObject({
      messageId: OURS,
      recipients: [{ diagnostic: 'ada.prova@pec.example: 552 casella piena' }],
    })
  })

  it('that only warns of a delay is a delay', () => {
    const body = 'Il messaggio a ada.prova@pec.example è in ritardo, riproverò.\n'
    expect(
      read(letter([...DAEMON, 'Subject: Delivery Status Notification (Delay)'], body))?.recipients[0]?.action,
    ).toBe('delayed')
  })

  it.each([
    [
      'out of office',
      ['Return-Path: <>', 'From: ada.prova@pec.example', 'Subject: Fuori sede: Avviso', 'Auto-Submitted: auto-replied'],
    ],
    [
      'automatic reply',
      ['From: ada.prova@pec.example', 'Subject: Risposta automatica: mancata consegna', 'Return-Path: <>'],
    ],
    ['autoresponder', [...DAEMON, 'Subject: Returned mail', 'X-Autoreply: yes']],
    [
      'answer of a person',
      ['From: ada.prova@pec.example', 'Subject: Re: mancata consegna', 'Return-Path: <ada.prova@pec.example>'],
    ],
    ['letter of a postmaster', ['From: postmaster@posta.example', 'Subject: Manutenzione di domani']],
  ])('%s is none', (_name, head) => {
    expect(read(letter(head, 'Errore 550 5.1.1 nel testo: sono via fino a lunedì.\n'))).toBeNull()
  })
})

it('a PEC receipt and a plain letter are no bounces', () => {
  expect(read(receipt())).toBeNull()
  expect(read(NOTICE)).toBeNull()
})
