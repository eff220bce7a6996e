import { expect, test } from 'vitest'
import {
  DEFAULT_NOTICE_STYLE,
  listGraphics,
  readGraphics,
  readNoticeStyle,
  readOneGraphic,
  readOwnWords,
  removeGraphic,
  saveGraphic,
  saveNoticeStyle,
  saveOwnWords,
} from '#ledger/notice-style'
import { onBothEngines } from './support/both-engines.ts'
import { command, makeOffice } from './support/office.ts'

onBothEngines('the style of the notices', (bench) => {
  test('defaults without a row, then what was saved last', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    expect(await ledger.read(readNoticeStyle)).toEqual(DEFAULT_NOTICE_STYLE)
    const first = { ...DEFAULT_NOTICE_STYLE, postalAccountId: office.postal, postalHolder: 'Ordine di prova' }
    await ledger.write(command(), (db) => saveNoticeStyle(db, first))
    const second = { ...first, secondLanguage: 'de', online: 'both', postalAccountId: null } as const
    await ledger.write(command(), (db) => saveNoticeStyle(db, second))
    expect(await ledger.read(readNoticeStyle)).toEqual(second)
    await expect(
      ledger.write(command(), (db) => saveNoticeStyle(db, { ...second, postalAccountId: 999 as never })),
    ).rejects.toThrow()
    await expect(
      ledger.write(command(), (db) => saveNoticeStyle(db, { ...second, secondLanguage: 'es' as never })),
    ).rejects.toThrow()
    expect(await ledger.read(readNoticeStyle)).toEqual(second)
  })

  test('a graphic comes back byte by byte, and its successor takes its place', async () => {
    const ledger = await bench.open()
    const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * 7) % 256)
    const graphic = { kind: 'pagopa', fileName: 'logo-pagopa.svg', format: 'svg', sha256: 'a'.repeat(64) } as const
    await ledger.write(command(), (db) => saveGraphic(db, { ...graphic, bytes }))
    expect((await ledger.read((db) => readOneGraphic(db, 'pagopa')))?.bytes).toEqual(bytes)
    const next = { ...graphic, fileName: 'logo-pagopa@3x.png', format: 'png', sha256: 'b'.repeat(64) } as const
    await ledger.write(command(), (db) => saveGraphic(db, { ...next, bytes: bytes.slice(0, 10) }))
    expect(await ledger.read(listGraphics)).toEqual([{ ...next, size: 10 }])
    expect((await ledger.read(readGraphics)).map((one) => one.bytes.length)).toEqual([10])
    await ledger.write(command(), (db) => removeGraphic(db, 'pagopa'))
    expect(await ledger.read((db) => readOneGraphic(db, 'pagopa'))).toBeNull()
  })

  test('own words are kept language by language; what is not named goes', async () => {
    const ledger = await bench.open()
    await ledger.write(command(), async (db) => {
      await saveOwnWords(
        db,
        'de',
        new Map([
          ['title', 'ZAHLUNGSMITTEILUNG'],
          ['where', 'WO?'],
        ]),
      )
      await saveOwnWords(db, 'fr', new Map([['title', 'AVIS']]))
      await saveOwnWords(db, 'de', new Map([['where', 'WO ZAHLEN?']]))
    })
    expect(await ledger.read((db) => readOwnWords(db, 'de'))).toEqual(new Map([['where', 'WO ZAHLEN?']]))
    expect(await ledger.read((db) => readOwnWords(db, 'fr'))).toEqual(new Map([['title', 'AVIS']]))
    expect((await ledger.read((db) => readOwnWords(db, 'sl'))).size).toBe(0)
  })
})
