import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { readRegisterWhole } from '#codecs/register-read'
import { writeRegister } from '#codecs/register-write'
import { type Instant, isoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { cents } from '#domain/money'

const soffice = spawnSync('soffice', ['--version']).status === 0
if (!soffice) console.log('xlsx-libreoffice.test: no LibreOffice here, skipped')

const address = {
  street: 'Via Roma',
  civicNumber: '12/B',
  postalCode: '09124',
  city: 'Cagliari',
  province: 'CA',
  country: 'IT',
}
const row = {
  fiscalCode: 'RSSMRA85T10A562S' as FiscalCode,
  vatNumber: '00743110157',
  name: 'D’Amico Niccolò',
  category: 'professionista' as const,
  alboNumber: '0012',
  address,
  email: 'p@example.it',
  pec: null,
  ...{ phone: null, iban: null, albo: null, section: null, enrolmentDate: null },
  service: 'Quota annuale',
  competenceYear: 2026,
  causale: '=1+1 & <Quota>',
  amountCents: cents(123456),
  dueDate: isoDate('2026-03-31'),
  capitolo: null,
  externalReference: null,
}

it.skipIf(!soffice)(
  'a register that LibreOffice opened and saved again says the same',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'office-'))
    try {
      const chunks: Uint8Array[] = []
      for await (const chunk of writeRegister([row], '2026-02-02T08:00:00.000Z' as Instant)) chunks.push(chunk)
      writeFileSync(join(folder, 'quote.xlsx'), Buffer.concat(chunks))
      const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`
      const saved = ['--headless', '--convert-to', 'xlsx:Calc MS Excel 2007 XML', '--outdir', join(folder, 'saved')]
      const run = spawnSync('soffice', [profile, ...saved, join(folder, 'quote.xlsx')], {
        encoding: 'utf8',
        timeout: 110_000,
      })
      expect(run.stdout).toContain('convert')
      const reading = await readRegisterWhole(readFileSync(join(folder, 'saved', 'quote.xlsx')))
      expect(reading.problems).toEqual([])
      expect(reading.rows).toEqual([{ ...row, row: 2, sheet: 'Quote' }])
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
