import { expect } from 'vitest'
import { formatCents, subtract } from '#domain/money'
import { expectAccessible } from '../accessible.ts'
import { type IssuedNotice, totalOf } from '../office.ts'
import { download, go, rowsSeen } from '../window.ts'
import { amountOf, type Walk } from './walk.ts'

/** Filters, one row struck off with Canc, grouping; what is generated is the sum to the cent, once for two clicks. */
export async function generatePositions(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Accertamenti')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('Control+Enter')
  await walk.heading('Genera posizioni debitorie')
  const summary = page.locator('.generate-summary')
  await summary.getByText(formatCents(totalOf(walk.dues))).waitFor()
  await page.getByLabel('Società tra professionisti').check()
  const companies = walk.dues.filter((due) => due.category === 'stp')
  await summary.getByText(formatCents(totalOf(companies))).waitFor()
  await page.getByLabel('Società tra professionisti').uncheck()
  await summary.getByText(formatCents(totalOf(walk.dues))).waitFor()

  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  const struck = (await rowsSeen(page))[0] ?? []
  await page.keyboard.press('Delete')
  await page.getByText('1 escluso').waitFor()
  const left = subtract(totalOf(walk.dues), amountOf(struck.at(-1)))
  await summary.getByText(`${formatCents(left)} €`).waitFor()
  await page.getByLabel('Raggruppa per persona').check()
  await page.getByText(/un solo avviso ciascuna/).waitFor()
  await expectAccessible(page, 'Genera posizioni debitorie', { dark: true })
  await summary.getByRole('button', { name: /^Genera \d+ posizioni/ }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText(formatCents(left)).first().waitFor()
  await dialog.getByRole('button', { name: /^Genera/ }).dblclick()
  await page.getByText(/posizioni generate nel lotto/).waitFor()
  await expectAccessible(page, 'Posizioni generate', { dark: true })
  const generated = Number(/(\d+) posizioni generate/.exec((await page.getByRole('dialog').textContent()) ?? '')?.[1])
  await page.getByRole('button', { name: 'Vedi le posizioni' }).click()
  await walk.heading('Posizioni debitorie')
  await walk.totals(`${generated} posizioni`, formatCents(left))

  await walk.firstRow()
  await expectAccessible(page, 'Posizioni debitorie', { dark: true })
  await page.keyboard.press('F4')
  await expect.poll(() => page.getByRole('complementary', { name: /^Dettaglio/ }).count()).toBe(0)
  await page.keyboard.press('F4')

  await page.keyboard.press('Control+E')
  const csv = await download(page, () => page.getByRole('menuitem', { name: /CSV/ }).click())
  walk.notices = noticesOf(csv.bytes)
  expect(walk.notices).toHaveLength(generated)
  expect(walk.notices.reduce((total, n) => total + n.cents, 0)).toBe(left)
  walk.issuedCents = left
  const debtors = new Set(walk.notices.map((notice) => notice.debtor))
  walk.mailable = [...new Set(walk.dues.filter((due) => debtors.has(due.name)).flatMap((due) => due.email ?? []))]
  expect(new Set(walk.notices.map((n) => n.iuv)).size).toBe(generated)
}

/** Notices of an exported list. */
function noticesOf(bytes: Uint8Array): IssuedNotice[] {
  const lines = new TextDecoder().decode(bytes).trim().split(/\r?\n/)
  const cells = lines.map((line) => line.split(';').map((cell) => cell.replaceAll('"', '')))
  const heads = cells[0] ?? []
  const at = (name: string) => heads.findIndex((head) => head.replace('\ufeff', '').startsWith(name))
  return cells.slice(1).flatMap((row) => {
    const number = row[at('Numero avviso')]?.replaceAll(/\D/g, '') ?? ''
    if (number.length !== 18) return []
    return [{ iuv: number.slice(1), cents: amountOf(row[at('Importo')]), debtor: row[at('Debitore')] ?? '' }]
  })
}
