import type { ObjectSink } from './objects.ts'

/**
 * Our own line drawings beside «dove pagare?» and the disclaimer, as forms on the unit square (y downwards inside, then
 * turned). The marks of pagoPA and of Poste are trademarks and stand nowhere here.
 */
const K = 0.5523

/** Four Bézier arcs. */
function circle(cx: number, cy: number, r: number): string {
  const k = r * K
  return (
    `${cx + r} ${cy} m ${cx + r} ${cy + k} ${cx + k} ${cy + r} ${cx} ${cy + r} c ${cx - k} ${cy + r} ${cx - r} ${cy + k} ${cx - r} ${cy} c ` +
    `${cx - r} ${cy - k} ${cx - k} ${cy - r} ${cx} ${cy - r} c ${cx + k} ${cy - r} ${cx + r} ${cy - k} ${cx + r} ${cy} c h `
  )
}

function roundedBox(x: number, y: number, w: number, h: number, r: number): string {
  const k = r * (1 - K)
  return (
    `${x + r} ${y} m ${x + w - r} ${y} l ${x + w - k} ${y} ${x + w} ${y + k} ${x + w} ${y + r} c ` +
    `${x + w} ${y + h - r} l ${x + w} ${y + h - k} ${x + w - k} ${y + h} ${x + w - r} ${y + h} c ` +
    `${x + r} ${y + h} l ${x + k} ${y + h} ${x} ${y + h - k} ${x} ${y + h - r} c ${x} ${y + r} l ${x} ${y + k} ${x + k} ${y} ${x + r} ${y} c h `
  )
}

/** A map pin whose head is centred on (x, y), with an eye. */
function pin(x: number, y: number): string {
  const r = 4.2
  const outline =
    `${x - r} ${y} m ${x - r} ${y - r * K} ${x - r * K} ${y - r} ${x} ${y - r} c ${x + r * K} ${y - r} ${x + r} ${y - r * K} ${x + r} ${y} c ` +
    `${x + r} ${y + 2.4} ${x + 1.6} ${y + 5.4} ${x} ${y + 7.6} c ${x - 1.6} ${y + 5.4} ${x - r} ${y + 2.4} ${x - r} ${y} c h `
  return `1 g ${outline}B 0 g ${circle(x, y, 1.7)}S `
}

interface Icon {
  readonly box: number
  /** Where it is not as high as wide. */
  readonly high?: number
  readonly ops: string
}

const ICONS: Readonly<Record<string, Icon>> = {
  /** In a circle of 12. */
  XInfo: { box: 12, ops: `0.95 w ${circle(6, 6, 5.5)}S ${circle(6, 3.05, 0.72)}f 1 J 1 w 6 5.3 m 6 9.2 l S` },
  /** A portable computer with a telephone before it, in 32. */
  XDevices: {
    box: 32,
    ops: `1 w 1 j ${roundedBox(2.5, 4.5, 27, 17.5, 2)}S ${circle(16, 6.6, 0.5)}f 1 g ${roundedBox(0.5, 21.8, 31, 1.8, 0.9)}B ${roundedBox(20.5, 14.5, 7, 12.5, 1.3)}B 0 g 23 25.2 m 25 25.2 l S`,
  },
  /** An open pair of scissors that cuts to the left, in 16 × 11. */
  XScissors: {
    box: 16,
    high: 11,
    ops: `0.525 G 0.525 g 1.25 w 1 J ${circle(13.1, 2.6, 1.75)}S ${circle(13.1, 8.4, 1.75)}S 11.6 3.5 m 1.4 8.9 l S 11.6 7.5 m 1.4 2.1 l S`,
  },
  /** The sign of the euro, white on a black square, in 30. */
  XEuro: {
    box: 30,
    ops: `0.114 g 0 0 30 30 re f 1 G 3.1 w 22.6 8.2 m 20.9 6.6 18.9 5.8 16.6 5.8 c 11.6 5.8 8.6 9.7 8.6 15 c 8.6 20.3 11.6 24.2 16.6 24.2 c 18.9 24.2 20.9 23.4 22.6 21.8 c S 2.5 w 5.6 12.9 m 18.6 12.9 l S 5.6 17.1 m 17.6 17.1 l S`,
  },
  /** Three places on a ring, in 32. */
  XPlaces: { box: 32, ops: `1 w 1 j ${circle(16, 17, 11.5)}S ${pin(16, 4.9)}${pin(5, 15)}${pin(26.6, 22.6)}` },
}

export function writeIcons(sink: ObjectSink): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const [name, { box, high, ops }] of Object.entries(ICONS)) {
    const body = `q ${(1 / box).toFixed(6)} 0 0 ${(-1 / (high ?? box)).toFixed(6)} 0 1 cm 0.08 G 0.08 g ${ops.replaceAll(' 0 g', ' 0.08 g')} Q`
    numbers.set(name, sink.deflated('/Type/XObject/Subtype/Form/BBox[-0.1 -0.1 1.1 1.1]', body, 9))
  }
  return numbers
}
