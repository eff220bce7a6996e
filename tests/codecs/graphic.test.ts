import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { graphicFormat, readGraphic, writeGraphic } from '#codecs/graphic'
import { ObjectSink } from '#codecs/pdf/objects'
import { ProblemError, problemReport } from '#domain/problem'
import { launchBrowser } from '../e2e/browser.ts'
import { specsDir } from '../specs.ts'
import { browsed, difference, pageOf, printed } from './graphic-pictures.ts'
import { DRAWINGS } from './graphic-samples.ts'
import { has, qpdfCheck } from './pdf-tools.ts'
import { chunk, type PngRecipe, pngOf } from './png-encode.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">\n${inside}</svg>`

function refusal(bytes: Uint8Array | string): string {
  try {
    readGraphic(typeof bytes === 'string' ? utf8(bytes) : bytes)
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(problemReport).join('\n')
    throw error
  }
  throw new Error('not refused')
}

/** A width near 1200 at which the drawing is nearly whole pixels high. */
function wholeWidth(bytes: Uint8Array): number {
  const { width, height } = readGraphic(bytes)
  const rest = (w: number) => Math.abs((w * height) / width - Math.round((w * height) / width))
  return Array.from({ length: 200 }, (_, i) => 1100 + i).reduce((best, w) => (rest(w) < rest(best) ? w : best))
}

const specs = specsDir()
const kit = specs === null ? null : join(specs, 'pagopa-data', 'notice', 'avviso-pagopa-assets')

describe.skipIf(!has('pdftoppm'))('drawn as a browser draws (skipped without pdftoppm)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 60_000)
  afterAll(() => browser.close())

  const asBrowsed = async (bytes: Uint8Array, width: number) => {
    const ours = printed(bytes, width)
    return difference(ours, await browsed(browser, bytes, ours))
  }

  test.each(Object.entries(DRAWINGS))(
    '%s',
    async (_, text) => {
      const { mean, far } = await asBrowsed(utf8(text), 300)
      expect(mean).toBeLessThan(1.2)
      expect(far).toBeLessThan(0.01)
    },
    20_000,
  )

  test('a PNG with half-clear pixels', async () => {
    const pixel = (x: number, y: number) => [x * 4, y * 4, 128, (x + y) * 2]
    const { mean } = await asBrowsed(pngOf({ width: 60, height: 60, depth: 8, type: 6, pixel }), 60)
    expect(mean).toBeLessThan(2)
  }, 20_000)

  describe.skipIf(kit === null)('the official kit (skipped without the specifications)', () => {
    const drawings = kit === null ? [] : readdirSync(kit).filter((name) => name.endsWith('.svg'))

    test.each(drawings.filter((name) => !name.startsWith('scritta')))(
      '%s',
      async (name) => {
        // Large, and whole pixels high: the corner of a pixel is not the shape of a mark.
        const bytes = readFileSync(join(kit as string, name))
        const { mean } = await asBrowsed(bytes, wholeWidth(bytes))
        expect(mean).toBeLessThan(3)
      },
      20_000,
    )

    test('the one made of text is refused, its PNG is read', () => {
      const name = 'scritta-avviso-di-pagamento'
      expect(refusal(readFileSync(join(kit as string, `${name}.svg`)))).toContain('converti i testi in tracciati')
      expect(readGraphic(readFileSync(join(kit as string, `${name}@3x.png`))).kind).toBe('image')
    })
  })
})

test.skipIf(!has('qpdf'))(
  'what is written is whole, and equal bytes come from equal files (skipped without qpdf)',
  () => {
    for (const text of Object.values(DRAWINGS)) {
      const { pdf } = pageOf(utf8(text), 200)
      qpdfCheck(pdf)
      expect(Buffer.from(pageOf(utf8(text), 200).pdf).equals(pdf)).toBe(true)
    }
  },
)

test('the shape of a drawing is its view box, whatever its unit', () => {
  const size = (text: string) => {
    const { kind, width, height } = readGraphic(utf8(text))
    return [kind, width, height]
  }
  expect(size('<svg viewBox="-5 3 40 20" width="100%"/>')).toEqual(['vector', 40, 20])
  expect(size('<svg width="2in" height="1in"/>')).toEqual(['vector', 192, 96])
  expect(size('﻿<?xml version="1.0"?><svg viewBox="0,0,1,2"/>')).toEqual(['vector', 1, 2])
  expect(graphicFormat(Buffer.from('﻿<svg viewBox="0 0 1 1"/>', 'utf16le'))).toBe('svg')
  expect(readGraphic(Buffer.from('﻿<svg viewBox="0 0 1 1"/>', 'utf16le')).width).toBe(1)
})

