import { describe, expect, it } from 'vitest'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import { statementMappingSchema } from '#contract/bank-statement'
import type { StatementMapping } from '#domain/bank-statement'

const FLOW = '/PUR/LGPE-RIVERSAMENTO/URI/2026-03-12PSPXITM1XXX-S000123456'
const IBAN = 'IT60X0542811101000000123456'

const read = (text: string, mapping?: StatementMapping) => readStatement(Buffer.from(text), mapping)
const codes = async (text: string, mapping?: StatementMapping) =>
  (await read(text, mapping)).problems.map((p) => p.code)

/** Layouts with more to say than an amount: what each sample must give beside it. */
const SAMPLES: readonly {
  readonly profile: string
  readonly text: string
  readonly movements: readonly object[]
  readonly warnings?: readonly string[]
}[] = [
  {
    profile: 'fineco',
    text: `Conto Corrente: 1\n\nData\tEntrate\tUscite\tDescrizione\tDescrizione_Completa\tStato\tMoneymap\n13/03/2026\t430,00\t\tBonifico SEPA Italia\tOrd: PSP Ben: ORDINE Info-Cli: ${FLOW}\tContabilizzato\t\n14/03/2026\t\t-9,00\tCarta\tZ\tAutorizzato\t\n`,
    movements: [{ amountCents: 43_000, description: `Bonifico SEPA Italia Ord: PSP Ben: ORDINE Info-Cli: ${FLOW}` }],
    warnings: ['STATEMENT_PENDING'],
  },
  {
    profile: 'fineco-operazione-valuta',
    text: `Data Operazione\tData Valuta\tEntrate\tUscite\tDescrizione\tDescrizione Completa\n13/03/2026\t14/03/2026\t430\t\tBonifico\tInfo-Cli: ${FLOW}\n`,
    movements: [{ bookingDate: '2026-03-13', valueDate: '2026-03-14', amountCents: 43_000 }],
  },
  {
    profile: 'bper-causale-abi',
    text: `Data contabile;Data valuta;Causale ABI;Descrizione;Importo;Divisa\n13/03/2026;13/03/2026;48;${FLOW};430,00;EUR\n13/03/2026;13/03/2026;16;SPESE;-1,00;EUR\n`,
    movements: [{ description: FLOW }, { amountCents: -100 }],
  },
  {
    profile: 'bancoposta-tesoreria',
    text: `CONTO;${IBAN}\n13/03/2026;14/03/2026;048;;;;430.00;;RI1${FLOW} ACCREDITO BOLLETTINO P.A.\n14/03/2026;14/03/2026;016;;;1.50;;;SPESE\n`,
    movements: [
      { amountCents: 43_000, valueDate: '2026-03-14', description: `RI1${FLOW} ACCREDITO BOLLETTINO P.A.` },
      { amountCents: -150 },
    ],
  },
  {
    profile: 'tesoriere-provvisori',
    text: `ESERCIZIO;N.PROVV.;DATA ESEC.;ANAGRAFICA CLIENTE;DESCRIZIONE CAUSALE;IMPORTO PROVVISORIO;VALUTA ENTE\n2026;0000012;2026-03-13;PSP;${FLOW};1.430,00;2026-03-13\n`,
    movements: [{ amountCents: 143_000, provvisorio: '12', reference: '0000012' }],
  },
  {
    profile: 'tesoriere-completo',
    text: `annoBolletta;codBolletta;codEnteBT;enteIpaCode;iuf;iuv;codTipoMovimento;causale;importoCentesimi;dataBolletta;dataRicezione;pspCognome;pspNome;codAbi;codCab;codIban;dataValutaRegione;flgRegolarizzata;dataEffettivaSospeso;codGestionaleProvvisorio;endToEndId\n2026;0000734;1;ente_prova;;;E;${FLOW};43005;2026-03-13;2026-03-14T08:00:00;PSP DI PROVA;;05428;11101;${IBAN};2026-03-12;N;2026-03-13;X;E2E1\n`,
    movements: [
      {
        amountCents: 43_005,
        bookingDate: '2026-03-13',
        valueDate: '2026-03-12',
        provvisorio: '734',
        reference: 'E2E1',
        description: `PSP DI PROVA ${FLOW}`,
      },
    ],
  },
  {
    profile: 'raiffeisen-sparkasse',
    text: `Data contabile;Data valuta;Descrizione;Importo\n13.03.2026;12.03.2026;"BONIFICO A VOSTRO FAVORE\npsp di prova data regolamento: 12/03/26 banca ordinante: 08133/58591-provit21119 cro: b1 note: ${FLOW.toLowerCase()} id.operazione: notprovided";430,00\n14.03.2026;14.03.2026;SPESE;-1,00\n`,
    movements: [
      {
        description: `BONIFICO A VOSTRO FAVORE psp di prova data regolamento: 12/03/26 banca ordinante: 08133/58591-provit21119 cro: b1 note: ${FLOW.toLowerCase()} id.operazione: notprovided`,
      },
      { amountCents: -100, line: 4 },
    ],
  },
  {
    profile: 'raiffeisen-sparkasse',
    text: 'Data contabile;Data valuta;Descrizione;Importo\n13.03.2026;12.03.2026;BONIFICO A VOSTRO FAVORE;430,00\n;;psp di prova data regolamento: 12/03/26 note: quota;\n14.03.2026;14.03.2026;SPESE;-1,00\n',
    movements: [
      { description: 'BONIFICO A VOSTRO FAVORE psp di prova data regolamento: 12/03/26 note: quota' },
      { description: 'SPESE' },
    ],
  },
  {
    profile: 'raiffeisen-sparkasse-de',
    text: 'Buchungsdatum;Wertstellung;Beschreibung;Betrag\n13.03.2026;12.03.2026;"BONIFICO VS. FAVORE\nprova anna wertstellung: 12/03/26 beschreibung: quota";430,00\n14.03.2026;14.03.2026;SPESEN;-1,00\n',
    movements: [{ amountCents: 43_000, valueDate: '2026-03-12' }, { amountCents: -100 }],
  },
]

