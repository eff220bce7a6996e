// `npm run manual:screens`: walks the road on «Ordine di prova» and photographs the program for docs/manuale.md.
// Clock and random are the rehearsal's, so the pictures change only when the pages do.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { Page } from 'playwright-core'
import { addDays, epochMsOf, type Instant, isoDate, romeDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import type { FileToken } from '#domain/ports'
import { openBackend } from '#hosts/backend'
import { follow } from '#hosts/cli/demo/long-work'
import { FakeClock } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { startWebHost } from '#hosts/web/server'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { rehearse } from '#simulator/rehearse'
import { launchBrowser } from '../tests/e2e/browser.ts'
import { startMailServer } from '../tests/e2e/mail-server.ts'
import { duesOf, foreignRegisterCsv, mistakenWorkbook, smallBankCsv } from '../tests/e2e/office.ts'
import { chooseFiles, Person, settled } from '../tests/e2e/window.ts'
import { ROOT } from '../tests/house/cruise.ts'
import { paSendRt } from '../tests/services/support/receipt-files.ts'
import { palettePng } from './palette-png.ts'

const OUT = join(ROOT, 'docs', 'immagini')
const MEMBERS = 300
const YEAR = 2026

// A name without chance in it: the first picture shows where the ledger is.
const own = join(tmpdir(), 'manuale')
rmSync(own, { recursive: true, force: true })
const folder = join(own, 'quietanza')
for (const name of ['Avvisi', 'Arrivi']) mkdirSync(join(own, name), { recursive: true })
mkdirSync(folder, { recursive: true })
mkdirSync(OUT, { recursive: true })
const clock = new FakeClock()
// What leaves by itself is signed by the office too, whoever runs this.
process.env.QUIETANZA_OPERATOR = 'Segreteria'
const backend = await openBackend({
  folder,
  fileSecretsOnly: true,
  clock,
  random: seededRandom(7),
  roots: ['Avvisi', 'Arrivi'].map((name) => ({ name, path: join(own, name) })),
})
const context = { ...backend.context, operator: 'Segreteria' }
const client = createRouterClient(router, { context })
let mails = 0
// Three mailboxes that do not exist: what waits for a person on Consegne.
const mail = await startMailServer(() => {
  mails += 1
  return mails % 100 === 40
})
const host = await startWebHost({
  router,
  context,
  pages: join(ROOT, 'dist', 'renderer'),
  log: context.log,
  version: '0.1.0',
  port: 0,
})
const browser = await launchBrowser()
// An empty page of another context, without the program's policy: there a picture becomes pixels.
const darkroom = await (await browser.newContext()).newPage()
try {
  const { page } = await Person.enter(browser, { address: host.newAddress(), origin: host.origin })
  await walk(page)
} finally {
  await browser.close()
  await host.close()
  await mail.close()
  await backend.close()
  rmSync(own, { recursive: true, force: true })
}

async function walk(page: Page): Promise<void> {
  const silent = () => undefined
  await now(page, '2026-02-02T08:00:00.000Z')
  await firstRun(page)

  const made = await follow(client.institution.createRehearsal({ members: MEMBERS }), silent)
  await chooseFile(page, '/importa', 'quote-2026.xlsx', await mistakenWorkbook(duesOf(400), 400))
  await page.getByText('4 errori da correggere').waitFor()
  await page.keyboard.press('F8')
  await shoot(page, '02-importa-quote')
  await page.getByRole('button', { name: 'Scarta questa lettura' }).click()
  await page.getByText('Scarica il tracciato vuoto').waitFor()
  await chooseFile(page, '/importa', 'albo.xlsx', new TextEncoder().encode('PK\u0003\u0004 cartella salvata a metà'))
  await page.getByRole('alert').getByRole('heading').first().waitFor()
  await shoot(page, 'file-rifiutato')
  const read = await follow(client.registerImport.read({ token: made.registerToken }), silent)
  await open(page, `/importa?imp=${read.id}`)
  await page.getByRole('button', { name: 'Conferma importazione…' }).click()
  await page.getByRole('alertdialog').waitFor()
  await shoot(page, '02-conferma')
  await follow(client.registerImport.confirm({ id: read.id, goodOnly: false }), silent)
  await foreignRegister(page)

  await now(page, '2026-02-12T08:30:00.000Z')
  await open(page, '/posizioni/genera')
  await page.getByLabel('Raggruppa per persona').check()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  for (const key of ['ArrowDown', 'ArrowDown', 'Delete', 'ArrowDown', 'ArrowDown', 'Delete', 'ArrowDown'])
    await page.keyboard.press(key)
  await page.getByText('2 esclusi').waitFor()
  await shoot(page, '03-genera-posizioni')
  await page.getByRole('button', { name: /^Genera \d+ posizioni…/ }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Genera/ })
    .click()
  await page.getByText(/posizioni generate nel lotto/).waitFor({ timeout: 30_000 })
  await shoot(page, '03-generate')

  await open(page, '/avvisi')
  await page.locator('.desk-page canvas').first().waitFor()
  await page.getByRole('button', { name: /^Controlla \d+ avvisi/ }).click()
  await page.getByText(/codici riletti e uguali/).waitFor({ timeout: 30_000 })
  await shoot(page, '04-avvisi')
  await papers(page)

  await client.mailAccount.save({
    id: null,
    name: 'Posta dell’Ordine',
    kind: 'email',
    host: '127.0.0.1',
    port: mail.port,
    security: 'none',
    user: null,
    fromName: 'Ordine dei Farmacisti di prova',
    fromAddress: 'segreteria@ordine-di-prova.example',
    pacing: { perMinute: 1200, perDay: null, batch: null, window: null },
    imap: null,
    password: null,
  })
  await open(page, '/consegne/nuova')
  await page.getByRole('button', { name: /^Avvia \d+ consegne…/ }).waitFor()
  await page.waitForTimeout(500)
  await shoot(page, '05-nuova-consegna')
  await page.getByRole('button', { name: /^Avvia \d+ consegne…/ }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Avvia/ })
    .click()
  await page.locator('.page-head').getByText('In corso').waitFor({ timeout: 60_000 })
  await shoot(page, 'avanzamento')
  await page.getByText('finito', { exact: true }).first().waitFor({ timeout: 180_000 })
  await page.getByText('Il server rifiuta il destinatario.').first().waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await shoot(page, '05-consegne')

  const notices = []
  for (let offset = 0; ; offset += 500) {
    const found = await client.debtPosition.list({ filters: { exercise: YEAR }, offset, limit: 500 })
    notices.push(...found.rows.map(({ iuv, cents, personName }) => ({ iuv, cents, idTransfer: 1, debtor: personName })))
    if (offset + found.rows.length >= found.count) break
  }
  const institution = await client.institution.get()
  const account = (await client.account.list()).find((a) => a.kind === 'bank')
  if (!institution || !account?.iban) throw new Error('«Ordine di prova» has no account')
  const world = rehearse(
    {
      receiver: institution,
      account: { iban: account.iban, openingDate: account.openingDate },
      notices,
      share: 0.72,
      from: isoDate('2026-02-16'),
      days: 24,
      style: 'bancoPosta',
    },
    uniform({ random: seededRandom(8) }),
  )
  await now(page, '2026-03-16T08:30:00.000Z')
  const tokens: FileToken[] = []
  for (const flow of world.flows) {
    const path = join(own, flow.fileName)
    writeFileSync(path, flow.bytes)
    tokens.push(await backend.context.files.adopt(path))
  }
  await follow(client.reportingFlow.import({ tokens }), silent)
  await open(page, '/rendicontazioni')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await shoot(page, '06-rendicontazioni')
  await receipts(page, world.flows.slice(0, 6), institution.fiscalCode)

  const { movements } = world.statement
  await chooseFile(page, '/estratti-conto/carica', 'movimenti-marzo.csv', smallBankCsv(movements))
  await page.getByRole('combobox', { name: 'Che cosa contiene la colonna A' }).waitFor()
  await shoot(page, '07-colonne')
  await page.getByRole('button', { name: /^Movimenti/ }).click()
  await page.getByText('Solo pagoPA').waitFor()
  await shoot(page, '07-estratto-conto')
  await page.getByRole('button', { name: /^Carica \d+ movimenti…/ }).click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Carica/ })
    .click()
  await page.getByRole('grid', { name: 'Accrediti da decidere' }).waitFor({ timeout: 30_000 })
  await toastsGone(page)
  await shoot(page, '07-riconciliazione')
  await open(page, '/riconciliazione?modo=tabella')
  await page.locator('table.sheet-table').focus()
  await page.keyboard.press('=')
  await page.keyboard.press('Enter')
  await page.locator('td.written').first().waitFor()
  await shoot(page, '07-tabella')
  // Leaving the page takes back what is written and not decided.
  await page.keyboard.press('Control+z')

  await open(page, '/reversali')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await shoot(page, '08-reversali-pronte')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('alertdialog').waitFor()
  await shoot(page, '08-conferma')
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Emetti/ })
    .click()
  await page.getByText(/reversali emesse per/).waitFor({ timeout: 30_000 })
  await now(page, '2026-03-17T08:41:00.000Z')
  await open(page, '/reversali')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await page.getByRole('complementary', { name: /^Dettaglio/ }).waitFor()
  await shoot(page, '08-reversali')
  await client.ledger.backup()
  await open(page, '/')
  await shoot(page, '09-cruscotto')
  await tariffs(page)
  await others(page)
  await toPartner(page)
}

