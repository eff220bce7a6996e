import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDict, PDFDocument, PDFName, PDFRef } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { Canvas } from '#codecs/pdf/canvas'
import { FONTS, missingCharacter } from '#codecs/pdf/font'
import { mergeNotices } from '#codecs/pdf/merge'
import { drawNotice, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { num, ObjectSink, pdfString, writePrefix } from '#codecs/pdf/objects'
import { writePaper } from '#codecs/pdf/paper'
import { ownPaperKit } from '#codecs/pdf/paper-parts'
import { srgbProfile } from '#codecs/pdf/srgb'
import { creditor, kitOf, named, notice, payment } from './pdf-samples.ts'
import { pageTexts } from './pdf-tools.ts'

const ID = '0123456789abcdef0123456789abcdef'

/** A file of so many marker objects, every third one standing by itself. */
function file(count: number, pack?: number, chunk?: number): Buffer {
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece), {
    ...(pack === undefined ? {} : { pack }),
    ...(chunk === undefined ? {} : { chunk }),
  })
  const tree = sink.reserve()
  const root = sink.object(`<</Type/Catalog/Pages ${tree} 0 R>>`)
  for (let i = 0; i < count; i++) {
    if (i % 3 === 0) sink.stream(`/Marker ${i}`, Buffer.from(`stream ${i}`))
    else sink.object(`<</Marker ${i}>>`)
  }
  sink.object('<</Type/Pages/Count 0/Kids[]>>', tree)
  sink.finish(root, sink.object('<</Title(x)>>'), ID)
  return Buffer.concat(pieces)
}

