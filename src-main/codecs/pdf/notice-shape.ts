import type { NoticeCreditor, NoticeData } from '#domain/notice'
import type { NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeWords, SecondLanguage } from '#domain/notice-words'
import {
  AMOUNT_HEIGHT,
  AMOUNT_SECOND,
  CELL,
  CELL_COLUMNS,
  CELL_HEIGHT,
  CELL_QR_TOP,
  COMPACT_SLIP,
  DATA_HEIGHT,
  FIRST_TOP,
  LEFT,
  MATRIX_SIDE,
  PARTIES_HEIGHT,
  PARTIES_SHORT,
  QR_SIDE,
  RIGHT,
  SLIP,
  SUMMARY_HEIGHT,
  TITLE_HEIGHT,
} from './notice-grid.ts'
import { noticePages, type PageBlock } from './notice-pagination.ts'

/** What the notices of one institution share, as far as drawing needs it. Sizes in any unit: only their ratio counts. */
export interface NoticeStyle {
  readonly creditor: NoticeCreditor
  readonly words: NoticeWords
  readonly second: { readonly language: SecondLanguage; readonly words: NoticeWords } | null
  readonly logo: { readonly width: number; readonly height: number } | null
  /** Official graphics that the institution loaded; their resources are `X` + kind with a capital. */
  readonly graphics: ReadonlyMap<NoticeGraphic, { readonly width: number; readonly height: number }>
}

/** A block and the top of its band. */
export type PlacedBlock = PageBlock & { readonly top: number }

/** All that decides the fixed parts of a notice: equal keys share every fixed operator, the pages and the marks. */
export interface NoticeShape {
  readonly key: string
  /** Name of the layout for the ledger, e.g. `a4-single-postal`, `a4-single-4-rate-de`, or `a4-left-2-3` of what is left of a plan. */
  readonly layout: string
  readonly pages: readonly (readonly PlacedBlock[])[]
  /** Printed again: the paper says so. */
  readonly duplicate: boolean
  /** Where the codes stand, in the order of the pages. */
  readonly codes: readonly NoticeCode[]
  /** Has the single payment a due date; null without a single payment. */
  readonly singleDated: boolean | null
  readonly installmentsDated: readonly boolean[]
  /** What each is called: its place, or its number in the plan where others of it are paid. */
  readonly installmentNumbers: readonly number[]
}

/** A code on the paper, its quiet zone not counted; in the unit of the pages. */
export interface NoticeCode {
  readonly page: number
  readonly kind: 'qr' | 'matrix'
  /** Index among the instalments, null for the single payment. */
  readonly installment: number | null
  readonly x: number
  readonly y: number
  readonly side: number
}

const shapes = new WeakMap<NoticeStyle, Map<string, NoticeShape>>()

export function noticeShape(notice: NoticeData, style: NoticeStyle): NoticeShape {
  const { single, installments } = notice
  let key = single === null ? 'n' : single.dueDate === null ? 'u' : 'd'
  for (const { dueDate } of installments) key += dueDate === null ? 'u' : 'd'
  const ordinals = ordinalsOf(notice)
  if (ordinals.length > 0) key += ordinals.join(',')
  if (notice.duplicate === true) key += '+'
  let known = shapes.get(style)
  if (known === undefined) {
    known = new Map()
    shapes.set(style, known)
  }
  const shape = known.get(key) ?? makeShape(notice, style, key)
  known.set(key, shape)
  return shape
}

/** Numbers of the instalments that are left of a plan; empty where their places say them. */
function ordinalsOf({ single, installments }: NoticeData): number[] {
  return [single, ...installments].flatMap((payment) => payment?.ordinal ?? [])
}

function makeShape(notice: NoticeData, style: NoticeStyle, key: string): NoticeShape {
  const { single, installments } = notice
  const ordinals = ordinalsOf(notice)
  const postal = style.creditor.postal !== null
  const name = ['a4']
  if (ordinals.length > 0) name.push('left', ...ordinals.map(String))
  else {
    if (single !== null) name.push('single')
    if (installments.length > 0) name.push(String(installments.length), 'rate')
  }
  if (postal) name.push('postal')
  if ([single, ...installments].some((payment) => payment?.dueDate === null)) name.push('undated')
  if (style.second !== null) name.push(style.second.language)
  const pages = noticePages(installments.length, single !== null, postal).map((blocks) => placed(blocks, style))
  return {
    key,
    layout: name.join('-'),
    duplicate: notice.duplicate === true,
    pages,
    codes: codesOf(pages),
    singleDated: single === null ? null : single.dueDate !== null,
    installmentsDated: installments.map(({ dueDate }) => dueDate !== null),
    installmentNumbers: installments.map(({ ordinal }, index) => ordinal ?? index + 1),
  }
}

function placed(blocks: readonly PageBlock[], style: NoticeStyle): PlacedBlock[] {
  let y = FIRST_TOP
  return blocks.map((block) => {
    const top = block.kind === 'slip' ? y + (block.compact ? COMPACT_SLIP : SLIP).cut : y
    y = top + heightOf(block, style)
    return { ...block, top }
  })
}

function heightOf(block: PageBlock, style: NoticeStyle): number {
  switch (block.kind) {
    case 'parties':
      return isShort(style.creditor) ? PARTIES_SHORT : PARTIES_HEIGHT
    case 'amount':
      return AMOUNT_HEIGHT + (style.second === null ? 0 : AMOUNT_SECOND)
    case 'data':
      return DATA_HEIGHT
    case 'title':
      return TITLE_HEIGHT
    case 'summary':
      return SUMMARY_HEIGHT
    case 'cells':
      return CELL_HEIGHT[block.cell]
    case 'slip':
      return (block.compact ? COMPACT_SLIP : SLIP).height
  }
}

/** Without office or information line, what follows the parties moves up. */
export function isShort(creditor: NoticeCreditor): boolean {
  return creditor.office === null || creditor.info === null
}

function codesOf(pages: readonly (readonly PlacedBlock[])[]): readonly NoticeCode[] {
  const codes: NoticeCode[] = []
  pages.forEach((blocks, page) => {
    for (const block of blocks) {
      if (block.kind === 'data') {
        codes.push({ page, kind: 'qr', installment: null, x: LEFT, y: block.top + QR_TOP, side: QR_SIDE })
      } else if (block.kind === 'cells') {
        for (let i = 0; i < block.count; i++) codes.push(cellCode(page, block, i))
      } else if (block.kind === 'slip') {
        const y = block.top + (block.compact ? COMPACT_SLIP : SLIP).matrix
        const x = RIGHT - MATRIX_SIDE
        codes.push({ page, kind: 'matrix', installment: block.installment, x, y, side: MATRIX_SIDE })
      }
    }
  })
  return codes
}

/** From the band to the code of the single payment. */
const QR_TOP = 52.9

function cellCode(page: number, block: PlacedBlock & { kind: 'cells' }, index: number): NoticeCode {
  const side = CELL[block.cell].qr
  const right = CELL_COLUMNS[block.cell][index]?.right ?? RIGHT
  return { page, kind: 'qr', installment: block.first + index, x: right - side, y: block.top + CELL_QR_TOP, side }
}
