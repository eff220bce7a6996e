import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { decode, encode } from 'fast-png'
import { drawNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { type OfficialSample, officialKit } from './pdf-official-samples.ts'

/**
 * Pictures at 150 dpi for the eye, one a page: ours, the official one, and both in one (red where only ours is dark, blue
 * where only theirs is). `folder` must be there; it is the caller's.
 */
export function drawSideBySide(sample: OfficialSample, specs: string, folder: string): void {
  const ours = join(folder, `${sample.file}-ours.pdf`)
  writeFileSync(ours, drawNotice(sample.notice, prepareNoticeKit(officialKit(sample, specs))))
  const theirs = join(specs, 'pagopa-data/notice', `${sample.file}.pdf`)
  for (let page = 1; page <= sample.pages; page++) {
    const [a, b] = [picture(ours, page, folder), picture(theirs, page, folder)]
    const png = encode(joined(decode(readFileSync(a)), decode(readFileSync(b))))
    writeFileSync(join(folder, `${sample.file}-${page}.png`), png)
  }
}

function picture(pdf: string, page: number, folder: string): string {
  const out = join(folder, `${basename(pdf, '.pdf')}-p${page}`)
  execFileSync('pdftoppm', ['-r', '150', '-f', `${page}`, '-l', `${page}`, '-gray', '-png', '-singlefile', pdf, out])
  return `${out}.png`
}

type Picture = ReturnType<typeof decode>

function joined(
  a: Picture,
  b: Picture,
): { width: number; height: number; data: Uint8Array; channels: number; depth: 8 } {
  const width = Math.min(a.width, b.width)
  const height = Math.min(a.height, b.height)
  const data = new Uint8Array(width * 3 * height * 3).fill(255)
  const at = (p: Picture, x: number, y: number): number => p.data[(y * p.width + x) * p.channels] as number
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [one, two] = [at(a, x, y), at(b, x, y)]
      const row = y * width * 3
      data.fill(one, (row + x) * 3, (row + x) * 3 + 3)
      data.fill(two, (row + width + x) * 3, (row + width + x) * 3 + 3)
      data.set([two, Math.max(Math.min(one, two), (one + two) / 2 - 40), one], (row + 2 * width + x) * 3)
    }
  }
  return { width: width * 3, height, data, channels: 3, depth: 8 }
}
