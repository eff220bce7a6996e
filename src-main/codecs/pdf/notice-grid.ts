import type { Room } from './fit.ts'
import type { CellKind } from './notice-pagination.ts'

/**
 * Measures of the official notice in CSS pixels (0,75 points; an A4 page has 794 × 1123 of them), taken on its sample
 * papers. Places of texts are base lines; those inside a block count from the top of its grey band.
 */
export const PX = 0.75

export const LEFT = 37.8
export const RIGHT = 755.9
export const COLUMN_RIGHT = 378
/** Left edge of the right half: debtor and where to pay. */
export const HALF = 430.84
/** Left edge of the payment data beside the code. */
export const DATA = 222.97
export const NUMBER = 356.2
export const PAGE_WIDTH = 794
export const HALF_BAND = 393
export const HALF_BAND_LEFT = 401

/** Type sizes. */
export const BODY = 10.66
export const TITLE = 13.33
export const BIG = 21.33
export const NAME = 18.66
export const ADDRESS = 16
export const FIGURES = 16
export const CAPTION = 9.33
/** Line step of running text. */
export const STEP = 14.4 / BODY
/** Second languages: in bands, beside a label, stacked under it. */
export const BESIDE = 9.33
export const UNDER = 8.2
export const LEAST = 5

export const BAND = 30.24
export const BAND_GREY = 0.9255
export const MARK_GREY = 0.851
export const FINE_GREY = 0.486
export const BAND_TEXT = 19

/** 25 mm, 20 mm in cells by three, 23 mm: the sides of the codes; their quiet zones are four modules and one. */
export const QR_SIDE = 94.49
export const SMALL_QR_SIDE = 75.59
export const MATRIX_SIDE = 86.93

/** The figures of Titillium Web are a little wider than those of the official cut: the date keeps its place and its edge. */
export const DUE = 270
export const DUE_SIZE = 20

/** Top of the first block, on every page. */
export const FIRST_TOP = 166

/** Heights of blocks, from one band to the next. */
export const PARTIES_HEIGHT = 173
/** Without office or without information line. */
export const PARTIES_SHORT = 158
export const AMOUNT_HEIGHT = 193
/** What the sentences of a second language need more. */
export const AMOUNT_SECOND = 38
export const DATA_HEIGHT = 215
export const TITLE_HEIGHT = 45
export const SUMMARY_HEIGHT = 106
export const CELL_HEIGHT: Readonly<Record<CellKind, number>> = { wide: 314, narrow: 322, dense: 244 }

export interface SlipPlaces {
  /** Room above the band, where the scissors stand. */
  readonly cut: number
  readonly height: number
  readonly poste: number
  readonly circuit: number
  readonly payable: number
  /** The same where a second language follows. */
  readonly payableOfTwo: number
  /** From the last line of the one to the first of the other. */
  readonly betweenTwo: number
  readonly authorisation: number
  readonly authorisationOfTwo: number
  readonly account: number
  readonly holder: number
  readonly debtor: number
  readonly subject: number
  readonly label: number
  readonly value: number
  readonly matrix: number
  readonly corner: number
}

export const SLIP: SlipPlaces = {
  cut: 15,
  height: 253,
  poste: 53,
  circuit: 89,
  payable: 164.2,
  payableOfTwo: 156,
  betweenTwo: 14.5,
  authorisation: 235,
  authorisationOfTwo: 247,
  account: 72,
  holder: 113.3,
  debtor: 133.7,
  subject: 154,
  label: 191,
  value: 212,
  matrix: 114,
  corner: 104,
}

export const COMPACT_SLIP: SlipPlaces = {
  cut: 7,
  height: 223,
  poste: 45,
  circuit: 73,
  payable: 141.1,
  payableOfTwo: 133,
  betweenTwo: 11.8,
  authorisation: 204,
  authorisationOfTwo: 211,
  account: 64,
  holder: 98,
  debtor: 118.3,
  subject: 139,
  label: 175,
  value: 197,
  matrix: 99,
  corner: 89,
}

export interface CellPlaces {
  readonly qr: number
  readonly amount: number
  readonly due: number
  readonly number: number
  readonly codes: number
  readonly subject: number
  readonly creditor: number
  readonly scan: number
}

/** Base lines of the labels in a cell; values stand `CELL_VALUE` lower, those of subject and creditor `CELL_TEXT`. */
export const CELL: Readonly<Record<CellKind, CellPlaces>> = {
  wide: { qr: QR_SIDE, amount: 55.5, due: 94, number: 132.5, codes: 171, subject: 216.2, creditor: 251.2, scan: 294.5 },
  narrow: {
    qr: SMALL_QR_SIDE,
    amount: 55.5,
    due: 99,
    number: 142.6,
    codes: 181,
    subject: 226.2,
    creditor: 261.2,
    scan: 303.2,
  },
  dense: { qr: SMALL_QR_SIDE, amount: 55.5, due: 99, number: 142.6, codes: 181, subject: 0, creditor: 0, scan: 225 },
}
export const CELL_VALUE = 18
export const CELL_TEXT = 14.5
export const CELL_QR_TOP = 45.5
/** From the cell's left edge to its second column of codes. */
export const CELL_SECOND = 125.77

export interface CellColumn {
  readonly band: number
  readonly bandWidth: number
  readonly left: number
  readonly right: number
}

const TWO: readonly CellColumn[] = [
  { band: 26.46, bandWidth: 359.2, left: LEFT, right: 374.2 },
  { band: 408.2, bandWidth: 359.2, left: 419.5, right: RIGHT },
]
const THREE: readonly CellColumn[] = [
  { band: 26.46, bandWidth: 231.9, left: LEFT, right: 247 },
  { band: 280.9, bandWidth: 231.9, left: 292.27, right: 501.4 },
  { band: 535.4, bandWidth: 231.9, left: 546.75, right: RIGHT },
]
export const CELL_COLUMNS: Readonly<Record<CellKind, readonly CellColumn[]>> = {
  wide: TWO,
  narrow: THREE,
  dense: THREE,
}

/** Rooms of what a person or an institution fills in; each belongs to one text. */
export const ROOMS = {
  subjectBesideLogo: { width: 585, height: 50, size: BIG, minSize: 10, leading: 1.2 },
  subject: { width: RIGHT - LEFT, height: 50, size: BIG, minSize: 10, leading: 1.2 },
  debtorName: { width: RIGHT - HALF, height: 41, size: NAME, minSize: 9, leading: 1.15 },
  address: { width: RIGHT - HALF, height: 66, size: ADDRESS, minSize: 8, leading: 1.44 },
  addressShort: { width: RIGHT - HALF, height: 40, size: ADDRESS, minSize: 7, leading: 1.44 },
  dataSubject: { width: RIGHT - DATA, height: 24, size: BODY, minSize: 7, leading: 1.2 },
  wideSubject: { width: 336, height: 22.8, size: BODY, minSize: 5, leading: 1.1 },
  narrowSubject: { width: 209, height: 22.8, size: BODY, minSize: 4.5, leading: 1.05 },
  summaryDebtor: { width: 209, height: 33, size: BODY, minSize: 6.5, leading: 1.2 },
  summarySubject: { width: 209, height: 33, size: BODY, minSize: 5, leading: 1.2 },
} as const satisfies Record<string, Room>
