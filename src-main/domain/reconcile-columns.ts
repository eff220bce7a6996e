/**
 * Room for numbers, all zero, in memory that the collector does not count: there is nothing in it to follow, and for every
 * 64 MB of counted room it walks all the evidence of a big year again, which took more time than the match. Given back
 * with the list that holds it, as any other.
 */
export function intRoom(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT))
}

/** The same for amounts. */
export function centsRoom(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT))
}

/** A growing list of whole numbers up to 2³¹, four bytes each. */
export class IntColumn {
  #data: Int32Array
  length = 0

  /** @param room for how many to begin with */
  constructor(room = 1024) {
    this.#data = intRoom(Math.max(1, room))
  }

  push(value: number): void {
    if (this.length === this.#data.length) {
      const wider = intRoom(this.length * 2)
      wider.set(this.#data)
      this.#data = wider
    }
    this.#data[this.length] = value
    this.length += 1
  }

  at(index: number): number {
    return this.#data[index] as number
  }

  put(index: number, value: number): void {
    while (this.length <= index) this.push(-1)
    this.#data[index] = value
  }
}

/** A growing list of amounts in cents. */
export class CentsColumn {
  #data: Float64Array
  length = 0

  constructor(room = 1024) {
    this.#data = centsRoom(Math.max(1, room))
  }

  push(value: number): void {
    if (this.length === this.#data.length) {
      const wider = centsRoom(this.length * 2)
      wider.set(this.#data)
      this.#data = wider
    }
    this.#data[this.length] = value
    this.length += 1
  }

  at(index: number): number {
    return this.#data[index] as number
  }
}

/** One number of each, without the list in between that `Float64Array.from` makes of a million. */
export function numbersOf<T>(list: readonly T[], of: (one: T) => number): Float64Array {
  const numbers = centsRoom(list.length)
  for (let i = 0; i < list.length; i++) numbers[i] = of(list[i] as T)
  return numbers
}

/** Places of ids in a list: a plain table while ids are about as many as they are big, else a map. */
export class IdPlaces {
  readonly #table: Int32Array | null
  readonly #map: Map<number, number> | null

  /** The last of equal ids counts. */
  constructor(count: number, idAt: (index: number) => number) {
    let biggest = 0
    let whole = true
    for (let i = 0; i < count; i++) {
      const id = idAt(i)
      if (id > biggest) biggest = id
      if (id < 0 || !Number.isInteger(id)) whole = false
    }
    const dense = whole && biggest <= count * 8 + 1024
    this.#table = dense ? intRoom(biggest + 1).fill(-1) : null
    this.#map = dense ? null : new Map()
    for (let i = 0; i < count; i++) {
      if (this.#table) this.#table[idAt(i)] = i
      else this.#map?.set(idAt(i), i)
    }
  }

  /** −1 when there is none. */
  of(id: number): number {
    return (this.#table ? this.#table[id] : this.#map?.get(id)) ?? -1
  }
}
