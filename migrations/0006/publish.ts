import type { Slice } from '../ddl/slice.ts'

/** What the node holds of each position, and the work under way on it. */
export const publish: Slice = { addedColumns: {}, newTables: [], refusals: [] }
