import type { NoticeLetter } from '#codecs/pdf/notice-kit'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type LetterField, letterValues } from '#domain/letter'
import type { LetterPaper, LetterPlace } from '#domain/letter-paper'
import { noticeFileName } from '#domain/notice-file-name'
import { ProblemError, problem } from '#domain/problem'
import type { PaperInstitution } from '#domain/quietanza-paper'
import { fillTemplate } from '#domain/template'
import type { ReadHandle } from '#ledger/ledger'
import { type LetterText, readLetter } from '#ledger/letter'
import {
  FACTS_SLICE,
  leadingOf,
  type NoticeFacts,
  noticeData,
  readNoticeFacts,
  wholeNotice,
} from '#ledger/notice-facts'
import { readNoticeStyle } from '#ledger/notice-style'
import type { ServiceContext } from './context.ts'
import { pause } from './long-work.ts'
import { readNoticeKitInput } from './notice-kit-input.ts'
import { paperInstitution } from './paper-heading.ts'
import type { DrawnNotice, NoticePaper } from './paper-messages.ts'
import { type PaperPress, type PressKit, pressKit } from './paper-press.ts'
import { today } from './produced-file.ts'

/** What a run of papers shares, read once for it. */
export interface PaperRun {
  readonly kit: PressKit
  readonly institution: PaperInstitution
  /** `it`, `it+de`…: as the ledger keeps it with each paper. */
  readonly languages: string
  readonly fileNamePattern: string
  readonly letter: { readonly text: LetterText; readonly place: LetterPlace } | null
  readonly today: IsoDate
}

export interface LetterChoice {
  readonly id: Id<'letter'>
  readonly place: LetterPlace
  /** As it was when its campaign was started; the present one when absent. */
  readonly text?: LetterText
}

/** @throws ProblemError without institution, or when the letter is no more. */
export async function readPaperRun(
  db: ReadHandle,
  context: ServiceContext,
  choice: LetterChoice | null = null,
): Promise<PaperRun> {
  const input = await readNoticeKitInput(db)
  const text = choice === null ? null : (choice.text ?? (await readLetter(db, choice.id)))
  if (choice !== null && text === null) throw new ProblemError(problem('LETTER_GONE', {}))
  return {
    kit: pressKit(input),
    institution: await paperInstitution(db),
    languages: input.second === null ? 'it' : `it+${input.second.language}`,
    fileNamePattern: (await readNoticeStyle(db)).fileNamePattern,
    letter: choice === null || text === null ? null : { text, place: choice.place },
    today: today(context),
  }
}

/** `duplicate`: this notice left before. */
export function noticePaper(facts: NoticeFacts, run: PaperRun, duplicate = false): NoticePaper {
  const notice = duplicate ? { ...noticeData(facts), duplicate } : noticeData(facts)
  if (run.letter === null) return { notice }
  const letter: NoticeLetter = { paper: letterPaper(run.letter.text, facts, run), place: run.letter.place }
  return { notice, letter }
}

/** A cover letter for one position, its fields filled in. */
export function letterPaper(
  text: Omit<LetterText, 'name'>,
  facts: NoticeFacts,
  run: Pick<PaperRun, 'institution' | 'today'>,
): LetterPaper {
  const notice = noticeData(facts)
  const values = fieldValues(facts, { institution: run.institution.name, today: run.today })
  return {
    institution: run.institution,
    date: run.today,
    recipient: [notice.debtor.name, ...notice.debtor.addressLines],
    subject: fillTemplate(text.subject, values).replace(/\s+/g, ' ').trim(),
    body: fillTemplate(text.body.replace(/\r\n?/g, '\n'), values),
    signature: fillTemplate(text.signature, values),
  }
}

/** What the fields of letters and messages say for one position. */
export function fieldValues(
  facts: NoticeFacts,
  more: { readonly institution: string; readonly today: IsoDate; readonly inApp?: boolean },
): Record<LetterField, string> {
  return letterValues(wholeNotice(facts), { ...more, year: facts.year, open: facts.open })
}

/** Name of the notice's file by the institution's pattern, `.pdf` included. */
export function paperFileName(facts: NoticeFacts, pattern: string): string {
  const { iuv, noticeNumber } = leadingOf(facts)
  return noticeFileName(pattern, {
    codiceFiscale: facts.fiscalCode ?? 'SENZA-CODICE',
    nome: facts.name,
    anno: String(facts.year),
    iuv,
    numeroAvviso: noticeNumber,
    lotto: facts.issuance,
  })
}

/** One notice at once. @throws ProblemError where a text cannot be printed. */
export async function drawOne(
  press: PaperPress,
  facts: NoticeFacts,
  run: PaperRun,
  duplicate = false,
): Promise<Extract<DrawnNotice, { ok: true }>> {
  const [drawn] = await press.draw(run.kit, [noticePaper(facts, run, duplicate)])
  if (drawn === undefined) throw new Error('the press gave nothing back')
  if (!drawn.ok) throw new ProblemError(...drawn.problems)
  return drawn
}

/** Notices that go to the press together: a preview asked meanwhile waits for one such batch. */
export const BATCH = 24

/** Issued positions among these with what their notices say, batch by batch: thousands never stand in memory at once. */
export async function* issuedFacts(
  context: ServiceContext,
  ids: readonly Id<'debtPosition'>[],
): AsyncGenerator<readonly NoticeFacts[]> {
  for (let from = 0; from < ids.length; from += FACTS_SLICE) {
    const slice = ids.slice(from, from + FACTS_SLICE)
    const facts = (await context.ledger.read((db) => readNoticeFacts(db, slice))).filter(
      ({ lifecycle }) => lifecycle === 'issued',
    )
    // The ledger answers at once: without a turn here a loop over it would starve everything else.
    await pause()
    for (let at = 0; at < facts.length; at += BATCH) yield facts.slice(at, at + BATCH)
  }
}

/** Does `work` on each batch, the next one already under way while its result is used. */
export async function* oneAhead<T, R>(batches: AsyncIterable<T>, work: (batch: T) => Promise<R>): AsyncGenerator<R> {
  let before: Promise<R> | null = null
  try {
    for await (const batch of batches) {
      const now = work(batch)
      // Who awaits it hears of a failure; one that nobody waits for any more must not end the program.
      now.catch(() => undefined)
      if (before !== null) yield await before
      before = now
    }
    if (before !== null) yield await before
    before = null
  } finally {
    await before?.catch(() => undefined)
  }
}
