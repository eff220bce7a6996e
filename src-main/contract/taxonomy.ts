import { z } from 'zod'
import { procedure } from './procedure.ts'
import { countSchema, fileTokenSchema, idSchema, instantSchema, isoDateSchema } from './values.ts'

/** `future`: not yet; `gone`: the last file no longer has it; `unknown`: no file ever had it; `malformed`: it cannot be a code. */
export const taxonomyStateSchema = z.enum(['valid', 'future', 'expired', 'gone', 'unknown', 'malformed'])
const reasonSchema = z.enum(['IM', 'TS', 'SP', 'SA', 'AP'])

const codeSchema = z.object({
  /** `9/0401107TS/` */
  code: z.string(),
  serviceName: z.string(),
  description: z.string(),
  creditorType: z.string(),
  creditorTypeName: z.string(),
  areaName: z.string(),
  reason: reasonSchema,
  validFrom: isoDateSchema,
  validTo: isoDateSchema,
  state: taxonomyStateSchema,
})

const judgedSchema = z.object({
  /** As it was asked for. */
  code: z.string(),
  state: taxonomyStateSchema,
  serviceName: z.string().nullable(),
  reason: reasonSchema.nullable(),
  validTo: isoDateSchema.nullable(),
  /** What is wrong and what to do; null where nothing is. */
  warning: z.string().nullable(),
})

const statusSchema = z.object({
  /** Null: the codes of the orders that the program brings with it. */
  file: z.object({ name: z.string(), version: countSchema, at: instantSchema, operator: z.string() }).nullable(),
  codes: countSchema,
  expired: countSchema,
})

const changedField = z.object({ field: z.string(), before: z.string(), after: z.string() })

const previewSchema = z.object({
  fileName: z.string(),
  version: countSchema,
  codes: countSchema,
  /** Older than the one kept. */
  older: z.boolean(),
  /** The very file that is kept. */
  same: z.boolean(),
  counts: z.object({ new: countSchema, changed: countSchema, expired: countSchema, gone: countSchema }),
  /** Those in use first, then those of our kind of institution; at most 300. */
  rows: z.array(
    z.object({
      kind: z.enum(['new', 'changed', 'expired', 'gone']),
      code: z.string(),
      serviceName: z.string(),
      creditorTypeName: z.string(),
      validTo: isoDateSchema,
      changes: z.array(changedField),
      /** Tipi di dovuto that have it. */
      types: z.array(z.string()),
    }),
  ),
  /** The confirmation wants it back: file and codes as they were seen. */
  stamp: z.string().max(64),
})

const wrongSchema = judgedSchema.extend({
  types: z.array(z.object({ id: idSchema('serviceType'), name: z.string(), active: z.boolean() })),
  /** Not fully paid nor cancelled, of which a transfer still has it. */
  openPositions: countSchema,
})

export const taxonomy = {
  status: procedure.output(statusSchema),
  /** By code, service or description; those of professional orders first. */
  search: procedure
    .input(
      z.object({
        text: z.string().trim().max(120).default(''),
        ordersOnly: z.boolean().default(true),
        limit: z.int().min(1).max(200).default(60),
      }),
    )
    .output(z.object({ rows: z.array(codeSchema), count: countSchema })),
  check: procedure.input(z.object({ codes: z.array(z.string().max(140)).max(200) })).output(z.array(judgedSchema)),
  /** Codes of tipi di dovuto and of open positions that are not in force. */
  wrong: procedure.output(z.array(wrongSchema)),
  /** The official JSON, or a CSV of the same columns: what it would change. Writes nothing. */
  preview: procedure.input(z.object({ token: fileTokenSchema })).output(previewSchema),
  confirm: procedure.input(z.object({ token: fileTokenSchema, stamp: z.string().max(64) })).output(statusSchema),
}
