import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recogniseKind } from '#codecs/inspect'
import { readStatement } from '#codecs/statement-read'

const IBAN = 'IT60X0542811101000000123456'
const CAUSALE = '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2026-03-04PSPXITM1XXX-S000123456'

/** The causale in pieces of 27 characters, `?20`, `?21`…, on lines of 65. */
function structured(text: string, before = '048?00BONIFICO'): string[] {
  const pieces = text.match(/.{1,27}/gs) ?? []
  const whole = `${before + pieces.map((piece, i) => `?${i < 10 ? 20 + i : 50 + i}${piece}`).join('')}?32PSP DI PROVA?33 S.P.A.`
  return (`:86:${whole}`.match(/.{1,65}/gs) ?? []) as string[]
}

function message(
  lines: readonly string[],
  { opening = 'C260304EUR1000,00', closing = 'C260305EUR1417,50' } = {},
): string[] {
  return [
    ':20:PROVA',
    `:25:PSPXITM1/${IBAN}`,
    ':28C:00001/001',
    `:60F:${opening}`,
    ...lines,
    `:62F:${closing}`,
    ':64:C260305EUR1417,50',
  ]
}

const entries = [
  ':61:2603050305CR430,00NTRFNONREF//1101210760133349',
  ...structured(CAUSALE),
  ':61:260305D12,5NMSC1234',
  'CANONE DI MARZO',
]

const read = (lines: readonly string[], end = '\r\n') => readStatement(Buffer.from(lines.join(end) + end))

