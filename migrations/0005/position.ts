import type { Slice } from './slice.ts'

export const position: Slice = { addedColumns: {}, newTables: [], refusals: [] }
