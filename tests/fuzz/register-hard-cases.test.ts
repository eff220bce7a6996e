import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ProblemError, problemReport } from '#domain/problem'
import { proposeHeaderRow } from '../../src-main/codecs/register-propose.ts'
import { readRegisterFile } from '../../src-main/services/register-reading.ts'
import { wide } from '../codecs/xls-samples.ts'
import { inventedCode } from '../services/office.ts'
import { bookParts, HEADINGS, type Parts, SHEET, STRINGS, zipParts } from './register-files.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const NO_HEADINGS =
  'Nessun foglio ha la riga di intestazione del tracciato (fogli letti: «Quote»). Assegna le colonne ai campi, oppure parti dal modello che il programma genera.'
const overLimit = (limit: string) =>
  `La cartella di lavoro supera i limiti di lettura: ${limit}. Togli i fogli e le righe che non servono, o dividila in più file.`

/** A workbook of so many cells, made and compressed piece by piece; its numbers keep it from shrinking like a bomb. */
async function hugeSheet(cells: number, first = ''): Promise<Buffer> {
  const parts = bookParts('\u0001')
  const [head = '', tail = ''] = (parts.find(([path]) => path === SHEET)?.[1] ?? '').split('\u0001')
  const deflate = createDeflateRaw({ level: 1 })
  let crc = 0
  let length = 0
  const lines = function* () {
    yield head + first
    let n = 12_345
    for (let row = 0; row < cells / 100; row += 1) {
      const line = Array.from({ length: 100 }, () => {
        n = (n * 48_271) % 2_147_483_647
        return `<c><v>${n}</v></c>`
      })
      yield `<row>${line.join('')}</row>`
    }
    yield tail
  }
  const chunks: Buffer[] = []
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk))
  const source = function* () {
    for (const line of lines()) {
      const bytes = Buffer.from(line)
      crc = crc32(bytes, crc)
      length += bytes.length
      yield bytes
    }
  }
  await pipeline(Readable.from(source()), deflate)
  return zipParts(parts, new Map([[SHEET, { raw: { data: Buffer.concat(chunks), crc, length } }]]))
}

const inline = (text: string) => ` t="inlineStr"><is><t>${text}</t></is>`
const number = (value: string) => `><v>${value}</v>`

/** Rows of a sheet: the headings, then a quota for each of these amount and due date cells. */
function sheetOf(cells: readonly { readonly amount?: string; readonly due?: string }[]): string {
  const rows = cells.map(({ amount = number('215'), due = '/>' }, n) => [
    ...[inventedCode(n), `Tornaforte ${n}`, 'professionista', 'Quota annuale'].map(inline),
    ...[number('2026'), inline(`Quota ${n}`), amount, due],
  ])
  return [HEADINGS.map(inline), ...rows]
    .map((row, r) => {
      const filled = row.map((cell, c) => {
        const end = cell.endsWith('/>') ? '' : '</c>'
        return `<c r="${String.fromCharCode(65 + c)}${r + 1}"${cell}${end}`
      })
      return `<row r="${r + 1}">${filled.join('')}</row>`
    })
    .join('')
}

/** What the program makes of a file: amounts and due dates row by row, and all that it says. */
async function read(bytes: Uint8Array) {
  try {
    const file = await readRegisterFile(bytes, null, () => {})
    const rows = file.rows.map(({ row }) =>
      row !== null && 'amountCents' in row ? [row.amountCents, row.dueDate] : null,
    )
    return { rows, said: [...file.problems, ...file.rows.flatMap((r) => r.problems)].map(problemReport) }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { rows: null, said: error.problems.map(problemReport) }
  }
}
const readParts = (parts: Parts) => read(zipParts(parts))
const readCells = (...cells: Parameters<typeof sheetOf>[0]) => readParts(bookParts(sheetOf(cells)))
const without = (parts: Parts, path: string): Parts => parts.filter(([name]) => name !== path)

