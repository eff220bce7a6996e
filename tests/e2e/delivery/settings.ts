import type { Page } from 'playwright-core'
import { go, settled } from '../window.ts'

/** Impostazioni, one of its parts. */
export async function openSetting(page: Page, name: string): Promise<void> {
  await go(page, 'Impostazioni')
  const menu = page.getByRole('navigation', { name: 'Impostazioni' })
  await menu.getByRole('link', { name: new RegExp(`^${name}`) }).click()
  await settled(page)
}

/** Chooses in a field that drops down. */
export async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option }).click()
}
