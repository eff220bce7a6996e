import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { launchBrowser } from './browser.ts'
import { type Program, startProgram } from './program.ts'
import { makeReadyLedger } from './ready-ledger.ts'
import { chooseFiles, download, go, Person, pictureOnFailure, rowsSeen, settled, type Upload } from './window.ts'

/**
 * The road of the node from one end to the other, as the office walks it: positions are published, people pay on the page of the
 * rehearsal node, the program is opened again and finds receipts and flows, the bank’s statement is loaded, reversali are issued,
 * and the node says that all of it was reported.
 */
describe('the pagoPA node from the issue to the reversale', () => {
  let folder: string
  let program: Program
  let browser: Browser
  let person: Person
  let page: Page
  let positions = 0
  let paid = 0
  let statement: Upload

  const enter = async () => {
    program = await startProgram({ folder })
    ;({ person, page } = await Person.enter(browser, program))
    await page.locator('.page-head').waitFor()
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quietanza-node-'))
    await makeReadyLedger(folder, 20)
    browser = await launchBrowser()
    await enter()
  }, 120_000)
  beforeEach(() => pictureOnFailure(() => page))
  afterAll(async () => {
    await browser?.close()
    expect(await program?.stop()).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  })

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 90_000 }, act)
  const dialog = () => page.getByRole('alertdialog')
  const open = (path: string) => page.goto(`${program.origin}${path}`)
  const view = (name: string) => page.getByRole('navigation', { name: 'Viste' }).getByRole('button', { name })
  /** The count that a view's tab shows. */
  const countOf = async (name: string) =>
    Number(/(\d+)\D*$/.exec(((await view(name).first().textContent()) ?? '').trim())?.[1] ?? 0)

  step('all that was issued is published with a dialog that says where it goes', async () => {
    await go(page, 'Posizioni debitorie')
    await settled(page)
    positions = await countOf('Da pubblicare')
    expect(positions).toBeGreaterThanOrEqual(20)
    await view('Da pubblicare').click()
    await page.getByRole('grid', { name: 'Posizioni debitorie' }).focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('button', { name: 'Pubblica sul nodo…' }).first().click()
    await dialog().getByText('Niente è vero').waitFor()
    await expectAccessible(page, 'Pubblica sul nodo', { dark: true })
    await dialog()
      .getByRole('button', { name: `Pubblica ${positions} posizioni sul nodo` })
      .click()
    await expect.poll(() => countOf('Pubblicate'), { timeout: 60_000 }).toBe(positions)
    expect(await countOf('Da pubblicare')).toBe(0)
  })

  step('the position says how it stands on the node, and the page of the node that nothing waits', async () => {
    await view('Pubblicate').click()
    await settled(page)
    await page.locator('table.grid tbody tr').first().click()
    const panel = page.getByRole('complementary')
    await panel.getByText('Pagabile').waitFor()
    await panel.getByRole('button', { name: 'Aggiorna', exact: true }).click()
    await page.getByText('1 posizione chiesta al nodo: niente è cambiato.').waitFor()
    await expectAccessible(page, 'Posizione con il nodo', { dark: true })
    await go(page, 'Nodo pagoPA')
    await page.getByText('Niente in partenza').waitFor()
    await expectAccessible(page, 'Nodo pagoPA', { dark: true })
    for (const name of ['Rifiutate', 'Differenze']) {
      await view(name).click()
      await settled(page)
      await expectAccessible(page, `Nodo, ${name}`, { dark: true })
    }
  })

  step('people pay on the page of the rehearsal node, providers report, the bank is credited', async () => {
    await open('/impostazioni/nodo')
    const [payments] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: /pagamenti/i }).click(),
    ])
    await payments.getByRole('button', { name: /Paga a caso/ }).click()
    await expect.poll(() => payments.getByRole('status').textContent()).toMatch(/pagamenti per/)
    await payments.getByRole('link', { name: /Flussi e banca/ }).click()
    await payments.getByRole('button', { name: /Produci subito/ }).click()
    await payments.getByRole('link', { name: /Flussi e banca/ }).click()
    statement = await download(payments, () =>
      payments.getByRole('button', { name: 'Scarica l’estratto conto' }).click(),
    )
    await payments.close()
    await person.leave()
    expect(await program.stop()).toBe(0)
  })

  step('opened again, the program finds by itself who has paid', async () => {
    await enter()
    await go(page, 'Posizioni debitorie')
    await expect.poll(() => countOf('Pagate, da riconciliare'), { timeout: 40_000 }).toBeGreaterThan(0)
    await go(page, 'Rendicontazioni')
    await expect.poll(async () => (await rowsSeen(page)).length, { timeout: 30_000 }).toBeGreaterThan(0)
    await go(page, 'Posizioni debitorie')
    paid = await countOf('Pagate, da riconciliare')
  })

  step('the statement is reconciled with the flows and reversali are issued', async () => {
    await go(page, 'Estratti conto')
    await page.keyboard.press('Control+O')
    await page.getByRole('heading', { level: 1, name: 'Carica estratto conto' }).waitFor()
    await chooseFiles(page, () => page.keyboard.press('Control+O'), [statement])
    const load = page.getByRole('button', { name: /^Carica \d+ moviment/ })
    await load.waitFor()
    await load.click()
    await dialog()
      .getByRole('button', { name: /^Carica \d+ moviment/ })
      .click()
    await page.getByText(/moviment[oi] caricat[oi]/).waitFor()
    await go(page, 'Reversali')
    const issue = page.getByRole('button', { name: /^Emetti \d+ reversal/ })
    await issue.first().waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog()
      .getByRole('button', { name: /^Emetti/ })
      .click()
    await page
      .getByText(/reversal[ei] emess/)
      .first()
      .waitFor()
    await go(page, 'Posizioni debitorie')
    await expect.poll(() => countOf('Riscosse')).toBe(paid)
    expect(await countOf('Pagate, da riconciliare')).toBe(0)
  })

  step('the node, asked again, says that what was collected was reported', async () => {
    await go(page, 'Nodo pagoPA')
    await page.getByRole('button', { name: 'Aggiorna gli stati' }).first().click()
    await page.getByText(/posizion[ei] chiest[ae] al nodo/).waitFor({ timeout: 30_000 })
    expect(await countOf('Differenze')).toBe(0)
    await open('/posizioni?vista=riscosse&stato=collected')
    await settled(page)
    await page.locator('table.grid tbody tr').first().click()
    await page.getByRole('complementary').getByText('Rendicontata').first().waitFor()
    person.expectNoTrouble()
  })
})
