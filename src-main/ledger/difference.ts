/** Keys whose stored value is no longer what is wanted, and keys to write. */
export function difference<T>(
  stored: ReadonlyMap<number, T>,
  wanted: ReadonlyMap<number, T>,
  same: (a: T, b: T) => boolean = Object.is,
): { readonly remove: number[]; readonly write: number[] } {
  const remove: number[] = []
  const write: number[] = []
  let found = 0
  for (const [key, value] of wanted) {
    const before = stored.get(key)
    if (before !== undefined) found += 1
    if (before !== undefined && same(before, value)) continue
    write.push(key)
    if (before !== undefined) remove.push(key)
  }
  if (found < stored.size) for (const key of stored.keys()) if (!wanted.has(key)) remove.push(key)
  return { remove, write }
}