describe('layouts of banks and treasurers', () => {
  it.each(SAMPLES)('$profile', async ({ profile, text, movements, warnings = [] }) => {
    const reading = await read(text)
    expect(reading.profile).toBe(profile)
    expect(reading.problems.map((p) => p.code)).toEqual(warnings)
    expect(reading.movements).toMatchObject(movements)
  })

  it.each([
    '"Data";"Valuta";"Causale";"Descrizione";"Importo";"Divisa"\n"13/03/2026";"13/03/2026";"48";"BON";"+10.00";"EUR"\n"14/03/2026";"14/03/2026";"48";"BON";"+10.00";"CHF"\n',
    'Data Op.;Data Val.;Causale;Descrizione;Importo;Div.\n13/03/2026;13/03/2026;BON;X;430,00;EUR\n14/03/2026;14/03/2026;BON;Y;-10,00;CHF\n',
    'Date;Amount;Currency;Text\n13/03/2026;430,00;EUR;X\n14/03/2026;-10,00;CHF;Y\n',
  ])('an amount that is not in euro stops the file, wherever the currency stands', async (text) => {
    const reading = await read(text)
    expect(reading.problems.filter((p) => p.severity === 'error')).toMatchObject([
      { code: 'STATEMENT_CURRENCY', params: { currency: 'CHF' }, position: { line: 3 } },
    ])
    const euro = await read(text.replace('CHF', 'EUR'))
    expect(euro.problems.filter((p) => p.severity === 'error')).toEqual([])
    expect(euro.movements.map((m) => m.description)).not.toContain('EUR')
  })

  it('an amount that is not in euro stops the file, when the heading says so', async () => {
    const text = 'Data;Importo (CHF);Descrizione\n13/03/2026;430,00;X\n14/03/2026;-10,00;Y\n'
    const reading = await read(text)
    expect(reading.problems.filter((p) => p.severity === 'error')).toMatchObject([
      { code: 'STATEMENT_CURRENCY', params: { currency: 'CHF' }, position: { line: 1 } },
    ])
    const euro = await read(text.replace('CHF', 'EUR'))
    expect(euro.problems.filter((p) => p.severity === 'error')).toEqual([])
  })

  it('the period that the bank declares above the list is that of the statement, unless a row is outside it', async () => {
    const poste = (day: string) =>
      read(
        `Periodo dal:;01/03/2026;al:;31/03/2026\n\nData Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n${day};${day};;10,00;X\n`,
      ).then((r) => [r.parts[0]?.from, r.parts[0]?.to])
    expect(await poste('13/03/2026')).toEqual(['2026-03-01', '2026-03-31'])
    expect(await poste('03/04/2026')).toEqual([undefined, undefined])
  })

  it('a negative amount among credits is no credit: told, unless the balances say what it is', async () => {
    const poste = (rows: string, above = '') =>
      read(`${above}Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n${rows}`).then(
        (r) => r.problems.map((p) => p.code),
      )
    expect(await poste('13/03/2026;13/03/2026;;-10,00;STORNO\n')).toEqual(['STATEMENT_CREDIT_NEGATIVE'])
    expect(await poste('13/03/2026;13/03/2026;-10,00;;CANONE\n')).toEqual([])
    const list = 'ESERCIZIO;N.PROVV.;DATA ESEC.;ANAGRAFICA CLIENTE;DESCRIZIONE CAUSALE;IMPORTO PROVVISORIO\n'
    const receipts = await read(
      `${list}2026;12;2026-03-03;ROSSI;INCASSO;-430,00\n2026;13;2026-03-03;BIANCHI;INCASSO;430,00\n`,
    )
    expect(receipts.problems.map((p) => p.code)).toEqual(['STATEMENT_CREDIT_NEGATIVE'])
    expect(receipts.movements.map((m) => m.amountCents)).toEqual([43_000])
  })

  it('say whose account it is: above the list, on the first line, or row by row', async () => {
    const poste = await read(SAMPLES.find((s) => s.profile === 'bancoposta-tesoreria')?.text as string)
    const whole = await read(SAMPLES.find((s) => s.profile === 'tesoriere-completo')?.text as string)
    const list =
      'Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n13/03/2026;13/03/2026;;1,00;X\n'
    const above = await read(`Intestato a:;Ordine\nIBAN:;IT60 X054 2811 1010 0000 0123 456\n${list}`)
    const same = await read(`Conto: ${IBAN}\n${list}`)
    for (const reading of [poste, whole, above, same]) {
      expect(reading.parts.map((p) => p.account)).toEqual([{ iban: IBAN, text: IBAN }])
    }
    const row = (account: string, amount: string, sign: string) =>
      `5428;11101;${account};EUR;13/03/2026;13/03/2026;${amount};${sign};48BO;;R1;;BON;:RI3:${FLOW} :SEC:CASH`
    const treasury = await read(
      `ABI;CAB;CONTO;DIVISA;DATA CONTABILE;DATA VALUTA;IMPORTO;SEGNO;CAUSALE;NUM. ASSEGNO;RIF. BANCA;RIF. CLIENTE;DESCRIZIONE;DESCRIZIONE ESTESA\n${[
        row('123456', '430,00', '+'),
        row('42', '1,50', '-'),
        row('123456', '2,00', '+'),
      ].join('\n')}\n`,
    )
    expect(treasury).toMatchObject({ profile: 'unicredit-tesoreria', problems: [] })
    expect(treasury.parts.map((p) => p.account?.iban)).toEqual([
      IBAN,
      expect.stringMatching(/^IT\d\d.0542811101000000000042$/),
    ])
    expect(treasury.movements.map((m) => [m.part, m.amountCents])).toEqual([
      [0, 43_000],
      [1, -150],
      [0, 200],
    ])
  })

  it('put one movement after another even where they skip rows: what is pending takes its second line with it', async () => {
    const text =
      'Data contabile;Data valuta;Descrizione;Importo\n13.03.2026;13.03.2026;UNO;1,00\n14.03.2026;14.03.2026;ZERO;0,00\n;;data regolamento: 14/03/26 seguito;\n15.03.2026;15.03.2026;DUE;-1,00\n;;seguito di due;\n'
    const { movements, problems } = await read(text)
    expect(movements.map((m) => m.description)).toEqual(['UNO', 'DUE seguito di due'])
    expect(problems.map((p) => p.code)).toEqual(['STATEMENT_AMOUNT_ZERO'])
  })

  it('refuse the list of Banco BPM that writes debits like credits, under the headings of the good one', async () => {
    const head =
      'Ragione Sociale;Data contabile;Data valuta;Banca;Rapporto;Importo;Divisa;Descrizione;Categoria/sottocategoria;Hashtag\r\n'
    const row = (amount: string, text: string) => `ORDINE;13/03/2026;13/03/2026;BPM;1234;${amount};EUR;${text};;\r\n`
    const good =
      head +
      row('430,00', `BONIF. VS. FAVORE - BON.DA PSP NOTPROVIDE - ${FLOW}`) +
      row('-30,50', 'ADDEBITO DIRETTO SDD')
    const bad = head + row('430,00', 'BONIF. VS. FAVORE') + row('30,50', 'ADDEBITO DIRETTO SDD')
    expect(await read(good)).toMatchObject({
      profile: 'bpm-youbusiness',
      problems: [],
      parts: [{ account: { iban: null, text: 'BPM 1234' } }],
    })
    expect(await codes(bad)).toEqual(['STATEMENT_NO_SIGN'])
  })

  it('refuse minus signs in a column that does without them, unless the balances say what they are', async () => {
    const head = 'Data;Valuta;Addebiti;Accrediti;Descrizione operazioni\n'
    const rows = '13/03/26;13/03/26;12,50;;CANONE\n14/03/26;14/03/26;-5,00;;X\n15/03/26;15/03/26;;430,00;BONIFICO\n'
    expect(await codes(head + rows)).toEqual(['STATEMENT_SIGNS_MIXED'])
    const explained = `28/02/26;;;100,00;SALDO INIZIALE\n${rows}31/03/26;;;512,50;SALDO FINALE\n`
    expect(await codes(head + explained)).toEqual([])
    const against = `28/02/26;;;100,00;SALDO INIZIALE\n${rows}31/03/26;;;522,50;SALDO FINALE\n`
    expect(await codes(head + against)).toEqual(['STATEMENT_SIGNS_MIXED', 'STATEMENT_BALANCE_DIFFERS'])
  })

  it('refuse rows whose days cannot be days, and take the order that a day beyond twelve proves', async () => {
    const rows = (a: string, b: string) => `Giorno;Testo;Importo\n${a};a;1,00\n${b};b;-1,00\n`
    expect(await codes(rows('03/04/2026', '05/04/2026'))).toEqual(['STATEMENT_DATE_AMBIGUOUS'])
    expect((await read(rows('03/04/2026', '13/04/2026'))).movements[0]?.bookingDate).toBe('2026-04-03')
    expect((await read(rows('03/04/2026', '04/13/2026'))).movements[0]?.bookingDate).toBe('2026-03-04')
    expect((await read(rows('20260403', '20260413'))).movements[0]?.bookingDate).toBe('2026-04-03')
    const known =
      'Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n04/13/2026;04/13/2026;;1,00;X\n'
    expect(await codes(known)).toEqual(['STATEMENT_DATE_UNREADABLE'])
  })
})

