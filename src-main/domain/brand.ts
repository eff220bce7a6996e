declare const brand: unique symbol

/** A value of type `T` that only the guard of its own domain file may name `B`. */
export type Brand<T, B extends string> = T & { readonly [brand]: B }

/** Row identity in the ledger: a positive integer, named after its noun so that ids of two nouns never mix. */
export type Id<N extends string> = Brand<number, `Id:${N}`>

export function isId(value: unknown): value is Id<string> {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

export function asId<N extends string>(value: number): Id<N> {
  if (!isId(value)) throw new RangeError(`not an id: ${value}`)
  return value as unknown as Id<N>
}
