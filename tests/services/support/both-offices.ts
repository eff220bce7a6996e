import { describe } from 'vitest'
import { PG_URL } from '../../ledger/support/both-engines.ts'
import { CollectionOffice } from './collection-office.ts'

/** Runs the same tests in offices on SQLite and, where a server is given, on PostgreSQL; says so when it is not. */
export function inBothOffices(name: string, tests: (open: () => Promise<CollectionOffice>) => void): void {
  describe(`${name} · SQLite`, () => tests(() => CollectionOffice.open()))
  const url = PG_URL
  if (url) describe(`${name} · PostgreSQL`, () => tests(() => CollectionOffice.openOnServer(url)))
  else
    describe.skip(`${name} · PostgreSQL (skipped: QUIETANZA_PG_URL is not set)`, () =>
      tests(() => CollectionOffice.open()))
}
