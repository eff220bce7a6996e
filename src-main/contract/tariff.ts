import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  leftOutSchema,
  problemSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

const years = z.int().min(0).max(99)
/** Hundredths of a percent: 1000 is 10 %. */
export const basisPointsSchema = z.int().min(0).max(1_000_000)

/** One row of a tariff (`domain/tariff.ts`); empty conditions are null. */
export const tariffRowSchema = z.object({
  code: z.string().trim().max(20),
  description: z.string().trim().max(80),
  category: categorySchema.nullable(),
  albo: z.string().trim().min(1).max(80).nullable(),
  section: z.string().trim().min(1).max(40).nullable(),
  status: z.string().trim().min(1).max(40).nullable(),
  fromYears: years,
  toYears: years.nullable(),
  effect: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('amount'), cents: centsSchema }),
    z.object({ kind: z.literal('percent'), basisPoints: basisPointsSchema }),
    z.object({ kind: z.literal('none') }),
  ]),
})

const rows = z.array(tariffRowSchema).max(300)
const ofYear = z.object({ serviceTypeId: idSchema('serviceType'), year: yearSchema })

/** What is said of a table: `rows` are places in it, from 0. */
const remarkSchema = z.object({
  rows: z.array(countSchema),
  field: z.enum(['code', 'years', 'effect', 'conditions']),
  severity: z.enum(['error', 'warning']),
  text: z.string(),
})

const tableSchema = z.object({
  serviceTypeId: idSchema('serviceType'),
  year: yearSchema,
  proRata: z.boolean(),
  rows,
  /** Overlaps and holes of the table by itself. */
  remarks: z.array(remarkSchema),
  /** Stands for the table as it is stored: `save` wants that of the table it replaces. */
  mark: z.string(),
})

export const tariff = {
  /** The tariff of a tipo di dovuto in a year, empty where there is none; the years that have one. */
  get: procedure.input(ofYear).output(tableSchema.extend({ years: z.array(yearSchema) })),
  /** Replaces the whole table. Refused while it has errors, or when it is not the one that was seen; holes are only told. */
  save: procedure.input(ofYear.extend({ proRata: z.boolean(), rows, mark: z.string().max(100) })).output(tableSchema),
  /** Groups of the register that a table, saved or not, leaves without an amount, or asks of twice. */
  gaps: procedure.input(ofYear.extend({ proRata: z.boolean(), rows, date: isoDateSchema })).output(
    z.object({
      people: countSchema,
      gaps: z.array(z.object({ text: z.string(), people: countSchema })),
    }),
  ),
  /** Albi, sections and statuses that the register uses, for completion. */
  words: procedure.output(
    z.object({ albo: z.array(z.string()), section: z.array(z.string()), status: z.array(z.string()) }),
  ),
  export: procedure.input(ofYear).output(fileResultSchema),
  /** Reads a workbook made by `export`; nothing is saved. */
  import: procedure
    .input(z.object({ token: fileTokenSchema }))
    .output(z.object({ rows, remarks: z.array(remarkSchema), problems: z.array(problemSchema) })),
}

/** What is generated, of whom, as on which day. */
export const quotaParameters = z.object({
  serviceTypeId: idSchema('serviceType'),
  /** Year of competence. */
  year: yearSchema,
  /** The register is looked at as on this day. */
  date: isoDateSchema,
  /** Everybody in an albo, or these people. */
  people: z.array(idSchema('person')).min(1).max(50_000).nullable().default(null),
  /** For chosen people: this amount instead of the tariff's. */
  cents: centsSchema.nullable().default(null),
  /** Also to who has one of the same type and year already: only for chosen people. */
  again: z.boolean().default(false),
  /** Causale with `{campi}`; empty takes that of the type. */
  causale: z.string().trim().max(300).default(''),
  /** Null takes the due rule of the type. */
  dueDate: isoDateSchema.nullable().default(null),
  /** Struck off by hand. */
  excluded: z.array(idSchema('person')).max(100_000).default([]),
})

const outcome = z.enum(['raise', 'excluded', 'already', 'none', 'hole'])

const quotaRow = z.object({
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  category: categorySchema,
  albo: z.string().nullable(),
  section: z.string().nullable(),
  status: z.string().nullable(),
  alboNumber: z.string().nullable(),
  enrolled: isoDateSchema.nullable(),
  /** Years since the year of enrolment. */
  years: countSchema.nullable(),
  outcome,
  /** Code of the row of the tariff that applies. */
  tariff: z.string().nullable(),
  why: z.string(),
  cents: centsSchema.nullable(),
  causale: z.string(),
})

const quotaFilters = quotaParameters.extend({ outcome: z.array(outcome).default([]) })

const batchSchema = z.object({
  id: idSchema('quotaBatch'),
  service: z.string(),
  year: yearSchema,
  date: isoDateSchema,
  at: instantSchema,
  operator: z.string(),
  state: z.enum(['raised', 'undone']),
  accertamenti: amountSchema,
  exercise: yearSchema,
  firstNumber: countSchema,
  lastNumber: countSchema,
  /** Why it cannot be undone, null where it can. */
  kept: z.string().nullable(),
})

export const quota = {
  /** What would be raised now. Problems keep it from being raised; holes and exemptions do not. */
  preview: procedure.input(quotaParameters).output(
    z.object({
      raise: amountSchema,
      /** Stands for the list seen, person by person: `raise` wants it back. */
      mark: z.string(),
      counts: z.object({ excluded: countSchema, already: countSchema, none: countSchema, hole: countSchema }),
      /** Totals by row of the tariff, in its order. */
      byTariff: z.array(z.object({ tariff: z.string(), count: countSchema, cents: centsSchema })),
      leftOut: leftOutSchema,
      problems: z.array(problemSchema),
      dueDate: isoDateSchema.nullable(),
      causale: z.string(),
      exercise: yearSchema.nullable(),
      /** To be raised without knowing since when they are enrolled, where the tariff looks at that. */
      unknownYears: countSchema,
    }),
  ),
  list: procedure.input(listInput(quotaFilters)).output(listOutput(quotaRow, z.object({ cents: centsSchema }))),
  export: procedure.input(exportInput(quotaFilters)).output(fileResultSchema),
  /** Raises the accertamenti in one write. Refused when the list is no longer the one that was seen. */
  raise: procedure
    .input(quotaParameters.extend({ expected: amountSchema.extend({ mark: z.string().max(100) }) }))
    .output(
      longWork(
        z.object({
          batchId: idSchema('quotaBatch'),
          accertamenti: amountSchema,
          exercise: yearSchema,
          firstNumber: countSchema,
          lastNumber: countSchema,
        }),
      ),
    ),
  history: procedure.input(listInput(z.object({}))).output(listOutput(batchSchema, z.object({}))),
  /** Takes a generation back while nothing of it is issued or collected: each accertamento gets a cancellation. */
  undo: procedure.input(z.object({ id: idSchema('quotaBatch'), reason: reasonSchema })).output(batchSchema),
}
