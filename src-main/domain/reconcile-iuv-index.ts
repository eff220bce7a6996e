import { intRoom } from './reconcile-columns.ts'

const DIGITS = 17

/**
 * Places by IUV. Those of seventeen digits, which are nearly all, stand in a table of numbers: a map of a million texts
 * costs most of what the whole match costs.
 */
export class IuvIndex {
  readonly #mask: number
  /** Place + 1; 0 when free. Small, so that most of it stays in the processor's cache. */
  readonly #slots: Int32Array
  /** By place: the first eight digits and the other nine. */
  readonly #digits: Int32Array
  /** All the others: ISO 11649, fifteen or sixteen digits, and odd ones. */
  readonly #others = new Map<string, number>()

  /** @param most how many IUVs at most; places are below it */
  constructor(most: number) {
    let size = 16
    while (size < most * 2) size *= 2
    this.#mask = size - 1
    this.#slots = intRoom(size)
    this.#digits = intRoom(most * 2)
  }

  /** For an IUV that is not there yet. */
  add(iuv: string, place: number): void {
    const high = digits(iuv, 0, 8)
    const low = digits(iuv, 8, DIGITS)
    if (iuv.length !== DIGITS || high < 0 || low < 0) {
      this.#others.set(iuv, place)
      return
    }
    this.#digits[place * 2] = high
    this.#digits[place * 2 + 1] = low
    this.#slots[this.#slot(high, low)] = place + 1
  }

  get(iuv: string): number | undefined {
    const high = digits(iuv, 0, 8)
    const low = digits(iuv, 8, DIGITS)
    if (iuv.length !== DIGITS || high < 0 || low < 0) return this.#others.get(iuv)
    const place = this.#slots[this.#slot(high, low)] as number
    return place === 0 ? undefined : place - 1
  }

  has(iuv: string): boolean {
    return this.get(iuv) !== undefined
  }

  /** Where that number stands, or would. */
  #slot(high: number, low: number): number {
    let hash = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & this.#mask
    for (;;) {
      const at = ((this.#slots[slot] as number) - 1) * 2
      if (at < 0 || (this.#digits[at + 1] === low && this.#digits[at] === high)) return slot
      slot = (slot + 1) & this.#mask
    }
  }
}

/** −1 when some character is not a digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    value = value * 10 + digit
  }
  return value
}
