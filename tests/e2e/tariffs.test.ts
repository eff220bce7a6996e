import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { openXlsx } from '#codecs/xlsx-read'
import { addDays, formatDate } from '#domain/date'
import { enrol } from '../services/support/enrolled.ts'
import { expectAccessible } from './accessible.ts'
import { TODAY, YEAR } from './office.ts'
import type { Program } from './program.ts'
import { makeLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'
import { download, type Person, rowsSeen } from './window.ts'

/** An order with its albo and no file of quotas: two ordinary members, one of section B, a trainee, one suspended, one new. */
const PEOPLE = [
  { name: 'Abate Ada' },
  { name: 'Bruni Bea', section: 'B' },
  { name: 'Conti Ciro', from: `${YEAR}-01-01` },
  { name: 'Donati Dino' },
  { name: 'Esposito Eva', status: 'sospeso' },
  { name: 'Fabbri Fosca', category: 'praticante' as const, albo: 'Registro praticanti', section: 'B' },
]

/** As a secretary copies it from a sheet: code, description, category, albo, section, status, years from, to, what is paid. */
const TABLE = [
  ['ORD', 'Ordinaria', 'professionista', '', '', '', '', '', '215,00'],
  ['B', 'Sezione B', 'Professionista', '', 'B', '', '', '', '180'],
  ['NUOVI', 'Primo anno', '', '', '', '', '0', '0', '50 %'],
]

describe('the year’s quotas without a file, and who pays late', () => {
  let program: Program
  let page: Page
  let person: Person

  onStage(
    'tariffs',
    (folder) => makeLedger(folder, ({ backend }) => enrol(backend, PEOPLE)),
    async (stage) => {
      ;({ program, page, person } = stage)
      await page.locator('.page-head').waitFor()
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = () => page.getByRole('alertdialog')
  const open = (path: string) => page.goto(`${program.origin}${path}`)
  const checks = () => page.getByRole('region', { name: 'Controlli della tariffa' })
  const side = () => page.getByRole('region', { name: '3 · Riepilogo' })
  const cell = (row: number, column: string) => page.locator(`[data-cell="${row}-${column}"]`)
  const paste = (text: string) =>
    page.evaluate((pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.activeElement?.dispatchEvent(event)
    }, text)
  const list = async (length: number) => {
    await expect.poll(async () => (await rowsSeen(page)).length).toBe(length)
    return rowsSeen(page)
  }

  step('writes the tariff like a sheet, and is told whom it forgets and what overlaps', async () => {
    await open('/tariffe')
    await page.getByRole('button', { name: /Scrivi la tariffa/ }).click()
    await cell(0, 'code').focus()
    await paste(TABLE.map((cells) => cells.join('\t')).join('\n'))
    await checks()
      .getByText(/Nessuna tariffa per praticante, Registro praticanti, sezione B/)
      .waitFor()
    // One more row with the keyboard only: Invio goes down, Ctrl D takes what stands above.
    await cell(2, 'code').focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => cell(3, 'code').evaluate((el) => el === document.activeElement)).toBe(true)
    await page.keyboard.type('PRA')
    await cell(3, 'category').fill('praticante')
    await cell(3, 'value').fill('1.2')
    await checks().getByText('Riga 4: scrivi un importo').waitFor()
    expect(await page.getByRole('button', { name: 'Salva' }).isEnabled()).toBe(false)
    await cell(3, 'value').fill('80')
    await checks().getByText('Ognuna delle 6 persone nell’albo trova la sua tariffa').waitFor()
    await cell(3, 'category').focus()
    await page.keyboard.press('Control+d')
    await cell(3, 'category').fill('professionista')
    await checks()
      .getByText(/Righe 1 e 4 si sovrappongono/)
      .waitFor()
    expect(await page.getByRole('button', { name: 'Salva' }).isEnabled()).toBe(false)
    await cell(3, 'category').fill('praticante')
    await expectAccessible(page, 'Tariffe', { dark: true })
    await page.keyboard.press('Control+s')
    await page.getByText(`Tariffa ${YEAR} salvata.`).waitFor()
    await page.reload()
    await expect.poll(() => cell(3, 'value').inputValue()).toBe('80,00')
  })

  step('takes it out as a sheet, and into the next year with a rise', async () => {
    const { name, bytes } = await download(page, () => page.getByRole('button', { name: 'Esporta' }).click())
    expect(name).toMatch(/^tariffe-quota-annuale-\d{4}/)
    expect((await openXlsx(bytes)).ok).toBe(true)
    await open(`/tariffe?anno=${YEAR + 1}`)
    await page.getByRole('button', { name: `Copia dal ${YEAR}` }).click()
    await page.getByLabel('Aumento, %').fill('3')
    await page.getByRole('combobox', { name: 'Arrotonda' }).click()
    await page.getByRole('option', { name: 'all’euro' }).click()
    await expectAccessible(page, 'Tariffe, copia da un altro anno')
    await page.getByRole('button', { name: 'Copia 4 righe' }).click()
    expect(await Promise.all([0, 1, 2, 3].map((n) => cell(n, 'value').inputValue()))).toEqual([
      '221,00',
      '185,00',
      '50 %',
      '82,00',
    ])
    await page.getByRole('button', { name: 'Salva' }).click()
    await page.getByText(`Tariffa ${YEAR + 1} salvata.`).waitFor()
  })

  step('is told that others saved the tariff meanwhile, and loses nothing typed', async () => {
    await cell(0, 'value').fill('230')
    person.allow(/status of 422 .*\/rpc\/tariff\/save$/)
    const other = await person.anotherWindow(`/tariffe?anno=${YEAR + 1}`)
    const theirs = other.locator('[data-cell="0-value"]')
    await expect.poll(() => theirs.inputValue()).toBe('221,00')
    await theirs.fill('225')
    await other.keyboard.press('Control+s')
    await other.getByText(`Tariffa ${YEAR + 1} salvata.`).waitFor()
    await page.getByRole('status').getByText('ORD Ordinaria, 225,00').waitFor()
    await page.keyboard.press('Control+s')
    const note = page.getByRole('alert').filter({ hasText: 'è stata salvata da altri mentre la scrivevi' })
    await note.getByText('prima scegli quale tenere').waitFor()
    expect(await cell(0, 'value').inputValue()).toBe('230')
    await expectAccessible(page, 'Tariffe, salvata da altri')
    await note.getByRole('button', { name: 'Tieni la mia' }).click()
    await note.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+s')
    await expect.poll(() => theirs.inputValue()).toBe('230,00')
    await theirs.fill('240')
    await cell(0, 'value').fill('250')
    await page.getByRole('button', { name: 'Salva' }).click()
    await other.getByRole('button', { name: 'Prendi quella salvata' }).click()
    await expect.poll(() => theirs.inputValue()).toBe('250,00')
    await other.close()
  })

  step('sees who pays what and why, strikes one off and raises the others', async () => {
    await open('/quote/genera')
    const rows = await list(5)
    expect(rows.map((cells) => cells.at(-1))).toEqual(['215,00', '180,00', '107,50', '215,00', '80,00'])
    await page.getByRole('button', { name: /Niente da pagare/ }).click()
    expect((await list(1))[0]?.join(' ')).toContain('Stato «sospeso»: nessuna tariffa lo prevede')
    await page.getByRole('button', { name: /Da generare/ }).click()
    await list(5)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Delete')
    await side().getByText('Si generano 4 quote').waitFor()
    await page.keyboard.press('Control+z')
    await side().getByText('Si generano 5 quote').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Delete')
    await page.getByLabel('Scadenza').fill(formatDate(addDays(TODAY, -45)))
    await page.getByLabel('Scadenza').blur()
    await side()
      .getByText(formatDate(addDays(TODAY, -45)))
      .waitFor()
    await side().getByText('Si generano 4 quote').waitFor()
    await expectAccessible(page, 'Genera quote', { dark: true })
    await page.keyboard.press('Control+Enter')
    await dialog().getByText('Genera 4 quote per 582,50 €').waitFor()
    await dialog().getByRole('button', { name: 'Genera 4 quote', exact: true }).click()
    const done = page.getByRole('dialog', { name: '4 quote generate' })
    await done.getByText(`da 1 a 4/${YEAR}`).waitFor()
    await page.keyboard.press('Escape')
    await side().getByText('4 persone hanno già la loro quota').waitFor()
    expect((await list(1))[0]?.join(' ')).toContain('Abate Ada')
  })

  step('takes the generation back with a reason, and makes it again', async () => {
    await page.getByRole('button', { name: 'Generazioni fatte…' }).click()
    const made = page.getByRole('dialog', { name: 'Generazioni fatte' })
    await expectAccessible(page, 'Genera quote, generazioni fatte')
    await made.getByRole('button', { name: 'Disfa…' }).click()
    await dialog().getByLabel('Motivo').fill('Tariffa da rivedere')
    await dialog().getByRole('button', { name: 'Annulla 4 accertamenti' }).click()
    await page.getByText('Generazione disfatta: 4 accertamenti annullati.').waitFor()
    await side().getByText('Si generano 5 quote').waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog().getByRole('button', { name: 'Genera 5 quote', exact: true }).click()
    await page.getByRole('dialog', { name: '5 quote generate' }).getByText(`da 5 a 9/${YEAR}`).waitFor()
  })

  step('goes on to the notices', async () => {
    await page.getByRole('button', { name: 'Genera le posizioni…' }).click()
    await page.getByRole('button', { name: /^Genera 5 posizioni/ }).click()
    await dialog().getByRole('button', { name: 'Genera 5 posizioni', exact: true }).click()
    await page.getByRole('dialog', { name: /5 posizioni generate/ }).waitFor()
    await open('/quote/genera')
    await page.getByRole('button', { name: 'Generazioni fatte…' }).click()
    await page.getByRole('dialog', { name: 'Generazioni fatte' }).getByText('5 quote hanno una posizione').waitFor()
  })

  step('raises a due una tantum for chosen people', async () => {
    await open('/quote/genera')
    await page.getByRole('combobox', { name: 'Tipo di dovuto' }).click()
    await page.getByRole('option', { name: 'Diritti di segreteria · una tantum' }).click()
    await page.getByText('Scegli a chi').waitFor()
    await page.getByRole('combobox', { name: 'A chi' }).fill('espo')
    await page.getByRole('option', { name: 'Esposito Eva' }).click()
    await side().getByText('Si genera 1 quota').waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog().getByRole('button', { name: 'Genera 1 quota', exact: true }).click()
    await page.getByRole('dialog', { name: '1 quota generata' }).getByText(`10/${YEAR}`).waitFor()
  })

  step('writes the rules of a type: due date and late fee', async () => {
    await open('/impostazioni/tipi')
    await page.getByRole('button', { name: 'Quota annuale', exact: true }).click()
    await page.getByRole('combobox', { name: 'Regola' }).click()
    await page.getByRole('option', { name: 'Un giorno fisso dell’anno' }).click()
    await page.getByLabel('Chi paga in ritardo deve una mora').check()
    await page.getByText('Su 215,00 €: dopo 31 giorni 21,50 €, dopo 91 giorni 43,00 €').waitFor()
    await expectAccessible(page, 'Tipo di dovuto con le sue regole')
    await page.getByRole('button', { name: 'Salva' }).click()
    await page.getByText(/il 31 marzo dell’anno di competenza; mora oltre 30 giorni 10 %/).waitFor()
  })

  step('asks the late fee of who is late: by rule, by hand, one struck off, in the same notice', async () => {
    await open('/mora')
    const rows = await list(5)
    expect(rows.map((cells) => cells.at(-1))).toEqual(['21,50', '18,00', '10,75', '21,50', '8,00'])
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('F2')
    const hand = page.getByRole('dialog', { name: 'Mora di Abate Ada' })
    await hand.getByLabel('Mora da chiedere, euro').fill('5,00')
    await hand.getByRole('button', { name: 'Usa questo importo' }).click()
    await side().getByText('63,25 €').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Delete')
    await side().getByText('45,25 €').waitFor()
    await expectAccessible(page, 'Mora', { dark: true })
    await page.keyboard.press('Control+Enter')
    await dialog().getByText('Aggiungi 4 more per 45,25 €').waitFor()
    await dialog().getByRole('button', { name: 'Aggiungi 4 more', exact: true }).click()
    await page.getByText('4 more aggiunte per 45,25 €: 4 avvisi con la mora dentro.').waitFor()
    expect((await list(1))[0]?.join(' ')).toContain('Bruni Bea')
    await open('/posizioni?cerca=abate')
    expect((await list(1))[0]?.join(' ')).toContain('220,00')
  })
})
