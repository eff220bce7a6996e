import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { openXlsx } from '#codecs/xlsx-read'
import { makeReadyLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'
import { download, go, rowsSeen, settled } from './window.ts'

/** A list as the secretary makes it her own: filtered, saved, its columns chosen, exported as it is shown. */
describe('lists', () => {
  let page: Page

  onStage(
    'lists',
    (folder) => makeReadyLedger(folder, 60),
    (stage) => {
      page = stage.page
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const addFilter = async (name: string | RegExp) => {
    await page.getByRole('button', { name: 'Aggiungi filtro' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  const rowCount = async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1
  const shownHeads = () =>
    page.locator('.qtable thead th .th-words').evaluateAll((all) => all.map((head) => head.textContent?.trim() ?? ''))

  step('filters add up, and say so in words', async () => {
    await go(page, 'Posizioni debitorie')
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    const all = await rowCount()
    await addFilter('Categoria')
    await page.getByRole('checkbox', { name: 'Professionista', exact: true }).check()
    await page.keyboard.press('Escape')
    await expect.poll(rowCount).toBeLessThan(all)
    await addFilter('Da pagare da almeno')
    await page.getByRole('textbox', { name: 'Da pagare da almeno' }).fill('0')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Da pagare da almeno 0 giorni/ }).waitFor()
    await settled(page)
    const some = await rowCount()
    expect(some).toBeGreaterThan(0)
    await addFilter('Modificata dopo l’emissione')
    await page.getByRole('radio', { name: 'Sì' }).click()
    await page.getByText('Nessun', { exact: false }).first().waitFor()
    await page.getByRole('button', { name: 'Togli il filtro Modificata dopo l’emissione' }).click()
    await expect.poll(rowCount).toBe(some)
  })

  step('a view saved keeps them with its count, and shows a dot once it is changed', async () => {
    await page.getByRole('button', { name: 'Salva vista' }).click()
    await page.getByLabel('Nome della vista').fill('Professionisti da sentire')
    await page.keyboard.press('Enter')
    const view = page.getByRole('button', { name: /^Professionisti da sentire/ })
    await view.waitFor()
    await expect.poll(() => view.textContent()).toContain(String(await rowCount()))
    expect(await view.locator('.changed-dot').count()).toBe(0)
    await addFilter('Indirizzo postale')
    await page.getByRole('radio', { name: 'C’è' }).click()
    await view.locator('.changed-dot').waitFor()
    await page.getByRole('button', { name: 'Azioni sulla vista Professionisti da sentire' }).click()
    await page.getByRole('menuitem', { name: /^Aggiorna/ }).click()
    await view.locator('.changed-dot').waitFor({ state: 'detached' })
    await page.reload()
    await view.waitFor()
    await page.getByRole('button', { name: /Indirizzo postale c’è/ }).waitFor()
  })

  step('columns chosen and moved stay, and are what is exported', async () => {
    await page.getByRole('button', { name: 'Colonne' }).click()
    await page.getByRole('checkbox', { name: 'Categoria' }).check()
    await page.getByRole('checkbox', { name: 'Codice fiscale' }).uncheck()
    const amount = page.locator('.columns-list li', { hasText: 'Importo €' })
    await amount.getByRole('checkbox').focus()
    // What is remembered is written a moment after the last change.
    const remembered = page.waitForResponse((answer) => answer.url().includes('setting'))
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Escape')
    const heads = await shownHeads()
    expect(heads).toContain('Categoria')
    expect(heads).not.toContain('Codice fiscale')
    expect(heads.indexOf('Importo €')).toBeLessThan(heads.indexOf('Stato'))
    await remembered
    await page.reload()
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    await expect.poll(shownHeads).toEqual(heads)

    await page.getByRole('button', { name: 'Debitore' }).click()
    await settled(page)
    const seen = await rowsSeen(page)
    const file = await download(page, async () => {
      await page.keyboard.press('Control+e')
      await page.getByRole('menuitem', { name: /xlsx/ }).click()
    })
    const cells = await sheetOf(file.bytes)
    const flat = cells.map((row) => row.join(' · '))
    expect(flat.join('\n')).toContain('Professionista')
    expect(flat.some((row) => row.includes('Da pagare da almeno 0 giorni'))).toBe(true)
    const head = cells.findIndex((row) => row.includes('Debitore'))
    expect(cells[head]?.filter((cell) => cell !== '')).toEqual(heads)
    const debtor = heads.indexOf('Debitore')
    const rows = cells.slice(head + 1, head + 1 + seen.length)
    // The first cell of a row on the screen is its tick.
    expect(rows.map((row) => row[debtor])).toEqual(seen.map((row) => row[debtor + 1]))
    const total = cells.at(-1) ?? []
    const every = cells.slice(head + 1, -1)
    expect(every.length).toBe(await rowCount())
    const sum = every.reduce((n, row) => n + Number(row[heads.indexOf('Importo €')]), 0)
    expect(Number(total[heads.indexOf('Importo €')])).toBeCloseTo(sum, 2)

    await page.getByRole('button', { name: 'Colonne' }).click()
    await page.getByRole('button', { name: 'Ripristina' }).click()
    await page.keyboard.press('Escape')
    await expect.poll(shownHeads).toContain('Codice fiscale')
  })

  step('all that is filtered is chosen at once, and an act tells its effect before', async () => {
    const count = await rowCount()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('toolbar', { name: 'Righe selezionate' }).getByText('tutte le filtrate').waitFor()
    await page.getByRole('toolbar', { name: 'Righe selezionate' }).getByRole('button', { name: 'Annulla…' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog
      .getByText(new RegExp(`\\b${count}\\b`))
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(rowCount).toBe(count)
  })
})

/** Texts and numbers of the first sheet, row by row. */
async function sheetOf(bytes: Uint8Array): Promise<string[][]> {
  const book = await openXlsx(bytes)
  if (!book.ok) throw new Error(book.error.code)
  const rows: string[][] = []
  for await (const batch of book.value.rows(0)) {
    for (const { cells } of batch) {
      const row: string[] = Array(Math.max(0, ...cells.keys()) + 1).fill('')
      for (const [column, cell] of cells)
        row[column] = 'text' in cell ? cell.text : 'value' in cell ? String(cell.value) : ''
      rows.push(row)
    }
  }
  return rows
}
