import { describe, expect, it } from 'vitest'
import { looksLikeStatementXml, readStatementXml } from '#codecs/statement-xml'

const FLOW = '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2026-03-01ABCDITMM-0000000001'

interface Entry {
  readonly amount: string
  readonly side?: 'CRDT' | 'DBIT'
  readonly status?: string
  readonly booked?: string
  readonly details?: string
  readonly more?: string
  readonly reversal?: boolean
  readonly currency?: string
}

const detail = (inside: string) => `<NtryDtls><TxDtls>${inside}</TxDtls></NtryDtls>`
const ustrd = (...pieces: string[]) => `<RmtInf>${pieces.map((p) => `<Ustrd>${p}</Ustrd>`).join('')}</RmtInf>`
const REFS = '<Refs><EndToEndId>NOTPROVIDED</EndToEndId><TxId>TRN0001</TxId></Refs>'

function entryXml(e: Entry): string {
  return `<Ntry><Amt Ccy="${e.currency ?? 'EUR'}">${e.amount}</Amt><CdtDbtInd>${e.side ?? 'CRDT'}</CdtDbtInd>${
    e.reversal ? '<RvslInd>true</RvslInd>' : ''
  }<Sts>${e.status ?? 'BOOK'}</Sts><BookgDt>${e.booked ?? '<Dt>2026-03-02+01:00</Dt>'}</BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>
<AcctSvcrRef>REF1</AcctSvcrRef><BkTxCd><Prtry><Cd>48//</Cd><Issr>CBI</Issr></Prtry></BkTxCd>${e.details ?? ''}${
    e.more ? `<AddtlNtryInf>${e.more}</AddtlNtryInf>` : ''
  }</Ntry>`
}

function balance(kind: string, amount: string, day: string): string {
  const side = amount.startsWith('-') ? 'DBIT' : 'CRDT'
  return `<Bal><Tp><CdOrPrtry><Cd>${kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount.replace('-', '')}</Amt><CdtDbtInd>${side}</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`
}

function stmt(
  entries: readonly Entry[],
  opening: string,
  closing: string,
  iban = 'IT60X0542811101000000123456',
  extra = '',
): string {
  return `<Stmt><Id>1</Id><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance('OPBD', opening, '2026-03-02')}${balance('CLBD', closing, '2026-03-02')}${extra}${entries.map(entryXml).join('')}</Stmt>`
}

