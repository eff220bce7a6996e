import type { WriteHandle } from '#ledger/ledger'
import { listSavedViews, readSetting, removeView, saveView, writeSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { listsUntouched } from './kept-list.ts'
import { booksUntouched } from './reconcile-ledger.ts'

/** Choices of the screen are kept per operator, so that two people at one archive do not move each other's columns. */
function ownKey(context: ServiceContext, key: string): string {
  return `screen:${context.operator}:${key}`
}

/** How a page looks says nothing of the books: what was worked out for the lists stays good. */
function looksOnly<T>(of: (db: WriteHandle) => Promise<T>): (db: WriteHandle) => Promise<T> {
  return (db) => {
    listsUntouched(db)
    booksUntouched(db)
    return of(db)
  }
}

export const setting = {
  get: os.setting.get.handler(({ context, input }) =>
    context.ledger.read((db) => readSetting(db, ownKey(context, input.key))),
  ),
  set: os.setting.set.handler(async ({ context, input }) => {
    const write = command(context, 'setting.set', { key: input.key })
    const key = ownKey(context, input.key)
    await context.ledger.write(
      write,
      looksOnly((db) => writeSetting(db, key, input.value)),
    )
    return { key: input.key }
  }),
}

export const view = {
  list: os.view.list.handler(({ context, input }) => context.ledger.read((db) => listSavedViews(db, input.page))),
  save: os.view.save.handler(async ({ context, input }) => {
    const write = command(context, 'view.save', { page: input.page, name: input.name })
    const id = await context.ledger.write(
      write,
      looksOnly((db) => saveView(db, input)),
    )
    return { id }
  }),
  remove: os.view.remove.handler(async ({ context, input }) => {
    const write = command(context, 'view.remove', { id: input.id })
    await context.ledger.write(
      write,
      looksOnly((db) => removeView(db, input.id)),
    )
    return input
  }),
}
