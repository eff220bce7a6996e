import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { expect } from 'vitest'
import { expectAccessible } from '../accessible.ts'
import { finished, newCampaign, start } from './campaign-page.ts'
import { writeAccount } from './mail-account.ts'
import { choose, openSetting } from './settings.ts'

const SENDER = 'segreteria@ordine-di-prova.example'
const PEC_SENDER = 'ordine@ordine-di-prova.pec.example'

/** Outside the hours of its account a campaign waits, and says until when; what has not left is taken back. */
export async function waitForWindow(page: Page): Promise<void> {
  const server = await startServer({})
  try {
    await openSetting(page, 'Posta e consegna')
    await writeAccount(page, {
      ...{ name: 'Posta dell’Ordine', kind: 'E-mail ordinaria', address: SENDER, port: server.port },
      ...{ user: SENDER, password: 'giusta' },
    })
    // Hours that are over, or have not begun, whatever the clock of the machine says.
    const hour = Number(new Intl.DateTimeFormat('it', { hour: '2-digit', timeZone: 'Europe/Rome' }).format(new Date()))
    const early = hour >= 12
    await choose(page, 'Giorni d’invio', 'tutti i giorni')
    await page.getByLabel('Dalle', { exact: true }).fill(early ? '06:00' : '20:00')
    await page.getByLabel('Alle', { exact: true }).fill(early ? '07:00' : '21:00')
    await tried(page)
    await save(page, 'Posta dell’Ordine')

    await newCampaign(page, 'E-mail')
    await start(page)
    await page.locator('.page-head').getByText('In attesa').waitFor()
    await page.getByText('Fuori dall’orario di invio dell’account').waitFor()
    const when = early ? 'domani alle 06:00' : 'alle 20:00'
    await page.getByText(`riparte ${when}`).waitFor()
    await page.getByText(`il prossimo invio è ${when}`).first().waitFor()
    await expectAccessible(page, 'Orario chiuso', { dark: true })
    await page.getByRole('button', { name: 'Annulla non partiti…' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel('Motivo').fill('Mandata con un altro account')
    await expectAccessible(page, 'Annulla non partiti', { dark: true })
    await dialog.getByRole('button', { name: /^Annulla/ }).click()
    await page.locator('.page-head').getByText('Annullata').waitFor({ timeout: 20_000 })
    expect(server.messages()).toBe(1)
    await expectAccessible(page, 'Campagna annullata', { dark: true })
  } finally {
    await server.close()
  }
}

/**
 * The provider changed the password: the campaign stands still with the reason and goes on when it is put right. Then the
 * line falls after the whole text was given, for two: nobody knows, so a person looks and decides each.
 */
export async function standStill(page: Page): Promise<void> {
  let password = 'cambiata'
  let taken = 0
  const server = await startServer({
    onAuth(auth, _session, done) {
      if (auth.password === password) done(null, { user: auth.username })
      else done(Object.assign(new Error('5.7.8 Authentication failed'), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      stream.resume().once('end', () => {
        taken += 1
        if (taken <= 2) server.cut(session.id)
        else done()
      })
    },
  })
  try {
    await openSetting(page, 'Posta e consegna')
    await page.getByRole('button', { name: 'Nuovo account' }).click()
    await writeAccount(page, {
      ...{ name: 'PEC dell’Ordine', kind: 'PEC', address: PEC_SENDER, port: server.port },
      ...{ user: PEC_SENDER, password: 'giusta' },
    })
    await page.getByLabel('Messaggi al minuto').fill('600')
    await page.keyboard.press('F9')
    await page.locator('.test-log .t-bad').waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Accesso rifiutato in prova', { dark: true })
    await save(page, 'PEC dell’Ordine')

    await newCampaign(page, 'PEC')
    const count = await start(page)
    await page.getByText('La campagna è ferma.').waitFor({ timeout: 20_000 })
    await expectAccessible(page, 'Accesso rifiutato', { dark: true })
    password = 'giusta'
    await page.getByRole('button', { name: 'riprendi', exact: true }).click()
    await finished(page)

    await page.getByText('2 esiti incerti.').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.getByRole('complementary', { name: /^Dettaglio/ }).waitFor()
    await expectAccessible(page, 'Esito incerto', { dark: true })
    expect(taken).toBe(count)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: /è arrivato\?$/ })
    await dialog.waitFor()
    await expectAccessible(page, 'Esito incerto, decidi', { dark: true })
    await dialog.getByLabel('Come lo hai verificato').fill('È fra i messaggi inviati')
    await dialog.getByRole('button', { name: 'È arrivato' }).click()
    await page.getByText('1 esito incerto.').waitFor()
    expect(taken).toBe(count)
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await page
      .getByRole('grid')
      .getByRole('button', { name: /^Decidi/ })
      .click()
    await dialog.getByLabel('Come lo hai verificato').fill('Non è fra i messaggi inviati')
    await dialog.getByRole('button', { name: 'Rispedisci' }).click()
    await page.getByRole('button', { name: new RegExp(`^Consegnate *${count}$`) }).waitFor({ timeout: 20_000 })
    await finished(page)
    expect(taken).toBe(count + 1)
    await expectAccessible(page, 'Niente da rivedere', { dark: true })
  } finally {
    await server.close()
  }
}

/** F9, and every step goes well. */
async function tried(page: Page): Promise<void> {
  await page.keyboard.press('F9')
  await page.locator('.test-log').getByText('Messaggio di prova').waitFor({ timeout: 20_000 })
  expect(await page.locator('.test-log .t-bad').allTextContents()).toEqual([])
}

async function save(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Salva', exact: true }).click()
  await page.getByRole('heading', { name }).waitFor()
}

/** A mail server of this machine that does what is said, and counts what it has taken. */
async function startServer(options: SMTPServerOptions) {
  let messages = 0
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username }),
    onData(stream, _session, done) {
      stream.resume().once('end', () => {
        messages += 1
        done()
      })
    },
    ...options,
  })
  // Lines that fall are part of the play.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    messages: () => messages,
    /** Ends a session without an answer. */
    cut(id: string) {
      const lines = server.connections as unknown as Set<{ id: string; _socket: { destroy(): void } }>
      for (const line of lines) if (line.id === id) line._socket.destroy()
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
