import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import type { Browser } from 'playwright-core'
import { readGraphic, writeGraphic } from '#codecs/graphic'
import { ObjectSink } from '#codecs/pdf/objects'

export interface Picture {
  readonly width: number
  readonly height: number
  /** 8-bit RGB. */
  readonly rgb: Uint8Array
}

/** A page of exactly the drawing, `width` points wide. */
export function pageOf(bytes: Uint8Array, width: number): { pdf: Uint8Array; height: number } {
  const graphic = readGraphic(bytes)
  const height = Math.max(1, Math.round((width * graphic.height) / graphic.width))
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece))
  const [catalog, pages, page] = [sink.reserve(), sink.reserve(), sink.reserve()]
  const form = writeGraphic(sink, graphic)
  const content = sink.deflated('', `q ${width} 0 0 ${height} 0 0 cm /X Do Q`)
  sink.object(`<</Type/Catalog/Pages ${pages} 0 R>>`, catalog)
  sink.object(`<</Type/Pages/Kids[${page} 0 R]/Count 1>>`, pages)
  sink.object(
    `<</Type/Page/Parent ${pages} 0 R/MediaBox[0 0 ${width} ${height}]/Contents ${content} 0 R/Resources<</XObject<</X ${form} 0 R>>>>>>`,
    page,
  )
  sink.finish(catalog, sink.object('<<>>'), '0'.repeat(32))
  return { pdf: Buffer.concat(pieces), height }
}

/** As a reader of PDF shows it, one point a pixel. */
export function printed(bytes: Uint8Array, width: number): Picture {
  const { pdf } = pageOf(bytes, width)
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-graphic-'))
  try {
    writeFileSync(join(folder, 'a.pdf'), pdf)
    execFileSync('pdftoppm', ['-r', '72', '-png', '-singlefile', join(folder, 'a.pdf'), join(folder, 'a')])
    return toPicture(readFileSync(join(folder, 'a.png')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As Chromium shows the same file on white. */
export async function browsed(
  browser: Browser,
  bytes: Uint8Array,
  size: { width: number; height: number },
): Promise<Picture> {
  const page = await browser.newPage({ viewport: size })
  try {
    const type = bytes[0] === 0x89 ? 'image/png' : 'image/svg+xml'
    const url = `data:${type};base64,${Buffer.from(bytes).toString('base64')}`
    await page.setContent(
      `<style>body{margin:0;background:#fff}img{display:block;width:${size.width}px;height:${size.height}px}</style><img src="${url}">`,
    )
    await page.waitForFunction(() => document.querySelector('img')?.complete === true)
    return toPicture(await page.screenshot())
  } finally {
    await page.close()
  }
}

function toPicture(png: Uint8Array): Picture {
  const { width, height, data, channels } = decode(png)
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = data[i * channels + (channels < 3 ? 0 : c)] as number
  }
  return { width, height, rgb }
}

/** Mean difference of the samples, 0–255, and the share of pixels that differ by more than a quarter. */
export function difference(a: Picture, b: Picture): { mean: number; far: number } {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`${a.width} × ${a.height} against ${b.width} × ${b.height}`)
  }
  let sum = 0
  let far = 0
  for (let i = 0; i < a.rgb.length; i += 3) {
    let most = 0
    for (let c = i; c < i + 3; c++) {
      const gap = Math.abs((a.rgb[c] as number) - (b.rgb[c] as number))
      sum += gap
      most = Math.max(most, gap)
    }
    if (most > 64) far += 1
  }
  return { mean: sum / a.rgb.length, far: far / (a.rgb.length / 3) }
}
