import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { enrol } from '../services/support/enrolled.ts'
import { ordersTaxonomy, taxonomyCsv, taxonomyJson, taxonomyRow } from '../services/support/taxonomy-files.ts'
import { expectAccessible } from './accessible.ts'
import type { Program } from './program.ts'
import { makeLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'

describe('the taxonomy is brought up to date, and an expired code is seen where it is used', () => {
  let program: Program
  let page: Page
  onStage(
    'taxonomy',
    (folder) => makeLedger(folder, ({ backend }) => enrol(backend, [{ name: 'Abate Ada' }])),
    async (stage) => {
      ;({ program, page } = stage)
      stage.person.allow(/status of 422 .*\/rpc\/taxonomy\/preview$/)
      await page.locator('.page-head').waitFor()
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const open = (path: string) => page.goto(`${program.origin}${path}`)
  const dialog = () => page.getByRole('alertdialog')
  const choose = async (name: string, buffer: Buffer) => {
    const asked = page.waitForEvent('filechooser')
    await page.keyboard.press('Control+o')
    await (await asked).setFiles({ name, mimeType: 'application/octet-stream', buffer })
  }

  step('a file that Excel has spoiled is refused, with the place and the remedy', async () => {
    await open('/impostazioni/tassonomia')
    await page.getByText('12 codici degli ordini', { exact: true }).waitFor()
    await choose('tassonomia.csv', taxonomyCsv(ordersTaxonomy({ '107': { from: '27/02/2023' } }), ';'))
    const refusal = page.getByRole('alert')
    await refusal.waitFor()
    const text = (await refusal.textContent()) ?? ''
    expect(text).toContain('tassonomia.csv, riga 9')
    expect(text).toContain('Excel cambia le date')
    await expectAccessible(page, 'taxonomy-refused')
  })

  step('what a file changes is shown first, the codes in use on top', async () => {
    const other = taxonomyRow({ type: '08', service: '200', reason: 'AP', name: 'Altro ente' })
    const rows = [...ordersTaxonomy({ '105': null, '107': { to: '12/31/2025' } }), other]
    await choose('tassonomia.json', taxonomyJson(rows))
    await dialog().waitFor()
    expect(await dialog().locator('.taxonomy-counts').textContent()).toBe('1 nuovo0 cambiati1 scaduto1 tolto')
    const first = dialog().locator('tbody tr').first()
    expect(await first.textContent()).toContain('9/0401107TS/')
    expect(await first.textContent()).toContain('Quota annuale')
    await expectAccessible(page, 'taxonomy-update')
    await dialog().getByRole('button', { name: 'Aggiorna con 3 differenze' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('versione 90, 12 codici, 1 scaduto', { exact: true }).waitFor()
    const wrong = page.getByRole('region', { name: 'Codici in uso da cambiare' })
    expect(await wrong.textContent()).toContain('scaduto il 31/12/2025')
  })

  step('the dashboard and the types tell of it; another code is looked for and taken', async () => {
    await open('/')
    await page.getByText('1 codice di tassonomia da cambiare').first().waitFor()
    await open('/impostazioni/tipi')
    const type = page.getByRole('row').filter({ hasText: 'Quota annuale' })
    await type.getByText('scaduto il 31/12/2025').waitFor({ state: 'attached' })
    await type.getByRole('button', { name: 'Quota annuale' }).click()
    await page.getByText('Il codice 9/0401107TS/ (Servizio 107) è scaduto il 31/12/2025', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Cerca il codice di tassonomia' }).click()
    await page.getByLabel('Cerca un codice').fill('servizio 108')
    await expect.poll(() => page.getByRole('dialog').locator('tbody tr').count()).toBe(1)
    await expectAccessible(page, 'taxonomy-picker')
    await page.getByRole('button', { name: '9/0401108AP/' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByLabel('Codice di tassonomia', { exact: true }).inputValue()).toBe('9/0401108AP/')
    await page.getByText('Servizio 108, altro.').waitFor()
    await page.keyboard.press('Control+s')
    await type.getByText('9/0401108AP/').waitFor()
    expect(await type.getByText('scaduto').count()).toBe(0)
  })
})
