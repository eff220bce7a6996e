import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import { checkFileNamePattern } from '#domain/notice-file-name'
import { checkNoticeWord } from '#domain/notice-word-check'
import { NOTICE_WORDS, type NoticeWordKey } from '#domain/notice-words'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { SECOND_WORDS, secondWords } from '#domain/second-words'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import {
  listGraphics,
  readNoticeStyle,
  readOneGraphic,
  readOwnWords,
  removeGraphic,
  type SavedNoticeStyle,
  saveNoticeStyle,
  saveOwnWords,
} from '#ledger/notice-style'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { GRAPHIC_MIME } from './graphic-file.ts'
import { inventedNotice } from './invented-notice.ts'
import { loadGraphics } from './notice-graphics.ts'
import { readNoticeKitInput, slipAccount, slipObstacle } from './notice-kit-input.ts'
import { noticeWarnings } from './notice-warnings.ts'
import { pressKit } from './paper-press.ts'
import { PDF_MIME, today } from './produced-file.ts'

const WORD_KEYS = Object.keys(NOTICE_WORDS) as readonly NoticeWordKey[]

export const noticeStyle = {
  get: os.noticeStyle.get.handler(({ context }) =>
    context.ledger.read(async (db) => ({
      ...(await readNoticeStyle(db)),
      graphics: (await listGraphics(db)).map(({ kind, fileName, format, size }) => ({
        kind,
        fileName,
        format,
        bytes: size,
      })),
      warnings: await noticeWarnings(db),
    })),
  ),

  save: os.noticeStyle.save.handler(async ({ context, input }) => {
    await refuseUnprintable(context, await context.ledger.read((db) => kitToCheck(db, input)))
    await context.ledger.write(command(context, 'noticeStyle.save', input), async (db) => {
      const problems = [...(await checkSlip(db, input)), ...checkFileNamePattern(input.fileNamePattern)]
      if (problems.length > 0) throw new ProblemError(...problems)
      await saveNoticeStyle(db, input)
    })
    return input
  }),

  words: os.noticeStyle.words.handler(async ({ context, input }) => {
    const own = await context.ledger.read((db) => readOwnWords(db, input.language))
    return WORD_KEYS.map((key) => {
      const { text, official } = SECOND_WORDS[input.language][key]
      return { key, italian: NOTICE_WORDS[key], proposed: text, official, own: own.get(key) ?? null }
    })
  }),

  saveWords: os.noticeStyle.saveWords.handler(async ({ context, input }) => {
    const { language } = input
    const problems = Object.entries(input.own).flatMap(([key, text]) => checkNoticeWord(key, text))
    if (problems.length > 0) throw new ProblemError(...problems)
    const own = new Map(
      WORD_KEYS.flatMap((key) => {
        const text = input.own[key]
        return text === undefined || text === SECOND_WORDS[language][key].text ? [] : [[key, text] as const]
      }),
    )
    const kit = await context.ledger.read((db) => kitToCheck(db))
    const words = secondWords(language, Object.fromEntries(own))
    await refuseUnprintable(context, kit === null ? null : { ...kit, second: { language, words } })
    const payload = { language, count: own.size, own: Object.fromEntries(own) }
    await context.ledger.write(command(context, 'noticeStyle.saveWords', payload), (db) =>
      saveOwnWords(db, language, own),
    )
    return { language }
  }),

  addGraphics: os.noticeStyle.addGraphics.handler(async ({ context, input }) => {
    const { added, ignored, problems } = await loadGraphics(context, input.tokens)
    return { added, ignored, problems: { first: problems, total: problems.length } }
  }),

  removeGraphic: os.noticeStyle.removeGraphic.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'noticeStyle.removeGraphic', input), (db) =>
      removeGraphic(db, input.kind),
    )
    return input
  }),

  graphic: os.noticeStyle.graphic.handler(async ({ context, input }) => {
    const found = await context.ledger.read((db) => readOneGraphic(db, input.kind))
    if (found === null) return null
    return new File([new Uint8Array(found.bytes)], found.fileName, { type: GRAPHIC_MIME[found.format] })
  }),

  preview: os.noticeStyle.preview.handler(async ({ context, input }) => {
    const { kit, segregation } = await context.ledger.read(async (db) => {
      const slip = await checkSlip(db, input.style)
      if (slip.length > 0) throw new ProblemError(...slip)
      const institution = await readInstitution(db)
      return {
        kit: pressKit(await readNoticeKitInput(db, input.style)),
        segregation: institution?.segregationCode ?? '',
      }
    })
    const withSlip = kit.input.creditor.postal !== null
    const notice = inventedNotice(input.layout, { segregation, today: today(context), withSlip })
    const [drawn] = await context.press.draw(kit, [{ notice }])
    if (drawn === undefined) throw new Error('the press gave nothing back')
    if (!drawn.ok) throw new ProblemError(...drawn.problems)
    return new File([drawn.bytes], 'avviso-di-prova.pdf', { type: PDF_MIME })
  }),
}

/** Null before the first run: there is nobody yet in whose name anything could be printed. */
async function kitToCheck(db: ReadHandle, style?: SavedNoticeStyle): Promise<NoticeKitInput | null> {
  return (await readInstitution(db)) === null ? null : readNoticeKitInput(db, style)
}

/** A character that no font has, or a word too long for its place, is told when it is saved and not by each notice. */
async function refuseUnprintable(context: ServiceContext, kit: NoticeKitInput | null): Promise<void> {
  if (kit === null) return
  const by = { segregation: '', today: today(context), withSlip: kit.creditor.postal !== null }
  const layouts = [
    { single: true, installments: 2, dated: true, longest: false },
    { single: false, installments: 3, dated: false, longest: false },
  ]
  const checked = await context.press.check(
    pressKit(kit),
    layouts.map((layout) => inventedNotice(layout, by)),
  )
  const problems = checked.flatMap((one) => one.problems.map(wordProblem))
  if (problems.length > 0) throw new ProblemError(...problems)
}

/** What is wrong with a text of the second language is no fault of a person's: said as such, without its layout. */
function wordProblem(found: Problem): Problem {
  if (found.field?.startsWith('Testo nella seconda lingua') !== true) return found
  const { character, codePoint, text } = found.params as Readonly<Record<string, string>>
  const shown = text !== undefined && text.length > 60 ? `${text.slice(0, 59)}…` : (text ?? '')
  if (found.code === 'PAPER_CHARACTER' && character !== undefined && codePoint !== undefined) {
    return problem('NOTICE_WORD_CHARACTER', { character, codePoint, text: shown })
  }
  return found.code === 'PAPER_TEXT_TOO_LONG' ? problem('NOTICE_WORD_TOO_LONG', { text: shown }) : found
}

async function checkSlip(db: ReadHandle, style: SavedNoticeStyle): Promise<Problem[]> {
  if (style.postalAccountId === null) return []
  const account = await slipAccount(db, style)
  if (account === null) return [problem('ACCOUNT_UNKNOWN', { id: style.postalAccountId }, { field: 'Conto postale' })]
  const obstacle = slipObstacle(account)
  if (obstacle !== null) return [obstacle]
  return style.postalHolder === '' ? [problem('SLIP_HOLDER_MISSING', {}, { field: 'Intestato a' })] : []
}
