import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { openWorkbook } from '#codecs/workbook'
import { addDays } from '#domain/date'
import { expectAccessible } from './accessible.ts'
import { duesOf, foreignRegisterCsv, TODAY, YEAR } from './office.ts'
import { makeLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'
import { chooseFiles, download, go, SCREEN, settled, type Upload } from './window.ts'

const PROFILE = 'Albo di Vallombra'
/** Everyone once, whatever else they owe: some of each category. */
const everyone = [...new Map(duesOf(120).map((due) => [due.fiscalCode, due])).values()]
const members = (['professionista', 'stp', 'praticante'] as const).flatMap((category) =>
  everyone.filter((due) => due.category === category).slice(0, category === 'professionista' ? 8 : 2),
)

function foreignCsv(name: string, cells: (index: number) => Readonly<Record<string, string>>): Upload {
  return { name, bytes: foreignRegisterCsv(members, addDays(TODAY, 60), cells) }
}

/** The register of another program: its columns said once, its mistakes mended, its people updated, all of it taken back. */
describe('a register of another program on screen', () => {
  let page: Page

  onStage(
    'register',
    (folder) => makeLedger(folder, undefined, { members: 5 }),
    (stage) => {
      page = stage.page
    },
  )

  const bring = async (file: Upload) => {
    await go(page, 'Importa quote')
    await chooseFiles(page, () => page.keyboard.press('Control+O'), [file])
  }
  const columnField = (letter: string): Locator =>
    page.getByRole('combobox', { name: new RegExp(`^Campo della colonna ${letter} `) })
  const assign = async (letter: string, typed: string, chosen: string) => {
    // What the values say is proposed already.
    if ((await columnField(letter).inputValue()) === chosen) return
    await columnField(letter).focus()
    await page.keyboard.type(typed)
    await page.keyboard.press('Enter')
    await expect.poll(() => columnField(letter).inputValue()).toBe(chosen)
  }
  /** A choice of the panel, by its name and the words of the option. */
  const pick = async (name: string, option: string) => {
    await page.getByRole('combobox', { name, exact: true }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  const field = (name: string) => page.getByRole('region', { name: 'Campi' }).getByRole('button', { name })
  const openField = async (name: string) => {
    if ((await field(name).getAttribute('aria-expanded')) !== 'true') await field(name).click()
  }
  const mailsSeen = (name: string) =>
    page
      .getByRole('grid')
      .getByText(new RegExp(`^${name}\\d+@`))
      .count()
  const primary = () => page.getByRole('button', { name: 'Controlla le righe' })

  it('is mapped by hand: typed, dragged, joined, translated, computed; then it has a name', {
    timeout: 90_000,
  }, async () => {
    await bring(
      foreignCsv('iscritti.csv', (i) =>
        i === 2 ? { 'Da versare': '1,215.00' } : i === 7 ? { 'Cod. iscritto': 'ABCDEF' } : {},
      ),
    )
    await page.getByText('Profilo non riconosciuto: assegna le colonne').waitFor()
    await settled(page)
    await expectAccessible(page, 'Colonne da assegnare', { dark: true })

    await assign('A', 'codice f', 'Codice fiscale')
    await assign('B', 'cognome e', 'Cognome e nome o denominazione')
    await assign('C', 'cognome e', 'Cognome e nome o denominazione')
    await page.getByText('unita: B + C').first().waitFor()
    await assign('G', 'pec', 'PEC')
    await assign('H', 'ignora', 'ignora')
    await field('Importo').dragTo(columnField('E'))
    await expect.poll(() => columnField('E').inputValue()).toBe('Importo')
    await field('Scadenza').dragTo(columnField('F'))
    await expect.poll(() => columnField('F').inputValue()).toBe('Scadenza')

    await openField('Categoria')
    if ((await columnField('D').inputValue()) !== 'Categoria') await pick('Colonna per Categoria', 'D Pos.')
    await page.getByRole('button', { name: /Traduci i valori/ }).click()
    const sheet = page.getByRole('dialog', { name: 'Valori di «Categoria»' })
    await sheet.getByText('ORD', { exact: true }).waitFor()
    await expectAccessible(page, 'Valori tradotti')
    const codes = { ORD: 'professionista', SOC: 'società tra professionisti', TIR: 'praticante' }
    for (const [code, ours] of Object.entries(codes)) {
      if ((await sheet.getByText(code, { exact: true }).count()) > 0) await pick(`«${code}» diventa`, ours)
    }
    expect(await sheet.getByText('da dire').count()).toBe(0)
    await sheet.getByRole('button', { name: 'Torna alle colonne' }).click()
    await sheet.waitFor({ state: 'detached' })

    expect(await primary().isDisabled()).toBe(true)
    // F8 opens what is missing, and the rest goes on from there without the mouse.
    for (const [name, typed] of [
      ['Servizio', 'quota annu'],
      ['Anno di competenza', String(YEAR)],
    ] as const) {
      await page.keyboard.press('F8')
      await expect.poll(() => field(name).evaluate((button) => button === document.activeElement)).toBe(true)
      await page.keyboard.press('Tab')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Tab')
      await page.keyboard.type(typed)
      await page.keyboard.press('Enter')
    }
    await field('Servizio').getByText('sempre «Quota annuale»').waitFor()
    await openField('Causale')
    await page.getByText('Composta').click()
    await page.getByLabel('Causale di ogni riga').fill('Contributo di ')
    await page.getByRole('button', { name: '{nome}', exact: true }).click()
    await expect.poll(() => primary().isEnabled()).toBe(true)

    await page.getByText(/^Tutte le 12 righe:/).waitFor()
    await expect.poll(() => page.getByRole('status').textContent()).toContain('2 con errori')
    await page.getByRole('button', { name: 'Come sarà letto' }).click()
    const read = page.getByRole('region', { name: 'Come sarà letto' })
    await read.getByRole('cell', { name: `Contributo di ${members[0]?.name}`, exact: true }).waitFor()
    await settled(page)
    await expectAccessible(page, 'Come sarà letto', { dark: true })

    await page.keyboard.press('Control+S')
    const named = page.getByRole('dialog', { name: 'Salva come profilo' })
    await named.getByLabel('Nome del profilo').fill(PROFILE)
    await page.keyboard.press('Enter')
    await named.waitFor({ state: 'detached' })
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
  })

  it('is checked row by row: one mended in place, the other left out because the person says so', {
    timeout: 60_000,
  }, async () => {
    await page.keyboard.press('Control+Enter')
    await page.getByText('2 errori da correggere').waitFor()
    const problems = page.getByRole('region', { name: 'Problemi' })
    await problems.getByText('Errori: la riga resta fuori').waitFor()
    await problems.getByRole('button', { name: /1,215\.00/ }).click()
    const cell = page.locator('tr.cursor [data-column="E"]')
    await cell.waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Riga 5, colonna E').fill('215,00')
    await page.keyboard.press('Enter')
    await page.getByText('1 errore da correggere').waitFor()
    expect(await page.getByRole('button', { name: 'Conferma importazione…' }).isDisabled()).toBe(true)

    const wrong = await download(page, () => page.getByRole('button', { name: 'Esporta gli errori' }).click())
    expect(wrong.name).toMatch(/\.(xlsx|csv)$/)

    // The way back to the columns, and again to the same check.
    await page.getByRole('button', { name: 'cambia', exact: true }).click()
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
    await page.goBack()
    await page.getByText('1 errore da correggere').waitFor()
    // Read again, and what was mended is mended; another amount column, and the person is told what to do again.
    await page.getByRole('button', { name: 'cambia', exact: true }).click()
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText('Riprese dalla lettura di prima: 1 cella corretta.').waitFor()
    await page.getByText('1 errore da correggere').waitFor()
    await settled(page)
    await expectAccessible(page, 'Riletta con le correzioni')

    await page.getByRole('button', { name: 'importa solo le 11 righe buone' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Con errori, restano fuori').waitFor()
    await dialog.getByRole('button', { name: 'Importa 11 quote' }).click()
    await page.getByRole('heading', { level: 1, name: 'Accertamenti' }).waitFor()
  })

  it('is known the second time, and what it says otherwise of people is chosen before', {
    timeout: 60_000,
  }, async () => {
    await bring(
      foreignCsv('iscritti-2.csv', (i) => ({
        'Da versare': '31,00',
        Recapito: i < 3 ? `cambiato${i}@pec.example` : `iscritto${i}@pec.example`,
      })),
    )
    await page.getByRole('button', { name: 'Conferma importazione…' }).waitFor()
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
    await page.getByRole('button', { name: /^Persone da aggiornare/ }).click()
    const list = page.getByRole('grid', { name: 'Persone da aggiornare' })
    await expect.poll(() => list.locator('tbody tr[aria-rowindex]').count()).toBe(3)
    await settled(page)
    await expectAccessible(page, 'Persone da aggiornare', { dark: true })
    await list.focus()
    await page.keyboard.press('Home')
    await page.getByRole('region', { name: 'Persona scelta' }).waitFor()
    await page.keyboard.press('l')
    await page.getByText(/2 dati si aggiornano/).waitFor()
    await page.keyboard.press('Control+Enter')
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText(/Di 3 persone già note 2 dati si aggiornano, 1 resta com’è/).waitFor()
    await dialog.getByRole('button', { name: 'Importa 12 quote' }).click()
    await page.getByRole('heading', { level: 1, name: 'Accertamenti' }).waitFor()

    await page.setViewportSize({ width: 1920, height: 1080 })
    await go(page, 'Persone')
    await expect.poll(() => mailsSeen('cambiato')).toBe(2)
    await expect.poll(() => mailsSeen('iscritto')).toBe(10)
  })

  it('stays in the history, is exported as shown, and is undone after telling what comes back', {
    timeout: 60_000,
  }, async () => {
    await page.setViewportSize(SCREEN)
    await go(page, 'Importa quote')
    await page.keyboard.press('s')
    await page.getByRole('heading', { level: 1, name: 'Storico delle importazioni' }).waitFor()
    const list = page.getByRole('grid', { name: 'Storico delle importazioni' })
    await list.getByText('iscritti-2.csv').waitFor()
    await settled(page)
    await expectAccessible(page, 'Storico', { dark: true })
    const file = await download(page, async () => {
      await page.keyboard.press('Control+E')
      await page.getByRole('menuitem', { name: /xlsx/ }).click()
    })
    expect(await textsOf(file)).toEqual(expect.arrayContaining(['iscritti.csv', 'iscritti-2.csv', 'Segreteria']))

    await list.getByText('iscritti-2.csv').click()
    const panel = page.getByRole('complementary', { name: /iscritti-2\.csv/ })
    await panel.getByText('Impronta SHA-256').waitFor()
    await panel.getByText(/^[0-9a-f]{64}$/).waitFor()
    await panel.getByRole('button', { name: 'Disfa…' }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Accertamenti, annullati').waitFor()
    await dialog.getByText('372,00 €').waitFor()
    await expectAccessible(page, 'Disfa importazione')
    await dialog.getByLabel('Motivo').fill('caricata per prova')
    await dialog.getByRole('button', { name: 'Disfa l’importazione' }).click()
    await dialog.waitFor({ state: 'detached' })
    await panel.getByText('caricata per prova').waitFor()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await go(page, 'Persone')
    await expect.poll(() => mailsSeen('iscritto')).toBe(11)
    expect(await mailsSeen('cambiato')).toBe(0)
    await page.setViewportSize(SCREEN)
  })

  it('hands its profile over as a file, forgets it, and takes it in again', { timeout: 60_000 }, async () => {
    await bring(foreignCsv('iscritti-3.csv', () => ({ 'Da versare': '44,00' })))
    await page.getByRole('button', { name: 'cambia', exact: true }).click()
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
    const menu = async (item: string) => {
      await page.getByRole('button', { name: 'Profilo', exact: true }).click()
      await page.getByRole('menuitem', { name: item, exact: true }).click()
    }
    const file = await download(page, () => menu(`Esporta «${PROFILE}» su file`))
    await menu(`Elimina «${PROFILE}»…`)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Elimina il profilo' }).click()
    await page.getByText('Profilo non riconosciuto: assegna le colonne').waitFor()
    await chooseFiles(page, () => menu('Aggiungi un profilo da file…'), [file])
    await page.getByText(`Letto come «${PROFILE}»`).waitFor()
    await expect.poll(() => primary().isEnabled()).toBe(true)
    await menu(`Rinomina «${PROFILE}»…`)
    const named = page.getByRole('dialog', { name: 'Rinomina il profilo' })
    await named.getByLabel('Nome del profilo').fill('Vallombra')
    await named.getByRole('button', { name: 'Rinomina' }).click()
    await page.getByText('Letto come «Vallombra»').waitFor()
  })
})

/** Every text of an exported list. */
async function textsOf(file: Upload): Promise<string[]> {
  const book = await openWorkbook(file.bytes)
  if (!book.ok) throw new Error(`${file.name} is no workbook`)
  const texts: string[] = []
  for await (const rows of book.value.rows(0)) {
    for (const row of rows) for (const cell of row.cells.values()) if (cell.kind === 'text') texts.push(cell.text)
  }
  return texts
}
