import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import { int, key, oneOf, positive, ref, table } from '../ddl/table.ts'
import { actionSql, OUTSIDE_TRIGGERS } from '../ddl/trigger.ts'

/** What an instalment asks of the accertamenti of one exercise. */
const SHARE = `t."installmentId", a."exercise", o."debtPositionId", o."version", o."kind"`

const FACTS = `o."debtPositionId", o."version", a."exercise", a."id"`
const CHAIN = `JOIN "installment" i ON i."id" = t."installmentId" JOIN "paymentOption" o ON o."id" = i."paymentOptionId"`

/**
 * `positionDebt`: which accertamenti each version of a position asks for, one row each whatever instalments they are spread over. Allocations
 * never change, so neither do these: lists of tens of thousands need one step where the tables take five. `installmentShare`: what an instalment
 * asks of each exercise, which the road of the dashboard sums.
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
    table(
      'installmentShare',
      {
        ...{ installmentId: ref('installment'), exercise: int, debtPositionId: ref('debtPosition'), version: int },
        ...{ kind: oneOf('single', 'plan'), cents: positive },
      },
      [key('installmentId', 'exercise')],
    ),
  ],
  refusals: [
    ...fixedRefusals(['positionDebt']),
    {
      table: 'installmentShare',
      event: 'UPDATE',
      name: 'outside',
      when: OUTSIDE_TRIGGERS,
      code: 'BOOKS_BALANCE_FIXED',
    },
    { table: 'installmentShare', event: 'DELETE', name: 'outside', when: '1 = 1', code: 'BOOKS_BALANCE_FIXED' },
  ],
  more: (dialect) => [
    // What a year collected of an accertamento, in the index alone: ids of reversali begin with their exercise.
    'DROP INDEX "reversaleLine_accertamentoId"',
    'CREATE INDEX "reversaleLine_accertamentoId_reversaleId" ON "reversaleLine" ("accertamentoId", "reversaleId")',
    `INSERT INTO "positionDebt" SELECT DISTINCT ${FACTS} FROM "allocation" al JOIN "transfer" t ON t."id" = al."transferId" ${CHAIN} JOIN "accertamento" a ON a."id" = al."accertamentoId"`,
    `INSERT INTO "installmentShare" SELECT ${SHARE}, sum(al."cents") FROM "allocation" al JOIN "transfer" t ON t."id" = al."transferId" ${CHAIN} JOIN "accertamento" a ON a."id" = al."accertamentoId" GROUP BY ${SHARE}`,
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
    ...actionSql(
      {
        table: 'allocation',
        event: 'INSERT',
        name: 'share',
        movesBalances: true,
        statements: [
          `INSERT INTO "installmentShare" SELECT ${SHARE}, NEW."cents" FROM "transfer" t ${CHAIN} JOIN "accertamento" a ON a."id" = NEW."accertamentoId" WHERE t."id" = NEW."transferId" ON CONFLICT ("installmentId", "exercise") DO UPDATE SET "cents" = "installmentShare"."cents" + excluded."cents"`,
        ],
      },
      dialect,
    ),
  ],
}
