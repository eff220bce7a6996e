import { expect } from 'vitest'
import { addDays, isoDate } from '#domain/date'
import { pageTexts } from '../../codecs/pdf-tools.ts'
import { expectAccessible } from '../accessible.ts'
import { TODAY, YEAR } from '../office.ts'
import { download, go, rowsSeen, settled } from '../window.ts'
import type { Walk } from './walk.ts'

/** One reversale left out, the others handed over once for two clicks; the list as PDF; the signatures changed. */
export async function transmitReversali(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Reversali')
  await walk.firstRow()
  await page.getByRole('button', { name: 'Firme delle reversali' }).click()
  const offices = page.getByRole('dialog', { name: 'Firme delle reversali e delle distinte' })
  await offices.getByRole('textbox', { name: 'A sinistra' }).fill('Il Consigliere Segretario')
  await expectAccessible(page, 'Firme', { dark: true })
  await offices.getByRole('button', { name: 'Salva' }).click()
  await page.getByText('Firme salvate').waitFor()

  await page.getByRole('button', { name: 'Distinta di trasmissione…' }).click()
  const dialog = page.getByRole('alertdialog', { name: /^Emetti la distinta 1 per/ })
  const boxes = dialog.getByRole('checkbox')
  // The dialog is there before what it lists.
  await boxes.first().waitFor()
  const issued = await boxes.count()
  expect(issued).toBeGreaterThan(1)
  await boxes.first().uncheck()
  await dialog.getByText('1 lasciata fuori').waitFor()
  await dialog.getByText(`${issued - 1} ${issued === 2 ? 'reversale' : 'reversali'} dell’esercizio`).waitFor()
  await expectAccessible(page, 'Distinta di trasmissione', { dark: true })
  const emit = dialog.getByRole('button', { name: 'Emetti la distinta 1' })
  // In the first days of a year the simulated bank is ahead of the calendar, and a list is never dated in the future.
  if (TODAY < addDays(isoDate(`${YEAR}-01-01`), 20)) return void (await page.keyboard.press('Escape'))
  await emit.dblclick()
  await page.getByText('Distinta 1/').waitFor()
  await page.getByRole('heading', { level: 1, name: 'Registri' }).waitFor()
  await settled(page)
  await expectAccessible(page, 'Registri, Distinte', { dark: true })
  expect((await rowsSeen(page)).length).toBe(1)
  const paper = await download(page, () => page.getByRole('button', { name: 'Salva la distinta 1 in PDF' }).click())
  const text = (await pageTexts(paper.bytes)).join(' ').replace(/\s+/g, ' ')
  expect(text).toContain('Distinta di trasmissione n. 1')
  expect(text).toContain('Il Consigliere Segretario')
  await go(page, 'Reversali')
  await page.getByRole('button', { name: /^Da trasmettere 1$/ }).click()
  await walk.totals('1 reversale')
}
