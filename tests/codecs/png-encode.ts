import { crc32, deflateSync } from 'node:zlib'

export interface PngRecipe {
  readonly width: number
  readonly height: number
  readonly depth: 1 | 2 | 4 | 8 | 16
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly type: 0 | 2 | 3 | 4 | 6
  readonly interlaced?: boolean
  readonly palette?: readonly (readonly number[])[]
  readonly transparency?: readonly number[]
  /** Samples of one pixel, each within the depth. */
  readonly pixel: (x: number, y: number) => readonly number[]
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** Any kind of PNG of the standard, unfiltered: the judge of the reader, written from the standard alone. */
export function pngOf(recipe: PngRecipe): Buffer {
  const { width, height, depth, type, interlaced, palette, transparency } = recipe
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, interlaced ? 1 : 0], 8)
  const passes = interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)
  const rows = passes.flatMap(([x0, y0, dx, dy]) => passRows(recipe, x0, y0, dx, dy))
  const extra = [
    ...(palette ? [chunk('PLTE', Buffer.from(palette.flat()))] : []),
    ...(transparency ? [chunk('tRNS', Buffer.from(transparency))] : []),
  ]
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(Buffer.concat(rows))
  const half = Math.ceil(data.length / 2)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from('Comment\0prova')),
    ...extra,
    chunk('IDAT', data.subarray(0, half)),
    chunk('IDAT', data.subarray(half)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function passRows(
  { width, height, depth, pixel }: PngRecipe,
  x0: number,
  y0: number,
  dx: number,
  dy: number,
): Buffer[] {
  const rows: Buffer[] = []
  for (let y = y0; y < height && x0 < width; y += dy) {
    let bits = ''
    for (let x = x0; x < width; x += dx) for (const value of pixel(x, y)) bits += value.toString(2).padStart(depth, '0')
    const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []
    rows.push(Buffer.from([0, ...bytes.map((byte) => Number.parseInt(byte, 2))]))
  }
  return rows
}

export function chunk(kind: string, body: Buffer): Buffer {
  const out = Buffer.concat([Buffer.alloc(4), Buffer.from(kind, 'latin1'), body, Buffer.alloc(4)])
  out.writeUInt32BE(body.length, 0)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
  return out
}
