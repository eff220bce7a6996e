import { createHash } from 'node:crypto'
import { canonicalJson } from '#domain/json'
import type { ReadHandle, WriteCommand, WriteHandle } from './ledger.ts'

const BEFORE_FIRST = '0'.repeat(64)
const PAGE = 2_000

interface ChainedEntry {
  readonly seq: number
  readonly at: string
  readonly operator: string
  readonly command: string
  readonly payloadJson: string
  readonly previousHash: string
}

/** SHA-256 over every column and the hash before: a row changed, removed or moved breaks all that follow. */
function journalHash(entry: ChainedEntry): string {
  const { seq, at, operator, command, payloadJson, previousHash } = entry
  return createHash('sha256')
    .update(canonicalJson([previousHash, seq, at, operator, command, payloadJson]))
    .digest('hex')
}

/** The row of one write, last thing before its commit. */
export async function appendJournal(db: WriteHandle, command: WriteCommand): Promise<number> {
  const last = await readJournalEnd(db)
  const entry = {
    seq: last.seq + 1,
    at: command.at,
    operator: command.operator,
    command: command.command,
    payloadJson: canonicalJson(command.payload),
    previousHash: last.hash,
  }
  await db
    .insertInto('journalEntry')
    .values({ ...entry, hash: journalHash(entry) })
    .execute()
  return entry.seq
}

/** Last row of the journal; number 0 before the first. */
export async function readJournalEnd(db: ReadHandle): Promise<{ readonly seq: number; readonly hash: string }> {
  const last = await db
    .selectFrom('journalEntry')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last ?? { seq: 0, hash: BEFORE_FIRST }
}

/** Whether the journal holds that very row: one that was written after a backup is not in it, nor in what followed it. */
export async function hasJournalRow(
  db: ReadHandle,
  { seq, hash }: { readonly seq: number; readonly hash: string },
): Promise<boolean> {
  if (seq === 0) return true
  const row = await db.selectFrom('journalEntry').select('hash').where('seq', '=', seq).executeTakeFirst()
  return row?.hash === hash
}

/** First row that does not fit the chain, or null when all do. */
export async function verifyJournal(
  db: ReadHandle,
): Promise<{ readonly seq: number; readonly checked: number } | null> {
  let previousHash = BEFORE_FIRST
  let expected = 1
  for (;;) {
    const page = await db
      .selectFrom('journalEntry')
      .selectAll()
      .where('seq', '>=', expected)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of page) {
      const sound = row.seq === expected && row.previousHash === previousHash && journalHash(row) === row.hash
      if (!sound) return { seq: expected, checked: expected - 1 }
      previousHash = row.hash
      expected += 1
    }
    if (page.length < PAGE) return null
  }
}
