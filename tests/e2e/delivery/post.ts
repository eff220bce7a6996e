import { readdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { expectAccessible } from '../accessible.ts'
import { finished, newCampaign, start } from './campaign-page.ts'

/** For who puts them into envelopes: nothing leaves before addresses and sample are looked at and approved. */
export async function prepareForPost(page: Page, folder: string): Promise<void> {
  await newCampaign(page, 'Posta')
  await page.getByRole('button', { name: /Scegli la cartella…|Cambia…/ }).click()
  const folders = page.getByRole('dialog', { name: 'Scegli una cartella' })
  await folders.getByRole('button', { name: 'consegnati' }).click()
  await folders.getByRole('button', { name: 'Usa questa cartella' }).click()
  await expect.poll(() => folders.count()).toBe(0)
  await page.getByText('Guarda indirizzi e campione della posta').waitFor()
  const act = page.getByRole('button', { name: /^Avvia [1-9]\d* consegne…/ })
  expect(await act.isDisabled()).toBe(true)
  await expectAccessible(page, 'Nuova campagna, posta', { dark: true })
  await page.getByRole('button', { name: 'Guarda il campione…' }).click()
  const sample = page.getByRole('dialog')
  await sample.locator('.desk-page canvas').first().waitFor()
  await expectAccessible(page, 'Campione per la posta', { dark: true })
  await page.keyboard.press('Escape')
  await page.getByRole('checkbox', { name: /^Ho guardato indirizzi e campione/ }).check()
  const count = await start(page)
  await finished(page)
  await expectAccessible(page, 'Campagna per posta', { dark: true })
  // Until its own state is there the page may show that of the campaign before it.
  const pdfs = async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.pdf')).length
  await expect.poll(pdfs, { timeout: 20_000 }).toBe(count)
  const names = await readdir(folder, { recursive: true })
  expect(names.some((name) => name.endsWith('.xlsx'))).toBe(true)
  expect(names.some((name) => name.endsWith('.csv'))).toBe(true)
}
