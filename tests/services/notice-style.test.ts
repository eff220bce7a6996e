import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { call } from '@orpc/server'
import { encode } from 'fast-png'
import { PDFDict, PDFDocument, PDFName } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { NOTICE_GRAPHIC_KINDS } from '#domain/notice-graphics'
import type { FileToken } from '#domain/ports'
import { ProblemError, problemReport } from '#domain/problem'
import { DEFAULT_NOTICE_STYLE } from '#ledger/notice-style'
import { account, institution } from '../../src-main/services/institution.ts'
import { readNoticeKitInput } from '../../src-main/services/notice-kit-input.ts'
import { noticeStyle } from '../../src-main/services/notice-style.ts'
import { specsDir } from '../specs.ts'
import { type Office, openOffice } from './office.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" rx="4"/></svg>'
const TEXT_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">\n<text y="10">Avviso</text></svg>'
const png = (side: number) =>
  encode({ width: side, height: side, channels: 3, depth: 8, data: new Uint8Array(side * side * 3).fill(90) })
const utf8 = (text: string) => new TextEncoder().encode(text)

let office: Office
let postal: Id<'bankAccount'>
beforeAll(async () => {
  office = await openOffice()
  const saved = await call(
    account.save,
    {
      id: null,
      kind: 'postal',
      name: 'Conto postale',
      iban: 'IT24M0760112100000012345678',
      openingDate: '2026-01-01',
      openingCents: 0,
    } as never,
    { context: office.context },
  )
  postal = saved.id
})
afterAll(() => office.close())

const options = () => ({ context: office.context })
const get = () => call(noticeStyle.get, undefined, options())
const save = (style: object) => call(noticeStyle.save, { ...DEFAULT_NOTICE_STYLE, ...style } as never, options())

const preview = (layout: object, style: object = {}) =>
  call(
    noticeStyle.preview,
    {
      style: { ...DEFAULT_NOTICE_STYLE, ...style },
      layout: { single: true, installments: 0, dated: true, longest: false, ...layout },
    } as never,
    options(),
  )

async function upload(name: string, bytes: Uint8Array): Promise<FileToken> {
  const writer = await office.context.files.create(name, 'application/octet-stream')
  await writer.write(bytes)
  return writer.commit()
}

