import { readBookRules, writeBookRules } from '#ledger/book-rule'
import { command } from './command.ts'
import { os } from './context.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'

export const bookRule = {
  get: os.bookRule.get.handler(({ context }) => context.ledger.read(readBookRules)),

  save: os.bookRule.save.handler(({ context, input }) => {
    const write = command(context, 'bookRule.save', input)
    return context.ledger.write(write, async (db) => {
      await writeBookRules(db, input)
      // What is ready, and what the evidence says when receipts are asked for, depend on them.
      await reconcileLedger(db, write.at, NO_PEOPLE)
      return input
    })
  }),
}
