import { expect } from 'vitest'
import { pageTexts } from '../../codecs/pdf-tools.ts'
import { expectAccessible } from '../accessible.ts'
import { download, go, settled } from '../window.ts'
import type { Walk } from './walk.ts'

/** Issued once for two clicks; the reversale and a quietanza as PDF; the capitoli have collected the same sum. */
export async function issueReversali(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Reversali')
  await page.getByRole('button', { name: /^Emetti \d+ reversali…/ }).waitFor()
  await expectAccessible(page, 'Reversali pronte', { dark: true })
  const ready = Number(
    /\d+/.exec((await page.getByRole('button', { name: /^Emetti \d+ reversali…/ }).textContent()) ?? ''),
  )
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('alertdialog')
  await expectAccessible(page, 'Emetti reversali', { dark: true })
  await dialog.getByRole('button', { name: /^Emetti/ }).dblclick()
  await page.getByText(`${ready} reversali emesse`).waitFor()
  await expect.poll(() => page.getByRole('alertdialog').count()).toBe(0)
  await walk.firstRow()
  await expectAccessible(page, 'Reversali', { dark: true })

  const panel = page.getByRole('complementary', { name: /^Dettaglio: Reversale/ })
  const paper = await download(page, () => panel.getByRole('button', { name: /^Salva la Reversale/ }).click())
  const number = /Reversale (\d+)\//.exec((await panel.getAttribute('aria-label')) ?? '')?.[1] ?? 'none'
  expect((await pageTexts(paper.bytes)).join(' ')).toContain(number)
  await panel.getByRole('button', { name: 'Quietanze…' }).click()
  const quietanze = page.getByRole('dialog', { name: /quietanz/ })
  const row = quietanze.locator('tbody tr').first()
  const person = (await row.locator('td').nth(1).textContent()) ?? 'nobody'
  await expectAccessible(page, 'Quietanze della reversale', { dark: true })
  const quietanza = await download(page, () => row.getByRole('button', { name: /^Salva la quietanza/ }).click())
  expect((await pageTexts(quietanza.bytes)).join(' ')).toContain(person)
  await page.keyboard.press('Escape')

  // What the reversali say is what the capitoli have collected.
  await walk.totals(`${ready} reversali`)
  const foot = (await page.locator('.totals').textContent()) ?? ''
  walk.collected = /Riscosso\s*([\d.]+,\d\d)/.exec(foot)?.[1] ?? 'none'
  await go(page, 'Registri')
  await page.getByText(walk.collected).first().waitFor()
  await expectAccessible(page, 'Registri, capitoli', { dark: true })
  for (const view of ['Mastro', 'Giornale di cassa', 'Residui', 'Insoluti', 'Quietanze', 'Liste per l’Albo']) {
    await page.getByRole('navigation', { name: 'Registri' }).getByRole('button', { name: view }).click()
    await settled(page)
    await expectAccessible(page, `Registri, ${view}`, { dark: true })
  }
}
