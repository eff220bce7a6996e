import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'

export interface PositionAllocation {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly capitolo: string
  readonly causale: string
  readonly cents: Cents
}

/** What the current version of a position asks for, oldest debt first. */
export async function readAllocations(db: ReadHandle, id: Id<'debtPosition'>): Promise<PositionAllocation[]> {
  return db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion')
        .on('paymentOption.kind', '=', 'single'),
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
    .orderBy('transfer.idTransfer')
    .orderBy('allocation.ordinal')
    .execute()
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
    .where('personId', '=', personId)
    .where('to', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return { address: address?.value ?? null, alboNumber: albo?.number ?? null }
}
