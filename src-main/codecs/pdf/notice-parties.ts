import { BOLD, MONO, REGULAR } from './font.ts'
import {
  ADDRESS,
  BODY,
  COLUMN_RIGHT,
  HALF,
  HALF_BAND,
  HALF_BAND_LEFT,
  LEFT,
  NAME,
  RIGHT,
  ROOMS,
} from './notice-grid.ts'
import { drawFitted, type NoticePen } from './notice-pen.ts'
import { isShort } from './notice-shape.ts'
import type { NoticeTexts } from './notice-texts.ts'
import { requireCharacters } from './paper-text.ts'

const COLUMN = COLUMN_RIGHT - LEFT
const NAME_LINE = 70
const ADDRESS_LINE = 114

/** The two grey bands side by side that head each of the first two zones. */
export function drawHalfBands(pen: NoticePen): void {
  pen.bandBox(0, HALF_BAND)
  pen.bandBox(HALF_BAND_LEFT, HALF_BAND)
}

/** Creditor and debtor: the creditor's side is the same for all. */
export function drawFixedParties(pen: NoticePen): void {
  const { creditor } = pen.style
  drawHalfBands(pen)
  pen.band('H2', 10, LEFT, (w) => w.creditor, 230)
  pen.requireCharacters(MONO, creditor.fiscalCode, 'Codice fiscale')
  pen.text(12, COLUMN_RIGHT, 19, MONO, BODY, `${creditor.fiscalCode} `, 'right')
  const name = { width: COLUMN, height: 45, size: NAME, minSize: 9, leading: 1.15 }
  pen.own(14, LEFT, NAME_LINE, BOLD, creditor.name, name, 'Nome')
  if (creditor.office !== null) {
    const office = { width: COLUMN, height: 30, size: ADDRESS, minSize: 8, leading: 1.2 }
    pen.own(16, LEFT, ADDRESS_LINE, REGULAR, creditor.office, office, 'Ufficio')
  }
  if (creditor.info !== null) {
    const info = { width: COLUMN, height: 22, size: BODY, minSize: 7, leading: 1.2 }
    pen.own(18, LEFT, creditor.office === null ? 135 : 153, REGULAR, creditor.info, info, 'Informazioni', 4)
  }
  pen.band('H2', 30, HALF, (w) => w.debtor, 210)
}

export function drawVariableParties(pen: NoticePen, texts: NoticeTexts): void {
  const { page, top } = pen
  const { debtor } = texts.notice
  pen.begin('P', 32)
  if (debtor.fiscalCode !== null) {
    requireCharacters(MONO, debtor.fiscalCode, { person: debtor.name, field: 'Codice fiscale' })
    page.text(RIGHT, top + 19, MONO, BODY, `${debtor.fiscalCode} `, 'right')
  }
  drawFitted(page, HALF, top + NAME_LINE, BOLD, texts.fit('Nome', BOLD, ROOMS.debtorName), { size: NAME, lift: 0 })
  pen.end()
  const room = isShort(pen.style.creditor) ? ROOMS.addressShort : ROOMS.address
  const address = texts.fit('Indirizzo', REGULAR, room)
  pen.begin('P', 34)
  drawFitted(page, HALF, top + ADDRESS_LINE, REGULAR, address, { size: ADDRESS, lift: 0 })
  pen.end()
}