test('a form says all that it could inherit from the page, and no more than it uses', () => {
  const ops = (text: string) => (readGraphic(utf8(svg(text))) as { ops: string }).ops
  expect(ops('<path d="M1 1h2v2z"/>')).toBe('0.001 0 0 -0.001 0 1 cm\n0 0 0 rg\n100 100 m\n300 100 l\n300 300 l\nh\nf')
  expect(ops('<path d="M1 1h2" stroke="red" stroke-width="1e-1"/>')).toBe(
    '0.001 0 0 -0.001 0 1 cm\n1 0 0 RG\n10 w\n0 J\n0 j\n4 M\n[] 0 d\n100 100 m\n300 100 l\nS',
  )
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece))
  const number = writeGraphic(sink, readGraphic(utf8(svg('<path fill-opacity=".25" d="M0 0h9v9z"/>'))))
  sink.places()
  expect(Buffer.concat(pieces).toString('latin1')).toContain(
    `${number} 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</ExtGState<</A0<</ca 0.25/CA 0.25>>>>>>`,
  )
})

describe('what would not print faithfully is refused by name and line', () => {
  test.each([
    ['<text>Ordine</text>', 'un testo (elemento «text»)'],
    ['<g><image href="a.png"/></g>', 'un’immagine incorporata (elemento «image»)'],
    ['<linearGradient id="a"/><path d="M0 0h1v1z" fill="url(#a)"/>', 'una sfumatura (elemento «linearGradient»)'],
    ['<pattern id="a"/><path d="M0 0h1v1z" stroke="url(#a) red"/>', 'un motivo ripetuto (elemento «pattern»)'],
    ['<path d="M0 0h1v1z" fill="url(altro.svg#a)"/>', 'un colore preso da altrove «url(altro.svg#a)»'],
    ['<g filter="url(#a)"/>', 'un filtro («filter»)'],
    ['<g style="mask:url(#a)"/>', 'una maschera («mask»)'],
    ['<g style="mix-blend-mode:multiply"/>', 'colori che si fondono'],
    ['<script>alert(1)</script>', 'uno script (elemento «script»)'],
    ['<metadata><script>alert(1)</script></metadata>', 'uno script (elemento «script»)'],
    ['<h:div><h:script>alert(1)</h:script></h:div>', 'uno script (elemento «script»)'],
    ['<path onclick="a()" d=""/>', 'uno script (attributo «onclick»)'],
    ['<foreignObject/>', 'un oggetto estraneo al disegno'],
    ['<a href="https://x.example"><path d=""/></a>', 'un collegamento (elemento «a»)'],
    ['<use href="altro.svg#x"/>', 'un riferimento a un altro file «altro.svg#x»'],
    ['<symbol id="s"/><use href="#s"/>', 'un simbolo (elemento «symbol»)'],
    ['<svg viewBox="0 0 1 1"/>', 'un disegno dentro il disegno'],
    ['<animate/>', 'un’animazione'],
    ['<blink/>', 'un elemento che il programma non disegna (elemento «blink»)'],
    ['<style>@import "x.css";</style>', 'una regola di stile «@import "x.css";»'],
    ['<style>g > path{fill:red}</style>', 'una regola di stile «g > path»'],
    ['<path d="M0 0h1v1z" fill="hsl(1 2 3)"/>', 'un valore che non si legge: «fill: hsl(1 2 3)»'],
    ['<path d="M0 0h1" stroke-width="2em"/>', 'un valore che non si legge: «stroke-width: 2em»'],
    ['<g transform="rotate(45deg)translate(1vw)"/>', 'una trasformazione che non si legge'],
    ['<g opacity=".5"><path d="M0 0h1v1z"/><path d="M0 0h1v1z"/></g>', 'una trasparenza di più forme insieme'],
    ['<path opacity=".5" stroke="red" d="M0 0h1v1z"/>', 'una trasparenza di più forme insieme'],
    ['<path marker-end="url(#a)" d="M0 0h1"/>', 'frecce o segni sulle linee'],
    ['<clipPath id="c"><path d=""/><path d=""/></clipPath><g clip-path="url(#c)"/>', 'un ritaglio di più forme'],
    ['<g clip-path="circle(5px)"/>', 'un ritaglio «circle(5px)»'],
  ])('%s', (inside, what) => {
    const text = refusal(svg(inside))
    expect(text).toContain(`Il disegno contiene ${what}`)
    expect(text).toMatch(/^riga 2\n/)
    expect(text).toMatch(/ (Salva di nuovo|Usa|Nel programma di disegno) /)
  })

  test.each([
    ['<svg viewBox="0 0 1 1"><path d="M0 0h', 'Il disegno non si legge: finisce prima del tempo.'],
    ['<svg viewBox="0 0 1 1"><path d="M0 0 L1"/></svg>', 'il tracciato dell’elemento «path» è scritto male'],
    ['<svg viewBox="0 0 1 1"><use href="#no"/></svg>', 'si riferisce a «#no», che non c’è'],
    ['<svg viewBox="0 0 1 1"><g id="a"><use href="#a"/></g></svg>', 'un elemento si riferisce a sé stesso'],
    ['<svg viewBox="0 0 1 1"><path fill="&boh;"/></svg>', 'contiene un’entità sconosciuta'],
    ['<svg><path d="M0 0h1v1z"/></svg>', 'Il disegno non dice quanto misura'],
    ['<svg viewBox="0 0 0 5"/>', 'Il disegno non dice quanto misura'],
    ['<html/>', 'Il file è un documento XML «html»'],
    ['<!DOCTYPE svg><svg/>', 'una dichiarazione DOCTYPE'],
    ['<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', 'una dichiarazione DOCTYPE'],
    ['<?xml-stylesheet href="a.css"?><svg viewBox="0 0 1 1"/>', 'un foglio di stile esterno'],
    ['<svg viewBox="0 0 1 1"><path d="M0 0L1e30 1e30V5z"/></svg>', 'ha punti fuori da ogni misura'],
    ['ciao', 'Il file è di un altro tipo'],
    ['', 'Il file è vuoto'],
    ['%PDF-1.7', 'Il file è un PDF'],
  ])('%s', (text, what) => {
    expect(refusal(text)).toContain(what)
  })

  test('limits: elements, depth, segments, copies of copies, bytes', () => {
    expect(refusal(svg('<g/>'.repeat(5000)))).toContain('più di 5000 elementi')
    expect(refusal(svg('<g>'.repeat(70)))).toContain('più di 64 elementi uno dentro l’altro')
    expect(refusal(svg(`<path d="M0 0${'h1v1'.repeat(51_000)}"/>`))).toContain('più di 100.000 tratti')
    expect(refusal(svg(`<path d="M0 0${' '.repeat(1_100_000)}"/>`))).toContain('pesa 1,1 MB')
    const bomb = Array.from({ length: 12 }, (_, i) => {
      const inner = i === 0 ? '<path d="M0 0h1v1z"/>' : `<use href="#l${i - 1}"/>`.repeat(10)
      return `<g id="l${i}">${inner}</g>`
    })
    expect(refusal(svg(`<defs>${bomb.join('')}</defs><use href="#l11"/>`))).toContain('più di 5000 elementi')
    const wide = `<defs><path id="p" d="M0 0${'h1v1'.repeat(1000)}"/></defs>${'<use href="#p"/>'.repeat(100)}`
    expect(refusal(svg(wide))).toContain('più di 100.000 tratti')
  })
})

