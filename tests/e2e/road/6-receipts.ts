import { formatCents, sum } from '#domain/money'
import { paSendRt } from '../../services/support/receipt-files.ts'
import { expectAccessible } from '../accessible.ts'
import { INSTITUTION } from '../office.ts'
import { chooseFiles, go } from '../window.ts'
import type { Walk } from './walk.ts'

/** Receipts of payments that a flow reports, one with an IUR of its own: each finds its flow; twice adds nothing. */
export async function importReceipts(walk: Walk): Promise<void> {
  const { page } = walk
  await go(page, 'Ricevute')
  await page.getByText('Qui arriveranno le ricevute').waitFor()
  await expectAccessible(page, 'Ricevute, niente ancora', { dark: true })
  const flow = walk.world?.flows[0]
  const paid = flow?.payments ?? []
  const files = paid.map(({ notice: { iuv, cents }, iur }, i) => ({
    name: `ricevuta-${i + 1}.xml`,
    bytes: new TextEncoder().encode(
      paSendRt({ iuv, cents, creditor: INSTITUTION.fiscalCode, ...(i === 0 ? {} : { iur }) }),
    ),
  }))
  const outcome = page.getByRole('dialog', { name: 'File letti' })
  await chooseFiles(page, () => page.keyboard.press('Control+O'), files)
  await outcome.waitFor()
  await page.keyboard.press('Escape')
  const many = files.length === 1 ? '1 ricevuta' : `${files.length} ricevute`
  const whole = formatCents(sum(paid.map((p) => p.notice.cents)))
  await walk.totals(many, whole)
  await walk.firstRow()
  const panel = page.getByRole('complementary', { name: /^Dettaglio/ })
  await panel.getByRole('link', { name: flow?.flowId ?? 'no flow' }).waitFor()
  await expectAccessible(page, 'Ricevute', { dark: true })

  await chooseFiles(page, () => page.keyboard.press('Control+O'), files)
  await outcome
    .getByText(/già present/)
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await walk.totals(many, whole)
}
