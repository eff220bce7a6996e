import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import type { Program } from './program.ts'
import { makeLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'
import { rowsSeen } from './window.ts'

describe('the connection to the pagoPA node', () => {
  let program: Program
  let page: Page

  onStage(
    'node-settings',
    (folder) => makeLedger(folder, undefined, { delivers: false }),
    async (stage) => {
      ;({ program, page } = stage)
      await page.goto(`${program.origin}/impostazioni/nodo`)
      await page.getByRole('button', { name: 'Prova collegamento' }).waitFor()
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = () => page.getByRole('alertdialog')
  const environment = (name: string) => page.getByRole('radio', { name: new RegExp(`^${name}`) })
  const badge = () => page.locator('.environment')

  step('in Prova every service is green at once', async () => {
    await expect.poll(() => badge().textContent()).toBe('Ambiente di prova')
    await page.keyboard.press('F9')
    const log = page.locator('.test-log')
    await expect.poll(() => log.locator('li .t-ok').count()).toBe(7)
    expect(await log.locator('.t-bad').count()).toBe(0)
    await expectAccessible(page, 'nodo pagoPA', { dark: true })
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: 'Apri la pagina dei pagamenti di prova' }).click(),
    ])
    await opened.getByRole('heading', { level: 1 }).waitFor()
    expect(new URL(opened.url()).origin).not.toBe(program.origin)
    await opened.close()
  })

  step('Produzione says what lacks, and cannot be chosen by mistake', async () => {
    await environment('Produzione').check()
    await page.getByRole('button', { name: 'Passa a Produzione…' }).click()
    await dialog().getByText('Manca la chiave del servizio «Posizioni e ricevute (GPD)»').waitFor()
    await dialog().getByText('nessuna prova del collegamento').waitFor()
    expect(await dialog().getByRole('button', { name: 'Passa a Produzione' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'hidden' })
    expect(await badge().textContent()).toBe('Ambiente di prova')
  })

  step('a key is written, kept and taken away; it never comes back to the page', async () => {
    await environment('Produzione').check()
    const key = page.getByLabel('Chiave Flussi di rendicontazione (FdR)')
    await page.getByLabel('Stazione').fill('12345')
    await page.getByText('Ha la forma 80012345678_01').waitFor()
    expect(await page.getByRole('button', { name: 'Salva' }).isDisabled()).toBe(true)
    await page.getByLabel('Stazione').fill('')
    await key.fill('chiave-segretissima')
    await page.keyboard.press('Control+s')
    await expect.poll(() => key.getAttribute('placeholder')).toMatch(/^salvata/)
    expect(await key.inputValue()).toBe('')
    await page.reload()
    await environment('Produzione').check()
    expect(await page.content()).not.toContain('chiave-segretissima')
    await page.getByRole('button', { name: 'Togli' }).click()
    await page.keyboard.press('Control+s')
    await expect.poll(() => key.getAttribute('placeholder')).toMatch(/^dal Back office/)
  })

  step('Collaudo is chosen on purpose, is always in sight, and what it lacks is marked', async () => {
    await environment('Collaudo').check()
    await page.getByRole('button', { name: 'Passa a Collaudo…' }).click()
    await dialog().getByRole('button', { name: 'Passa a Collaudo' }).click()
    await expect.poll(() => badge().textContent()).toBe('Collaudo')
    await page.getByRole('link', { name: /^Nodo pagoPA.*manca qualcosa/ }).waitFor()
    await page.goto(`${program.origin}/posizioni`)
    await expect.poll(() => badge().textContent()).toBe('Collaudo')
    await page.goto(`${program.origin}/impostazioni/nodo`)
    await environment('Prova').check()
    await page.getByRole('button', { name: 'Passa a Prova…' }).click()
    await dialog().getByRole('button', { name: 'Passa a Prova' }).click()
    await expect.poll(() => badge().textContent()).toBe('Ambiente di prova')
  })

  step('IBANs and stations are those that pagoPA knows', async () => {
    await page.getByRole('button', { name: 'IBAN e stazioni' }).click()
    await page.getByText('mai chiesti a pagoPA').waitFor()
    await page.getByRole('button', { name: 'Aggiorna IBAN' }).click()
    const row = page.getByRole('row', { name: /IT66 S099 9912 1000 0000 0012 345/ })
    await row.getByText('Attivo').waitFor()
    await page.getByRole('cell', { name: /_01$/ }).waitFor()
    await expectAccessible(page, 'IBAN e stazioni')
  })

  step('calls are listed, searched and emptied', async () => {
    await page.goto(`${program.origin}/impostazioni/chiamate`)
    await expect.poll(async () => (await rowsSeen(page)).length).toBeGreaterThanOrEqual(10)
    await expectAccessible(page, 'chiamate a pagoPA')
    await page.getByPlaceholder('Cerca nelle chiamate').fill('massive.files')
    await expect.poll(async () => (await rowsSeen(page)).length).toBe(1)
    await page.getByPlaceholder('Cerca nelle chiamate').fill('')
    await page.getByRole('button', { name: 'Svuota…' }).click()
    await dialog().getByRole('button', { name: 'Svuota' }).click()
    await page.getByText('Nessuna chiamata').waitFor()
  })
})
