import { z } from 'zod'
import { countSchema } from './values.ts'

export const MAX_PAGE = 500

export const sortSchema = z.object({ column: z.string().max(60), direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof sortSchema>

/** What a list shows: filters, search (accent- and apostrophe-blind), sort. Paging comes on top. */
export function querySchema<F extends z.ZodType>(filters: F) {
  return z.object({ filters, search: z.string().max(200).default(''), sort: sortSchema.nullable().default(null) })
}

/** A page of a list. */
export function listInput<F extends z.ZodType>(filters: F) {
  return querySchema(filters).extend({
    offset: countSchema.default(0),
    limit: z.int().min(1).max(MAX_PAGE).default(100),
  })
}

/** Rows of the page, count and totals of the whole filter (never of the page). */
export function listOutput<R extends z.ZodType, T extends z.ZodType>(row: R, totals: T) {
  return z.object({ rows: z.array(row), count: countSchema, totals })
}

/** Rows chosen on a list: named one by one, or «tutte le filtrate» but some. */
export function selectionSchema<F extends z.ZodType>(filters: F) {
  return z.union([
    z.object({ ids: z.array(z.int().positive()).min(1).max(200_000) }),
    z.object({ query: querySchema(filters), except: z.array(z.int().positive()).max(200_000).default([]) }),
  ])
}

export const exportColumnSchema = z.object({ key: z.string().max(60), heading: z.string().max(80) })

/** Export of a list exactly as shown: these columns, this order, this filter and sort. `pdf` is «Stampa». */
export function exportInput<F extends z.ZodType>(filters: F) {
  return querySchema(filters).extend({
    format: z.enum(['xlsx', 'csv', 'pdf']),
    title: z.string().max(120),
    filtersInWords: z.string().max(1000).default(''),
    columns: z.array(exportColumnSchema).min(1).max(60),
  })
}
