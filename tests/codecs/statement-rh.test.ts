import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectFile, recogniseKind } from '#codecs/inspect'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import { problemReport } from '#domain/problem'
import { type RhDay, remittance, rhFlow, rhRecord } from './statement-rh-samples.ts'

const FLOW = '2026-03-04PSPXITM1XXX-S000123456'
const CAUSALE = `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${FLOW}`
const IBAN = 'IT60X0542811101000000123456'

const day: RhDay = {
  day: '050326',
  opening: 100_000,
  movements: [
    {
      cents: 43_000,
      value: '060326',
      text: 'BONIFICO A VOSTRO FAVORE',
      reference: '1101210760133349',
      details: [
        ['YYY', `${'04032026RSSMRA85T10A562S'.padEnd(24) + 'PSP di Prova S.p.A.'.padEnd(40)}MILANO`],
        ['YY2', 'Via Inventata 1'],
        ['ID1', `${'MSG0001'.padEnd(35)}NOTPROVIDED`],
        ...remittance(CAUSALE),
      ],
    },
    { cents: -1_250, value: '050326', text: 'CANONE', details: [['', 'CANONE DI MARZO']] },
  ],
}

const bytes = (records: readonly string[], end = '\r\n') => Buffer.from(records.join(end) + end, 'latin1')

