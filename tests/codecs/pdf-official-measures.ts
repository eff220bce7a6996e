import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { openPdf } from './pdf-tools.ts'

const MM = 25.4 / 72

/** A run of words on one line, in millimetres from the top left corner. */
export interface Line {
  readonly text: string
  readonly x0: number
  readonly x1: number
  readonly base: number
}

/** Something filled: a grey band, a corner mark, or all dark modules of a code together. */
export interface Filled {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly colour: string
}

/** The lines of each page, as `pdftotext -bbox-layout` finds them. */
export function linesOf(path: string): Line[][] {
  const html = execFileSync('pdftotext', ['-bbox-layout', path, '-'], { encoding: 'utf8' })
  const box = /<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/line>/gs
  return html
    .split('<page ')
    .slice(1)
    .map((page) =>
      [...page.matchAll(box)].map((m) => {
        const [x0, y0, x1, y1] = m.slice(1, 5).map((v) => Number(v) * MM) as [number, number, number, number]
        const words = [...(m[5] as string).matchAll(/>([^<]+)<\/word>/g)].map((w) => w[1])
        const text = words.join(' ').replaceAll('&apos;', '’').replaceAll("'", '’')
        // Titillium and Roboto Mono alike: the base line stands at about three quarters of the box.
        return { text, x0, x1, base: y0 + (y1 - y0) * 0.757 }
      }),
    )
}

type Matrix = readonly [number, number, number, number, number, number]

function times(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ]
}

/** What is filled on each page with one of these colours, from the operators of pdf.js; the page's own ground left out. */
export async function filledOf(path: string, colours: readonly string[]): Promise<Filled[][]> {
  const document = await openPdf(readFileSync(path))
  const pages: Filled[][] = []
  for (let n = 1; n <= document.numPages; n++) {
    const page = await document.getPage(n)
    const [, , , height] = page.view as [number, number, number, number]
    const { fnArray, argsArray } = await page.getOperatorList()
    const found: Filled[] = []
    let state: { at: Matrix; colour: string } = { at: [1, 0, 0, 1, 0, 0], colour: '#000000' }
    const stack: (typeof state)[] = []
    fnArray.forEach((op, i) => {
      const args = argsArray[i]
      if (op === OPS.save || op === OPS.paintFormXObjectBegin) {
        stack.push(state)
        if (op === OPS.paintFormXObjectBegin && args[0]) state = { ...state, at: times(state.at, args[0] as Matrix) }
      } else if (op === OPS.restore || op === OPS.paintFormXObjectEnd) state = stack.pop() ?? state
      else if (op === OPS.transform) state = { ...state, at: times(state.at, args as Matrix) }
      else if (op === OPS.setFillRGBColor) state = { ...state, colour: String(args) }
      else if (op === OPS.constructPath && (args[0] === OPS.fill || args[0] === OPS.eoFill) && args[2]) {
        if (!colours.includes(state.colour)) return
        const [left, bottom, right, top] = args[2] as unknown as [number, number, number, number]
        const corners = [
          [left, bottom],
          [right, top],
        ].map(([x, y]) => {
          const [a, b, c, d, e, f] = state.at
          return [
            (a * (x as number) + c * (y as number) + e) * MM,
            (height - (b * (x as number) + d * (y as number) + f)) * MM,
          ]
        }) as [[number, number], [number, number]]
        const [[xa, ya], [xb, yb]] = corners
        found.push({
          x0: Math.min(xa, xb),
          x1: Math.max(xa, xb),
          y0: Math.min(ya, yb),
          y1: Math.max(ya, yb),
          colour: state.colour,
        })
      }
    })
    pages.push(found)
  }
  await document.loadingTask.destroy()
  return pages
}
