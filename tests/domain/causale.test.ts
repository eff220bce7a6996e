import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainCausale, readCausale } from '#domain/causale'
import { foldFlowId, parseFlowId } from '#domain/flow-id'
import { cents } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { specsDir } from '../specs.ts'

const ID = '2026-03-17ABCDITM1XXX-S005147952'
const P = '/PUR/LGPE-RIVERSAMENTO/URI/'
const cut27 = (text: string): string => (text.match(/.{1,27}/g) ?? []).map((part, i) => `?2${i}${part}`).join('')

describe('a flow id is read through what banks do to it', () => {
  test.each([
    ['clean', `${P}${ID}`],
    ['with its progressive', `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${ID}`],
    ['TXT lost, digit kept', `/PUR/LGPE-RIVERSAMENTO/0/URI/${ID}`],
    ['first slash lost', `PUR/LGPE-RIVERSAMENTO/TXT/1/URI/${ID}`],
    ['older wording', `/PUR/LGPE-RIVERSAMENTO Cumulativo same day pagamenti del 20260317/URI/${ID}`],
    [
      'RH tags glued',
      `YYY17032026 Prestatore Uno ID1123 RI1${P}${ID} BONIFICO DA Prestatore PER ${P}20 26-03-17ABCDITM1XXX-S005147952`,
    ],
    ['blank in the month, then whole', `RI1${P}2026-0 3-17ABCDITM1XXX-S005147952 PER ${P}${ID}`],
    ['RI2 continues RI1', `RI1${P}2026-03-17ABCDITM1XXX-S0051 RI247952`],
    ['two tags of a treasury', `:ERI:EUR 000000000019312 :RI3:${P}${ID} :SEC:CASH :OR1:PRESTATORE DI PRO VA`],
    ['postal', `RI1${P}${ID} ACCREDITO BOLLETTINO P.A.`],
    ['text before', `ACCREDITO INCASSI DEBITORE 321${P}${ID}`],
    ['whole, then dotted and cut', `${P}${ID} .PUR.LGPE-RIVERSAMENTO.URI.2026-03- TRXID: 12345678901234567`],
    [
      'prefix eaten, dash and name after',
      `ABCDITM1 URI NOT PROVIDED RIVERSAMENTO/URI/${ID}- Prestatore S.p.A. DA ALTRA`,
    ],
    ['slashes become blanks', `PUR LGPE-RIVERSAMENTO URI ${ID}`],
    ['blank after LGPE-', `LGPE- RIVERSAMENTO/URI/2026-03- 17ABCDITM1XXX-S005147952`],
    ['blank before the dash', `LGPE -RIVERSAMENTO/URI/${ID}`],
    ['blanks around the dash', `LGPE - RIVERSAMENTO/URI/${ID}`],
    ['blank inside LGPE', `L GPE-RIVERSAMENTO URI 2026-03-1 7ABCDITM1XXX-S005147952`],
    ['lower case', `${P}${ID}`.toLowerCase()],
    ['plus signs', `${P}${ID}`.replaceAll('/', '+')],
    ['every sign a plus', `${P}${ID}`.replaceAll(/[/-]/g, '+')],
    ['decimal escape', `${P}${ID}`.replaceAll('/', '&#47;')],
    ['hexadecimal escape', `${P}${ID}`.replaceAll('/', '&#x2F;')],
    ['escaped twice', `${P}${ID}`.replaceAll('/', '&amp;#47;')],
    ['percent escape', `${P}${ID}`.replaceAll('/', '%2F')],
    ['en dashes', `${P}${ID}`.replaceAll('-', '–')],
    ['line cut at 35', `${`${P}${ID}`.slice(0, 35)}\r\n${`${P}${ID}`.slice(35)}`],
    ['line cut at 35, with progressive', `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/20\r\n26-03-17ABCDITM1XXX-S005147952`],
    ['MT940 subfields', `${cut27(`${P}${ID}`)}?32PRESTATORE`],
    ['all signs blank', 'PUR LGPE RIVERSAMENTO URI 2026 03 17ABCDITM1XXX S005147952'],
    ['provider broken', `${P}2026-03-17ABC DITM1XXX-S005147952`],
    ['branch of the provider broken', `${P}2026-03-17ABCDITM1 XXX-S005147952`],
    ['word glued after', `${P}${ID}BONIFICO A VOSTRO FAVORE`],
    ['no keyword at all', `DISPOSIZIONE ${ID} DEL 17/03`],
  ])('%s', (_, text) => {
    expect(explainCausale(text)).toEqual({ kind: 'flow', flowId: ID })
    expect(readCausale(text).reference.flows[0]?.folds).toContain(foldFlowId(ID))
  })

  test.each([
    [
      'ZZ4 continues it',
      'ZZ2PRESTATORE SA ZZ3ORDINE   /PUR/LGPE-RIVERSAMENTO/URI/2026-07-21ABCDLUL1-67394095 /ZZ4/45322700/ZZ4/ ID1FEE73B',
      '2026-07-21ABCDLUL1-6739409545322700',
    ],
    [
      'ZZ4 glued to the next tag',
      `/ZZ3Ordine${P}2026-11-21AbcDEPsp-1234567890/ZZ4/4184/ZZ4/ID1357a8662b`,
      '2026-11-21AbcDEPsp-12345678904184',
    ],
    ['without dash', `ACCREDITI VARI LGPE-RIVERSAMENTO/URI/2026-01-01 ABC123`, '2026-01-01ABC123'],
    ['ABI and number in one', `${P}2026-01-01ABI00000011234`, '2026-01-01ABI00000011234'],
    ['dash after the day', `PUR/LGPE-RIVERSAMENTO/TXT/1/URI/2026-06-20-FLOW-ABC`, '2026-06-20-FLOW-ABC'],
    ['dashes and underscores inside', `${P}2026-06-20ABCDITMM-10-22_33-123 ALTRO`, '2026-06-20ABCDITMM-10-22_33-123'],
  ])('%s', (_, text, flowId) => {
    expect(explainCausale(text)).toEqual({ kind: 'flow', flowId })
  })

  test.each([
    '.PUR.LGPE-RIVERSAMENTO.URI.2026-05-',
    '/PUR/LGPE-RIVERSAMENTO/URI/2',
    '/PUR/LGPE-RIVERSAMENTO/URI/',
    '/PUR/LGPE-RIVERSA',
    `${P}2026-05-20`,
    `${P}2026-05-20ABCDITM1XXX`,
    `${P}2026-05-20ABCDITM1XXX-`,
    '.PUR.LGPE-RIVERSAMENTO.URI.2026-05- TRXID: 12345678901234567',
    `${P}2026-13-20ABCDITM1XXX-S1`,
  ])('honestly truncated: %s', (text) => {
    expect(explainCausale(text)).toEqual({ kind: 'truncated' })
    expect(readCausale(text).reference.flows).toEqual([])
  })

  test.each([
    '',
    'BONIFICO STIPENDI 1234',
    'RIVERSAMENTO INCASSI POS',
    'TRXID 2026051012345',
    'CANONE MENSILE 03/2026',
  ])('nothing: %s', (text) => {
    expect(explainCausale(text)).toEqual({ kind: 'none' })
  })
})

