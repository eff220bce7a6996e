import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { writeBancoPostaStatement, writeIntesaStatement } from '#codecs/statement-csv-write'
import { readStatement, readStatementHead } from '#codecs/statement-read'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'

const day = (d: number) => isoDate(`2026-03-${String(d).padStart(2, '0')}`)
const statement = {
  holder: 'Ordine di prova',
  iban: 'IT60X0542811101000000123456',
  from: day(1),
  to: day(31),
  openingCents: cents(100000),
  movements: [
    {
      bookingDate: day(3),
      valueDate: day(3),
      amountCents: cents(43000),
      description: 'BONIFICO PER /PUR/LGPE-RIVERSAMENTO/URI/2026-03-02ABCDITMM-1',
    },
    { bookingDate: day(5), valueDate: null, amountCents: cents(-1250), description: 'Canone; "marzo"\u00A0è qui' },
  ],
}

/** One sample a layout: what it says, and the signed amounts that must come out. */
const SAMPLES: readonly { readonly profile: string; readonly text: string; readonly amounts: readonly number[] }[] = [
  {
    profile: 'intesa-privati',
    text: 'Ricerca;;;;;;;\nData;Operazione;Dettagli;Conto o carta;Contabilizzazione;Categoria ;Valuta;Importo\n03/03/2026;A;B;C;CONTABILIZZATO;x;EUR;18 668, 63\n05/03/2026;A;B;C;CONTABILIZZATO;x;EUR;-1\n',
    amounts: [1866863, -100],
  },
  {
    profile: 'unicredit',
    text: 'Data Registrazione;Data valuta;Descrizione;Importo (EUR);\r\n03.03.2026;03.03.2026;BONIFICO;430,00;\r\n05.03.2026;05.03.2026;SPESE;-4.270,00;\r\n',
    amounts: [43000, -427000],
  },
  {
    profile: 'unicredit-due-righe',
    text: 'Rapporto IT;;;;\nData;;Descrizione;EUR;Caus.\nOperaz.;Valuta;;;\n03/03/2026;03/03/2026;BON;1.000,00;048\n05/03/2026;05/03/2026;SP;-1,00;016\n',
    amounts: [100000, -100],
  },
  {
    profile: 'unicredit-tesoreria',
    text: 'ABI;DATA CONTABILE;DATA VALUTA;IMPORTO;SEGNO;CAUSALE;RIF. BANCA;DESCRIZIONE;DESCRIZIONE ESTESA\n1;03/03/2026;03/03/2026;430,00;+;48BO;R1;BON;:RI3:/PUR/X\n1;04/03/2026;04/03/2026;1,50;-;16;R2;SP;SPESE\n',
    amounts: [43000, -150],
  },
  {
    profile: 'bancoposta-precedente',
    text: 'Data;Valuta;Addebiti;Accrediti;Descrizione operazioni\n31/12/17;;;26.851,95|;SALDO INIZIALE\n03/01/18;03/01/18;;10,00;BONIFICO\n04/01/18;04/01/18;1,50;;SPESE\n31/01/18;;;26.860,45|;SALDO FINALE\n',
    amounts: [1000, -150],
  },
  {
    profile: 'bancoposta-tesoreria',
    text: 'x;IT60X0542811101000000123456\n03/03/2026;03/03/2026;048;;;;430.00;;CAUSALE\n04/03/2026;04/03/2026;048;;;1.50;;;SPESE\n',
    amounts: [43000, -150],
  },
  {
    profile: 'bpm-youbusiness',
    text: 'Ragione Sociale;Data contabile;Data valuta;Banca;Rapporto;Importo;Divisa;Descrizione;Categoria/sottocategoria;Hashtag\r\nO;03/03/2026;03/03/2026;B;1;1\u00A0430,00;EUR;BON;;\r\nO;04/03/2026;04/03/2026;B;1;-1,50;EUR;SP;;\r\n',
    amounts: [143000, -150],
  },
  {
    profile: 'bper',
    text: '\tConto\t123\n\tData operazione\tData valuta\tDescrizione\tEntrate\tUscite\tCategoria\tStato\n\t29 gennaio 2026\t29 gennaio 2026\tBON\t1001\t\tA\tContabilizzato\n\t30 gennaio 2026\t30 gennaio 2026\tSPESA\t\t-0,5\tA\tContabilizzato\n\tTotale\t\t\t1001\t-0,5\t\t\n\tDati Aggiornati al 31/01/2026\n',
    amounts: [100100, -50],
  },
  {
    profile: 'popolare-sondrio',
    text: '"Data";"Valuta";"Causale";"Descrizione";"Importo";"Divisa"\n"03/03/2026";"03/03/2026";"48";"BON";"+2250.00";"EUR"\n',
    amounts: [225000],
  },
  {
    profile: 'credit-agricole',
    text: '\uFEFF"Numero Conto",123\n"Saldo Iniziale","627,89 EUR"\n\nData Op.,Data Val.,Causale,Descrizione,Importo,Div.\n03/03/2026,03/03/2026,BONIFICO                           ,X,100.10,EUR\n04/03/2026,04/03/2026,SPESE                              ,Y,-1.10,EUR\n,,,Totale Entrate,100.10,EUR\n,,,Totale Uscite,-1.10,EUR\n,,,Totale Movimenti,99.00,EUR\n',
    amounts: [10010, -110],
  },
  {
    profile: 'fineco',
    text: 'Conto Corrente: 1\t\t\t\t\t\t\nData\tEntrate\tUscite\tDescrizione\tDescrizione_Completa\tStato\tMoneymap\n03/03/2026\t430,00\t\tBonifico\tOrd: X Info-Cli: Y\tContabilizzato\t\n04/03/2026\t\t-1,50\tSpese\tZ\tContabilizzato\t\n05/03/2026\t\t-9,00\tCarta\tZ\tAutorizzato\t\n',
    amounts: [43000, -150],
  },
  {
    profile: 'ing',
    text: 'DATA CONTABILE;DATA VALUTA;USCITE;ENTRATE;CAUSALE;DESCRIZIONE OPERAZIONE\n03/03/2026;03/03/2026;;+1.650,00;ACCREDITO;X\n04/03/2026;04/03/2026;-5,00;;SPESE;Y\nTotale;;-5,00;+1.650,00;;\n',
    amounts: [165000, -500],
  },
  {
    profile: 'ing',
    text: 'DATA CONTABILE,DATA VALUTA,USCITE,ENTRATE,CAUSALE,DESCRIZIONE OPERAZIONE\n03/03/2026,03/03/2026,,1650.00,ACCREDITO,X\n04/03/2026,04/03/2026,-5.00,,SPESE,Y\n',
    amounts: [165000, -500],
  },
  {
    profile: 'bcc-relaxbanking',
    text: 'Data contabile\tData valuta\tImporto\tDescrizione\tNote\n03/03/2026\t03/03/2026\t430,00\tBON\t\n04/03/2026\t04/03/2026\t-1,00\tSP\tn\n',
    amounts: [43000, -100],
  },
  {
    profile: 'bcc-dare-avere',
    text: 'DATA;VALUTA;DARE;AVERE;DIVISA;DESCRIZIONE_OPERAZIONE;CAUSALE_ABI\n03/03/2026;03/03/2026;;430,00;EUR;BON;48\n04/03/2026;prenotata;1,00;;EUR;SP;16\n;;;;;Saldo contabile;\n',
    amounts: [43000],
  },
  {
    profile: 'banca-del-piemonte',
    text: '\uFEFFData contabile,Data Valuta,Dare,Avere,Divisa,Causale,Descrizione,\n03/03/2026,03/03/2026,,430.00,EUR,48,BON,\n04/03/2026,04/03/2026,-1.00,,EUR,16,SP,\n',
    amounts: [43000, -100],
  },
  {
    profile: 'tesoriere-provvisori',
    text: 'ESERCIZIO;N.PROVV.;DATA ESEC.;ANAGRAFICA CLIENTE;DESCRIZIONE CAUSALE;IMPORTO PROVVISORIO;VALUTA ENTE\n2026;0000012;2026-03-03;PSP;/PUR/X;430,00;2026-03-03\n',
    amounts: [43000],
  },
  {
    profile: 'proposta',
    text: 'Giorno,Testo,Uscite,Entrate\n13/03/2026,a b c,,10.00\n14/03/2026,b,20.00,\n',
    amounts: [1000, -2000],
  },
]

