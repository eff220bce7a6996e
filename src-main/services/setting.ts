import { listSavedViews, readSetting, removeView, saveView, writeSetting } from '#ledger/setting'
import { os, type ServiceContext } from './context.ts'

/** Choices of the screen are kept per operator, so that two people at one archive do not move each other's columns. */
function ownKey(context: ServiceContext, key: string): string {
  return `screen:${context.operator}:${key}`
}

export const setting = {
  get: os.setting.get.handler(({ context, input }) =>
    context.ledger.read((db) => readSetting(db, ownKey(context, input.key))),
  ),
  set: os.setting.set.handler(async ({ context, input }) => {
    const write = {
      command: 'setting.set',
      operator: context.operator,
      payload: { key: input.key },
      at: context.clock.now(),
    }
    await context.ledger.write(write, (db) => writeSetting(db, ownKey(context, input.key), input.value))
    return { key: input.key }
  }),
}

export const view = {
  list: os.view.list.handler(({ context, input }) => context.ledger.read((db) => listSavedViews(db, input.page))),
  save: os.view.save.handler(async ({ context, input }) => {
    const payload = { page: input.page, name: input.name }
    const write = { command: 'view.save', operator: context.operator, payload, at: context.clock.now() }
    return { id: await context.ledger.write(write, (db) => saveView(db, input)) }
  }),
  remove: os.view.remove.handler(async ({ context, input }) => {
    const write = {
      command: 'view.remove',
      operator: context.operator,
      payload: { id: input.id },
      at: context.clock.now(),
    }
    await context.ledger.write(write, (db) => removeView(db, input.id))
    return input
  }),
}
