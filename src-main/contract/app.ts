import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './procedure.ts'
import { countSchema, instantSchema, isoDateSchema, yearSchema } from './values.ts'

export const exerciseStateSchema = z.enum(['historical', 'open', 'closed', 'approved'])
export const environmentSchema = z.enum(['rehearsal', 'uat', 'production'])

const exerciseSchema = z.object({ year: yearSchema, state: exerciseStateSchema })

export const app = {
  /** What the frame shows, in one call. `configured` is false until the first-run guide has been finished. */
  state: procedure.output(
    z.object({
      configured: z.boolean(),
      institutionName: z.string().nullable(),
      environment: environmentSchema,
      exercises: z.array(exerciseSchema),
      /** The open exercise that today's work enters, or null before the first one is opened. */
      currentExercise: yearSchema.nullable(),
      operator: z.string(),
      today: isoDateSchema,
      now: instantSchema,
      version: z.string(),
      badges: z.object({
        deliveriesToReview: countSchema,
        /** Refused by the node, or other there than here. */
        nodeToReview: countSchema,
        /** As the work table counts «Da decidere». */
        toDecide: countSchema,
        reversaliReady: countSchema,
        pendingImports: countSchema,
      }),
      ledger: z.object({
        engine: z.enum(['sqlite', 'postgres']),
        place: z.string(),
        lastBackupAt: instantSchema.nullable(),
        secretsPlace: z.string(),
      }),
    }),
  ),
}

export const ledger = {
  /** A counter raised by each committed write; the page refetches when it rises. The first event is the present value. */
  revisions: procedure.output(eventIterator(z.object({ revision: countSchema }))),
  backup: procedure.output(z.object({ place: z.string(), at: instantSchema })),
  /** Integrity, journal chain, equations of the books, migrations, disk, keychain. */
  check: procedure.output(z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() }))),
}
