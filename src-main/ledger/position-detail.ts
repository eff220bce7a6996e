import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { add, type Cents } from '#domain/money'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import { familyOf } from './person-family.ts'

export interface PositionAllocation {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly capitolo: string
  readonly causale: string
  readonly cents: Cents
}

/** What the current version of a position asks for in all, oldest debt first. */
export async function readAllocations(db: ReadHandle, id: Id<'debtPosition'>): Promise<PositionAllocation[]> {
  const rows = await db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion')
        .on(isLeadingOption('paymentOption')),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('transfer', 'transfer.installmentId', 'installment.id')
    .innerJoin('allocation', 'allocation.transferId', 'transfer.id')
    .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
    .innerJoin('capitolo', 'capitolo.id', 'accertamento.capitoloId')
    .where('debtPosition.id', '=', id)
    .select([
      'accertamento.id as accertamentoId',
      'accertamento.exercise',
      'accertamento.number',
      'accertamento.causale',
      'capitolo.code as capitolo',
      'allocation.cents',
    ])
    .orderBy('installment.ordinal')
    .orderBy('transfer.idTransfer')
    .orderBy('allocation.ordinal')
    .execute()
  // A debt that two instalments extinguish stands once, with all that is asked of it.
  const found = new Map<number, PositionAllocation>()
  for (const row of rows) {
    const known = found.get(row.accertamentoId)
    found.set(row.accertamentoId, known === undefined ? row : { ...known, cents: add(known.cents, row.cents) })
  }
  return [...found.values()]
}

export interface PositionPaymentRow {
  /** 0 for the single payment, else that of the instalment. */
  readonly ordinal: number
  readonly noticeNumber: string
  readonly iuv: string
  readonly dueDate: IsoDate | null
  readonly cents: Cents
  /** Money is known to have come for it, whether the books hold it already or not. */
  readonly paid: boolean
  /** Paid twice, or when the other option already was: that money stays on its credit until somebody decides. */
  readonly surplus: boolean
}

/** All that can be paid of the current version: the single payment first, then the instalments. */
export async function readPayments(db: ReadHandle, id: Id<'debtPosition'>): Promise<PositionPaymentRow[]> {
  const rows = await db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion'),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .leftJoin('installmentState', 'installmentState.installmentId', 'installment.id')
    .where('debtPosition.id', '=', id)
    .select(['paymentOption.kind', 'installment.ordinal', 'iuvAssignment.noticeNumber', 'installment.iuv'])
    .select(['installment.dueDate', 'installment.cents', 'installmentState.state'])
    .select(['installmentState.paidTwice', 'installmentState.otherOptionPaid'])
    .execute()
  return rows
    .map(({ kind, ordinal, noticeNumber, state, paidTwice, otherOptionPaid, ...row }) => ({
      ...row,
      ordinal: kind === 'single' ? 0 : ordinal,
      noticeNumber: noticeNumber ?? '',
      paid: state !== null && state !== 'unpaid',
      surplus: paidTwice === 1 || otherOptionPaid === 1,
    }))
    .sort((a, b) => a.ordinal - b.ordinal)
}

/** Address line and albo number in force of a person. */
export async function readPersonPlace(
  db: ReadHandle,
  personId: Id<'person'>,
): Promise<{ readonly address: string | null; readonly alboNumber: string | null }> {
  const address = await db
    .selectFrom('contactPoint')
    .select('value')
    .where('personId', '=', personId)
    .where('kind', '=', 'address')
    .where('validTo', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  const albo = await db
    .selectFrom('alboEntry')
    .select('number')
    .where('personId', 'in', familyOf(personId))
    .where('to', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return { address: address?.value ?? null, alboNumber: albo?.number ?? null }
}
