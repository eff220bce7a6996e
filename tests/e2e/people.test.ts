import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { personCheckLetter } from '#domain/fiscal-code'
import { expectAccessible } from './accessible.ts'
import { makeReadyLedger } from './ready-ledger.ts'
import { onStage } from './stage.ts'
import { download, go, type Person, rowsSeen, settled } from './window.ts'

const FIRST_15 = 'PRVDAA80A41H501'
const CODE = `${FIRST_15}${personCheckLetter(FIRST_15)}`
/** The same with one letter wrong. */
const WRONG = `PRVDBA${CODE.slice(6)}`

/** The register's people as the secretary keeps them: by hand, twice by mistake, once again, and gone. */
describe('people', () => {
  let person: Person
  let page: Page

  onStage(
    'people',
    (folder) => makeReadyLedger(folder, 14),
    (stage) => {
      ;({ person, page } = stage)
    },
  )

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const dialog = (name: string) => page.getByRole('dialog', { name })
  const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

  const add = async (name: string, code: string) => {
    await go(page, 'Persone')
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    await page.getByRole('button', { name: 'Nuova persona…' }).click()
    const form = dialog('Nuova persona')
    await form.getByLabel('Cognome e nome').fill(name)
    await form.getByLabel('Codice fiscale').fill(code)
    await form.getByRole('button', { name: 'Aggiungi la persona' }).click()
    await title(name)
  }

  step('a person by hand, whose code is judged while it is typed', async () => {
    await go(page, 'Persone')
    await page.locator('tr[aria-rowindex="2"]').waitFor()
    await page.keyboard.press('n')
    const form = dialog('Nuova persona')
    await form.getByLabel('Cognome e nome').fill('Prova Ada')
    await form.getByLabel('Codice fiscale').fill('PRVDA')
    await form.getByText('Ha 5 caratteri').waitFor()
    expect(await form.getByRole('button', { name: 'Aggiungi la persona' }).isDisabled()).toBe(true)
    await form.getByLabel('Codice fiscale').fill(CODE)
    await form.getByRole('button', { name: 'Aggiungi la persona' }).click()
    await title('Prova Ada')
    await page.getByText('Non deve niente e non ha mai dovuto niente.').waitFor()
  })

  step('contacts, a position in the albo and a note', async () => {
    const contacts = page.getByRole('region', { name: 'Recapiti' })
    await contacts.getByRole('button', { name: 'Modifica' }).click()
    await contacts.getByLabel('PEC', { exact: true }).fill('ada@pec.example')
    await contacts.getByRole('button', { name: 'Salva il recapito' }).click()
    await contacts.getByText('ada@pec.example').waitFor()
    await page.getByRole('button', { name: 'Aggiungi', exact: true }).click()
    const albo = dialog('Iscrizioni all’albo')
    await albo.getByLabel('Numero').fill('9001')
    await albo.getByRole('button', { name: 'Aggiungi l’iscrizione' }).click()
    await albo.getByRole('cell', { name: '9001' }).waitFor()
    await page.keyboard.press('Escape')
    await albo.waitFor({ state: 'hidden' })
    // Esc closed the sheet and not the page under it.
    await title('Prova Ada')
    await page.getByRole('button', { name: 'Annota' }).first().click()
    await page.getByLabel('Nota').fill('Chiamare solo al mattino.')
    await page.getByLabel('Nota').press('Tab')
    await page.locator('.person-notes').getByRole('button', { name: 'Annota' }).click()
    await page.locator('.person-note-list').getByText('Chiamare solo al mattino.').waitFor()
    await expectAccessible(page, 'scheda persona')
  })

  step('what a name was stays in the history', async () => {
    await page.getByRole('button', { name: 'Modifica' }).first().click()
    await dialog('Anagrafica').getByLabel('Cognome e nome').fill('Prova Adele')
    await dialog('Anagrafica').getByRole('button', { name: 'Salva' }).click()
    await title('Prova Adele')
    await page.getByText('Tutto', { exact: true }).click()
    await page.getByText('Nome: «Prova Adele», prima «Prova Ada»').waitFor()
  })

  step('the list finds by number in the albo and by e-mail', async () => {
    await go(page, 'Persone')
    for (const words of ['9001', 'ada@pec', CODE.toLowerCase()]) {
      await page.keyboard.press('/')
      await page.getByPlaceholder('Nome, CF, albo, IUV, e-mail').fill(words)
      await expect.poll(async () => (await rowsSeen(page)).map((cells) => cells[2])).toEqual(['Prova Adele'])
    }
    await page.getByPlaceholder('Nome, CF, albo, IUV, e-mail').fill('')
  })

  step('two cards of one person become one, and two again', async () => {
    await add('Prova Adele', WRONG)
    await page.getByText('Un’altra scheda sembra sua.').waitFor()
    await page.getByRole('button', { name: 'Confronta' }).click()
    await title('Possibili doppioni')
    await page.getByText('codici fiscali diversi per un solo carattere').waitFor()
    await expectAccessible(page, 'possibili doppioni')
    await page.keyboard.press('Enter')
    const sheet = dialog('Unisci due persone')
    await sheet.getByText('Si somigliano').waitFor()
    await expectAccessible(page, 'unisci due persone')
    await sheet.getByRole('button', { name: 'Unisci in una scheda' }).click()
    await page.getByRole('heading', { name: 'Nessun doppione' }).waitFor()
    // The palette finds the one by the other's code.
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Cerca o comanda' })
    await palette.getByRole('textbox').fill(WRONG)
    await palette.getByText('Prova Adele').first().waitFor()
    await page.keyboard.press('Enter')
    await title('Prova Adele')
    await page.getByText(CODE).waitFor()
    await page.getByRole('button', { name: 'Separa' }).click()
    await page.getByRole('button', { name: 'Separa' }).waitFor({ state: 'detached' })
    await page.getByText('Un’altra scheda sembra sua.').waitFor()
  })

  step('personal data go out in a workbook and in JSON', async () => {
    await page.getByRole('button', { name: 'Altre azioni sulla persona' }).click()
    const files: string[] = []
    page.on('download', (file) => files.push(file.suggestedFilename()))
    await download(page, () => page.getByRole('menuitem', { name: 'Esporta i dati personali' }).click())
    await expect.poll(() => files.map((name) => name.split('.').at(-1)).sort()).toEqual(['json', 'xlsx'])
  })

  step('are not erased while an albo position is open, and then go wholly', async () => {
    // The card of who is gone is asked for once more before the page leaves it.
    person.allow(/status of 422 .*\/rpc\/person\/(get|erasePreview)$/)
    const ask = async () => {
      await page.getByRole('button', { name: 'Altre azioni sulla persona' }).click()
      await page.getByRole('menuitem', { name: 'Cancella i dati personali…' }).click()
    }
    await ask()
    const alert = page.getByRole('alertdialog')
    await alert.getByText('un’iscrizione all’albo è ancora aperta').waitFor()
    await expectAccessible(page, 'cancella i dati personali')
    await alert.getByRole('button', { name: 'Torna alla scheda' }).click()
    await page.getByRole('button', { name: 'Cambia', exact: true }).click()
    const albo = dialog('Iscrizioni all’albo')
    await albo.getByRole('button', { name: 'Chiudi', exact: true }).last().click()
    await albo.getByRole('button', { name: 'Chiudi l’iscrizione' }).click()
    await albo.getByText('in corso').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await albo.waitFor({ state: 'hidden' })
    await ask()
    await alert.getByText('I libri non la nominano').waitFor()
    await alert.getByLabel('Motivo').fill('Lo ha chiesto')
    await alert.getByRole('button', { name: 'Cancella i dati personali' }).click()
    await title('Persone')
    await page.getByPlaceholder('Nome, CF, albo, IUV, e-mail').fill('Prova Adele')
    await expect.poll(async () => (await rowsSeen(page)).length).toBe(1)
  })

  step('the card of who owes shows the dues with their actions', async () => {
    await page.getByPlaceholder('Nome, CF, albo, IUV, e-mail').fill('')
    await settled(page)
    await page
      .getByRole('navigation', { name: 'Viste' })
      .getByRole('button', { name: /^Da riscuotere/ })
      .click()
    await settled(page)
    const [name] = (await rowsSeen(page)).map((cells) => cells[2] ?? '')
    await page.locator('tr[aria-rowindex="2"]').dblclick()
    await title(name ?? '')
    await page.getByRole('button', { name: 'Rateizza…' }).waitFor()
    await page.getByRole('button', { name: 'Registra incasso…' }).waitFor()
    await page.getByRole('button', { name: 'Documenti' }).click()
    await page
      .getByRole('button', { name: /^Salva: Avviso/ })
      .first()
      .waitFor()
    const notice = await download(page, () =>
      page
        .getByRole('button', { name: /^Salva: Avviso/ })
        .first()
        .click(),
    )
    expect(new TextDecoder().decode(notice.bytes.subarray(0, 5))).toBe('%PDF-')
    await page.keyboard.press('a')
    await title('Nuova posizione')
    await page
      .getByText(name ?? '')
      .first()
      .waitFor()
  })
})
