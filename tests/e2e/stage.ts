import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser } from './browser.ts'
import { type Program, startProgram } from './program.ts'
import { Person, pictureOnFailure } from './window.ts'

/** What the steps of a file act with. */
export interface Stage {
  readonly program: Program
  readonly browser: Browser
  readonly person: Person
  readonly page: Page
}

/**
 * One program and one browser for all the steps of a `describe`: `prepare` fills a folder of its own and answers with the
 * archive’s path where that is not the folder itself. After each step nothing may have gone wrong; at the end the program must leave in order.
 */
export function onStage(
  name: string,
  prepare: (folder: string) => Promise<unknown>,
  ready: (stage: Stage) => void | Promise<void>,
): void {
  let folder: string
  let stage: Partial<Stage> = {}
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `quietanza-${name}-`))
    const archive = await prepare(folder)
    stage = { program: await startProgram({ folder: typeof archive === 'string' ? archive : folder }) }
    stage = { ...stage, browser: await launchBrowser() }
    stage = { ...stage, ...(await Person.enter(stage.browser as Browser, stage.program as Program)) }
    await ready(stage as Stage)
  }, 120_000)
  beforeEach(() => pictureOnFailure(() => stage.page as Page))
  afterEach(() => stage.person?.expectNoTrouble())
  afterAll(async () => {
    await stage.browser?.close()
    expect(await stage.program?.stop()).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  })
}
