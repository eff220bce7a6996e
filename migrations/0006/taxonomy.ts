import type { Slice } from '../ddl/slice.ts'

/** Codes of the collection services, as the official file says. */
export const taxonomy: Slice = { addedColumns: {}, newTables: [], refusals: [] }
