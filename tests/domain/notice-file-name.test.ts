import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkFileNamePattern,
  FILE_NAME_FIELDS,
  fileNameKey,
  noticeFileName,
  STANDARD_FILE_NAME_PATTERN,
} from '#domain/notice-file-name'
import { problemReport } from '#domain/problem'

/** What the folder of deliveries takes (`gateways/folder-local.ts`). */
const FOLDER = /^[\p{L}\p{N}][\p{L}\p{N} ._()+@-]{0,179}$/u
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

const VALUES = {
  codiceFiscale: 'DLBZTI80A01H501K',
  nome: 'D’Albarosa Zita',
  anno: '2026',
  iuv: '47000000000012345',
  numeroAvviso: '347000000000012345',
  lotto: 'Quote 2026/1',
}

describe('names of the notices’ files', () => {
  it.each([
    [STANDARD_FILE_NAME_PATTERN, 'DLBZTI80A01H501K_2026_47000000000012345.pdf'],
    ['{nome} {numeroAvviso}', 'D-Albarosa Zita 347000000000012345.pdf'],
    ['{lotto} ({iuv})', 'Quote 2026-1 (47000000000012345).pdf'],
    ['  .{iuv}. ', '47000000000012345.pdf'],
  ])('%s', (pattern, name) => {
    expect(noticeFileName(pattern, VALUES)).toBe(name)
  })

  it('keeps accents, whole', () => {
    expect(noticeFileName('{nome}', { ...VALUES, nome: 'Đorđević Niccolò'.normalize('NFD') })).toBe(
      'Đorđević Niccolò.pdf'.normalize('NFC'),
    )
  })

  it('never gives a name that Windows keeps for itself', () => {
    for (const nome of ['CON', 'nul', 'Com1', 'lpt9', 'aux.', 'PRN ', '…', '']) {
      const name = noticeFileName('{nome}', { ...VALUES, nome })
      expect(name).toMatch(FOLDER)
      expect(name).not.toMatch(RESERVED)
    }
    expect(noticeFileName('{nome}', { ...VALUES, nome: 'CON' })).toBe('avviso-CON.pdf')
  })

  it('shortens people and batches, never a code', () => {
    const long = { ...VALUES, nome: 'à'.repeat(140), lotto: 'b'.repeat(300) }
    const name = noticeFileName('{nome}_{lotto}_{codiceFiscale}_{iuv}', long)
    expect(name).toHaveLength(124)
    expect(name.endsWith(`_${VALUES.codiceFiscale}_${VALUES.iuv}.pdf`)).toBe(true)
    expect(name.startsWith('àààà')).toBe(true)
  })

  it('counts what a disk counts: letters of three bytes are fewer', () => {
    const name = noticeFileName('{lotto}_{iuv}', { ...VALUES, lotto: '漢'.repeat(110) })
    expect(name).toBe(`${'漢'.repeat(74)}_${VALUES.iuv}.pdf`)
    expect(checkFileNamePattern(`${'漢'.repeat(80)}{iuv}`).map((p) => p.code)).toEqual(['FILE_NAME_LONG'])
  })

  it('gives names that every folder takes, whatever a pattern and a register say', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 160 })
    const part = fc.oneof(
      fc.constantFrom(...FILE_NAME_FIELDS.map((name) => `{${name}}`), '_', '-', ' ', '(', ')', '.'),
      fc.string({ unit: fc.constantFrom('a', 'Z', '9', 'è'), maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), text, text, (parts, nome, lotto) => {
        const pattern = `${parts.join('')}{iuv}`
        fc.pre(checkFileNamePattern(pattern).length === 0)
        const name = noticeFileName(pattern, { ...VALUES, nome, lotto })
        expect(name).toMatch(FOLDER)
        expect(name).not.toMatch(RESERVED)
        expect(name).not.toMatch(/[. ]\.pdf$/)
        expect(name.length).toBeLessThanOrEqual(124)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
        expect(name).toContain(VALUES.iuv)
        expect(fileNameKey(name)).not.toBe(
          fileNameKey(noticeFileName(pattern, { ...VALUES, nome, lotto, iuv: '47000000000012346' })),
        )
      }),
    )
  })

  it.each([
    ['{codiceFiscale}_{anno}', ['FILE_NAME_SAME']],
    ['{cognome}_{iuv}', ['TEMPLATE_FIELD_UNKNOWN']],
    ['avvisi/{iuv}', ['FILE_NAME_CHARACTER']],
    ['{iuv', ['FILE_NAME_SAME', 'FILE_NAME_CHARACTER']],
    ['{iuv}{iuv}{iuv}{iuv}', ['FILE_NAME_LONG']],
    ['Avviso di {nome} ({lotto}) {codiceFiscale}_{anno}_{iuv}', []],
    [STANDARD_FILE_NAME_PATTERN, []],
  ])('judges «%s»', (pattern, codes) => {
    const problems = checkFileNamePattern(pattern)
    expect(problems.map((p) => p.code)).toEqual(codes)
    for (const one of problems) expect(problemReport(one)).toContain('Nome dei file')
  })
})