/** A tariff with what is said of it, the quotas that it makes, and the rule of the late fees that are asked later on. */
async function tariffs(page: Page): Promise<void> {
  const [quota] = (await client.serviceType.list()).filter((type) => type.name === 'Quota annuale')
  if (quota === undefined) throw new Error('Quota annuale is not there')
  const service = await client.serviceType.save({
    ...quota,
    id: null,
    name: 'Contributo per la formazione',
    defaultCausale: 'Contributo per la formazione {anno}',
    dueRule: { kind: 'endOfMonth', months: 3, workingDay: true },
  })
  const step = { fixedCents: cents(0) }
  await client.serviceType.save({
    ...quota,
    lateFeeRule: {
      ...{ graceDays: 0, interest: null, minCents: null, maxCents: null },
      steps: [
        { ...step, afterDays: 30, basisPoints: 1000 },
        { ...step, afterDays: 90, basisPoints: 2000 },
      ],
    },
  })
  const anybody = { albo: null, section: null, status: null, fromYears: 0, toYears: null }
  const euro = (amount: number) => ({ kind: 'amount' as const, cents: cents(amount * 100) })
  const rows = [
    { ...anybody, code: 'ORD', description: 'Ordinaria', category: 'professionista' as const, effect: euro(60) },
    { ...anybody, code: 'STP', description: 'Società', category: 'stp' as const, effect: euro(120) },
    {
      ...{ ...anybody, code: 'NUOVI', description: 'Primo anno', category: null, toYears: 0 },
      effect: { kind: 'percent' as const, basisPoints: 5000 },
    },
    {
      ...{ ...anybody, code: 'ANZ', description: 'Oltre 50 anni', category: null, fromYears: 50 },
      effect: { kind: 'none' as const },
    },
  ]
  const serviceTypeId = service.id
  const { mark } = await client.tariff.get({ serviceTypeId, year: YEAR })
  await client.tariff.save({ serviceTypeId, year: YEAR, proRata: false, rows, mark })
  await open(page, `/tariffe?tipo=${serviceTypeId}`)
  await page.getByText('Nell’albo di oggi').waitFor()
  await shoot(page, 'tariffe')
  await open(page, `/quote/genera?tipo=${serviceTypeId}`)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  for (const key of ['ArrowDown', 'ArrowDown', 'Delete']) await page.keyboard.press(key)
  await page.getByText('1 esclusa').waitFor()
  await shoot(page, 'genera-quote')
}

