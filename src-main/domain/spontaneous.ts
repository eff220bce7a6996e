import type { Id } from './brand.ts'
import { type IsoDate, yearOf } from './date.ts'
import { taxonomyCore } from './taxonomy.ts'

/** A tipo di dovuto as a payment without a position looks for it. */
export interface SpontaneousType {
  readonly id: Id<'serviceType'>
  readonly name: string
  readonly taxonomyCode: string
  readonly active: boolean
  /** Payments that nobody asked for may be raised with it by themselves. */
  readonly spontaneous: boolean
}

/** Types whose code names the same service as `category`; those that raise by themselves first. */
export function typesFor<T extends SpontaneousType>(category: string | null, types: readonly T[]): T[] {
  const core = category === null ? null : taxonomyCore(category.trim())
  if (core === null) return []
  return types
    .filter((type) => type.active && taxonomyCore(type.taxonomyCode) === core)
    .sort((a, b) => Number(b.spontaneous) - Number(a.spontaneous) || a.name.localeCompare(b.name, 'it'))
}

/** The one type that raises each transfer, or why there is none. */
export function typesOfTransfers<T extends SpontaneousType>(
  transfers: readonly { readonly idTransfer: number; readonly category: string | null }[],
  types: readonly T[],
):
  | { readonly ok: true; readonly of: ReadonlyMap<number, T> }
  | { readonly ok: false; readonly why: 'noType' | 'manyTypes' } {
  const of = new Map<number, T>()
  for (const { idTransfer, category } of transfers) {
    const [type, second] = typesFor(category, types).filter((one) => one.spontaneous)
    if (type === undefined) return { ok: false, why: 'noType' }
    if (second !== undefined) return { ok: false, why: 'manyTypes' }
    of.set(idTransfer, type)
  }
  return { ok: true, of }
}

/** Whether an IUV was given out under a segregation code of ours; those of others belong to another software. */
export function isOurIuv(iuv: string, segregationCodes: readonly string[]): boolean {
  return /^\d{17}$/.test(iuv) && segregationCodes.includes(iuv.slice(0, 2))
}

/** The year that a spontaneous payment of the type speaks of. */
export function competenceYearOf(paidOn: IsoDate, shift: number): number {
  return yearOf(paidOn) + shift
}

/** What the accertamento says: of the type, else what the payment says of itself, at most 140 characters. */
export function spontaneousCausale(
  type: { readonly spontaneousCausale: string | null; readonly defaultCausale: string },
  said: { readonly remittance: string | null; readonly description: string | null },
): string {
  const own = [type.spontaneousCausale, withoutForm(said.remittance), said.description, type.defaultCausale]
  return (own.find((text) => text !== null && text.trim() !== '') ?? type.defaultCausale).trim().slice(0, 140)
}

/** `/RFB/<IUV>/<amount>/TXT/<words>` → the words. */
function withoutForm(remittance: string | null): string | null {
  if (remittance === null || !/^\/?RF[ABS]\//i.test(remittance)) return remittance
  return /\/TXT\/(.*)$/is.exec(remittance)?.[1]?.replace(/^DEBITORE\/[A-Z0-9]*\/?/i, '') ?? null
}
