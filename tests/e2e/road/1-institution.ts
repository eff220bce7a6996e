import { expect } from 'vitest'
import { expectAccessible } from '../accessible.ts'
import { INSTITUTION } from '../office.ts'
import type { Walk } from './walk.ts'

/** The first-run guide typed in full, with its complaints while typing; then the mail account, tried with F9. */
export async function tellInstitution(walk: Walk): Promise<void> {
  const { page } = walk
  await page.getByRole('heading', { level: 1, name: 'Il tuo ente' }).waitFor()
  const next = page.getByRole('button', { name: /^Avanti/ })
  await next.click()
  await page.getByText('Manca il nome.').waitFor()
  await page.getByLabel('Nome dell’ente').fill(INSTITUTION.name)
  await page.getByLabel('Codice fiscale dell’ente').fill('80099980253')
  await page.getByText('forse è 4').waitFor()
  await page.getByLabel('Codice fiscale dell’ente').fill(INSTITUTION.fiscalCode)
  await page.getByLabel('Ufficio').fill(INSTITUTION.office)
  await page.getByLabel('E-mail per gli iscritti').fill('segreteria@cartografi.example')
  await expectAccessible(page, 'Primo avvio', { dark: true })
  await page.keyboard.press('Control+Enter')
  await walk.heading('Codici pagoPA')
  await page.getByLabel('Codice di segregazione').fill('07')
  await page.getByLabel(/CBILL/).fill('AAPRV')
  await next.click()
  await walk.heading('Conti')
  await page.getByLabel('Nome del conto bancario').fill('Banca di Vallombra')
  await page.getByLabel('IBAN bancario').fill(INSTITUTION.bankIban)
  await page.getByLabel(/IBAN postale/).fill(INSTITUTION.postalIban)
  await next.click()
  await walk.heading('Esercizio e capitoli')
  await next.click()
  await walk.heading('Tipi di dovuto')
  await next.click()
  await walk.heading('Come consegni')
  await page.getByRole('button', { name: 'Comincia' }).dblclick()
  await walk.heading('Impostazioni')
  expect(await page.locator('.top-name').textContent()).toBe(INSTITUTION.name)

  await page.getByLabel('Nome dell’account').fill('Posta dell’Ordine')
  await page.getByLabel('Indirizzo del mittente').fill('segreteria@cartografi.example')
  await page.getByLabel('Nome del mittente').fill(INSTITUTION.name)
  await page.getByLabel('Server in uscita (SMTP)').fill('127.0.0.1')
  await page.getByLabel('Porta').fill(String(walk.mail.port))
  await page.getByRole('combobox', { name: 'Protezione' }).click()
  await page.getByRole('option', { name: 'Nessuna' }).click()
  await page.getByLabel('Al minuto').fill('600')
  await page.keyboard.press('F9')
  await page.getByText('Ultima prova').waitFor()
  await expect.poll(() => walk.mail.received.length).toBe(1)
  await page.getByRole('button', { name: 'Salva', exact: true }).click()
  await page.getByRole('heading', { name: 'Posta dell’Ordine' }).waitFor()
  await expectAccessible(page, 'Impostazioni, Posta', { dark: true })
}
