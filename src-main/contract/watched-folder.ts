import { z } from 'zod'
import { procedure } from './procedure.ts'
import { folderTokenSchema, idSchema, instantSchema, problemSchema } from './values.ts'

const watchedKinds = z
  .array(z.enum(['flow', 'receipt']))
  .min(1)
  .max(2)

const settings = z.object({
  folder: folderTokenSchema,
  kinds: watchedKinds,
  active: z.boolean(),
  /** `move`: files read go to the subfolder «letti», refused ones to «rifiutati». */
  after: z.enum(['keep', 'move']),
  /** Whose statements those are that name no account. */
  bankAccountId: idSchema('bankAccount').nullable().default(null),
})

/** Folders in which others put files: looked at by itself, each file taken once; statements when every check passes. */
export const watchedFolder = {
  list: procedure.output(
    z.object({
      folders: z.array(
        settings.extend({
          id: idSchema('watchedFolder'),
          /** Where it is, in words. */
          place: z.string(),
          lastScanAt: instantSchema.nullable(),
          /** What the last look could not do, or what waits for a person. */
          note: z.string().nullable(),
          /** Statements that were not loaded and stay where they are, each with the reason. */
          waiting: z.array(z.object({ name: z.string(), problems: z.array(problemSchema) })),
        }),
      ),
      /** The latest files that came this way. */
      files: z.array(
        z.object({
          id: idSchema('importFile'),
          name: z.string(),
          kind: z.enum(['statement', 'flow', 'receipt', 'unknown']),
          outcome: z.string(),
          problems: z.array(problemSchema),
          at: instantSchema,
        }),
      ),
    }),
  ),
  save: procedure
    .input(settings.extend({ id: idSchema('watchedFolder').nullable() }))
    .output(z.object({ id: idSchema('watchedFolder') })),
  remove: procedure.input(z.object({ id: idSchema('watchedFolder') })).output(z.null()),
  /** Looks at all of them now, twice: what changed in between is still being written, and waits. */
  scanNow: procedure.output(z.object({ added: z.int(), already: z.int(), refused: z.int(), waiting: z.int() })),
}
