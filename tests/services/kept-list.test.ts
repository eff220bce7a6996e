import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { keptList } from '#services/kept-list'
import { router } from '#services/router'
import { member, openOffice } from './office.ts'

test('columns chosen and filters saved leave what lists worked out; anything else makes them ask anew', async () => {
  const office = await openOffice()
  try {
    const client = createRouterClient(router, { context: office.context })
    let asked = 0
    const ask = () =>
      office.context.ledger.read((db) =>
        keptList(db, ['probe'], async () => {
          asked += 1
          return asked
        }),
      )
    expect(await ask()).toBe(1)
    await client.setting.set({ key: 'accertamenti.columns', value: '["number"]' })
    const { id } = await client.view.save({ id: null, page: 'accertamenti', name: 'Morosi', stateJson: '{}' })
    await client.view.remove({ id })
    expect(await ask()).toBe(1)
    expect(await client.setting.get({ key: 'accertamenti.columns' })).toBe('["number"]')
    await office.raise([member(1)])
    expect(await ask()).toBe(2)
  } finally {
    await office.close()
  }
})
