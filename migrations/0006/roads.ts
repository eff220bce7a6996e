import type { Slice } from '../ddl/slice.ts'

/** Batches handed to a technological partner, and what came of them. */
export const roads: Slice = { addedColumns: {}, newTables: [], refusals: [] }
