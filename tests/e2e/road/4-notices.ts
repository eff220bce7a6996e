import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { cents, formatCents } from '#domain/money'
import { readNoticeQr } from '../../codecs/pdf-tools.ts'
import { expectAccessible } from '../accessible.ts'
import { INSTITUTION } from '../office.ts'
import { download, go } from '../window.ts'
import type { Walk } from './walk.ts'

/** The page is drawn in the window, ← → leaf through the batch, Ctrl S saves it: its QR says what the position says. */
export async function leafThroughNotices(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Avvisi')
  const sheet = page.locator('.desk-page canvas').first()
  // The first page waits for the program that draws it, which a busy machine starts slowly.
  await sheet.waitFor({ timeout: 30_000 })
  expect(await inkOf(sheet)).toBeGreaterThan(0.01)
  await page.getByText(`1 di ${walk.notices.length}`).waitFor()
  const first = await page.locator('.desk-page').first().getAttribute('aria-label')
  await expectAccessible(page, 'Avvisi', { dark: true })
  await page.keyboard.press('ArrowRight')
  await page.getByText(`2 di ${walk.notices.length}`).waitFor()
  await expect.poll(() => page.locator('.desk-page').first().getAttribute('aria-label')).not.toBe(first)

  const label = (await page.locator('.desk-page').first().getAttribute('aria-label')) ?? ''
  const number = /\d{18}/.exec(label)?.[0] ?? ''
  const position = walk.notices.find((notice) => notice.iuv === number.slice(1))
  expect(label).toContain(position?.debtor)
  const pdf = await download(page, () => page.keyboard.press('Control+S'))
  expect(pdf.name).toMatch(/\.pdf$/)
  expect(await readNoticeQr(pdf.bytes)).toBe(
    `PAGOPA|002|${number}|${INSTITUTION.fiscalCode}|${String(position?.cents ?? 0).padStart(2, '0')}`,
  )

  await page.getByRole('button', { name: `Controlla ${walk.notices.length} avvisi` }).click()
  await page.getByText(`${walk.notices.length} avvisi: codici riletti e uguali`).waitFor({ timeout: 30_000 })
  await page
    .getByText(formatCents(cents(walk.issuedCents)))
    .first()
    .waitFor()
  await expectAccessible(page, 'Avvisi controllati', { dark: true })
}

/** Share of the page that is dark. */
function inkOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = (element as HTMLCanvasElement).getContext('2d')
    const { data } = (context as CanvasRenderingContext2D).getImageData(0, 0, width, height)
    let dark = 0
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 255) < 128) dark += 1
    return dark / (data.length / 4)
  })
}
