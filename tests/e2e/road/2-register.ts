import { expect } from 'vitest'
import { formatCents } from '#domain/money'
import { expectAccessible } from '../accessible.ts'
import { mistakenWorkbook, totalOf, workbookOf, YEAR } from '../office.ts'
import { chooseFiles, go, rowsSeen } from '../window.ts'
import type { Walk } from './walk.ts'

/** A workbook with mistakes lists each with its cell and enters nothing; the good one is confirmed by a double click. */
export async function importRegister(walk: Walk): Promise<void> {
  const { page } = walk
  await page.keyboard.press('Alt+2')
  await walk.heading('Importa quote')
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [
    { name: 'quote-con-errori.xlsx', bytes: await mistakenWorkbook(walk.dues) },
  ])
  const problems = page.getByRole('region', { name: 'Problemi' })
  await problems.getByText('Riga 3, colonna').waitFor()
  await problems.getByText('Importo non leggibile: «1,234.56».').waitFor()
  await problems.getByText(`Il giorno «31/02/${YEAR}» non esiste.`).waitFor()
  await problems.getByText('«ABCDEF»').waitFor()
  await problems.getByText('«Quota inventata»').first().waitFor()
  expect(await page.getByRole('button', { name: 'Conferma importazione…' }).isDisabled()).toBe(true)
  expect(await page.getByText('4 errori da correggere').isVisible()).toBe(true)
  await expectAccessible(page, 'Importa quote con errori', { dark: true })
  await page.keyboard.press('Escape')
  await page.getByText('Scarica il tracciato vuoto').waitFor()

  await chooseFiles(page, () => page.keyboard.press('Control+O'), [
    { name: 'quote.xlsx', bytes: await workbookOf(walk.dues) },
  ])
  const confirm = page.getByRole('button', { name: 'Conferma importazione…' })
  await confirm.waitFor()
  await expectAccessible(page, 'Importa quote', { dark: true })
  await confirm.click()
  const dialog = page.getByRole('alertdialog')
  await dialog
    .getByText(formatCents(totalOf(walk.dues)))
    .first()
    .waitFor()
  await expectAccessible(page, 'Conferma importazione', { dark: true })
  await dialog.getByRole('button', { name: `Importa ${walk.dues.length} quote` }).dblclick()
  await walk.heading('Accertamenti')
  await walk.totals(`${walk.dues.length} accertamenti`, formatCents(totalOf(walk.dues)))
  expect(await page.getByRole('alertdialog').count()).toBe(0)
  expect((await rowsSeen(page)).length).toBeGreaterThan(10)
  await expectAccessible(page, 'Accertamenti', { dark: true })

  // The same file again adds nothing.
  await go(page, 'Importa quote')
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [
    { name: 'quote.xlsx', bytes: await workbookOf(walk.dues) },
  ])
  await page.getByText(/già stato importato.*non aggiunge niente/).waitFor()
  await expectAccessible(page, 'Importazione confermata', { dark: true })
}
