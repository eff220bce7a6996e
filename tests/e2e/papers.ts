import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { pageTexts } from '../codecs/pdf-tools.ts'
import { expectAccessible } from './accessible.ts'
import { chooseFiles, download, go, type Person, settled } from './window.ts'

/** Invented marks: no official one stands in the project. Pure red is nowhere else on a notice. */
const RED_MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path fill="#f00" d="M0 0h20v10H0z"/></svg>'
const LIVE_MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>'

async function openSetting(page: Page, name: string): Promise<void> {
  await go(page, 'Impostazioni')
  await page
    .getByRole('navigation', { name: 'Impostazioni' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click()
  await settled(page)
}

/** Impostazioni · Avvisi: the kit piece by piece, the second language and its words, always seen on the sample. */
export async function chooseNoticeStyle(page: Page, person: Person): Promise<void> {
  // A refused piece is an answer of the program; Chromium tells of it on its console.
  person.allow(/status of 4\d\d/)
  await openSetting(page, 'Avvisi')
  const sample = page.locator('.paper-preview .desk-page canvas').first()
  await sample.waitFor()
  expect(await redOf(sample)).toBe(0)
  await page.getByRole('link', { name: 'Avvisi (manca qualcosa)' }).waitFor()
  await expectAccessible(page, 'Impostazioni, Avvisi', { dark: true })

  await page.locator('label', { hasText: 'Kit grafico' }).click()
  await chooseFiles(page, () => page.getByRole('button', { name: 'Scegli i file…' }).click(), [
    { name: 'logo-pagopa.svg', bytes: new TextEncoder().encode(RED_MARK) },
    { name: 'logo-bancoposta.svg', bytes: new TextEncoder().encode(LIVE_MARK) },
    { name: 'fotografia.png', bytes: new TextEncoder().encode('una fotografia') },
  ])
  await page.getByText('1 pezzo caricato: Marchio pagoPA.').waitFor()
  const outcome = page.locator('.kit-outcome')
  expect(await outcome.textContent()).toContain('logo-bancoposta.svg')
  expect(await outcome.textContent()).toContain('fotografia.png')
  await expect.poll(() => redOf(sample)).toBeGreaterThan(0.001)
  await expectAccessible(page, 'Impostazioni, Avvisi, Kit grafico', { dark: true })

  await page.locator('label', { hasText: 'Lingue' }).click()
  // Drawn late, the sheet of the part before would pass for the one in two languages.
  const alone = await settledDigest(sample)
  await choose(page, 'Seconda lingua sugli avvisi', 'Italiano e tedesco')
  await expect.poll(() => digestOf(sample)).not.toBe(alone)
  const proposed = await settledDigest(sample)
  const word = page.getByRole('row', { name: /^DESTINATARIO/ })
  await word.getByRole('button', { name: 'Cambia «DESTINATARIO»' }).click()
  const text = page.getByRole('textbox', { name: 'Testo per «DESTINATARIO»' })
  await text.fill('AN {n}')
  await page.getByText('deve contenere solo parole').waitFor()
  await text.fill('VEREINSMITGLIED')
  await text.press('Enter')
  await word.getByText('testo tuo').waitFor()
  await expect.poll(() => digestOf(sample)).not.toBe(proposed)
  await expectAccessible(page, 'Impostazioni, Avvisi, Lingue', { dark: true })
  await word.getByRole('button', { name: /^Rimetti/ }).click()
  await expect.poll(() => digestOf(sample)).toBe(proposed)

  await choose(page, 'Come si paga', 'Solo a rate')
  await page.getByRole('textbox', { name: 'Quante rate' }).fill('12')
  await page.getByText(/^Pagina 1 di [3-9]$/).waitFor()
  await page.getByRole('button', { name: /^Pagina seguente/ }).click()
  await page.getByText(/^Pagina 2 di [3-9]$/).waitFor()

  await page.locator('label', { hasText: 'Pagamento' }).click()
  await page.getByRole('textbox', { name: /^Come si chiamano i PDF/ }).fill('{nome}')
  await expect.poll(() => page.getByRole('button', { name: 'Salva' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: '{iuv}' }).click()
  await page.getByText(/^Albonesi Tersilla\d{17}\.pdf$/).waitFor()
  await page.keyboard.press('Control+S')
  await expect.poll(() => page.getByRole('button', { name: 'Salva' }).isDisabled()).toBe(true)
}

/** Impostazioni · Lettere: a text with fields, an unknown one said at once, the letter as it prints. */
export async function writeLetters(page: Page): Promise<void> {
  await openSetting(page, 'Lettere')
  await expectAccessible(page, 'Impostazioni, Lettere, nessuna', { dark: true })
  for (const name of ['Lettera per la quota', 'Lettera di troppo']) {
    await page.getByRole('button', { name: 'Nuova lettera' }).click()
    await page.getByRole('textbox', { name: /^Nome/ }).fill(name)
    const text = page.getByRole('textbox', { name: 'Testo' })
    await text.fill('Gentile {cognome},')
    await page.getByText('Il campo {cognome} non esiste.').waitFor()
    expect(await page.getByRole('button', { name: 'Salva' }).isDisabled()).toBe(true)
    await text.fill('Gentile ')
    await page.getByRole('button', { name: '{nome}', exact: true }).click()
    expect(await text.inputValue()).toBe('Gentile {nome}')
    const sheet = page.locator('.paper-preview .desk-page canvas').first()
    await sheet.waitFor()
    const before = await settledDigest(sheet)
    await page.getByRole('textbox', { name: 'Firma' }).fill('La Presidente, Ermelinda Fontebasso')
    await expect.poll(() => digestOf(sheet)).not.toBe(before)
    if (name === 'Lettera per la quota') await expectAccessible(page, 'Lettera', { dark: true })
    await page.keyboard.press('Control+S')
    await page.getByRole('button', { name, exact: true }).waitFor()
  }
  await page.getByRole('button', { name: 'Togli la lettera «Lettera di troppo»' }).click()
  await page.getByRole('alertdialog').waitFor()
  await expectAccessible(page, 'Togli la lettera', { dark: true })
  await page.getByRole('alertdialog').getByRole('button', { name: 'Togli la lettera' }).click()
  await expect.poll(() => page.getByRole('button', { name: 'Lettera di troppo', exact: true }).count()).toBe(0)
}

/** Avvisi with instalments and a letter: all the pages, turned and saved as they are seen; the batch as a list. */
export async function turnPages(page: Page): Promise<void> {
  await go(page, 'Avvisi')
  await page.getByText('Pagina 1 di 2', { exact: true }).waitFor()
  await page.getByRole('table', { name: 'Come si può pagare' }).getByText('Rata 3').waitFor()
  await page.keyboard.press('PageDown')
  await page.getByText('Pagina 2 di 2', { exact: true }).waitFor()
  await page.locator('.desk-page').nth(1).locator('canvas').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('Pagina 1 di 2', { exact: true }).waitFor()

  await choose(page, 'Lettera accompagnatoria', 'Lettera per la quota')
  await page.getByText('Pagina 1 di 3', { exact: true }).waitFor()
  await expectAccessible(page, 'Avvisi con la lettera', { dark: true })
  const label = (await page.locator('.desk-page').first().getAttribute('aria-label')) ?? ''
  const person = /^Avviso di (.+), numero/.exec(label)?.[1] ?? 'nobody'
  const number = /\d{18}/.exec(label)?.[0] ?? 'none'
  const before = await download(page, () => page.keyboard.press('Control+S'))
  expect(before.name).toContain(number.slice(1))
  const [letter = '', notice = ''] = await pageTexts(before.bytes)
  expect(letter).toContain(`Gentile ${person}`)
  expect(notice).toContain('ZAHLUNG')
  expect(notice.replace(/\s/g, '')).toContain(number)
  await page.locator('label', { hasText: 'Dopo' }).click()
  await expect.poll(() => page.getByRole('radio', { name: 'Dopo' }).isChecked()).toBe(true)
  const after = await download(page, () => page.keyboard.press('Control+S'))
  expect((await pageTexts(after.bytes)).at(-1)).toContain(`Gentile ${person}`)

  await page.getByRole('button', { name: 'Campionatura' }).click()
  await page.locator('.sample-lines button').first().waitFor()
  await page.getByRole('button', { name: 'Elenco del lotto…' }).click()
  const list = await download(page, () => page.getByRole('menuitem', { name: 'Testo separato (CSV)' }).click())
  expect(Buffer.from(list.bytes).toString('utf8')).toContain(number)
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** What a drawn page shows, in short: equal pages, equal text. */
function digestOf(canvas: Locator): Promise<string> {
  return canvas.evaluate(async (element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = (element as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
    const hash = await crypto.subtle.digest('SHA-1', context.getImageData(0, 0, width, height).data)
    return [...new Uint8Array(hash)].join('.')
  })
}

/** The page as it stays: a field that was just filled may still be on its way to the paper. */
async function settledDigest(canvas: Locator): Promise<string> {
  let last = ''
  await expect
    .poll(
      async () => {
        const now = await digestOf(canvas)
        const same = now === last
        last = now
        return same
      },
      { interval: 1000, timeout: 12_000 },
    )
    .toBe(true)
  return last
}

/** Share of the page that is pure red. */
function redOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = (element as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D
    const { data } = context.getImageData(0, 0, width, height)
    let red = 0
    for (let i = 0; i < data.length; i += 4) {
      if ((data[i] ?? 0) > 240 && (data[i + 1] ?? 255) < 20 && (data[i + 2] ?? 255) < 20) red += 1
    }
    return red / (data.length / 4)
  })
}
