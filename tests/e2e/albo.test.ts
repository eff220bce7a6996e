import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { runDemo } from '#hosts/cli/demo/run-demo'
import { expectAccessible } from './accessible.ts'
import type { Program } from './program.ts'
import { onStage } from './stage.ts'
import { chooseFiles, go, rowsSeen, settled } from './window.ts'

/** Who has paid goes back to the Albo: a destination, a list sent, its answer by hand and from a file, one that leaves by itself. */
describe('lists for the Albo', () => {
  let program: Program
  let page: Page

  onStage(
    'albo',
    async (folder) => {
      await runDemo({ members: 12, seed: 7, out: folder, print: () => undefined })
      return join(folder, 'archivio')
    },
    (stage) => {
      ;({ program, page } = stage)
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  /** Without those under a temporary name. */
  const files = () =>
    readdirSync(program.deliveries)
      .filter((name) => /^[^.].*\.(csv|xlsx)$/.test(name))
      .toSorted()
  const linesOf = (name: string) =>
    readFileSync(join(program.deliveries, name), 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n')
  const lists = async () => {
    await go(page, 'Registri')
    await page.getByRole('button', { name: 'Liste per l’Albo' }).click()
    await page.getByRole('grid').waitFor()
    await settled(page)
  }
  const stateOfFirst = async () =>
    (await rowsSeen(page))[0]?.find((cell) => /^(Mandata|Accettata|Rifiutata)/.test(cell))
  const answer = async (how: string) => {
    await page.getByRole('button', { name: 'Risposta…' }).click()
    await page.getByRole('menuitem', { name: how }).click()
  }

  async function destination(name: string, profile: string, automatic: boolean): Promise<void> {
    await page.getByRole('textbox', { name: 'Nome', exact: true }).fill(name)
    await page.getByRole('combobox', { name: 'Forma della lista' }).click()
    await page.getByRole('option', { name: profile }).click()
    await page.getByRole('button', { name: 'Scegli la cartella…' }).click()
    const folders = page.getByRole('dialog', { name: 'Scegli una cartella' })
    await folders.getByRole('button', { name: 'consegnati' }).click()
    await folders.getByRole('button', { name: 'Metti qui le liste' }).click()
    const alone = page.getByRole('switch', { name: /Manda da sola/ })
    if ((await alone.isChecked()) !== automatic) await alone.click()
  }

  let rows = 0

  step('a destination is written, tried and saved', async () => {
    await go(page, 'Impostazioni')
    await page.getByRole('link', { name: 'Albo', exact: true }).click()
    await destination('Albo OPI', 'Albo Unico OPI', false)
    await page.getByText('Forma da confermare', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Prova' }).click()
    await page.getByText('La cartella si può scrivere.').waitFor()
    expect(files()).toEqual([])
    await expectAccessible(page, 'Impostazioni, Albo', { dark: true })
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await page.getByRole('heading', { name: 'Albo OPI' }).waitFor()
  })

  step('the list of who has paid is seen, then sent: the file is in the folder, the log says so', async () => {
    await lists()
    rows = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1
    expect(rows).toBeGreaterThan(3)
    await expectAccessible(page, 'Liste per l’Albo', { dark: true })
    await page.getByRole('button', { name: 'Manda ora…' }).click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: `Manda ${rows} righe` })
      .click()
    await expect.poll(files).toHaveLength(1)
    expect(linesOf(files()[0] as string)).toHaveLength(rows + 1)
    await page.getByText('mandata in', { exact: false }).first().waitFor()
    await expect.poll(stateOfFirst).toBe('Mandata')
    await page.getByRole('button', { name: 'Risposta…' }).waitFor()
    await expectAccessible(page, 'Liste mandate all’Albo', { dark: true })
    await page.getByRole('button', { name: 'Chi ha pagato' }).click()
    await page.getByText('Nessuna novità per l’Albo').waitFor()
    expect(await page.getByRole('button', { name: 'Manda ora…' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Liste mandate' }).click()
    await page.locator('tr[aria-rowindex="2"]').click()
  })

  step('a row that the Albo refused is marked by hand, said on the dashboard, and goes out again', async () => {
    await answer('Segna le rifiutate…')
    const sheet = page.getByRole('dialog', { name: /^Righe rifiutate/ })
    await sheet.getByRole('checkbox').first().check()
    await sheet.getByLabel(/^Motivo per/).fill('Iscritto non trovato')
    await expectAccessible(page, 'Righe rifiutate', { dark: true })
    await sheet.getByRole('button', { name: /^Segna 1 rifiutata/ }).click()
    await sheet.waitFor({ state: 'detached' })
    await expect.poll(stateOfFirst).toBe('Accettata in parte')
    await page.getByText('Rifiutata: Iscritto non trovato').waitFor()
    await go(page, 'Cruscotto')
    await page.getByText('1 quota rifiutata dall’Albo').first().waitFor()
    await lists()
    await page.getByRole('button', { name: 'Manda ora…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Manda 1 riga' }).click()
    await expect.poll(files).toHaveLength(2)
  })

  step('the answer is read from the file of the Albo; what it does not know is told', async () => {
    const told = linesOf(files()[1] as string)[1]?.split(';') as string[]
    await page.getByRole('heading', { name: files()[1] as string }).waitFor()
    const reply = `Codice Fiscale;Anno Tassa;Esito;Motivo\n${told[0]};${told[2]};OK;\nRSSMRA80A01H501U;1999;OK;\n`
    await chooseFiles(page, () => answer('Leggi il file di risposta…'), [
      { name: 'esiti.csv', bytes: new TextEncoder().encode(reply) },
    ])
    const left = page.getByRole('dialog', { name: 'Righe della risposta lasciate fuori' })
    await left.getByText('«RSSMRA80A01H501U 1999» non è in questa lista', { exact: false }).waitFor()
    await left.getByRole('button', { name: 'Chiudi' }).click()
    await expect.poll(stateOfFirst).toBe('Accettata')
  })

  step('a destination that sends by itself needs nobody', async () => {
    await go(page, 'Impostazioni')
    await page.getByRole('link', { name: 'Albo', exact: true }).click()
    await page.getByRole('button', { name: 'Nuova destinazione' }).click()
    await page.getByRole('heading', { name: 'Nuova destinazione per l’Albo' }).waitFor()
    await destination('Archivio', 'Neutro', true)
    await page.getByRole('button', { name: 'Salva', exact: true }).click()
    await expect.poll(() => files().filter((name) => name.endsWith('.xlsx')), { timeout: 40_000 }).toHaveLength(1)
  })
})
