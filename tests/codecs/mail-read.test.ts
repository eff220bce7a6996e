import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import { describe, expect, it } from 'vitest'
import { readBounce } from '#codecs/mail-bounce'
import { decodeWords, headerOf, mailParts, partBytes, partText, readMail } from '#codecs/mail-read'
import { readPecReceipt } from '#codecs/pec-receipt'
import { FAILED, letter, receipt, report } from './mail-samples.ts'

function parts(bytes: Uint8Array) {
  const mail = readMail(bytes)
  if (!mail.ok) throw new Error(mail.error)
  return [...mailParts(mail.value)]
}

describe('reading a message', () => {
  it('agrees with mailparser on what nodemailer writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.array(fc.tuple(fc.stringMatching(/^[a-zà-ù0-9 ._-]{1,50}$/), fc.uint8Array({ maxLength: 400 })), {
          maxLength: 3,
        }),
        async (subject, text, files) => {
          const message = await new MailComposer({
            from: 'ordine@ordine.example',
            to: 'ada@posta.example',
            subject,
            text,
            attachments: files.map(([name, bytes]) => ({ filename: `f${name}x`, content: Buffer.from(bytes) })),
          })
            .compile()
            .build()
          const oracle = await simpleParser(message)
          const found = parts(message)
          const root = found[0] as (typeof found)[number]
          expect(decodeWords(headerOf(root, 'subject') ?? '').trim()).toBe((oracle.subject ?? '').trim())
          expect(headerOf(root, 'message-id')).toBe(oracle.messageId)
          const attached = found.filter((part) => part.fileName !== null)
          expect(attached.map((part) => part.fileName)).toEqual(oracle.attachments.map((one) => one.filename))
          for (const [index, part] of attached.entries()) {
            expect(Buffer.from(partBytes(part)).equals(oracle.attachments[index]?.content as Buffer)).toBe(true)
          }
          const body = found.find((part) => part.type === 'text/plain' && part.fileName === null)
          const plain = (one: string) => one.replace(/\r\n/g, '\n').trim()
          expect(plain(body === undefined ? '' : partText(body))).toBe(plain(oracle.text ?? ''))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not open forwarded messages, and stops at its limits', () => {
    const nested = (depth: number): string =>
      depth === 0
        ? 'Content-Type: text/plain\n\nfine\n'
        : `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested(depth - 1)}\n--b${depth}--\n`
    expect(readMail(Buffer.from(nested(8))).ok).toBe(true)
    expect(readMail(Buffer.from(nested(30))).ok).toBe(false)
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(300)}--b--\n`
    expect(readMail(Buffer.from(many)).ok).toBe(false)
    expect(readMail(Buffer.from(`X: ${'a'.repeat(400_000)}\n\nciao`)).ok).toBe(false)
    expect(parts(letter(['Content-Type: message/rfc822'], receipt().toString('latin1')))).toHaveLength(1)
  })

  it('is quick with the message that should take longest', () => {
    const hostile = [
      `Content-Type: multipart/mixed; boundary=-\n\n${'--'.repeat(2_000_000)}`,
      `Content-Type: multipart/mixed; boundary="${' '.repeat(3000)}"\n\n${'-- \n'.repeat(500_000)}`,
      `Subject: ${'=?utf-8?Q?'.repeat(20_000)}\n\n`,
      `Content-Type: a/b; ${'a="\\'.repeat(40_000)}\n\n`,
      `From: ${'a@'.repeat(100_000)}\nX-Failed-Recipients: ${'<'.repeat(100_000)}\nSubject: returned mail\n\n${'message-id: <'.repeat(5000)}`,
      `Return-Path: <>\nSubject: failure notice\n\n${'5.1.1'.repeat(1_000_000)}`,
    ]
    const started = performance.now()
    for (const text of hostile) {
      const mail = readMail(Buffer.from(text))
      if (mail.ok) readBounce(mail.value)
    }
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('whatever comes', () => {
  const samples = [receipt(), receipt({ tipo: 'errore-consegna', error: 'altro', detail: 'x' }), report([FAILED])]

  const never = async (bytes: Uint8Array) => {
    const started = performance.now()
    const mail = readMail(bytes)
    if (mail.ok) {
      await readPecReceipt(mail.value)
      readBounce(mail.value)
    }
    expect(performance.now() - started).toBeLessThan(2000)
  }

  it('a sound message broken anywhere neither crashes nor hangs', async () => {
    const broken = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 12,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
      )
      .map(([sample, edits, cut, whole]) => {
        const bytes = Buffer.from(sample)
        for (const [at, value] of edits) bytes[Math.floor(at * (bytes.length - 1))] = value
        return whole ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length))
      })
    await fc.assert(fc.asyncProperty(broken, never), { numRuns: 1500 })
  })

  it('lines of mail in any order neither crash nor hang', async () => {
    const line = fc.oneof(
      fc.constantFrom(...samples.flatMap((sample) => sample.toString('latin1').split('\r\n'))),
      fc.constantFrom('', '--', 'Content-Type: multipart/mixed; boundary=', 'Content-Type: text/plain; charset=boh'),
      fc.string({ maxLength: 80 }),
    )
    const message = fc.array(line, { maxLength: 80 }).map((lines) => Buffer.from(lines.join('\r\n'), 'latin1'))
    await fc.assert(fc.asyncProperty(message, never), { numRuns: 1500 })
  })

  it('any bytes neither crash nor hang', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), never), { numRuns: 500 })
  })
})
