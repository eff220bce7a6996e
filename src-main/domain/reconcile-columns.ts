/** A growing list of whole numbers up to 2³¹, four bytes each. */
export class IntColumn {
  #data = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#data.length) {
      const wider = new Int32Array(this.length * 2)
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
  #data = new Float64Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#data.length) {
      const wider = new Float64Array(this.length * 2)
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
    this.#table = dense ? new Int32Array(biggest + 1).fill(-1) : null
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
