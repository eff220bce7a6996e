import { ProblemError, problem } from '#domain/problem'
import type { Colour } from './svg-colour.ts'
import { compose, IDENTITY, type Matrix, readLength, readNumbers, readTransform } from './svg-number.ts'
import { type Alpha, CANVAS, SvgOps, unitSquare } from './svg-ops.ts'
import { refuseBroken, refuseElement, refuseFeature, refuseForeign, refuseLimit } from './svg-refuse.ts'
import { MAX_SEGMENTS, outline, type Segment, SHAPES, type Size, tooManySegments } from './svg-shape.ts'
import { declaredOn, readStyleSheets, type StyleSheet } from './svg-sheet.ts'
import { INITIAL_STYLE, inheritedStyle, type OwnStyle, ownStyle, type Paint, type Style } from './svg-style.ts'
import { MAX_ELEMENTS, readSvgTree, type SvgElement, type SvgTree } from './svg-tree.ts'

export interface VectorDrawing {
  /** Of the view box, in its units. */
  readonly width: number
  readonly height: number
  /** Operators that fill the unit square, y up. */
  readonly ops: string
  /** Resource `/A<index>` of the operators. */
  readonly alphas: readonly Alpha[]
}

/** Never painted by themselves: drawn where something refers to them, refused there when they cannot be. */
const ONLY_REFERRED = new Set([
  'defs',
  'style',
  'clipPath',
  'linearGradient',
  'radialGradient',
  'meshgradient',
  'pattern',
  'mask',
  'filter',
  'marker',
  'symbol',
  'solidcolor',
])

/**
 * Draws an SVG of shapes in plain colours: what logos are once their texts are outlines. Opacity is kept where it is
 * exact (one painted shape); everything else is refused by name, never drawn wrong.
 * @throws ProblemError GRAPHIC_* with element and line.
 */
export function drawSvg(bytes: Uint8Array): VectorDrawing {
  const tree = readSvgTree(bytes)
  const { width, height, matrix } = frame(tree.root)
  const factor = CANVAS / Math.max(width, height)
  const drawing = new Drawing(tree, { width, height })
  drawing.draw(tree.root, INITIAL_STYLE, compose([factor, 0, 0, factor, 0, 0], matrix), 1)
  const { ops } = drawing
  return {
    width,
    height,
    ops: `${unitSquare(width * factor, height * factor)}\n${ops.text()}`,
    alphas: ops.alphas,
  }
}

interface Frame extends Size {
  readonly matrix: Matrix
}

function frame(root: SvgElement): Frame {
  const length = (name: string) => readLength(root.attributes.get(name) ?? '', null)
  const [width, height] = [length('width'), length('height')]
  const box = readNumbers(root.attributes.get('viewBox') ?? '')
  const isPositive = (value: number | null | undefined): value is number =>
    value !== null && value !== undefined && value > 1e-6 && value < 1e6
  if (box !== null && box.length === 4 && isPositive(box[2]) && isPositive(box[3])) {
    const [x, y, w, h] = box as [number, number, number, number]
    const moved: Matrix = [1, 0, 0, 1, -x, -y]
    const isStretched = root.attributes.get('preserveAspectRatio')?.trim() === 'none'
    if (!isStretched || !isPositive(width) || !isPositive(height)) return { width: w, height: h, matrix: moved }
    return { width, height, matrix: compose([width / w, 0, 0, height / h, 0, 0], moved) }
  }
  if (!isPositive(width) || !isPositive(height)) throw new ProblemError(problem('GRAPHIC_NO_SIZE', {}))
  return { width, height, matrix: IDENTITY }
}

class Drawing {
  readonly ops = new SvgOps()
  readonly #tree: SvgTree
  readonly #sheet: StyleSheet
  readonly #room: Size
  readonly #using = new Set<SvgElement>()
  #drawn = 0
  #segments = 0
  readonly #declared = new Map<SvgElement, ReadonlyMap<string, string>>()
  readonly #outlines = new Map<SvgElement, readonly Segment[]>()

  constructor(tree: SvgTree, room: Size) {
    this.#tree = tree
    this.#sheet = readStyleSheets(tree)
    this.#room = room
  }

