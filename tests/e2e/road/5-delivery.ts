import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readNoticeQr } from '../../codecs/pdf-tools.ts'
import { expectAccessible } from '../accessible.ts'
import { YEAR } from '../office.ts'
import { go } from '../window.ts'
import type { Walk } from './walk.ts'

/** By e-mail to those who have an address, to a folder for all; a refused mailbox waits for a person, with its reason. */
export async function deliverNotices(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Consegne')
  await page.getByText('Qui arriveranno le consegne').waitFor()
  await expectAccessible(page, 'Consegne, niente ancora', { dark: true })
  await go(page, 'Avvisi')
  await page.getByRole('button', { name: 'Prepara consegna…' }).click()
  await walk.heading('Nuova campagna di consegna')
  await page.getByRole('checkbox', { name: 'Cartella' }).check()
  await page.getByRole('button', { name: 'Scegli la cartella…' }).click()
  const folders = page.getByRole('dialog', { name: 'Scegli una cartella' })
  await folders.getByRole('button', { name: 'consegnati' }).click()
  await expectAccessible(page, 'Scegli una cartella', { dark: true })
  await folders.getByRole('button', { name: 'Usa questa cartella' }).click()
  const reached = walk.notices.length + walk.mailable.length
  await page.getByRole('heading', { name: `Partono ${reached} consegne` }).waitFor()
  await expectAccessible(page, 'Nuova campagna', { dark: true })

  const before = walk.mail.received.length
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('alertdialog')
  await expectAccessible(page, 'Avvia consegne', { dark: true })
  await dialog.getByRole('button', { name: `Avvia ${reached} consegne` }).dblclick()
  await page.getByRole('dialog', { name: 'Consegno gli avvisi' }).waitFor()
  await expectAccessible(page, 'Consegno gli avvisi', { dark: true })
  const sent = walk.mailable.length - 1
  await expect.poll(() => walk.mail.received.length - before, { timeout: 30_000 }).toBe(sent)
  await page.getByText('Il server rifiuta il destinatario.').first().waitFor({ timeout: 15_000 })
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
  await page.getByText('finito', { exact: true }).nth(1).waitFor({ timeout: 15_000 })
  const names = await written()
  for (const notice of walk.notices) {
    const name = names.find((n) => n.includes(notice.iuv))
    expect(name, notice.debtor).toMatch(new RegExp(`[A-Z0-9]{11,16}_${YEAR}_${notice.iuv}\\.pdf$`))
  }
  const pdf = await readFile(join(walk.program.deliveries, names[0] ?? ''))
  expect(await readNoticeQr(new Uint8Array(pdf))).toMatch(/^PAGOPA\|002\|/)
}