describe('a single payment is read with its amount', () => {
  const { noticeNumber, iuv } = composeNoticeNumber('01' as SegregationCode, 2026000001234)
  test.each([
    ['/RFB/340105455507221/100.99/TXT/Diritti', '340105455507221', 10099],
    ['RFB 340105455507221 100.99 TXT Diritti', '340105455507221', 10099],
    ['.RFB.340105455507221.100.99.TXT.Diritti', '340105455507221', 10099],
    ['/RFB/00202600000217527/5.00/TXT/', '00202600000217527', 500],
    ['/RFB/002026000002 17527/5.00', '00202600000217527', 500],
    ['/RFB/9876096598656344', '9876096598656344', null],
    ['/RFS/RF18 5390 0754 7034/45.56', 'RF18539007547034', 4556],
    ['.RFS.RF18 5390 0754 7034.45.56', 'RF18539007547034', 4556],
    ['RFS RF18 5390 0754 7034 45.56', 'RF18539007547034', 4556],
    ['/rfs/rf18539007547034/45.56', 'RF18539007547034', 4556],
    [`/RFB/${noticeNumber}/12.00`, iuv, 1200],
    [`pagamento avviso ${noticeNumber} quota`, iuv, null],
    [`BON. DA ROSSI IUV: ${iuv}`, iuv, null],
  ])('%s', (text, expected, amountCents) => {
    expect(explainCausale(text)).toEqual({ kind: 'iuv', iuv: expected, amountCents })
  })

  test('an amount is not taken for digits of the IUV, nor a wrong notice number for a right one', () => {
    expect(explainCausale('RFB 3401054555072 100.99')).toEqual({ kind: 'none' })
    const wrong = noticeNumber.slice(0, 17) + ((Number(noticeNumber[17]) + 1) % 10)
    expect(explainCausale(`avviso ${wrong}`)).toEqual({ kind: 'none' })
  })
})

