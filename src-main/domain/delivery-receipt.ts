/**
 * What a message in the mailbox says of a delivery. `dsnDelayed` and `dsnRelayed` are reports that are not the end;
 * `dubbia` speaks of one of ours but proves nothing (other account, other recipient, parts that disagree).
 */
export type ReceiptKind =
  | 'accettazione'
  | 'nonAccettazione'
  | 'consegna'
  | 'mancata'
  | 'preavviso'
  | 'dsn'
  | 'dsnDelayed'
  | 'dsnRelayed'
  | 'dubbia'

type Mailed = 'sent' | 'accepted' | 'delivered' | 'failed'

/** What may move a delivery that stands in a state; whatever is not here is only kept. */
export const MOVING_RECEIPTS: Readonly<
  Record<'queued' | 'deferred' | 'sent' | 'accepted' | 'uncertain', readonly ReceiptKind[]>
> = {
  queued: ['accettazione', 'consegna', 'dsnDelayed', 'dsnRelayed'],
  deferred: ['accettazione', 'consegna', 'dsnDelayed', 'dsnRelayed'],
  sent: ['accettazione', 'consegna', 'nonAccettazione', 'mancata', 'dsn'],
  accepted: ['consegna', 'nonAccettazione', 'mancata', 'dsn'],
  uncertain: ['accettazione', 'consegna', 'nonAccettazione', 'mancata', 'dsn', 'dsnDelayed', 'dsnRelayed'],
}

const AFTER: Readonly<Partial<Record<ReceiptKind, Mailed>>> = {
  accettazione: 'accepted',
  consegna: 'delivered',
  nonAccettazione: 'failed',
  mancata: 'failed',
  dsn: 'failed',
  dsnDelayed: 'sent',
  dsnRelayed: 'sent',
}

/**
 * The state of a delivery after a receipt (DOMAIN.md §3), null when it stays. Receipts come in any order: a consegna
 * carries its accettazione with it. Bad news counts only about the attempt in force, good news about any: the notice
 * arrived. So one that waits to be sent again, because a person said so or its server asked for it, leaves the queue at
 * the good news of an earlier attempt: twice would be once too often. A preavviso changes nothing, and nothing leaves an end.
 */
export function stateAfterReceipt(state: string, kind: ReceiptKind, ofAttemptInForce: boolean): Mailed | null {
  const moving: readonly ReceiptKind[] = MOVING_RECEIPTS[state as keyof typeof MOVING_RECEIPTS] ?? []
  if (!moving.includes(kind)) return null
  const after = AFTER[kind] ?? null
  return after === 'failed' && !ofAttemptInForce ? null : after
}
