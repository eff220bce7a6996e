import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { go } from '../window.ts'

const WAYS = ['PEC', 'E-mail', 'App IO', 'Server di file', 'Cartella', 'Posta'] as const
export type Way = (typeof WAYS)[number]

/** A new campaign with exactly these ways, not yet started. */
export async function newCampaign(page: Page, ...ways: readonly Way[]): Promise<void> {
  await go(page, 'Consegne')
  await page.getByRole('button', { name: 'Nuova campagna…' }).click()
  await page.getByRole('heading', { name: 'Nuova campagna di consegna' }).waitFor()
  // The same people by every way, one campaign after the other.
  await page.getByRole('checkbox', { name: 'Solo chi non l’ha mai ricevuto' }).uncheck()
  for (const way of WAYS) {
    const box = page.getByRole('checkbox', { name: way, exact: true })
    if (await box.isEnabled()) await box.setChecked(ways.includes(way))
  }
}

/** Starts what was prepared, once the summary has counted it; how many deliveries. */
export async function start(page: Page): Promise<number> {
  const act = page.getByRole('button', { name: /^Avvia [1-9][\d.]* consegn[ae]…/ })
  await expect.poll(() => act.isEnabled()).toBe(true)
  const count = Number(/\d+/.exec((await act.textContent()) ?? '')?.[0])
  await act.click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Avvia / })
    .click()
  await page.getByRole('region', { name: 'Canali della campagna' }).waitFor({ timeout: 20_000 })
  return count
}

/** Waits until everything has left, or cannot. */
export async function finished(page: Page): Promise<void> {
  await page.locator('.page-head').getByText('Finita').waitFor({ timeout: 60_000 })
}
