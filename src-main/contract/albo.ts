import { z } from 'zod'
import { ALBO_PROFILES } from '#domain/albo-profile'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  folderTokenSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  problemListSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

export const alboFilters = z.object({
  /** Origin of the accertamenti; null is all. */
  exercise: yearSchema.nullable().default(null),
  /** Only what changed since the last list handed over. */
  onlyNew: z.boolean().default(true),
  what: z.array(z.enum(['paid', 'partly', 'withdrawn'])).default([]),
  /** Whose news: of the lists made for a destination, or (null) of those handed over by hand. */
  destinationId: idSchema('alboDestination').nullable().default(null),
})

const profileId = z.enum(ALBO_PROFILES)
const way = z.enum(['download', 'folder', 'server'])
const whatSchema = z.enum(['paid', 'partly', 'withdrawn'])

/** Where the lists of who has paid go: the file that one Albo program takes, and how it gets there. */
export const alboDestinationSchema = z.object({
  id: idSchema('alboDestination'),
  name: z.string(),
  profile: profileId,
  way,
  folder: folderTokenSchema.nullable(),
  /** Readable place of the folder or server; empty for a download. */
  place: z.string(),
  fileAccountId: idSchema('fileAccount').nullable(),
  /** Makes and sends a list by itself after each posting. Never with `download`. */
  automatic: z.boolean(),
  /** Rows that the next list would hold: new ones, and refused ones to be told again. */
  waiting: countSchema,
})

export const alboListStateSchema = z.enum(['waiting', 'sent', 'failed', 'accepted', 'partlyAccepted', 'refused'])

/** One list that was made for a destination. */
const alboSentSchema = z.object({
  id: idSchema('alboExport'),
  destinationId: idSchema('alboDestination'),
  destination: z.string(),
  at: instantSchema,
  operator: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  place: z.string(),
  rows: countSchema,
  cents: centsSchema,
  withdrawnCents: centsSchema,
  accepted: countSchema,
  refused: countSchema,
  state: alboListStateSchema,
  attempts: countSchema,
  nextAt: instantSchema.nullable(),
  reason: z.string().nullable(),
  sentAt: instantSchema.nullable(),
  answeredAt: instantSchema.nullable(),
  answeredBy: z.string().nullable(),
})

const alboSentRowSchema = z.object({
  /** Its place in the list, from 1. */
  ordinal: countSchema,
  accertamentoId: idSchema('accertamento'),
  personId: idSchema('person'),
  personName: z.string(),
  fiscalCode: z.string().nullable(),
  externalReference: z.string().nullable(),
  competenceYear: yearSchema,
  what: whatSchema,
  cents: centsSchema,
  outcome: z.enum(['none', 'accepted', 'refused']),
  reason: z.string().nullable(),
  /** Told again in a later list. */
  again: z.boolean(),
})

const sentId = z.object({ id: idSchema('alboExport') })

export const alboDestination = {
  list: procedure.output(z.array(alboDestinationSchema)),
  save: procedure
    .input(
      alboDestinationSchema.omit({ id: true, waiting: true, place: true }).extend({
        id: idSchema('alboDestination').nullable(),
        name: z.string().trim().min(1).max(80),
        /** Of a new one: its first list tells all that was ever collected, or what came after the last list handed over by hand. */
        from: z.enum(['all', 'handedOver']).default('all'),
      }),
    )
    .output(alboDestinationSchema),
  /** It leaves the lists; what was sent stays in the log. */
  remove: procedure
    .input(z.object({ id: idSchema('alboDestination') }))
    .output(z.object({ id: idSchema('alboDestination') })),
  /** Writes and removes a small file in the place, and says each step. */
  test: procedure
    .input(z.object({ way, folder: folderTokenSchema.nullable(), fileAccountId: idSchema('fileAccount').nullable() }))
    .output(
      z.object({ steps: z.array(z.object({ step: z.string(), ok: z.boolean(), ms: countSchema, text: z.string() })) }),
    ),
}

export const alboSent = {
  /** Makes the list of what is new for a destination, in one write with its file, and sends it. Refused when nothing is. */
  send: procedure.input(z.object({ destinationId: idSchema('alboDestination') })).output(alboSentSchema),
  list: procedure
    .input(
      listInput(
        z.object({
          destinationId: idSchema('alboDestination').nullable().default(null),
          state: z.array(alboListStateSchema).default([]),
        }),
      ),
    )
    .output(listOutput(alboSentSchema, z.object({ cents: centsSchema }))),
  export: procedure
    .input(
      exportInput(
        z.object({
          destinationId: idSchema('alboDestination').nullable().default(null),
          state: z.array(alboListStateSchema).default([]),
        }),
      ),
    )
    .output(fileResultSchema),
  /** Rows of one list; without an order the refused ones come first. */
  rows: procedure
    .input(
      listInput(
        z.object({
          id: idSchema('alboExport'),
          outcome: z.array(z.enum(['none', 'accepted', 'refused'])).default([]),
        }),
      ),
    )
    .output(listOutput(alboSentRowSchema, z.object({ cents: centsSchema }))),
  /** The file as it was made, to be saved by hand; a list for download counts as sent from then on. */
  file: procedure.input(sentId).output(fileResultSchema),
  /** Sends the same file again now. */
  retry: procedure.input(sentId).output(alboSentSchema),
  /** What the Albo said: all accepted but these rows, refused with their reason. Refused rows are told again in the next list. */
  answer: procedure
    .input(
      sentId.extend({
        refused: z.array(z.object({ ordinal: z.int().positive(), reason: reasonSchema })).max(200_000),
      }),
    )
    .output(alboSentSchema),
  /** The same, read from the file that the Albo gave back. Rows it does not name stay without an answer. */
  answerFile: procedure
    .input(sentId.extend({ token: fileTokenSchema }))
    .output(alboSentSchema.extend({ problems: problemListSchema })),
}

export const albo = {
  /** Who has paid, by accertamento, with the key of the register outside from which the quota came. */
  list: procedure.input(listInput(alboFilters)).output(
    listOutput(
      z.object({
        accertamentoId: idSchema('accertamento'),
        what: z.enum(['paid', 'partly', 'withdrawn']),
        externalReference: z.string().nullable(),
        alboNumber: z.string().nullable(),
        personId: idSchema('person'),
        personName: z.string(),
        fiscalCode: z.string().nullable(),
        category: categorySchema,
        exercise: yearSchema,
        number: countSchema,
        service: z.string(),
        competenceYear: yearSchema,
        causale: z.string(),
        date: isoDateSchema,
        cents: centsSchema,
        dueCents: centsSchema,
        collectedCents: centsSchema,
      }),
      z.object({ cents: centsSchema, withdrawnCents: centsSchema }),
    ),
  ),
  export: procedure.input(exportInput(alboFilters)).output(fileResultSchema),
  /** What is new, as a file for who keeps the Albo; from then on it is no longer new. Refused when nothing is. */
  handOver: procedure
    .input(exportInput(z.object({})).extend({ format: z.enum(['xlsx', 'csv']) }))
    .output(z.object({ file: fileResultSchema, rows: countSchema })),
  /** The last list handed over. */
  last: procedure.output(z.object({ at: instantSchema, operator: z.string(), rows: countSchema }).nullable()),
}
