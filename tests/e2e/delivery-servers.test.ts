import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../servers/dovecot.ts'
import { launchBrowser } from './browser.ts'
import { deliverByFtps } from './delivery/ftps.ts'
import { followBounces } from './delivery/postfix.ts'
import { standStill, waitForWindow } from './delivery/still.ts'
import { type Program, startProgram } from './program.ts'
import { makeReadyLedger } from './ready-ledger.ts'
import { Person, pictureOnFailure } from './window.ts'

/** What goes wrong on the way, on screen: hours that are closed, a login refused, an outcome nobody knows, a report that comes back. */
describe('delivery that does not go straight, on screen', () => {
  let folder: string
  let box: Dovecot | null
  let program: Program
  let browser: Browser
  let person: Person
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quietanza-delivery-'))
    box = await startDovecot()
    await makeReadyLedger(folder, 10)
    // An office whose machine trusts the authority of its own mail server.
    program = await startProgram({ folder, ...(box === null ? {} : { trusted: box.certFile }) })
    browser = await launchBrowser()
    ;({ person, page } = await Person.enter(browser, program))
  }, 60_000)
  beforeEach(() => pictureOnFailure(() => page))
  afterEach(() => person.expectNoTrouble())
  afterAll(async () => {
    await browser?.close()
    expect(await program?.stop()).toBe(0)
    await box?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 90_000 }, act)

  step('hours that are closed: it waits and says until when', () => waitForWindow(page))
  step('a login refused, then a line that falls: it stands still, and each outcome is decided', () => standStill(page))
  step('a real Postfix: what comes back is told with its reason and its proof', () => followBounces(page, box))
  step('a real FTPS server: its certificate is accepted once', () => deliverByFtps(page))
})
