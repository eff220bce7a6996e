import { expect } from 'vitest'
import { expectAccessible } from '../accessible.ts'
import { YEAR } from '../office.ts'
import { go } from '../window.ts'
import type { Walk } from './walk.ts'

/** The checklist before closing says what stops it: the year is not over, so nothing can be closed. */
export async function seeClosing(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Impostazioni')
  await page
    .getByRole('navigation', { name: 'Impostazioni' })
    .getByRole('link', { name: 'Esercizi e capitoli' })
    .click()
  await page.getByRole('button', { name: `Chiudi il ${YEAR}…` }).click()
  const list = page.getByRole('list', { name: 'Elenco di controllo' })
  const line = list.getByRole('listitem').filter({ hasText: 'Anno finito' })
  await line.getByText('Da risolvere').waitFor()
  for (const box of await list.getByRole('checkbox').all()) await box.check()
  const close = page.getByRole('button', { name: `Chiudi il ${YEAR}…` })
  expect(await close.isDisabled()).toBe(true)
  await expectAccessible(page, 'Chiusura dell’esercizio', { dark: true })
  await page.getByRole('button', { name: 'Torna agli esercizi' }).click()
  await page.getByRole('button', { name: `Chiudi il ${YEAR}…` }).waitFor()
}
