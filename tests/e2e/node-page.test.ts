import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { type NodeOffice, nodeOffice, ORDINE, option, position } from '../simulator/node-office.ts'
import { expectAccessible } from './accessible.ts'
import { launchBrowser } from './browser.ts'

/** The page of the rehearsal node, with the keyboard alone, by itself: what the program makes of it is told elsewhere. */
describe('the page of the rehearsal node', { timeout: 120_000 }, () => {
  const NAMES = ['Tersilla Boscarolo', 'Olindo Castrimonti', 'Zita Fontebasso', 'Ugo Velarosa']
  let office: NodeOffice
  let browser: Browser
  let page: Page
  const wrong: string[] = []

  beforeAll(async () => {
    office = await nodeOffice()
    for (const [n, fullName] of NAMES.entries()) {
      const { noticeNumber: nav, iuv } = composeNoticeNumber('01' as SegregationCode, 2_173_824_000_000 + n)
      const body = position(n, { fullName, paymentOption: [option(n, { nav, iuv })] })
      await office.call('POST', `/v1/organizations/${ORDINE}/debtpositions?toPublish=true`, body)
    }
    browser = await launchBrowser()
    // axe is put into the page from outside, which its policy would refuse: the policy is tried in the tests of the page.
    page = await browser.newPage({ viewport: { width: 1366, height: 768 }, bypassCSP: true, locale: 'it-IT' })
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text())
    })
    await page.goto(office.node.pageUrl)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await office?.node.close()
    expect(wrong).toEqual([])
  })

  const said = () => page.getByRole('status').textContent()

  test('one is found by name and paid without a mouse', async () => {
    await expectAccessible(page, 'Nodo di prova, avvisi')
    await page.keyboard.type('velarosa')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
    const pay = page.getByRole('button', { name: /^Paga 3/ })
    for (let n = 0; n < 20 && !(await pay.evaluate((button) => button === document.activeElement)); n += 1)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(said).toBe('Ugo Velarosa: 150,00 €, pagato. La ricevuta c’è.')
    expect(await page.getByRole('cell', { name: 'Pagata', exact: true }).count()).toBe(1)
  })

  test('another is paid tomorrow, a third partly; the days pass, and every view can be read by everybody', async () => {
    await page.getByRole('link', { name: 'Tutti' }).click()
    await page
      .getByRole('row', { name: /Castrimonti/ })
      .getByRole('link', { name: /^Altro… per/ })
      .click()
    await expectAccessible(page, 'Nodo di prova, un avviso')
    await page.getByLabel('domani').check()
    await page.getByRole('button', { name: 'Paga', exact: true }).click()
    await expect.poll(said).toContain('Sarà pagato il 03/03/2026')
    await page
      .getByRole('row', { name: /Fontebasso/ })
      .getByRole('link', { name: /^Altro… per/ })
      .click()
    await page.getByLabel('un altro importo').check()
    await page.getByLabel('Importo pagato').fill('70,00')
    await page.getByRole('button', { name: 'Paga', exact: true }).click()
    await expect.poll(said).toContain('70,00 €, pagato')
    await page.getByRole('link', { name: /Flussi e banca/ }).click()
    await page.getByRole('button', { name: /Produci subito/ }).click()
    await expect.poll(said).toContain('1 pagamenti promessi sono stati fatti')
    for (const view of ['Flussi e banca', 'Pagamenti e ricevute', 'Carrelli', 'Guasti', 'Chiamate']) {
      await page.getByRole('link', { name: view }).click()
      await expectAccessible(page, `Nodo di prova, ${view}`)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const view of ['Avvisi', 'Pagamenti e ricevute', 'Flussi e banca']) {
      await page.getByRole('link', { name: view }).click()
      await expectAccessible(page, `Nodo di prova, ${view}, scuro`)
    }
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: /Flussi e banca/ }).click()
    await page.getByRole('button', { name: 'Scarica l’estratto conto' }).click()
    expect((await download).suggestedFilename()).toBe('estratto-conto-2026-03-02.csv')
  })
})
