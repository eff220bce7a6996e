import type { Slice } from './slice.ts'

export const tariff: Slice = { addedColumns: {}, newTables: [], refusals: [] }
