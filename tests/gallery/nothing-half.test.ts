import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { recogniseKind } from '#codecs/inspect'
import type { intakeFileSchema } from '#contract/intake'
import type { Problem } from '#domain/problem'
import { bankStatement } from '#services/bank-statement'
import { intake } from '#services/intake'
import { noticeStyle } from '#services/notice-style'
import { registerImport } from '#services/register-import'
import { CollectionOffice, drain } from '../services/support/collection-office.ts'
import { BROKEN, howOf, inputOf, problemsOf } from './broken.ts'
import { ledgerDigest } from './ledger-digest.ts'

/** Where a register waits to be confirmed: nothing of it is in the books. */
const OF_A_WAITING_REGISTER = ['registerImport', 'importRow', 'setting', 'journalEntry', 'revision']

let office: CollectionOffice
beforeAll(async () => {
  office = await CollectionOffice.open()
})
afterAll(() => office.close())
const ctx = () => ({ context: office.ctx })

/** What the service that takes such files says of one: its errors, and what it writes beside the books. */
async function hand(name: string, bytes: Uint8Array, folder: string) {
  const how = howOf(folder)
  const kind = how.as ?? (await recogniseKind(bytes))
  // A piece of the kit is known by its name.
  const token = await office.upload(
    kind === 'graphic' ? `logo-pagopa.${name.endsWith('.png') ? 'png' : 'svg'}` : name,
    bytes,
  )
  switch (kind) {
    case 'bankStatement': {
      const mapping = how.mapping ?? null
      const work = call(bankStatement.confirm, { token, bankAccountId: office.account, mapping }, ctx())
      return { errors: await errorsOf(work), beside: [] }
    }
    case 'register': {
      const read = call(registerImport.read, { token, mapping: how.columns ?? null }, ctx()).then(drain)
      const summary = await read.catch(() => null)
      if (summary === null) return { errors: await errorsOf(read), beside: OF_A_WAITING_REGISTER }
      const confirm = call(registerImport.confirm, { id: summary.id, goodOnly: false }, ctx()).then(drain)
      return { errors: await errorsOf(confirm), beside: OF_A_WAITING_REGISTER }
    }
    case 'graphic': {
      const { added, problems } = await call(noticeStyle.addGraphics, { tokens: [token] }, ctx())
      expect(added).toEqual([])
      return { errors: problems.first.filter((p) => p.severity === 'error'), beside: [] }
    }
    default: {
      const { files } = await drain(await call(intake.import, { tokens: [token] }, ctx()))
      const errors = files.flatMap((f: z.infer<typeof intakeFileSchema>) =>
        f.problems.filter((p: Problem) => p.severity === 'error'),
      )
      for (const file of files) expect([file.name, file.outcome]).toEqual([file.name, 'refused'])
      return { errors, beside: [] }
    }
  }
}

async function errorsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  return work.then(
    () => [],
    (error: unknown) => problemsIn(error),
  )
}

function problemsIn(error: unknown): readonly Problem[] {
  const problems = (error as { data?: { problems?: readonly Problem[] } }).data?.problems
  if (problems === undefined) throw error
  return problems
}

/** Told, and the rest of the file enters whole: doubts of a register, anomalies that hold a flow, rows that are no money. */
const TOLD: readonly string[] = [
  ...['FISCAL_CODE_CATEGORY', 'FISCAL_CODE_SUSPICIOUS', 'NAME_DIFFERS', 'REGISTER_COLUMN_UNKNOWN'],
  ...['PERSON_DUPLICATE'],
  ...['FLOW_ELEMENT_UNKNOWN', 'FLOW_ID_FORM', 'FLOW_OUTCOME_UNKNOWN', 'FLOW_ROW_DUPLICATE'],
  ...['FLOW_VERSION_UNKNOWN'],
  ...['STATEMENT_AMOUNT_ZERO', 'STATEMENT_BATCH_DIFFERS', 'STATEMENT_GAP', 'STATEMENT_PART_REPEATED'],
  ...['STATEMENT_PENDING', 'STATEMENT_ROWS_LEFT'],
]

/** Errors for whoever reads the file alone; the service keeps such a flow, held out of the books until a person says. */
const HELD: readonly string[] = ['FLOW_COUNT_DIFFERS', 'FLOW_TOTAL_DIFFERS']

/** Raised by no service that writes: papers that are drawn, a limit that a test lowers, a table of tariffs that is only read. */
const ELSEWHERE: readonly string[] = [
  ...['NOTICE_AMOUNT_RANGE', 'PAPER_CHARACTER', 'PAPER_TEXT_TOO_LONG', 'PERCENT_OR_FRACTION'],
  ...['REGISTER_TOO_MANY_ROWS'],
]

describe('a broken file enters whole or not at all', () => {
  const all = readdirSync(BROKEN).toSorted()
  const refused = all.filter((code) => ![...TOLD, ...HELD, ...ELSEWHERE].includes(code))

  it('what is only told says nothing that is an error', async () => {
    const told: string[] = []
    for (const code of all.filter((one) => !ELSEWHERE.includes(one))) {
      const { name, bytes } = await inputOf(join(BROKEN, code))
      const problems = await problemsOf(name, bytes, howOf(join(BROKEN, code)))
      if (problems.every((p) => p.severity === 'warning')) told.push(code)
    }
    expect(told).toEqual(TOLD.toSorted())
  })

  it.each(refused)('%s leaves the ledger as it was', async (code) => {
    const folder = join(BROKEN, code)
    const { name, bytes } = await inputOf(folder)
    const books = await ledgerDigest(office.ledger)
    const { errors, beside } = await hand(name, bytes, folder)
    const after = await ledgerDigest(office.ledger, beside)
    expect(errors.map((p: Problem) => p.severity)).toContain('error')
    for (const table of beside) delete books[table]
    expect(after).toEqual(books)
  })
})
