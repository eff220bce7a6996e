import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { follow } from '#hosts/cli/demo/long-work'
import type { HostedRehearsalNode } from '#hosts/rehearsal-node'
import { IO_KEY, type IoServer, ioServer } from '../gateways/io-server.ts'
import { expectAccessible } from './accessible.ts'
import { makeLedger, raiseQuotas } from './ready-ledger.ts'
import { onStage, type Stage } from './stage.ts'
import { settled } from './window.ts'

/** Of two the node holds another amount, two are invalid there, of two it holds the numbers under another name; Gino and Ines wait to be published. */
const [OTHER_AMOUNT, INVALID, TAKEN] = [
  ['Abate Ada', 'Bruni Bruno'],
  ['Conti Carla', 'Dini Dora'],
  ['Ermi Elio', 'Fusi Fosca'],
]
const LATE = 'Galli Gino'
const LATER = 'Innocenti Ines'
const quiet = () => undefined

function makeOrder(folder: string): Promise<void> {
  return makeLedger(folder, async ({ client, backend }) => {
    const ids = await raiseQuotas(client, [...OTHER_AMOUNT, ...INVALID, ...TAKEN, LATE, LATER])
    const publish = async (from: number, to: number) => {
      const selection = { ids: ids.slice(from, to) }
      const { count, stamp } = await client.nodePosition.publishPreview({ selection })
      await follow(
        client.nodePosition.publish({ selection, environment: 'rehearsal', expected: count, stamp }),
        quiet,
      ).finally(() => backend.context.nodePublisher.idle())
    }
    await publish(0, 4)
    const { store } = (backend.context.rehearsalNode as HostedRehearsalNode).server() ?? {}
    const there = [...(store?.all('position') ?? [])]
    const { rows } = await client.debtPosition.list({ filters: {} })
    const iuvOf = (name: string) => rows.find((row) => row.personName === name)?.iuv ?? ''
    const byName = (name: string) => {
      const found = there.find((one) => JSON.stringify(one.options).includes(iuvOf(name)))
      if (!found) throw new Error(`${name} is not on the node`)
      return found
    }
    store?.change((changes) => {
      const put = (position: (typeof there)[number]) =>
        changes.put('position', `${position.organizationFiscalCode}/${position.iupd}`, position)
      for (const name of OTHER_AMOUNT) {
        const position = byName(name)
        const options = position.options.map((option) => ({
          ...option,
          payments: option.payments.map((payment) => ({
            ...payment,
            amount: 100,
            transfer: payment.transfer.slice(0, 1).map((transfer) => ({ ...transfer, amount: 100 })),
          })),
        }))
        put({ ...position, options })
      }
      for (const name of INVALID) put({ ...byName(name), status: 'INVALID' })
      for (const name of TAKEN) {
        const iuv = iuvOf(name)
        const like = byName(OTHER_AMOUNT[0] as string)
        const options = like.options.map((option) => ({
          ...option,
          payments: option.payments.map((payment) => ({ ...payment, iuv, nav: `3${iuv}` })),
        }))
        put({ ...like, iupd: `ALTRO-${iuv}`, options })
      }
    })
    await publish(4, 6)
    await follow(client.nodePosition.refresh({ open: true }), quiet)
  })
}

