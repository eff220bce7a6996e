import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { follow } from '#hosts/cli/demo/long-work'
import { expectAccessible } from './accessible.ts'
import type { Program } from './program.ts'
import { makeLedger, raiseQuotas } from './ready-ledger.ts'
import { onStage, type Stage } from './stage.ts'

/** Ada can pay at once or in two instalments, Bruno only at once; Carla has a position that the node does not know. */
const PEOPLE = ['Abate Ada', 'Bruni Bruno', 'Conti Carla']

function makeOrder(folder: string): Promise<void> {
  return makeLedger(folder, async ({ client, backend }) => {
    const selection = { ids: (await raiseQuotas(client, PEOPLE, PEOPLE.slice(0, 1))).slice(0, 2) }
    const { count, stamp } = await client.nodePosition.publishPreview({ selection })
    await follow(
      client.nodePosition.publish({ selection, environment: 'rehearsal', expected: count, stamp }),
      () => undefined,
    )
    await backend.context.nodePublisher.idle()
  })
}

describe('a payer at the counter is handed a link', () => {
  let stage: Stage
  let program: Program
  let page: Page
  onStage('node-cart', makeOrder, async (ready) => {
    stage = ready
    ;({ program, page } = ready)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: program.origin })
    await page.locator('.page-head').waitFor()
  })

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = () => page.getByRole('dialog', { name: 'Paga ora' })
  const row = (name: string) => page.locator('table.grid tbody tr[aria-rowindex]').filter({ hasText: name })
  const menu = () => page.getByRole('button', { name: 'Altre azioni sulla posizione' })
  const openPosition = async (name: string) => {
    await row(name).click()
    await page.getByRole('heading', { name }).waitFor()
    await menu().click()
  }
  let link = ''

  step('what the node does not have cannot be paid, and says so', async () => {
    await page.goto(`${program.origin}/posizioni`)
    await openPosition('Conti Carla')
    const item = page.getByRole('menuitem', { name: /Paga ora/ })
    expect(await item.isDisabled()).toBe(true)
    expect(await item.textContent()).toContain('Non è sul nodo')
    await page.keyboard.press('Escape')
  })

  step('two positions in one link: an instalment of the one, the whole of the other', async () => {
    for (const name of ['Abate Ada', 'Bruni Bruno', 'Conti Carla']) await row(name).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Altre azioni sulle scelte' }).click()
    await page.getByRole('menuitem', { name: 'Paga ora…' }).click()
    await dialog().getByRole('button', { name: 'Chiedi il link per 400,00 €' }).waitFor()
    await dialog().getByText('Non è sul nodo: pubblicala.').waitFor()
    await expectAccessible(page, 'paga ora, che cosa')
    await dialog().getByRole('checkbox', { name: 'Rata 1, Abate Ada' }).check()
    expect(await dialog().getByRole('checkbox', { name: 'Tutto insieme, Abate Ada' }).isChecked()).toBe(false)
    await dialog().getByRole('button', { name: 'Chiedi il link per 300,00 €' }).click()
    await dialog().getByRole('img', { name: 'Codice QR del link di pagamento' }).waitFor()
    await dialog().getByText('In attesa della ricevuta').waitFor()
    await expectAccessible(page, 'paga ora, il link', { dark: true })
    await dialog().getByRole('button', { name: 'Copia il link' }).click()
    link = await page.evaluate(() => navigator.clipboard.readText())
    expect(await dialog().getByRole('link', { name: 'Apri nel browser' }).getAttribute('href')).toBe(link)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  step('asked again it is the same link; the payer pays, and the receipt says so', async () => {
    await page.goto(`${program.origin}/posizioni`)
    await row('Abate Ada').click()
    const links = page.getByRole('dialog', { name: 'Paga ora' })
    await page.getByRole('heading', { name: 'Link «Paga ora»' }).waitFor()
    await page.locator('.cart-lines button').click()
    await links.getByText(link).waitFor()
    const payer = await stage.browser.newPage()
    await payer.goto(link)
    await payer.getByRole('button', { name: 'Paga 300,00 €' }).click()
    await payer.waitForURL(/ritorno=ok/)
    await payer.close()
    // The return is no proof; the program asks for the receipt by itself.
    await links.getByText('La ricevuta è arrivata').waitFor({ timeout: 45_000 })
    await expectAccessible(page, 'paga ora, pagato')
    await page.keyboard.press('Escape')
    await openPosition('Bruni Bruno')
    expect(await page.getByRole('menuitem', { name: /Paga ora/ }).textContent()).toContain('È già pagata')
  })

  step('the person’s card offers what is left, and remembers the link', async () => {
    await page.keyboard.press('Escape')
    await row('Abate Ada').click()
    await page.getByRole('heading', { name: 'Abate Ada' }).waitFor()
    await page.getByRole('link', { name: 'scheda' }).click()
    await page.getByRole('heading', { name: 'Abate Ada', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Paga ora…' }).first().click()
    await dialog().getByRole('button', { name: 'Chiedi il link per 100,00 €' }).waitFor()
    await dialog().getByLabel('Chi paga vuole l’esito per e-mail').check()
    expect(await dialog().getByLabel('E-mail di chi paga').inputValue()).toBe('chi.paga@esempio.test')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Pagamenti', exact: true }).click()
    const kept = page.getByRole('region', { name: 'Link «Paga ora»' })
    await kept.getByText('Pagato').waitFor()
  })
})
