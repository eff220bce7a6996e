import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { PecFate } from '#simulator/pec-provider'
import { startDovecot } from '../../servers/dovecot.ts'
import { startPecProvider } from '../../servers/pec-provider.ts'
import { expectAccessible } from '../accessible.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { download, go } from '../window.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { writeAccount } from './mail-account.ts'
import { choose, openSetting } from './settings.ts'

async function tryAndSave(page: Page, name: string): Promise<void> {
  await page.keyboard.press('F9')
  await page.locator('.test-log').getByText('Messaggio di prova').waitFor({ timeout: 20_000 })
  expect(await page.locator('.test-log .t-bad').allTextContents()).toEqual([])
  await expectAccessible(page, `Posta e consegna, ${name}`, { dark: true })
  await page.getByRole('button', { name: 'Salva', exact: true }).click()
  await page.getByRole('heading', { name }).waitFor()
}

/** An ordinary account that sends one message a second: the campaign is paused half way, and goes on when told. */
export async function pauseAndResume(page: Page): Promise<void> {
  const mail: MailServer = await startMailServer()
  try {
    await openSetting(page, 'Posta e consegna')
    await writeAccount(page, {
      name: 'Posta dell’Ordine',
      kind: 'E-mail ordinaria',
      address: 'segreteria@ordine-di-prova.example',
      port: mail.port,
    })
    await page.getByLabel('Messaggi al minuto').fill('60')
    await tryAndSave(page, 'Posta dell’Ordine')
    const tried = mail.received.length

    await newCampaign(page, 'E-mail')
    const count = await start(page)
    await expect.poll(() => mail.received.length).toBeGreaterThan(tried)
    await expectAccessible(page, 'Campagna in corso', { dark: true })
    await page.getByRole('button', { name: 'Pausa' }).click()
    await page.locator('.page-head').getByText('In pausa').waitFor()
    const paused = mail.received.length
    expect(paused - tried).toBeLessThan(count)
    await expectAccessible(page, 'Campagna in pausa', { dark: true })
    await page.waitForTimeout(1500)
    // What was on its way when the button was pressed arrives.
    expect(mail.received.length).toBeLessThanOrEqual(paused + 1)
    await page.getByRole('button', { name: 'Riprendi', exact: true }).click()
    await finished(page)
    expect(mail.received.length - tried).toBe(count)
    const list = await download(page, async () => {
      await page.keyboard.press('Control+E')
      await page.getByRole('menuitem', { name: /CSV/ }).click()
    })
    expect(Buffer.from(list.bytes).toString('utf8').trim().split('\n').length).toBeGreaterThan(count)
  } finally {
    await mail.close()
  }
}

/** By PEC and back by IMAP from a real Dovecot: the receipts stand on the timeline, and each opens whole. */
export async function followPec(page: Page): Promise<void> {
  const box = await startDovecot()
  // Said by the server's own helper where the machine has no Dovecot.
  if (box === null) return
  const sender = 'ordine@ordine-di-prova.pec.example'
  const fates: readonly PecFate[] = ['delivered', 'fullBox', 'noBox', 'acceptedOnly', 'preavvisoThenDelivered']
  let taken = 0
  const pec = await startPecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => new Date().toISOString() as never },
    fate: (address) => (address === sender ? 'delivered' : (fates[taken++] ?? 'delivered')),
    deliver: (mailbox, bytes) => box.deliver(mailbox, Buffer.from(bytes).toString('latin1')),
  })
  try {
    await openSetting(page, 'Posta e consegna')
    await page.getByRole('button', { name: 'Nuovo account' }).click()
    await writeAccount(page, { name: 'PEC dell’Ordine', kind: 'PEC', address: sender, port: pec.port })
    await page.getByLabel('Utente', { exact: true }).fill(pec.user)
    await page.getByRole('textbox', { name: 'Password' }).fill(pec.password)
    await page.getByLabel('Messaggi al minuto').fill('6000')
    await page.getByRole('checkbox', { name: 'Leggi le ricevute (IMAP)' }).check()
    await page.getByLabel('Server della casella (IMAP)').fill(box.host)
    await page.getByLabel('Porta IMAP').fill(String(box.port))
    await choose(page, 'Protezione IMAP', 'Nessuna')
    await page.getByLabel('Utente IMAP').fill(sender)
    await tryAndSave(page, 'PEC dell’Ordine')

    await newCampaign(page, 'PEC')
    await expectAccessible(page, 'Nuova campagna, PEC', { dark: true })
    await start(page)
    await finished(page)
    const campaign = page.url()
    await openSetting(page, 'Posta e consegna')
    await page.locator('label', { hasText: 'PEC dell’Ordine' }).click()
    await page.getByRole('button', { name: 'Leggi le ricevute ora' }).click()
    await page.getByText(/messaggi letti/).waitFor({ timeout: 30_000 })

    await page.goto(campaign)
    const first = page.getByRole('grid').locator('tbody tr[aria-rowindex]').first()
    await first.waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    const panel = page.getByRole('complementary', { name: /^Dettaglio/ })
    await panel.getByText('Ricevute conservate intere come prova.').waitFor()
    await panel
      .getByText(/mancata consegna/i)
      .first()
      .waitFor()
    await expectAccessible(page, 'PEC da rivedere', { dark: true })
    await panel.getByRole('button', { name: /^Apri: .*mancata consegna/i }).click()
    const proof = page.getByRole('dialog')
    await proof.getByText('X-Ricevuta: errore-consegna').waitFor()
    await expectAccessible(page, 'Ricevuta aperta', { dark: true })
    const whole = await download(page, () => proof.getByRole('button', { name: 'Salva il file…' }).click())
    expect(Buffer.from(whole.bytes).toString('latin1')).toContain('daticert.xml')
    await page.keyboard.press('Escape')
    await go(page, 'Consegne')
  } finally {
    await pec.stop()
    await box.stop()
  }
}
