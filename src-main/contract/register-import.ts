import { z } from 'zod'
import { DIFFERENCE_FIELDS } from '#domain/person-difference'
import { exportInput, listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { registerLook, registerMappingSchema, registerProfileIdSchema } from './register-profile.ts'
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

/** `dues`: each row raises an accertamento. `people`: no amounts, the file only adds and updates people. */
export const importPurposeSchema = z.enum(['dues', 'people'])

/** What a later file may say of a person who is already known. */
export const differenceFieldSchema = z.enum(DIFFERENCE_FIELDS)
/** «Aggiorna» or «lascia com’è». */
export const differenceChoiceSchema = z.enum(['update', 'keep'])

/** How many known people the file would change, and what was chosen so far. */
const differencesSummarySchema = z.object({
  people: countSchema,
  update: countSchema,
  keep: countSchema,
  /** Only fields with at least one difference, in the order of `differenceFieldSchema`. */
  fields: z.array(z.object({ field: differenceFieldSchema, update: countSchema, keep: countSchema })),
})

export const importSummarySchema = z.object({
  id: idSchema('registerImport'),
  purpose: importPurposeSchema,
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
  /** Rows that the person left out: they raise nothing and change nobody. */
  leftOut: countSchema,
  problems: problemListSchema,
  accertamenti: amountSchema,
  /** People who would be new; after the confirmation, people created. */
  newPeople: countSchema,
  differences: differencesSummarySchema,
  /** What a person had done on the reading before this one: what holds here too, and what no longer fits. */
  carried: z
    .object({
      cells: countSchema,
      rows: countSchema,
      choices: countSchema,
      lost: z.array(
        z.object({
          what: z.enum(['cell', 'leftOut', 'ticked']),
          row: countSchema,
          column: z.string().nullable(),
          value: z.string(),
        }),
      ),
      lostChoices: countSchema,
    })
    .nullable(),
  /** Columns of the file as they were recognised: letter, heading in the file, field that it fills. */
  columns: z.array(z.object({ letter: z.string(), heading: z.string(), field: z.string().nullable() })),
})

const importRowSchema = z.object({
  id: idSchema('importRow'),
  row: countSchema,
  status: z.enum(['good', 'warning', 'error', 'already']),
  ticked: z.boolean(),
  leftOut: z.boolean(),
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
  /** Only rows that the person left out, or only the others. */
  leftOut: z.boolean().nullable().default(null),
})

/** One known person about whom the file says something else. */
const personDifferenceSchema = z.object({
  personId: idSchema('person'),
  fiscalCode: z.string().nullable(),
  /** As the archive has it now. */
  name: z.string(),
  /** Row of the file that says so: the last one of this person. */
  row: countSchema,
  changes: z.array(
    z.object({
      field: differenceFieldSchema,
      /** Null when the archive has nothing there. */
      old: z.string().nullable(),
      new: z.string(),
      choice: differenceChoiceSchema,
    }),
  ),
})

const differenceFilters = z.object({
  importId: idSchema('registerImport'),
  field: z.array(differenceFieldSchema).default([]),
  choice: differenceChoiceSchema.nullable().default(null),
})

const historyFilters = z.object({
  state: z.array(importStateSchema).default([]),
  /** Days of the import, both included. */
  from: isoDateSchema.nullable().default(null),
  to: isoDateSchema.nullable().default(null),
})

/** An import as «Storico» shows it. */
export const importHistorySchema = importSummarySchema
  .omit({ problems: true, columns: true, carried: true, differences: true, newPeople: true, sheet: true })
  .extend({
    /** When it entered the books, and who did it; null when it did not. */
    confirmedAt: instantSchema.nullable(),
    confirmedBy: z.string().nullable(),
    /** Rows of the file that raised nothing. */
    rowsOut: countSchema,
    created: z.object({ people: countSchema, contacts: countSchema, alboEntries: countSchema }),
    /** Known people who were changed. */
    updatedPeople: countSchema,
    undone: z.object({ at: instantSchema, operator: z.string(), reason: z.string() }).nullable(),
    undoable: z.boolean(),
    /** Why it cannot be undone; empty when it can, or was never confirmed. */
    whyNot: z.array(problemSchema),
  })

/** What undoing would take back, and what stays. */
const undoPreviewSchema = z.object({
  undoable: z.boolean(),
  whyNot: z.array(problemSchema),
  /** Accertamenti that would be cancelled; their numbers stay used. */
  accertamenti: amountSchema,
  people: z.object({ removed: countSchema, restored: countSchema }),
  contacts: z.object({ removed: countSchema, reopened: countSchema }),
  alboEntries: z.object({ removed: countSchema, reopened: countSchema }),
  /** What stays although the import brought it, the first 200 with the reason of each. */
  stays: z.object({
    first: z.array(
      z.object({
        personId: idSchema('person'),
        name: z.string(),
        what: z.enum(['person', 'field', 'contact', 'alboEntry']),
        /**
         * `dues`: accertamenti (cancelled ones too) carry the name. `used`: something else names it. `changed`: somebody
         * changed it since.
         */
        why: z.enum(['dues', 'used', 'changed']),
        value: z.string(),
      }),
    ),
    total: countSchema,
  }),
})

export const registerImport = {
  /** The empty tracciato with its instructions sheet. */
  template: procedure.output(fileResultSchema),
  ...registerLook,
  /**
   * Reads a file into pending rows: as the mapping says, else as the profile does, else as the profile that knows its
   * headings, else as the tracciato. With both, the mapping counts and the profile gives the name that the history tells.
   * A file confirmed before comes back as its import, with nothing added. What a person did on the same file as long as its
   * import waited, or on the import `after` that this file is the next version of, holds for every row that reads the same.
   */
  read: procedure
    .input(
      z.object({
        token: fileTokenSchema,
        mapping: registerMappingSchema.nullable().default(null),
        profileId: registerProfileIdSchema.nullable().default(null),
        after: idSchema('registerImport').nullable().default(null),
      }),
    )
    .output(longWork(importSummarySchema)),
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
  /** Leaves rows out of the import, or takes them in again. */
  leaveOut: procedure
    .input(z.object({ rowIds: z.array(idSchema('importRow')).min(1).max(10_000), leftOut: z.boolean() }))
    .output(importSummarySchema),
  /** Known people about whom the file says something else, by name. `totals` are of the whole filter. */
  differences: procedure
    .input(listInput(differenceFilters))
    .output(listOutput(personDifferenceSchema, differencesSummarySchema)),
  /**
   * Chooses for the differences of some people or of all, of some fields or of all: one person and one field is one
   * difference, both empty is everything. Without a choice names, categories and VAT numbers are kept, the rest updated.
   */
  setDifferences: procedure
    .input(
      z.object({
        id: idSchema('registerImport'),
        personIds: z.array(idSchema('person')).max(10_000).default([]),
        fields: z.array(differenceFieldSchema).default([]),
        choice: differenceChoiceSchema,
      }),
    )
    .output(differencesSummarySchema),
  /** The wrong rows in the layout of the file read, with a column of reasons. */
  exportErrors: procedure.input(z.object({ id: idSchema('registerImport') })).output(fileResultSchema),
  /** Raises the accertamenti, adds and updates people as chosen. With errors left it is refused unless `goodOnly`. */
  confirm: procedure.input(z.object({ id: idSchema('registerImport'), goodOnly: z.boolean() })).output(
    longWork(
      z.object({
        accertamenti: amountSchema,
        /** Null when nothing was raised: the file held people only, or all its quotas were known. */
        exercise: yearSchema.nullable(),
        /** 0 when nothing was raised. */
        firstNumber: countSchema,
        lastNumber: countSchema,
        /** New people, and known ones who were changed. */
        people: countSchema,
        updatedPeople: countSchema,
        leftOut: countSchema,
      }),
    ),
  ),
  discard: procedure.input(z.object({ id: idSchema('registerImport') })).output(importSummarySchema),
  undoPreview: procedure.input(z.object({ id: idSchema('registerImport') })).output(undoPreviewSchema),
  /**
   * Takes back a confirmed import while none of its rows is issued or collected: each accertamento gets a cancellation,
   * what it changed of people is as before, what it created goes unless somebody else uses it.
   */
  undo: procedure.input(z.object({ id: idSchema('registerImport'), reason: reasonSchema })).output(importSummarySchema),
  history: procedure.input(listInput(historyFilters)).output(listOutput(importHistorySchema, z.object({}))),
  historyExport: procedure.input(exportInput(historyFilters)).output(fileResultSchema),
}
