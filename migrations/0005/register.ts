import type { Slice } from './slice.ts'

export const register: Slice = { addedColumns: {}, newTables: [], refusals: [] }