test('a file made to keep the program busy is told or drawn at once', () => {
  const many = 1_000_000
  const spaces = ' '.repeat(900_000)
  const digits = '1'.repeat(900_000)
  const hostile = [
    `<style>${'/*'.repeat(many / 2 - 500)}</style>`,
    `<style>.a{fill:a${spaces}b}</style><path class="a" d=""/>`,
    `<style>${'.a{}'.repeat(200_000)}</style>${'<g class="a"/>'.repeat(4000)}`,
    `<path fill="rgb(${digits}" d=""/>`,
    `<path stroke-width="${digits}!" d=""/>`,
    `<path fill="red${spaces}" d=""/>`,
    `<g clip-path="url(#${spaces}"/>`,
    `<g transform="rotate(${digits}x"/>`,
    `<rect width="${digits}y"/>`,
    `<polygon points="${digits}z"/>`,
    `<defs><path id="a" fill="none" d="M0 0${'h1'.repeat(99_000)}"/></defs>${'<use href="#a"/>'.repeat(4900)}`,
    `<defs><polygon id="a" points="${spaces}"/></defs>${'<use href="#a"/>'.repeat(4000)}`,
    `<defs><g id="a" class="${'x '.repeat(400_000)}"/></defs>${'<use href="#a"/>'.repeat(4000)}`,
  ]
  for (const inside of hostile) {
    const from = performance.now()
    try {
      readGraphic(utf8(svg(inside).slice(0, 1_048_576)))
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError)
    }
    expect([inside.slice(0, 40), performance.now() - from < 4000]).toEqual([inside.slice(0, 40), true])
  }
}, 60_000)

