import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { IO_KEY, ioServer } from '../../gateways/io-server.ts'
import { expectAccessible } from '../accessible.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { openSetting } from './settings.ts'

/** App IO on this machine: switched on with a key, tried with a code, then a message with its payment to each. */
export async function deliverToAppIo(page: Page): Promise<void> {
  const server = await ioServer()
  try {
    await openSetting(page, 'App IO')
    await page.getByRole('switch', { name: 'Consegna anche su App IO' }).click({ force: true })
    await page.getByRole('textbox', { name: 'Chiave del servizio' }).fill(IO_KEY)
    await page.getByLabel('Indirizzo del servizio').fill(server.baseUrl)
    await page.getByLabel('Messaggi al minuto').fill('6000')
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByLabel('Codice fiscale di prova').fill('RSSMRA80A01H501U')
    await page.getByText('guarda se può ricevere').waitFor()
    await page.keyboard.press('F9')
    await page.locator('.test-log li').first().waitFor()
    expect(await page.locator('.test-log .t-bad').allTextContents()).toEqual([])
    await expectAccessible(page, 'App IO, provata', { dark: true })

    await newCampaign(page, 'App IO')
    await expectAccessible(page, 'Nuova campagna, App IO', { dark: true })
    const count = await start(page)
    await finished(page)
    expect(server.messages).toHaveLength(count)
    expect(server.faults).toEqual([])
    await expectAccessible(page, 'Campagna su App IO', { dark: true })
  } finally {
    await server.close()
  }
}
