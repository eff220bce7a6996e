import { decodeWords, type MailPart, mailParts, partBytes, partText, readMail } from './mail-read.ts'

/** A message as a person reads it: its words out of their encoding, what else it carries by name, its head as it came. */
export interface ShownMail {
  readonly sections: readonly { readonly title: string; readonly text: string }[]
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
}

const SHOWN_CHARACTERS = 60_000

/** Null where it is not a message that can be taken apart. */
export function shownMail(source: Uint8Array): ShownMail | null {
  const read = readMail(source)
  if (!read.ok) return null
  const message = read.value
  const leaves = [...mailParts(message)].filter(
    (part) => part.parts.length === 0 && !part.type.startsWith('multipart/'),
  )
  const plain = leaves.some((part) => part.type === 'text/plain' && part.fileName === null)
  const sections: { title: string; text: string }[] = []
  const files: { name: string; bytes: number }[] = []
  for (const part of leaves) {
    const title = titleOf(part)
    if (part.type === 'text/html' && plain) continue
    if (title === null) files.push({ name: part.fileName ?? nameOf(part), bytes: partBytes(part).length })
    else sections.push({ title, text: shortened(partText(part)) })
  }
  const head = [...message.headers].flatMap(([name, values]) =>
    values.map((value) => `${capitals(name)}: ${decodeWords(value)}`),
  )
  sections.push({ title: 'Intestazioni', text: shortened(head.join('\n')) })
  return { sections, files }
}

/** A text as a person reads it: never longer than a window can hold, and it says so where it stops. */
export function shortened(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').trim()
  return lines.length <= SHOWN_CHARACTERS
    ? lines
    : `${lines.slice(0, SHOWN_CHARACTERS)}\n\n[Continua: salva il file per leggerlo tutto.]`
}

/** Under which name a part is read; null for what is not made to be read. */
function titleOf(part: MailPart): string | null {
  if (part.type === 'message/delivery-status') return 'Rapporto del server'
  if (part.type === 'text/rfc822-headers') return 'Intestazioni del messaggio spedito'
  if (/^(text|application)\/xml$/.test(part.type) || part.fileName?.toLowerCase().endsWith('.xml')) {
    return part.fileName ?? 'Dati di certificazione'
  }
  if (!part.type.startsWith('text/')) return null
  return part.fileName ?? 'Testo'
}

function nameOf(part: MailPart): string {
  return part.type === 'message/rfc822' ? 'messaggio spedito' : part.type
}

/** `message-id` → `Message-Id`: names were lowered when they were read. */
function capitals(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase())
}
