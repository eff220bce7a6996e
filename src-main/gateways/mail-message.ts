import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mail } from '#domain/ports'
import { err, ok, type Result } from '#domain/result'

/** One plain address: local part and domain, no comment, list, route or quoting, nothing that opens another header. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$|^[a-z0-9.+-]{1,64}@localhost$/u
const CONTROL = /\p{Cc}/u

/** The first header value that would break the message's head, in Italian words; null when all are sound. */
export function headerFault(mail: Mail): string | null {
  const named: readonly (readonly [string, string])[] = [
    ['L’oggetto', mail.subject],
    ['Il nome del mittente', mail.from.name],
    ['Il nome del destinatario', mail.to.name],
    ['L’identificativo', mail.messageId],
    ...mail.attachments.flatMap((a) => [
      ['Il nome dell’allegato', a.name] as const,
      ['Il tipo dell’allegato', a.mime] as const,
    ]),
  ]
  for (const [what, value] of named) if (CONTROL.test(value)) return `${what} contiene un a capo o un segno invisibile.`
  for (const address of [mail.from.address, mail.to.address]) {
    if (!ADDRESS.test(address))
      return `L’indirizzo «${address.replace(/\p{Cc}/gu, '·')}» non è scritto in modo corretto.`
  }
  return /^<[^<>\s]+@[^<>\s]+>$/.test(mail.messageId) ? null : 'L’identificativo del messaggio non ha la forma <a@b>.'
}

/** RFC 5322 bytes of a message, text in UTF-8, attachments in base64. `date` goes into the head. */
export async function messageBytes(mail: Mail, date: Date): Promise<Result<Buffer, string>> {
  const fault = headerFault(mail)
  if (fault !== null) return err(fault)
  const composer = new MailComposer({
    from: { name: mail.from.name, address: mail.from.address },
    to: { name: mail.to.name, address: mail.to.address },
    subject: mail.subject,
    text: mail.text,
    messageId: mail.messageId,
    date,
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: mail.attachments.map((a) => ({
      filename: a.name,
      contentType: a.mime,
      content: Buffer.from(a.bytes.buffer, a.bytes.byteOffset, a.bytes.byteLength),
    })),
  })
  return ok(await composer.compile().build())
}
