import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCausale } from '#domain/causale'
import { foldFlowId } from '#domain/flow-id'
import { knownAmong } from '#domain/reconcile-slices'

const RUNS = process.env.QUIETANZA_LONG ? 1_000_000 : 50_000

/** Ids of many shapes, none the beginning of another; neighbours differ by one character. */
const IDS = [
  '2026-03-17ABCDITM1XXX-S005147952',
  '2026-03-17ABCDITM1XXX-S005147953',
  '2026-03-17ABCDITM1XXX-S005147925',
  '2026-03-18ABCDITM1XXX-S005147952',
  '2026-03-17ABCDLUL1-6739409545322700',
  '2026-03-17ABCDLUL1-6739409545322701',
  '2026-03-17EFGHITMM-0000012345',
  '2026-03-17EFGHITMM-0000012354',
  '2026-03-17ABI06090-CC0ISB2860405020',
  '2026-03-17ABI06090-CC0ISB2860405021',
  '2026-12-31ILMNITRRXXX-000038102790',
  '2027-01-02ILMNITRRXXX-000038102790',
  '2026-01-01ABI00000011234',
  '2026-06-20-FLOW-ABC',
  '2026-06-20OPQRITMM-10-22_33-123',
  '2026-06-20OPQRITMM-10-22_33-124',
  '2026-06-20OPQRIT2B-0E0JHIC0WV60G',
  '2026-06-20OPQRIT2B-0E0JHIC0WV61G',
]
const known = new Map(IDS.map((id, i) => [foldFlowId(id), i]))

type Damage = (text: string) => string
const at = fc.nat(160)
/** Each is something that a bank was seen doing; positions are taken modulo the length. */
const damage: fc.Arbitrary<{ name: string; cuts: boolean; apply: Damage }> = fc.oneof(
  { weight: 4, arbitrary: at.map((p) => ({ name: `blank at ${p}`, cuts: false, apply: insert(p, ' ') })) },
  {
    weight: 2,
    arbitrary: at.map((p) => ({
      name: `cut at ${p}`,
      cuts: true,
      apply: (t: string) => t.slice(0, t.length - (p % 60)),
    })),
  },
  { weight: 1, arbitrary: at.map((p) => ({ name: `/ZZ4/ at ${p}`, cuts: false, apply: insertLate(p, ' /ZZ4/') })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(' ', '.', '+', '&#47;', '')
      .map((s) => ({ name: `slash to «${s}»`, cuts: false, apply: (t: string) => t.replaceAll('/', s) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(' ', '.', '+', '–', '_', '')
      .map((s) => ({ name: `dash to «${s}»`, cuts: false, apply: (t: string) => t.replaceAll('-', s) })),
  },
  { weight: 1, arbitrary: fc.constant({ name: 'lower case', cuts: false, apply: (t: string) => t.toLowerCase() }) },
  {
    weight: 1,
    arbitrary: at.map((p) => ({
      name: `repeat cut ${p}`,
      cuts: false,
      apply: (t: string) => `${t} PER ${t.slice(0, Math.max(20, t.length - (p % 40)))}`,
    })),
  },
  {
    weight: 1,
    arbitrary: at.map((p) => ({
      name: `repeat broken ${p}`,
      cuts: false,
      apply: (t: string) => `${t} PER ${insert(p, ' ')(t)}`,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({
      name: 'lines of 35',
      cuts: false,
      apply: (t: string) => (t.match(/.{1,35}/gs) ?? []).join('\r\n'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({
      name: 'MT940',
      cuts: false,
      apply: (t: string) =>
        (t.match(/.{1,27}/gs) ?? [])
          .slice(0, 10)
          .map((l, i) => `?2${i}${l}`)
          .join(''),
    }),
  },
)

function insert(p: number, what: string): Damage {
  return (t) => `${t.slice(0, p % (t.length + 1))}${what}${t.slice(p % (t.length + 1))}`
}
/** In the last ten characters, where the continuation mark is met. */
function insertLate(p: number, what: string): Damage {
  return (t) => `${t.slice(0, t.length - (p % 10))}${what}${t.slice(t.length - (p % 10))}`
}

const before = fc.constantFrom(
  '',
  'ACCREDITO INCASSI DEBITORE 321',
  'YYY17032026 Prestatore Uno ID1110 RI1',
  ':RI3:',
  'BONIFICO DA PRESTATORE PER ',
  '000000012931,00EUR ZZ3ORDINE ',
)
const after = fc.constantFrom(
  '',
  ' ACCREDITO BOLLETTINO P.A.',
  ' :SEC:CASH',
  '- Prestatore S.p.A.',
  ' TRN 1101210760133349',
  ' 17/03/2026',
  ' DA EFGHITMM',
)
const keyword = fc.constantFrom(
  '/PUR/LGPE-RIVERSAMENTO/URI/',
  '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/',
  'LGPE- RIVERSAMENTO/URI/',
  'RIVERSAMENTO/URI/',
)

test(`${RUNS} random damages: the right flow or none, never a wrong one`, () => {
  let right = 0
  let uncut = 0
  let rightUncut = 0
  fc.assert(
    fc.property(
      fc.nat(IDS.length - 1),
      keyword,
      before,
      after,
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      (which, key, head, tail, damages) => {
        const sound = damages.reduce((text, d) => d.apply(text), `${key}${IDS[which]}`)
        const { flows, cutFolds } = readCausale(`${head}${sound}${tail}`).reference
        const found = new Set([
          ...flows.flatMap((f) => knownAmong(f.folds, known)),
          ...(flows.length === 0 ? knownAmong(cutFolds, known) : []),
        ])
        const cut = damages.some((d) => d.cuts)
        if (!cut) uncut += 1
        if (found.size === 1 && found.has(which)) {
          right += 1
          if (!cut) rightUncut += 1
        }
        return found.size !== 1 || found.has(which)
      },
    ),
    { numRuns: RUNS, seed: 20260312 },
  )
  console.log(
    `damages: ${right} of ${RUNS} read; of the ${uncut} that lost nothing ${rightUncut} (${((100 * rightUncut) / uncut).toFixed(2)} %)`,
  )
  expect(rightUncut / uncut).toBeGreaterThan(0.98)
}, 600_000)
