import { IdPlaces, intRoom, numbersOf } from './reconcile-columns.ts'
import type { DueAccertamento, PayableInstallment, PayableTransfer, ReconcileInput } from './reconcile-evidence.ts'
import { IuvIndex } from './reconcile-iuv-index.ts'

/**
 * Numbers of one installment that stand together, in half a line of the processor's cache, because rows come in no order:
 * the amount takes the room of the first two.
 */
const FACTS = 8
const DUE = 2
const TRANSFER = 3
const POSITION = 4
const FIRST = 5
const KIND = 6
const SIMPLE = 1
const CANCELLED = 2
const PLAN = 4
const REPLACED = 8

/** Who owes what, by number: installments, transfers, positions and accertamenti are places in columns. */
export class PayerIndex {
  readonly byIuv: Pick<IuvIndex, 'get' | 'has'>
  readonly installments: readonly PayableInstallment[]
  /** Of the installments, apart: they are read in the order of the rows, which is none. */
  readonly iuvs: readonly string[]
  readonly positionIds: Float64Array
  readonly transferCount: number
  readonly due: readonly DueAccertamento[]
  readonly #facts: Int32Array
  /** The same room, read as amounts: one every four. */
  readonly #own: Float64Array
  readonly #accertamenti: Float64Array
  readonly #dues: IdPlaces

  constructor(input: Pick<ReconcileInput, 'installments' | 'due'>) {
    const { byIuv, installments } = latestVersions(input.installments)
    this.byIuv = throughOldPapers(byIuv, installments)
    this.installments = installments
    this.iuvs = installments.map((i) => i.iuv)
    this.positionIds = numbersOf(installments, (i) => i.positionId)
    this.due = input.due
    this.#accertamenti = numbersOf(input.due, (a) => a.accertamentoId)
    this.#dues = new IdPlaces(input.due.length, (i) => this.#accertamenti[i] as number)
    const positions = new IdPlaces(installments.length, (i) => this.positionIds[i] as number)
    this.#facts = intRoom(installments.length * FACTS)
    this.#own = new Float64Array(this.#facts.buffer)
    let transfers = 0
    installments.forEach((installment, i) => {
      this.#note(installment, i)
      this.#facts[i * FACTS + FIRST] = transfers
      this.#facts[i * FACTS + POSITION] = positions.of(installment.positionId)
      transfers += installment.transfers.length
    })
    this.transferCount = transfers
  }

  #note({ transfers, cancelled, replaced, option }: PayableInstallment, i: number): void {
    const facts = this.#facts
    const at = i * FACTS
    let own = 0
    for (const t of transfers) if (isOurs(t)) own += t.cents
    this.#own[i * (FACTS / 2)] = own
    const transfer = transfers[0]
    const allocation = transfer?.allocations[0]
    const one = transfers.length === 1 && transfer?.allocations.length === 1 && isOurs(transfer)
    const simple = one && allocation !== undefined && allocation.cents === transfer.cents
    facts[at + KIND] =
      (simple ? SIMPLE : 0) + (cancelled ? CANCELLED : 0) + (option === 'plan' ? PLAN : 0) + (replaced ? REPLACED : 0)
    if (!simple) return
    facts[at + DUE] = this.#dues.of(allocation.accertamentoId)
    facts[at + TRANSFER] = transfer.idTransfer
  }

  /** Σ of what comes to us: own transfers without stamps. */
  ownCents(installment: number): number {
    return this.#own[installment * (FACTS / 2)] as number
  }

  /** One transfer, ours, for one accertamento: nearly all. */
  isSimple(installment: number): boolean {
    return ((this.#facts[installment * FACTS + KIND] as number) & SIMPLE) !== 0
  }

  /** Of a simple one: its accertamento's place, −1 when unknown. */
  simpleDue(installment: number): number {
    return this.#facts[installment * FACTS + DUE] as number
  }

  /** Of a simple one: the id of its transfer. */
  simpleTransfer(installment: number): number {
    return this.#facts[installment * FACTS + TRANSFER] as number
  }

  isCancelled(installment: number): boolean {
    return ((this.#facts[installment * FACTS + KIND] as number) & CANCELLED) !== 0
  }

  /** Its position asks with other numbers now. */
  isReplaced(installment: number): boolean {
    return ((this.#facts[installment * FACTS + KIND] as number) & REPLACED) !== 0
  }

  /** What its position asks for now, of ours: the single payment, else all the instalments. */
  askedNow(installment: number): number {
    const positionId = this.positionIds[installment]
    const present = this.installments.flatMap((one, i) =>
      one.positionId === positionId && !one.replaced ? [{ option: one.option, cents: this.ownCents(i) }] : [],
    )
    const single = present.filter((one) => one.option === 'single')
    return (single.length > 0 ? single : present).reduce((sum, one) => sum + one.cents, 0)
  }

  /** 1 in one payment, 2 in instalments. */
  option(installment: number): 1 | 2 {
    return (this.#facts[installment * FACTS + KIND] as number) & PLAN ? 2 : 1
  }

  /** A number that only installments of the same position share, below `installments.length`. */
  position(installment: number): number {
    return this.#facts[installment * FACTS + POSITION] as number
  }

  /** Number of its first transfer; its k-th is k further. */
  firstTransfer(installment: number): number {
    return this.#facts[installment * FACTS + FIRST] as number
  }

  /** Place of an accertamento; −1 when unknown. */
  dueOf(accertamentoId: number): number {
    return this.#dues.of(accertamentoId)
  }

  accertamentoId(due: number): number {
    return this.#accertamenti[due] as number
  }
}

/** An old number whose payment another number asks for now, to the cent, leads to that one. */
function throughOldPapers(byIuv: IuvIndex, installments: readonly PayableInstallment[]): Pick<IuvIndex, 'get' | 'has'> {
  const present = new Map<number, number>()
  installments.forEach(({ nowAskedWith }, i) => {
    const now = nowAskedWith === undefined ? undefined : byIuv.get(nowAskedWith)
    if (now !== undefined) present.set(i, now)
  })
  if (present.size === 0) return byIuv
  const get = (iuv: string) => {
    const at = byIuv.get(iuv)
    return at === undefined ? undefined : (present.get(at) ?? at)
  }
  return { get, has: (iuv) => byIuv.has(iuv) }
}

function latestVersions(all: readonly PayableInstallment[]) {
  const byIuv = new IuvIndex(all.length)
  const installments: PayableInstallment[] = new Array(all.length)
  let count = 0
  for (const installment of all) {
    const before = byIuv.get(installment.iuv)
    if (before === undefined) {
      byIuv.add(installment.iuv, count)
      installments[count] = installment
      count += 1
    } else if ((installments[before] as PayableInstallment).version < installment.version) {
      installments[before] = installment
    }
  }
  installments.length = count
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
