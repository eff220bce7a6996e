import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from './browser.ts'
import { deliverToAppIo } from './delivery/app-io.ts'
import { acceptPlainFtp, deliverToServer } from './delivery/file-servers.ts'
import { followPec, pauseAndResume } from './delivery/mail.ts'
import { prepareForPost } from './delivery/post.ts'
import { type Program, startProgram } from './program.ts'
import { makeReadyLedger } from './ready-ledger.ts'
import { Person, pictureOnFailure } from './window.ts'

/** Every way by which a notice can reach its person, set up and used on screen against a server that is there. */
describe('delivery on screen', () => {
  let folder: string
  let program: Program
  let browser: Browser
  let person: Person
  let page: Page

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quietanza-delivery-'))
    await makeReadyLedger(folder, 14)
    program = await startProgram({ folder })
    browser = await launchBrowser()
    ;({ person, page } = await Person.enter(browser, program))
  })
  beforeEach(() => pictureOnFailure(() => page))
  afterEach(() => person.expectNoTrouble())
  afterAll(async () => {
    await browser?.close()
    expect(await program?.stop()).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  })

  const step = (name: string, act: () => Promise<void>) => it(name, { timeout: 90_000 }, act)

  step('by e-mail: pauses half way and goes on when told', () => pauseAndResume(page))
  step('by PEC: receipts on the timeline, each opened whole', () => followPec(page))
  step('by App IO: tried, then a message each', () => deliverToAppIo(page))
  step('by post: addresses and sample approved first', () => prepareForPost(page, program.deliveries))
  step('to a server by its key, and stops when the key changes', () => deliverToServer(page))
  step('asks before FTP in clear, makes the folder, and does not lose what is not saved', () => acceptPlainFtp(page))
})
