import svgpath from 'svgpath'
import { readLength, readNumbers } from './svg-number.ts'
import { refuseBroken, refuseForeign, refuseLimit } from './svg-refuse.ts'
import type { SvgElement } from './svg-tree.ts'

/** Absolute; curves are cubic. */
export type Segment =
  | readonly ['M' | 'L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z']

export interface Size {
  readonly width: number
  readonly height: number
}

export const MAX_SEGMENTS = 100_000

export const SHAPES: ReadonlySet<string> = new Set(['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon'])

/** Outline of a shape in its own coordinates, empty when it draws nothing. `room` is what percentages refer to. */
export function outline(element: SvgElement, room: Size): readonly Segment[] {
  const d = pathData(element, room)
  if (d === '') return []
  const path = svgpath(d)
  const { err, segments } = path as unknown as { readonly err: string; readonly segments: readonly unknown[] }
  if (err !== '') refuseBroken(`il tracciato dell’elemento «${element.name}» è scritto male`, element.line)
  if (segments.length > MAX_SEGMENTS) tooManySegments()
  const out: Segment[] = []
  path
    .abs()
    .unshort()
    .unarc()
    .iterate((segment, _, x, y) => {
      out.push(...simple(segment, x, y))
    })
  return out
}

export function tooManySegments(): never {
  return refuseLimit(`ha più di ${MAX_SEGMENTS.toLocaleString('it')} tratti`)
}

function simple(segment: readonly (string | number)[], x: number, y: number): Segment[] {
  const [kind, ...n] = segment as [string, ...number[]]
  const at = (i: number) => n[i] as number
  if (kind === 'M' || kind === 'L') return [[kind, at(0), at(1)]]
  if (kind === 'H') return [['L', at(0), y]]
  if (kind === 'V') return [['L', x, at(0)]]
  if (kind === 'C') return [['C', at(0), at(1), at(2), at(3), at(4), at(5)]]
  if (kind === 'Z' || kind === 'z') return [['Z']]
  if (kind !== 'Q') return []
  // A quadratic curve is the cubic whose handles stand at two thirds.
  const third = (from: number, handle: number) => from + (2 / 3) * (handle - from)
  return [['C', third(x, at(0)), third(y, at(1)), third(at(2), at(0)), third(at(3), at(1)), at(2), at(3)]]
}

function pathData(element: SvgElement, room: Size): string {
  const { attributes, line } = element
  const diagonal = Math.hypot(room.width, room.height) / Math.SQRT2
  const length = (name: string, base: number): number | null => {
    const text = attributes.get(name)
    if (text === undefined || text === 'auto') return null
    const value = readLength(text, base)
    if (value === null) refuseForeign(`una misura che non si legge: ${name}="${text.slice(0, 40)}"`, line)
    return value
  }
  const x = (name: string) => length(name, room.width)
  const y = (name: string) => length(name, room.height)
  switch (element.name) {
    case 'path':
      return (attributes.get('d') ?? '').replace(/^\s*none\s*$/, '').trim()
    case 'line':
      return `M${x('x1') ?? 0} ${y('y1') ?? 0}L${x('x2') ?? 0} ${y('y2') ?? 0}`
    case 'circle': {
      const r = length('r', diagonal) ?? 0
      return ellipse(x('cx') ?? 0, y('cy') ?? 0, r, r)
    }
    case 'ellipse': {
      const [rx, ry] = [x('rx'), y('ry')]
      return ellipse(x('cx') ?? 0, y('cy') ?? 0, rx ?? ry ?? 0, ry ?? rx ?? 0)
    }
    case 'rect':
      return rectangle(x('x') ?? 0, y('y') ?? 0, x('width') ?? 0, y('height') ?? 0, x('rx'), y('ry'))
    default:
      return polygon(element)
  }
}

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  if (rx <= 0 || ry <= 0) return ''
  return `M${cx + rx} ${cy}A${rx} ${ry} 0 0 1 ${cx - rx} ${cy}A${rx} ${ry} 0 0 1 ${cx + rx} ${cy}Z`
}

function rectangle(x: number, y: number, w: number, h: number, rx: number | null, ry: number | null): string {
  if (w <= 0 || h <= 0) return ''
  const a = Math.min(w / 2, Math.max(0, rx ?? ry ?? 0))
  const b = Math.min(h / 2, Math.max(0, ry ?? rx ?? 0))
  if (a === 0 || b === 0) return `M${x} ${y}L${x + w} ${y}L${x + w} ${y + h}L${x} ${y + h}Z`
  const corner = (toX: number, toY: number) => `A${a} ${b} 0 0 1 ${toX} ${toY}`
  return (
    `M${x + a} ${y}L${x + w - a} ${y}${corner(x + w, y + b)}L${x + w} ${y + h - b}${corner(x + w - a, y + h)}` +
    `L${x + a} ${y + h}${corner(x, y + h - b)}L${x} ${y + b}${corner(x + a, y)}Z`
  )
}

function polygon(element: SvgElement): string {
  const numbers = readNumbers(element.attributes.get('points') ?? '')
  if (numbers === null) refuseBroken(`i punti dell’elemento «${element.name}» sono scritti male`, element.line)
  const points: string[] = []
  for (let i = 0; i + 1 < numbers.length; i += 2) points.push(`${numbers[i]} ${numbers[i + 1]}`)
  if (points.length < 2) return ''
  return `M${points.join('L')}${element.name === 'polygon' ? 'Z' : ''}`
}
