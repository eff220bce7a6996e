import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { addDays, formatDate } from '#domain/date'
import { cents, formatCents } from '#domain/money'
import { pageTexts, readNoticeQr } from '../codecs/pdf-tools.ts'
import { expectAccessible } from './accessible.ts'
import { finished, start } from './delivery/campaign-page.ts'
import { smallBankCsv, TODAY } from './office.ts'
import type { Program } from './program.ts'
import { makeReadyLedger } from './ready-ledger.ts'
import { amountOf } from './road/walk.ts'
import { onStage } from './stage.ts'
import { chooseFiles, download, go, rowsSeen } from './window.ts'

/** On a busy machine the answer takes its time. */
const SOON = { timeout: 10_000 }

/** One position by hand, and everything that can happen to it, as the secretary does it. */
describe('positions, one by one and many at once', () => {
  let program: Program
  let page: Page
  /** People of the register, as the list writes them. */
  let people: string[]

  onStage(
    'positions',
    (folder) => makeReadyLedger(folder, 14),
    async (stage) => {
      ;({ program, page } = stage)
      await go(page, 'Posizioni debitorie')
      await page.locator('tr[aria-rowindex="2"]').waitFor()
      people = (await rowsSeen(page)).map((cells) => cells[2] ?? '')
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = () => page.getByRole('alertdialog')
  const panel = () => page.getByRole('complementary', { name: /^Dettaglio/ })
  /** Opens a person's first position on the list, with its panel. */
  const openOf = async (name: string) => {
    await page.goto(`${program.origin}/posizioni?cerca=${encodeURIComponent(name)}`)
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await panel().getByRole('heading', { name: 'Versioni' }).waitFor()
  }
  const act = async (name: string | RegExp) => {
    await panel().getByRole('button', { name: 'Altre azioni sulla posizione' }).click()
    await page.getByRole('menuitem', { name }).click()
    await dialog().waitFor()
  }
  const confirm = async (button: Locator) => {
    await expect.poll(() => button.isEnabled(), SOON).toBe(true)
    await button.click()
    await expect.poll(() => dialog().count(), SOON).toBe(0)
  }

  step('writes a new one with keys, two dues and another institution, and prints it at once', async () => {
    await page.goto(`${program.origin}/posizioni/nuova`)
    await page.getByRole('heading', { level: 1, name: 'Nuova posizione' }).waitFor()
    await expectAccessible(page, 'Nuova posizione, vuota', { dark: true })
    // The hand is already where the search is; Invio takes the first one found.
    await page.keyboard.type(people[0] ?? '')
    await page
      .getByRole('option', { name: people[0] ?? '' })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page), SOON).toBe('Tipo di dovuto della riga 1')
    await page.keyboard.type('Corso')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Causale della riga 1')
    await page.keyboard.insertText('Corso di aggiornamento')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.insertText('120,50')
    await page.getByRole('button', { name: 'Aggiungi una riga' }).press('Enter')
    await page.getByLabel('Tipo di dovuto della riga 2').focus()
    await page.keyboard.type('Diritti')
    await page.keyboard.press('Enter')
    await page.getByLabel('Scadenza', { exact: true }).fill(formatDate(addDays(TODAY, 30)))
    await page.getByLabel('Identificativo dell’ente').fill('CORSO-1')
    await page.getByRole('button', { name: 'Aggiungi un altro ente' }).press('Enter')
    await page.getByLabel('Codice fiscale del beneficiario 1').fill('97249640588')
    await page.getByLabel('IBAN del beneficiario 1').fill('IT60X0542811101000000123456')
    await page.getByLabel('Tassonomia del beneficiario 1').fill('9/0401108AP/')
    await page.getByLabel('Causale del beneficiario 1').fill('Contributo al Consiglio nazionale')
    await page.locator('.other-row').getByLabel('Importo €').fill('9,50')
    const summary = page.getByRole('region', { name: 'Riepilogo' })
    // 120,50 + 10,00 + 9,50: two transfers of ours, by taxonomy, and one of another institution.
    await summary.getByText('3 versamenti').waitFor()
    await expect.poll(() => summary.getByRole('button', { name: /^Crea la posizione/ }).isEnabled(), SOON).toBe(true)
    await summary.getByText('140,00 €').waitFor()
    await expectAccessible(page, 'Nuova posizione', { dark: true })
    await page.keyboard.press('Control+Enter')
    const made = page.getByRole('dialog', { name: /^Posizione creata: 140,00 €/ })
    await made.waitFor()
    await expectAccessible(page, 'Posizione creata', { dark: true })
    const number = (await made.locator('.notice-number').first().textContent()) ?? ''
    const first = await printed(page, made.getByRole('button', { name: 'Stampa l’avviso' }))
    expect(await readNoticeQr(first)).toMatch(new RegExp(`^PAGOPA\\|002\\|${number}\\|\\d{11}\\|14000$`))
    const again = await download(page, () => made.getByRole('button', { name: 'Salva in PDF' }).click())
    expect(await readNoticeQr(again.bytes)).toBe(await readNoticeQr(first))
    // Of two papers one sees which is the first.
    expect((await pageTexts(first)).join(' ')).not.toMatch(/duplicato/i)
    expect((await pageTexts(again.bytes)).join(' ')).toMatch(/duplicato/i)
  })

  step('makes a plan of three, changed by hand to the cent', async () => {
    await page.goto(`${program.origin}/posizioni/nuova`)
    await page.getByLabel(/^Cerca per nome/).fill('Nuovarossi Petronilla')
    await page.getByRole('option', { name: /^Nessuno nel registro/ }).click()
    // A code whose last letter does not come back is told, and does not stop.
    await page.getByLabel('Codice fiscale').fill('NVRPRN80A41F839A')
    await page.getByText(/L’ultimo carattere non torna: controlla, forse è/).waitFor()
    await page.getByLabel('Tipo di dovuto della riga 1').click()
    await page.getByRole('option', { name: 'Quota annuale' }).click()
    await page.getByText('Solo a rate').click()
    const amounts = page.locator('.plan-table').getByLabel(/^Importo della rata/)
    expect(await amounts.count()).toBe(3)
    await amounts.nth(0).fill('100,00')
    await page.getByText('28,33 € di troppo').first().waitFor()
    await amounts.nth(1).fill('100,00')
    await amounts.nth(2).fill('14,99')
    await page.getByText('mancano 0,01 €').first().waitFor()
    expect(await page.getByRole('button', { name: /^Crea la posizione/ }).isDisabled()).toBe(true)
    await amounts.nth(2).fill('15,00')
    await page.getByText('fanno il totale').waitFor()
    const create = page.getByRole('button', { name: /^Crea la posizione/ })
    await expect.poll(() => create.isEnabled(), SOON).toBe(true)
    await expectAccessible(page, 'Nuova posizione a rate', { dark: true })
    await create.click()
    const made = page.getByRole('dialog', { name: /^Posizione creata: 215,00 €/ })
    await expect.poll(() => made.locator('.notice-number').count(), SOON).toBe(3)
    await made.getByRole('button', { name: 'Altra posizione' }).click()
    await expect.poll(() => focused(page), SOON).toMatch(/^Cerca per nome/)
  })

  step('changes an amount: what was sent is superseded, and is sent again', async () => {
    const name = people[1] ?? ''
    await openOf(name)
    const sent = async () => (await readdir(program.deliveries, { recursive: true })).filter((f) => f.endsWith('.pdf'))
    await panel().getByRole('button', { name: 'Consegna…' }).click()
    await intoFolder(page)
    await start(page)
    await finished(page)
    await expect.poll(async () => (await sent()).length, SOON).toBe(1)

    await openOf(name)
    await act('Cambia importo…')
    const field = dialog()
      .getByLabel(/^Nuovo importo di/)
      .first()
    await field.fill('190,00')
    await dialog().getByText('Una consegna già fatta porta l’avviso di prima').waitFor()
    await dialog()
      .getByText(/variazione/)
      .first()
      .waitFor()
    await dialog().getByRole('button', { name: 'Delibera del Consiglio' }).click()
    await expectAccessible(page, 'Cambia importo', { dark: true })
    await confirm(dialog().getByRole('button', { name: 'Cambia l’importo' }))
    await panel().getByText('2 · Modificata').waitFor()
    await panel().getByText('superata').first().waitFor()
    await panel().getByText('«Delibera del Consiglio»').waitFor()
    await panel().getByText('Chi paga ha in mano un avviso superato.').waitFor()
    await panel().getByLabel('Nota sulla posizione').fill('Ha telefonato: paga a fine mese')
    await panel().getByRole('button', { name: 'Annota' }).click()
    await panel().locator('.position-note-list').getByText('Ha telefonato: paga a fine mese').waitFor()
    await expectAccessible(page, 'Posizione con due versioni', { dark: true })

    await panel().getByRole('button', { name: 'Rispedisci…' }).last().click()
    await intoFolder(page)
    await start(page)
    await finished(page)
    await openOf(name)
    expect(await panel().getByText('Chi paga ha in mano un avviso superato.').count()).toBe(0)
    const asked = amountOf(/[\d.,]+/.exec((await panel().locator('.panel-amount').textContent()) ?? '')?.[0])
    const codes = await Promise.all(
      (await sent()).map(async (file) => readNoticeQr(await readFile(join(program.deliveries, file)))),
    )
    expect(codes.filter((code) => code.endsWith(`|${asked}`))).toHaveLength(1)
  })

  step('moves the due date of many at once, and says who is left out', async () => {
    await page.goto(`${program.origin}/posizioni`)
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+A')
    await page.getByRole('button', { name: 'Cambia scadenza…' }).click()
    const day = formatDate(addDays(TODAY, 75))
    await dialog().getByLabel('Nuova scadenza').fill(day)
    await dialog()
      .getByText(/posizioni in tutto/)
      .waitFor()
    await dialog().getByRole('button', { name: 'Proroga del Consiglio' }).click()
    await expectAccessible(page, 'Cambia scadenza a molte', { dark: true })
    const count = Number(/(\d+) posizioni/.exec((await dialog().getByRole('heading').textContent()) ?? '')?.[1])
    expect(count).toBeGreaterThan(10)
    await confirm(dialog().getByRole('button', { name: /^Cambia la scadenza a \d+ posizioni/ }))
    await page.getByText(`${count} scadenze cambiate.`).waitFor()
    await expect
      .poll(async () => (await rowsSeen(page)).filter((cells) => cells.includes(day)).length, SOON)
      .toBeGreaterThan(10)
  })

  step('cancels one and takes it up again, with the same number', async () => {
    const name = people[2] ?? ''
    await openOf(name)
    const number = await panel().locator('.notice-number').first().textContent()
    await page.keyboard.press('Delete')
    await dialog().getByRole('button', { name: 'Emessa per errore' }).click()
    await confirm(dialog().getByRole('button', { name: 'Annulla 1 posizione' }))
    await panel().getByText('Annullata').first().waitFor()
    await act('Riattiva…')
    await dialog().getByRole('button', { name: 'Annullata per errore' }).click()
    await expectAccessible(page, 'Riattiva', { dark: true })
    await confirm(dialog().getByRole('button', { name: 'Riattiva la posizione' }))
    await panel()
      .getByText(/\d · Riattivata/)
      .waitFor()
    expect(await panel().locator('.notice-number').first().textContent()).toBe(number)
  })

  step('puts what is left to instalments, each with a number of its own', async () => {
    await openOf(people[4] ?? '')
    await act('Rateizza…')
    const amounts = dialog().getByLabel(/^Importo della rata/)
    const total = amountOf(/[\d.,]+/.exec((await dialog().getByText('Restano da pagare').textContent()) ?? '')?.[0])
    await amounts.nth(0).fill('50,00')
    await amounts.nth(1).fill('50,00')
    await amounts.nth(2).fill(formatCents(cents(total - 10_000)))
    await dialog().getByText('avrà un numero nuovo').nth(2).waitFor()
    await dialog().getByRole('button', { name: 'Chiesto dall’iscritto' }).click()
    await expectAccessible(page, 'Rateizza', { dark: true })
    await confirm(dialog().getByRole('button', { name: 'Metti a rate' }))
    await panel().getByText('Rata 3').waitFor()
    const numbers = await panel().locator('.position-payments .notice-number').allTextContents()
    expect(new Set(numbers).size).toBe(3)
  })

  step('is paid outside pagoPA, in cash, with its document', async () => {
    // Cash goes through an account of its own.
    await page.goto(`${program.origin}/impostazioni/conti`)
    await cashAccount(page)
    const name = people[3] ?? ''
    await openOf(name)
    await act('Pagata fuori da pagoPA…')
    await dialog().getByLabel('Documento').fill('ricevuta n. 12')
    await expectAccessible(page, 'Pagata fuori da pagoPA', { dark: true })
    await confirm(dialog().getByRole('button', { name: /^Segna pagati/ }))
    await expect.poll(() => panel().locator('.panel-amount').textContent(), SOON).toMatch(/Pagata|Riscossa/)
  })

  it('is paid with the POS and with a bonifico, whose credits are found in the bank', { timeout: 90_000 }, async () => {
    const byPos = people[8] ?? ''
    const byTransfer = people[9] ?? ''
    const amounts: number[] = []
    for (const [name, how, document] of [
      [byPos, 'POS', 'scontrino POS n. 41'],
      [byTransfer, 'Bonifico', 'contabile del bonifico'],
    ] as const) {
      await openOf(name)
      await act('Pagata fuori da pagoPA…')
      await dialog().getByText(how, { exact: true }).click()
      await dialog().getByText('Si aspetta').waitFor()
      expect(await dialog().getByLabel('Conto di cassa').count()).toBe(0)
      await dialog().getByLabel('Documento').fill(document)
      await expectAccessible(page, `Pagata fuori da pagoPA, ${how}`)
      const said = dialog().getByRole('button', { name: /^Segna pagati/ })
      amounts.push(amountOf(/[\d.]+,\d\d/.exec((await said.textContent()) ?? '')?.[0]))
      await confirm(said)
      await panel().locator('.position-payments').getByText('Pagata fuori').waitFor()
      expect(await panel().locator('.position-payment-when').textContent()).toBe(`il ${formatDate(TODAY)}`)
    }
    const [pos = 0, transfer = 0] = amounts
    const movement = (description: string, amount: number) => ({
      ...{ bookingDate: TODAY, valueDate: TODAY, description, amountCents: cents(amount) },
    })
    const bytes = smallBankCsv([
      movement('ACCREDITO POS ESERCENTE 0012345', pos),
      movement(`BONIFICO A VOSTRO FAVORE DA ${byTransfer} QUOTA`, transfer),
      movement('CANONE POS', -1_250),
    ] as never)
    await go(page, 'Estratti conto')
    await page.keyboard.press('Control+O')
    await page.getByRole('heading', { level: 1, name: 'Carica estratto conto' }).waitFor()
    await chooseFiles(page, () => page.keyboard.press('Control+O'), [{ name: 'movimenti.csv', bytes }])
    await page.getByRole('button', { name: 'Carica 3 movimenti…' }).click()
    await dialog().getByRole('button', { name: 'Carica 3 movimenti' }).click()
    await page.getByText('3 movimenti caricati').waitFor()

    // The transfer says who pays, and is proposed; the POS says nobody.
    await page.goto(`${program.origin}/riconciliazione`)
    await page.locator('tr.open').getByText(byTransfer).first().waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    const tab = (name: string) => page.getByRole('navigation', { name: 'Viste' }).getByRole('button', { name })
    await expect.poll(() => tab('Da decidere').textContent(), SOON).toMatch(/0$/)
    await tab('Ignorati').click()
    await page.locator('tr.cursor').getByText('ACCREDITO POS').waitFor()
    await page.locator('tr.cursor').getByRole('button', { name: 'Abbina…' }).waitFor()
    await expectAccessible(page, 'Riconciliazione, un accredito ignorato', { dark: true })
    await page.getByRole('grid').focus()
    await page.keyboard.press('f')
    const search = page.getByRole('dialog', { name: 'Cerca la controparte' })
    await search.getByLabel(/^Persona, IUV/).fill(byPos)
    await search.getByRole('checkbox', { name: `Spunta ${byPos}` }).check()
    await search.getByText('torna al centesimo').waitFor()
    await search.getByRole('button', { name: 'Abbina' }).click()
    await expect.poll(() => search.count(), SOON).toBe(0)
    await expect.poll(() => tab('Ignorati').textContent(), SOON).toMatch(/0$/)
    await expect.poll(() => tab('Abbinati').textContent(), SOON).toMatch(/[23]$/)
  })
})