describe('what the node says otherwise, many at a time and in a hurry', () => {
  let stage: Stage
  let page: Page
  let io: IoServer
  beforeAll(async () => {
    io = await ioServer()
  })
  afterAll(() => io.close())
  onStage('node-differences', makeOrder, async (ready) => {
    stage = ready
    page = ready.page
    await page.locator('.page-head').waitFor()
    page.on('request', (request) => calls.push(new URL(request.url()).pathname))
  })

  const calls: string[] = []
  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 60_000 }, act)
  const open = async (path: string) => {
    await page.goto(`${stage.program.origin}${path}`)
    await settled(page)
  }
  const rows = () => page.locator('table.grid tbody tr[aria-rowindex]:not(.placeholder)')
  const dialog = () => page.getByRole('alertdialog')
  const button = (name: string | RegExp, within: Page | Locator = page) => within.getByRole('button', { name })
  const said = (text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 20_000 })
  const chooseAll = async (words: string) => {
    await page.locator('table.grid').focus()
    await page.keyboard.press('Control+a')
    await page.getByRole('toolbar', { name: 'Righe selezionate' }).getByText(words).waitFor()
  }
  /** How often a procedure was asked for, while `act` went on. */
  const asked = async (procedure: string, act: () => Promise<void>) => {
    const before = calls.length
    await act()
    return calls.slice(before).filter((path) => path.endsWith(procedure)).length
  }

  step('a change here starts from what the node asks', async () => {
    await open('/nodo?vista=differenze&tipo=amountsDiffer')
    await rows()
      .filter({ hasText: OTHER_AMOUNT[0] as string })
      .click()
    await button('Cambia importo qui…').click()
    await expect
      .poll(() =>
        dialog()
          .getByLabel(/^Nuovo importo di/)
          .inputValue(),
      )
      .toBe('1,00')
    await dialog().getByText('Il nuovo importo proposto è quello che chiede il nodo.').waitFor()
    await expectAccessible(page, 'importo cambiato com’è sul nodo', { dark: true })
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
  })

  step('all of a filter: the act is done where it fits, once, and says for whom it is not', async () => {
    await open('/nodo?vista=differenze&tipo=amountsDiffer,invalidOnNode')
    await expect.poll(() => rows().count()).toBe(4)
    await chooseAll('4 selezionate, tutte le filtrate')
    const times = await asked('/nodePosition/resolve', async () => {
      await button('Tieni la nostra', page.locator('.bulk')).dblclick()
      await said('2 restano come sono: per loro questa scelta non c’è.')
      await said('2 rimesse in coda per il nodo, come stanno qui.')
      await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(2)
    })
    expect(times).toBe(1)
    expect(await page.getByText(/Niente da|^0 /).count()).toBe(0)
  })

  step(
    'those ticked one by one stay chosen when the filter changes; left as they are, they can be called back',
    async () => {
      await open('/nodo?vista=differenze&tipo=invalidOnNode')
      await rows()
        .filter({ hasText: INVALID[0] as string })
        .getByRole('checkbox')
        .check()
      await page.locator('.list-search input').fill(INVALID[1] as string)
      await expect.poll(() => rows().count()).toBe(1)
      await rows().getByRole('checkbox').check()
      await button('Lascia così…', page.locator('.bulk')).click()
      await dialog().getByLabel('Motivo').fill('Le segue un altro ufficio')
      await expectAccessible(page, 'differenze da lasciare così', { dark: true })
      await button('Lascia così 2 differenze', dialog()).dblclick()
      await said('2 differenze lasciate così.')
      await open('/nodo?vista=differenze&lasciate=si')
      await expect.poll(() => rows().count()).toBe(2)
      await chooseAll('2 selezionate, tutte le filtrate')
      await button('Rimetti nell’elenco', page.locator('.bulk')).click()
      await said('2 differenze di nuovo nell’elenco.')
      await open('/nodo?vista=differenze&tipo=invalidOnNode')
      await expect.poll(() => rows().count()).toBe(2)
    },
  )

  step('those that only new numbers help get them together, once it is said what that means', async () => {
    await chooseAll('2 selezionate, tutte le filtrate')
    await button('Riemetti…', page.locator('.bulk')).dblclick()
    await dialog().getByText('gli avvisi di prima sono superati').waitFor()
    const times = await asked('/nodePosition/reissue', async () => {
      await button('Riemetti 2 posizioni', dialog()).dblclick()
      await said('2 posizioni riemesse con un numero avviso nuovo.')
      await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(0)
    })
    expect(times).toBe(1)
  })

  step('a slow answer: who presses again, or looks elsewhere meanwhile, does nothing twice', async () => {
    let answer: () => void = quiet
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/nodePosition/retry', async (route) => {
      await held
      await route.continue()
    })
    await open('/nodo?vista=rifiutate')
    await expect.poll(() => rows().count()).toBe(2)
    const times = await asked('/nodePosition/retry', async () => {
      await button('Riprova tutte').dblclick()
      await page.keyboard.press('r')
      await page.getByRole('navigation', { name: 'Viste' }).getByRole('button', { name: 'Adesso' }).click()
      answer()
      await said('2 rimesse in coda per il nodo.')
    })
    expect(times).toBe(1)
    expect(await page.getByText('Niente da rimettere in coda.').count()).toBe(0)
    await page.unroute('**/nodePosition/retry')
  })

  step('refused ones get new numbers in one press, however often it comes', async () => {
    await open('/nodo?vista=rifiutate')
    await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(2)
    await rows().first().click()
    await expectAccessible(page, 'rifiutate dal nodo', { dark: true })
    await chooseAll('2 selezionate, tutte le filtrate')
    await page.locator('.bulk').getByText('400,00 €').waitFor()
    const times = await asked('/nodePosition/reissue', async () => {
      await button('Riemetti con numeri nuovi').dblclick()
      await said('2 posizioni riemesse con un numero avviso nuovo.')
      await said('Il nodo non ha rifiutato niente')
    })
    expect(times).toBe(1)
  })

  step('while the node asks to be left alone the page says until when, and a person may try at once', async () => {
    await open('/impostazioni/nodo')
    const [desk] = await Promise.all([
      page.waitForEvent('popup'),
      button('Apri la pagina dei pagamenti di prova').click(),
    ])
    await desk.waitForURL(/\/prova\//)
    const faults = `${/^.*\/prova\/[^/]+/.exec(desk.url())?.[0]}/guasti`
    await desk.close()
    const alone = [{ kind: 'tooMany', share: 1, service: 'gpd', retryAfterSeconds: 3600 }]
    expect((await page.request.put(faults, { data: alone })).ok()).toBe(true)
    await open('/posizioni')
    await rows().filter({ hasText: LATER }).click()
    await button('Pubblica sul nodo…', page.getByRole('complementary')).click()
    await button('Pubblica 1 posizione sul nodo', dialog()).click()
    await said('Nessuna posizione pubblicata sul nodo')
    await open('/nodo')
    await page.getByText(/^1 posizione aspetta: nuovo tentativo/).waitFor({ timeout: 20_000 })
    await button('Riprova ora').waitFor()
    await expectAccessible(page, 'nodo che vuole riposo', { dark: true })
    expect((await page.request.put(faults, { data: [] })).ok()).toBe(true)
    await page.keyboard.press('r')
    await said('Riprovo adesso.')
    await page.getByText(/^Niente in partenza/).waitFor({ timeout: 20_000 })
    expect(await button('Riprova ora').count()).toBe(0)
  })

  step('published with App IO switched on, the payer is told, and his position says so', async () => {
    await open('/impostazioni/io')
    await page.getByRole('switch', { name: 'Consegna anche su App IO' }).click({ force: true })
    await page.getByRole('textbox', { name: 'Chiave del servizio' }).fill(IO_KEY)
    await page.getByLabel('Indirizzo del servizio').fill(io.baseUrl)
    await page.getByLabel('Messaggi al minuto').fill('6000')
    await Promise.all([page.waitForResponse(/ioService\/save/), button('Salva').click()])
    await open('/impostazioni/nodo')
    await page.getByRole('switch', { name: 'Messaggio su App IO alla pubblicazione' }).click({ force: true })
    await Promise.all([page.waitForResponse(/node\/save/), page.keyboard.press('Control+s')])
    await open('/posizioni')
    await rows().filter({ hasText: LATE }).click()
    const panel = page.getByRole('complementary')
    await button('Pubblica sul nodo…', panel).click()
    await button('Pubblica 1 posizione sul nodo', dialog()).dblclick()
    await said('1 posizione pubblicata sul nodo per 200,00 €.')
    await expect.poll(() => io.messages.length, { timeout: 20_000 }).toBe(1)
    await panel.getByText('App IO').first().waitFor()
    await expectAccessible(page, 'posizione pubblicata e detta su App IO')
    expect(io.faults).toEqual([])
  })

  step('two windows ask the node at once: all that came is told, nothing twice', async () => {
    await open('/impostazioni/nodo')
    const [desk] = await Promise.all([
      page.waitForEvent('popup'),
      button('Apri la pagina dei pagamenti di prova').dblclick(),
    ])
    await button(/Paga a caso/, desk).click()
    await expect.poll(() => desk.getByRole('status').textContent()).toMatch(/pagament/)
    await desk.getByRole('link', { name: /Flussi e banca/ }).click()
    await button(/Produci subito/, desk).click()
    await desk.getByRole('status').waitFor()
    await desk.close()
    await open('/ricevute')
    const other = await stage.person.anotherWindow('/rendicontazioni')
    const ask = (one: Page) => button('Scarica dal nodo', one).first()
    await expect.poll(() => ask(other).isEnabled()).toBe(true)
    const news = /ricevut[ae] nuov|fluss[oi] nuov|Niente di nuovo/
    const times = await asked('/nodeInbox/receive', async () => {
      await Promise.all([ask(page).dblclick(), ask(other).dblclick()])
      await Promise.all([page, other].map((one) => one.getByText(news).first().waitFor({ timeout: 20_000 })))
    })
    expect(times).toBe(1)
    await expect.poll(() => rows().count()).toBeGreaterThan(0)
    const flows = other.locator('table.grid tbody tr[aria-rowindex]:not(.placeholder)')
    await expect.poll(() => flows.count()).toBeGreaterThan(0)
    for (const one of [page, other]) expect(await one.getByRole('dialog').count()).toBe(0)
    await other.close()
  })
})