/** The first-run guide half filled, as somebody would see it in the second minute. */
async function firstRun(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1, name: 'Il tuo ente' }).waitFor()
  await page.getByLabel('Nome dell’ente').fill('Ordine dei Farmacisti di prova')
  await page.getByLabel('Codice fiscale dell’ente').fill('80012340255')
  await page.getByLabel('Ufficio').fill('Segreteria')
  await page.getByLabel('Indirizzo').fill('Viale degli Esempi 27, 00100 Prova (XX)')
  await page.getByLabel('E-mail per gli iscritti').fill('segreteria@ordine-di-prova.example')
  await page.getByLabel('Telefono').fill('0000 123456')
  await page.getByLabel('Nome dell’ente').focus()
  await shoot(page, '01-primo-avvio')
}

/** How the notices look, the letters, and a notice with instalments: the two dues that were left out of the batch. */
async function papers(page: Page): Promise<void> {
  const { id } = await client.letter.save({
    id: null,
    name: 'Lettera per la quota',
    subject: '{causale}',
    body: 'Gentile {nome},\n\ncon questa lettera riceve l’avviso di pagamento per «{causale}», di {importo} euro.\n\nSi può pagare anche {rate}.\n\nPer ogni chiarimento la segreteria è a disposizione, dal lunedì al venerdì.',
    signature: 'La Presidente, Dott.ssa Ermelinda Fontebasso',
  })
  const { issuanceId } = await follow(
    client.debtPosition.generate({
      filters: { exercise: YEAR },
      parameters: {
        description: 'Quote a rate',
        dueDate: isoDate('2026-03-31'),
        validUntil: isoDate('2026-12-31'),
        groupByPerson: true,
        groupDescription: 'Quote e diritti 2026',
        installments: { count: 3, withSingle: true, firstDue: isoDate('2026-03-31'), everyMonths: 2 },
      },
    }),
    () => undefined,
  )
  await client.setting.set({ key: 'avvisi.lettera', value: JSON.stringify({ id, place: 'after' }) })
  await open(page, `/avvisi?lotto=${issuanceId}`)
  await page.getByText('Pagina 1 di 3').waitFor()
  await page.keyboard.press('PageDown')
  await page.getByText('Pagina 2 di 3').waitFor()
  await page.locator('.desk-page').nth(1).locator('canvas').waitFor()
  await shoot(page, '04-avviso-rate')
  await client.setting.set({ key: 'avvisi.lettera', value: null })

  const sample = page.locator('.paper-preview .desk-page canvas').first()
  await open(page, '/impostazioni/avvisi')
  await sample.waitFor()
  await shoot(page, 'avvisi-aspetto')
  await open(page, '/impostazioni/avvisi?parte=kit')
  await sample.waitFor()
  await shoot(page, 'avvisi-kit')
  await open(page, '/impostazioni/avvisi?parte=lingue')
  await page.getByRole('combobox', { name: 'Seconda lingua sugli avvisi' }).click()
  await page.getByRole('option', { name: 'Italiano e tedesco' }).click()
  await page.getByText('testo ufficiale').first().waitFor()
  await page.waitForTimeout(1500)
  await shoot(page, 'avvisi-lingue')
  await open(page, '/impostazioni/nodo')
  await page.getByRole('button', { name: 'Prova collegamento' }).waitFor()
  await shoot(page, 'nodo-pagopa')
  await onNode(page)
  await open(page, '/impostazioni/lettere')
  await page.getByRole('button', { name: 'Lettera per la quota', exact: true }).click()
  await sample.waitFor()
  await shoot(page, 'lettera')
}

