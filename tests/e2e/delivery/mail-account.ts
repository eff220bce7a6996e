import type { Page } from 'playwright-core'
import { choose } from './settings.ts'

export interface WrittenAccount {
  readonly name: string
  readonly kind: string
  readonly address: string
  readonly port: number
  /** In the words of the field; «Nessuna» unless said. */
  readonly security?: string
  readonly user?: string
  readonly password?: string
}

/** Writes an account of this machine into the form, and does not save it. */
export async function writeAccount(page: Page, account: WrittenAccount): Promise<void> {
  await page.getByLabel('Nome dell’account').fill(account.name)
  await choose(page, 'Tipo', account.kind)
  await page.getByLabel('Indirizzo del mittente').fill(account.address)
  await page.getByLabel('Server in uscita (SMTP)').fill('127.0.0.1')
  await page.getByLabel('Porta', { exact: true }).fill(String(account.port))
  await page.getByRole('combobox', { name: 'Protezione', exact: true }).click()
  await page.getByRole('option', { name: account.security ?? 'Nessuna', exact: true }).click()
  if (account.user !== undefined) await page.getByLabel('Utente', { exact: true }).fill(account.user)
  if (account.password !== undefined) await page.getByRole('textbox', { name: 'Password' }).fill(account.password)
}
