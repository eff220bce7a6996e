import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly {
    readonly target: readonly unknown[]
    readonly html: string
    readonly failureSummary?: string
  }[]
}

/** Every rule of axe-core on what is shown; with `dark` also the contrast of the dark colours. None may be broken. */
export async function expectAccessible(
  page: Page,
  name: string,
  options: { readonly dark?: boolean } = {},
): Promise<void> {
  await keepPicture(page, name)
  await page.evaluate(AXE)
  const found = await violations(page, null)
  await keepLarge(page, name)
  if (options.dark) {
    await colours(page, 'dark')
    await keepPicture(page, `${name}, scuro`)
    for (const violation of await violations(page, ['color-contrast']))
      found.push({ ...violation, id: `${violation.id} (scuro)` })
    await colours(page, 'light')
  }
  const words = found.flatMap((v) =>
    v.nodes
      .slice(0, 4)
      .map(
        (n) =>
          `${v.id} · ${v.help} · ${n.target.join(' ')} · ${n.html.slice(0, 160)} · ${n.failureSummary?.split('\n')[1] ?? ''}`,
      ),
  )
  expect(words, `axe-core: ${name}`).toEqual([])
}

/** With `QUIETANZA_E2E_PICTURES=<folder>` every page that is judged leaves a picture there, for eyes. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.QUIETANZA_E2E_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\p{L}\d]+/gu, '-')}.png` })
}

/** The same on the screen of an office's desk. */
async function keepLarge(page: Page, name: string): Promise<void> {
  const small = page.viewportSize()
  if (!process.env.QUIETANZA_E2E_PICTURES || small === null) return
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.waitForTimeout(250)
  await keepPicture(page, `${name}, 1920`)
  await page.setViewportSize(small)
  await page.waitForTimeout(250)
}

function violations(page: Page, rules: readonly string[] | null): Promise<Violation[]> {
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as {
      axe: { run(context: Document, options: object): Promise<{ violations: Violation[] }> }
    }
    const run = await axe.run(document, {
      resultTypes: ['violations'],
      ...(only ? { runOnly: { type: 'rule', values: only } } : {}),
    })
    return run.violations
  }, rules)
}

async function colours(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((value) => {
    document.documentElement.setAttribute('data-mantine-color-scheme', value)
  }, scheme)
}
