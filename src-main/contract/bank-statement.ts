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
  /** Who paid or was paid, the payer's id and the code of the operation, where the bank writes them apart. */
  counterparty: z.string().nullable(),
  endToEndId: z.string().nullable(),
  transactionCode: z.string().nullable(),
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

const newsSchema = z.enum(['new', 'already', 'waiting', 'changed', 'possibleDuplicate'])

/** What is read: one file, or the first of the pages of one delivery with the others; and of which accounts it is. */
const statementInput = z.object({
  token: fileTokenSchema,
  /** The other pages of the delivery, in any order. */
  more: z.array(fileTokenSchema).max(200).default([]),
  bankAccountId: idSchema('bankAccount'),
  mapping: statementMappingSchema.nullable().default(null),
  /** Of a file of several accounts: which of ours each is, by its `key`; null leaves it out. */
  accounts: z.record(z.string(), idSchema('bankAccount').nullable()).default({}),
})

const profileName = z.string().trim().min(1).max(60)

const pendingKind = z.enum(['changed', 'possibleDuplicate'])

export const bankStatement = {
  /**
   * Reads a statement without keeping it: recognised profile, or the mapping proposed from its content (or remembered
   * for this account), first rows as cells, the movements that it would add. With `mapping` it is read that way.
   */
  read: procedure.input(statementInput).output(
    z.object({
      /** Name of the recognised profile, or null when the mapping below was proposed or given. */
      profile: z.string().nullable(),
      mapping: statementMappingSchema.nullable(),
      remembered: z.boolean(),
      /** Name of the format that a person gave to files of these headings, when the mapping is its. */
      named: z.string().nullable(),
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
      /** Rows that may be known in other words: they will wait for a person. */
      changed: countSchema,
      /** Those of them that wait already. */
      waiting: countSchema,
      /** Treasurer's numbers that would be written, also on movements known already. */
      provvisori: countSchema,
      /** Reversali of ours that the treasurer has carried out. */
      executed: countSchema,
      /** The accounts that the file names; one with an empty key when it names none. */
      accounts: z.array(
        z.object({
          key: z.string(),
          bankAccountId: idSchema('bankAccount').nullable(),
          name: z.string().nullable(),
          /** The person said to leave it out. */
          left: z.boolean(),
          movements: countSchema,
        }),
      ),
      /** Of a delivery in several files: those that are here, of how many if any of them says it. */
      pages: z.object({ have: z.array(countSchema), pages: countSchema.nullable() }).nullable(),
      /** First 200 movements with what the program recognises in each and why. */
      preview: z
        .array(
          z.object({
            line: countSchema,
            bookingDate: isoDateSchema,
            valueDate: isoDateSchema.nullable(),
            cents: centsSchema,
            description: z.string(),
            provvisorio: z.string().nullable(),
            /** Null for movements of an account that is left out or not known. */
            state: newsSchema.nullable(),
            pagopa: z.enum(['flow', 'iuv', 'truncated', 'none']),
            reference: z.string().nullable(),
          }),
        )
        .max(200),
      problems: problemListSchema,
    }),
  ),
  /**
   * Keeps the movements not known yet, those that may be known as rows to decide, the treasurer's numbers and outcomes;
   * remembers the mapping for the account, and under `saveAs` for any file of such headings; and reconciles. Refused
   * with errors: all the pages of a delivery enter, or none.
   */
  confirm: procedure.input(statementInput.extend({ saveAs: profileName.nullable().default(null) })).output(
    z.object({
      statementId: idSchema('bankStatement'),
      statementIds: z.array(idSchema('bankStatement')),
      added: countSchema,
      already: countSchema,
      /** Rows that now wait for a person. */
      pending: countSchema,
      provvisori: countSchema,
      executed: countSchema,
      matched: countSchema,
    }),
  ),
  /** Rows that may be known in other words, beside the movement that each may be. */
  pending: procedure
    .input(
      listInput(
        z.object({
          bankAccountId: idSchema('bankAccount').nullable().default(null),
          kind: pendingKind.nullable().default(null),
        }),
      ),
    )
    .output(
      listOutput(
        z.object({
          id: idSchema('pendingMovement'),
          kind: pendingKind,
          account: z.string(),
          fileName: z.string(),
          bookingDate: isoDateSchema,
          valueDate: isoDateSchema.nullable(),
          cents: centsSchema,
          description: z.string(),
          bankReference: z.string().nullable(),
          provvisorio: z.string().nullable(),
          known: z.object({
            bankMovementId: idSchema('bankMovement'),
            valueDate: isoDateSchema.nullable(),
            description: z.string(),
            bankReference: z.string().nullable(),
            fileName: z.string().nullable(),
          }),
        }),
        z.object({ cents: centsSchema }),
      ),
    ),
  /** `add`: they are other movements and enter; `same`: they are the ones known. Reconciled in the same write. */
  decidePending: procedure
    .input(
      z.object({
        ids: z.array(idSchema('pendingMovement')).min(1).max(5000),
        decision: z.enum(['add', 'same']),
        reason: z.string().trim().max(500).default(''),
      }),
    )
    .output(z.object({ decided: countSchema, matched: countSchema })),
  profiles: procedure.output(
    z.array(
      z.object({
        id: idSchema('profile'),
        name: z.string(),
        headings: z.array(z.string()),
        mapping: statementMappingSchema,
      }),
    ),
  ),
  renameProfile: procedure.input(z.object({ id: idSchema('profile'), name: profileName })).output(z.null()),
  removeProfile: procedure.input(z.object({ id: idSchema('profile') })).output(z.null()),
  list: procedure
    .input(listInput(z.object({ bankAccountId: idSchema('bankAccount').nullable().default(null) })))
    .output(listOutput(statementRow, z.object({ creditCents: centsSchema, debitCents: centsSchema }))),
  movements: procedure
    .input(listInput(movementFilters))
    .output(listOutput(movementRowSchema, z.object({ creditCents: centsSchema, debitCents: centsSchema }))),
  exportMovements: procedure.input(exportInput(movementFilters)).output(fileResultSchema),
}
