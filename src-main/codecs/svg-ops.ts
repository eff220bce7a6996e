import type { Colour } from './svg-colour.ts'
import { type Matrix, uniformScale } from './svg-number.ts'
import { refuseLimit } from './svg-refuse.ts'
import type { Segment } from './svg-shape.ts'
import type { Style } from './svg-style.ts'

/** Opacity of fills and strokes, 0–1: one graphics state of the form each. */
export interface Alpha {
  readonly fill: number
  readonly stroke: number
}

/** Decimals of a coordinate on a drawing whose longer side is `CANVAS`: a hundred-thousandth of it. */
const DECIMALS = 2
export const CANVAS = 1000
/** A coordinate so far out is a mistake, and no reader of PDF promises to place it. */
const FARTHEST = 1e7

interface Colours {
  readonly fill: Colour | null
  readonly stroke: Colour | null
}

/**
 * Collects PDF operators of one drawing. Coordinates come out on the canvas, y down; what a form may inherit from the
 * page (colours, line, dash) is always said before it is used.
 */
export class SvgOps {
  readonly #out: string[] = []
  #state: Record<string, string> = {}
  readonly #saved: Record<string, string>[] = []
  readonly alphas: Alpha[] = []
  /** Fills and strokes so far. */
  painted = 0

  text(): string {
    return this.#out.join('\n')
  }

  save(): void {
    this.#saved.push(this.#state)
    this.#state = { ...this.#state }
    this.#out.push('q')
  }

  restore(): void {
    this.#state = this.#saved.pop() ?? {}
    this.#out.push('Q')
  }

  clip(segments: readonly Segment[], matrix: Matrix, evenOdd: boolean): void {
    const path = segments.length === 0 ? '0 0 0 0 re' : this.#path(segments, matrix, DECIMALS)
    this.#out.push(path, evenOdd ? 'W* n' : 'W n')
  }

  /** Colours carry the whole opacity in `a`. */
  paint(segments: readonly Segment[], matrix: Matrix, style: Style, colours: Colours): void {
    const areas = withArea(segments)
    const fill = colours.fill !== null && colours.fill.a > 0 && areas.length > 0 ? colours.fill : null
    const stroke = colours.stroke !== null && colours.stroke.a > 0 && style.width > 0 ? colours.stroke : null
    const [a, b, c, d] = matrix
    if (segments.length === 0 || (a === 0 && b === 0 && c === 0 && d === 0)) return
    this.painted += (fill === null ? 0 : 1) + (stroke === null ? 0 : 1)
    const scale = uniformScale(matrix)
    const paintsBoth =
      fill?.a === 1 && stroke?.a === 1 && !style.strokeFirst && scale !== null && areas.length === segments.length
    if (paintsBoth) {
      this.#fillState(fill, 1)
      this.#strokeState(stroke, style, scale)
      this.#out.push(this.#path(segments, matrix, DECIMALS), style.evenOdd ? 'B*' : 'B')
      return
    }
    const doFill = () => {
      if (fill === null) return
      this.#fillState(fill, fill.a)
      this.#out.push(this.#path(areas, matrix, DECIMALS), style.evenOdd ? 'f*' : 'f')
    }
    const doStroke = () => {
      if (stroke !== null) this.#stroke(segments, matrix, style, stroke, scale)
    }
    if (style.strokeFirst) doStroke()
    doFill()
    if (!style.strokeFirst) doStroke()
  }