describe('PNG of every kind', () => {
  const KINDS: [PngRecipe['type'], PngRecipe['depth'][]][] = [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ]
  const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

  test.each(
    KINDS.flatMap(([type, depths]) =>
      depths.flatMap((depth) => [false, ...(depth < 8 ? [] : [true])].map((inter) => [type, depth, inter] as const)),
    ),
  )('type %i, %i bits, interlaced %s', (type, depth, interlaced) => {
    const [width, height] = [13, 11]
    const most = 2 ** depth - 1
    const palette = Array.from({ length: Math.min(256, 2 ** depth) }, (_, i) => [
      i % 256,
      (i * 7) % 256,
      255 - (i % 256),
    ])
    const transparency = [0, 128]
    const sample = (x: number, y: number, c: number) => (x * 31 + y * 17 + c * 71) % (most + 1)
    const pixel = (x: number, y: number) => Array.from({ length: CHANNELS[type] }, (_, c) => sample(x, y, c))
    const isIndexed = type === 3
    const png = pngOf({
      width,
      height,
      depth,
      type,
      interlaced,
      pixel,
      ...(isIndexed ? { palette, transparency } : {}),
    })
    const read = readGraphic(png)
    if (read.kind !== 'image') throw new Error('not an image')
    const to8 = (value: number) => (depth === 16 ? value >> 8 : Math.round((value * 255) / most))
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const values = pixel(x, y)
        const at = y * width + x
        const index = values[0] as number
        const rgb = isIndexed
          ? palette[index]
          : type === 0 || type === 4
            ? [to8(index), to8(index), to8(index)]
            : values.slice(0, 3).map(to8)
        const alpha = isIndexed
          ? (transparency[index] ?? 255)
          : type === 4 || type === 6
            ? to8(values.at(-1) as number)
            : 255
        expect([x, y, ...read.rgb.subarray(at * 3, at * 3 + 3), read.alpha?.[at] ?? 255]).toEqual([
          x,
          y,
          ...(rgb as number[]),
          alpha,
        ])
      }
    }
  })

  test('one colour stands for clear', () => {
    const pixel = (x: number) => [x === 0 ? 10 : 20, 30, 40]
    const read = readGraphic(
      pngOf({ width: 2, height: 2, depth: 8, type: 2, transparency: [0, 10, 0, 30, 0, 40], pixel }),
    )
    expect((read as { alpha: Uint8Array }).alpha).toEqual(Uint8Array.of(0, 255, 0, 255))
  })

  test('interlaced below 8 bits it is refused with what to do', () => {
    const png = pngOf({ width: 9, height: 9, depth: 4, type: 0, interlaced: true, pixel: () => [3] })
    expect(refusal(png)).toContain('salvato senza interlacciamento va bene')
  })

  test('damaged, too large, or made to fill the memory', () => {
    const good = pngOf({ width: 9, height: 9, depth: 8, type: 0, pixel: () => [7] })
    expect(refusal(good.subarray(0, good.length - 20))).toContain('finisce prima del tempo')
    expect(refusal(good.subarray(0, 20))).toContain('non è un PNG intero')
    expect(refusal(pngOf({ width: 4001, height: 1, depth: 1, type: 0, pixel: () => [1] }))).toContain('4001 × 1 punti')
    const header = good.subarray(0, 33)
    const bomb = (kind: string, body: Buffer) =>
      Buffer.concat([header, chunk(kind, body), chunk('IEND', Buffer.alloc(0))])
    const zeros = deflateSync(Buffer.alloc(400_000_000))
    expect(refusal(bomb('IDAT', zeros))).toContain('rovinati')
    // A colour profile is never opened.
    const profile = Buffer.concat([Buffer.from('x\0\0'), zeros])
    expect(readGraphic(Buffer.concat([header, chunk('iCCP', profile), good.subarray(33)])).kind).toBe('image')
  }, 30_000)
})

test('bytes changed, cut and inserted: a problem in words or a drawing, never a fall', () => {
  const seeds = [
    ...Object.values(DRAWINGS).map((text) => Buffer.from(text)),
    pngOf({ width: 9, height: 9, depth: 8, type: 6, pixel: (x, y) => [x, y, 9, 200] }),
    pngOf({
      width: 9,
      height: 9,
      depth: 4,
      type: 3,
      interlaced: true,
      palette: Array(16).fill([1, 2, 3]),
      pixel: (x) => [x],
    }),
  ]
  const edit = fc.record({
    at: fc.nat(3000),
    cut: fc.nat(30),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 5 }),
      fc.constantFrom('"', '<', '/>', 'e999', '-', 'url(#c)', '{', '%', '0 ').map((t) => utf8(t)),
    ),
  })
  fc.assert(
    fc.property(fc.nat(seeds.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }), (seed, edits) => {
      let bytes = Buffer.from(seeds[seed] as Buffer)
      for (const { at, cut, put } of edits) {
        const place = at % (bytes.length + 1)
        bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + cut)])
      }
      try {
        const graphic = readGraphic(bytes)
        if (graphic.kind === 'vector') expect(graphic.ops).not.toMatch(/NaN|Infinity|undefined|\d(e[+-]?\d)/)
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        expect(error.problems.map(problemReport).join()).not.toMatch(/undefined|\[object/)
      }
    }),
    { numRuns: process.env.QUIETANZA_LONG ? 50_000 : 3000 },
  )
}, 120_000)
