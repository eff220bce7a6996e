import { addDays, type IsoDate } from './date.ts'
import { foldFlowId } from './flow-id.ts'
import { type Label, labelOf } from './labels.ts'
import type { FlowReference } from './reconcile-evidence.ts'
import type { ActiveFlow } from './reconcile-flows.ts'

/** Days before a flow's own in which its provider's ids say how long they are written. */
const HABIT_DAYS = 31

/** What a causale reads where a known flow's id stands. */
export type FlowReading = Pick<FlowReference, 'loose'> & { readonly flowId: string | null }

/**
 * Whether an id that equals a known flow's may be the cut beginning of another. What the bank prints after it proves
 * nothing: it cuts one field and goes on with the next. An id is taken as whole unless
 *
 * - another known flow's id begins with it and goes on, or
 * - the text itself goes on over a mark of continuation, or
 * - its provider wrote longer ids of the same shape that day or in the month before: the longer flow may not be known
 *   yet, or
 * - a blank and a short number follow, and the provider wrote no other id of that very shape then;
 *
 * and the flow's own TRN, whole in the text, settles any. Only flows dated not later are asked for the habit, so that a
 * provider who goes from S999 to S1000 does not shake what was matched before.
 */
export class FlowDoubts {
  readonly #flows: readonly ActiveFlow[]
  /** By flow: the next known id that begins with its own; −1 when none. */
  readonly #longer: Int32Array
  /** Provider → shape of what follows the day → flows, by date and id. */
  readonly #habits = new Map<string, Map<string, ActiveFlow[]>>()

  constructor(flows: readonly ActiveFlow[]) {
    this.#flows = flows
    this.#longer = new Int32Array(flows.length).fill(-1)
    const ours = flows.filter((f) => f.state !== 'otherReceiver').sort((a, b) => (a.fold < b.fold ? -1 : 1))
    for (let i = 0; i < ours.length; i++) {
      const flow = ours[i] as ActiveFlow
      let next = i + 1
      while (ours[next]?.fold === flow.fold) next += 1
      const after = ours[next]
      if (after?.fold.startsWith(flow.fold)) this.#longer[flow.index] = after.index
      shelf(this.#habits, flow.version.pspCode, shapeOf(flow)).push(flow)
    }
    for (const shapes of this.#habits.values()) for (const list of shapes.values()) list.sort(byDate)
  }

  /** Why a reading equal to that flow's id is not enough; null when it is. */
  of(index: number, reading: FlowReading, description: string): Label | null {
    const flow = this.#flows[index] as ActiveFlow
    const { flowId } = flow
    const longer = this.#flows[this.#longer[index] as number]
    if (longer) {
      const settled = this.#settles(flow, longer, description)
      return settled ? null : labelOf('MAYBE_TRUNCATED', { flowId, begins: longer.flowId })
    }
    const doubt = this.#readsOn(flow, reading) ?? this.#habitDoubt(flow, reading)
    return doubt && carriesTrn(description, flow) ? null : doubt
  }

  #readsOn(flow: ActiveFlow, reading: FlowReading): Label | null {
    const { flowId } = reading
    const on = flowId !== null && foldFlowId(flowId).length > flow.fold.length
    return on ? labelOf('MAYBE_TRUNCATED', { flowId: flow.flowId, reads: flowId }) : null
  }

  #habitDoubt(flow: ActiveFlow, reading: FlowReading): Label | null {
    const usual = this.#longerHabit(flow)
    if (usual) return labelOf('MAYBE_TRUNCATED', { flowId: flow.flowId, shorter: usual.flowId })
    if (!reading.loose.includes(flow.fold) || this.#hasTwin(flow)) return null
    return labelOf('MAYBE_TRUNCATED', { flowId: flow.flowId, reads: `${flow.flowId}…` })
  }

  /** Another flow written just as this one, that day or in the month before. */
  #hasTwin(flow: ActiveFlow): boolean {
    const { pspCode, regulationDate } = flow.version
    const list = this.#habits.get(pspCode)?.get(shapeOf(flow)) ?? []
    const from = addDays(regulationDate, -HABIT_DAYS)
    return list.some(
      (f) => f !== flow && f.version.regulationDate <= regulationDate && f.version.regulationDate >= from,
    )
  }

  /** The flow's TRN stands in the text and tells it from the longer one. */
  #settles(flow: ActiveFlow, longer: ActiveFlow, description: string): boolean {
    return carriesTrn(description, flow) && trnOf(longer) !== trnOf(flow) && !carriesTrn(description, longer)
  }

  #longerHabit(flow: ActiveFlow): ActiveFlow | null {
    const shapes = this.#habits.get(flow.version.pspCode)
    if (!shapes || shapes.size === 1) return null
    const shape = shapeOf(flow)
    const to = flow.version.regulationDate
    const from = addDays(to, -HABIT_DAYS)
    let found: ActiveFlow | null = null
    for (const [other, list] of shapes) {
      if (other.length <= shape.length || !other.startsWith(shape)) continue
      const last = latestUntil(list, to)
      if (last === null || last.version.regulationDate < from) continue
      if (found === null || byDate(found, last) < 0) found = last
    }
    return found
  }
}

/** Letters and digits alike: a provider's numbers change, the way in which it writes them does not. */
function shapeOf(flow: ActiveFlow): string {
  return flow.flowId.slice(10).replace(/[0-9A-Za-z]/g, 'x')
}

function shelf(habits: Map<string, Map<string, ActiveFlow[]>>, psp: string, shape: string): ActiveFlow[] {
  let shapes = habits.get(psp)
  if (!shapes) {
    shapes = new Map()
    habits.set(psp, shapes)
  }
  let list = shapes.get(shape)
  if (!list) {
    list = []
    shapes.set(shape, list)
  }
  return list
}

function byDate(a: ActiveFlow, b: ActiveFlow): number {
  const x = a.version.regulationDate
  const y = b.version.regulationDate
  return x !== y ? (x < y ? -1 : 1) : a.index - b.index
}

function latestUntil(list: readonly ActiveFlow[], day: IsoDate): ActiveFlow | null {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as ActiveFlow).version.regulationDate <= day) low = middle + 1
    else high = middle
  }
  return list[low - 1] ?? null
}

/**
 * The TRN of a flow's transfer (identificativoUnivocoRegolamento), folded; null when what stands there is a sentence,
 * too short to be one of a kind, or the flow's id again.
 */
export function trnOf(flow: ActiveFlow): string | null {
  const { regulationId } = flow.version
  if (/\s/.test(regulationId.trim())) return null
  const trn = foldFlowId(regulationId)
  if (trn.length < 8 || trn.replace(/\D/g, '').length < 4) return null
  return trn.includes(flow.fold) || flow.fold.includes(trn) ? null : trn
}

/** Whether a text carries the flow's TRN as a word of its own. */
export function carriesTrn(description: string, flow: ActiveFlow): boolean {
  const trn = trnOf(flow)
  return trn !== null && description.split(/[^0-9A-Za-z]+/).some((word) => word.toLowerCase() === trn)
}
