import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { addDays, formatDate, type Instant, romeDate } from '#domain/date'
import { readNoticeQr } from '../../codecs/pdf-tools.ts'
import { expectAccessible } from '../accessible.ts'
import { YEAR } from '../office.ts'
import { go } from '../window.ts'
import { REFUSED, type Walk } from './walk.ts'

/** Goes from the notices to a new campaign by e-mail and into the folder; says how many leave. */
async function prepare(walk: Walk): Promise<number> {
  const { page } = walk
  await go(page, 'Avvisi')
  await page.getByRole('button', { name: 'Prepara consegna…' }).click()
  await walk.heading('Nuova campagna di consegna')
  await page.getByRole('checkbox', { name: 'Cartella' }).check()
  await page.getByRole('button', { name: /Scegli la cartella…|Cambia…/ }).click()
  const folders = page.getByRole('dialog', { name: 'Scegli una cartella' })
  await folders.getByRole('button', { name: 'consegnati' }).click()
  await folders.getByRole('button', { name: 'Usa questa cartella' }).click()
  // Keys act again when it has gone; the summary under it may already be right.
  await expect.poll(() => folders.count()).toBe(0)
  const reached = walk.notices.length + walk.mailable.length
  await expect.poll(() => page.getByRole('button', { name: `Avvia ${reached} consegne…` }).isEnabled()).toBe(true)
  return reached
}

/** A campaign for tomorrow waits and says so; taken back with a reason, nothing of it leaves. */
export async function takeBackCampaign(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Consegne')
  await page.getByText('Qui arriveranno le consegne').waitFor()
  await expectAccessible(page, 'Consegne, niente ancora', { dark: true })
  const reached = await prepare(walk)
  await expectAccessible(page, 'Nuova campagna', { dark: true })
  await page.locator('label', { hasText: 'Parte il…' }).click()
  await page.getByText('Scrivi giorno e ora della partenza, da adesso in poi.').waitFor()
  const tomorrow = addDays(romeDate(new Date().toISOString() as Instant), 1)
  await page.getByLabel('Giorno', { exact: true }).fill(formatDate(tomorrow))
  await page.getByLabel('Ora', { exact: true }).fill('09:00')
  const before = walk.mail.received.length
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText(`il ${formatDate(tomorrow)} alle 09:00`).waitFor()
  await expectAccessible(page, 'Avvia consegne', { dark: true })
  await dialog.getByRole('button', { name: `Avvia ${reached} consegne` }).click()
  await page.getByText('il prossimo invio è domani alle 09:00').waitFor({ timeout: 20_000 })
  await expectAccessible(page, 'Campagna in attesa', { dark: true })

  await page.getByRole('button', { name: 'Annulla non partiti…' }).click()
  const act = dialog.getByRole('button', { name: `Annulla ${reached} consegne non partite` })
  expect(await act.isDisabled()).toBe(true)
  await dialog.getByLabel('Motivo').fill('Il giorno era sbagliato')
  await expectAccessible(page, 'Annulla campagna', { dark: true })
  await act.click()
  await page.locator('.page-head').getByText('Annullata').waitFor({ timeout: 15_000 })
  expect(walk.mail.received.length).toBe(before)
}

/** By e-mail to those who have an address, to a folder for all; a refused mailbox is put right in place and sent again. */
export async function deliverNotices(walk: Walk): Promise<void> {
  const { page } = walk
  const reached = await prepare(walk)
  const before = walk.mail.received.length
  await page.keyboard.press('Control+Enter')
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: `Avvia ${reached} consegne` })
    .dblclick()
  const sent = walk.mailable.length - 1
  await expect.poll(() => walk.mail.received.length - before, { timeout: 30_000 }).toBe(sent)
  await page.getByText('Il server rifiuta il destinatario.').first().waitFor({ timeout: 15_000 })
  await page.getByText('finito', { exact: true }).nth(1).waitFor({ timeout: 15_000 })
  await walk.firstRow()
  await page.getByText('Casella inesistente').first().waitFor()
  await expectAccessible(page, 'Consegne da rivedere', { dark: true })

  const mail = walk.mail.received.at(-1)
  const attached = mail?.attachments[0]
  expect(attached?.contentType).toBe('application/pdf')
  const qr = await readNoticeQr(new Uint8Array(attached?.content ?? []))
  expect(walk.notices.map((notice) => `3${notice.iuv}`)).toContain(qr.split('|')[2])
  const written = async () =>
    (await readdir(walk.program.deliveries, { recursive: true })).filter((name) => name.endsWith('.pdf'))
  await expect.poll(async () => (await written()).length, { timeout: 15_000 }).toBe(walk.notices.length)
  const names = await written()
  for (const notice of walk.notices) {
    const name = names.find((n) => n.includes(notice.iuv))
    expect(name, notice.debtor).toMatch(new RegExp(`[A-Z0-9]{11,16}_${YEAR}_${notice.iuv}\\.pdf$`))
  }
  const pdf = await readFile(join(walk.program.deliveries, names[0] ?? ''))
  expect(await readNoticeQr(new Uint8Array(pdf))).toMatch(/^PAGOPA\|002\|/)

  await page.getByRole('grid').first().focus()
  await page.keyboard.press('Enter')
  const fix = page.getByRole('dialog', { name: /^Correggi l’e-mail di/ })
  expect(await fix.getByLabel('Nuovo indirizzo e-mail').inputValue()).toBe(REFUSED)
  await fix.getByLabel('Nuovo indirizzo e-mail').fill('arrivata@cartografi.example')
  await expectAccessible(page, 'Correggi recapito', { dark: true })
  await fix.getByRole('button', { name: 'Correggi e rispedisci' }).click()
  await expect
    .poll(() => walk.mail.received.at(-1)?.to, { timeout: 20_000 })
    .toMatchObject({ text: expect.stringContaining('arrivata@cartografi.example') })
  expect(walk.mail.received.length - before).toBe(sent + 1)
}

/** Where everything is seen again: the person's card with its deliveries, and who is not sent to. */
export async function seeDeliveries(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Consegne')
  await page.getByRole('link', { name: 'recapiti in ordine' }).click()
  await page.getByText('Nessun recapito da correggere').waitFor()
  await expectAccessible(page, 'Recapiti che non funzionano', { dark: true })
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'non spedire a…' }).click()
  await page.getByText('Si spedisce a tutti').waitFor()
  await expectAccessible(page, 'Non spedire, nessuno', { dark: true })
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: 'Non spedire a una persona' })
  const first = walk.notices[0]?.debtor ?? ''
  await dialog.getByRole('combobox', { name: 'Chi' }).fill(first)
  await page.getByRole('option', { name: first }).first().click()
  await dialog.getByLabel('Motivo').fill('Ritira allo sportello')
  await dialog.getByRole('button', { name: 'Non spedire più' }).click()
  await page.getByRole('gridcell', { name: first }).first().waitFor()
  await expectAccessible(page, 'Non spedire', { dark: true })
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await walk.heading(first)
  await page.getByText('Ritira allo sportello').first().waitFor()
  await page.locator('label', { hasText: 'Consegne' }).click()
  await page.locator('.notice-deliveries').getByText('Cartella').first().waitFor()
  await expectAccessible(page, 'Scheda, consegne', { dark: true })
  await page.getByRole('button', { name: 'Togli…' }).click()
  const lift = page.getByRole('dialog', { name: `Torna a spedire a ${first}` })
  await lift.getByLabel('Motivo').fill('Lo ha chiesto lei')
  await lift.getByRole('button', { name: 'Torna a spedire' }).click()
  await page.getByText('Riceve tutto.').waitFor()
}