describe('files made to block programs', () => {
  it('a part that swells a thousand times', async () => {
    const before = process.memoryUsage().rss
    const seen = []
    for (const path of [SHEET, STRINGS, 'xl/styles.xml']) {
      const parts = bookParts(sheetOf([{}]))
      const blanks = `<!--${' '.repeat(64 * 1_048_576)}-->`
      const content = Buffer.from(`${parts.find(([name]) => name === path)?.[1]}${blanks}`)
      const raw = { data: deflateRawSync(content, { level: 9 }), crc: crc32(content), length: content.length }
      seen.push((await read(zipParts(parts, new Map([[path, { raw }]])))).said)
    }
    const bomb = overLimit('si gonfia troppo aprendola, come fanno i file fatti per bloccare i programmi')
    expect(seen).toEqual([[bomb], [bomb], [bomb]])
    expect(process.memoryUsage().rss - before).toBeLessThan(500 * 1_048_576)
  })

  it('texts of many megabytes where none stands', async () => {
    const long = (path: string) =>
      bookParts(sheetOf([{}])).map(([name, content]): Parts[number] =>
        name === path ? [name, content.replace('>', `>${' '.repeat(8 * 1_048_576)}`)] : [name, content],
      )
    expect((await readParts(long(STRINGS))).said).toEqual([
      overLimit('nella parte «xl/sharedStrings.xml» più di 1 MB di testo in «sst»'),
    ])
    expect((await readParts(long('xl/styles.xml'))).said).toEqual([
      overLimit('nella parte «xl/styles.xml» più di 4 MB di testo in «styleSheet»'),
    ])
  })

  it('a million cells without headings, written and read as a stream', { timeout: 300_000 }, async () => {
    const zip = await hugeSheet(1_000_000)
    const before = process.memoryUsage().rss
    expect(await read(zip)).toEqual({ rows: null, said: [NO_HEADINGS] })
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576)
  })

  it.runIf(LONG)('ten million cells under the right headings are refused', { timeout: 600_000 }, async () => {
    const zip = await hugeSheet(10_000_000, sheetOf([{}]))
    const before = process.memoryUsage().rss
    const began = performance.now()
    const seen = await read(zip)
    console.log(`ten million cells: refused in ${Math.round(performance.now() - began)} ms`)
    expect(seen).toEqual({ rows: null, said: [`foglio «Quote»\n${overLimit('più di 8.000.000 celle')}`] })
    expect(process.memoryUsage().rss - before).toBeLessThan(1500 * 1_048_576)
  })

  it('a million cells under the right headings stop at once when they are given up', {
    timeout: 300_000,
  }, async () => {
    const stop = new AbortController()
    const zip = await hugeSheet(1_000_000, sheetOf([{}]))
    setTimeout(() => stop.abort(), 200)
    let stopped = 0
    stop.signal.addEventListener('abort', () => {
      stopped = performance.now()
    })
    await expect(readRegisterFile(zip, null, () => {}, stop.signal)).rejects.toBeDefined()
    expect(performance.now() - stopped).toBeLessThan(5000)
  })

  it('more columns than any register', async () => {
    const row = Array.from({ length: 20_000 }, () => `<c><v>1</v></c>`).join('')
    expect((await readParts(bookParts(`<row>${row}</row>`))).said).toMatchInlineSnapshot(`
      [
        "foglio «Quote»
      La cartella di lavoro non si apre: il foglio è rovinato dopo la riga 1. Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.",
      ]
    `)
    expect((await read(Buffer.from(`${'a;'.repeat(3000)}\n`))).said).toMatchInlineSnapshot(`
      [
        "riga 1
      La cartella di lavoro supera i limiti di lettura: più di 2000 colonne. Togli i fogli e le righe che non servono, o dividila in più file.",
      ]
    `)
  })

  it('texts that a pattern would go over once for each of their letters', { timeout: 20_000 }, async () => {
    const blanks = `1${' '.repeat(500_000)}1`
    const seen = await readCells({ amount: inline(blanks) }, { due: inline(blanks) })
    expect(seen.rows).toEqual([null, null])
    const heading = (text: string) => new Map([[0, { kind: 'text', text } as const]])
    for (const text of ['n', 'cod', 'data', 'tipologia']) {
      expect(proposeHeaderRow([{ number: 1, cells: heading(text.repeat(100_000)) }])).toBeNull()
    }
  })

  it('a hundred thousand merged cells, one on the other', { timeout: 60_000 }, async () => {
    const ranges = Array.from({ length: 100_000 }, (_, n) => `<mergeCell ref="G${2 + (n % 3)}:G1048576"/>`).join('')
    const merged = `<mergeCells>${ranges}</mergeCells>`
    const rows = Array.from({ length: 3000 }, () => ({}))
    const { said } = await readParts(bookParts(sheetOf(rows), { merged }))
    expect(said.filter((text) => text.includes('sono unite')).length).toBe(3000)
  })

  it('entities that multiply', async () => {
    const parts = bookParts(sheetOf([{}])).map(([path, content]): Parts[number] =>
      path === SHEET
        ? [path, content.replace('<worksheet', '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')]
        : [path, content],
    )
    expect((await readParts(parts)).said).toMatchInlineSnapshot(`
      [
        "foglio «Quote»
      Il documento XML contiene una dichiarazione DOCTYPE, che il programma rifiuta per sicurezza. Chiedi il file originale a chi lo ha prodotto.",
      ]
    `)
  })
})

