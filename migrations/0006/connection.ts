import type { Slice } from '../ddl/slice.ts'

/** How the node is reached in each environment, and the IBANs that it knows. */
export const connection: Slice = { addedColumns: {}, newTables: [], refusals: [] }