const camt = (version: string, ...statements: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>${statements.join('')}</BkToCstmrStmt></Document>`

const read = (text: string) => readStatementXml(Buffer.from(text))

describe('camt.053', () => {
  it('joins the pieces of the causale with nothing, keeps the written day, takes the TRN', async () => {
    const cut = detail(
      `${REFS}<RltdPties><Dbtr><Nm>PSP di prova</Nm></Dbtr></RltdPties>${ustrd(FLOW.slice(0, 35), FLOW.slice(35))}`,
    )
    const entries: Entry[] = [
      { amount: '215.00', details: cut },
      { amount: '15', side: 'DBIT', booked: '<DtTm>2026-03-02T23:30:00-05:00</DtTm>', more: 'Commissioni' },
    ]
    const reading = await read(camt('02', stmt(entries, '100.00', '300.00')))
    expect(reading.problems).toEqual([])
    expect(reading).toMatchObject({ profile: 'camt053', outcomes: [], pages: null })
    expect(reading.parts).toMatchObject([
      {
        account: { iban: 'IT60X0542811101000000123456', text: 'IT60X0542811101000000123456' },
        openingCents: 10000,
        closingCents: 30000,
      },
    ])
    expect(reading.movements).toMatchObject([
      {
        bookingDate: '2026-03-02',
        valueDate: '2026-03-03',
        amountCents: 21500,
        description: `${FLOW} PSP di prova`,
        reference: 'TRN0001',
      },
      { bookingDate: '2026-03-02', amountCents: -1500, description: 'Commissioni', reference: 'REF1' },
    ])
  })

  it('finds the causale where banks put it instead, and does not say it twice', async () => {
    const entries: Entry[] = [
      { amount: '1.00', details: detail(`<AddtlTxInf>${FLOW}</AddtlTxInf>`) },
      { amount: '2.00', more: FLOW },
      { amount: '3.00', details: detail(`${ustrd(FLOW)}<AddtlTxInf>${FLOW}</AddtlTxInf>`), more: `BONIFICO ${FLOW}` },
    ]
    const { movements, problems } = await read(camt('04', stmt(entries, '0.00', '6.00')))
    expect(problems).toEqual([])
    expect(movements.map((m) => m.description)).toEqual([FLOW, FLOW, `${FLOW} BONIFICO ${FLOW}`])
  })

  it('leaves out what is not booked yet, in the words of .02 and in the codes of .08', async () => {
    const entries: Entry[] = [
      { amount: '1.00', status: 'PDNG' },
      { amount: '2.00', status: '<Cd>PDNG</Cd>' },
      { amount: '3.00', status: '<Cd>BOOK</Cd>' },
    ]
    const { movements, problems } = await read(camt('08', stmt(entries, '0.00', '3.00')))
    expect(movements.map((m) => m.amountCents)).toEqual([300])
    expect(problems.map((p) => [p.code, p.severity])).toEqual([
      ['STATEMENT_PENDING', 'warning'],
      ['STATEMENT_PENDING', 'warning'],
    ])
  })

  it('keeps a batch as one movement, with the texts of all its details, and tells when they do not make it', async () => {
    const two = `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>${['60.00', '40.00']
      .map(
        (a, i) => `<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">${a}</Amt></TxAmt></AmtDtls>${ustrd(`${FLOW}${i}`)}</TxDtls>`,
      )
      .join('')}</NtryDtls>`
    const good = await read(camt('02', stmt([{ amount: '100.00', details: two }], '0.00', '100.00')))
    expect(good.problems).toEqual([])
    expect(good.movements.map((m) => [m.amountCents, m.description])).toEqual([[10000, `${FLOW}0 ${FLOW}1`]])
    const less = await read(camt('02', stmt([{ amount: '99.00', details: two }], '0.00', '99.00')))
    expect(less.movements.map((m) => m.amountCents)).toEqual([9900])
    expect(less.problems.map((p) => [p.code, p.severity])).toEqual([['STATEMENT_BATCH_DIFFERS', 'warning']])
  })

  it('gives apart who paid, the payer’s id and the code; a reversal names what it takes back', async () => {
    const parties = (nm: string) => `<RltdPties><Dbtr>${nm}</Dbtr><Cdtr><Nm>Ordine</Nm></Cdtr></RltdPties>`
    const refs = (id: string) => `<Refs><EndToEndId>${id}</EndToEndId></Refs>`
    const entries: Entry[] = [
      { amount: '1.00', details: detail(`${refs('E2E-1')}${parties('<Nm>Alfa</Nm>')}`) },
      { amount: '2.00', details: detail(`${refs('NOTPROVIDED')}${parties('<Pty><Nm>Beta</Nm></Pty>')}`) },
      { amount: '3.00', side: 'DBIT', details: detail(parties('<Nm>Ordine</Nm>')) },
      { amount: '1.00', side: 'DBIT', reversal: true, details: detail(`${refs('E2E-1')}${parties('<Nm>Alfa</Nm>')}`) },
      { amount: '4.00', reversal: true },
      {
        amount: '5.00',
        details: `<NtryDtls><TxDtls>${refs('A')}${parties('<Nm>Alfa</Nm>')}</TxDtls><TxDtls>${refs('B')}${parties('<Nm>Alfa</Nm>')}</TxDtls></NtryDtls>`,
      },
    ]
    const { movements } = await read(camt('02', stmt(entries, '0.00', '8.00')))
    expect(movements.map((m) => [m.counterparty, m.endToEndId, m.takesBack?.kind])).toEqual([
      ['Alfa', 'E2E-1', undefined],
      ['Beta', null, undefined],
      ['Ordine', null, undefined],
      ['Alfa', 'E2E-1', 'reversal'],
      [null, null, undefined],
      ['Alfa', null, undefined],
    ])
    expect(new Set(movements.map((m) => m.transactionCode))).toEqual(new Set(['48']))
  })

  it('does not turn the sign of a reversal: the side is already that of the money', async () => {
    const back: Entry = { amount: '10.00', side: 'DBIT', reversal: true, more: FLOW }
    const { movements } = await read(camt('02', stmt([back], '10.00', '0.00')))
    expect(movements.map((m) => m.amountCents)).toEqual([-1000])
  })

  it('gives a part for each statement, with its account', async () => {
    const one = stmt([{ amount: '1.00' }], '0.00', '1.00')
    const other = stmt([{ amount: '2.00' }], '0.00', '2.00', 'DE89370400440532013000')
    const { movements, parts, problems } = await read(camt('02', one, other))
    expect(problems).toEqual([])
    expect(parts.map((p) => p.account?.iban)).toEqual(['IT60X0542811101000000123456', 'DE89370400440532013000'])
    expect(movements.map((m) => m.part)).toEqual([0, 1])
  })

  it('refuses other currencies, balances that do not square, counts and totals that differ', async () => {
    const codes = async (text: string) => (await read(text)).problems.map((p) => p.code)
    expect(await codes(camt('02', stmt([{ amount: '1.00', currency: 'CHF' }], '0.00', '1.00')))).toEqual([
      'STATEMENT_CURRENCY',
    ])
    expect(await codes(camt('02', stmt([{ amount: '1.00' }], '0.00', '2.00')))).toEqual(['STATEMENT_BALANCE_DIFFERS'])
    const summary =
      '<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>9.00</Sum></TtlCdtNtries></TxsSummry>'
    const counted = camt('02', stmt([{ amount: '1.00' }], '0.00', '1.00', undefined, summary))
    expect(await codes(counted)).toEqual(['STATEMENT_COUNT_DIFFERS', 'STATEMENT_TOTAL_DIFFERS'])
    expect(
      await codes(
        camt('02').replace('BkToCstmrStmt', 'BkToCstmrAcctRpt').replace('/BkToCstmrStmt', '/BkToCstmrAcctRpt'),
      ),
    ).toEqual(['STATEMENT_XML_ROOT'])
  })

  it('lists what is missing or unreadable in each entry', async () => {
    const text = camt(
      '02',
      stmt(
        [{ amount: '1,00' }, { amount: '2.00', booked: '<Dt>02/03/2026</Dt>' }, { amount: '3.00', status: '' }],
        '0.00',
        '6.00',
      ),
    )
    const { problems, movements } = await read(text)
    expect(movements).toEqual([])
    expect(problems.map((p) => [p.code, p.position?.path?.split('/').slice(-2).join('/')])).toEqual([
      ['STATEMENT_FIELD_WRONG', 'Ntry/Amt'],
      ['STATEMENT_DATE_UNREADABLE', 'Ntry[2]/BookgDt'],
      ['STATEMENT_ELEMENT_MISSING', 'Stmt/Ntry[3]'],
    ])
  })
})

describe('pages', () => {
  const paged = (inside: string, page: string, last: string) =>
    camt('08', inside).replace(
      '</GrpHdr>',
      `<MsgPgntn><PgNb>${page}</PgNb><LastPgInd>${last}</LastPgInd></MsgPgntn></GrpHdr>`,
    )
  const of = (page: number, last: boolean, id = '7') =>
    stmt([{ amount: '1.00' }], '0.00', '1.00').replace(
      '<Id>1</Id>',
      `<Id>${id}</Id><StmtPgntn><PgNb>${page}</PgNb><LastPgInd>${last}</LastPgInd></StmtPgntn>`,
    )

  it('of a message are known by its id; only the last says how many they are', async () => {
    const whole = stmt([{ amount: '1.00' }], '0.00', '1.00')
    expect((await read(paged(whole, '1', 'false'))).pages).toEqual({ key: 'messaggio M', page: 1, pages: null })
    expect((await read(paged(whole, '3', 'true'))).pages).toEqual({ key: 'messaggio M', page: 3, pages: 3 })
    expect((await read(paged(whole, '1', 'true'))).pages).toBeNull()
    const wrong = await read(paged(whole, 'due', 'true'))
    expect(wrong.problems).toMatchObject([
      { code: 'STATEMENT_FIELD_WRONG', params: { field: 'Pagina', value: 'due true' } },
    ])
  })

  it('of a statement are known by account and number; a file that has them all is whole', async () => {
    const key = 'IT60X0542811101000000123456 estratto 7'
    expect((await read(camt('08', of(2, true)))).pages).toEqual({ key, page: 2, pages: 2 })
    const all = await read(camt('08', of(1, false), of(2, true)))
    expect(all.pages).toBeNull()
    expect((await read(camt('08', of(1, false), of(1, false, '8')))).pages).toMatchObject({ page: 1, pages: null })
    const mixed = await read(camt('08', of(1, false), of(2, true, '8')))
    expect(mixed.problems.map((p) => p.code)).toContain('STATEMENT_FIELD_WRONG')
  })
})

describe('the CBI envelope', () => {
  const cbi = (message: string, prefix: string) => {
    const inside = `<${prefix}:GrpHdr><${prefix}:MsgId>M</${prefix}:MsgId><${prefix}:MsgRcpt><${prefix}:Id><${prefix}:OrgId><${prefix}:Othr><${prefix}:Id>ABCDE</${prefix}:Id></${prefix}:Othr></${prefix}:OrgId></${prefix}:Id></${prefix}:MsgRcpt></${prefix}:GrpHdr>`
    const body = stmt([{ amount: '215.00', details: detail(ustrd(FLOW)) }], '0.00', '215.00').replaceAll(
      /<(\/?)(?=[A-Z])/g,
      `<$1${prefix}:`,
    )
    return `<BDY:CBIBdyBkToCstmrStmtReq xmlns:BDY="urn:CBI:xsd:CBIBdyBkToCstmrStmtReq.00.01.02" xmlns:${prefix}="urn:CBI:xsd:${message}.00.01.02">
<BDY:CBIEnvelBkToCstmrStmtReqLogMsg><BDY:CBIBkToCstmrStmtReqLogMsg><${prefix}:${message}>${inside}${body}</${prefix}:${message}></BDY:CBIBkToCstmrStmtReqLogMsg></BDY:CBIEnvelBkToCstmrStmtReqLogMsg></BDY:CBIBdyBkToCstmrStmtReq>`
  }

  it.each([
    ['CBIDlyStmtReqLogMsg', 'DLY'],
    ['CBIPrdcStmtReqLogMsg', 'ns6'],
  ])('%s is read whatever its prefixes', async (message, prefix) => {
    const text = cbi(message, prefix)
    expect(looksLikeStatementXml(text)).toBe(true)
    const { movements, problems, parts } = await read(text)
    expect(problems).toEqual([])
    expect(parts[0]?.closingCents).toBe(21500)
    expect(movements.map((m) => [m.amountCents, m.description])).toEqual([[21500, FLOW]])
  })
})