describe('bank statements', () => {
  it.each(SAMPLES)('$profile', async ({ profile, text, amounts }) => {
    const reading = await readStatement(Buffer.from(text))
    expect(reading.profile).toBe(profile)
    expect(reading.problems.filter((p) => p.severity === 'error')).toEqual([])
    expect(reading.movements.map((m) => m.amountCents)).toEqual(amounts)
  })

  it('of the rehearsal come back as they were written, in two layouts and encodings', async () => {
    const poste = await readStatement(writeBancoPostaStatement(statement))
    const intesa = await readStatement(writeIntesaStatement(statement))
    expect([poste.profile, intesa.profile]).toEqual(['bancoposta', 'intesa-lista-movimenti'])
    expect([...poste.problems, ...intesa.problems]).toEqual([])
    for (const reading of [poste, intesa]) {
      expect(
        reading.movements.map(({ bookingDate, valueDate, amountCents }) => ({ bookingDate, valueDate, amountCents })),
      ).toEqual(
        statement.movements.map(({ bookingDate, valueDate, amountCents }) => ({ bookingDate, valueDate, amountCents })),
      )
      for (const [i, m] of reading.movements.entries())
        expect(m.description).toContain(statement.movements[i]?.description)
    }
    expect(intesa.parts).toMatchObject([{ openingCents: 100000, closingCents: 141750 }])
  })

  it('keep the blanks of padded chunks, in which a flow id may lie', async () => {
    const description = `${'BONIFICO SEPA DA: X'.padEnd(50)}${'COMM: /PUR/LGPE-RIVERSAMENTO/URI/2026-03-02ABCDITM'.padEnd(50)}M-1`
    const text = `Data Registrazione;Data valuta;Descrizione;Importo (EUR);\n03.03.2026;03.03.2026;${description};430,00;\n04.03.2026;04.03.2026;x;-1,00;\n`
    expect((await readStatement(Buffer.from(text))).movements[0]?.description).toBe(description)
  })

  it('refuse a list without signs, but not one that its balances or its plus signs explain', async () => {
    const head = 'Data;Valuta;Causale;Descrizione;Importo;Divisa\n'
    const codes = async (text: string) => (await readStatement(Buffer.from(text))).problems.map((p) => p.code)
    expect(await codes(`${head}13/03/2026;13/03/2026;48;B;10,00;EUR\n`)).toEqual(['STATEMENT_NO_SIGN'])
    expect(await codes(`${head}13/03/2026;13/03/2026;48;B;+10,00;EUR\n`)).toEqual([])
    const balanced = `Saldo iniziale;5,00\n${head}13/03/2026;13/03/2026;48;B;10,00;EUR\n;;;Saldo finale;15,00;\n`
    expect(await codes(balanced)).toEqual([])
  })

  it('are read by the columns that a person chose, as the head proposed them', async () => {
    const bytes = Buffer.from(
      'Giorno;Cosa;Perché;Importo\n13/03/26;BON;caff\u00E8;1.430,00\n14/03/26;SP;due;-1,00\n',
      'latin1',
    )
    const head = await readStatementHead(bytes, 2)
    if (!head.ok) throw new Error(head.error.code)
    expect(head.value).toMatchObject({ encoding: 'windows-1252', separator: ';', profile: null })
    expect(head.value.rows).toHaveLength(2)
    const mapping = head.value.proposal
    expect(mapping).toMatchObject({
      headerRow: 0,
      bookingDateColumn: 0,
      amount: { kind: 'signed', column: 3 },
      dateFormat: 'dmy',
    })
    if (mapping === null) throw new Error('no proposal')
    const reading = await readStatement(bytes, { ...mapping, descriptionColumns: [1, 2] })
    expect(reading).toMatchObject({ profile: 'mapping', problems: [] })
    expect(reading.movements[0]).toMatchObject({
      bookingDate: '2026-03-13',
      amountCents: 143000,
      description: 'BON caffè',
      line: 2,
    })
  })

  it('named .xls that are really HTML are read as what they are', async () => {
    const html = `<html><body><p>Conto 1</p><TABLE><tr><th>Data</th><th>Valuta</th><th>Causale</th><th>Descrizione</th><th>Importo</th><th>Divisa</th></tr>
      <tr><td>03/03/2026</td><td>03/03/2026</td><td>48</td><td>BONIFICO &amp; PER<br>/PUR/X&nbsp;à</td><td>430,00</td><td>EUR</td></tr>
      <tr><td>04/03/2026</td><td>04/03/2026</td><td>16</td><td>SPESE &#8364;</td><td>-1,50</td><td>EUR</td></tr></TABLE></body></html>`
    expect(await inspectFile('lista.xls', Buffer.from(html))).toMatchObject({
      kind: 'bankStatement',
      profile: 'popolare-sondrio',
      movements: [
        { amountCents: 43000, description: '48 BONIFICO & PER /PUR/X\u00A0à' },
        { amountCents: -150, description: '16 SPESE €' },
      ],
      problems: [],
    })
  })

  it('are printed by the command line under the names of the contract', async () => {
    const text = SAMPLES.find((s) => s.profile === 'tesoriere-provvisori')?.text as string
    expect(await inspectFile('provvisori.csv', Buffer.from(text))).toEqual({
      kind: 'bankStatement',
      profile: 'tesoriere-provvisori',
      pages: null,
      parts: [{ account: null, iban: null, from: null, to: null, openingCents: null, closingCents: null }],
      movements: [
        {
          line: 2,
          part: 0,
          bookingDate: '2026-03-03',
          valueDate: '2026-03-03',
          amountCents: 43000,
          description: '/PUR/X PSP',
          reference: '0000012',
          provvisorio: '12',
          counterparty: 'PSP',
          endToEndId: null,
          transactionCode: null,
          takesBack: null,
        },
      ],
      outcomes: [],
      problems: [],
    })
  })
})
