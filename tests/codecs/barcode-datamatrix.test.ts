import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bwipjs from 'bwip-js'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { type DataMatrix, dataMatrixWords, encodeDataMatrix } from '#codecs/barcode/data-matrix'
import { shortestWords } from '#codecs/barcode/data-matrix-words'
import { cents } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { POSTAL_SLIP_LENGTH, postalSlipText, readPostalSlipText } from '#domain/postal-slip'
import { specsDir } from '../specs.ts'
import { has } from './pdf-tools.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const require = createRequire(import.meta.url)

/** The official sample's text (pagopa.md §2.2). */
const OFFICIAL = [
  'codfase=NBPA;1847000000880099905112000000232323100000000100',
  '38961P199999000013FFFCST83A15L113V',
  'Mario Rossi'.padEnd(40),
  'Avviso Pagamento di TEST'.padEnd(110),
  `${' '.repeat(12)}A`,
].join('')

function rows(modules: ArrayLike<number>, size: number): string {
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (modules[y * size + x] ? '#' : '.')).join(''),
  ).join('\n')
}

/** bwip-js given our codewords: what it adds is the check words, their interleaving, the placement and the finders. */
function judged(words: Uint8Array, size: number): string {
  const [symbol] = (
    bwipjs as unknown as {
      raw(options: object): { pixs: number[]; pixx: number; pixy: number }[]
    }
  ).raw({
    bcid: 'datamatrix',
    text: Array.from(words, (word) => `^${String(word).padStart(3, '0')}`).join(''),
    raw: true,
    version: `${size}x${size}`,
  })
  return rows(symbol?.pixs ?? [], symbol?.pixx ?? 0)
}

/** Four pixels a module, quiet zone of four modules. */
function picture({ modules, size }: DataMatrix): { data: Uint8ClampedArray; width: number; height: number } {
  const side = (size + 8) * 4
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (let y = 0; y < size * 4; y++) {
    for (let x = 0; x < size * 4; x++) {
      if (modules[(y >> 2) * size + (x >> 2)] === 0) continue
      data.fill(0, ((y + 16) * side + x + 16) * 4, ((y + 16) * side + x + 16) * 4 + 3)
    }
  }
  return { data, width: side, height: side }
}

async function readByZxing(symbol: DataMatrix): Promise<string | undefined> {
  const found = await readBarcodes(picture(symbol) as ImageData, {
    formats: ['DataMatrix'],
    maxNumberOfSymbols: 1,
    isPure: true,
    textMode: 'Plain',
  })
  return found[0]?.text
}

const slip = fc
  .record({
    base: fc.integer({ min: 0, max: 9_999_999_999_999 }),
    amount: fc.integer({ min: 1, max: 9_999_999_999 }),
    account: fc.integer({ min: 1, max: 999_999_999_999 }),
    fiscalCode: fc.option(fc.stringMatching(/^([A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]|[0-9]{11})$/)),
    name: fc.string({
      unit: fc.constantFrom(...'abcdefghilmnopqrstuvzABCDEFGHILMNOPQRSTUVZàèìòùß  ’-.'),
      maxLength: 70,
    }),
    subject: fc.string({ unit: fc.constantFrom(...'aeioulmnrstAEIOULMNRST0123456789   ’-./(),:+'), maxLength: 140 }),
  })
  .map(({ base, amount, account, fiscalCode, name, subject }) =>
    postalSlipText(
      {
        noticeNumber: composeNoticeNumber('01' as SegregationCode, base).noticeNumber,
        cents: cents(amount),
        dueDate: null,
      },
      {
        fiscalCode: '80087670016',
        name: 'Ordine',
        office: null,
        info: null,
        cbill: null,
        online: null,
        postal: { number: String(account), holder: 'Ordine', authorisation: null },
      },
      { name, fiscalCode },
      subject,
    ),
  )

/** Any ASCII, in stretches that make the encoder change its mode. */
const stretches = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[0-9]{1,30}$/),
      fc.stringMatching(/^[A-Z ]{1,30}$/),
      fc.stringMatching(/^[!-/:-@A-Z]{1,30}$/),
      fc.stringMatching(/^[ -~]{1,12}$/),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join('').slice(0, 260))
  .filter((text) => {
    try {
      return shortestWords(text).length > 0
    } catch {
      return false
    }
  })

/** So long and so full of punctuation that only 52×52 holds them. */
const heavy = fc.stringMatching(/^[A-Z '()+,./:?-]{235,240}$/)

beforeAll(() => {
  const wasmBinary = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasmBinary).buffer } })
})