describe('CBI statements of 120 columns', () => {
  it('give the day of an account, its balances, the causale and who ordered', async () => {
    const reading = await readStatement(bytes(rhFlow([day])))
    expect(reading).toMatchObject({
      profile: 'cbi-rh',
      problems: [],
      parts: [{ account: { iban: IBAN, text: IBAN }, openingCents: 100_000, closingCents: 141_750 }],
      movements: [
        {
          bookingDate: '2026-03-05',
          valueDate: '2026-03-06',
          amountCents: 43_000,
          reference: '1101210760133349',
          counterparty: 'PSP di Prova S.p.A.',
          endToEndId: null,
          transactionCode: '48',
          takesBack: null,
          part: 0,
          line: 3,
        },
        { amountCents: -1_250, description: 'CANONE CANONE DI MARZO', reference: null },
      ],
    })
    expect(reading.movements[0]?.description).toBe(
      `BONIFICO A VOSTRO FAVORE PSP di Prova S.p.A. RSSMRA85T10A562S Via Inventata 1 MILANO ${CAUSALE}`,
    )
  })

  it('put together a causale cut anywhere: at 104, in ZZ4, in free text of 107', async () => {
    const long = `${'X'.repeat(70)} ${CAUSALE}`
    const foreign = `/PUR/LGPE-RIVERSAMENTO/URI/2026-03-04PSPXLUL1-67394095`
    const free = `${'DA PSP ESTERO PER '.padEnd(90, '.')} ${CAUSALE}`
    const flow = rhFlow([
      {
        day: '050326',
        opening: 0,
        movements: [
          { cents: 1, value: '050326', details: remittance(long) },
          {
            cents: 2,
            value: '050326',
            details: [
              ['ZZ1', '000000000000000,02EUR'],
              ['ZZ2', 'PSP EUROPE SA'],
              ['ZZ3', `${'ORDINE DI PROVA'.padEnd(50)}${foreign}`],
              ['ZZ4', '45322700'],
            ],
          },
          {
            cents: 3,
            value: '050326',
            details: [
              ['', free.slice(0, 107)],
              ['', free.slice(107)],
            ],
          },
          {
            cents: 4,
            value: '050326',
            details: [
              ['', 'NOTA RI1 /ZZ3 che non è un segno'],
              ['ID1', `${''.padEnd(35)}E2E-77`],
            ],
          },
        ],
      },
    ])
    expect(foreign).toHaveLength(54)
    const { movements, problems } = await readStatement(bytes(flow))
    expect(problems).toEqual([])
    expect(movements.map((m) => m.description)).toEqual([
      long,
      `PSP EUROPE SA ${foreign}45322700`,
      free,
      'NOTA RI1 /ZZ3 che non è un segno E2E-77',
    ])
    expect(movements.map((m) => [m.counterparty, m.endToEndId])).toEqual([
      [null, null],
      ['PSP EUROPE SA', null],
      [null, null],
      [null, 'E2E-77'],
    ])
  })

  it('read the same however tools have left the lines', async () => {
    const records = rhFlow([day, { ...day, day: '060326', opening: 141_750 }])
    const whole = await readStatement(bytes(records))
    const forms: Record<string, string> = {
      'blank in front trimmed': records.map((r) => r.slice(1)).join('\n'),
      'trailing blanks cut': records.map((r) => r.trimEnd()).join('\n'),
      'both, with the mark of the end of file': `${records.map((r) => r.trim()).join('\r\n')}\r\n\u001A`,
      'blank lines between': records.join('\n\n'),
    }
    const inOne = {
      'no line ends': records.join(''),
      'no line ends and no first blanks': records.map((r) => r.slice(1)).join(''),
      'no line ends, first blank and last blanks cut': records.join('').trim(),
    }
    const plain = ({ movements, ...rest }: Awaited<ReturnType<typeof readStatement>>) => ({
      ...rest,
      movements: movements.map(({ line: _, ...m }) => m),
    })
    for (const [form, text] of Object.entries({ ...forms, ...inOne })) {
      expect(plain(await readStatement(Buffer.from(text, 'latin1'))), form).toEqual(plain(whole))
    }
    // Without line ends places count records.
    const cut = await readStatement(Buffer.from(records.join(''), 'latin1'))
    expect(cut.movements.map((m) => m.line)).toEqual(whole.movements.map((m) => m.line))
    expect(whole.parts).toHaveLength(2)
    expect(whole.problems).toEqual([])
  })

  it('count a day sent again once, and refuse two different ones', async () => {
    const again = await readStatement(bytes(rhFlow([day, { ...day, causale: '93011' }])))
    expect(again.movements).toHaveLength(2)
    expect(again.parts).toHaveLength(1)
    expect(again.problems.map((p) => [p.code, p.severity])).toEqual([['STATEMENT_PART_REPEATED', 'warning']])
    const other = { ...day, causale: '93011' as const, movements: day.movements.slice(0, 1) }
    const two = await readStatement(bytes(rhFlow([day, other])))
    expect(two.problems.map((p) => p.code)).toEqual(['STATEMENT_PART_CONFLICT'])
    // The same day in two pieces that follow one another, and the day of another account, are what they seem.
    const piece = { ...day, opening: 141_750 }
    expect((await readStatement(bytes(rhFlow([day, piece])))).problems).toEqual([])
    const elsewhere = await readStatement(bytes(rhFlow([day, { ...day, account: '000000000042' }])))
    expect(elsewhere.problems).toEqual([])
    expect(elsewhere.parts.map((p) => p.account?.iban)).toEqual([IBAN, null])
    expect(elsewhere.parts[1]?.account?.text).toBe('ABI 05428 CAB 11101 conto 000000000042')
  })

  it('tell a day that is missing between two', async () => {
    const reading = await readStatement(bytes(rhFlow([day, { ...day, day: '090326', opening: 150_000 }])))
    expect(reading.problems.map(problemReport)).toEqual([
      'riga 13\nTra il saldo finale del 05/03/2026 (1.417,50) e quello iniziale del 09/03/2026 (1.500,00) manca qualche movimento (IT60X0542811101000000123456). Se non l’hai già importata, scarica anche la parte che manca.',
    ])
  })

  it('make the IBAN where the bank left its letters out', async () => {
    const records = rhFlow([day]).map((r) =>
      r.slice(1, 3) === '61' ? `${r.slice(0, 51)} ${r.slice(52, 99)}    ${r.slice(103)}` : r,
    )
    expect((await readStatement(bytes(records))).parts[0]?.account?.iban).toBe(IBAN)
  })

  it('are known by their content, on every road', async () => {
    const file = bytes(rhFlow([day]))
    expect(await recogniseKind(file)).toBe('bankStatement')
    expect(await inspectFile('movimenti.dat', file)).toMatchObject({
      kind: 'bankStatement',
      profile: 'cbi-rh',
      problems: [],
    })
    expect(await readStatementHead(file)).toMatchObject({
      ok: true,
      value: { profile: 'cbi-rh', rows: [], proposal: null },
    })
  })

  it('never give a sum that the balances deny, whatever character of whatever record is changed', async () => {
    const records = rhFlow([day, { ...day, day: '060326', opening: 141_750 }])
    const sane = await readStatement(bytes(records))
    const total = sane.movements.reduce((n, m) => n + m.amountCents, 0)
    const text = records.join('')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom('0', '7', ' ', 'C', 'D', 'X', ','),
        async (at, char) => {
          const damaged = text.slice(0, at) + char + text.slice(at + 1)
          const lines = records.map((_, i) => damaged.slice(i * 120, (i + 1) * 120))
          const reading = await readStatement(bytes(lines))
          const refused = reading.problems.some((p) => p.severity === 'error')
          const sum = reading.movements.reduce((n, m) => n + m.amountCents, 0)
          const gap = reading.problems.some((p) => p.code === 'STATEMENT_GAP')
          expect(refused || gap || reading.profile !== 'cbi-rh' || sum === total).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('without a record they need are refused by name', async () => {
    const whole = rhFlow([day])
    const codes = async (records: readonly string[]) =>
      (await readStatement(bytes(records))).problems.map((p) => p.code)
    const without = (type: string) => whole.filter((r) => r.slice(1, 3) !== type)
    expect(await codes(without('61'))).toContain('STATEMENT_RECORD_ORDER')
    expect(await codes(without('62'))).toContain('STATEMENT_RECORD_ORDER')
    expect(await codes(without('64'))).toContain('STATEMENT_INCOMPLETE')
    expect(await codes(without('EF'))).toEqual(['STATEMENT_INCOMPLETE'])
    for (let n = 1; n < whole.length; n += 1) expect(await codes(whole.slice(0, n)), `${n} records`).not.toEqual([])
    expect(await codes([...whole.slice(0, -1), rhRecord('70', {}), ...whole.slice(-1)])).toEqual([
      'STATEMENT_RECORD_UNKNOWN',
    ])
  })
})
