import { z } from 'zod'
import { listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  problemListSchema,
  problemSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

export const categorySchema = z.enum(['professionista', 'stp', 'praticante', 'altro'])
export const importStateSchema = z.enum(['reading', 'pending', 'confirmed', 'discarded', 'undone'])

export const importSummarySchema = z.object({
  id: idSchema('registerImport'),
  fileName: z.string(),
  sha256: z.string(),
  profile: z.string(),
  sheet: z.string().nullable(),
  state: importStateSchema,
  at: instantSchema,
  operator: z.string(),
  rows: countSchema,
  /** Ready, with warnings (they enter), with errors (they stay out), already imported (left out unless ticked). */
  good: amountSchema,
  warning: amountSchema,
  error: countSchema,
  already: countSchema,
  problems: problemListSchema,
  accertamenti: amountSchema,
  /** Columns of the file as they were recognised: letter, heading in the file, field that it fills. */
  columns: z.array(z.object({ letter: z.string(), heading: z.string(), field: z.string().nullable() })),
})

const importRowSchema = z.object({
  id: idSchema('importRow'),
  row: countSchema,
  status: z.enum(['good', 'warning', 'error', 'already']),
  ticked: z.boolean(),
  /** Text of each cell as read, by column letter. */
  cells: z.record(z.string(), z.string()),
  fiscalCode: z.string().nullable(),
  name: z.string().nullable(),
  category: categorySchema.nullable(),
  service: z.string().nullable(),
  competenceYear: yearSchema.nullable(),
  causale: z.string().nullable(),
  amountCents: centsSchema.nullable(),
  dueDate: isoDateSchema.nullable(),
  capitolo: z.string().nullable(),
  problems: z.array(problemSchema),
})

const rowFilters = z.object({
  importId: idSchema('registerImport'),
  status: z.array(z.enum(['good', 'warning', 'error', 'already'])).default([]),
})

export const registerImport = {
  /** The empty tracciato with its instructions sheet. */
  template: procedure.output(fileResultSchema),
  /** Reads a workbook into pending rows. A file confirmed before comes back as its import, with nothing added. */
  read: procedure.input(z.object({ token: fileTokenSchema })).output(longWork(importSummarySchema)),
  get: procedure.input(z.object({ id: idSchema('registerImport') })).output(importSummarySchema),
  rows: procedure.input(listInput(rowFilters)).output(listOutput(importRowSchema, z.object({ cents: centsSchema }))),
  /** Corrects one cell of a pending row and checks the row again. */
  fixCell: procedure
    .input(z.object({ rowId: idSchema('importRow'), column: z.string().max(3), value: z.string().max(500) }))
    .output(z.object({ row: importRowSchema, summary: importSummarySchema })),
  /** Ticks rows that are «già importata» so that they are raised all the same. */
  tick: procedure
    .input(z.object({ rowIds: z.array(idSchema('importRow')).min(1).max(10_000), ticked: z.boolean() }))
    .output(importSummarySchema),
  /** The wrong rows with a column of reasons. */
  exportErrors: procedure.input(z.object({ id: idSchema('registerImport') })).output(fileResultSchema),
  /** Raises the accertamenti. With errors left it is refused unless `goodOnly`. */
  confirm: procedure.input(z.object({ id: idSchema('registerImport'), goodOnly: z.boolean() })).output(
    longWork(
      z.object({
        accertamenti: amountSchema,
        exercise: yearSchema,
        firstNumber: countSchema,
        lastNumber: countSchema,
        people: countSchema,
        leftOut: countSchema,
      }),
    ),
  ),
  discard: procedure.input(z.object({ id: idSchema('registerImport') })).output(importSummarySchema),
  /** Takes back a confirmed import while none of its rows is issued or collected: each accertamento gets a cancellation. */
  undo: procedure.input(z.object({ id: idSchema('registerImport'), reason: reasonSchema })).output(importSummarySchema),
  history: procedure
    .input(listInput(z.object({ state: z.array(importStateSchema).default([]) })))
    .output(listOutput(importSummarySchema.omit({ problems: true, columns: true }), z.object({}))),
}
