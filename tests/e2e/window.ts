import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Download, Locator, Page } from 'playwright-core'
import { expect, onTestFailed } from 'vitest'
import type { Program } from './program.ts'

/** How a machine of the office shows it: a small laptop screen, Italian. */
export const SCREEN = { width: 1366, height: 768 }

/** A browser that was let in: all its windows share the cookie. Whatever goes wrong inside is kept and fails the test. */
export class Person {
  readonly context: BrowserContext
  readonly #troubles: string[] = []
  readonly #allowed: RegExp[] = []
  readonly #program: Pick<Program, 'address' | 'origin'>

  private constructor(context: BrowserContext, program: Pick<Program, 'address' | 'origin'>) {
    this.context = context
    this.#program = program
  }

  static async enter(
    browser: Browser,
    program: Pick<Program, 'address' | 'origin'>,
    screen = SCREEN,
  ): Promise<{ person: Person; page: Page }> {
    const context = await browser.newContext({
      viewport: screen,
      locale: 'it-IT',
      timezoneId: 'Europe/Rome',
      acceptDownloads: true,
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(10_000)
    await slowWire(context)
    const person = new Person(context, program)
    const page = await person.#watched()
    await page.goto(program.address)
    return { person, page }
  }

  /** One more window of the same browser. */
  async anotherWindow(path: string): Promise<Page> {
    const page = await this.#watched()
    await page.goto(`${this.#program.origin}${path}`)
    return page
  }

  async #watched(): Promise<Page> {
    const page = await this.context.newPage()
    // Listening all the time keeps the system's dialog away: turned on only when awaited, it may come too late.
    page.on('filechooser', () => undefined)
    page.on('console', (message) => {
      if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) {
        this.#troubles.push(`${page.url()}: ${message.text()} ${message.location().url}`)
      }
    })
    page.on('pageerror', (error) => this.#troubles.push(`${page.url()}: ${error.stack ?? error.message}`))
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? ''
      // A page that is left gives up what it was reading.
      if (why !== 'net::ERR_ABORTED') this.#troubles.push(`${request.url()}: ${why}`)
    })
    return page
  }

  /** Chromium tells of each refused call as an error: a test that provokes a refusal says so first. */
  allow(trouble: RegExp): void {
    this.#allowed.push(trouble)
  }

  /** Console errors, exceptions, refused resources, failed requests so far: none but the allowed ones. */
  expectNoTrouble(): void {
    expect(this.#troubles.filter((text) => !this.#allowed.some((a) => a.test(text)))).toEqual([])
  }

  async leave(): Promise<void> {
    await this.context.close()
  }
}

/** `QUIETANZA_WIRE_MS=400`: every answer so much later, as on a machine that does many things. What hurries ahead of the page is found. */
async function slowWire(context: BrowserContext): Promise<void> {
  const ms = Number(process.env.QUIETANZA_WIRE_MS ?? 0)
  if (ms === 0) return
  await context.route('**/rpc/**', async (route) => {
    await sleep(ms)
    // The page may be gone by now.
    await route.continue().catch(() => undefined)
  })
}

/** Goes to a section by the menu, and waits for its heading. */
export async function go(page: Page, section: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Sezioni' }).getByRole('link', { name: section }).click()
  await page.getByRole('heading', { level: 1, name: section, exact: true }).waitFor()
}

/** Waits until no list is reading and two frames are drawn: streams stay open, so the network is never idle. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

/** Chooses files in the system's dialog that `open` brings up. */
export async function chooseFiles(page: Page, open: () => Promise<unknown>, files: readonly Upload[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), open()])
  await chooser.setFiles(files.map(({ name, bytes }) => ({ name, mimeType: '', buffer: Buffer.from(bytes) })))
}

export interface Upload {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What arrives in the downloads folder when `act` is done. */
export async function download(page: Page, act: () => Promise<unknown>): Promise<Upload> {
  const [file] = (await Promise.all([page.waitForEvent('download'), act()])) as [Download, unknown]
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  return { name: file.suggestedFilename(), bytes: new Uint8Array(Buffer.concat(chunks)) }
}

/** Rows of the list that are seen now, cell by cell, as a person reads them. */
export async function rowsSeen(page: Page | Locator): Promise<string[][]> {
  const rows = page.locator('table.grid tbody tr[aria-rowindex]:not(.placeholder)')
  return rows.evaluateAll((list) =>
    list.map((row) =>
      [...row.querySelectorAll('td')].map((cell) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim()),
    ),
  )
}

/** A text that comes all at once where the focus is, as from the clipboard. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text)
}

/** With `QUIETANZA_E2E_PICTURES=<folder>` a test that fails leaves there what it saw. */
export function pictureOnFailure(page: () => Page): void {
  const folder = process.env.QUIETANZA_E2E_PICTURES
  if (!folder) return
  onTestFailed(async ({ task }) => {
    await page().screenshot({ path: `${folder}/${task.name.replaceAll(/\W+/g, '-').slice(0, 40)}.png` })
  })
}