/** What a person reads of a refusal. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    const problems =
      error instanceof ProblemError ? error.problems : (error as { data: { problems: never[] } }).data.problems
    return problems.map(problemReport).join('\n')
  }
  throw new Error('not refused')
}

/** A zip of deflated entries, as any program packs them. */
function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of Object.entries(files)) {
    const data = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

describe('the style of the notices', () => {
  test('defaults, with what is missing in words', async () => {
    const found = await get()
    expect(found).toMatchObject({ ...DEFAULT_NOTICE_STYLE, graphics: [] })
    expect(found.warnings.join('\n')).toContain('Manca «Marchio pagoPA»')
    expect(found.warnings.join('\n')).not.toContain('bollettino')
  })

  test('a saved style reaches what draws the notices, and the journal', async () => {
    const style = { postalAccountId: postal, postalHolder: 'Ordine di prova', secondLanguage: 'de', online: 'both' }
    await save(style)
    expect(await get()).toMatchObject(style)
    const input = await office.context.ledger.read((db) => readNoticeKitInput(db))
    expect(input.creditor).toMatchObject({
      online: 'both',
      postal: { number: '000012345678', holder: 'Ordine di prova', authorisation: null },
    })
    expect(input.second).toMatchObject({ language: 'de', words: { title: 'ZAHLUNGSMITTEILUNG' } })
    const { warnings } = await get()
    expect(warnings.join('\n')).toMatch(
      /mancano «Marchio BancoPosta», «Marchio Poste Italiane» e «Marchio del bollettino/,
    )
    expect(warnings.join('\n')).toContain('autorizzazione di Poste')
    const journal = await office.context.ledger.read((db) =>
      db.selectFrom('journalEntry').select('command').where('command', 'like', 'noticeStyle.%').execute(),
    )
    expect(journal).toEqual([{ command: 'noticeStyle.save' }])
  })

  test('what no notice could carry is refused in words, and nothing changes', async () => {
    const before = await get()
    const accounts = await call(account.list, undefined, options())
    const bank = accounts.find((one) => one.kind === 'bank')?.id
    expect(await refusal(save({ postalAccountId: bank, postalHolder: 'X' }))).toContain('non è un conto postale')
    expect(await refusal(save({ postalAccountId: postal, postalHolder: '' }))).toContain('Manca l’intestatario')
    expect(await refusal(save({ postalAccountId: 999, postalHolder: 'X' }))).toContain('conto')
    expect(await refusal(save({ postalAccountId: postal, postalHolder: 'Ordine 雪' }))).toContain('Il carattere «雪»')
    expect(await refusal(save({ fileNamePattern: '{codiceFiscale}' }))).toContain('stesso nome')
    expect(await refusal(save({ fileNamePattern: '{targa}_{iuv}' }))).toContain('targa')
    expect(await get()).toEqual(before)
  })

  test('an account closed later: no slip, and the settings say why', async () => {
    const closing = await call(
      account.save,
      {
        id: null,
        kind: 'postal',
        name: 'Vecchio conto',
        iban: 'IT91T0760112100000087654321',
        openingDate: '2026-01-01',
        openingCents: 0,
      } as never,
      options(),
    )
    await save({ postalAccountId: closing.id, postalHolder: 'Ordine di prova' })
    await call(account.close, { id: closing.id }, options())
    const input = await office.context.ledger.read((db) => readNoticeKitInput(db))
    expect(input.creditor.postal).toBeNull()
    expect((await get()).warnings.join('\n')).toContain('Il conto «Vecchio conto» è chiuso.')
    expect(await refusal(save({ postalAccountId: closing.id, postalHolder: 'X' }))).toContain('è chiuso')
    await save({})
  })
})

describe('the second language', () => {
  const words = (language: string) => call(noticeStyle.words, { language } as never, options())
  const saveWords = (own: Record<string, string>) =>
    call(noticeStyle.saveWords, { language: 'fr', own } as never, options())

  test('every word has its Italian and its proposal; own ones replace it until they are equal again', async () => {
    const before = await words('fr')
    expect(before.length).toBeGreaterThan(40)
    const creditor = before.find((one) => one.key === 'creditor')
    await saveWords({ creditor: 'L’ORDRE', where: before.find((one) => one.key === 'where')?.proposed as string })
    const after = await words('fr')
    expect(after.filter((one) => one.own !== null)).toEqual([{ ...creditor, own: 'L’ORDRE' }])
    expect((await words('de')).every((one) => one.own === null)).toBe(true)
    await save({ secondLanguage: 'fr' })
    const input = await office.context.ledger.read((db) => readNoticeKitInput(db))
    expect(input.second?.words).toMatchObject({
      creditor: 'L’ORDRE',
      where: creditor && after.find((w) => w.key === 'where')?.proposed,
    })
    await saveWords({})
    expect(await words('fr')).toEqual(before)
  })

  test('fields are kept, asterisks paired, unknown words refused', async () => {
    expect(await refusal(saveWords({ inInstallmentsToo: 'en plusieurs fois' }))).toContain('deve contenere {n}')
    expect(await refusal(saveWords({ where: 'OÙ {n}?' }))).toContain('deve contenere solo parole')
    expect(await refusal(saveWords({ scanBeside: 'Cadrez le *code QR' }))).toContain('asterisco')
    expect(await refusal(saveWords({ where: '何处付款？' }))).toMatch(/Il carattere «何» .* «何处付款？» non esiste/)
    expect(await refusal(saveWords({ colore: 'bleu' }))).toContain('«colore»')
  })
})

describe('the graphic kit', () => {
  const add = (tokens: FileToken[]) => call(noticeStyle.addGraphics, { tokens }, options())

  test('a zip: the best file of each piece, the others listed or passed over', async () => {
    const zip = zipOf({
      'kit/logo-pagopa.svg': utf8(SVG),
      'kit/logo-pagopa@3x.png': png(30),
      'kit/scritta-avviso-di-pagamento.svg': utf8(TEXT_SVG),
      'kit/scritta-avviso-di-pagamento@1x.png': png(10),
      'kit/scritta-avviso-di-pagamento@3x.png': png(30),
      'kit/logo-bancoposta.svg': utf8(TEXT_SVG),
      'kit/LEGGIMI.txt': utf8('ciao'),
      '__MACOSX/kit/._logo-pagopa.svg': utf8('x'),
    })
    const { added, ignored, problems } = await add([await upload('kit.zip', zip)])
    expect(added).toEqual(['pagopa', 'title'])
    expect(ignored).toEqual(['kit/LEGGIMI.txt'])
    expect(problems.total).toBe(1)
    const [first] = problems.first
    expect(problemReport(first as never)).toContain('logo-bancoposta.svg, riga 2')
    expect(problemReport(first as never)).toContain('converti i testi in tracciati')
    const { graphics, warnings } = await get()
    expect(graphics).toEqual([
      { kind: 'pagopa', fileName: 'logo-pagopa.svg', format: 'svg', bytes: SVG.length },
      { kind: 'title', fileName: 'scritta-avviso-di-pagamento@3x.png', format: 'png', bytes: png(30).length },
    ])
    expect(warnings.join('\n')).not.toContain('Marchio pagoPA')
  })

  test('single files, a bad one and a broken zip; what was there stays', async () => {
    const { added, ignored, problems } = await add([
      await upload('logo-euro-bollettino.svg', utf8(SVG)),
      await upload('vacanze.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0)),
      await upload('logo-pagopa.svg', utf8('<svg viewBox="0 0 1 1"><image href="x.png"/></svg>')),
      await upload('rotto.zip', Buffer.from('PK\x03\x04 tagliato', 'latin1')),
    ])
    expect([added, ignored]).toEqual([['euro'], ['vacanze.jpg']])
    expect(problems.first.map((one) => problemReport(one as never)).join('\n')).toMatch(
      /rotto\.zip[\s\S]*zip è rovinato[\s\S]*logo-pagopa\.svg[\s\S]*immagine incorporata \(elemento «image»\)/,
    )
    const shown = await call(noticeStyle.graphic, { kind: 'pagopa' }, options())
    expect([shown?.type, await shown?.text()]).toEqual(['image/svg+xml', SVG])
    await call(noticeStyle.removeGraphic, { kind: 'pagopa' }, options())
    expect(await call(noticeStyle.graphic, { kind: 'pagopa' }, options())).toBeNull()
  })
})

const specs = specsDir()

test.skipIf(specs === null)('the official kit as it is given out (skipped without the specifications)', async () => {
  const folder = join(specs as string, 'pagopa-data', 'notice', 'avviso-pagopa-assets')
  const tokens = await Promise.all(
    readdirSync(folder).map((name) => upload(name, new Uint8Array(readFileSync(join(folder, name))))),
  )
  const { added, ignored, problems } = await call(noticeStyle.addGraphics, { tokens }, options())
  expect([added, ignored, problems.total]).toEqual([[...NOTICE_GRAPHIC_KINDS], [], 0])
  await save({ postalAccountId: postal, postalHolder: 'Ordine di prova', postalAuthorisation: 'AUT. DB/SISB 1' })
  const { graphics, warnings } = await get()
  // Its lettering is an SVG of text: the largest PNG stands in for it.
  expect(graphics.filter((one) => one.format === 'png').map((one) => one.fileName)).toEqual([
    'scritta-avviso-di-pagamento@3x.png',
  ])
  expect(warnings.filter((text) => /marchi|autorizzazione|scritta/i.test(text))).toEqual([])
  const file = await preview({ installments: 2 }, { postalAccountId: postal, postalHolder: 'Ordine di prova' })
  const document = await PDFDocument.load(await file.arrayBuffer())
  const drawings = document.getPage(0).node.Resources()?.lookup(PDFName.of('XObject'), PDFDict).keys().map(String)
  expect(drawings).toEqual(
    expect.arrayContaining(['/XPagopa', '/XTitle', '/XBancoPosta', '/XPoste', '/XSlip', '/XEuro']),
  )
})

describe('the logo of the institution', () => {
  const setLogo = (token: FileToken | null) => call(institution.setLogo, { token }, options())

  test('SVG and PNG alike come back with their own kind; anything else is refused with its reason', async () => {
    await setLogo(await upload('logo.svg', utf8(SVG)))
    const svg = await call(institution.logo, undefined, options())
    expect([svg?.name, svg?.type, await svg?.text()]).toEqual(['logo.svg', 'image/svg+xml', SVG])
    await setLogo(await upload('logo.png', png(40)))
    const raster = await call(institution.logo, undefined, options())
    expect([raster?.name, raster?.type, raster?.size]).toEqual(['logo.png', 'image/png', png(40).length])
    expect(await refusal(setLogo(await upload('logo.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 1))))).toContain(
      'fotografia JPEG',
    )
    expect(await refusal(setLogo(await upload('logo.png', png(40).slice(0, 60))))).toContain('logo.png')
    expect(await refusal(setLogo(await upload('logo.svg', new Uint8Array(1_200_000).fill(32))))).toContain('1,2 MB')
    expect((await call(institution.logo, undefined, options()))?.size).toBe(png(40).length)
  })

  test('a file is judged before there is an institution to have it, and nothing is kept', async () => {
    const check = async (name: string, bytes: Uint8Array) =>
      call(institution.checkLogo, { token: await upload(name, bytes) }, options())
    expect(await check('logo.svg', utf8(SVG))).toEqual({ format: 'svg' })
    expect(await refusal(check('scritta.svg', utf8(TEXT_SVG)))).toContain('scritta.svg')
    expect((await call(institution.logo, undefined, options()))?.name).toBe('logo.png')
  })
})

describe('the preview of a style being edited', () => {
  test.each([
    ['single', {}, {}],
    ['without a date', { dated: false }, {}],
    ['instalments only', { single: false, installments: 6 }, {}],
    ['longest', { installments: 4, longest: true }, {}],
    [
      'longest with slip and a second language',
      { longest: true, installments: 3 },
      { slip: true, secondLanguage: 'sl' },
    ],
  ])('%s', async (_, layout, { slip, ...style }: { slip?: boolean; secondLanguage?: string }) => {
    const before = await get()
    const more = slip
      ? {
          postalAccountId: postal,
          postalHolder: 'ORDINE DI PROVA DEGLI ESPERTI DELLE CASE DI LARINO',
          postalAuthorisation: 'AUT. DB/SISB 1',
        }
      : {}
    const file = await preview(layout, { ...style, ...more })
    const document = await PDFDocument.load(await file.arrayBuffer())
    expect(document.getPageCount()).toBeGreaterThan(0)
    expect(await get()).toEqual(before)
  })

  test('twice the same style, twice the same bytes', async () => {
    const [a, b] = [await preview({}), await preview({})]
    expect(new Uint8Array(await a.arrayBuffer())).toEqual(new Uint8Array(await b.arrayBuffer()))
  })
})