describe('the mapping that a person makes', () => {
  const plain: StatementMapping = {
    encoding: 'utf-8',
    separator: ';',
    headerRow: null,
    bookingDateColumn: 0,
    valueDateColumn: null,
    amount: { kind: 'signed', column: 2 },
    descriptionColumns: [1],
    referenceColumn: null,
    dateFormat: 'dmy',
    decimalMark: ',',
  }
  const text = [
    'Banca di prova;;;',
    'periodo;dal 01/03/2026;9,99;',
    '13/03/2026;BONIFICO DA PSP PER /PUR/LGPE-RIVERSAMEN;430,00;7',
    ';TO/URI/2026-03-12PSPXITM1XXX-S000123456;;',
    '14/03/2026;CARTA;-9,00;',
    ';in attesa;;',
    '15/03/2026;COMMISSIONI;-1,00;008',
    ';;;',
    'riporto;;420,00;',
    'dati forniti senza garanzia;;1,00;',
    '',
  ].join('\n')

  it('may skip rows above and below, go on over several rows, cut without blanks, and name the provvisorio', async () => {
    const mapping: StatementMapping = {
      ...plain,
      skipTop: 2,
      skipBottom: 2,
      descriptionRows: 'until-next-date',
      descriptionJoint: 'none',
      skipWhere: { column: 1, texts: ['carta'] },
      provvisorioColumn: 3,
    }
    expect(statementMappingSchema.parse(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping)
    const { movements, problems } = await read(text, mapping)
    expect(problems.map((p) => [p.code, p.severity])).toEqual([['STATEMENT_PENDING', 'warning']])
    expect(movements).toMatchObject([
      {
        amountCents: 43_000,
        description: 'BONIFICO DA PSP PER /PUR/LGPE-RIVERSAMENTO/URI/2026-03-12PSPXITM1XXX-S000123456',
        provvisorio: '7',
        line: 3,
      },
      { amountCents: -100, description: 'COMMISSIONI', provvisorio: '8' },
    ])
  })

  it('reads amounts in cents and dates without separators', async () => {
    const mapping: StatementMapping = { ...plain, amountUnit: 'cents', dateFormat: 'ymd' }
    const { movements, problems } = await read('20260313;A;43005\n20260314;B;-100\n', mapping)
    expect(problems).toEqual([])
    expect(movements.map((m) => m.amountCents)).toEqual([43_005, -100])
    expect(await codes('20260313;A;430,05\n', mapping)).toContain('STATEMENT_AMOUNT_UNREADABLE')
  })

  it('remembered before these were there still reads, and says which of its columns a file lacks', async () => {
    const old = JSON.parse(JSON.stringify(plain)) as StatementMapping
    expect(statementMappingSchema.parse(old)).toEqual(plain)
    expect((await read('13/03/2026;A;1,00\n14/03/2026;B;-1,00\n', old)).movements).toHaveLength(2)
    const lacking: StatementMapping = { ...plain, provvisorioColumn: 9, skipWhere: { column: 8, texts: ['x'] } }
    expect(await codes('13/03/2026;A;1,00\n', lacking)).toEqual([
      'STATEMENT_COLUMN_MISSING',
      'STATEMENT_COLUMN_MISSING',
    ])
  })

  it('is the recognised layout itself: a file read by its proposal says what it says by its headings', async () => {
    for (const { text: sample, movements } of SAMPLES) {
      const head = await readStatementHead(Buffer.from(sample))
      if (!head.ok || head.value.proposal === null) throw new Error('no proposal')
      const again = await read(sample, statementMappingSchema.parse(head.value.proposal))
      expect(again.movements).toHaveLength(movements.length)
      expect(again.movements).toMatchObject(movements)
    }
  })
})