describe('cells', () => {
  it('formulas: the saved result counts, one without result is told', async () => {
    const seen = await readCells(
      { amount: '><f>200+15</f><v>215</v>' },
      { amount: '><f>200+15</f>' },
      { amount: ' t="str"><f>"21"&amp;"5,00"</f><v>215,00</v>' },
      { amount: ' t="e"><f>1/0</f><v>#DIV/0!</v>' },
    )
    expect(seen.rows).toEqual([[21_500, null], null, [21_500, null], null])
    expect(seen.said).toMatchInlineSnapshot(`
      [
        "foglio «Quote», riga 3, colonna G (Importo)
          3 │ =200+15
      La formula «=200+15» non ha un valore salvato. Apri il file in Excel, lascialo calcolare e salvalo; oppure scrivi il valore.",
        "foglio «Quote», riga 5, colonna G (Importo)
          5 │ #DIV/0!
      La cella contiene l’errore di Excel «#DIV/0!». Correggi la formula o scrivi il valore.",
      ]
    `)
  })

  it('macros are never run, and the quotas are read', async () => {
    const parts: Parts = [...bookParts(sheetOf([{}])), ['xl/vbaProject.bin', 'Sub Auto_Open()']]
    const seen = await readParts(parts)
    expect(seen).toEqual({ rows: [[21_500, null]], said: [] })
  })

  it('merged cells: no row under them is good', async () => {
    const merged = '<mergeCells count="1"><mergeCell ref="G2:G3"/></mergeCells>'
    const seen = await readParts(bookParts(sheetOf([{}, { amount: '/>' }, {}]), { merged }))
    expect(seen.rows).toMatchInlineSnapshot(`
      [
        null,
        null,
        [
          21500,
          null,
        ],
      ]
    `)
    expect(seen.said).toMatchInlineSnapshot(`
      [
        "foglio «Quote», riga 2, colonna G
      Le celle G2:G3 sono unite: solo la prima ha un valore. Separale e scrivi il valore in ogni riga.",
        "foglio «Quote», riga 3, colonna G (Importo)
      Manca l’importo. Scrivi l’importo in euro, per esempio 215,00.",
        "foglio «Quote», riga 3, colonna G
      Le celle G2:G3 sono unite: solo la prima ha un valore. Separale e scrivi il valore in ogni riga.",
      ]
    `)
  })

  it('dates as texts, in every form that is clear', async () => {
    const seen = await readCells(
      ...[
        '31/03/2026',
        '31-3-2026',
        '31.03.2026',
        '2026-03-31',
        '03/31/2026',
        '31/03/26',
        '31 marzo 2026',
        '31/02/2026',
      ].map((text) => ({ due: inline(text) })),
    )
    expect(seen.rows?.map((row) => row?.[1])).toMatchInlineSnapshot(`
      [
        "2026-03-31",
        "2026-03-31",
        "2026-03-31",
        "2026-03-31",
        undefined,
        undefined,
        undefined,
        undefined,
      ]
    `)
    expect(seen.said).toMatchInlineSnapshot(`
      [
        "foglio «Quote», riga 6, colonna H (Scadenza)
          6 │ 03/31/2026
      Il giorno «03/31/2026» non esiste. Correggilo guardando il calendario.",
        "foglio «Quote», riga 7, colonna H (Scadenza)
          7 │ 31/03/26
      L’anno della data «31/03/26» ha due cifre. Scrivilo con quattro cifre, per esempio 31/03/2026.",
        "foglio «Quote», riga 8, colonna H (Scadenza)
          8 │ 31 marzo 2026
      Data non leggibile: «31 marzo 2026». Usa la forma 31/03/2026.",
        "foglio «Quote», riga 9, colonna H (Scadenza)
          9 │ 31/02/2026
      Il giorno «31/02/2026» non esiste. Correggilo guardando il calendario.",
      ]
    `)
  })

  it('dates of both calendars', async () => {
    const sheet = sheetOf([{ due: ` s="1"${number('46112')}` }, { due: ` s="2"${number('46112.5')}` }])
    expect((await readParts(bookParts(sheet))).rows).toMatchInlineSnapshot(`
      [
        [
          21500,
          "2026-03-31",
        ],
        [
          21500,
          "2026-03-31",
        ],
      ]
    `)
    expect((await readParts(bookParts(sheet, { date1904: true }))).rows).toMatchInlineSnapshot(`
      [
        [
          21500,
          "2030-04-01",
        ],
        [
          21500,
          "2030-04-01",
        ],
      ]
    `)
  })

  it('amounts as numbers, with what a computer adds to them', async () => {
    const seen = await readCells(
      ...['215.5', '0.30000000000000004', '1E3', '215.005', '0x1F', 'Infinity', '1e400', '-5', '0'].map((value) => ({
        amount: number(value),
      })),
    )
    expect(seen.rows?.map((row) => row?.[0] ?? null)).toMatchInlineSnapshot(`
      [
        21550,
        30,
        100000,
        null,
        null,
        null,
        null,
        null,
        null,
      ]
    `)
    expect(seen.said).toMatchInlineSnapshot(`
      [
        "foglio «Quote», riga 5, colonna G (Importo)
          5 │ 215,005
      L’importo «215,005» ha più di due decimali. Arrotondalo al centesimo.",
        "foglio «Quote», riga 6, colonna G (Importo)
          6 │ 0x1F
      La cella dice di essere un numero, ma contiene «0x1F». Correggi la formula o scrivi il valore.",
        "foglio «Quote», riga 7, colonna G (Importo)
          7 │ Infinity
      La cella dice di essere un numero, ma contiene «Infinity». Correggi la formula o scrivi il valore.",
        "foglio «Quote», riga 8, colonna G (Importo)
          8 │ 1e400
      La cella dice di essere un numero, ma contiene «1e400». Correggi la formula o scrivi il valore.",
        "foglio «Quote», riga 9, colonna G (Importo)
          9 │ -5
      L’importo «-5» non è maggiore di zero. Togli la riga o scrivi quanto è dovuto.",
        "foglio «Quote», riga 10, colonna G (Importo)
          10 │ 0
      L’importo «0» non è maggiore di zero. Togli la riga o scrivi quanto è dovuto.",
      ]
    `)
  })

  it('texts that look like amounts of another country', async () => {
    const texts = [
      '1.234,56',
      '1,234.56',
      '215.50',
      '€ 215,00',
      '215,00 EUR',
      "1'234,00",
      '２１５',
      '215,0\u200b0',
      '12,345',
    ]
    const seen = await readCells(...texts.map((text) => ({ amount: inline(text) })))
    expect(seen.rows?.map((row) => row?.[0] ?? null)).toMatchInlineSnapshot(`
      [
        123456,
        null,
        null,
        21500,
        21500,
        null,
        null,
        null,
        null,
      ]
    `)
    expect(seen.said).toMatchInlineSnapshot(`
      [
        "foglio «Quote», riga 3, colonna G (Importo)
          3 │ 1,234.56
      Importo non leggibile: «1,234.56». Usa la forma 1.234,56.",
        "foglio «Quote», riga 4, colonna G (Importo)
          4 │ 215.50
      Importo non leggibile: «215.50». Usa la forma 1.234,56.",
        "foglio «Quote», riga 7, colonna G (Importo)
          7 │ 1'234,00
      Importo non leggibile: «1'234,00». Usa la forma 1.234,56.",
        "foglio «Quote», riga 8, colonna G (Importo)
          8 │ ２１５
      Importo non leggibile: «２１５». Usa la forma 1.234,56.",
        "foglio «Quote», riga 9, colonna G (Importo)
          9 │ 215,0​0
      La cella contiene un carattere invisibile (U+200B). Cancella la cella e riscrivila a mano.",
        "foglio «Quote», riga 10, colonna G (Importo)
          10 │ 12,345
      L’importo «12,345» ha più di due decimali. Arrotondalo al centesimo.",
      ]
    `)
  })

  it('cells and rows that are there twice', async () => {
    const twice = sheetOf([{}]).replace('<c r="H2"', '<c r="G2"><v>1</v></c><c r="H2"')
    expect((await readParts(bookParts(twice))).said).toMatchInlineSnapshot(`
      [
        "foglio «Quote»
      La cartella di lavoro non si apre: il foglio è rovinato dopo la riga 2. Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.",
      ]
    `)
    expect((await readParts(bookParts(sheetOf([{}]) + sheetOf([{}])))).said).toMatchInlineSnapshot(`
      [
        "foglio «Quote»
      La cartella di lavoro non si apre: il foglio è rovinato dopo la riga 2. Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.",
      ]
    `)
  })
})

