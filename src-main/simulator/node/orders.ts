import type { Instant } from '#domain/date'
import type { PayOrder } from './money.ts'
import { pay } from './pay.ts'
import type { NodeStore } from './store.ts'

/** Makes the payments whose time has come; `early` makes all of them now. How many were made. */
export function payDue(store: NodeStore, now: Instant, early = false): number {
  if (store.count('order') === 0) return 0
  const due = [...store.all('order')].filter((order) => early || order.at <= now)
  let made = 0
  for (const order of due) {
    const { id, ...what } = order
    if (pay(store, { ...what, at: order.at <= now ? order.at : now }).ok) made += 1
    store.change((changes) => changes.remove('order', id))
  }
  return made
}

/** Keeps a payment for the day on which it is to be made. */
export function payLater(store: NodeStore, order: PayOrder, id: string): void {
  store.change((changes) => changes.put('order', id, { ...order, id }))
}
