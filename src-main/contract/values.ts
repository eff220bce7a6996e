import { z } from 'zod'
import type { Id } from '#domain/brand'
import { type Instant, type IsoDate, isInstant, isIsoDate } from '#domain/date'
import { type Iban, isIban } from '#domain/iban'
import { type Cents, isCents } from '#domain/money'
import type { FileToken, FolderToken } from '#domain/ports'
import type { Problem } from '#domain/problem'

// The contract wraps the guards of the domain: each schema checks the same thing and names the same branded type.
// The casts only attach the brand, so that OpenAPI still sees a plain integer or text.

export const centsSchema = z.int().refine(isCents) as unknown as z.ZodType<Cents, Cents>
export const isoDateSchema = z.string().refine(isIsoDate) as unknown as z.ZodType<IsoDate, IsoDate>
export const instantSchema = z.string().refine(isInstant) as unknown as z.ZodType<Instant, Instant>
export const ibanSchema = z.string().refine(isIban) as unknown as z.ZodType<Iban, Iban>
export const fileTokenSchema = z.string().min(8).max(128) as unknown as z.ZodType<FileToken, FileToken>
export const folderTokenSchema = z.string().min(1).max(4096) as unknown as z.ZodType<FolderToken, FolderToken>

export function idSchema<N extends string>(_noun: N): z.ZodType<Id<N>, Id<N>> {
  return z.int().positive() as unknown as z.ZodType<Id<N>, Id<N>>
}

export const yearSchema = z.int().min(1990).max(2100)
export const countSchema = z.int().nonnegative()
export const textSchema = z.string().trim().max(500)
export const reasonSchema = z.string().trim().min(3).max(500)

/** A problem as data; the screen makes its sentence with `problemText` of the domain. */
export const problemSchema = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  severity: z.enum(['error', 'warning']),
  position: z
    .object({
      sheet: z.string().optional(),
      row: z.int().optional(),
      column: z.string().optional(),
      line: z.int().optional(),
      path: z.string().optional(),
    })
    .optional(),
  file: z.string().optional(),
  field: z.string().optional(),
  excerpt: z.string().optional(),
}) as unknown as z.ZodType<Problem, Problem>

/** Many problems come back as the first 500 and their total. */
export const problemListSchema = z.object({ first: z.array(problemSchema).max(500), total: countSchema })

/** Who or what stays out of an act, and why, in words. */
export const leftOutSchema = z.array(z.object({ reason: z.string(), count: countSchema }))

export const progressSchema = z.object({ step: z.string(), done: countSchema, total: countSchema.nullable() })

/** A file made by the backend, to be fetched with `file.download`. */
export const fileResultSchema = z.object({
  token: fileTokenSchema,
  name: z.string(),
  size: countSchema,
  mime: z.string(),
})
export type FileResult = z.infer<typeof fileResultSchema>

/** Count and money of a group of rows. */
export const amountSchema = z.object({ count: countSchema, cents: centsSchema })
