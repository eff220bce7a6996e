import type { Id } from '#domain/brand'
import { type IsoDate, maxDate } from '#domain/date'
import { type IssuableDebt, MAX_POSITION_CENTS, planPositions } from '#domain/issuing'
import type { WriteHandle } from '#ledger/ledger'
import { readDebtsToIssue } from '#ledger/position-issue'
import type { ServiceContext } from './context.ts'
import { issuePositions } from './issuing.ts'
import { pause, type Report } from './long-work.ts'
import { planRevisions, type Revision, writeRevisions } from './position-revise.ts'
import { LeftOut } from './selection.ts'

/** A fee on its way to be asked for, with the position of the debt that it is for. */
export interface RaisedFee {
  readonly accertamentoId: Id<'accertamento'>
  readonly debtPositionId: Id<'debtPosition'> | null
}

interface Asking {
  readonly how: 'version' | 'separate' | 'debt'
  readonly dueDate: IsoDate | null
  readonly validUntil: IsoDate
  /** Whether the tipo di dovuto of the fees is asked for through pagoPA at all. */
  readonly pagoPa: boolean
}

/** How the fees just raised are asked for: in the position of their debt, in one of their own, or not yet. */
export async function askForFees(
  db: WriteHandle,
  context: ServiceContext,
  fees: readonly RaisedFee[],
  asking: Asking,
  report: Report,
): Promise<{
  revised: number
  positions: number
  issuanceId: Id<'issuance'> | null
  leftOut: { reason: string; count: number }[]
}> {
  if (asking.how === 'debt') return { revised: 0, positions: 0, issuanceId: null, leftOut: [] }
  const leftOut = new LeftOut()
  const payable = await payableFees(db, fees, asking.pagoPa, leftOut)
  const revised = new Set<number>()
  if (asking.how === 'version') {
    for (const id of await reviseForFees(db, context, payable, asking, report, leftOut)) revised.add(id)
  }
  const apart = payable.filter((fee) => fee.debtPositionId === null || !revised.has(fee.debtPositionId))
  const issued = await issueFees(db, context, apart, asking, report)
  return { revised: revised.size, ...issued, leftOut: leftOut.list() }
}

/** Those that a notice may ask for: the others are accertate, and say why. */
async function payableFees(
  db: WriteHandle,
  fees: readonly RaisedFee[],
  pagoPa: boolean,
  leftOut: LeftOut,
): Promise<readonly RaisedFee[]> {
  if (!pagoPa) {
    leftOut.add('Il tipo di dovuto della mora non si paga con pagoPA: la mora è accertata, non emessa', fees.length)
    return []
  }
  const refused = new Set<number>()
  const ids = fees.map((fee) => fee.accertamentoId)
  for (const { accertamentoId, iban, outstandingCents } of await readDebtsToIssue(db, ids)) {
    if (iban === null) {
      leftOut.add('Il tipo di dovuto della mora non ha un conto con IBAN: la mora è accertata, non emessa')
    } else if (outstandingCents > MAX_POSITION_CENTS) {
      leftOut.add('L’importo supera il limite di pagoPA: la mora è accertata, non emessa')
    } else continue
    refused.add(accertamentoId)
  }
  return fees.filter((fee) => !refused.has(fee.accertamentoId))
}

/** New versions of the positions that can take their fees; answers which. The others keep theirs, and say why. */
async function reviseForFees(
  db: WriteHandle,
  context: ServiceContext,
  fees: readonly RaisedFee[],
  { dueDate, validUntil }: Asking,
  report: Report,
  leftOut: LeftOut,
): Promise<Id<'debtPosition'>[]> {
  const groups = new Map<Id<'debtPosition'>, Id<'accertamento'>[]>()
  for (const { debtPositionId, accertamentoId } of fees) {
    if (debtPositionId === null) continue
    const group = groups.get(debtPositionId)
    if (group === undefined) groups.set(debtPositionId, [accertamentoId])
    else group.push(accertamentoId)
  }
  const revisions: Revision[] = []
  let done = 0
  for (const [id, added] of groups) {
    const plan = await planRevisions(db, context, [id], {
      added,
      changeOf: (position) => ({
        dueDate: dueDate === null ? undefined : { kind: 'to', date: dueDate },
        // A fee never makes a notice end sooner.
        validUntil: maxDate(position.validUntil, validUntil),
      }),
    })
    revisions.push(...plan.revisions)
    for (const { reason } of plan.leftOut.list()) leftOut.add(`${reason}: mora in una posizione separata`)
    done += 1
    if (done % 20 === 0) {
      report('Preparo le nuove versioni', done, groups.size)
      await pause()
    }
  }
  if (revisions.length > 0) {
    await writeRevisions(db, context, revisions, { kind: 'added', reason: 'Mora per ritardato pagamento' }, report)
  }
  return revisions.map(({ position }) => position.id)
}

/** One position each. */
async function issueFees(
  db: WriteHandle,
  context: ServiceContext,
  fees: readonly RaisedFee[],
  { dueDate, validUntil }: Asking,
  report: Report,
) {
  const debts: IssuableDebt[] = []
  for (const debt of await readDebtsToIssue(
    db,
    fees.map((fee) => fee.accertamentoId),
  )) {
    if (debt.iban !== null) debts.push({ ...debt, iban: debt.iban })
  }
  const terms = { dueDate, groupByPerson: false, groupDescription: '', installments: null }
  const { positions } = planPositions(debts, terms)
  if (positions.length === 0) return { positions: 0, issuanceId: null }
  const batch = { ...terms, validUntil, description: 'Mora' }
  return { positions: positions.length, issuanceId: await issuePositions(db, context, positions, batch, report) }
}
