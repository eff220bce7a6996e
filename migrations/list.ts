import { migration0001 } from './0001-books.ts'
import { migration0002 } from './0002-notice-style.ts'
import type { Migration } from './ddl/migration.ts'

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [migration0001, migration0002]
