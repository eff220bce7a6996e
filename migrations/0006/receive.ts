import type { Slice } from '../ddl/slice.ts'

/** How far receipts and flows were fetched, and receipts that wait for a look. */
export const receive: Slice = { addedColumns: {}, newTables: [], refusals: [] }
