import { describe } from 'vitest'
import { FakeClock } from '#hosts/clock'
import { PG_URL } from '../../ledger/support/both-engines.ts'
import { type Office, openOffice } from '../office.ts'

/** Runs the same tests in offices on SQLite and, where a server is given, on PostgreSQL. */
export function onBoth(name: string, tests: (open: () => Promise<Office>) => void): void {
  describe(`${name} · SQLite`, () => tests(() => openOffice(new FakeClock())))
  const url = PG_URL
  let serial = 0
  const onServer = () => {
    serial += 1
    const schema = `p_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
    return openOffice(new FakeClock(), { engine: 'postgres', url: url ?? '', schema, clock: 'program' })
  }
  if (url) describe(`${name} · PostgreSQL`, () => tests(onServer))
  else describe.skip(`${name} · PostgreSQL (skipped: QUIETANZA_PG_URL is not set)`, () => tests(onServer))
}

const code = (error: unknown) => (error as { data?: { problems?: { code: string }[] } }).data?.problems?.[0]?.code

/** Code of the problem with which the work was refused. */
export async function refused(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => 'nothing',
    (error: unknown) => code(error) ?? String(error),
  )
}

const MINE = 'survivor' as const
/** A merge in which everything of the survivor stays. */
export const keepMine = {
  ...{ name: MINE, fiscalCode: MINE, vatNumber: MINE, category: MINE },
  ...{ email: MINE, pec: MINE, address: MINE, phone: MINE, iban: MINE },
}