/** Pages that the manual names beside the nine steps. */
async function others(page: Page): Promise<void> {
  await open(page, '/posizioni')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await page.getByRole('complementary', { name: /^Dettaglio/ }).waitFor()
  await shoot(page, 'posizioni')
  await page
    .getByRole('complementary', { name: /^Dettaglio/ })
    .getByRole('link', { name: 'scheda' })
    .click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await shoot(page, 'scheda-persona')
  await page.getByRole('button', { name: 'Altre azioni sulla persona' }).click()
  await page.getByRole('menuitem', { name: 'Cancella i dati personali…' }).click()
  await page.getByRole('heading', { name: 'Se ne va' }).waitFor()
  await shoot(page, 'persone-cancella')
  await page.getByRole('button', { name: 'Torna alla scheda' }).click()
  const [twice] = (await client.person.list({ filters: {}, limit: 1 })).rows
  if (twice?.fiscalCode) {
    // The same person once more, one letter of the code mistyped.
    const fiscalCode = `${twice.fiscalCode.slice(0, 4)}${twice.fiscalCode[4] === 'X' ? 'Y' : 'X'}${twice.fiscalCode.slice(5)}`
    const { name, kind, category } = twice
    const { id } = await client.person.create({ name, kind, category, fiscalCode, vatNumber: '' })
    await client.person.saveContact({ personId: id, kind: 'email', value: 'altra.casella@posta.example' })
  }
  await open(page, '/persone/doppioni')
  await page.getByRole('button', { name: 'Confronta…' }).first().click()
  await page.getByRole('heading', { name: 'Unisci due persone' }).waitFor()
  await shoot(page, 'persone-doppioni')
  await page.keyboard.press('Escape')
  await open(page, '/registri')
  await shoot(page, 'registri')
  await alboLists(page)
  await page.keyboard.press('Control+K')
  await page.keyboard.type('albonesi')
  await page.getByText('Albonesi', { exact: false }).first().waitFor()
  await page.waitForTimeout(400)
  await shoot(page, 'comandi')
  await page.keyboard.press('Escape')
  await positions(page)
  // Only now is anybody late.
  await now(page, `${YEAR}-05-15T08:30:00.000Z`)
  await open(page, '/mora')
  await page.getByText(/^Si chiedono \d+ more/).waitFor()
  await shoot(page, 'mora')

  // The year is over: what is still to be collected goes on as residui.
  await now(page, `${YEAR + 1}-01-18T08:30:00.000Z`)
  await client.exercise.open({ year: YEAR + 1, state: 'open' })
  await open(page, '/impostazioni/esercizi')
  await page.getByRole('button', { name: `Chiudi il ${YEAR}…` }).click()
  await page.getByRole('list', { name: 'Elenco di controllo' }).waitFor()
  await shoot(page, 'chiusura')
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.locator('.closing-foot').getByRole('button').click()
  await page.getByLabel(`Scrivi ${YEAR} per confermare`).fill(String(YEAR))
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Chiudi/ })
    .click()
  await page.getByRole('button', { name: /^Riapri/ }).waitFor({ timeout: 30_000 })
  await toastsGone(page)
  await open(page, '/registri?registro=residui')
  await page.getByRole('grid').waitFor()
  await shoot(page, 'residui')
}

