import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'
import type { VariationKind } from './schema/books.ts'

export interface AccertamentoOrigin {
  readonly externalReference: string | null
  readonly importFileName: string | null
  readonly importRow: number | null
}

/** The row of the register from which it was raised. */
export async function readOrigin(db: ReadHandle, id: Id<'accertamento'>): Promise<AccertamentoOrigin> {
  const row = await db
    .selectFrom('accertamento')
    .leftJoin('importRow', 'importRow.id', 'accertamento.importRowId')
    .leftJoin('registerImport', 'registerImport.id', 'importRow.importId')
    .where('accertamento.id', '=', id)
    .select(['accertamento.externalReference', 'registerImport.fileName as importFileName'])
    .select('importRow.rowNumber as importRow')
    .executeTakeFirst()
  return row ?? { externalReference: null, importFileName: null, importRow: null }
}

export async function readVariations(
  db: ReadHandle,
  id: Id<'accertamento'>,
): Promise<{ date: IsoDate; kind: VariationKind; cents: Cents; reason: string }[]> {
  return db
    .selectFrom('accertamentoVariation')
    .where('accertamentoId', '=', id)
    .select(['date', 'kind', 'cents', 'reason'])
    .orderBy('id')
    .execute()
}

/** Positions of any version that ask, or asked, for these accertamenti. */
export async function readPositionsOf(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
): Promise<
  {
    readonly accertamentoId: Id<'accertamento'>
    readonly debtPositionId: Id<'debtPosition'>
    readonly live: boolean
    readonly noticeNumber: string | null
    readonly payment: 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'
  }[]
> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('allocation')
    .innerJoin('transfer', 'transfer.id', 'allocation.transferId')
    .innerJoin('installment', 'installment.id', 'transfer.installmentId')
    .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
    .innerJoin('debtPosition', (join) =>
      join
        .onRef('debtPosition.id', '=', 'paymentOption.debtPositionId')
        .onRef('debtPosition.currentVersion', '=', 'paymentOption.version'),
    )
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .where('allocation.accertamentoId', 'in', ids)
    .where(isLeadingOption('paymentOption'))
    .select(['allocation.accertamentoId', 'debtPosition.id as debtPositionId', 'debtPosition.lifecycle'])
    .select(['debtPosition.payment', 'iuvAssignment.noticeNumber'])
    .orderBy('debtPosition.id')
    .orderBy('installment.ordinal')
    .execute()
  // A debt paid in instalments goes by the notice number of the first one that asks for it.
  const seen = new Set<string>()
  return rows.flatMap(({ lifecycle, ...row }) => {
    const key = `${row.accertamentoId} ${row.debtPositionId}`
    if (seen.has(key)) return []
    seen.add(key)
    return [{ ...row, live: lifecycle === 'issued' }]
  })
}
