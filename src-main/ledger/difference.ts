/** Keys whose stored text is no longer what is wanted, and keys to write. */
export function difference(
  stored: ReadonlyMap<number, string>,
  wanted: ReadonlyMap<number, string>,
): { readonly remove: number[]; readonly write: number[] } {
  const remove: number[] = []
  const write: number[] = []
  for (const [key, text] of stored) if (wanted.get(key) !== text) remove.push(key)
  for (const [key, text] of wanted) if (stored.get(key) !== text) write.push(key)
  return { remove, write }
}