describe('Data Matrix ECC200', () => {
  test('the official example stands in 48×48, read back character by character', async () => {
    const upper = encodeDataMatrix(OFFICIAL.slice(0, 8) + OFFICIAL.slice(8).toUpperCase())
    expect(upper.size).toBe(48)
    expect(await readByZxing(upper)).toBe(OFFICIAL.slice(0, 8) + OFFICIAL.slice(8).toUpperCase())
    const mixed = encodeDataMatrix(OFFICIAL)
    expect(await readByZxing(mixed)).toBe(OFFICIAL)
  })

  const sample = specsDir() && join(specsDir() as string, 'pagopa-data', 'notice', 'scenario_ft_03.pdf')
  test.skipIf(sample === null || !has('pdftoppm') || !has('dmtxread'))(
    'the code on pagoPA’s own sample is read (skipped without the specifications, pdftoppm or dmtxread)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'quietanza-dm-'))
      try {
        const box = ['-x', '1380', '-y', '1810', '-W', '215', '-H', '215', '-f', '1', '-l', '1', '-singlefile']
        execFileSync('pdftoppm', ['-r', '200', '-gray', ...box, sample as string, join(folder, 'code')])
        const text = execFileSync('dmtxread', ['-N1', '-m5000', join(folder, 'code.pgm')], { encoding: 'utf8' })
        expect(text).toHaveLength(POSTAL_SLIP_LENGTH)
        expect(readPostalSlipText(text)).toEqual({
          noticeNumber: '470000008800999051',
          account: '000000123456',
          cents: 150_000,
          creditorFiscalCode: '99999000013',
          debtorFiscalCode: 'FFFCST83A15L113V',
          debtorName: 'Mario Rossi',
          subject: 'Avviso Pagamento di TEST',
        })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )

  test('equals bwip-js module by module, given our codewords', () => {
    const sizes = new Set<number>()
    fc.assert(
      fc.property(fc.oneof(slip, stretches, heavy), (text) => {
        const { modules, size } = encodeDataMatrix(text)
        const words = dataMatrixWords(text)
        expect(words.length).toBe(size === 48 ? 174 : 204)
        expect(rows(modules, size)).toBe(judged(words, size))
        sizes.add(size)
      }),
      { numRuns: LONG ? 3000 : 150 },
    )
    expect([...sizes].sort()).toEqual([48, 52])
  }, 600_000)

  test('zxing reads every text back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(slip, stretches, heavy), async (text) => {
        expect(await readByZxing(encodeDataMatrix(text))).toBe(text)
      }),
      { numRuns: LONG ? 10_000 : 300 },
    )
  }, 900_000)

  // With place for an unlatch, for nothing, for one pad and for two.
  test.each([
    ['172 C40', 'a', 85, ''],
    ['173 C40', '', 86, ''],
    ['174 C40', 'a', 86, ''],
    ['172', '', 83, 'abcd'],
    ['173', 'a', 83, 'abcd'],
    ['174', '', 84, 'abcd'],
    ['203 C40', '', 101, ''],
    ['204 C40', 'a', 101, ''],
    ['203', 'a', 98, 'abcd'],
    ['204', '', 99, 'abcd'],
  ] as const)('a text of %s codewords is read back', async (expected, head, triples, tail) => {
    const text = head + 'ABC'.repeat(triples) + tail
    const { length, inC40 } = shortestWords(text)
    expect(`${length}${inC40 ? ' C40' : ''}`).toBe(expected)
    expect(await readByZxing(encodeDataMatrix(text))).toBe(text)
  })

  test.skipIf(!has('dmtxread'))(
    'dmtxread reads every text back',
    () => {
      const texts = fc.sample(fc.oneof(slip, stretches, heavy), {
        numRuns: LONG ? 1000 : 40,
        ...(LONG ? {} : { seed: 7 }),
      })
      const folder = mkdtempSync(join(tmpdir(), 'quietanza-dm-'))
      try {
        for (const text of texts) {
          const { data, width, height } = picture(encodeDataMatrix(text))
          const grey = Buffer.from(data.filter((_, i) => i % 4 === 0))
          const path = join(folder, 'code.pgm')
          writeFileSync(path, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]))
          expect(execFileSync('dmtxread', ['-N1', '-m2000', path], { encoding: 'utf8', timeout: 20_000 })).toBe(text)
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    900_000,
  )

  test('no slip needs more than 52×52, not even one of punctuation only', () => {
    const worst = [..."'()+,-./:?"].map((sign) => sign.repeat(160))
    const texts = [...worst, 'A/1'.repeat(60), '-A'.repeat(80), '?9'.repeat(80), "'AB1".repeat(40)]
    for (const text of texts) {
      const written = OFFICIAL.slice(0, 77) + text.slice(0, 166).padEnd(166) + OFFICIAL.slice(243)
      expect(shortestWords(written).length).toBeLessThanOrEqual(185)
      expect(encodeDataMatrix(written).size).toBe(52)
    }
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."AZ09'()+,-./:? "), minLength: 166, maxLength: 166 }),
        (text) => {
          expect(shortestWords(OFFICIAL.slice(0, 77) + text + OFFICIAL.slice(243)).length).toBeLessThanOrEqual(185)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('never longer than the plain ways: ASCII alone, or ASCII and then C40', () => {
    fc.assert(
      fc.property(slip, (text) => {
        const asciiOnly = text.replace(/[0-9]{2}/g, '#').length
        const head = text.slice(0, 77).replace(/[0-9]{2}/g, '#').length
        const values = [...text.slice(77)].reduce((sum, c) => sum + (/[A-Z0-9 ]/.test(c) ? 1 : 2), 0)
        const c40 = head + 1 + Math.floor(values / 3) * 2 + (values % 3 === 0 ? 0 : 5)
        expect(shortestWords(text).length).toBeLessThanOrEqual(Math.min(asciiOnly, c40))
      }),
      { numRuns: 500 },
    )
  })

  test('what does not fit or is not ASCII is refused', () => {
    expect(() => encodeDataMatrix('à')).toThrow(/«à»/)
    expect(() => encodeDataMatrix('a'.repeat(205))).toThrow(/205 codewords/)
    expect(() => encodeDataMatrix('1'.repeat(409))).toThrow(RangeError)
    expect(encodeDataMatrix('1'.repeat(408)).size).toBe(52)
  })
})
