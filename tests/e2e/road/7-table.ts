import type { Page } from 'playwright-core'

/** A keyboard that counts, beside a watch on the mouse. */
export class Keys {
  count = 0
  readonly #page: Page

  private constructor(page: Page) {
    this.#page = page
  }

  static async on(page: Page): Promise<Keys> {
    await page.addInitScript(() => {
      const seen = window as unknown as { mouseEvents: number }
      seen.mouseEvents = 0
      for (const kind of ['pointerdown', 'mousedown', 'wheel'])
        window.addEventListener(
          kind,
          () => {
            seen.mouseEvents += 1
          },
          true,
        )
    })
    return new Keys(page)
  }

  async press(key: string): Promise<void> {
    this.count += 1
    await this.#page.keyboard.press(key)
  }

  /** Each letter is a key. */
  async type(text: string): Promise<void> {
    this.count += text.length
    await this.#page.keyboard.type(text)
  }

  mouseEvents(): Promise<number> {
    return this.#page.evaluate(() => (window as unknown as { mouseEvents: number }).mouseEvents)
  }
}

/** The count that a view's tab shows. */
export async function tabCount(page: Page, name: string): Promise<number> {
  const text = await page
    .getByRole('navigation', { name: 'Viste' })
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .textContent()
  return Number(/([\d.]+)$/.exec(text ?? '')?.[1]?.replaceAll('.', '') ?? Number.NaN)
}

interface Open {
  readonly key: string
  readonly reason: string
  readonly confirms: boolean
  readonly choices: readonly string[]
  readonly acts: string
}

/** What the person reads in the open row. */
function openRow(page: Page): Promise<Open | null> {
  return page.evaluate(() => {
    const row = document.querySelector('tr.open')
    if (!row) return null
    return {
      key: row.id,
      reason: row.querySelector('.board-reason .st')?.textContent ?? '',
      confirms: row.querySelector('.board-acts button')?.hasAttribute('disabled') === false,
      choices: [...row.querySelectorAll('.choice')].map((choice) => choice.textContent ?? ''),
      acts: row.querySelector('.board-acts')?.textContent ?? '',
    }
  })
}

const WRITTEN = 'verificato'

/** Decides row after row as the table proposes, until none is left. `waits` are milliseconds from the key to the next row. */
export async function clearByKeys(
  page: Page,
  keys: Keys,
): Promise<{ readonly pressed: number; readonly decided: number; readonly waits: number[] }> {
  const begun = keys.count
  const waits: number[] = []
  let decided = 0
  for (let guard = 0; guard < 300; guard += 1) {
    const row = await openRow(page)
    if (!row) {
      if ((await tabCount(page, 'Da decidere')) === 0) break
      await page.waitForTimeout(50)
      continue
    }
    const since = Date.now()
    const back = row.choices.findIndex((choice) => choice.includes('Somme da restituire'))
    // A movement with one counterpart that does not fit it is left out; of several, or of the answers to a flow, the first.
    const leaves = row.acts.includes('Escludi') || (row.choices.length === 0 && row.acts.includes('Metti da parte'))
    const out = !row.confirms && row.choices.length < 2 && leaves
    if (back >= 0) await keys.press(String(back + 1))
    else if (!row.confirms && !out) await keys.press('1')
    await keys.press(out ? 'x' : 'Enter')
    const asked = page.getByRole('dialog').getByLabel('Motivo')
    const outcome = await Promise.race([
      asked.waitFor({ timeout: 4000 }).then(
        () => 'asked',
        () => 'none',
      ),
      left(page, row.key).then(() => 'left'),
    ])
    if (outcome === 'asked') {
      // The reason written last is already there: Invio keeps it.
      if ((await asked.inputValue()) === '') await keys.type(WRITTEN)
      await keys.press('Enter')
      await left(page, row.key)
    } else waits.push(Date.now() - since)
    decided += 1
  }
  return { pressed: keys.count - begun, decided, waits }
}

/** The row has given its place to another, or has changed under the cursor. */
async function left(page: Page, key: string): Promise<void> {
  await page
    .waitForFunction(
      (id) => {
        const open = document.querySelector('tr.open')
        return document.querySelector('[role="dialog"]') === null && (open === null || open.id !== id)
      },
      key,
      { polling: 'raf', timeout: 5000 },
    )
    .catch(() => undefined)
}
