import { migration0001 } from './0001-books.ts'
import { migration0002 } from './0002-notice-style.ts'
import { migration0003 } from './0003-delivery.ts'
import { migration0004 } from './0004-reconciliation.ts'
import { migration0005 } from './0005-register-and-positions.ts'
import { migration0006 } from './0006-node.ts'
import type { Migration } from './ddl/migration.ts'

/** Every migration, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
]
