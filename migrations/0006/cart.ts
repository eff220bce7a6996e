import type { Slice } from '../ddl/slice.ts'

/** Carts of Checkout handed to payers. */
export const cart: Slice = { addedColumns: {}, newTables: [], refusals: [] }