describe('objects of a file', () => {
  test.each([
    [10, undefined, undefined],
    [10, 9, undefined],
    [700, 6, 64],
    [3_000, 1, undefined],
    [3_000, undefined, 1_000],
  ])('%i objects, packed %s, in chunks of %s, are all found again', async (count, pack, chunk) => {
    const bytes = file(count, pack, chunk)
    const { context } = await PDFDocument.load(bytes, { updateMetadata: false })
    const markers = context.enumerateIndirectObjects().flatMap(([, object]) => {
      const dict = object instanceof PDFDict ? object : (object as { dict?: PDFDict }).dict
      const marker = dict?.get(PDFName.of('Marker'))
      return marker === undefined ? [] : [Number(marker.toString())]
    })
    expect(markers.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
    expect(context.trailerInfo.Root).toBeInstanceOf(PDFRef)
    if (pack !== undefined) expect(bytes.length).toBeLessThan(file(count).length)
  })

  test('files begun with the same prefix differ only behind it', () => {
    let own = 0
    const prefix = writePrefix((sink) => {
      sink.object('<</Shared true>>')
      own = sink.reserve()
    })
    const [one, other] = ['one', 'other'].map((word) => {
      const pieces: Uint8Array[] = []
      const sink = new ObjectSink((piece) => pieces.push(piece), { after: prefix })
      sink.object(`<</Own/${word}>>`, own)
      sink.finish(own, own, ID)
      return Buffer.concat(pieces)
    }) as [Buffer, Buffer]
    expect(Buffer.compare(one.subarray(0, prefix.bytes.length), Buffer.from(prefix.bytes))).toBe(0)
    expect(one.toString('latin1')).toContain('/Own/one')
    expect(other.toString('latin1')).not.toContain('/Own/one')
  })

  test('a number that is reserved and never written is a fault of ours', () => {
    const sink = new ObjectSink(() => {})
    sink.reserve()
    expect(() => sink.finish(1, 1, ID)).toThrow(/reserved and never written/)
  })

  test('numbers and strings in the syntax of the format', () => {
    expect([0, -0, 1.23456, -0.0001, 595.28, 1e-9, 12].map(num)).toEqual(['0', '0', '1.235', '0', '595.28', '0', '12'])
    expect(pdfString('a (b) \\')).toBe('(a \\(b\\) \\\\)')
    expect(pdfString('è')).toBe('<feff00e8>')
  })
})

describe('fonts', () => {
  test('every character of every subset is drawn as itself', async () => {
    for (const font of FONTS) {
      for (const [n, { chars }] of font.data.subsets.entries()) {
        const page = new Canvas(1)
        page.begin('P')
        const all = [...chars].filter((char) => char.trim() !== '')
        all.forEach((char, i) => {
          page.text(20 + (i % 30) * 18, 40 + Math.floor(i / 30) * 20, font, 12, char)
        })
        page.end()
        const bytes = writePaper(ownPaperKit(), [page], { title: 'x', author: '', subject: '' })
        const text = (await pageTexts(bytes)).join('').normalize('NFC')
        const lost = all.filter(
          (char) => !text.includes(char.normalize('NFC')) && !text.includes(char.normalize('NFKC')),
        )
        expect(lost, `${font.data.name} ${n}`).toEqual([])
      }
    }
  })

  test('no character stands in two subsets of a face', () => {
    for (const font of FONTS) {
      const all = font.data.subsets.flatMap(({ chars }) => [...chars])
      expect(new Set(all).size).toBe(all.length)
      expect(missingCharacter(font, all.join(''))).toBeNull()
    }
  })

  test('a further set weighs only on the notice that needs it', () => {
    const kit = prepareNoticeKit(kitOf(creditor))
    const plain = drawNotice(notice(1), kit).length
    const further = drawNotice(named(1, 'Jürgen Weiß'), kit).length
    expect(further - plain).toBeGreaterThan(2_000)
    expect(further - plain).toBeLessThan(4_500)
    expect(drawNotice(notice(1), kit).length).toBe(plain)
  })

  test('the committed fonts are what the script makes', async () => {
    const made = await mkdtemp(join(tmpdir(), 'quietanza-fonts-'))
    const root = new URL('../../', import.meta.url)
    execFileSync(process.execPath, ['scripts/make-fonts.mjs', made], { cwd: root })
    for (const name of await readdir(made)) {
      const committed = await readFile(new URL(`src-main/codecs/pdf/fonts/${name}`, root), 'utf8')
      expect((await readFile(join(made, name), 'utf8')) === committed, name).toBe(true)
    }
    await rm(made, { recursive: true })
  }, 60_000)
})

describe('sRGB', () => {
  test('the profile has the published colorants (IEC 61966-2-1 adapted to D50)', () => {
    const icc = srgbProfile()
    const tag = (name: string): number[] => {
      const at = 132 + 12 * ['desc', 'cprt', 'wtpt', 'chad', 'rXYZ', 'gXYZ', 'bXYZ'].indexOf(name)
      expect(icc.toString('latin1', at, at + 4)).toBe(name)
      const offset = icc.readUInt32BE(at + 4) + 8
      return [0, 4, 8].map((i) => Math.round((icc.readInt32BE(offset + i) / 65_536) * 1_000) / 1_000)
    }
    expect(tag('rXYZ')).toEqual([0.436, 0.222, 0.014])
    expect(tag('gXYZ')).toEqual([0.385, 0.717, 0.097])
    expect(tag('bXYZ')).toEqual([0.143, 0.061, 0.714])
    expect(tag('wtpt')).toEqual([0.964, 1, 0.825])
    expect(icc.length).toBeLessThan(600)
  })
})

describe('the template of a shape', () => {
  test('no notice depends on which was drawn before it', () => {
    const papers = Array.from({ length: 40 }, (_, i) => {
      const name = ['Ada D’ANGELO', 'Željko Đorđević', 'Jürgen Weiß', 'W'.repeat(60)][i % 4] as string
      const payments = Array.from({ length: [0, 2, 3, 5, 7][i % 5] as number }, (_, n) => payment(i * 10 + n))
      const single = payments.length > 0 && i % 3 === 0 ? null : payment(i, i % 2 === 0 ? {} : { dueDate: null })
      return named(i, name, { single, installments: payments })
    })
    const postal = { number: '12345678', holder: creditor.name, authorisation: null }
    for (const used of [creditor, { ...creditor, postal }]) {
      const [one, other] = [prepareNoticeKit(kitOf(used)), prepareNoticeKit(kitOf(used))]
      const forwards = papers.map((data) => drawNotice(data, one))
      const backwards = papers.toReversed().map((data) => drawNotice(data, other))
      backwards.reverse().forEach((bytes, i) => {
        expect(Buffer.compare(bytes, forwards[i] as Uint8Array), String(i)).toBe(0)
      })
    }
  })
})

describe('a merged file', () => {
  test('embeds each font once and the fixed page of a shape once', async () => {
    const kit = prepareNoticeKit(kitOf(creditor))
    const sizes: number[] = []
    for (const count of [201, 401]) {
      const papers = Array.from({ length: count }, (_, i) => ({ notice: named(i, `Persona ${i}`) }))
      let length = 0
      for await (const chunk of mergeNotices(papers, kit, { title: 'x', author: 'x', subject: 'x' }))
        length += chunk.length
      sizes.push(length)
    }
    const [less, more] = sizes as [number, number]
    expect((more - less) / 200).toBeLessThan(1_500)
    expect(less - (more - less)).toBeLessThan(35_000)
  })
})
