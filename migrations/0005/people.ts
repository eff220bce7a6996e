import type { Slice } from './slice.ts'

export const people: Slice = { addedColumns: {}, newTables: [], refusals: [] }
