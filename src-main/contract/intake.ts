import { z } from 'zod'
import { longWork, procedure } from './procedure.ts'
import { fileTokenSchema, problemSchema } from './values.ts'

const intakeKindSchema = z.enum(['flow', 'receipt', 'statement', 'unknown'])

export const intakeFileSchema = z.object({
  name: z.string(),
  kind: intakeKindSchema,
  /** Flow id, or IUV of a receipt. */
  reference: z.string().nullable(),
  outcome: z.enum(['added', 'newVersion', 'already', 'otherReceiver', 'refused', 'toLoad']),
  problems: z.array(problemSchema),
  /** Of a statement: what the load page opens, for account and columns are checked there. */
  statementToken: fileTokenSchema.nullable(),
})

export const intake = {
  /** Reads flows, receipts and statements, in one choice or one zip; each file enters whole or not at all. */
  import: procedure
    .input(z.object({ tokens: z.array(fileTokenSchema).min(1).max(5000) }))
    .output(longWork(z.object({ files: z.array(intakeFileSchema) }))),
}
