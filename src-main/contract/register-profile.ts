import { z } from 'zod'
import { REGISTER_FIELD_NAMES } from '#domain/register-field'
import {
  REGISTER_AMOUNT_FORMS,
  REGISTER_DATE_FORMS,
  REGISTER_ENCODINGS,
  REGISTER_PURPOSES,
  REGISTER_SEPARATORS,
  type RegisterMapping,
} from '#domain/register-mapping'
import { procedure } from './procedure.ts'
import { countSchema, fileResultSchema, fileTokenSchema, problemListSchema, problemSchema } from './values.ts'

export const registerFieldSchema = z.enum(REGISTER_FIELD_NAMES)

const letter = z.string().regex(/^[A-Z]{1,3}$/)
const column = z.object({ heading: z.string().min(1).max(500).nullable(), letter })
const cellText = z.string().max(500)

const source = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('columns'),
    columns: z.array(column).min(1).max(6),
    translations: z
      .array(z.object({ from: cellText, to: cellText }))
      .max(500)
      .default([]),
    otherwise: cellText.min(1).nullable().default(null),
  }),
  z.object({ kind: z.literal('constant'), text: cellText.min(1) }),
  z.object({ kind: z.literal('template'), template: z.string().min(1).max(200) }),
])

/** How a register file of any layout is read: `RegisterMapping` of the domain. */
export const registerMappingSchema = z.object({
  purpose: z.enum(REGISTER_PURPOSES).default('dues'),
  sheet: z.string().max(100).nullable(),
  headerRow: z.int().min(1).max(1000).nullable(),
  encoding: z.enum(REGISTER_ENCODINGS).nullable().default(null),
  separator: z.enum(REGISTER_SEPARATORS).nullable().default(null),
  fields: z.partialRecord(registerFieldSchema, source),
  amountForm: z.enum(REGISTER_AMOUNT_FORMS).default('comma'),
  dateForm: z.enum(REGISTER_DATE_FORMS).default('dmy'),
  skip: z
    .array(z.object({ column, texts: z.array(cellText).min(1).max(50) }))
    .max(20)
    .default([]),
}) as unknown as z.ZodType<RegisterMapping, RegisterMapping>

/** `tracciato`, the name of one that comes with the program (`albo-isi`), or `n12` of one that the office saved. */
export const registerProfileIdSchema = z.string().regex(/^[a-z0-9-]{1,40}$/)
const profileName = z.string().trim().min(1).max(60)

export const registerProfileSchema = z.object({
  id: registerProfileIdSchema,
  name: z.string(),
  /** Comes with the program: cannot be changed, renamed or removed. */
  shipped: z.boolean(),
  /** Its layout was never seen on a true file: «ipotesi da confermare su un file vero». */
  assumption: z.boolean(),
  /** Headings by which its files are recognised; empty when they have none. */
  headings: z.array(z.string()),
  mapping: registerMappingSchema,
})

/** What is asked of the sheet to be shown; null lets the program choose. */
const lookInput = z.object({
  token: fileTokenSchema,
  sheet: z.string().max(100).nullable().default(null),
  headerRow: z.int().min(0).max(1000).nullable().default(null),
  encoding: z.enum(REGISTER_ENCODINGS).nullable().default(null),
  separator: z.enum(REGISTER_SEPARATORS).nullable().default(null),
})

const lookOutput = z.object({
  fileName: z.string(),
  kind: z.enum(['xlsx', 'xls', 'csv', 'html']),
  /** The workbook carries macros: they are never run. */
  macros: z.boolean(),
  /** A text file or a page has one, without name. `rows` is null where the workbook does not say. */
  sheets: z.array(z.object({ name: z.string(), hidden: z.boolean(), rows: countSchema.nullable() })),
  /** The one that is shown below. */
  sheet: z.string(),
  /** Of a text file, as found or as asked. */
  encoding: z.enum(REGISTER_ENCODINGS).nullable(),
  separator: z.enum(REGISTER_SEPARATORS).nullable(),
  /** First 40 rows that are not empty, as texts by column from A; `number` is the row (or the record) from 1. */
  rows: z.array(z.object({ number: countSchema, cells: z.array(z.string()) })).max(40),
  /** Row of the headings, proposed or as asked (0 = none); null when none is seen. */
  headerRow: countSchema.nullable(),
  /** Columns of the sheet with the heading that each has there («» when none), and the first different values below it. */
  columns: z.array(
    z.object({
      letter,
      heading: z.string(),
      samples: z.array(z.string()).max(5),
      /** The field that the mapping below fills with it, and why: «l’intestazione è «CF»», «i valori sono codici fiscali». */
      field: registerFieldSchema.nullable(),
      reason: z.string().nullable(),
    }),
  ),
  /** The profile that is recognised by the headings; null: the mapping is only a proposal. */
  profile: registerProfileSchema.omit({ mapping: true, headings: true }).nullable(),
  mapping: registerMappingSchema,
})

export const registerLook = {
  /** What is in a register file of any kind, the profile that knows it, or a mapping proposed from its headings and values. */
  look: procedure.input(lookInput).output(lookOutput),
  /** The first rows as the mapping reads them, with their problems. Only the beginning of the file is read. */
  preview: procedure
    .input(
      z.object({
        token: fileTokenSchema,
        mapping: registerMappingSchema,
        rows: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.object({
        /** Errors here mean that no row can be read so: a column that is not there, a field that nothing gives. */
        problems: problemListSchema,
        rows: z.array(
          z.object({
            row: countSchema,
            status: z.enum(['good', 'warning', 'error']),
            /** Each field as it is read: amounts 1.234,56, dates 31/03/2026; those that could not be read are left out. */
            values: z.partialRecord(registerFieldSchema, z.string()),
            problems: z.array(problemSchema),
          }),
        ),
        /** Over the rows at the beginning of the file; `complete` when those are all. */
        read: countSchema,
        good: countSchema,
        warning: countSchema,
        error: countSchema,
        /** Rows left out because the mapping says so. */
        skipped: countSchema,
        complete: z.boolean(),
      }),
    ),
  /** The different values of columns (joined with a blank), the commonest first: what translations are made for. */
  columnValues: procedure
    .input(
      z.object({
        token: fileTokenSchema,
        mapping: registerMappingSchema,
        letters: z.array(letter).min(1).max(6),
      }),
    )
    .output(
      z.object({
        values: z.array(z.object({ text: z.string(), count: countSchema })).max(300),
        /** How many different ones there are. */
        total: countSchema,
      }),
    ),
}

export const registerProfile = {
  /** Shipped ones first, then those of the office by name. */
  list: procedure.output(z.array(registerProfileSchema)),
  /** Keeps a mapping under a name; one of the office's of that name is replaced. */
  save: procedure
    .input(
      z.object({
        name: profileName,
        mapping: registerMappingSchema,
        /** Headings of its files as they stand in `look().columns`. */
        headings: z.array(z.string().max(500)).max(500),
      }),
    )
    .output(registerProfileSchema),
  rename: procedure.input(z.object({ id: registerProfileIdSchema, name: profileName })).output(registerProfileSchema),
  remove: procedure.input(z.object({ id: registerProfileIdSchema })).output(z.null()),
  /** A small JSON file, to be read by another office. */
  export: procedure.input(z.object({ id: registerProfileIdSchema })).output(fileResultSchema),
  /** The profile of such a file enters under its name; a name that is taken gets a number. */
  import: procedure.input(z.object({ token: fileTokenSchema })).output(registerProfileSchema),
}
