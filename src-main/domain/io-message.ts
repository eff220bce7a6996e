import { endOfDayInRome, type IsoDate } from './date.ts'
import type { LetterField } from './letter.ts'
import type { IoMessage } from './ports.ts'
import { fillTemplate } from './template.ts'

/** Lengths of a message of App IO (pagopa.md §9). */
const IO_SUBJECT = { least: 10, most: 120 } as const
const IO_MARKDOWN = { least: 80, most: 10_000 } as const
const MOST_CENTS = 9_999_999_999

/** Whoever has a fiscal code of sixteen characters may have the app; companies have none. Null says they cannot. */
export function ioRecipient(fiscalCode: string | null): string | null {
  const code = (fiscalCode ?? '').trim().toUpperCase()
  return /^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/.test(code)
    ? code
    : null
}

/** A value inside Markdown: what a person is called never becomes a link, a heading or a tag. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_~[\]()<>#|!&]/g, '\\$&')
}

export interface IoTexts {
  readonly subject: string
  readonly body: string
}

/**
 * The message for one person, or in Italian why it cannot be. The template is Markdown, the values are not; single line
 * ends stay line ends. Nothing is cut or padded.
 */
export function ioMessage(
  template: IoTexts,
  values: Readonly<Record<LetterField, string>>,
  to: {
    readonly fiscalCode: string
    readonly dueDate: IsoDate | null
    readonly cents: number
    readonly noticeNumber: string
    readonly payeeFiscalCode: string
  },
): { readonly ok: true; readonly message: IoMessage } | { readonly ok: false; readonly reason: string } {
  const subject = fillTemplate(template.subject, values).replace(/\s+/gu, ' ').trim()
  const safe = Object.fromEntries(
    Object.entries<string>(values).map(([name, value]) => [name, escapeMarkdown(value)]),
  ) as Record<LetterField, string>
  const markdown = fillTemplate(template.body.replace(/\r\n?/g, '\n'), safe)
    .replace(/([^\n])\n(?=[^\n])/g, '$1  \n')
    .trim()
  const reason =
    lengthFault('L’oggetto', subject, IO_SUBJECT) ??
    lengthFault('Il testo', markdown, IO_MARKDOWN) ??
    (to.cents < 1 || to.cents > MOST_CENTS ? 'L’importo non è fra quelli che App IO accetta.' : null) ??
    (/^[0-3]\d{17}$/.test(to.noticeNumber) ? null : 'Il numero avviso non è fra quelli che App IO accetta.')
  if (reason !== null) return { ok: false, reason }
  return {
    ok: true,
    message: {
      fiscalCode: to.fiscalCode,
      subject,
      markdown,
      dueDate: to.dueDate === null ? null : endOfDayInRome(to.dueDate),
      payment: { cents: to.cents, noticeNumber: to.noticeNumber, payeeFiscalCode: to.payeeFiscalCode },
    },
  }
}

function lengthFault(what: string, text: string, { least, most }: { least: number; most: number }): string | null {
  // The app counts one way, its rule another: at the short end characters, at the long end code units.
  const characters = [...text].length
  if (characters < least) return `${what} per App IO deve avere almeno ${least} caratteri: ne ha ${characters}.`
  if (text.length > most) return `${what} per App IO può avere al massimo ${most} caratteri: ne ha ${text.length}.`
  return null
}
