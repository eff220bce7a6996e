import { readdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { startOpenSsh } from '../../servers/openssh.ts'
import { startVsftpd } from '../../servers/vsftpd.ts'
import { expectAccessible } from '../accessible.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { openSetting } from './settings.ts'

/** As `ssh-keygen -l` prints it. */
function printed(hex: string): string {
  return `SHA256:${Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '')}`
}

/** A real OpenSSH: its key is shown once and accepted, the notices arrive with their index, another key is refused. */
export async function deliverToServer(page: Page): Promise<void> {
  const server = await startOpenSsh()
  // Said by the server's own helper where the machine has no OpenSSH.
  if (server === null) return
  try {
    await openSetting(page, 'Server di file')
    await page.getByText('Qui scrivi il server su cui il sito dell’ente tiene gli avvisi').waitFor()
    await page.getByLabel('Nome', { exact: true }).fill('Area del sito')
    await page.getByLabel('Server', { exact: true }).fill(server.host)
    await page.getByLabel('Porta').fill(String(server.port))
    await page.getByLabel('Utente').fill(server.user)
    await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
    await page.keyboard.press('F9')
    await page.getByText('È la prima volta').waitFor({ timeout: 20_000 })
    await page.getByText(printed(server.fingerprint())).waitFor()
    await expectAccessible(page, 'Server di file', { dark: true })
    await page.getByRole('button', { name: 'Accetta questa impronta' }).click()
    await page.locator('.test-log li').nth(1).waitFor({ timeout: 20_000 })
    expect(await page.locator('.test-log .t-bad').count()).toBe(0)
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByRole('heading', { name: 'Area del sito' }).waitFor()
    await openSetting(page, 'Server di file')
    await page.getByText('Chiave del server che hai accettato').waitFor()

    await newCampaign(page, 'Server di file')
    await page.getByRole('checkbox', { name: 'Indice accanto ai PDF' }).check()
    const count = await start(page)
    await finished(page)
    const names = () => readdir(server.home, { recursive: true })
    expect((await names()).filter((name) => name.endsWith('.pdf'))).toHaveLength(count)
    // The index is put beside them when the last one is there.
    await expect.poll(async () => (await names()).filter((name) => /\.(csv|json)$/.test(name)).length).toBe(2)
    await expectAccessible(page, 'Campagna finita', { dark: true })

    await server.kill()
    server.changeHostKey()
    await server.start()
    await openSetting(page, 'Server di file')
    await page.keyboard.press('F9')
    await page.getByText('Il server ha cambiato la sua impronta.').waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Server di file, altra chiave', { dark: true })
    await page.getByText(printed(server.fingerprint())).waitFor()
  } finally {
    await server.stop()
  }
}

/** A real vsftpd in clear: nothing leaves before somebody accepts it; the folder that is missing is made. */
export async function acceptPlainFtp(page: Page): Promise<void> {
  const server = await startVsftpd('plain')
  if (server === null) return
  try {
    await openSetting(page, 'Server di file')
    await page.getByRole('button', { name: 'Nuovo server' }).click()
    await page.getByLabel('Nome', { exact: true }).fill('Scambio interno')
    await page.getByRole('combobox', { name: 'Protocollo' }).click()
    await page.getByRole('option', { name: /^FTP, senza cifratura/ }).click()
    // This machine by a name that is not its own: only beyond it the question is put.
    await page.getByLabel('Server', { exact: true }).fill('0.0.0.0')
    await page.getByLabel('Porta').fill(String(server.port))
    await page.getByLabel('Cartella sul server').fill('/inbox/avvisi')
    await page.getByLabel('Utente').fill(server.user)
    await page.getByRole('textbox', { name: 'Password' }).fill(server.password)
    await page.keyboard.press('F9')
    const accept = page.getByRole('button', { name: 'Accetta FTP in chiaro' })
    await accept.waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Server di file, in chiaro', { dark: true })
    await accept.click()
    const make = page.getByRole('button', { name: 'Crea la cartella «/inbox/avvisi»' })
    await make.waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Server di file, cartella che manca', { dark: true })
    await make.click()
    await page.locator('.test-log').getByText('Scrittura').waitFor({ timeout: 20_000 })
    expect(await page.locator('.test-log .t-bad').count()).toBe(0)
    expect(await readdir(server.inbox)).toEqual(['avvisi'])

    await page.getByRole('navigation', { name: 'Impostazioni' }).getByRole('link', { name: 'App IO' }).click()
    const leaving = page.getByRole('alertdialog', { name: 'Ci sono modifiche non salvate' })
    await leaving.waitFor()
    await expectAccessible(page, 'Modifiche non salvate', { dark: true })
    await leaving.getByRole('button', { name: 'Resta' }).click()
    await expect.poll(() => leaving.count()).toBe(0)
    expect(await page.getByLabel('Nome', { exact: true }).inputValue()).toBe('Scambio interno')
    await page.keyboard.press('Alt+6')
    await leaving.getByRole('button', { name: 'Lascia senza salvare' }).click()
    await page.getByRole('heading', { level: 1, name: 'Consegne' }).waitFor()
  } finally {
    await server.stop()
  }
}
