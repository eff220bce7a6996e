// Headless Chromium printing the same notice as HTML, as pagoPA's own engine does: one page reused, each notice a whole
// document with its style and fonts.
import type { Buffer } from 'node:buffer'
import { launchBrowser } from '../../tests/e2e/browser.ts'
import { BANDS, type Code, contentOf, darkRuns, TRUETYPE } from './content.ts'

const STYLE = `${Object.entries(TRUETYPE)
  .map(
    ([name, program]) =>
      `@font-face{font-family:${name};src:url(data:font/ttf;base64,${program.toString('base64')}) format('truetype')}`,
  )
  .join('')}
@page{size:595.28pt 841.89pt;margin:0}body{margin:0}div,svg{position:absolute;white-space:pre;line-height:1}`

function html(n: number): string {
  const { runs, codes } = contentOf(n)
  const bands = BANDS.map(
    ([x, y, w, h]) => `<div style="left:${x}pt;top:${y}pt;width:${w}pt;height:${h}pt;background:#ececec"></div>`,
  )
  const texts = runs.map(
    ({ text, face, size, x, base }) =>
      `<div style="left:${x}pt;top:${base - size * 0.85}pt;font:${size}pt ${face}">${text.replaceAll('&', '&amp;')}</div>`,
  )
  return `<!doctype html><style>${STYLE}</style><body>${bands.concat(texts, codes.map(svg)).join('')}</body>`
}

function svg(code: Code): string {
  let path = ''
  for (const [column, row, length] of darkRuns(code)) path += `M${column} ${row}h${length}v1h-${length}z`
  return `<svg style="left:${code.x}pt;top:${code.y}pt;width:${code.side}pt;height:${code.side}pt" viewBox="0 0 ${code.count} ${code.count}"><path d="${path}"/></svg>`
}

export interface ChromiumPeer {
  draw(n: number): Promise<Buffer>
  close(): Promise<void>
}

export async function openChromium(): Promise<ChromiumPeer> {
  const browser = await launchBrowser()
  const page = await browser.newPage()
  return {
    async draw(n) {
      await page.setContent(html(n))
      await page.evaluate(() => document.fonts.ready.then(() => undefined))
      return page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: false })
    },
    close: () => browser.close(),
  }
}
