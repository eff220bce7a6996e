import type { Canvas, TextBox } from '#codecs/pdf/canvas'

/** Pairs of texts whose ink could touch, and texts outside the page: must be empty. */
export function overlaps(page: Canvas): string[] {
  const found: string[] = []
  const right = page.width / page.unit
  const bottom = page.height / page.unit
  const slack = 0.5 / page.unit
  page.boxes.forEach((a, i) => {
    if (a.left < 0 || a.top < 0 || a.right > right || a.bottom > bottom) found.push(`«${a.text}» esce dalla pagina`)
    for (const b of page.boxes.slice(i + 1)) if (touch(a, b, slack)) found.push(`«${a.text}» su «${b.text}»`)
  })
  return found
}

function touch(a: TextBox, b: TextBox, slack: number): boolean {
  return a.left + slack < b.right && b.left + slack < a.right && a.top + slack < b.bottom && b.top + slack < a.bottom
}
