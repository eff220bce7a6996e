import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { ReadHandle } from './ledger.ts'
import { notesOn } from './note-store.ts'
import { importedRowsOf } from './person-erase.ts'

/** Everything that the ledger holds of a person and of whoever was merged into it, table by table, as it stands. */
export async function readPersonData(db: ReadHandle, ids: readonly Id<'person'>[]) {
  const mine = sql<Id<'accertamento'>>`(select "id" from "accertamento" where "personId" in (${sql.join(ids)}))`
  const positions = sql<Id<'debtPosition'>>`(select "id" from "debtPosition" where "personId" in (${sql.join(ids)}))`
  const notes = []
  for (const id of ids) notes.push(...(await notesOn(db, { subjectKind: 'person', subjectId: id })))
  const notesOnPositions = await db
    .selectFrom('note')
    .where('subjectKind', '=', 'debtPosition')
    .where(sql<boolean>`"subjectId" in ${positions}`)
    .select(['subjectId as debtPositionId', 'text', 'assignee', 'at', 'operator'])
    .orderBy('id')
    .execute()
  return {
    people: await db.selectFrom('person').where('id', 'in', ids).selectAll().orderBy('id').execute(),
    merges: await db
      .selectFrom('personMerge')
      .where('personId', 'in', ids)
      // One that was taken back says who somebody else is.
      .where('separatedAt', 'is', null)
      .selectAll()
      .orderBy('id')
      .execute(),
    changes: await db.selectFrom('personChange').where('personId', 'in', ids).selectAll().orderBy('id').execute(),
    contacts: await db.selectFrom('contactPoint').where('personId', 'in', ids).selectAll().orderBy('id').execute(),
    albo: await db.selectFrom('alboEntry').where('personId', 'in', ids).selectAll().orderBy('id').execute(),
    notes,
    notesOnPositions,
    stops: await db.selectFrom('deliveryStop').where('personId', 'in', ids).selectAll().orderBy('id').execute(),
    accertamenti: await db
      .selectFrom('accertamento as a')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
      .where('a.personId', 'in', ids)
      .selectAll('a')
      .select(['b.dueCents', 'b.collectedCents', 'b.state'])
      .orderBy('a.id')
      .execute(),
    variations: await db
      .selectFrom('accertamentoVariation')
      .where('accertamentoId', 'in', mine)
      .selectAll()
      .orderBy('id')
      .execute(),
    importedRows: await db
      .selectFrom('importRow')
      .innerJoin('registerImport as i', 'i.id', 'importRow.importId')
      .where(importedRowsOf(ids))
      .select([
        'importRow.id',
        'i.fileName',
        'importRow.sheet',
        'importRow.rowNumber',
        'importRow.rawJson',
        'importRow.parsedJson',
      ])
      .orderBy('importRow.id')
      .execute(),
    positions: await db
      .selectFrom('debtPosition as d')
      .innerJoin('paymentOption as o', 'o.debtPositionId', 'd.id')
      .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .innerJoin('iuvAssignment as u', 'u.iuv', 'i.iuv')
      .where('d.personId', 'in', ids)
      .select(['d.id', 'd.lifecycle', 'd.payment', 'd.cancelledAt', 'd.cancelReason', 'o.version', 'o.kind'])
      .select(['o.description', 'i.ordinal', 'i.cents', 'i.dueDate', 'i.iuv', 'u.noticeNumber'])
      .orderBy('d.id')
      .orderBy('o.version')
      .orderBy('o.kind', 'desc')
      .orderBy('i.ordinal')
      .execute(),
    deliveries: await db
      .selectFrom('delivery as y')
      .innerJoin('notice as n', 'n.id', 'y.noticeId')
      .where('n.debtPositionId', 'in', positions)
      .select(['y.id', 'n.debtPositionId', 'y.channel', 'y.addressText', 'y.state', 'y.reason', 'y.updatedAt'])
      .orderBy('y.id')
      .execute(),
    importDifferences: await db
      .selectFrom('importDifference')
      .where('personId', 'in', ids)
      .select(['importId', 'rowNumber', 'field', 'oldValue', 'newValue', 'choice'])
      .orderBy('id')
      .execute(),
    evidence: await db
      .selectFrom('deliveryEvidence as e')
      .innerJoin('delivery as y', 'y.id', 'e.deliveryId')
      .innerJoin('notice as n', 'n.id', 'y.noticeId')
      .where('n.debtPositionId', 'in', positions)
      .select(['e.deliveryId', 'e.kind', 'e.at', 'e.sha256', 'e.text'])
      .orderBy('e.id')
      .execute(),
    receipts: await db
      .selectFrom('receipt as r')
      .where(sql<boolean>`r."iuv" in (select "iuv" from "iuvAssignment" where "debtPositionId" in ${positions})`)
      .select(['r.iuv', 'r.iur', 'r.noticeNumber', 'r.ok', 'r.cents', 'r.paidAt', 'r.pspName'])
      .select(['r.payerName', 'r.payerFiscalCode', 'r.debtorName', 'r.debtorFiscalCode', 'r.fileName'])
      .orderBy('r.id')
      .execute(),
    journal: await db
      .selectFrom('journalEntry')
      .where((eb) =>
        eb.or(
          ids.flatMap((id) => [
            eb('payloadJson', 'like', `%"personId":${id},%`),
            eb('payloadJson', 'like', `%"personId":${id}}%`),
          ]),
        ),
      )
      .select(['seq', 'at', 'operator', 'command'])
      .orderBy('seq')
      .execute(),
  }
}
