/** Refetches after the first revision for each newer one; those that come meanwhile are one, or a long work would be followed for minutes. */
export function catchUp(refetch: () => Promise<unknown>): (revision: number) => void {
  let newest: number | null = null
  let shown: number | null = null
  let busy = false
  const work = async () => {
    busy = true
    while (shown !== newest) {
      shown = newest
      await refetch().catch(() => undefined)
    }
    busy = false
  }
  return (revision) => {
    newest = revision
    shown ??= revision
    if (!busy) void work()
  }
}
