import { IdPlaces } from './reconcile-columns.ts'
import type { DueAccertamento, PayableInstallment, PayableTransfer, ReconcileInput } from './reconcile-evidence.ts'

/**
 * Who owes what, by number: installments, transfers, positions and accertamenti are places in columns, so that a million
 * rows stay small and are not looked for all over the memory.
 */
export interface PayerIndex {
  readonly byIuv: ReadonlyMap<string, number>
  readonly installments: readonly PayableInstallment[]
  /** First transfer number of each installment; `firstTransfer[i] + k` is its k-th. */
  readonly firstTransfer: Int32Array
  readonly transferCount: number
  /** Of one transfer, ours, for one accertamento: nearly all. Its accertamento's place (−1 unknown), and its transfer's id. */
  readonly simple: Uint8Array
  readonly simpleDue: Int32Array
  readonly simpleTransfer: Int32Array
  readonly cancelled: Uint8Array
  /** 1 in one payment, 2 in instalments. */
  readonly option: Uint8Array
  /** Any number that only installments of the same position share, below `installments.length`. */
  readonly position: Int32Array
  readonly due: readonly DueAccertamento[]
  /** −1 when unknown. */
  dueOf(accertamentoId: number): number
  /** Σ of what comes to us: own transfers without stamps. */
  ownCents(installment: number): number
}

export function payerIndex(input: ReconcileInput): PayerIndex {
  const { byIuv, installments } = latestVersions(input.installments)
  const { due } = input
  const count = installments.length
  const dues = new IdPlaces(due.length, (i) => (due[i] as DueAccertamento).accertamentoId)
  const positions = new IdPlaces(count, (i) => (installments[i] as PayableInstallment).positionId)
  const firstTransfer = new Int32Array(count + 1)
  const own = new Float64Array(count)
  const simple = new Uint8Array(count)
  const simpleDue = new Int32Array(count)
  const simpleTransfer = new Int32Array(count)
  const cancelled = new Uint8Array(count)
  const option = new Uint8Array(count)
  const position = new Int32Array(count)
  installments.forEach((installment, i) => {
    const { transfers } = installment
    firstTransfer[i + 1] = (firstTransfer[i] as number) + transfers.length
    for (const t of transfers) if (isOurs(t)) own[i] = (own[i] as number) + t.cents
    cancelled[i] = installment.cancelled ? 1 : 0
    option[i] = installment.option === 'single' ? 1 : 2
    position[i] = positions.of(installment.positionId)
    const transfer = transfers[0]
    const allocation = transfer?.allocations[0]
    const whole = transfers.length === 1 && transfer?.allocations.length === 1 && isOurs(transfer)
    if (!whole || !allocation || allocation.cents !== transfer.cents) return
    simple[i] = 1
    simpleDue[i] = dues.of(allocation.accertamentoId)
    simpleTransfer[i] = transfer.idTransfer
  })
  return {
    ...{ byIuv, installments, firstTransfer, transferCount: firstTransfer[count] as number },
    ...{ simple, simpleDue, simpleTransfer, cancelled, option, position, due },
    dueOf: (accertamentoId) => dues.of(accertamentoId),
    ownCents: (i) => own[i] as number,
  }
}

function latestVersions(all: readonly PayableInstallment[]) {
  const byIuv = new Map<string, number>()
  const installments: PayableInstallment[] = []
  for (const installment of all) {
    const before = byIuv.get(installment.iuv)
    if (before === undefined) {
      byIuv.set(installment.iuv, installments.length)
      installments.push(installment)
    } else if ((installments[before] as PayableInstallment).version < installment.version) {
      installments[before] = installment
    }
  }
  return { byIuv, installments }
}

/** Money that we collect: ours and not a stamp. */
export function isOurs(transfer: PayableTransfer): boolean {
  return transfer.own && !transfer.stamp
}

/** Oldest debt first: exercise, due date (none = last), number (DOMAIN.md §5 rule 2). */
export function oldestFirst(a: DueAccertamento, b: DueAccertamento): number {
  if (a.exercise !== b.exercise) return a.exercise - b.exercise
  if (a.dueDate !== b.dueDate) return (a.dueDate ?? '9999') < (b.dueDate ?? '9999') ? -1 : 1
  return a.number - b.number
}
