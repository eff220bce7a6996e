const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi

/** A longer one is no measure, and trying patterns on it takes its square in time. */
const LONGEST_NUMBER = 100

/** User units (CSS pixels) in one of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  pt: 96 / 72,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
}

/** A length in user units; percentages of `base`, null where they have none or the text is no length. */
export function readLength(text: string, base: number | null): number | null {
  if (text.length > LONGEST_NUMBER) return null
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|[a-z]*)$/i.exec(text.trim())
  if (!match) return null
  const value = Number(match[1])
  const unit = match[2]?.toLowerCase() ?? ''
  const factor = unit === '%' ? (base === null ? undefined : base / 100) : UNITS[unit]
  return factor === undefined || !Number.isFinite(value * factor) ? null : value * factor
}

/** Numbers parted by spaces or commas; null when there is anything else. */
export function readNumbers(text: string): number[] | null {
  const numbers = text.match(NUMBER)?.map(Number) ?? []
  if (text.replace(NUMBER, ' ').replace(/[\s,]/g, '') !== '') return null
  return numbers.every(Number.isFinite) ? numbers : null
}

/** Affine matrix as PDF and SVG write it: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]

/** First `inner`, then `outer`. */
export function compose(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  const [g, h, i, j, k, l] = inner
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

/** The factor of lengths where the matrix keeps shapes (turned, mirrored, enlarged alike); null where it warps them. */
export function uniformScale([a, b, c, d]: Matrix): number | null {
  const first = Math.hypot(a, b)
  const second = Math.hypot(c, d)
  const near = 1e-6 * Math.max(first, second)
  return Math.abs(first - second) <= near && Math.abs(a * c + b * d) <= near * Math.max(first, second) ? first : null
}

const TRANSFORM = /\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)[\s,]*/y

/** A `transform` attribute; null when it cannot be read. */
export function readTransform(text: string): Matrix | null {
  let out = IDENTITY
  let at = 0
  const source = text.trim()
  while (at < source.length) {
    TRANSFORM.lastIndex = at
    const match = TRANSFORM.exec(source)
    const numbers = match === null ? null : readNumbers((match[2] as string).replace(/(?<=\d)(px|deg)\b/g, ''))
    const one = match === null || numbers === null ? null : single(match[1] as string, numbers)
    if (one === null || !one.every(Number.isFinite)) return null
    out = compose(out, one)
    at = TRANSFORM.lastIndex
  }
  return out
}

function single(kind: string, n: readonly number[]): Matrix | null {
  const [x, y = 0] = n as [number, number?]
  const angle = (x * Math.PI) / 180
  if (kind === 'matrix') return n.length === 6 ? (n as unknown as Matrix) : null
  if (kind === 'translate') return n.length === 1 || n.length === 2 ? [1, 0, 0, 1, x, y] : null
  if (kind === 'scale') return n.length === 1 || n.length === 2 ? [x, 0, 0, n[1] ?? x, 0, 0] : null
  if (kind === 'skewX') return n.length === 1 ? [1, 0, Math.tan(angle), 1, 0, 0] : null
  if (kind === 'skewY') return n.length === 1 ? [1, Math.tan(angle), 0, 1, 0, 0] : null
  if (n.length !== 1 && n.length !== 3) return null
  const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]
  const [, cx = 0, cy = 0] = n
  return compose(compose([1, 0, 0, 1, cx, cy], turn), [1, 0, 0, 1, -cx, -cy])
}
