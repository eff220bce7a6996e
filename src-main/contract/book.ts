import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import type { labelSchema } from './reporting-flow.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  yearSchema,
} from './values.ts'

const mastroFilters = z.object({ exercise: yearSchema, capitoloId: idSchema('capitolo').nullable().default(null) })
const cashFilters = z.object({
  exercise: yearSchema,
  bankAccountId: idSchema('bankAccount').nullable().default(null),
})
const unpaidFilters = z.object({
  exercise: yearSchema,
  residui: z.boolean().nullable().default(null),
  category: z.array(categorySchema).default([]),
})
const residuiFilters = z.object({
  exercise: yearSchema,
  /** One line for each year of origin and capitolo, or one for each accertamento. */
  by: z.enum(['capitolo', 'accertamento']).default('capitolo'),
  originYear: yearSchema.nullable().default(null),
  capitoloId: idSchema('capitolo').nullable().default(null),
})
const residuiSums = z.object({
  openingCents: centsSchema,
  variedCents: centsSchema,
  collectedCents: centsSchema,
  eliminatedCents: centsSchema,
  leftCents: centsSchema,
})
const journalFilters = z.object({
  operator: z.string().max(100).nullable().default(null),
  from: isoDateSchema.nullable().default(null),
  to: isoDateSchema.nullable().default(null),
})

export const book = {
  /** Mastro: each accertamento, variation and reversale line of a capitolo by date, with the running balance. */
  mastro: procedure.input(listInput(mastroFilters)).output(
    listOutput(
      z.object({
        date: isoDateSchema,
        capitolo: z.string(),
        text: z.string(),
        accertatoCents: centsSchema,
        riscossoCents: centsSchema,
        balanceCents: centsSchema,
      }),
      z.object({ accertatoCents: centsSchema, riscossoCents: centsSchema }),
    ),
  ),
  exportMastro: procedure.input(exportInput(mastroFilters)).output(fileResultSchema),
  /** Giornale di cassa: reversali by number with the credits that they regularise. */
  cashJournal: procedure.input(listInput(cashFilters)).output(
    listOutput(
      z.object({
        reversaleId: idSchema('reversale'),
        number: countSchema,
        date: isoDateSchema,
        capitolo: z.string(),
        account: z.string(),
        causale: z.string(),
        /** The credits that it regularises, in words. */
        credits: z.string(),
        cents: centsSchema,
        progressiveCents: centsSchema,
        annulled: z.boolean(),
      }),
      z.object({ cents: centsSchema }),
    ),
  ),
  exportCashJournal: procedure.input(exportInput(cashFilters)).output(fileResultSchema),
  /** Situazione dei residui: 1 January, varied, collected, written off, left (DOMAIN.md §8.6). */
  residui: procedure.input(listInput(residuiFilters)).output(
    listOutput(
      residuiSums.extend({
        id: z.int().positive(),
        originYear: yearSchema,
        capitoloId: idSchema('capitolo'),
        capitolo: z.string(),
        accertamenti: countSchema,
        accertamentoId: idSchema('accertamento').nullable(),
        number: countSchema.nullable(),
        personId: idSchema('person').nullable(),
        personName: z.string().nullable(),
        causale: z.string().nullable(),
      }),
      residuiSums,
    ),
  ),
  exportResidui: procedure.input(exportInput(residuiFilters)).output(fileResultSchema),
  /** Residui and unpaid: accertamenti still outstanding, with the year of origin. */
  unpaid: procedure.input(listInput(unpaidFilters)).output(
    listOutput(
      z.object({
        accertamentoId: idSchema('accertamento'),
        personId: idSchema('person'),
        personName: z.string(),
        fiscalCode: z.string().nullable(),
        exercise: yearSchema,
        number: countSchema,
        capitolo: z.string(),
        causale: z.string(),
        dueDate: isoDateSchema.nullable(),
        dueCents: centsSchema,
        outstandingCents: centsSchema,
        daysLate: z.int().nullable(),
      }),
      z.object({ outstandingCents: centsSchema }),
    ),
  ),
  exportUnpaid: procedure.input(exportInput(unpaidFilters)).output(fileResultSchema),
}

export const journal = {
  list: procedure
    .input(listInput(journalFilters))
    .output(
      listOutput(
        z.object({ seq: countSchema, at: instantSchema, operator: z.string(), command: z.string(), text: z.string() }),
        z.object({}),
      ),
    ),
  export: procedure.input(exportInput(journalFilters)).output(fileResultSchema),
  /** Recomputes the hash chain from the first entry. */
  verify: procedure.output(z.object({ ok: z.boolean(), entries: countSchema, firstBroken: countSchema.nullable() })),
}

export const dashboard = {
  get: procedure.input(z.object({ exercise: yearSchema })).output(
    z.object({
      /** The road: six counts and sums, what hangs. */
      road: z.array(
        z.object({
          step: z.enum(['accertato', 'emesso', 'consegnato', 'pagato', 'riconciliato', 'reversali']),
          count: countSchema,
          cents: centsSchema.nullable(),
          hanging: z.string().nullable(),
        }),
      ),
      nextStep: z.object({ title: z.string(), text: z.string(), button: z.string(), route: z.string() }),
      /** Things to do by urgency. */
      todo: z.array(
        z.object({
          kind: z.string(),
          title: z.string(),
          text: z.string(),
          cents: centsSchema.nullable(),
          button: z.string(),
          route: z.string(),
          tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
        }),
      ),
      checks: z.array(z.object({ ok: z.boolean(), text: z.string() })),
      /** Month ends of the exercise: emesso = riscosso + da riscuotere; null for months to come. */
      months: z.array(
        z.object({
          month: z.int().min(1).max(12),
          issuedCents: centsSchema.nullable(),
          collectedCents: centsSchema.nullable(),
          lastYearCollectedCents: centsSchema.nullable(),
        }),
      ),
      residuiMonths: z.array(
        z.object({
          month: z.int().min(1).max(12),
          issuedCents: centsSchema.nullable(),
          collectedCents: centsSchema.nullable(),
          lastYearCollectedCents: centsSchema.nullable(),
        }),
      ),
      totals: z.object({ issuedCents: centsSchema, collectedCents: centsSchema, outstandingCents: centsSchema }),
      capitoli: z.array(
        z.object({
          code: z.string(),
          name: z.string(),
          accertatoCents: centsSchema,
          riscossoCents: centsSchema,
          daRiscuotereCents: centsSchema,
        }),
      ),
      activity: z.array(z.object({ at: instantSchema, operator: z.string(), text: z.string() })),
    }),
  ),
}

export const search = {
  /** The palette: people, positions, flows, reversali for a text, a fiscal code, an IUV, a notice number (with blanks), a flow id. */
  find: procedure.input(z.object({ text: z.string().max(200) })).output(
    z.array(
      z.object({
        kind: z.enum(['person', 'debtPosition', 'reportingFlow', 'reversale', 'accertamento']),
        id: z.int().positive(),
        title: z.string(),
        detail: z.string(),
        route: z.string(),
        /** True when the text is the whole identifier: opened at once. */
        exact: z.boolean(),
      }),
    ),
  ),
}

export type Label = z.infer<typeof labelSchema>