describe('MT940 statements', () => {
  it('give account, balances, movements and a causale put together from its pieces', async () => {
    const reading = await read([...message(entries), '-'])
    expect(reading).toMatchObject({
      profile: 'mt940',
      problems: [],
      parts: [{ account: { iban: IBAN }, openingCents: 100_000, closingCents: 141_750 }],
      movements: [
        {
          bookingDate: '2026-03-05',
          valueDate: '2026-03-05',
          amountCents: 43_000,
          reference: '1101210760133349',
          description: `BONIFICO PSP DI PROVA S.P.A. ${CAUSALE}`,
          counterparty: 'PSP DI PROVA S.P.A.',
          endToEndId: null,
          transactionCode: 'NTRF',
          takesBack: null,
          line: 5,
        },
        { amountCents: -1_250, reference: '1234', description: 'CANONE DI MARZO' },
      ],
    })
  })

  it('are read in their envelopes, several in a file, and are known by their content', async () => {
    const second = message([':61:260306C1,NTRFNONREF', ':86:UNO'], {
      opening: 'C260305EUR1417,50',
      closing: 'C260306EUR1418,50',
    })
    const lines = [
      '{1:F01PSPXITM1AXXX0000000000}{2:I940PSPXITM1XXXXN}{4:',
      ...message(entries),
      '-}{5:{CHK:123456789ABC}}',
      '{1:F01PSPXITM1AXXX0000000000}{2:I940PSPXITM1XXXXN}{3:{108:X}}{4:',
      ...second,
      '-}',
    ]
    for (const end of ['\r\n', '\n']) {
      const reading = await read(lines, end)
      expect(reading).toMatchObject({ profile: 'mt940', problems: [] })
      expect(reading.movements.map((m) => [m.part, m.amountCents])).toEqual([
        [0, 43_000],
        [0, -1_250],
        [1, 100],
      ])
    }
    const plain = await read([...message(entries), ...second])
    expect(plain.parts).toHaveLength(2)
    expect(await recogniseKind(Buffer.from(lines.join('\r\n')))).toBe('bankStatement')
  })

  it('know reversals, marks of funds and amounts without decimals', async () => {
    const lines = [
      ':61:2603050305RC10,00NTRFA',
      ':61:2603050305RD20,NTRFB//C',
      ':61:2603050305DR0,50NMSCNONREF',
      ':61:260305CR1,1NMSC12/34',
    ]
    const closing = 'C260305EUR1010,60'
    const { movements, problems } = await read(message(lines, { closing }))
    expect(problems).toEqual([])
    // Only a credit taken back names something of ours: RD gives back what was taken.
    expect(movements.map((m) => m.takesBack?.kind ?? null)).toEqual(['reversal', null, null, null])
    expect(movements.map((m) => [m.amountCents, m.reference])).toEqual([
      [-1_000, 'A'],
      [2_000, 'C'],
      [-50, null],
      [110, '12/34'],
    ])
  })

  it('give the payer’s id where a keyword stands before it', async () => {
    const lines = [
      ...[':61:2603050305C1,00NTRFA', ':86:166?00BONIFICO?20EREF+E2E-77 KREF+1?21SVWZ+QUOTA ROSSI?32ROSSI'],
      ...[':61:2603050305C1,00NTRFB', ':86:/EREF/E2E-78/REMI/QUOTA'],
      ...[':61:2603050305C1,00NTRFC', ':86:/EREF/NOTPROVIDED/REMI/QUOTA'],
    ]
    const { movements } = await read(message(lines, { closing: 'C260305EUR1003,00' }))
    expect(movements.map((m) => [m.counterparty, m.endToEndId])).toEqual([
      ['ROSSI', 'E2E-77'],
      [null, 'E2E-78'],
      [null, null],
    ])
  })

  it('take the year of the booking date from the value date, across New Year', async () => {
    const lines = [
      ':61:2512310102C1,00NTRFA',
      ':61:2601021231C1,00NTRFB',
      ':61:2602280301C1,00NTRFC',
      ':61:2402290229C1,00NTRFD',
    ]
    const { movements } = await read(message(lines, { opening: 'C251231EUR0,00', closing: 'C260102EUR4,00' }))
    expect(movements.map((m) => [m.bookingDate, m.valueDate])).toEqual([
      ['2026-01-02', '2025-12-31'],
      ['2025-12-31', '2026-01-02'],
      ['2026-03-01', '2026-02-28'],
      ['2024-02-29', '2024-02-29'],
    ])
  })

  it('join free text as its lines were cut: full ones run on, short ones were ended', async () => {
    const text = `BONIFICO DA PSP DI PROVA ${CAUSALE}`
    const cut = [text.slice(0, 65), text.slice(65)]
    expect(cut[0]).toHaveLength(65)
    const lines = [
      ':61:260305C1,00NTRFNONREF',
      `:86:${cut[0]}`,
      cut[1] as string,
      ':61:260305C2,00NTRFNONREF',
      ':86:UNO',
      'DUE',
      ':RI3:TRE',
    ]
    const { movements } = await read(message(lines, { closing: 'C260305EUR1003,00' }))
    expect(movements.map((m) => m.description)).toEqual([text, 'UNO DUE :RI3:TRE'])
  })

  it('read every piece of a long causale, even with the mark inside it', async () => {
    const long = `${CAUSALE} altro? testo ${'z'.repeat(250)}`
    const { movements } = await read(
      message([':61:260305C1,00NTRFNONREF', ...structured(long)], { closing: 'C260305EUR1001,00' }),
    )
    expect(movements[0]?.description).toBe(`BONIFICO PSP DI PROVA S.P.A. ${long}`)
  })

  it('skip what is only expected, and refuse what is cut or does not add up', async () => {
    const codes = async (lines: readonly string[]) =>
      (await read(lines)).problems.map((p) => [p.code, p.position?.line])
    expect(await codes(message([...entries, ':61:260305EC5,00NTRFX']))).toEqual([['STATEMENT_PENDING', 10]])
    expect(await codes(message(entries, { closing: 'C260305EUR1500,00' }))).toEqual([['STATEMENT_BALANCE_DIFFERS', 10]])
    expect(await codes(message(entries).slice(0, -2))).toEqual([['STATEMENT_INCOMPLETE', 9]])
    expect(await codes(message([':61:260335C1,00NTRFX']))).toEqual([['STATEMENT_FIELD_WRONG', 5]])
    expect(await codes(message(entries, { opening: 'C260304USD1000,00' }))).toEqual([['STATEMENT_CURRENCY', 4]])
    const page = [
      ...message(entries),
      ...message([':61:260305C1,00NTRFX'], { opening: 'C260305EUR1500,00', closing: 'C260306EUR1501,00' }),
    ]
    expect(await codes(page)).toEqual([['STATEMENT_GAP', 12]])
  })

  it('never give a sum that the balances deny, whatever character is changed', async () => {
    const whole = [...message(entries), '-'].join('\n')
    const total = 41_750
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.constantFrom('0', '7', ' ', 'C', 'D', ':', ',', '\n', '?'),
        async (at, char) => {
          const reading = await readStatement(Buffer.from(whole.slice(0, at) + char + whole.slice(at + 1)))
          const refused = reading.problems.some((p) => p.severity === 'error')
          const sum = reading.movements.reduce((n, m) => n + m.amountCents, 0)
          expect(refused || reading.profile !== 'mt940' || sum === total).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('take no amount that no account can have', async () => {
    const huge = [':61:260305C9999999999999,00NTRFX', ':61:260305C9999999999999,00NTRFY']
    expect((await read(message(huge))).problems.map((p) => p.code)).toContain('STATEMENT_FIELD_WRONG')
    const list = `Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n${'13/03/2026;13/03/2026;;9999999999999,00;X\n'.repeat(20)}`
    expect((await read([list])).problems.map((p) => p.code)).toContain('STATEMENT_AMOUNT_UNREADABLE')
  })
})
