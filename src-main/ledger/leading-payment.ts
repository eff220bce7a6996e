import { type RawBuilder, sql } from 'kysely'

/**
 * True for the option that leads its position's version: the single payment, else the plan. Its first installment is
 * the leading payment, whose notice number stands on lists and on the head of the paper.
 */
export function isLeadingOption(option: string): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(`${option}.kind`)} = 'single' or not exists (select 1 from "paymentOption" lead
    where lead."debtPositionId" = ${sql.ref(`${option}.debtPositionId`)} and lead."version" = ${sql.ref(`${option}.version`)}
    and lead."kind" = 'single'))`
}
