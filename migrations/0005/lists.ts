import { fixedRefusals } from '../0001/fixed-triggers.ts'
import { int, key, ref, table } from '../ddl/table.ts'
import { actionSql } from '../ddl/trigger.ts'
import type { Slice } from './slice.ts'

const FACTS = `o."debtPositionId", o."version", a."exercise", a."id"`
const CHAIN = `JOIN "installment" i ON i."id" = t."installmentId" JOIN "paymentOption" o ON o."id" = i."paymentOptionId"`

/**
 * Which accertamenti each version of a position asks for, one row each whatever instalments they are spread over. Allocations
 * never change, so neither do these: lists of tens of thousands need one step where the tables take five.
 */
export const lists: Slice = {
  addedColumns: {},
  newTables: [
    table(
      'positionDebt',
      { debtPositionId: ref('debtPosition'), version: int, exercise: int, accertamentoId: ref('accertamento') },
      [key('debtPositionId', 'version', 'exercise', 'accertamentoId')],
      [{ columns: ['accertamentoId', 'debtPositionId', 'version'] }],
    ),
  ],
  refusals: fixedRefusals(['positionDebt']),
  more: (dialect) => [
    // What a year collected of an accertamento, in the index alone: ids of reversali begin with their exercise.
    'DROP INDEX "reversaleLine_accertamentoId"',
    'CREATE INDEX "reversaleLine_accertamentoId_reversaleId" ON "reversaleLine" ("accertamentoId", "reversaleId")',
    `INSERT INTO "positionDebt" SELECT DISTINCT ${FACTS} FROM "allocation" al JOIN "transfer" t ON t."id" = al."transferId" ${CHAIN} JOIN "accertamento" a ON a."id" = al."accertamentoId"`,
    ...actionSql(
      {
        table: 'allocation',
        event: 'INSERT',
        name: 'debt',
        movesBalances: false,
        statements: [
          `INSERT INTO "positionDebt" SELECT ${FACTS} FROM "transfer" t ${CHAIN} JOIN "accertamento" a ON a."id" = NEW."accertamentoId" WHERE t."id" = NEW."transferId" ON CONFLICT DO NOTHING`,
        ],
      },
      dialect,
    ),
  ],
}
