import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import { makeLedger } from './ready-ledger.ts'
import { onStage, type Stage } from './stage.ts'

describe('what comes back from the pagoPA node', () => {
  let page: Page
  let stage: Stage
  /** Where a payer pays. */
  let desk: Page
  let notices = ''

  onStage(
    'node-receive',
    (folder) => makeLedger(folder, undefined, { delivers: false }),
    async (ready) => {
      stage = ready
      page = ready.page
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const rows = () => page.locator('table.grid tbody tr[aria-rowindex]:not(.placeholder)')

  /** A payment that nobody asked for, made on the rehearsal's page. */
  async function payUnasked(what: string, amount: string, taxonomy: string): Promise<void> {
    await desk.goto(notices)
    const form = desk.locator('form').filter({ has: desk.getByLabel('Codice tassonomia') })
    await form.getByLabel('Oggetto').fill(what)
    await form.getByLabel('Codice tassonomia').fill(taxonomy)
    await form.getByLabel('Euro').fill(amount)
    await form.getByRole('button', { name: 'Paga' }).click()
    await desk.getByRole('status').getByText('con il numero avviso').waitFor()
  }

  step('a type is marked: what is paid with its code is raised by itself', async () => {
    await page.goto(`${stage.program.origin}/impostazioni/tipi`)
    await page.getByRole('button', { name: /Diritti di segreteria/ }).click()
    await page.getByLabel('Nasce anche da pagamenti spontanei').check()
    await page.getByLabel('Causale', { exact: true }).fill('Diritti pagati da un altro portale')
    await expectAccessible(page, 'tipo di dovuto con pagamenti spontanei', { dark: true })
    await page.keyboard.press('Control+s')
    await page.getByRole('button', { name: 'Nuovo tipo' }).waitFor()
  })

  step('nothing yet: a reading says so, and when it was', async () => {
    await page.goto(`${stage.program.origin}/ricevute`)
    await page.getByRole('button', { name: 'Scarica dal nodo', exact: true }).click()
    await page.getByText('Niente di nuovo sul nodo.').waitFor()
    await page
      .getByText(/ultima lettura/)
      .first()
      .waitFor()
  })

  step('two payments come: one is raised, the other waits for a choice', async () => {
    await page.goto(`${stage.program.origin}/impostazioni/nodo`)
    const opened = page.context().waitForEvent('page')
    await page.getByRole('button', { name: 'Apri la pagina dei pagamenti di prova' }).click()
    desk = await opened
    notices = desk.url()
    await payUnasked('Certificato di iscrizione', '16,00', '9/0401104TS/')
    await payUnasked('Sala convegni', '120,00', '9/0401105TS/')
    await page.goto(`${stage.program.origin}/ricevute`)
    await page
      .getByText(/ultima lettura/)
      .first()
      .waitFor()
    await page.keyboard.press('F5')
    await page.getByText(/2 ricevute nuove/).waitFor()
    await rows().nth(1).waitFor()
    expect(await rows().count()).toBe(2)
  })

  step('what was raised is looked at', async () => {
    await page.goto(`${stage.program.origin}/nodo?vista=spontanei`)
    await rows().nth(1).waitFor()
    expect(await rows().count()).toBe(2)
    await rows().filter({ hasText: 'Da guardare' }).click()
    await page
      .getByText(/persona nuova/)
      .first()
      .waitFor()
    await expectAccessible(page, 'pagamenti senza posizione', { dark: true })
    await page.keyboard.press('g')
    await page.getByText('1 pagamento guardato.').waitFor()
    await rows().filter({ hasText: 'Guardato' }).waitFor()
  })

  step('the other is given its type, and is undone again', async () => {
    await rows().filter({ hasText: 'Da attribuire' }).click()
    await page.getByRole('button', { name: 'Attribuisci…' }).waitFor()
    await page.keyboard.press('a')
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel(/Tipo di dovuto per/).click()
    await page.getByRole('option').first().click()
    await expectAccessible(page, 'pagamento da attribuire')
    await dialog.getByRole('button', { name: 'Accerta il dovuto' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await rows().filter({ hasText: 'Da guardare' }).click()
    await page.getByRole('button', { name: 'Disfa…' }).click()
    await dialog.getByLabel(/Motivo/).fill('Era di un’altra sala')
    await dialog.getByRole('button', { name: 'Disfa', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await rows().filter({ hasText: 'Da attribuire' }).waitFor()
  })

  step('flows come too, and the page of the node says when all was read', async () => {
    await desk.getByRole('link', { name: /Flussi e banca/ }).click()
    await desk.getByRole('button', { name: /Produci subito/ }).click()
    await desk.getByRole('status').waitFor()
    await page.goto(`${stage.program.origin}/rendicontazioni`)
    await page.getByRole('button', { name: 'Scarica dal nodo', exact: true }).click()
    await page.getByText(/fluss[oi] nuov[oi]/).waitFor()
    await page.goto(`${stage.program.origin}/nodo`)
    await page.getByText('Fino in fondo').nth(1).waitFor()
    await expectAccessible(page, 'nodo, arrivi')
    await desk.close()
  })
})
