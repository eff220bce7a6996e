import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { drawNotice, layNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { specsDir } from '../specs.ts'
import { type Filled, filledOf, type Line, linesOf } from './pdf-official-measures.ts'
import { OFFICIAL_SAMPLES, officialKit } from './pdf-official-samples.ts'
import { drawSideBySide } from './pdf-side-by-side.ts'
import { has } from './pdf-tools.ts'

const specs = specsDir()
const reason = specs === null ? 'mancano le specifiche' : has('pdftotext') ? '' : 'manca pdftotext'
if (reason !== '') console.log(`Confronto con gli avvisi ufficiali saltato: ${reason}.`)

const folder = mkdtempSync(join(tmpdir(), 'quietanza-official-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BAND = '#ececec'
const CORNER = '#d9d9d9'
const CODE = '#000000'
/** Where to leave pictures for the eye, ours beside theirs; none are drawn without it. */
const PICTURES = process.env.QUIETANZA_PICTURES ?? ''
/** Millimetres. */
const NEAR = 1

describe.skipIf(reason !== '').each(OFFICIAL_SAMPLES)('beside the official $file', (sample) => {
  const theirs = join(specs ?? '', 'pagopa-data/notice', `${sample.file}.pdf`)
  const kit = specs === null ? null : prepareNoticeKit(officialKit(sample, specs))

  function ours(): string {
    const path = join(folder, `${sample.file}.pdf`)
    if (kit !== null) writeFileSync(path, drawNotice(sample.notice, kit))
    return path
  }

  test('every text stands where the official one does, within a millimetre', () => {
    const drawn = linesOf(ours())
    const far: string[] = []
    let compared = 0
    linesOf(theirs).forEach((lines, page) => {
      for (const line of lines) {
        compared++
        const twin = nearest(line, drawn[page] ?? [])
        if (twin === null) far.push(`p. ${page + 1} «${line.text}»: manca`)
        else if (twin.side > NEAR || twin.down > NEAR)
          far.push(
            `p. ${page + 1} «${line.text}»: ${twin.side.toFixed(2)} mm di lato, ${twin.down.toFixed(2)} in basso`,
          )
      }
    })
    expect(far).toEqual([])
    expect(compared).toBeGreaterThan(40 * sample.pages)
  })

  test('grey bands and the corners round the Data Matrix stand there too', async () => {
    const [a, b] = [await filledOf(theirs, [BAND, CORNER]), await filledOf(ours(), [BAND, CORNER])]
    expect(b.map((page) => page.length)).toEqual(a.map((page) => page.length))
    a.forEach((boxes, page) => {
      for (const box of boxes) expect(apart(box, b[page] ?? []), JSON.stringify(box)).toBeLessThan(NEAR)
    })
  })

  test('QR and Data Matrix stand there too, as large', async () => {
    if (kit === null) return
    // Codes are the only black paths more than a centimetre wide and high.
    const squares = (await filledOf(theirs, [CODE])).map((page) =>
      page.filter(({ x0, x1, y0, y1 }) => x1 - x0 > 10 && y1 - y0 > 10),
    )
    const mm = 0.75 * (25.4 / 72)
    const drawn = layNotice(sample.notice, kit).map(({ codes }) =>
      codes.map(({ x, y, side }) => ({
        x0: x * mm,
        y0: y * mm,
        x1: (x + side) * mm,
        y1: (y + side) * mm,
        colour: CODE,
      })),
    )
    expect(drawn.map((page) => page.length)).toEqual(squares.map((page) => page.length))
    squares.forEach((boxes, page) => {
      for (const box of boxes) expect(apart(box, drawn[page] ?? []), JSON.stringify(box)).toBeLessThan(NEAR)
    })
  })

  test.skipIf(PICTURES === '')('can be seen side by side', () => {
    mkdirSync(PICTURES, { recursive: true })
    drawSideBySide(sample, specs ?? '', PICTURES)
  })
})

/** The nearest text that says the same; the side that counts is the one the text is aligned to. */
function nearest(line: Line, drawn: readonly Line[]): { side: number; down: number } | null {
  const said = (text: string): string => text.replace(/\s+/g, '').replaceAll('’', "'")
  const twins = drawn
    .filter((one) => said(one.text) === said(line.text))
    .map((one) => ({
      side: Math.min(Math.abs(one.x0 - line.x0), Math.abs(one.x1 - line.x1)),
      down: Math.abs(one.base - line.base),
    }))
    .sort((a, b) => a.side + a.down - b.side - b.down)
  return twins[0] ?? null
}

/** The largest distance between the edges of a box and of its nearest twin. */
function apart(box: Filled, others: readonly Filled[]): number {
  const distance = (one: Filled): number =>
    Math.max(Math.abs(one.x0 - box.x0), Math.abs(one.x1 - box.x1), Math.abs(one.y0 - box.y0), Math.abs(one.y1 - box.y1))
  return Math.min(...others.filter(({ colour }) => colour === box.colour).map(distance))
}
