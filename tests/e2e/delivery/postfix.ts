import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Dovecot } from '../../servers/dovecot.ts'
import { startPostfix } from '../../servers/postfix.ts'
import { expectAccessible } from '../accessible.ts'
import { startMailServer } from '../mail-server.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { writeAccount } from './mail-account.ts'
import { choose, openSetting } from './settings.ts'

const SENDER = 'ordine@ordine.test'

/** A real Postfix that takes everything and hands it on: the one whose box does not exist comes back with its report. */
export async function followBounces(page: Page, box: Dovecot | null): Promise<void> {
  // Said by the server's own helper where the machine has none.
  if (box === null) return
  let gone = ''
  const elsewhere = await startMailServer((address) => {
    gone ||= address
    return address === gone
  })
  const postfix = await startPostfix(box, { boxes: [SENDER], routes: { 'posta.example': elsewhere.port } })
  try {
    if (postfix === null) return
    await openSetting(page, 'Posta e consegna')
    await page.getByRole('button', { name: 'Nuovo account' }).click()
    await writeAccount(page, {
      ...{ name: 'Postfix', kind: 'E-mail ordinaria', address: SENDER, port: postfix.port, security: 'STARTTLS' },
      ...{ user: SENDER, password: postfix.password },
    })
    await page.getByLabel('Messaggi al minuto').fill('6000')
    await page.getByRole('checkbox', { name: 'Leggi i messaggi tornati indietro (IMAP)' }).check()
    await page.getByLabel('Server della casella (IMAP)').fill(box.host)
    await page.getByLabel('Porta IMAP').fill(String(box.tlsPort))
    await page.keyboard.press('F9')
    await page.locator('.test-log').getByText('Messaggio di prova').waitFor({ timeout: 20_000 })
    expect(await page.locator('.test-log .t-bad').allTextContents()).toEqual([])
    await expectAccessible(page, 'Postfix, provato', { dark: true })
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByRole('heading', { name: 'Postfix' }).waitFor()

    await newCampaign(page, 'E-mail')
    await choose(page, 'Account E-mail', SENDER)
    const count = await start(page)
    await finished(page)
    const campaign = page.url()
    await postfix.drained()
    expect(elsewhere.received).toHaveLength(count - 1)

    // The trial's own message stands in the same box, beside the report.
    await expect.poll(() => box.count(SENDER), { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
    await openSetting(page, 'Posta e consegna')
    await page.locator('label', { hasText: 'Postfix' }).click()
    await page.getByRole('button', { name: 'Leggi le ricevute ora' }).click()
    await page.getByText(/1 ricevuta legata/).waitFor({ timeout: 30_000 })
    await page.getByText('Lette fino in fondo').waitFor()
    await expectAccessible(page, 'Rimbalzi letti', { dark: true })

    await page.goto(campaign)
    await page.getByRole('grid').locator('tbody tr[aria-rowindex]').first().waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    const panel = page.getByRole('complementary', { name: /^Dettaglio/ })
    await panel.getByText(gone, { exact: true }).waitFor()
    await panel.getByRole('button', { name: /^Apri: Avviso di mancato recapito/ }).waitFor()
    await expectAccessible(page, 'Rimbalzo', { dark: true })
    await panel.getByRole('button', { name: /^Apri: Avviso di mancato recapito/ }).click()
    const proof = page.getByRole('dialog')
    await proof.getByText('Rapporto del server').waitFor()
    await proof.getByText('Casella inesistente').first().waitFor()
    await expectAccessible(page, 'Rimbalzo aperto', { dark: true })
    await page.keyboard.press('Escape')
  } finally {
    await postfix?.stop()
    await elsewhere.close()
  }
}
