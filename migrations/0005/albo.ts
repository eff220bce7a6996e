import type { Slice } from './slice.ts'

export const albo: Slice = { addedColumns: {}, newTables: [], refusals: [] }
