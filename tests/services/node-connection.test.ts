import { expect, test } from 'vitest'
import { needNode } from '../../src-main/services/node-connection.ts'
import { openOffice } from './office.ts'

test('in Prova the node answers with nothing configured', async () => {
  const office = await openOffice()
  try {
    const connection = await needNode(office.context, 'gpd', 'fdr', 'checkout', 'backoffice')
    expect(connection.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const ibans = await office.context.node.backoffice.ibans(connection)
    expect(ibans).toMatchObject({ kind: 'ok', value: [{ iban: 'IT66S0999912100000000012345' }] })
    expect(await office.context.nodeCalls.read()).toHaveLength(1)
  } finally {
    await office.close()
  }
})
