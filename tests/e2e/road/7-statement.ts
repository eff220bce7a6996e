import { expect } from 'vitest'
import { formatCents, sum } from '#domain/money'
import { expectAccessible } from '../accessible.ts'
import { smallBankCsv } from '../office.ts'
import { chooseFiles, go } from '../window.ts'
import type { Walk } from './walk.ts'

/** The list of a bank that no profile knows, in two parts: columns proposed for the first, remembered for the second. */
export async function loadStatement(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Estratti conto')
  await page.getByText('Qui arriveranno i movimenti').waitFor()
  await expectAccessible(page, 'Estratti conto, niente ancora', { dark: true })
  const movements = walk.world?.statement.movements ?? []
  // A third and the rest: two parts of one size would have the same words on screen.
  const first = Math.floor(movements.length / 3)
  await page.keyboard.press('Control+O')
  await walk.heading('Carica estratto conto')
  await expectAccessible(page, 'Carica estratto conto', { dark: true })
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [
    { name: 'movimenti-1.csv', bytes: smallBankCsv(movements.slice(0, first)) },
  ])
  await page.getByText('Colonne proposte').waitFor()
  const columns = page.getByRole('button', { name: 'Colonne' })
  await columns.click()
  const holds = (letter: string) =>
    page.getByRole('combobox', { name: `Che cosa contiene la colonna ${letter}` }).inputValue()
  expect(await holds('A')).toBe('Data contabile')
  expect(await holds('C')).toBe('Descrizione')
  expect(await holds('D')).toBe('Importo con segno')
  await expectAccessible(page, 'Colonne dell’estratto conto', { dark: true })
  await page.getByRole('button', { name: `Carica ${first} movimenti…` }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `Carica ${first} movimenti` })
    .dblclick()
  await page.getByText(`${first} movimenti caricati`).waitFor()

  await go(page, 'Estratti conto')
  await page.keyboard.press('Control+O')
  await walk.heading('Carica estratto conto')
  const rest = movements.length - first
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [
    { name: 'movimenti-2.csv', bytes: smallBankCsv(movements.slice(first)) },
  ])
  await page.getByText('Colonne ricordate').waitFor()
  await expectAccessible(page, 'Estratto conto riletto', { dark: true })
  await page.keyboard.press('Control+Enter')
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `Carica ${rest} movimenti` })
    .click()
  await page.getByText(`${rest} movimenti caricati`).waitFor()
  await go(page, 'Estratti conto')
  const credits = sum(movements.filter((m) => m.amountCents > 0).map((m) => m.amountCents))
  await walk.totals(`${movements.length} movimenti`, formatCents(credits))
  await expectAccessible(page, 'Estratti conto', { dark: true })
}
