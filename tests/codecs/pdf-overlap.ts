import type { Canvas, TextBox } from '#codecs/pdf/canvas'

/** White modules that must stay round a code: four round a QR, one round a Data Matrix. */
const QUIET_QR = 4
const QUIET_MATRIX = 1
const QR_MODULES = 33

/** Pairs of texts whose ink could touch, texts in a code's quiet zone, and what stands outside the page: must be empty. */
export function overlaps(page: Canvas): string[] {
  const found: string[] = []
  const right = page.width / page.unit
  const bottom = page.height / page.unit
  const slack = 0.5 / page.unit
  const boxes = [...page.boxes].sort((a, b) => a.top - b.top)
  boxes.forEach((a, i) => {
    if (a.left < 0 || a.top < 0 || a.right > right || a.bottom > bottom) found.push(`«${a.text}» esce dalla pagina`)
    for (let j = i + 1; j < boxes.length; j++) {
      const b = boxes[j] as TextBox
      if (b.top >= a.bottom) break
      if (touch(a, b, slack)) found.push(`«${a.text}» su «${b.text}»`)
    }
  })
  page.codes.forEach((code, i) => {
    const quiet = ((code.modules === QR_MODULES ? QUIET_QR : QUIET_MATRIX) * code.side) / code.modules
    const zone: TextBox = {
      text: `codice ${i + 1}`,
      left: code.x - quiet,
      top: code.y - quiet,
      right: code.x + code.side + quiet,
      bottom: code.y + code.side + quiet,
    }
    if (zone.left < 0 || zone.top < 0 || zone.right > right || zone.bottom > bottom)
      found.push(`il ${zone.text} esce dalla pagina`)
    for (const box of boxes) if (touch(zone, box, 0)) found.push(`«${box.text}» accanto al ${zone.text}`)
    for (const other of page.codes.slice(i + 1)) {
      const box = { text: '', left: other.x, top: other.y, right: other.x + other.side, bottom: other.y + other.side }
      if (touch(zone, box, 0)) found.push(`un codice accanto al ${zone.text}`)
    }
  })
  return found
}

function touch(a: TextBox, b: TextBox, slack: number): boolean {
  return a.left + slack < b.right && b.left + slack < a.right && a.top + slack < b.bottom && b.top + slack < a.bottom
}
