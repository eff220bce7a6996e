import type { DueAccertamento, PayableInstallment, PayableTransfer, ReconcileInput } from './reconcile-evidence.ts'

/** Who owes what, by number: installments and transfers and accertamenti are indexes, so that a million rows stay small. */
export interface PayerIndex {
  readonly byIuv: ReadonlyMap<string, number>
  readonly installments: readonly PayableInstallment[]
  /** First transfer number of each installment; `transferOf(i) + k` is its k-th. */
  readonly firstTransfer: Int32Array
  readonly transferCount: number
  readonly due: readonly DueAccertamento[]
  readonly byAccertamento: ReadonlyMap<number, number>
  /** Σ of what comes to us: own transfers without stamps. */
  ownCents(installment: number): number
}

export function payerIndex(input: ReconcileInput): PayerIndex {
  const byIuv = new Map<string, number>()
  const installments: PayableInstallment[] = []
  for (const installment of input.installments) {
    const before = byIuv.get(installment.iuv)
    if (before === undefined) {
      byIuv.set(installment.iuv, installments.length)
      installments.push(installment)
    } else if ((installments[before] as PayableInstallment).version < installment.version) {
      installments[before] = installment
    }
  }
  const firstTransfer = new Int32Array(installments.length + 1)
  installments.forEach((installment, i) => {
    firstTransfer[i + 1] = (firstTransfer[i] as number) + installment.transfers.length
  })
  const byAccertamento = new Map<number, number>()
  input.due.forEach((a, i) => {
    byAccertamento.set(a.accertamentoId, i)
  })
  return {
    byIuv,
    installments,
    firstTransfer,
    transferCount: firstTransfer[installments.length] as number,
    due: input.due,
    byAccertamento,
    ownCents: (i) =>
      (installments[i] as PayableInstallment).transfers.reduce((sum, t) => sum + (isOurs(t) ? t.cents : 0), 0),
  }
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
