import { isoDate } from '#domain/date'
import type { LetterPaper, LetterPlace } from '#domain/letter-paper'
import { cents } from '#domain/money'
import { leadingPayment, type NoticeCreditor, type NoticeData } from '#domain/notice'
import type { NoticeGraphic } from '#domain/notice-graphics'
import { groupNoticeNumber, type NoticeNumber } from '#domain/notice-number'
import { NOTICE_WORDS, type NoticeWords, type SecondLanguage } from '#domain/notice-words'
import { type Problem, ProblemError } from '#domain/problem'
import { type Graphic, readGraphic, writeGraphic } from '../graphic.ts'
import type { Canvas, PreparedPage } from './canvas.ts'
import { BOLD, MONO, MONO_BOLD, REGULAR } from './font.ts'
import { type PaperKit, preparePaperKit } from './kit.ts'
import { drawLetterPages } from './letter.ts'
import type { PaperInfo } from './metadata.ts'
import { writeIcons } from './notice-icons.ts'
import { drawFixedPages, drawVariablePages, needsSmaller } from './notice-pages.ts'
import { type NoticeShape, type NoticeStyle, noticeShape } from './notice-shape.ts'
import { type ObjectSink, writePrefix } from './objects.ts'
import { writePaper } from './paper.ts'
import { fillTemplate, fitsTemplate, type PaperTemplate, prepareTemplate } from './template.ts'

/** Plain data: it crosses to a worker thread as it is. */
export interface NoticeKitInput {
  readonly creditor: NoticeCreditor
  /** PNG or SVG. */
  readonly logo: Uint8Array | null
  readonly second: { readonly language: SecondLanguage; readonly words: NoticeWords } | null
  /** Official graphics as loaded, PNG or SVG. */
  readonly graphics: ReadonlyMap<NoticeGraphic, Uint8Array>
  /** Without tags, colour profile and metadata, for benchmarks against writers that have none. */
  readonly bare?: boolean
}

/** All that one institution's notices share: fonts, drawings, logo, and the fixed pages of each shape once it is met. */
export interface NoticeKit extends PaperKit {
  readonly style: NoticeStyle
  readonly templates: Map<string, NoticeTemplate>
}

/** What all notices of one shape begin with. */
interface NoticeTemplate {
  readonly kit: PaperKit
  readonly pages: readonly PreparedPage[]
  /** Made from the first notice that is drawn. */
  file: PaperTemplate | null
}

/** A cover letter in the file of its notice. */
export interface NoticeLetter {
  readonly paper: LetterPaper
  readonly place: LetterPlace
}

/** @throws ProblemError when logo or graphics cannot be read, or a text of the institution cannot be printed. */
export function prepareNoticeKit(input: NoticeKitInput): NoticeKit {
  const logo = input.logo === null ? null : readGraphic(input.logo)
  const graphics = new Map<NoticeGraphic, Graphic>()
  for (const [kind, bytes] of input.graphics) graphics.set(kind, readGraphic(bytes))
  const draw = (sink: ObjectSink): Map<string, number> => {
    const drawings = writeIcons(sink)
    if (logo !== null) drawings.set('XLogo', writeGraphic(sink, logo))
    for (const [kind, graphic] of graphics) {
      drawings.set(`X${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, writeGraphic(sink, graphic))
    }
    return drawings
  }
  const paper = preparePaperKit([REGULAR, BOLD, MONO, MONO_BOLD], { draw, bare: input.bare === true })
  const style = { creditor: input.creditor, words: NOTICE_WORDS, second: input.second, logo, graphics }
  const kit = { ...paper, style, templates: new Map() }
  // What cannot be printed of the institution is told at once, not by every notice.
  templateOf(noticeShape(COMMONEST, style), kit)
  return kit
}

const MOST_TEMPLATES = 64

const COMMONEST: NoticeData = {
  single: { noticeNumber: '000000000000000000' as NoticeNumber, cents: cents(1), dueDate: isoDate('2026-01-01') },
  installments: [],
  subject: '',
  debtor: { name: '', fiscalCode: null, addressLines: [] },
}

function templateOf(shape: NoticeShape, kit: NoticeKit): NoticeTemplate {
  const known = kit.templates.get(shape.key)
  if (known !== undefined) return known
  let pages: readonly PreparedPage[] = []
  const prefix = writePrefix((sink) => {
    pages = preparedPages(shape, kit, sink)
  }, kit.prefix)
  const template = { kit: { prefix, resources: kit.resources, intent: kit.intent }, pages, file: null }
  // Each holds its own copy of the drawings: of very many shapes the oldest is made again when it comes back.
  if (kit.templates.size === MOST_TEMPLATES) kit.templates.delete(kit.templates.keys().next().value as string)
  kit.templates.set(shape.key, template)
  return template
}

/** Writes the fixed pages of a shape. @throws ProblemError when a text of the institution cannot be printed. */
export function preparedPages(shape: NoticeShape, kit: NoticeKit, sink: ObjectSink): readonly PreparedPage[] {
  return drawFixedPages(shape, kit.style).map((canvas) => ({
    canvas,
    stream: sink.deflated('', canvas.content(), 9),
    bare: kit.intent === null,
  }))
}

/** The drawn pages of a notice, fixed parts included in their geometry. @throws ProblemError as `checkNotice` lists. */
export function layNotice(notice: NoticeData, kit: NoticeKit): Canvas[] {
  const shape = noticeShape(notice, kit.style)
  return drawVariablePages(notice, shape, kit.style, templateOf(shape, kit).pages)
}

/** The whole notice as one file, its letter before or after it. @throws ProblemError as `checkNotice` lists. */
export function drawNotice(notice: NoticeData, kit: NoticeKit, letter?: NoticeLetter): Uint8Array {
  const shape = noticeShape(notice, kit.style)
  const template = templateOf(shape, kit)
  const pages = drawVariablePages(notice, shape, kit.style, template.pages)
  const info = noticeInfo(notice, kit)
  if (letter === undefined) {
    template.file ??= prepareTemplate(template.kit, pages)
    if (fitsTemplate(template.file, pages)) return fillTemplate(template.file, pages, info)
  }
  return writePaper(template.kit, withLetter(pages, letter), info)
}

export function withLetter(pages: Canvas[], letter: NoticeLetter | undefined): Canvas[] {
  if (letter === undefined) return pages
  const cover = drawLetterPages(letter.paper)
  return letter.place === 'before' ? [...cover, ...pages] : [...pages, ...cover]
}

function noticeInfo(notice: NoticeData, kit: NoticeKit): PaperInfo {
  return {
    title: `Avviso di pagamento ${groupNoticeNumber(leadingPayment(notice).noticeNumber)}`,
    author: kit.style.creditor.name,
    subject: notice.subject,
  }
}

/** What forbids printing that notice; empty when it can be printed. */
export function checkNotice(notice: NoticeData, kit: NoticeKit): readonly Problem[] {
  try {
    layNotice(notice, kit)
    return []
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
}

/** True when a text of the debtor or the subject had to be printed smaller than usual to stay in its room. */
export function isNarrowed(notice: NoticeData, kit: NoticeKit): boolean {
  return needsSmaller(notice, kit.style)
}

/** Name of the layout, as the ledger keeps it. */
export function layoutName(notice: NoticeData, kit: NoticeKit): string {
  return noticeShape(notice, kit.style).layout
}
