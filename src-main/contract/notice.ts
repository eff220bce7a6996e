import { z } from 'zod'
import { debtPositionFilters } from './debt-position.ts'
import { selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { countSchema, fileResultSchema, folderTokenSchema, idSchema, problemListSchema } from './values.ts'

export const notice = {
  /** The notice of the position's current version as a PDF; the same position gives the same bytes. */
  pdf: procedure.input(z.object({ debtPositionId: idSchema('debtPosition') })).output(z.file()),
  /** One PDF with all of them, bookmarked by name, to be printed. */
  print: procedure
    .input(z.object({ selection: selectionSchema(debtPositionFilters) }))
    .output(longWork(z.object({ file: fileResultSchema, notices: countSchema, problems: problemListSchema }))),
  /** One PDF each into a folder, named by the pattern of the settings. No delivery is recorded. */
  saveAll: procedure
    .input(z.object({ selection: selectionSchema(debtPositionFilters), folder: folderTokenSchema }))
    .output(longWork(z.object({ written: countSchema, same: countSchema, problems: problemListSchema }))),
  /** Positions with the extremes of a batch: longest name, longest causale, foreign address, largest amount. */
  sample: procedure
    .input(z.object({ issuanceId: idSchema('issuance'), count: z.int().min(1).max(50) }))
    .output(z.array(z.object({ debtPositionId: idSchema('debtPosition'), why: z.string() }))),
  /** Checks of a whole batch: every text fits, every character has its glyph, QR read back equal. */
  check: procedure
    .input(z.object({ selection: selectionSchema(debtPositionFilters) }))
    .output(longWork(z.object({ notices: countSchema, shrunk: countSchema, problems: problemListSchema }))),
}
