import { type FlowPlace, findFlowPlaces } from './causale-flow.ts'
import { findIuvs, type IuvPlace } from './causale-iuv.ts'
import { type CausaleText, readCausaleText } from './causale-text.ts'
import { foldFlowId } from './flow-id.ts'
import type { Cents } from './money.ts'
import type { CausaleReference, FlowReference } from './reconcile-evidence.ts'

/** The command line's contract of `explain-causale`. */
export type CausaleExplanation =
  | { readonly kind: 'flow'; readonly flowId: string }
  | { readonly kind: 'iuv'; readonly iuv: string; readonly amountCents: Cents | null }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'none' }

/** A part of the original text. `missing` has no length: there the bank cut. */
export interface CausaleSpan {
  readonly from: number
  readonly to: number
  readonly mark: 'recognised' | 'broken' | 'missing'
}

export interface CausaleReading {
  readonly reference: CausaleReference
  /** For the screen's three marks, in order, not overlapping. */
  readonly spans: readonly CausaleSpan[]
}

/** The most complete reading of the text alone, without a ledger. */
export function explainCausale(text: string): CausaleExplanation {
  const read = readCausaleText(text)
  const { flows, truncated } = merge(findFlowPlaces(read))
  const flow = flows[0]
  if (flow) return { kind: 'flow', flowId: flow.flowId }
  const iuvs = findIuvs(read).filter((i) => i.sure)
  const named = iuvs.find(
    (i) => truncated.length === 0 || i.cents !== null || /RF/i.test(read.plain.slice(i.from, i.from + 2)),
  )
  if (named) return { kind: 'iuv', iuv: named.iuv, amountCents: named.cents }
  return truncated.length > 0 ? { kind: 'truncated' } : { kind: 'none' }
}

/**
 * Candidates of a bank's causale, and the spans of the text they came from. It never decides: an id counts only if it
 * equals a known flow's. `knownFolds` (folds of known ids) only makes the spans follow the known reading.
 */
export function readCausale(text: string, knownFolds?: { has(fold: string): boolean }): CausaleReading {
  const read = readCausaleText(text)
  const places = findFlowPlaces(read)
  const iuvs = findIuvs(read)
  const { flows, truncated } = merge(places)
  const cutFolds = [...new Set(places.flatMap((place) => place.folds))]
  const reference: CausaleReference = {
    flows,
    iuvs: distinct(iuvs).map(({ iuv, cents, sure }) => ({ iuv, cents, sure })),
    truncated,
    cutFolds,
  }
  return { reference, spans: spansOf(read, places, iuvs, knownFolds) }
}

/** A causale often carries its id twice, once broken or cut: readings that begin like a longer one are the same id. */
function merge(places: readonly FlowPlace[]): { flows: FlowReference[]; truncated: string[] } {
  const flows: FlowReference[] = []
  for (const { reading } of places) {
    if (!reading) continue
    const fold = foldFlowId(reading.flowId)
    const same = flows.findIndex((f) => {
      const other = foldFlowId(f.flowId)
      return other.startsWith(fold) || fold.startsWith(other)
    })
    const twin = flows[same]
    if (!twin) flows.push(reading)
    else {
      const longer = foldFlowId(twin.flowId).length >= fold.length ? twin : reading
      const folds = [...new Set([...twin.folds, ...reading.folds])].sort(
        (a, b) => b.length - a.length || (a < b ? -1 : 1),
      )
      flows[same] = { flowId: longer.flowId, folds, loose: [...new Set([...twin.loose, ...reading.loose])] }
    }
  }
  const whole = flows.map((f) => foldFlowId(f.flowId))
  const cuts = places.flatMap((p) => (p.cut === null ? [] : [p.cut]))
  const truncated = [...new Set(cuts)].filter((cut) => !whole.some((fold) => fold.startsWith(cut)))
  return { flows, truncated }
}

function distinct(iuvs: readonly IuvPlace[]): IuvPlace[] {
  const out = new Map<string, IuvPlace>()
  for (const place of iuvs) {
    const before = out.get(place.iuv)
    if (!before || (before.cents === null && place.cents !== null)) out.set(place.iuv, place)
  }
  return [...out.values()]
}

function spansOf(
  read: CausaleText,
  places: readonly FlowPlace[],
  iuvs: readonly IuvPlace[],
  known: { has(fold: string): boolean } | undefined,
): CausaleSpan[] {
  const marks: (CausaleSpan['mark'] | null)[] = read.from.map(() => null)
  const cuts: number[] = []
  for (const place of places) {
    const fold = known && (place.reading?.folds ?? place.folds).find((f) => known.has(f))
    const end = fold ? place.start + fold.length : place.end
    if (end > place.start) {
      const last = read.at[end - 1] as number
      for (let i = read.at[place.start] as number; i <= last; i++) {
        marks[i] = /[A-Za-z0-9_-]/.test(read.plain[i] as string) ? 'recognised' : 'broken'
      }
    }
    if (place.cut !== null && !fold) cuts.push(end === 0 ? 0 : (read.to[read.at[end - 1] as number] ?? 0))
  }
  for (const place of iuvs) {
    if (!place.sure) continue
    for (let i = place.from; i < place.to; i++) marks[i] ??= read.plain[i] === ' ' ? 'broken' : 'recognised'
  }
  const spans: CausaleSpan[] = []
  marks.forEach((mark, i) => {
    if (mark === null) return
    const before = spans.at(-1)
    const from = read.from[i] as number
    const to = read.to[i] as number
    if (before && before.mark === mark && before.to === from) spans[spans.length - 1] = { ...before, to }
    else spans.push({ from, to, mark })
  })
  for (const at of cuts) spans.push({ from: at, to: at, mark: 'missing' })
  return spans.sort((a, b) => a.from - b.from || a.to - b.to)
}
