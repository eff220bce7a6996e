import { Buffer } from 'node:buffer'

/** CIE xy of the primaries and the white of sRGB (IEC 61966-2-1), and XYZ of the profile connection white (ICC.1, D50). */
const PRIMARIES = [
  [0.64, 0.33],
  [0.3, 0.6],
  [0.15, 0.06],
] as const
const D65 = [0.3127, 0.329] as const
const D50: Vector = [0.9642, 1, 0.8249]

/** Cone responses of Bradford, by which white is adapted. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
]

/** Transfer curve of IEC 61966-2-1 as ICC's parametric function of type 3: g, a, b, c, d. */
const CURVE = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]

type Vector = [number, number, number]
type Matrix = [Vector, Vector, Vector]

/** A display profile of sRGB by the rules of ICC.1:2010 (version 4.3), about half a kilobyte; the same bytes every time. */
export function srgbProfile(): Buffer {
  const adapt = adaptation()
  const columns = primaries().map((column) => apply(adapt, column))
  const curve = Buffer.concat([Buffer.from('para\0\0\0\0\0\x03\0\0', 'latin1'), ...CURVE.map(fixed)])
  const tags: [string, Buffer][] = [
    ['desc', words('sRGB')],
    ['cprt', words('No copyright, use freely')],
    ['wtpt', xyz(D50)],
    ['chad', Buffer.concat([Buffer.from('sf32\0\0\0\0', 'latin1'), ...adapt.flat().map(fixed)])],
    ['rXYZ', xyz(columns[0] as Vector)],
    ['gXYZ', xyz(columns[1] as Vector)],
    ['bXYZ', xyz(columns[2] as Vector)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]
  const table = Buffer.alloc(4 + tags.length * 12)
  table.writeUInt32BE(tags.length)
  const bodies: Buffer[] = []
  const known = new Map<Buffer, number>()
  let offset = 128 + table.length
  tags.forEach(([name, body], i) => {
    // Equal curves stand once.
    let at = known.get(body)
    if (at === undefined) {
      at = offset
      known.set(body, at)
      const padded = Buffer.concat([body, Buffer.alloc(-body.length & 3)])
      bodies.push(padded)
      offset += padded.length
    }
    table.write(name, 4 + i * 12, 'latin1')
    table.writeUInt32BE(at, 8 + i * 12)
    table.writeUInt32BE(body.length, 12 + i * 12)
  })
  return Buffer.concat([header(offset), table, ...bodies])
}

function header(size: number): Buffer {
  const head = Buffer.alloc(128)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(0x04300000, 8)
  head.write('mntrRGB XYZ ', 12, 'latin1')
  // A date is obligatory; this one never changes.
  ;[2026, 1, 1, 0, 0, 0].forEach((part, i) => {
    head.writeUInt16BE(part, 24 + i * 2)
  })
  head.write('acsp', 36, 'latin1')
  fixedVector(D50).copy(head, 68)
  return head
}

/** XYZ of each primary at full strength, under D65: together they make its white. */
function primaries(): Vector[] {
  const full = PRIMARIES.map(([x, y]): Vector => [x / y, 1, (1 - x - y) / y])
  const matrix: Matrix = [0, 1, 2].map((row) => full.map((column) => column[row])) as Matrix
  const strength = apply(invert(matrix), whitePoint())
  return full.map((column, i) => column.map((v) => v * (strength[i] as number)) as Vector)
}

function whitePoint(): Vector {
  return [D65[0] / D65[1], 1, (1 - D65[0] - D65[1]) / D65[1]]
}

function adaptation(): Matrix {
  const [from, to] = [apply(BRADFORD, whitePoint()), apply(BRADFORD, D50)]
  const scaled = BRADFORD.map((row, i) => row.map((v) => (v * (to[i] as number)) / (from[i] as number))) as Matrix
  return multiply(invert(BRADFORD), scaled)
}

function apply(matrix: Matrix, vector: Vector): Vector {
  return matrix.map((row) => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]) as Vector
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => [0, 1, 2].map((c) => row.reduce((sum, v, i) => sum + v * (b[i]?.[c] as number), 0))) as Matrix
}

function invert([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  const rows: Matrix = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ]
  return rows.map((row) => row.map((v) => v / det)) as Matrix
}

/** s15Fixed16Number. */
function fixed(value: number): Buffer {
  const out = Buffer.alloc(4)
  out.writeInt32BE(Math.round(value * 65_536))
  return out
}

function fixedVector(vector: Vector): Buffer {
  return Buffer.concat(vector.map(fixed))
}

function xyz(vector: Vector): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixedVector(vector)])
}

/** A text in one language (multiLocalizedUnicodeType). */
function words(text: string): Buffer {
  const head = Buffer.alloc(28)
  head.write('mluc', 0, 'latin1')
  head.writeUInt32BE(1, 8)
  head.writeUInt32BE(12, 12)
  head.write('enUS', 16, 'latin1')
  head.writeUInt32BE(text.length * 2, 20)
  head.writeUInt32BE(28, 24)
  return Buffer.concat([head, Buffer.from(text, 'utf16le').swap16()])
}
