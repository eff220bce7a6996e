import { readdir } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { startOpenSsh } from '../servers/openssh.ts'
import { expectAccessible } from './accessible.ts'
import { go, settled } from './window.ts'

async function openServers(page: Page): Promise<void> {
  await go(page, 'Impostazioni')
  const menu = page.getByRole('navigation', { name: 'Impostazioni' })
  await menu.getByRole('link', { name: 'Server di file' }).click()
  await settled(page)
}

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
    await openServers(page)
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
    await page.keyboard.press('F9')
    await page.locator('.test-log li').nth(1).waitFor({ timeout: 20_000 })
    expect(await page.locator('.test-log .t-bad').count()).toBe(0)
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByRole('heading', { name: 'Area del sito' }).waitFor()
    await openServers(page)
    await page.getByText('Chiave del server che hai accettato').waitFor()

    await go(page, 'Consegne')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: 'Nuova campagna di consegna' }).waitFor()
    await page.getByRole('checkbox', { name: 'Cartella' }).uncheck()
    await page.getByRole('checkbox', { name: 'Server di file' }).check()
    await page.getByRole('checkbox', { name: 'Indice accanto ai PDF' }).check()
    // A few are enough.
    await page.getByRole('combobox', { name: 'Categoria' }).click()
    await page.getByRole('option', { name: 'Praticante' }).click()
    const start = page.getByRole('button', { name: /^Avvia [1-9]\d* consegne…/ })
    const chosen = page.locator('.chosen-sum b').first()
    const both = async () => `${/\d+/.exec((await start.innerText()) ?? '')?.[0]} of ${await chosen.innerText()}`
    await expect.poll(both, { timeout: 10_000 }).toMatch(/^(\d\d) of \1$/)
    const count = Number(/\d+/.exec((await start.textContent()) ?? '')?.[0])
    await start.click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: `Avvia ${count} consegne` })
      .click()
    await page.locator('.page-head').getByText('Finita').waitFor({ timeout: 60_000 })
    const names = await readdir(server.home, { recursive: true })
    expect(names.filter((name) => name.endsWith('.pdf'))).toHaveLength(count)
    expect(names.filter((name) => /\.(csv|json)$/.test(name))).toHaveLength(2)
    await expectAccessible(page, 'Campagna finita', { dark: true })

    await server.kill()
    server.changeHostKey()
    await server.start()
    await openServers(page)
    await page.keyboard.press('F9')
    await page.getByText('Il server ha cambiato la sua impronta.').waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Server di file, altra chiave', { dark: true })
    await page.getByText(printed(server.fingerprint())).waitFor()
  } finally {
    await server.stop()
  }
}
