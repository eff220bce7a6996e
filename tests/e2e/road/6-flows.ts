import { formatCents, sum, ZERO } from '#domain/money'
import { expectAccessible } from '../accessible.ts'
import { worldOf } from '../office.ts'
import { chooseFiles, go } from '../window.ts'
import type { Walk } from './walk.ts'

/** The simulator's flows and a broken file: those enter, this is refused in words; twice adds nothing; a filter finds one. */
export async function importFlows(walk: Walk): Promise<void> {
  const { page } = walk
  const world = worldOf(walk.notices)
  walk.world = world
  await go(page, 'Rendicontazioni')
  await page.getByText('Qui arriveranno i flussi').waitFor()
  await expectAccessible(page, 'Rendicontazioni, niente ancora', { dark: true })
  const files = world.flows.map((flow) => ({ name: flow.fileName, bytes: flow.bytes }))
  const broken = { name: 'rotto.xml', bytes: new TextEncoder().encode('<FlussoRiversamento><versione') }
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [...files, broken])
  const outcome = page.getByRole('dialog', { name: 'File letti' })
  await outcome.getByText(`${files.length} flussi importati, 1 file rifiutato.`).waitFor()
  await expectAccessible(page, 'File letti', { dark: true })
  await outcome.getByRole('button', { name: 'Torna all’elenco' }).click()
  const declared = formatCents(sum(world.flows.map((flow) => flow.totalCents)))
  await walk.totals(`${files.length} flussi`, declared)
  await walk.firstRow()
  await expectAccessible(page, 'Rendicontazioni', { dark: true })

  // The same files again add nothing.
  await chooseFiles(page, () => page.keyboard.press('Control+O'), files)
  await outcome.getByText(`${files.length} file già presenti.`).waitFor()
  await page.keyboard.press('Escape')

  const wanted = world.flows[0]
  const iuv = wanted?.payments[0]?.notice.iuv ?? ''
  await page.getByRole('button', { name: 'Aggiungi filtro' }).click()
  await page.getByRole('menuitem', { name: 'IUV' }).click()
  await page.getByRole('textbox', { name: 'IUV' }).fill(iuv)
  await page.getByRole('button', { name: 'Filtra' }).click()
  await walk.totals('1 flusso', formatCents(wanted?.totalCents ?? ZERO))
  await page.getByRole('button', { name: 'Togli il filtro IUV' }).click()
  await walk.totals(`${files.length} flussi`, declared)
}
