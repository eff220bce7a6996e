import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { launchBrowser } from './browser.ts'
import { duesOf, workbookOf, YEAR } from './office.ts'
import { chooseNoticeStyle, turnPages, writeLetters } from './papers.ts'
import { type Program, startProgram } from './program.ts'
import { chooseFiles, go, Person, paste, pictureOnFailure, settled } from './window.ts'

/** «Ordine di prova» with one click; then what every page owes to whom uses it: keys, palette, a second window, cancel. */
describe('«Ordine di prova» on screen', () => {
  let program: Program
  let browser: Browser
  let person: Person
  let page: Page

  beforeAll(async () => {
    program = await startProgram()
    browser = await launchBrowser()
    ;({ person, page } = await Person.enter(browser, program))
  })
  beforeEach(() => pictureOnFailure(() => page))
  afterEach(() => person.expectNoTrouble())
  afterAll(async () => {
    await browser?.close()
    expect(await program?.stop()).toBe(0)
  })

  it('is made by one click, also by two, and its register is ready to import', { timeout: 60_000 }, async () => {
    await page.getByRole('button', { name: 'Crea «Ordine di prova»' }).dblclick()
    const confirm = page.getByRole('button', { name: 'Conferma importazione…' })
    await confirm.waitFor({ timeout: 20_000 })
    // Late in the year its dues are past: that warns, and stops nothing.
    expect(await page.getByText(/error[ei] da correggere/).count()).toBe(0)
    await confirm.click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Importa \d+ quote/ })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Accertamenti' }).waitFor()
  })

  it('walks the sections with Alt 1…9 and finds nothing that axe-core blames on the empty ones', {
    // Some thirty pages, each judged twice: on a machine that does other things it takes minutes, not seconds.
    timeout: 150_000,
  }, async () => {
    // The height that a browser's own bars leave on the office's screen.
    await page.setViewportSize({ width: 1366, height: 690 })
    const sections = [
      'Cruscotto',
      'Importa quote',
      'Accertamenti',
      'Posizioni debitorie',
      'Avvisi',
      'Consegne',
      'Rendicontazioni',
      'Estratti conto',
      'Riconciliazione',
    ]
    for (const [i, section] of sections.entries()) {
      await page.keyboard.press(`Alt+${i + 1}`)
      await page.getByRole('heading', { level: 1, name: section, exact: true }).waitFor()
      await settled(page)
      expect(await overflow(page), section).toEqual([])
      await expectAccessible(page, `${section}, niente ancora`, { dark: true })
    }
    for (const section of ['Reversali', 'Ricevute', 'Persone', 'Registri', 'Giornale', 'Impostazioni']) {
      await go(page, section)
      await settled(page)
      await expectAccessible(page, `${section}, niente ancora`, { dark: true })
    }
    const settings = page.getByRole('navigation', { name: 'Impostazioni' }).getByRole('link')
    for (const name of await settings.allTextContents()) {
      await page.getByRole('navigation', { name: 'Impostazioni' }).getByRole('link', { name }).click()
      await settled(page)
      await expectAccessible(page, `Impostazioni, ${name}`, { dark: true })
    }
  })

  it('is watched by tests that see: planted faults are reported', async () => {
    const planted = await person.anotherWindow('/impostazioni')
    await planted.getByRole('heading', { level: 1, name: 'Impostazioni' }).waitFor()
    await planted.evaluate(() => {
      document.querySelector('main')?.insertAdjacentHTML('beforeend', '<input class="nameless">')
      setTimeout(() => {
        throw new Error('planted exception')
      })
      const script = document.createElement('script')
      script.src = 'https://planted.invalid/foreign.js'
      document.body.append(script)
    })
    await expect.poll(() => troubleOf(person)).toContain('planted exception')
    await expect.poll(() => troubleOf(person)).toMatch(/planted\.invalid.*Content Security Policy/)
    await expect(expectAccessible(planted, 'una pagina con un campo senza nome')).rejects.toMatchObject({
      actual: [expect.stringMatching(/^label .*nameless/)],
    })
    await planted.close()
    person.allow(/planted/)
  })

  it('keeps two windows in step', async () => {
    await go(page, 'Posizioni debitorie')
    await page.getByText('Qui arriveranno le posizioni debitorie').waitFor()
    const other = await person.anotherWindow('/posizioni/genera')
    await other.locator('label', { hasText: 'Anche a rate' }).click()
    await other.getByLabel('Fine validità').fill(`31/12/${YEAR + 1}`)
    await other.getByRole('button', { name: /^Genera \d+ posizioni…/ }).click()
    await other
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Genera/ })
      .click()
    await other.getByText(/posizioni generate nel lotto/).waitFor({ timeout: 20_000 })
    const said = /(\d+) posizioni generate/.exec((await other.getByRole('dialog').textContent()) ?? '')?.[1] ?? 'none'
    await page.locator('.totals').getByText(`${said} posizioni`).waitFor()
    await other.close()
  })

  it('sets how the notices look: kit, second language, file names, seen on the sample', { timeout: 60_000 }, () =>
    chooseNoticeStyle(page, person),
  )

  it('writes the letters that go along', { timeout: 30_000 }, () => writeLetters(page))

  it('leafs through notices of several pages, with their letter', { timeout: 30_000 }, async () => {
    await turnPages(page)
    await go(page, 'Posizioni debitorie')
  })

  it('shows its keys with ?, searches with /, opens a pasted notice number with Ctrl K', async () => {
    await page.getByRole('grid').focus()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Tasti' })
    await sheet.getByText('tutti i tasti').waitFor()
    await expectAccessible(page, 'Tasti', { dark: true })
    await page.keyboard.press('Escape')
    await expect.poll(() => sheet.count()).toBe(0)
    await page.keyboard.press('F1')
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page, 'Aiuto', { dark: true })
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)

    const number = (await page.locator('td .notice-number').first().textContent()) ?? ''
    expect(number).toMatch(/^3\d{17}$/)
    await page.keyboard.press('Control+K')
    await page.getByRole('dialog', { name: 'Cerca o comanda' }).waitFor()
    await paste(page, `  ${number.replaceAll(/(\d{4})/g, '$1 ')} `)
    await page.getByText(`IUV ${number.slice(1)}`).waitFor()
    await expectAccessible(page, 'Cerca o comanda', { dark: true })
    await page.keyboard.press('Enter')
    await page.waitForURL(/sel=\d+/)
    await page
      .getByRole('complementary', { name: /^Dettaglio/ })
      .getByText(number)
      .first()
      .waitFor()

    await go(page, 'Persone')
    await settled(page)
    await page.keyboard.press('/')
    await page.keyboard.type('dalbarosa')
    await expect.poll(async () => (await page.locator('table.grid tbody').textContent()) ?? '').toContain('D’Albarosa')
    await expect.poll(() => page.locator('table.grid tbody tr', { hasText: /Ferrabuoi|Boscarolo/ }).count()).toBe(0)
  })

  it('says why a file is refused, and that nothing has entered the books', async () => {
    // The refusal is an answer of the program; Chromium tells of it on its console.
    person.allow(/status of 4\d\d/)
    await go(page, 'Importa quote')
    await chooseFiles(page, () => page.keyboard.press('Control+O'), [
      { name: 'foto.xlsx', bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]) },
    ])
    // A toast of what was done before may still be there: it is an alert too, but not on the page.
    const refusal = page.getByRole('main').getByRole('alert')
    await refusal.getByRole('heading').first().waitFor()
    await page.getByText('Niente è entrato nei conti').waitFor()
    await expectAccessible(page, 'File rifiutato', { dark: true })
    await go(page, 'Importa quote')
    await expect.poll(() => refusal.count()).toBe(0)
  })

  it('shows long work, reduces it to the top bar, and takes it back when told', { timeout: 90_000 }, async () => {
    await go(page, 'Importa quote')
    const many = Array.from({ length: 32 }, (_, i) =>
      duesOf(1000).map((due) => ({ ...due, causale: `${due.causale}, rata ${i + 1}`, externalReference: null })),
    ).flat()
    await chooseFiles(page, () => page.keyboard.press('Control+O'), [
      { name: 'molte-quote.xlsx', bytes: await workbookOf(many) },
    ])
    const job = page.getByRole('dialog', { name: 'Leggo il file delle quote' })
    await job.waitFor()
    await job.getByRole('button', { name: 'riduci' }).click()
    await page.locator('.job-chip').click()
    await job.getByRole('button', { name: 'Annulla lettura' }).click()
    await page.getByText('Lettura annullata: niente è entrato nei conti.').waitFor({ timeout: 5000 })
    await expect.poll(() => job.count()).toBe(0)
    await go(page, 'Accertamenti')
    await settled(page)
    expect(await page.locator('.totals').textContent()).not.toContain('rata')
    await go(page, 'Importa quote')
    expect(await page.getByText('molte-quote.xlsx').count()).toBe(0)
  })
})

/** What stands outside the window: no page scrolls, and its buttons and totals are always seen. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    const found =
      scrollWidth > innerWidth || scrollHeight > innerHeight ? [`page of ${scrollWidth} × ${scrollHeight}`] : []
    for (const part of document.querySelectorAll('.page-actions button, .totals')) {
      const { right, bottom } = part.getBoundingClientRect()
      if (right > innerWidth || bottom > innerHeight) found.push(part.textContent ?? '')
    }
    return found
  })
}

/** What the watch would say now. */
function troubleOf(person: Person): string {
  try {
    person.expectNoTrouble()
    return ''
  } catch (error) {
    return JSON.stringify(error)
  }
}