  #stroke(segments: readonly Segment[], matrix: Matrix, style: Style, colour: Colour, scale: number | null): void {
    if (scale !== null) {
      this.#strokeState(colour, style, scale)
      this.#out.push(this.#path(segments, matrix, DECIMALS), 'S')
      return
    }
    // A warped line is drawn in its own coordinates, so that its thickness is warped with it.
    const largest = Math.max(...matrix.slice(0, 4).map(Math.abs))
    const decimals = Math.min(9, Math.max(0, DECIMALS + Math.ceil(Math.log10(largest))))
    this.save()
    this.#strokeState(colour, style, 1)
    this.#out.push(`${matrix.map((n) => fixed(n, 6)).join(' ')} cm`)
    this.#out.push(this.#path(segments, [1, 0, 0, 1, 0, 0], decimals), 'S')
    this.restore()
  }

  #fillState(colour: Colour, alpha: number): void {
    this.#alpha({ fill: alpha, stroke: alpha })
    this.#set('fill', `${rgb(colour)} rg`)
  }

  #strokeState(colour: Colour, style: Style, scale: number): void {
    this.#alpha({ fill: colour.a, stroke: colour.a })
    const length = (value: number) => fixed(value * scale, 4)
    this.#set('stroke', `${rgb(colour)} RG`)
    this.#set('width', `${length(style.width)} w`)
    this.#set('cap', `${style.cap} J`)
    this.#set('join', `${style.join} j`)
    if (style.join === 0) this.#set('miter', `${fixed(Math.max(1, style.miterLimit), 4)} M`)
    this.#set(
      'dash',
      `[${style.dash.map(length).join(' ')}] ${length(style.dash.length === 0 ? 0 : style.dashOffset)} d`,
    )
  }

  #alpha(alpha: Alpha): void {
    if (this.alphas.length === 0 && alpha.fill === 1 && alpha.stroke === 1) return
    let index = this.alphas.findIndex((known) => known.fill === alpha.fill && known.stroke === alpha.stroke)
    if (index < 0) index = this.alphas.push(alpha) - 1
    this.#set('alpha', `/A${index} gs`)
  }

  #set(key: string, operator: string): void {
    if (this.#state[key] === operator) return
    this.#state[key] = operator
    this.#out.push(operator)
  }

  #path(segments: readonly Segment[], matrix: Matrix, decimals: number): string {
    const point = (x: number, y: number) => {
      const [a, b, c, d, e, f] = matrix
      return `${placed(a * x + c * y + e, decimals)} ${placed(b * x + d * y + f, decimals)}`
    }
    return segments
      .map((s) => {
        if (s[0] === 'Z') return 'h'
        if (s[0] === 'C') return `${point(s[1], s[2])} ${point(s[3], s[4])} ${point(s[5], s[6])} c`
        return `${point(s[1], s[2])} ${s[0] === 'M' ? 'm' : 'l'}`
      })
      .join('\n')
  }
}

/** Without the parts that lie on one line: they hold no area, yet a reader of PDF fills them with a hairline. */
function withArea(segments: readonly Segment[]): readonly Segment[] {
  const parts: Segment[][] = []
  for (const segment of segments) {
    if (segment[0] === 'M' || parts.length === 0) parts.push([])
    parts.at(-1)?.push(segment)
  }
  return parts.filter((part) => !isOnOneLine(part)).flat()
}

function isOnOneLine(part: readonly Segment[]): boolean {
  const numbers = part.flatMap((segment) => segment.slice(1) as number[])
  const [x0 = 0, y0 = 0] = numbers
  let [dx, dy] = [0, 0]
  for (let i = 2; i + 1 < numbers.length; i += 2) {
    const [x, y] = [(numbers[i] as number) - x0, (numbers[i + 1] as number) - y0]
    if (dx === 0 && dy === 0) [dx, dy] = [x, y]
    else if (Math.abs(dx * y - dy * x) > 1e-9 * Math.hypot(dx, dy) * Math.hypot(x, y)) return false
  }
  return true
}

function placed(value: number, decimals: number): string {
  if (!(Math.abs(value) <= FARTHEST)) refuseLimit('ha punti fuori da ogni misura')
  return fixed(value, decimals)
}

/** No exponent, no trailing zeros, no negative zero. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return short === '-0' || short === '' ? '0' : short
}

function rgb({ r, g, b }: Colour): string {
  return `${fixed(r, 4)} ${fixed(g, 4)} ${fixed(b, 4)}`
}

/** Brings the canvas (longer side 1000, y down) onto the unit square, y up. */
export function unitSquare(width: number, height: number): string {
  return `${fixed(1 / width, 9)} 0 0 ${fixed(-1 / height, 9)} 0 1 cm`
}