describe('what the screen marks', () => {
  const marked = (text: string): [string, string][] =>
    readCausale(text).spans.map((s) => [s.mark, text.slice(s.from, s.to)])
  test('recognised, broken by the bank, missing', () => {
    expect(marked(`${P}2026-03-1 7ABCDITM1XXX-S1 ALTRO`)).toEqual([
      ['recognised', '2026-03-1'],
      ['broken', ' '],
      ['recognised', '7ABCDITM1XXX-S1'],
    ])
    expect(marked(`${P}2026-05-`)).toEqual([
      ['recognised', '2026-05'],
      ['missing', ''],
    ])
    expect(marked(`${P}2026-03-17ABCDLUL1-67 /ZZ4/45/ZZ4/ ID1`)).toEqual([
      ['recognised', '2026-03-17ABCDLUL1-67'],
      ['broken', ' /ZZ4/'],
      ['recognised', '45'],
    ])
  })
  test('a known flow carries the marks past a blank', () => {
    const text = `${P}2026-03-17ABCDITM1XXX-S005 147952 TRN`
    expect(
      readCausale(text, new Set([foldFlowId(ID)]))
        .spans.map((s) => text.slice(s.from, s.to))
        .join('|'),
    ).toBe('2026-03-17ABCDITM1XXX-S005| |147952')
  })
  test('two flows in one causale, and the same one twice', () => {
    const other = '2026-03-17ABCDITM1XXX-S005147953'
    expect(readCausale(`${P}${ID} ${P}${other}`).reference.flows.map((f) => f.flowId)).toEqual([ID, other])
    expect(readCausale(`${P}${ID} ${P}${ID.slice(0, 26)}`).reference.flows.map((f) => f.flowId)).toEqual([ID])
  })
})

test('the parts of a flow id', () => {
  expect(parseFlowId(ID)).toEqual({ regulationDate: '2026-03-17', psp: 'ABCDITM1XXX', free: 'S005147952' })
  expect(parseFlowId('2026-06-20-FLOW-ABC')).toEqual({ regulationDate: '2026-06-20', psp: 'FLOW', free: 'ABC' })
  expect(parseFlowId('2026-02-30ABCDITM1XXX-1')).toBeNull()
})

const specs = specsDir()
if (specs === null) console.log('causali_real.json: skipped, the specifications are not beside this clone')
describe.skipIf(specs === null)('causali met in the wild', () => {
  const rows: { text: string; expected: string | null; kind: string }[] = specs
    ? JSON.parse(readFileSync(join(specs, 'bank-data', 'causali_real.json'), 'utf8'))
    : []
  test.each(rows.map((r, i) => ({ i, ...r })))('row $i, $kind', ({ text, expected, kind }) => {
    const got = explainCausale(text)
    if (kind === 'cum') expect(got).toEqual({ kind: 'flow', flowId: expected })
    else if (kind === 'single') expect(got).toMatchObject({ kind: 'iuv', iuv: expected })
    else expect(got).toEqual({ kind: 'truncated' })
    if (kind === 'single')
      expect((got as { amountCents: number }).amountCents).toBe(
        cents(Math.round(Number(/\/(\d+\.\d\d)/.exec(text)?.[1]) * 100)),
      )
  })
})