describe('files of another kind, or in another coding', () => {
  const line = (amount: string) => [
    inventedCode(1),
    'Pràdovin Zoë',
    'professionista',
    'Quota annuale',
    '2026',
    'Quota',
    amount,
    '',
  ]
  const csv = [[...HEADINGS], line('215,50')].map((row) => row.join(';')).join('\r\n')

  it.each([
    ['UTF-8', Buffer.from(csv)],
    ['UTF-8 with mark', Buffer.from(`\ufeff${csv}`)],
    ['UTF-16', wide(csv)],
    ['UTF-16 with mark', wide(`\ufeff${csv}`)],
    ['UTF-16 the other way round', wide(`\ufeff${csv}`).swap16()],
    ['Windows-1252', Buffer.from(csv, 'latin1')],
  ])('a CSV in %s', async (_, bytes) => {
    const file = await readRegisterFile(bytes, null, () => {})
    expect(file.rows[0]?.row).toMatchObject({ name: 'Pràdovin Zoë', amountCents: 21_550 })
  })

  const CODING =
    'I caratteri del file non si leggono né come UTF-8 né come Windows-1252. Salva il file di nuovo scegliendo la codifica UTF-8.'
  const broken = (reason: string) =>
    `La cartella di lavoro non si apre: ${reason}. Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.`
  const macRoman = Buffer.concat([Buffer.from(csv.replace('Pràdovin Zoë', 'Pr'), 'latin1'), Buffer.from([0x81, 0x8d])])
  it.each<[string, Uint8Array, string]>([
    ['a coding that nobody knows', macRoman, CODING],
    ['nothing', Buffer.alloc(0), 'Il file è vuoto. Controlla di averlo salvato e sceglilo di nuovo.'],
    [
      'a PDF',
      Buffer.from('%PDF-1.7\n%âãÏÓ'),
      'Il file è un PDF, che il programma non legge. Aprilo e salvalo come .xlsx o come CSV.',
    ],
    [
      'a picture',
      Buffer.from('89504e470d0a1a0a0000', 'hex'),
      'Il file è un’immagine, che il programma non legge. Aprilo e salvalo come .xlsx o come CSV.',
    ],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)), CODING],
    [
      'a book of LibreOffice',
      zipParts([['content.xml', '<office/>']]),
      'Il file è un .ods (LibreOffice), che il programma non legge. Aprilo e salvalo come .xlsx o come CSV.',
    ],
    [
      'a binary book',
      zipParts([['xl/workbook.bin', 'x']]),
      'Il file è un .xlsb (Excel binario), che il programma non legge. Aprilo e salvalo come .xlsx o come CSV.',
    ],
    [
      'a zip of something else',
      zipParts([['leggimi.txt', 'ciao']]),
      broken('manca la parte «xl/_rels/workbook.xml.rels»'),
    ],
    [
      'a book without its sheet',
      zipParts(without(bookParts(sheetOf([{}])), SHEET)),
      broken('manca la parte «xl/worksheets/sheet1.xml»'),
    ],
    [
      'a book cut in the middle',
      zipParts(bookParts(sheetOf([{}]))).subarray(0, 900),
      broken('l’archivio è tagliato o non è una cartella di lavoro'),
    ],
    [
      'a CSV whose quotes do not close',
      Buffer.from(`${csv}\r\n"${inventedCode(2)};x`),
      'riga 3\nIl testo a colonne non si legge: delle virgolette aperte non si chiudono. Scarica di nuovo il file da dove viene, senza aprirlo e salvarlo con altri programmi.',
    ],
  ])('%s is refused with its reason', async (_, bytes, reason) => {
    const seen = await read(bytes)
    expect(seen.rows).toBeNull()
    expect(seen.said).toEqual([reason])
  })
})
