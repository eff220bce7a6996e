import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Cents, parseAmount } from '#domain/money'
import type { Rehearsal } from '#simulator/rehearse'
import { launchBrowser } from '../browser.ts'
import { type MailServer, startMailServer } from '../mail-server.ts'
import { duesOf, type IssuedNotice } from '../office.ts'
import { type Program, startProgram } from '../program.ts'
import { Person } from '../window.ts'

const DUES = duesOf(48)
/** A mailbox that the mail server does not know. */
export const REFUSED = DUES.findLast((due) => due.email !== null)?.email ?? ''

/** What goes along from one step of the road to the next: the program, its window, and what has been seen so far. */
export class Walk {
  readonly program: Program
  readonly browser: Browser
  readonly person: Person
  readonly page: Page
  readonly mail: MailServer
  readonly dues = DUES
  /** Addresses that get a notice by e-mail; the last one's mailbox does not exist. */
  mailable: readonly string[] = []
  /** Sum of the positions generated; what was struck off is not in it. */
  issuedCents = 0
  /** Sum of the reversali as the screen says it. */
  collected = ''
  notices: readonly IssuedNotice[] = []
  world: Rehearsal | null = null

  private constructor(program: Program, browser: Browser, person: Person, page: Page, mail: MailServer) {
    this.program = program
    this.browser = browser
    this.person = person
    this.page = page
    this.mail = mail
  }

  static async begin(): Promise<Walk> {
    const mail = await startMailServer((address) => address === REFUSED)
    const program = await startProgram()
    const browser = await launchBrowser()
    const { person, page } = await Person.enter(browser, program)
    return new Walk(program, browser, person, page, mail)
  }

  /** Ends like a person does: closes the browser, Ctrl-C. */
  async end(): Promise<void> {
    await this.browser.close()
    expect(await this.program.stop()).toBe(0)
    await this.mail.close()
  }

  heading(name: string): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  /** Waits until the line at the foot of the list says the first, and then all of these. */
  async totals(...words: string[]): Promise<void> {
    const foot = this.page.locator('.totals').first()
    await expect.poll(() => foot.textContent()).toContain(words[0])
    for (const word of words) await expect.poll(() => foot.textContent()).toContain(word)
  }

  /** Puts the cursor on the first row, as Tab and Inizio do, and waits for its panel. */
  async firstRow(): Promise<void> {
    await this.page.getByRole('grid').first().focus()
    await this.page.keyboard.press('Home')
    await this.page.getByRole('complementary', { name: /^Dettaglio/ }).waitFor()
  }
}

/** `1.234,56` as cents; an absent text is a failure, not zero. */
export function amountOf(text: string | undefined): Cents {
  const reading = parseAmount(text ?? '')
  if (!reading.ok) throw new Error(`not an amount: ${text}`)
  return reading.value
}