/** What goes to the printer. The system's dialog stays away: a browser without a screen does not outlive it. */
async function printed(page: Page, button: Locator): Promise<Uint8Array> {
  const paper = page.evaluate(async () => {
    document.body.append = () => undefined
    const blob = await new Promise<Blob>((resolve) => {
      const create = URL.createObjectURL
      URL.createObjectURL = (given) => {
        URL.createObjectURL = create
        resolve(given as Blob)
        return create(given)
      }
    })
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
  await button.click()
  return new Uint8Array(await paper)
}

/** The name of the field where the hand is. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const field = document.activeElement as HTMLInputElement | null
    return field?.getAttribute('aria-label') ?? field?.labels?.[0]?.textContent ?? ''
  })
}

/** On the new campaign page: only into the folder of this test. */
async function intoFolder(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Nuova campagna di consegna' }).waitFor()
  for (const way of ['PEC', 'E-mail', 'App IO', 'Server di file', 'Cartella', 'Posta']) {
    const box = page.getByRole('checkbox', { name: way, exact: true })
    if (await box.isEnabled()) await box.setChecked(way === 'Cartella')
  }
  await page.getByRole('button', { name: /Scegli la cartella…|Cambia…/ }).click()
  const folders = page.getByRole('dialog', { name: 'Scegli una cartella' })
  await folders.getByRole('button', { name: 'consegnati' }).click()
  await folders.getByRole('button', { name: 'Usa questa cartella' }).click()
  await expect.poll(() => folders.count(), SOON).toBe(0)
}

/** A cash account, where there is none yet. */
async function cashAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Nuovo conto' }).click()
  await page.getByLabel('Nome').fill('Cassa dell’ufficio')
  await page.getByRole('combobox', { name: 'Tipo' }).click()
  await page.getByRole('option', { name: 'Cassa' }).click()
  await page.getByRole('button', { name: /^Salva/ }).click()
  await page.getByRole('button', { name: 'Cassa dell’ufficio' }).waitFor()
}
