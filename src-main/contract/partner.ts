import { z } from 'zod'
import { environmentSchema } from './app.ts'
import { debtPositionFilters } from './debt-position.ts'
import { listInput, listOutput, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  idSchema,
  instantSchema,
  leftOutSchema,
  problemSchema,
  reasonSchema,
} from './values.ts'

const selection = selectionSchema(debtPositionFilters)
const batchId = idSchema('partnerBatch')

/** What a file tells the partner: load, change, take away. */
export const partnerKindSchema = z.enum(['create', 'update', 'delete'])
/** `json`: body of GPD's massive load; `csv`: docs/tracciato-partner.md. */
export const partnerFormatSchema = z.enum(['json', 'csv'])
export const partnerOutcomeSchema = z.enum(['waiting', 'accepted', 'refused', 'released'])

const plan = z.object({
  environment: environmentSchema,
  count: countSchema,
  cents: centsSchema,
  /** Says for which positions, as they were, this is: the act wants it back. */
  stamp: z.string().max(64),
  leftOut: leftOutSchema,
  problems: z.array(problemSchema),
})
const seen = { environment: environmentSchema, expected: countSchema, stamp: z.string().max(64) }

const exported = longWork(
  z.object({ id: batchId, file: fileResultSchema, count: countSchema, cents: centsSchema, leftOut: leftOutSchema }),
)

const batchSchema = z.object({
  id: batchId,
  kind: partnerKindSchema,
  format: partnerFormatSchema,
  at: instantSchema,
  operator: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  /** Bytes. */
  size: countSchema,
  rows: countSchema,
  cents: centsSchema,
  waiting: countSchema,
  accepted: countSchema,
  refused: countSchema,
  /** Refused ones that were taken back. */
  released: countSchema,
  withdrawn: z.object({ at: instantSchema, reason: z.string() }).nullable(),
})

const rowSchema = z.object({
  debtPositionId: idSchema('debtPosition'),
  iupd: z.string(),
  personName: z.string(),
  noticeNumber: z.string(),
  cents: centsSchema,
  outcome: partnerOutcomeSchema,
  /** Why the partner refused it, in his words. */
  reason: z.string().nullable(),
  /** A later file says of it what this one said, or more: nothing is left to do here. */
  followed: z.boolean(),
})

const outcomePreview = z.object({
  /** `csv`: docs/tracciato-partner.md; `gpd`: report of the massive load. */
  source: z.enum(['csv', 'gpd']),
  fileName: z.string(),
  accepted: countSchema,
  refused: countSchema,
  /** Said already by an earlier file. */
  known: countSchema,
  /** Of this batch, of which the file says nothing: they go on waiting. */
  silent: countSchema,
  /** Not of this batch: their iupd, the first 100. */
  unknown: z.object({ count: countSchema, first: z.array(z.string()) }),
  /** Refused now, accepted before: they stay accepted. */
  contradicted: z.object({ count: countSchema, first: z.array(z.string()) }),
  /** Refused ones, the first 100. */
  refusals: z.array(z.object({ iupd: z.string(), personName: z.string(), reason: z.string() })),
  /** The very file that was taken up already. */
  same: z.boolean(),
  problems: z.array(problemSchema),
  stamp: z.string().max(64),
})

/** The road of institutions whose technological partner loads files of positions: what left, what came of it. */
export const partner = {
  /** Positions that would be handed over for the first time. `alsoPublished`: those that the node holds from here, too. Writes nothing. */
  preview: procedure
    .input(z.object({ selection, alsoPublished: z.boolean().default(false) }))
    .output(plan.extend({ published: countSchema })),
  export: procedure
    .input(z.object({ selection, alsoPublished: z.boolean().default(false), format: partnerFormatSchema, ...seen }))
    .output(exported),

  /** What the partner should be told besides: positions of his that changed, were cancelled, or that he refused. */
  due: procedure.output(
    z.object({
      environment: environmentSchema,
      /** Positions that are his now. */
      entrusted: countSchema,
      groups: z.array(
        z.object({
          kind: partnerKindSchema,
          /** He refused just this: it goes into another file when a person says so. */
          again: z.boolean(),
          count: countSchema,
          cents: centsSchema,
          stamp: z.string(),
          leftOut: leftOutSchema,
        }),
      ),
    }),
  ),
  exportDue: procedure
    .input(z.object({ kind: partnerKindSchema, again: z.boolean(), format: partnerFormatSchema, ...seen }))
    .output(exported),

  /** Files of the present environment, newest first. */
  batches: procedure.input(listInput(z.object({}))).output(listOutput(batchSchema, z.object({}))),
  batch: procedure.input(z.object({ id: batchId })).output(
    batchSchema.extend({
      outcomes: z.array(
        z.object({
          at: instantSchema,
          operator: z.string(),
          source: z.enum(['csv', 'gpd', 'hand']),
          fileName: z.string(),
          accepted: countSchema,
          refused: countSchema,
          unknown: countSchema,
        }),
      ),
    }),
  ),
  rows: procedure
    .input(listInput(z.object({ id: batchId, outcome: z.array(partnerOutcomeSchema).default([]) })))
    .output(listOutput(rowSchema, z.object({ cents: centsSchema }))),
  /** What the partner was told of one position, newest first; nothing where it is not his. */
  position: procedure.input(z.object({ id: idSchema('debtPosition') })).output(
    z.object({
      entrusted: z.boolean(),
      /** What a file should tell him next. */
      need: partnerKindSchema.nullable(),
      files: z.array(
        z.object({
          id: batchId,
          kind: partnerKindSchema,
          at: instantSchema,
          outcome: partnerOutcomeSchema,
          reason: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** The file again, the same bytes. */
  download: procedure.input(z.object({ id: batchId })).output(fileResultSchema),
  /** It was never given to the partner: its positions are no longer his. */
  withdraw: procedure.input(z.object({ id: batchId, reason: reasonSchema })).output(z.object({ count: countSchema })),

  /** Positions of a file of new ones that he refused are no longer his: they can be published from here, or handed over anew. */
  release: procedure.input(z.object({ id: batchId, reason: reasonSchema })).output(z.object({ count: countSchema })),

  /** What the outcome of a batch says, against what is known. Writes nothing. */
  outcomePreview: procedure.input(z.object({ id: batchId, token: fileTokenSchema })).output(outcomePreview),
  outcomeConfirm: procedure
    .input(z.object({ id: batchId, token: fileTokenSchema, stamp: z.string().max(64) }))
    .output(z.object({ accepted: countSchema, refused: countSchema })),
  /** The partner told it by word: all rows that wait, or these. What he accepted stays accepted. */
  mark: procedure
    .input(
      z.object({
        id: batchId,
        accepted: z.boolean(),
        debtPositionIds: z.array(idSchema('debtPosition')).max(200_000).default([]),
        reason: reasonSchema,
      }),
    )
    .output(z.object({ count: countSchema })),
}
