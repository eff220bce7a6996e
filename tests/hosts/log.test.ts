import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fileLog } from '#hosts/log'

it('the log tells what happened without secrets or personal data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-log-'))
  const log = fileLog(folder)
  log.info('campaign started', { count: 12, password: 'segreta', account: { fromAddress: 'a@b.test', userToken: 't' } })
  log.warn('node not reached', {
    to: { environment: 'uat', keys: { gpd: 'chiave-gpd' } },
    headers: { 'ocp-apim-subscription-key': 'chiave-gpd' },
    connection: { environment: 'uat', keys: { fdr: 'chiave-fdr' } },
  })
  const cause = new Error('550 mario.rossi@posta.test unknown')
  log.error('call failed', {
    callId: 'ab12cd34',
    error: new Error('row RSSMRA85T10A562S, IBAN IT60 X054 2811 1010 0000 0123 456', { cause }),
    person: { fiscalCode: 'RSSMRA85T10A562S' },
  })
  const file = join(folder, 'log', 'quietanza.log')
  const text = await readFile(file, 'utf8')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await rm(folder, { recursive: true })
  const [first, , second] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(first).toMatchObject({ msg: 'campaign started', count: 12, password: '[omesso]' })
  expect(second).toMatchObject({ msg: 'call failed', callId: 'ab12cd34' })
  for (const secret of ['segreta', 'chiave-', 'RSSMRA85T10A562S', '0123', 'a@b.test', 'mario.rossi@posta.test']) {
    expect(text).not.toContain(secret)
  }
  expect(text).toContain('log.test.ts')
})
