import { describe, expect, test } from 'vitest'
import { CELLS_IN_ROW, noticePages, type PageBlock } from '#codecs/pdf/notice-pagination'

/** Rows of instalments on each page, as `2`, `3`, `2+2`; a dense row has a point. */
function rows(pages: readonly (readonly PageBlock[])[]): string {
  return pages
    .map((blocks) =>
      blocks.flatMap((b) => (b.kind === 'cells' ? [`${b.count}${b.cell === 'dense' ? '.' : ''}`] : [])).join('+'),
    )
    .join(' | ')
}

function kinds(pages: readonly (readonly PageBlock[])[]): string[][] {
  return pages.map((blocks) => blocks.map((b) => (b.kind === 'slip' && b.compact ? 'compact' : b.kind)))
}

/** pagopa.md §3.3. */
const WITHOUT_SLIPS: Readonly<Record<number, string>> = {
  2: '2',
  3: '3',
  4: '2 | 2',
  5: '2 | 3',
  6: '2 | 2+2',
  7: '3 | 2+2',
  8: '2 | 3+3',
  9: '3 | 3.+3.',
  10: '3 | 3.+3.+1.',
  11: '3 | 3.+3.+2.',
  12: '3 | 3.+3.+3.',
  13: '3 | 3.+3.+3. | 1.',
  24: '3 | 3.+3.+3. | 3.+3.+3. | 3.',
}
const WITH_SLIPS: Readonly<Record<number, string>> = {
  2: '2',
  3: '3.',
  4: '2 | 2',
  5: '2 | 3.',
  6: '3. | 3.',
  7: '3. | 2 | 2',
  8: '2 | 3. | 3.',
  9: '3. | 3. | 3.',
  10: '3. | 3. | 3. | 1.',
  12: '3. | 3. | 3. | 3.',
}

describe('pages of a notice', () => {
  test.each(Object.entries(WITHOUT_SLIPS))('%s instalments without slips: %s', (n, expected) => {
    expect(rows(noticePages(Number(n), true, false))).toBe(expected)
    expect(rows(noticePages(Number(n), false, false))).toBe(expected)
  })

  test.each(Object.entries(WITH_SLIPS))('%s instalments with slips: %s, from the second page', (n, expected) => {
    for (const single of [true, false]) {
      const pages = noticePages(Number(n), single, true)
      expect(rows(pages)).toBe(` | ${expected}`)
      for (const page of pages.slice(1)) {
        const [cells, ...slips] = page
        if (cells?.kind !== 'cells') throw new Error('a page of slips begins with their instalments')
        expect(slips).toEqual(
          Array.from({ length: cells.count }, (_, i) => ({
            kind: 'slip',
            compact: cells.cell === 'dense',
            installment: cells.first + i,
          })),
        )
      }
    }
  })

  test('the first page says who, how much and where; then what can be paid at once', () => {
    expect(kinds(noticePages(0, true, false))).toEqual([['parties', 'amount', 'data']])
    expect(kinds(noticePages(0, true, true))).toEqual([['parties', 'amount', 'data', 'slip']])
    expect(kinds(noticePages(2, false, false))).toEqual([['parties', 'amount', 'title', 'cells']])
    expect(kinds(noticePages(3, false, true))[0]).toEqual(['parties', 'amount', 'summary'])
    expect(kinds(noticePages(12, true, false))[1]).toEqual(['summary', 'cells', 'cells', 'cells'])
  })

  test('each instalment once, in order, in rows that hold them, up to 60', () => {
    for (let n = 2; n <= 60; n++) {
      for (const [single, postal] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ] as const) {
        const blocks = noticePages(n, single, postal).flat()
        const shown = blocks.flatMap((b) =>
          b.kind === 'cells' ? Array.from({ length: b.count }, (_, i) => b.first + i) : [],
        )
        expect(shown).toEqual(Array.from({ length: n }, (_, i) => i))
        for (const b of blocks) if (b.kind === 'cells') expect(b.count).toBeLessThanOrEqual(CELLS_IN_ROW[b.cell])
        const slips = blocks.flatMap((b) => (b.kind === 'slip' ? [b.installment] : []))
        expect(slips).toEqual(postal ? [...(single ? [null] : []), ...shown] : [])
      }
    }
  })
})
