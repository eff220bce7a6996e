import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, isIsoDate, romeDate } from '#domain/date'
import { type FiscalCode, readFiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import { type Cents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { raisingDate, raisingExercise } from '#domain/raising'
import { searchKey } from '#domain/search-key'
import { competenceYearOf, isOurIuv, spontaneousCausale, typesOfTransfers } from '#domain/spontaneous'
import { insertAccertamenti, lastAccertamento } from '#ledger/accertamento-raise'
import { listExercises, listServiceTypes, type ServiceTypeRow } from '#ledger/chart'
import { receiverOf } from '#ledger/flow-store'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { insertPeople, readKnownPeople } from '#ledger/people-import'
import { survivorWithCode } from '#ledger/person-family'
import { insertIssuance } from '#ledger/position-issue'
import type { SpontaneousWhy } from '#ledger/schema/node-receive'
import {
  insertSpontaneousPosition,
  iuvsGivenByHand,
  owesAlready,
  saySpontaneous,
  type UnaskedReceipt,
  type UnaskedTransfer,
  unaskedReceipts,
} from '#ledger/spontaneous'
import { unidentifiedPerson } from '#ledger/unidentified-person'

export interface RaisedByThemselves {
  readonly raised: number
  readonly toAssign: number
  readonly left: number
  /** People were written: names have to be read again. */
  readonly people: boolean
}

interface Writer {
  readonly at: Instant
  readonly operator: string
}

const NOTHING: RaisedByThemselves = { raised: 0, toAssign: 0, left: 0, people: false }

type Verdict =
  | { readonly state: 'raise'; readonly types: ReadonlyMap<number, ServiceTypeRow> }
  | { readonly state: 'left' | 'toAssign'; readonly why: SpontaneousWhy }

/**
 * Paid receipts without a position of which something new is to be said, each with what: raised where one type answers to each of our
 * transfers, waiting where none or several do or where the same is owed already, left where the IUV is another software's or a person has already dealt with it.
 * @param iuvs of these alone; null looks at all, also at those that wait.
 */
async function judged(
  db: ReadHandle,
  iuvs: readonly string[] | null,
  at: Instant,
): Promise<{ readonly receipt: UnaskedReceipt; readonly verdict: Verdict }[]> {
  const receiver = await receiverOf(db)
  if (receiver === null) return []
  const found = (await unaskedReceipts(db, iuvs, iuvs === null)).filter((one) => ownTransfers(one, receiver).length > 0)
  if (found.length === 0) return []
  const codes = (await db.selectFrom('segregationCode').select('code').execute()).map((row) => row.code as string)
  const byHand = await iuvsGivenByHand(db)
  const types = await listServiceTypes(db)
  const exercises = await listExercises(db)
  const judge = async (receipt: UnaskedReceipt): Promise<Verdict> => {
    if (byHand.has(receipt.iuv)) return { state: 'left', why: 'byHand' }
    if (!isOurIuv(receipt.iuv, codes)) return { state: 'left', why: 'otherSoftware' }
    const matched = typesOfTransfers(ownTransfers(receipt, receiver), types)
    if (!matched.ok) return { state: 'toAssign', why: matched.why }
    const open = [...matched.of.values()].every((type) => exerciseOf(receipt, type, exercises, at) !== null)
    if (!open) return { state: 'toAssign', why: 'noExercise' }
    // Once it was said only a person takes it back: what was owed may have been paid the other way since.
    const isOwed = receipt.why === 'owedAlready' || (await paysWhatIsOwed(db, receipt, [...matched.of.values()], at))
    return isOwed ? { state: 'toAssign', why: 'owedAlready' } : { state: 'raise', types: matched.of }
  }
  const said = []
  for (const receipt of found) said.push({ receipt, verdict: await judge(receipt) })
  return said.filter(({ receipt, verdict }) => verdict.state === 'raise' || verdict.why !== receipt.why)
}

/** The same person owes the same type of the same year: raised by itself it would be owed twice, and the notice sent stays payable. */
async function paysWhatIsOwed(
  db: ReadHandle,
  receipt: UnaskedReceipt,
  types: readonly ServiceTypeRow[],
  at: Instant,
): Promise<boolean> {
  const reading = readFiscalCode(receipt.debtorFiscalCode ?? '')
  const personId = reading.state === 'wrong' ? null : await knownPerson(db, reading.code)
  if (personId === null) return false
  for (const type of types) {
    const year = competenceYearOf(paidOn(receipt, at), type.spontaneousYear)
    if (await owesAlready(db, personId, type.id, year)) return true
  }
  return false
}

/** Whether something is to be said of receipts that are here already. */
export async function hasUnjudged(db: ReadHandle, at: Instant): Promise<boolean> {
  return (await judged(db, null, at)).length > 0
}

/**
 * Says it, and raises what can be. To be called in the write that keeps receipts, before its reconciliation.
 */
export async function raiseSpontaneous(
  db: WriteHandle,
  iuvs: readonly string[] | null,
  writer: Writer,
): Promise<RaisedByThemselves> {
  const found = await judged(db, iuvs, writer.at)
  if (found.length === 0) return NOTHING
  const raiser = await Raiser.open(db, writer)
  const taken = new Set<string>()
  const count = { raised: 0, toAssign: 0, left: 0 }
  for (const { receipt, verdict } of found) {
    const { receiptId, iuv } = receipt
    // Paid twice: the second is that of the position which the first one made.
    if (taken.has(iuv)) continue
    if (verdict.state === 'raise') {
      await raiser.raise(receipt, verdict.types)
      taken.add(iuv)
      count.raised += 1
    } else {
      const { state, why } = verdict
      count[state] += 1
      await saySpontaneous(db, { receiptId, state, why, debtPositionId: null, newPerson: false }, writer)
    }
  }
  return { ...count, people: raiser.people }
}

function exerciseOf(
  receipt: { readonly paidAt: string },
  type: Pick<ServiceTypeRow, 'spontaneousYear'>,
  exercises: Awaited<ReturnType<typeof listExercises>>,
  at: Instant,
): number | null {
  return raisingExercise(competenceYearOf(paidOn(receipt, at), type.spontaneousYear), exercises, romeDate(at))
}

/** Whether a transfer is ours to collect: stamps and what is of other institutions are not. */
export function isOwn(
  { fiscalCode, stamp, cents }: Pick<UnaskedTransfer, 'fiscalCode' | 'stamp' | 'cents'>,
  receiver: string,
): boolean {
  return fiscalCode === receiver && !stamp && cents > 0
}

export function ownTransfers(receipt: Pick<UnaskedReceipt, 'transfers'>, receiver: string): UnaskedTransfer[] {
  return receipt.transfers.filter((one) => isOwn(one, receiver))
}

/** Day of the payment; where the receipt has none, today. */
export function paidOn({ paidAt }: { readonly paidAt: string }, at: Instant): IsoDate {
  const day = paidAt.slice(0, 10)
  return isIsoDate(day) ? day : romeDate(at)
}

/** Writes person, accertamenti and position of payments that nobody asked for. */
export class Raiser {
  people = false
  readonly #db: WriteHandle
  readonly #writer: Writer
  readonly #receiver: FiscalCode
  readonly #exercises: Awaited<ReturnType<typeof listExercises>>
  #issuance: Id<'issuance'> | null = null

  private constructor(
    db: WriteHandle,
    writer: Writer,
    receiver: string,
    exercises: Awaited<ReturnType<typeof listExercises>>,
  ) {
    this.#db = db
    this.#writer = writer
    this.#receiver = receiver as FiscalCode
    this.#exercises = exercises
  }

  static async open(db: WriteHandle, writer: Writer): Promise<Raiser> {
    const receiver = await receiverOf(db)
    if (receiver === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
    return new Raiser(db, writer, receiver, await listExercises(db))
  }

  /**
   * @param types of each of our transfers.
   * @param options.personId null: whom the receipt names. `again`: the position of before, taken back.
   */
  async raise(
    receipt: UnaskedReceipt,
    types: ReadonlyMap<number, ServiceTypeRow>,
    options: { readonly personId?: Id<'person'> | null; readonly again?: Id<'debtPosition'> | null } = {},
  ): Promise<{ readonly debtPositionId: Id<'debtPosition'>; readonly personId: Id<'person'> }> {
    const { at, operator } = this.#writer
    const day = paidOn(receipt, at)
    const payer =
      options.personId == null ? await this.#payerOf(receipt) : { id: options.personId, fresh: false as boolean }
    const transfers = []
    for (const transfer of receipt.transfers.filter((one) => one.cents > 0)) {
      const { idTransfer, cents: amount, category, remittance, fiscalCode, stamp } = transfer
      const type = types.get(idTransfer)
      const own = isOwn(transfer, this.#receiver)
      if (own && type === undefined) throw new Error('a transfer of ours without a type')
      const allocations =
        own && type !== undefined
          ? [{ accertamentoId: await this.#raiseOne(receipt, transfer, type, payer.id, day), cents: amount }]
          : []
      transfers.push({
        ...{ idTransfer, cents: amount, iban: transfer.iban as Iban | null, allocations },
        taxonomyCode: category ?? type?.taxonomyCode ?? '',
        remittance: remittance ?? receipt.description ?? '',
        beside: own ? undefined : { own: fiscalCode === this.#receiver, stamp, fiscalCode: fiscalCode as FiscalCode },
      })
    }
    const debtPositionId = await insertSpontaneousPosition(this.#db, {
      ...{ personId: payer.id, issuanceId: await this.#batch(), fiscalCode: this.#receiver },
      ...{ iuv: receipt.iuv, noticeNumber: receipt.noticeNumber, paidOn: day, at, operator },
      description: (receipt.description ?? [...types.values()][0]?.defaultCausale ?? 'Pagamento spontaneo').slice(
        0,
        140,
      ),
      payment: { dueDate: day, cents: sum(transfers.map((one) => one.cents)), transfers },
      again: options.again ?? null,
    })
    await saySpontaneous(
      this.#db,
      { receiptId: receipt.receiptId, state: 'raised', why: null, debtPositionId, newPerson: payer.fresh },
      this.#writer,
    )
    return { debtPositionId, personId: payer.id }
  }

  async #raiseOne(
    receipt: UnaskedReceipt,
    transfer: UnaskedTransfer,
    type: ServiceTypeRow,
    personId: Id<'person'>,
    day: IsoDate,
  ): Promise<Id<'accertamento'>> {
    const db = this.#db
    const exercise = exerciseOf(receipt, type, this.#exercises, this.#writer.at)
    if (exercise === null) throw new ProblemError(problem('SPONTANEOUS_NO_EXERCISE', { day: formatDate(day) }))
    const last = await lastAccertamento(db, exercise)
    const number = last.number + 1
    const { description } = receipt
    await insertAccertamenti(
      db,
      [
        {
          ...{ exercise, number, personId, serviceTypeId: type.id, dueDate: day },
          date: raisingDate(exercise, romeDate(this.#writer.at), last.date),
          capitoloId: type.spontaneousCapitoloId ?? type.capitoloId,
          competenceYear: competenceYearOf(day, type.spontaneousYear),
          causale: spontaneousCausale(type, { remittance: transfer.remittance, description }),
          assessedCents: transfer.cents,
          ...{ externalReference: null, importRowId: null },
        },
      ],
      () => {},
    )
    const { id } = await db
      .selectFrom('accertamento')
      .where('exercise', '=', exercise)
      .where('number', '=', number)
      .select('id')
      .executeTakeFirstOrThrow()
    return id
  }

  /** One batch for all that a write raises. */
  async #batch(): Promise<Id<'issuance'>> {
    const { at, operator } = this.#writer
    this.#issuance ??= await insertIssuance(this.#db, {
      ...{ description: 'Pagamenti spontanei', parametersJson: '{"single":true}', at, operator },
    })
    return this.#issuance
  }

  /** By fiscal code: who is there, whoever stands for them after a merge, or somebody new; without a code, the unidentified one. */
  async #payerOf(receipt: UnaskedReceipt): Promise<{ readonly id: Id<'person'>; readonly fresh: boolean }> {
    const db = this.#db
    const reading = readFiscalCode(receipt.debtorFiscalCode ?? '')
    if (reading.state === 'wrong') return { id: await unidentifiedPerson(db), fresh: false }
    const known = await knownPerson(db, reading.code)
    if (known !== null) return { id: known, fresh: false }
    const name = receipt.debtorName?.trim() || reading.code
    // Eleven digits may be the provisional code of a person: the receipt says which.
    const kind = receipt.debtorKind ?? reading.kind
    const vatNumber = kind === 'G' ? reading.code : null
    const [id] = await insertPeople(db, [
      {
        ...{ kind, fiscalCode: reading.code, vatNumber, name, category: 'altro', mergedIntoId: null },
        searchKey: searchKey(name, reading.code, vatNumber),
      },
    ])
    if (id === undefined) throw new Error('the person was not written')
    this.people = true
    return { id, fresh: true }
  }
}

async function knownPerson(db: ReadHandle, code: FiscalCode): Promise<Id<'person'> | null> {
  const people = await readKnownPeople(db, { codes: [code], vatNumbers: code.length === 11 ? [code] : [], ids: [] })
  const byCode = people.find((one) => one.fiscalCode === code) ?? people[0]
  return byCode?.id ?? (await survivorWithCode(db, code))
}

/** What of a receipt is ours. */
export function ownCents(receipt: Pick<UnaskedReceipt, 'transfers'>, receiver: string): Cents {
  return sum(ownTransfers(receipt, receiver).map((one) => one.cents))
}
