import { expect } from 'vitest'
import { expectAccessible } from '../accessible.ts'
import { go } from '../window.ts'
import type { Walk } from './walk.ts'

/** A proposal is confirmed with Invio, taken back with Ctrl Z, confirmed again; an unrelated credit is excluded with X. */
export async function reconcile(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Riconciliazione')
  const table = page.getByRole('grid', { name: 'Accrediti da decidere' })
  await table.waitFor()
  const toDecide = () => tab(walk, 'Da decidere')
  const before = await toDecide()
  expect(before).toBeGreaterThanOrEqual(2)
  await page.getByText('spiegata al centesimo').waitFor()
  await expectAccessible(page, 'Riconciliazione', { dark: true })

  // The id that the bank cut stands on top with its one counterpart and its proof.
  const cut = walk.world?.statement.movements.find((m) => m.damage === 'cut')
  const open = table.locator('tr.open')
  await open.getByText(cut?.flowId ?? 'no flow was cut').waitFor()
  await table.focus()
  await pressed(walk, 'Enter', before, before - 1)
  await pressed(walk, 'Control+Z', before - 1, before)
  await open.getByText(cut?.flowId ?? '').waitFor()
  await pressed(walk, 'Enter', before, before - 1)

  const ignored = await tab(walk, 'Ignorati')
  await table.locator('tbody tr').first().click()
  await page.keyboard.press('x')
  const dialog = page.getByRole('dialog', { name: /^Escludi: l’accredito/ })
  await dialog.getByRole('button', { name: 'Non è un incasso pagoPA' }).click()
  await expectAccessible(page, 'Escludi l’accredito', { dark: true })
  await dialog.getByRole('button', { name: 'Escludi', exact: true }).click()
  await expect.poll(toDecide).toBe(before - 2)
  await expect.poll(() => tab(walk, 'Ignorati')).toBe(ignored + 1)
  await page.getByText('spiegata al centesimo').waitFor()

  for (const view of ['Abbinati', 'Flussi senza accredito', 'Addebiti, storni', 'Ignorati', 'Trattenuti', 'Allarmi']) {
    await page.getByRole('navigation', { name: 'Viste' }).getByRole('button', { name: view }).click()
    await expectAccessible(page, `Riconciliazione, ${view}`, { dark: true })
  }
}

/** A key is not taken while the table is being read again: a person sees that and presses once more. */
async function pressed(walk: Walk, key: string, from: number, to: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await tab(walk, 'Da decidere')
        if (now === from) await walk.page.keyboard.press(key)
        return now
      },
      { timeout: 8000, interval: 300 },
    )
    .toBe(to)
}

/** The count that a view's tab shows. */
async function tab(walk: Walk, name: string): Promise<number> {
  const text = await walk.page
    .getByRole('navigation', { name: 'Viste' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .textContent()
  return Number(/(\d+)$/.exec(text ?? '')?.[1] ?? Number.NaN)
}
