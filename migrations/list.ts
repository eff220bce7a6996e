import { migration0001 } from './0001-books.ts'
import type { Migration } from './ddl/migration.ts'

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [migration0001]
