import { z } from 'zod'
import { debtPositionFilters } from './debt-position.ts'
import { selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { countSchema, fileResultSchema, folderTokenSchema, idSchema, problemListSchema } from './values.ts'

/** A cover letter in the file of each notice; null prints the notices alone. */
const withLetter = z
  .object({ id: idSchema('letter'), place: z.enum(['before', 'after']) })
  .nullable()
  .default(null)

export const notice = {
  /** The notice of the position's current version as a PDF; the same position gives the same bytes. */
  pdf: procedure
    .input(
      z.object({
        debtPositionId: idSchema('debtPosition'),
        letter: withLetter,
        /** As a reminder who paid a part gets only the instalments that are left. */
        purpose: z.enum(['notice', 'reminder']).default('notice'),
      }),
    )
    .output(z.file()),
  /** The same as a file that leaves the program: the history tells it, and one that had left before says «Duplicato». */
  save: procedure.input(z.object({ debtPositionId: idSchema('debtPosition'), letter: withLetter })).output(z.file()),
  /** One PDF with all of them, bookmarked by name, to be printed. */
  print: procedure.input(z.object({ selection: selectionSchema(debtPositionFilters), letter: withLetter })).output(
    longWork(
      z.object({
        file: fileResultSchema,
        notices: countSchema,
        /** Of them, those that had left before: the paper says «Duplicato». */
        duplicates: countSchema,
        problems: problemListSchema,
      }),
    ),
  ),
  /** One PDF each into a folder, named by the pattern of the settings. No delivery is recorded. */
  saveAll: procedure
    .input(z.object({ selection: selectionSchema(debtPositionFilters), folder: folderTokenSchema, letter: withLetter }))
    .output(longWork(z.object({ written: countSchema, same: countSchema, problems: problemListSchema }))),
  /** Positions with the extremes of a batch: longest name, longest causale, most instalments, foreign address, largest amount. */
  sample: procedure
    .input(z.object({ issuanceId: idSchema('issuance'), count: z.int().min(1).max(50) }))
    .output(z.array(z.object({ debtPositionId: idSchema('debtPosition'), personName: z.string(), why: z.string() }))),
  /** Checks of a whole batch: every text fits, every character has its glyph, every code read back equal. */
  check: procedure
    .input(z.object({ selection: selectionSchema(debtPositionFilters) }))
    .output(longWork(z.object({ notices: countSchema, shrunk: countSchema, problems: problemListSchema }))),
}

export const letterSchema = z.object({
  id: idSchema('letter'),
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  signature: z.string(),
})

/** Cover letters (lettere accompagnatorie): texts with the fields of `domain/letter.ts`. */
export const letter = {
  list: procedure.output(z.array(letterSchema)),
  save: procedure
    .input(
      z.object({
        id: idSchema('letter').nullable(),
        name: z.string().trim().min(1).max(80),
        subject: z.string().trim().min(1).max(200),
        body: z.string().min(1).max(10_000),
        signature: z.string().trim().max(200),
      }),
    )
    .output(letterSchema),
  remove: procedure.input(z.object({ id: idSchema('letter') })).output(z.object({ id: idSchema('letter') })),
  /** The letter as it prints, for a position of the ledger or, without one, for an invented person. */
  preview: procedure
    .input(
      z.object({
        subject: z.string().max(200),
        body: z.string().max(10_000),
        signature: z.string().max(200),
        debtPositionId: idSchema('debtPosition').nullable().default(null),
      }),
    )
    .output(z.file()),
}
