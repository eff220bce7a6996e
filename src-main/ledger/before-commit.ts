import type { WriteHandle } from './ledger.ts'

const pending = new WeakMap<WriteHandle, (() => Promise<void>)[]>()

/** Asks that `step` run after the whole write and just before its commit (the wait for the clock of DOMAIN.md §4). */
export function beforeCommit(db: WriteHandle, step: () => Promise<void>): void {
  const steps = pending.get(db)
  if (steps) steps.push(step)
  else pending.set(db, [step])
}

export async function runBeforeCommit(db: WriteHandle): Promise<void> {
  for (const step of pending.get(db) ?? []) await step()
}
