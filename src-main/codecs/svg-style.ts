import { type Colour, readColour } from './svg-colour.ts'
import { readLength, readNumbers } from './svg-number.ts'
import { refuseFeature, refuseForeign } from './svg-refuse.ts'

/** `url` is the id of something that is not a plain colour: refused where it would be painted. */
export type Paint = 'none' | 'current' | Colour | { readonly url: string }

/** The properties that an element hands down to those inside it. */
export interface Style {
  readonly color: Colour
  readonly fill: Paint
  readonly stroke: Paint
  readonly evenOdd: boolean
  readonly clipEvenOdd: boolean
  readonly fillOpacity: number
  readonly strokeOpacity: number
  /** In user units of the element. */
  readonly width: number
  readonly cap: 0 | 1 | 2
  readonly join: 0 | 1 | 2
  readonly miterLimit: number
  readonly dash: readonly number[]
  readonly dashOffset: number
  readonly visible: boolean
  readonly strokeFirst: boolean
}

/** The properties of one element alone. */
export interface OwnStyle {
  readonly shown: boolean
  readonly opacity: number
  readonly transform: string
  /** Id of the clip path. */
  readonly clip: string | null
}

const BLACK: Colour = { r: 0, g: 0, b: 0, a: 1 }

export const INITIAL_STYLE: Style = {
  color: BLACK,
  fill: BLACK,
  stroke: 'none',
  evenOdd: false,
  clipEvenOdd: false,
  fillOpacity: 1,
  strokeOpacity: 1,
  width: 1,
  cap: 0,
  join: 0,
  miterLimit: 4,
  dash: [],
  dashOffset: 0,
  visible: true,
  strokeFirst: false,
}

/** A longer value is no drawing's, and trying patterns on it takes its square in time. */
const LONGEST_VALUE = 1000

const CAPS: Readonly<Record<string, 0 | 1 | 2>> = { butt: 0, round: 1, square: 2 }
const JOINS: Readonly<Record<string, 0 | 1 | 2>> = { miter: 0, 'miter-clip': 0, arcs: 0, round: 1, bevel: 2 }

type Declared = ReadonlyMap<string, string>

/** @throws ProblemError for values that cannot be read, naming the line. */
export function inheritedStyle(declared: Declared, parent: Style, line: number): Style {
  const read = <T>(property: string, inherited: T, parse: (value: string) => T | null): T => {
    const value = declared.get(property)?.trim()
    if (value === undefined || value === 'inherit' || value === 'unset') return inherited
    const found = value.length > LONGEST_VALUE ? null : parse(value)
    return found ?? refuseForeign(`un valore che non si legge: «${property}: ${value.slice(0, 60)}»`, line)
  }
  const length = (value: string) => readLength(value, null)
  for (const marker of ['marker', 'marker-start', 'marker-mid', 'marker-end']) {
    if ((declared.get(marker) ?? 'none') !== 'none') refuseFeature(`frecce o segni sulle linee («${marker}»)`, line)
  }
  return {
    color: read('color', parent.color, (v) => (v.toLowerCase() === 'currentcolor' ? parent.color : readColour(v))),
    fill: read('fill', parent.fill, readPaint),
    stroke: read('stroke', parent.stroke, readPaint),
    evenOdd: read('fill-rule', parent.evenOdd, readRule),
    clipEvenOdd: read('clip-rule', parent.clipEvenOdd, readRule),
    fillOpacity: read('fill-opacity', parent.fillOpacity, readOpacity),
    strokeOpacity: read('stroke-opacity', parent.strokeOpacity, readOpacity),
    width: read('stroke-width', parent.width, length),
    cap: read('stroke-linecap', parent.cap, (v) => CAPS[v] ?? null),
    join: read('stroke-linejoin', parent.join, (v) => JOINS[v] ?? null),
    miterLimit: read('stroke-miterlimit', parent.miterLimit, length),
    dash: read('stroke-dasharray', parent.dash, readDash),
    dashOffset: read('stroke-dashoffset', parent.dashOffset, length),
    visible: read('visibility', parent.visible, (v) => v === 'visible'),
    strokeFirst: read('paint-order', parent.strokeFirst, (v) => /^(markers\s+)?stroke/.test(v)),
  }
}

/** @throws ProblemError for effects that are not drawn. */
export function ownStyle(declared: Declared, line: number): OwnStyle {
  const set = (property: string, neutral: string) => {
    const value = declared.get(property)?.trim() ?? neutral
    if (value.length > LONGEST_VALUE) refuseForeign(`un valore troppo lungo di «${property}»`, line)
    return value === neutral ? null : value
  }
  if (set('mask', 'none')) refuseFeature('una maschera («mask»)', line)
  if (set('filter', 'none')) refuseFeature('un filtro («filter»)', line)
  if (set('mix-blend-mode', 'normal')) refuseFeature('colori che si fondono («mix-blend-mode»)', line)
  if (set('vector-effect', 'none')) refuseFeature('linee che non seguono la scala («vector-effect»)', line)
  const transform = set('transform', 'none') ?? ''
  if (transform !== '' && declared.has('transform-origin')) refuseForeign('un perno («transform-origin»)', line)
  const opacity = readOpacity(set('opacity', '1') ?? '1')
  if (opacity === null) refuseForeign('una trasparenza che non si legge', line)
  const clip = set('clip-path', 'none')
  const id = clip === null ? null : urlId(clip)
  if (clip !== null && id === null) refuseFeature(`un ritaglio «${clip.slice(0, 60)}»`, line)
  return { shown: set('display', 'inline') !== 'none', opacity, transform, clip: id }
}

function readPaint(text: string): Paint | null {
  const value = text.toLowerCase()
  if (value === 'none') return 'none'
  if (value === 'currentcolor') return 'current'
  if (value.startsWith('url(')) return { url: urlId(text) ?? text }
  return readColour(text.replace(/\s+icc-color\(.*$/i, ''))
}

/** `url(#x)` → `x`; null for anything else, outside documents included. */
function urlId(text: string): string | null {
  return /^url\(\s*["']?#([^"')]+)["']?\s*\)/.exec(text)?.[1] ?? null
}

function readRule(value: string): boolean | null {
  return value === 'evenodd' ? true : value === 'nonzero' ? false : null
}

function readOpacity(text: string): number | null {
  const percent = text.endsWith('%')
  const value = readLength(percent ? text.slice(0, -1) : text, null)
  return value === null ? null : Math.min(1, Math.max(0, percent ? value / 100 : value))
}

function readDash(value: string): readonly number[] | null {
  if (value === 'none') return []
  const dash = readNumbers(value.replace(/px\b/g, ''))
  if (dash === null || dash.some((one) => one < 0)) return null
  return dash.every((one) => one === 0) ? [] : dash
}