  draw(element: SvgElement, parent: Style, outer: Matrix, alpha: number): void {
    if (ONLY_REFERRED.has(element.name)) return
    this.#drawn += 1
    if (this.#drawn > MAX_ELEMENTS) refuseLimit(`ha più di ${MAX_ELEMENTS} elementi`)
    const declared = this.#declaredOn(element)
    const own = ownStyle(declared, element.line)
    if (!own.shown) return
    const style = inheritedStyle(declared, parent, element.line)
    const matrix = compose(outer, this.#transform(own, element))
    const before = this.ops.painted
    if (own.clip !== null) {
      this.ops.save()
      this.#clip(own.clip, matrix, element.line)
    }
    this.#content(element, style, matrix, alpha * own.opacity)
    if (own.clip !== null) this.ops.restore()
    if (own.opacity < 1 && this.ops.painted - before > 1) {
      refuseFeature(`una trasparenza di più forme insieme (elemento «${element.name}»)`, element.line)
    }
  }

  #content(element: SvgElement, style: Style, matrix: Matrix, alpha: number): void {
    const { name, children } = element
    if (name === 'g' || (name === 'svg' && element === this.#tree.root)) {
      for (const child of children) this.draw(child, style, matrix, alpha)
    } else if (name === 'switch') {
      const chosen = children.find((child) => !child.attributes.has('requiredExtensions'))
      if (chosen) this.draw(chosen, style, matrix, alpha)
    } else if (name === 'use') {
      this.#use(element, style, matrix, alpha)
    } else if (SHAPES.has(name)) {
      if (!style.visible) return
      const colours = {
        fill: this.#colour(style.fill, style, alpha * style.fillOpacity, element.line),
        stroke: this.#colour(style.stroke, style, alpha * style.strokeOpacity, element.line),
      }
      this.ops.paint(this.#outline(element), matrix, style, colours)
    } else refuseElement(name, element.line)
  }

  /** Read once, however many references draw the element. */
  #declaredOn(element: SvgElement): ReadonlyMap<string, string> {
    const known = this.#declared.get(element)
    if (known !== undefined) return known
    const declared = declaredOn(element, this.#sheet)
    this.#declared.set(element, declared)
    return declared
  }

  #outline(element: SvgElement): readonly Segment[] {
    const segments = this.#outlines.get(element) ?? outline(element, this.#room)
    this.#outlines.set(element, segments)
    this.#segments += segments.length
    if (this.#segments > MAX_SEGMENTS) tooManySegments()
    return segments
  }

  #use(element: SvgElement, style: Style, matrix: Matrix, alpha: number): void {
    const target = this.#referred(element)
    if (target.name === 'symbol' || target.name === 'svg') refuseElement(target.name, element.line)
    if (this.#using.has(target)) refuseBroken('un elemento si riferisce a sé stesso', element.line)
    this.#using.add(target)
    this.draw(target, style, compose(matrix, this.#offset(element)), alpha)
    this.#using.delete(target)
  }

  #referred(element: SvgElement): SvgElement {
    const href = element.attributes.get('href')?.trim() ?? ''
    if (!href.startsWith('#')) refuseForeign(`un riferimento a un altro file «${href.slice(0, 60)}»`, element.line)
    const target = this.#tree.byId.get(href.slice(1))
    return target ?? refuseBroken(`si riferisce a «${href.slice(0, 60)}», che non c’è`, element.line)
  }

  #offset(element: SvgElement): Matrix {
    const at = (name: string, base: number) => readLength(element.attributes.get(name) ?? '0', base) ?? 0
    return [1, 0, 0, 1, at('x', this.#room.width), at('y', this.#room.height)]
  }

  #transform(own: OwnStyle, element: SvgElement): Matrix {
    if (own.transform === '') return IDENTITY
    const matrix = readTransform(own.transform)
    return matrix ?? refuseForeign(`una trasformazione che non si legge «${own.transform.slice(0, 60)}»`, element.line)
  }

  /** A clip of one shape is exact; the union of several is not what PDF makes of several outlines. */
  #clip(id: string, matrix: Matrix, line: number): void {
    const path = this.#tree.byId.get(id)
    if (path?.name !== 'clipPath') refuseBroken(`si riferisce al ritaglio «${id}», che non c’è`, line)
    if (path.attributes.get('clipPathUnits') === 'objectBoundingBox') {
      refuseFeature('un ritaglio misurato sulla forma («clipPathUnits»)', path.line)
    }
    const style = inheritedStyle(this.#declaredOn(path), INITIAL_STYLE, path.line)
    const own = ownStyle(this.#declaredOn(path), path.line)
    const shapes = path.children.filter((child) => ownStyle(this.#declaredOn(child), child.line).shown)
    if (shapes.length > 1 || own.clip !== null) refuseFeature('un ritaglio di più forme («clipPath»)', path.line)
    let inner = compose(matrix, this.#transform(own, path))
    let shape = shapes[0]
    if (shape === undefined) {
      this.ops.clip([], inner, false)
      return
    }
    if (shape.name === 'use') {
      const use = ownStyle(this.#declaredOn(shape), shape.line)
      inner = compose(compose(inner, this.#transform(use, shape)), this.#offset(shape))
      shape = this.#referred(shape)
    }
    if (!SHAPES.has(shape.name)) refuseElement(shape.name, shape.line)
    const declared = this.#declaredOn(shape)
    const shapeOwn = ownStyle(declared, shape.line)
    if (shapeOwn.clip !== null) refuseFeature('un ritaglio di un ritaglio («clipPath»)', shape.line)
    const { clipEvenOdd } = inheritedStyle(declared, style, shape.line)
    this.ops.clip(this.#outline(shape), compose(inner, this.#transform(shapeOwn, shape)), clipEvenOdd)
  }

  #colour(paint: Paint, style: Style, opacity: number, line: number): Colour | null {
    if (paint === 'none') return null
    const plain = paint === 'current' ? style.color : paint
    if (!('url' in plain)) return { ...plain, a: plain.a * opacity }
    const target = this.#tree.byId.get(plain.url)
    return target === undefined
      ? refuseForeign(`un colore preso da altrove «${plain.url.slice(0, 60)}»`, line)
      : refuseElement(target.name, line)
  }
}
