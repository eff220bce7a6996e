import { readFileSync } from 'node:fs'
import type { Download, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './accessible.ts'
import type { Program } from './program.ts'
import { makeLedger, raiseQuotas } from './ready-ledger.ts'
import { onStage } from './stage.ts'

const PEOPLE = ['Abate Ada', 'Bruni Bruno', 'Conti Carla', 'Dessì Dario']

describe('positions go to a technological partner by file, and his outcome comes back', () => {
  let program: Program
  let page: Page
  onStage(
    'node-roads',
    (folder) => makeLedger(folder, ({ client }) => raiseQuotas(client, PEOPLE)),
    async (stage) => {
      stage.person.allow(/status of 422 .*\/rpc\/partner\/outcomePreview$/)
      ;({ program, page } = stage)
      await page.locator('.page-head').waitFor()
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = () => page.getByRole('alertdialog')
  const row = (text: string) => page.locator('table.grid tbody tr[aria-rowindex]').filter({ hasText: text })
  const textOf = async (download: Download) => readFileSync(await download.path(), 'utf8')
  const fileFrom = async (act: () => Promise<void>) => {
    const download = page.waitForEvent('download')
    await act()
    return download
  }
  const loadOutcome = async (name: string, text: string) => {
    const asked = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Carica l’esito…' }).click()
    await (await asked).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) })
    await dialog().waitFor()
  }
  let iupds: string[] = []
  let first = ''
  let outcome = ''

  step('chosen on the list they go into a CSV, and are no longer to be published', async () => {
    await page.goto(`${program.origin}/posizioni`)
    for (const name of PEOPLE) await row(name).getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Altre azioni sulle scelte' }).click()
    await page.getByRole('menuitem', { name: 'File per il partner…' }).click()
    await dialog().getByText('4 posizioni per 800,00 €').waitFor()
    await dialog().getByText('CSV', { exact: true }).click()
    await expectAccessible(page, 'partner-hand-over')
    const download = await fileFrom(() => dialog().getByRole('button', { name: 'Fai il file di 4 posizioni' }).click())
    expect(download.suggestedFilename()).toMatch(/^partner-1-posizioni-\d{4}-\d{2}-\d{2}\.csv$/)
    first = await textOf(download)
    expect(first.startsWith('\uFEFFlotto;operazione;iupd;')).toBe(true)
    const lines = first.trim().split('\r\n').slice(1)
    expect(lines).toHaveLength(4)
    iupds = lines.map((line) => line.split(';')[2] as string)
    await row('Abate Ada').click()
    const panel = page.getByRole('complementary', { name: 'Dettaglio: Abate Ada' })
    await panel.getByText('Posizioni nuove').waitFor()
    await panel.getByText('In attesa').waitFor()
    await row('Abate Ada').getByText('Affidata al partner: in attesa dell’esito').waitFor({ state: 'attached' })
  })

  step('the same file comes again from «Nodo pagoPA»', async () => {
    await page.goto(`${program.origin}/nodo?vista=partner`)
    await row('Posizioni nuove').click()
    const again = await fileFrom(() => page.getByRole('button', { name: 'Scarica', exact: true }).click())
    expect(await textOf(again)).toBe(first)
    await page.getByText('4 posizioni affidate al partner').waitFor()
  })

  step('a broken outcome is refused with its place; a good one is looked at, then written down', async () => {
    const asked = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Carica l’esito…' }).click()
    await (await asked).setFiles({
      name: 'esito.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`iupd;esito\n${iupds[0]};CARICATA\n`),
    })
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('esito.csv, riga 2')
    const [a, b, c] = iupds
    outcome = `lotto;iupd;esito;motivo\n1;${a};ACCETTATA;\n1;${b};RIFIUTATA;IBAN non attivo\n1;${c};ACCETTATA;\n1;80087670016-9;ACCETTATA;\n`
    await loadOutcome('esito.csv', outcome)
    expect(await dialog().locator('.partner-counts').textContent()).toBe('2 prese1 rifiutata1 ancora in attesa')
    await dialog().getByText('1 riga non è di questo file: resta fuori').waitFor()
    await dialog().getByText('IBAN non attivo').waitFor()
    await expectAccessible(page, 'partner-outcome')
    await dialog().getByRole('button', { name: 'Registra 3 esiti' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('1 posizione che il partner ha rifiutato').waitFor()
    await expectAccessible(page, 'partner-files')
  })

  step('twice the same outcome adds nothing', async () => {
    await loadOutcome('esito.csv', outcome)
    await dialog().getByText('Questo esito è già stato caricato', { exact: false }).waitFor()
    expect(await dialog().getByRole('button', { name: 'Registra l’esito' }).isDisabled()).toBe(true)
    await dialog().getByRole('button', { name: 'Lascia' }).click()
    await dialog().waitFor({ state: 'detached' })
  })

  step('what he refused goes into another file, and is taken by word', async () => {
    await page.getByRole('button', { name: 'Rimetti in un altro file…' }).click()
    await dialog().getByText('JSON di GPD', { exact: true }).click()
    const download = await fileFrom(() => dialog().getByRole('button', { name: 'Fai il file di 1 posizione' }).click())
    const body = JSON.parse(await textOf(download)) as { paymentPositions: { iupd: string }[] }
    expect(body.paymentPositions.map((one) => one.iupd)).toEqual([iupds[1]])
    await page.getByText('Niente di nuovo da comunicare al partner.').waitFor()
    await row('2').filter({ hasText: 'JSON di GPD' }).click()
    await page.getByRole('button', { name: 'Segna prese senza file…' }).click()
    await dialog().getByLabel('Motivo').fill('Detto al telefono')
    await dialog().getByRole('button', { name: 'Segna 1 posizione' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('Detto a voce').waitFor()
  })
})
