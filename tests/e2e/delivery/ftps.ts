import { readdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { startVsftpd } from '../../servers/vsftpd.ts'
import { expectAccessible } from '../accessible.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { openSetting } from './settings.ts'

/** A real vsftpd with explicit TLS and a certificate of its own: shown once, accepted, then every notice is there. */
export async function deliverByFtps(page: Page): Promise<void> {
  const server = await startVsftpd('explicit')
  if (server === null) return
  try {
    await openSetting(page, 'Server di file')
    await page.getByLabel('Nome', { exact: true }).fill('Sito dell’Ordine')
    await page.getByRole('combobox', { name: 'Protocollo' }).click()
    await page.getByRole('option', { name: /^FTPS esplicito/ }).click()
    await page.getByLabel('Server', { exact: true }).fill(server.host)
    await page.getByLabel('Porta').fill(String(server.port))
    await page.getByLabel('Cartella sul server').fill('/inbox')
    await page.getByLabel('Utente').fill(server.user)
    await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
    await page.keyboard.press('F9')
    await page.getByText((server.fingerprint.match(/../g) ?? []).join(':').toUpperCase()).waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'FTPS, certificato', { dark: true })
    await page.getByRole('button', { name: 'Accetta questa impronta' }).click()
    await page.locator('.test-log').getByText('Scrittura').waitFor({ timeout: 20_000 })
    expect(await page.locator('.test-log .t-bad').allTextContents()).toEqual([])
    await expectAccessible(page, 'FTPS, provato', { dark: true })
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByRole('heading', { name: 'Sito dell’Ordine' }).waitFor()

    await newCampaign(page, 'Server di file')
    const count = await start(page)
    await finished(page)
    expect((await readdir(server.inbox)).filter((name) => name.endsWith('.pdf'))).toHaveLength(count)
    await expectAccessible(page, 'Campagna su FTPS', { dark: true })
  } finally {
    await server.stop()
  }
}