/** Who has paid goes back to whoever keeps the Albo: where to, what, and what became of it. */
async function alboLists(page: Page): Promise<void> {
  const [place] = await client.folder.list({ parent: null })
  const way = { way: 'folder', folder: place?.token ?? null, fileAccountId: null, automatic: false } as const
  const to = await client.alboDestination.save({
    id: null,
    name: 'Albo dell’Ordine',
    profile: 'albo-unico-opi',
    ...way,
  })
  await open(page, '/impostazioni/albo')
  await page.getByRole('button', { name: 'Prova' }).click()
  await page.getByText('La cartella si può scrivere.').waitFor()
  await shoot(page, 'impostazioni-albo')
  await open(page, '/registri?registro=albo')
  await page.getByRole('grid').waitFor()
  await shoot(page, 'albo')
  const { id } = await client.alboSent.send({ destinationId: to.id })
  await client.alboSent.answer({ id, refused: [{ ordinal: 2, reason: 'Iscritto non trovato' }] })
  await open(page, `/registri?registro=albo&liste=mandate&sel=${id}`)
  await page.getByText('Rifiutata: Iscritto non trovato').waitFor()
  await shoot(page, 'albo-mandate')
}

/** One position by hand, the card of one that was changed after it was sent, and what can be done with one and with many. */
async function positions(page: Page): Promise<void> {
  await open(page, '/posizioni/nuova')
  await page.getByLabel(/^Cerca per nome/).fill('albonesi')
  await page
    .getByRole('option', { name: /Albonesi/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  for (const [i, name] of ['Corso', 'Diritti di segreteria'].entries()) {
    if (i > 0) await page.getByRole('button', { name: 'Aggiungi una riga' }).click()
    await page.getByLabel(`Tipo di dovuto della riga ${i + 1}`).click()
    await page.getByRole('option', { name }).click()
  }
  await page.locator('.due-row').first().getByLabel('Importo €').fill('120,00')
  await page.getByLabel('Scadenza', { exact: true }).fill('30/04/2026')
  await page.getByText('Anche a rate').click()
  const plan = page.locator('.plan-table').getByLabel(/^Importo della rata/)
  await plan.first().fill('50,00')
  await plan.last().fill('36,67')
  await page.getByRole('region', { name: 'Riepilogo' }).getByText('L’avviso dirà').waitFor()
  await page.locator('.new-form').evaluate((form) => form.scrollTo(0, 0))
  await shoot(page, 'nuova-posizione')

  const late = await client.debtPosition.list({
    filters: { exercise: YEAR, state: ['issued', 'expired'], delivery: 'done' },
    limit: 1,
  })
  const [row] = late.rows
  if (!row) throw new Error('nobody is left to pay')
  const input = {
    selection: { ids: [row.id] },
    change: { dueDate: { kind: 'to' as const, date: isoDate('2026-05-31') } },
  }
  const { stamp } = await client.positionAct.changePreview(input)
  const reason = 'Proroga del Consiglio'
  await follow(client.positionAct.change({ ...input, reason, expected: 1, stamp }), () => undefined)
  const cash = await client.account.save({
    ...{ id: null, kind: 'cash', name: 'Cassa', iban: null },
    ...{ openingDate: isoDate(`${YEAR}-01-01`), openingCents: 0 as Cents },
  })
  await page.evaluate(() => localStorage.removeItem('quietanza.pannello'))
  await open(page, `/posizioni?cerca=${encodeURIComponent(row.personName)}`)
  const panel = page.getByRole('complementary', { name: /^Dettaglio/ })
  await page.locator('tr[aria-rowindex="2"]').waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await panel.getByText('2 · Modificata').waitFor()
  await panel.getByRole('heading', { name: 'Versioni' }).evaluate((part) => part.scrollIntoView())
  await shoot(page, 'posizione-scheda')
  const dialog = page.getByRole('alertdialog')
  const act = async (name: string) => {
    await panel.getByRole('button', { name: 'Altre azioni sulla posizione' }).click()
    await page.getByRole('menuitem', { name }).click()
    await dialog.waitFor()
  }
  const leave = async (picture: string) => {
    await page.waitForTimeout(500)
    await shoot(page, picture)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  await act('Cambia importo…')
  await dialog
    .getByLabel(/^Nuovo importo di/)
    .first()
    .fill('190,00')
  await dialog.getByText(/variazione degli accertamenti/).waitFor()
  await dialog.getByRole('button', { name: 'Delibera del Consiglio' }).click()
  await leave('cambia-importo')
  await act('Rateizza…')
  await dialog.getByText('fanno il totale').waitFor()
  await dialog.getByText('avrà un numero nuovo').first().waitFor()
  await leave('rateizza')
  await act('Pagata fuori da pagoPA…')
  await dialog.getByLabel('Documento').fill('ricevuta n. 12 del 17/03/2026')
  await leave('pagata-fuori')
  await client.account.close({ id: cash.id })
  await open(page, '/posizioni')
  await page.locator('tr[aria-rowindex="2"]').waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+A')
  await page.getByRole('button', { name: 'Cambia scadenza…' }).click()
  await dialog.getByLabel('Nuova scadenza').fill('31/05/2026')
  await dialog.getByText(/in tutto/).waitFor()
  await leave('cambia-scadenza')
}

/** Receipts of the first flows, and a folder into which files come by themselves. */
async function receipts(page: Page, flows: ReturnType<typeof rehearse>['flows'], creditor: string): Promise<void> {
  const paid = flows.flatMap((flow) => flow.payments.filter((payment) => payment.outcome === '0'))
  const files = paid.map((p, i) => ({
    name: `ricevuta-${i + 1}.xml`,
    text: paSendRt({
      iuv: p.notice.iuv,
      iur: p.iur,
      cents: p.notice.cents,
      creditor,
      paidAt: `${p.paidOn}T10:15:30`,
      debtor: { name: p.notice.debtor, fiscalCode: null },
      psp: p.provider.name,
    }),
  }))
  const tokens: FileToken[] = []
  for (const { name, text } of files.slice(4)) {
    const path = join(own, name)
    writeFileSync(path, text)
    tokens.push(await backend.context.files.adopt(path))
  }
  await follow(client.intake.import({ tokens }), () => undefined)
  await open(page, '/ricevute')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  await page.getByRole('complementary', { name: /^Dettaglio/ }).waitFor()
  await shoot(page, 'ricevute')

  for (const { name, text } of files.slice(0, 4)) writeFileSync(join(own, 'Arrivi', name), text)
  writeFileSync(join(own, 'Arrivi', 'appunti.txt'), 'da richiamare la banca')
  await open(page, '/impostazioni/arrivi')
  await page.getByRole('button', { name: 'Aggiungi una cartella…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Arrivi', { exact: true }).click()
  await dialog.getByText('Nessuna cartella qui dentro.').waitFor()
  await dialog.getByRole('button', { name: 'Tieni d’occhio questa cartella' }).click()
  const look = page.getByRole('button', { name: 'Guarda adesso' })
  // The second look takes what has not changed since the first.
  for (const _ of [1, 2]) {
    await look.click()
    await page.locator('.mantine-Notification-root').first().waitFor()
    await toastsGone(page)
  }
  await page.getByText('Ultimi file arrivati').waitFor()
  await shoot(page, 'arrivi')
}

/** A register of another program: its columns, what it says otherwise of people, the history; then it is thrown away. */
async function foreignRegister(page: Page): Promise<void> {
  const { rows } = await client.person.list({ filters: {}, sort: { column: 'name', direction: 'asc' }, limit: 40 })
  const people = rows.flatMap((p) => (p.fiscalCode === null ? [] : [{ ...p, fiscalCode: p.fiscalCode }]))
  const bytes = foreignRegisterCsv(people, isoDate(`${YEAR}-06-30`), (i) =>
    i === 5 ? { 'Da versare': '1,215.00' } : {},
  )
  await chooseFile(page, '/importa', 'iscritti.csv', bytes)
  await page.getByText('Profilo non riconosciuto').waitFor()
  for (const [letter, typed] of [
    ['B', 'cognome e nome'],
    ['C', 'cognome e nome'],
    ['D', 'categoria'],
  ]) {
    await page.getByRole('combobox', { name: new RegExp(`^Campo della colonna ${letter} `) }).focus()
    await page.keyboard.type(typed ?? '')
    await page.keyboard.press('Enter')
  }
  const fields = page.getByRole('region', { name: 'Campi' })
  await fields.getByRole('button', { name: 'Categoria' }).click()
  await page.getByRole('button', { name: /^Traduci i valori/ }).click()
  const values = page.getByRole('dialog', { name: 'Valori di «Categoria»' })
  await values.getByText('ORD', { exact: true }).waitFor()
  for (const [code, ours] of [
    ['ORD', 'professionista'],
    ['SOC', 'società tra professionisti'],
    ['TIR', 'praticante'],
  ]) {
    if ((await values.getByText(code ?? '', { exact: true }).count()) === 0) continue
    await page.getByRole('combobox', { name: `«${code}» diventa` }).click()
    await page.getByRole('option', { name: ours ?? '', exact: true }).click()
  }
  await values.getByRole('button', { name: 'Torna alle colonne' }).click()
  await fields.getByRole('button', { name: 'Servizio' }).click()
  await page.getByText('Uguale per tutte').click()
  await page.getByRole('combobox', { name: 'Vale per tutte le righe' }).click()
  await page.getByRole('option', { name: 'Quota annuale', exact: true }).click()
  await fields.getByRole('button', { name: 'Anno di competenza' }).click()
  await page.getByText('Uguale per tutte').click()
  await page.getByLabel('Vale per tutte le righe').fill(String(YEAR))
  await fields.getByRole('button', { name: 'Causale' }).click()
  await page.getByText('Composta').click()
  await page.getByText(/con errori/).waitFor()
  await shoot(page, '02-colonne')
  await page.getByRole('button', { name: 'Controlla le righe' }).click()
  await page.getByRole('button', { name: /^Persone da aggiornare/ }).click()
  await page.getByRole('grid', { name: 'Persone da aggiornare' }).focus()
  await page.keyboard.press('Home')
  await page.getByRole('region', { name: 'Persona scelta' }).waitFor()
  await page.keyboard.press('l')
  await shoot(page, '02-persone')
  await page.getByRole('button', { name: /^Tutte le righe/ }).click()
  await page.getByRole('button', { name: 'Scarta questa lettura' }).click()
  await page.getByText('Scarica il tracciato vuoto').waitFor()
  await open(page, '/importa/storico')
  await page.getByRole('grid').getByText('registro-di-prova').first().click()
  await page.getByText('Impronta SHA-256').waitFor()
  await shoot(page, '02-storico')
}

async function toastsGone(page: Page): Promise<void> {
  await page.mouse.move(700, 20)
  await page.locator('.mantine-Notification-root').first().waitFor({ state: 'detached', timeout: 15_000 })
}

/** Half of what is open goes to the node; the rest stands there to be published. */
async function onNode(page: Page): Promise<void> {
  const { rows } = await client.debtPosition.list({ filters: { node: 'toPublish' }, limit: 500 })
  const selection = { ids: rows.slice(0, Math.ceil(rows.length / 2)).map(({ id }) => id) }
  if (selection.ids.length > 0) {
    const { environment, count, stamp } = await client.nodePosition.publishPreview({ selection })
    const seen = { environment, expected: count, stamp }
    await follow(client.nodePosition.publish({ selection, ...seen }), () => undefined)
  }
  await open(page, '/nodo')
  await page.getByText('Niente in partenza').waitFor()
  await shoot(page, 'nodo')
}

/** Some new positions go to a technological partner, who took most of them. */
async function toPartner(page: Page): Promise<void> {
  const type = (await client.serviceType.list()).find(({ kind }) => kind === 'quota')
  if (type === undefined) throw new Error('no type')
  const today = romeDate(clock.now())
  const { rows: people } = await client.person.list({ filters: {}, limit: 24 })
  const ids = []
  for (const { id: personId } of people) {
    const { debtPositionId } = await client.positionAct.create({
      payer: { personId },
      rows: [{ kind: 'new', serviceTypeId: type.id, cents: cents(4_000), competenceYear: YEAR, causale: 'Corso' }],
      terms: { single: { dueDate: addDays(today, 30) }, installments: null },
      validUntil: addDays(today, 90),
      attempt: `partner-${personId}`,
    })
    ids.push(debtPositionId)
  }
  const selection = { ids }
  const { environment, count, stamp } = await client.partner.preview({ selection })
  const seen = { environment, expected: count, stamp }
  const { id } = await follow(client.partner.export({ selection, format: 'csv', ...seen }), () => undefined)
  const handed = (await client.partner.rows({ filters: { id }, limit: 500 })).rows
  const said = handed.slice(3).map(({ iupd }, i) => `${iupd};${i < 2 ? 'RIFIUTATA;IBAN non attivo' : 'ACCETTATA;'}`)
  const writer = await context.files.create('esito-partner.csv', 'text/csv')
  await writer.write(new TextEncoder().encode(`iupd;esito;motivo\n${said.join('\n')}\n`))
  const token = await writer.commit()
  const outcome = await client.partner.outcomePreview({ id, token })
  await client.partner.outcomeConfirm({ id, token, stamp: outcome.stamp })
  await open(page, '/nodo?vista=partner')
  await page.getByRole('grid', { name: 'File per il partner' }).getByText('Posizioni nuove').click()
  await page.getByText('IBAN non attivo').first().waitFor()
  await shoot(page, 'partner')
}

/** Moves both clocks: the program's and the page's. */
async function now(page: Page, at: string): Promise<void> {
  const instant = at as Instant
  if (epochMsOf(instant) > clock.epochMs()) clock.moveTo(instant)
  await page.clock.setFixedTime(at)
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${host.origin}${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}

async function chooseFile(page: Page, path: string, name: string, bytes: Uint8Array): Promise<void> {
  await open(page, path)
  await chooseFiles(page, () => page.keyboard.press('Control+O'), [{ name, bytes }])
}

async function shoot(page: Page, name: string): Promise<void> {
  await settled(page)
  await page.waitForTimeout(300)
  const png = await page.screenshot({ caret: 'hide', animations: 'disabled' })
  const picture = await darkroom.evaluate(
    async (data) => {
      const image = await createImageBitmap(await (await fetch(data)).blob())
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(image, 0, 0)
      const { data: bytes } = context.getImageData(0, 0, image.width, image.height)
      let text = ''
      for (let i = 0; i < bytes.length; i += 32_768) text += String.fromCharCode(...bytes.subarray(i, i + 32_768))
      return { width: image.width, height: image.height, rgba: btoa(text) }
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  const small = palettePng({ ...picture, rgba: new Uint8Array(Buffer.from(picture.rgba, 'base64')) })
  writeFileSync(join(OUT, `${name}.png`), small)
  process.stdout.write(`${name}.png ${Math.round(small.length / 1024)} kB\n`)
}
