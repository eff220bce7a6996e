import { z } from 'zod'
import {
  STATEMENT_AMOUNT_UNITS,
  STATEMENT_DATE_FORMATS,
  STATEMENT_DESCRIPTION_ROWS,
  STATEMENT_ENCODINGS,
  STATEMENT_JOINTS,
  STATEMENT_SEPARATORS,
  type StatementMapping,
} from '#domain/bank-statement'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { labelSchema } from './reporting-flow.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  problemListSchema,
} from './values.ts'

const column = countSchema.max(500)
const signTexts = z.array(z.string().min(1).max(20)).min(1).max(20)

/** How a delimited statement is read: `StatementMapping` of the domain, columns from 0. */
export const statementMappingSchema: z.ZodType<StatementMapping, StatementMapping> = z.object({
  encoding: z.enum(STATEMENT_ENCODINGS),
  separator: z.enum(STATEMENT_SEPARATORS),
  headerRow: countSchema.nullable(),
  bookingDateColumn: column,
  valueDateColumn: column.nullable(),
  amount: z.union([
    z.object({ kind: z.literal('signed'), column }),
    z.object({ kind: z.literal('debitCredit'), debitColumn: column, creditColumn: column }),
    z.object({ kind: z.literal('signColumn'), column, signColumn: column, debit: signTexts, credit: signTexts }),
    z.object({ kind: z.literal('creditsOnly'), column }),
  ]),
  descriptionColumns: z.array(column).min(1).max(6),
  referenceColumn: column.nullable(),
  dateFormat: z.enum(STATEMENT_DATE_FORMATS),
  decimalMark: z.enum([',', '.']),
  provvisorioColumn: column.nullable().exactOptional(),
  skipTop: countSchema.exactOptional(),
  skipBottom: countSchema.exactOptional(),
  skipWhere: z.object({ column, texts: z.array(z.string().min(1).max(60)).min(1).max(20) }).exactOptional(),
  descriptionRows: z.enum(STATEMENT_DESCRIPTION_ROWS).exactOptional(),
  descriptionJoint: z.enum(STATEMENT_JOINTS).exactOptional(),
  amountUnit: z.enum(STATEMENT_AMOUNT_UNITS).exactOptional(),
})

export const movementRowSchema = z.object({
  id: idSchema('bankMovement'),
  bankAccountId: idSchema('bankAccount'),
  account: z.string(),
  bookingDate: isoDateSchema,
  valueDate: isoDateSchema.nullable(),
  cents: centsSchema,
  description: z.string(),
  bankReference: z.string().nullable(),
  provvisorio: z.string().nullable(),
  matchedCents: centsSchema,
  regularisedCents: centsSchema,
  label: labelSchema,
})

export const movementFilters = z.object({
  bankAccountId: idSchema('bankAccount').nullable().default(null),
  statementId: idSchema('bankStatement').nullable().default(null),
  dateFrom: isoDateSchema.nullable().default(null),
  dateTo: isoDateSchema.nullable().default(null),
  sign: z.enum(['credit', 'debit']).nullable().default(null),
  code: z.array(z.string()).default([]),
})

const statementRow = z.object({
  id: idSchema('bankStatement'),
  fileName: z.string(),
  account: z.string(),
  profile: z.string(),
  from: isoDateSchema,
  to: isoDateSchema,
  movements: countSchema,
  creditCents: centsSchema,
  debitCents: centsSchema,
  openingCents: centsSchema.nullable(),
  closingCents: centsSchema.nullable(),
  toDecide: countSchema,
  at: instantSchema,
  operator: z.string(),
})

export const bankStatement = {
  /**
   * Reads a statement without keeping it: recognised profile, or the mapping proposed from its content (or remembered
   * for this account), first rows as cells, the movements that it would add. With `mapping` it is read that way.
   */
  read: procedure
    .input(
      z.object({
        token: fileTokenSchema,
        bankAccountId: idSchema('bankAccount'),
        mapping: statementMappingSchema.nullable().default(null),
      }),
    )
    .output(
      z.object({
        /** Name of the recognised profile, or null when the mapping below was proposed or given. */
        profile: z.string().nullable(),
        mapping: statementMappingSchema.nullable(),
        remembered: z.boolean(),
        /** First 30 rows of the file as cells, to choose columns on. Empty for profiles that are not tables. */
        head: z.array(z.array(z.string())),
        movements: z.object({
          credit: z.object({ count: countSchema, cents: centsSchema }),
          debit: z.object({ count: countSchema, cents: centsSchema }),
        }),
        from: isoDateSchema.nullable(),
        to: isoDateSchema.nullable(),
        openingCents: centsSchema.nullable(),
        closingCents: centsSchema.nullable(),
        added: countSchema,
        already: countSchema,
        changed: countSchema,
        /** First 200 movements with what the program recognises in each and why. */
        preview: z
          .array(
            z.object({
              line: countSchema,
              bookingDate: isoDateSchema,
              valueDate: isoDateSchema.nullable(),
              cents: centsSchema,
              description: z.string(),
              state: z.enum(['new', 'already', 'changed']),
              pagopa: z.enum(['flow', 'iuv', 'truncated', 'none']),
              reference: z.string().nullable(),
            }),
          )
          .max(200),
        problems: problemListSchema,
      }),
    ),
  /** Keeps the movements not known yet, remembers the mapping for the account, and reconciles. Refused with errors. */
  confirm: procedure
    .input(
      z.object({
        token: fileTokenSchema,
        bankAccountId: idSchema('bankAccount'),
        mapping: statementMappingSchema.nullable(),
      }),
    )
    .output(
      z.object({
        statementId: idSchema('bankStatement'),
        added: countSchema,
        already: countSchema,
        matched: countSchema,
      }),
    ),
  list: procedure
    .input(listInput(z.object({ bankAccountId: idSchema('bankAccount').nullable().default(null) })))
    .output(listOutput(statementRow, z.object({ creditCents: centsSchema, debitCents: centsSchema }))),
  movements: procedure
    .input(listInput(movementFilters))
    .output(listOutput(movementRowSchema, z.object({ creditCents: centsSchema, debitCents: centsSchema }))),
  exportMovements: procedure.input(exportInput(movementFilters)).output(fileResultSchema),
}
