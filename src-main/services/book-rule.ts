import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { readBookRules, writeBookRules } from '#ledger/book-rule'
import type { ReadHandle } from '#ledger/ledger'
import { command } from './command.ts'
import { os } from './context.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'

export const bookRule = {
  get: os.bookRule.get.handler(({ context }) => context.ledger.read(readBookRules)),

  save: os.bookRule.save.handler(({ context, input }) => {
    const write = command(context, 'bookRule.save', input)
    return context.ledger.write(write, async (db) => {
      await refuseGoneCapitoli(db, [input.excessCapitolo, input.unidentifiedCapitolo])
      await writeBookRules(db, input)
      // What is ready, and what the evidence says when receipts are asked for, depend on them.
      await reconcileLedger(db, write.at, NO_PEOPLE)
      return input
    })
  }),
}

async function refuseGoneCapitoli(db: ReadHandle, chosen: readonly (Id<'capitolo'> | null)[]): Promise<void> {
  const ids = chosen.filter((id) => id !== null)
  if (ids.length === 0) return
  const found = await db.selectFrom('capitolo').select('id').where('id', 'in', ids).execute()
  if (found.length < new Set(ids).size) throw new ProblemError(problem('BOOK_CAPITOLO_GONE', {}))
}
