import { formatCents } from '#domain/money'
import { expectAccessible } from '../accessible.ts'
import { totalOf } from '../office.ts'
import { go, settled } from '../window.ts'
import type { Walk } from './walk.ts'

/** What was accertato and collected stands on Cruscotto; the pages that only look back are accessible too. */
export async function seeDashboard(walk: Walk): Promise<void> {
  const { page } = walk
  await page.keyboard.press('Alt+1')
  await walk.heading('Cruscotto')
  const road = page.locator('main')
  for (const words of [formatCents(totalOf(walk.dues)), walk.collected]) await road.getByText(words).first().waitFor()
  await expectAccessible(page, 'Cruscotto', { dark: true })
  for (const section of ['Persone', 'Giornale', 'Consegne', 'Impostazioni']) {
    await go(page, section)
    await settled(page)
    await expectAccessible(page, section, { dark: true })
  }
}
