import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { launchBrowser } from './browser.ts'
import { type Program, startProgram } from './program.ts'
import { seedAnomalies, seedUnpaid } from './road/7-anomalies.ts'
import { clearByKeys, Keys, tabCount } from './road/7-table.ts'
import { Person, pictureOnFailure } from './window.ts'

/** Anomalies of every reason, seeded through the services; a person clears the table without touching the mouse. */
describe('the work table of reconciliation, with keys only', () => {
  const home = mkdtempSync(join(tmpdir(), 'quietanza-table-'))
  let reasons: ReadonlyMap<string, number>
  let browser: Browser
  let program: Program
  let person: Person
  let page: Page
  let keys: Keys

  const open = async (name: string, path: string, seeds = 'semi') => {
    const folder = join(home, name)
    mkdirSync(folder)
    copyFileSync(join(home, `${seeds}.sqlite`), join(folder, 'quietanza.sqlite'))
    program = await startProgram({ folder })
    ;({ person, page } = await Person.enter(browser, program))
    keys = await Keys.on(page)
    await page.goto(`${program.origin}${path}`)
    await page.getByRole('grid').waitFor()
  }
  beforeAll(async () => {
    reasons = await seedAnomalies(join(home, 'semi.sqlite'))
    await seedUnpaid(join(home, 'senza.sqlite'))
    browser = await launchBrowser()
  }, 60_000)
  afterEach(async () => {
    person.expectNoTrouble()
    expect(await keys.mouseEvents()).toBe(0)
    await person.leave()
    expect(await program.stop()).toBe(0)
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(home, { recursive: true, force: true })
  })

  it('clears more than a hundred anomalies, few keys each, and takes the last ones back', {
    timeout: 75_000,
  }, async () => {
    pictureOnFailure(() => page)
    expect([...reasons.keys()].length).toBeGreaterThanOrEqual(10)
    await open('confronto', '/riconciliazione')
    const before = await tabCount(page, 'Da decidere')
    expect(before).toBeGreaterThanOrEqual(100)
    await expectAccessible(page, 'Riconciliazione, cento anomalie', { dark: true })
    expect(await rowsWhollySeen(page)).toBeGreaterThanOrEqual(7)

    const { pressed, decided, waits } = await clearByKeys(page, keys)
    expect(await tabCount(page, 'Da decidere')).toBe(0)
    waits.sort((a, b) => a - b)
    const median = waits[Math.floor(waits.length / 2)] ?? 0
    console.info(
      `${decided} rows, ${pressed} keys, ${(pressed / decided).toFixed(2)} each; next row ${median} ms (median)`,
    )
    expect(pressed / decided).toBeLessThanOrEqual(3)

    for (const left of [1, 2, 3]) {
      await keys.press('Control+z')
      await expect.poll(() => tabCount(page, 'Da decidere')).toBeGreaterThanOrEqual(left)
    }
    await keys.press('Control+y')
    await expect.poll(() => tabCount(page, 'Da decidere')).toBeLessThanOrEqual(2)
  })

  it('opens every dialog with its key, and the row that has the cursor is seen whole', {
    timeout: 60_000,
  }, async () => {
    pictureOnFailure(() => page)
    await open('finestre', '/riconciliazione')
    const grid = page.getByRole('grid', { name: 'Accrediti da decidere' })
    await grid.focus()
    for (let i = 0; i < 30; i += 1) {
      await keys.press('ArrowDown')
      await expect.poll(() => openRowWholeUnderHead(page)).toBe(true)
    }
    // A bonifico outside pagoPA: everything can be done to it.
    for (let i = 0; i < 120; i += 1) {
      if (await page.locator('tr.open').getByText('Bonifico fuori pagoPA').isVisible()) break
      await keys.press('ArrowUp')
    }
    const dialogs = { d: 'Dividi', f: 'Cerca', n: 'Note e assegnazione', x: 'Escludi' }
    for (const [key, name] of Object.entries(dialogs)) {
      await keys.press(key)
      const dialog = page.getByRole('dialog', { name: new RegExp(`^${name}`) })
      await dialog.waitFor()
      // The hand is where something is written, not on the cross.
      await expect.poll(() => dialog.locator('input:focus, textarea:focus').count()).toBe(1)
      await expectAccessible(page, `Riconciliazione, ${name}`, { dark: true })
      await keys.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
    await keys.press('Shift+Enter')
    await page.getByRole('alertdialog').waitFor()
    await expectAccessible(page, 'Riconciliazione, conferma tutte le uguali', { dark: true })
    await keys.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.goto(`${program.origin}/riconciliazione/regole`)
    await page.getByRole('heading', { level: 1, name: 'Regole della riconciliazione' }).waitFor()
    await expectAccessible(page, 'Regole della riconciliazione', { dark: true })
  })

  it('takes back with Invio an assignment whose payment is gone, and prints', { timeout: 60_000 }, async () => {
    pictureOnFailure(() => page)
    await open('senza', '/riconciliazione', 'senza')
    await page.locator('tr.open').getByText('Attribuzione senza pagamento').waitFor()
    // Nothing else can be said of it.
    expect(await page.locator('tr.open button').allTextContents()).toEqual(['DisfaInvio', 'Annota…N', 'SaltaS'])
    await expectAccessible(page, 'Riconciliazione, attribuzione senza pagamento', { dark: true })
    const paper = page.evaluate(async () => {
      document.body.append = () => undefined
      const blob = await new Promise<Blob>((resolve) => {
        URL.createObjectURL = (given) => {
          resolve(given as Blob)
          return ''
        }
      })
      return blob.text()
    })
    await keys.press('Control+p')
    expect((await paper).slice(0, 5)).toBe('%PDF-')
    await keys.press('Enter')
    await expect.poll(() => tabCount(page, 'Da decidere')).toBe(0)
  })

  it('fills a column in «Tabella» and decides it in one write', { timeout: 60_000 }, async () => {
    pictureOnFailure(() => page)
    await open('tabella', '/riconciliazione?modo=tabella')
    const before = await tabCount(page, 'Da decidere')
    await page.locator('table.sheet-table').focus()
    await keys.press('=')
    await keys.press('Enter')
    await page.locator('td.written').first().waitFor()
    await keys.press('Home')
    for (let i = 0; i < 39; i += 1) await keys.press('Shift+ArrowDown')
    await keys.press('Control+d')
    const written = page.getByText(/decisioni scritte/)
    await written.waitFor()
    await page.locator('td.wrong').first().waitFor()
    await expectAccessible(page, 'Riconciliazione, tabella', { dark: true })
    const many = Number(/^\d+/.exec((await written.textContent()) ?? '')?.[0])
    expect(many).toBeGreaterThanOrEqual(30)
    await keys.press('Control+Enter')
    // What a flow brought in may raise questions of its own: payments made twice come to the table.
    await expect.poll(() => tabCount(page, 'Da decidere')).toBeLessThanOrEqual(before - many)
    await keys.press('F8')
    await keys.press('Enter')
    await keys.press('Control+a')
    await keys.type('una che non esiste')
    await keys.press('Enter')
    await page.locator('td.wrong').first().waitFor()
    // One Ctrl Z takes the whole column back.
    await keys.press('Control+z')
    await expect.poll(() => tabCount(page, 'Da decidere')).toBe(before)
  })
})

/** The open row stands under the head of the table, to its last button. */
function openRowWholeUnderHead(page: Page): Promise<boolean> {
  return page.locator('.board-grid').evaluate((box) => {
    const frame = box.getBoundingClientRect()
    const row = box.querySelector('tr.open')?.getBoundingClientRect()
    const head = box.querySelector('thead')?.getBoundingClientRect()
    if (!row || !head) return false
    return Math.abs(head.top - frame.top) < 2 && row.top >= head.bottom - 1 && row.bottom <= frame.bottom + 1
  })
}

/** Undecided rows that stand whole in the table, the open one among them. */
function rowsWhollySeen(page: Page): Promise<number> {
  return page.locator('.board-grid').evaluate((box) => {
    const frame = box.getBoundingClientRect()
    return [...box.querySelectorAll('tbody tr[data-index]')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return top >= frame.top && bottom <= frame.bottom
    }).length
  })
}
