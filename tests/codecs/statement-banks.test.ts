import { describe, expect, it } from 'vitest'
import { readStatement } from '#codecs/statement-read'
import { problemText } from '#domain/problem'

const FLOW = '/PUR/LGPE-RIVERSAMENTO/URI/2026-03-12PSPXITM1XXX-S000123456'
const IBAN = 'IT60X0542811101000000123456'

/** A layout as its bank writes it: a credit of 1.430,00 that bears the flow, a debit of 12,50, and what must not enter. */
interface Layout {
  readonly profile: string
  readonly above: string
  readonly credit: string
  readonly debit: string
  readonly below?: string
  /** In words, what must stand beside the amounts. */
  readonly expects: object
  readonly latin1?: true
  /** Credit rows as they must never enter. */
  readonly foreign?: string
  readonly both?: string
  readonly pending?: string
  /** The debit as a list without signs writes it. */
  readonly unsigned?: string
  /** With nothing but what stands above and below. */
  readonly account?: string
}

const LAYOUTS: readonly Layout[] = [
  {
    profile: 'intesa-lista-movimenti',
    latin1: true,
    above: `${';;;;;;;;\n'.repeat(5)}N.B. I movimenti non contabilizzati non ci sono;;;;;;;;\n;;;;;;;;\nIntestatario conto:;ORDINE DELLE PROVE;;;;;;;\nNumero conto:;${IBAN};;;;;;;\nFiliale:;Città;;;;;;;\n;;;;;;;;\nSaldo contabile iniziale al: 01.03.2026;;;1.000,00;;;;;\nSaldo contabile finale al: 31.03.2026;;;2.417,50;;;;;\nSaldo disponibile al: 31.03.2026;;;2.400,00;;;;;\nImporto Fido;;;0,00;;;;;\n${';;;;;;;;\n'.repeat(10)}I movimenti selezionati sono: 2;;;;;;;;\nOperazioni contabilizzate;;;;;;;;\nData contabile;Data valuta;Descrizione;Accrediti;Addebiti;Descrizione estesa;Effettuata tramite:;;\n;;Saldo contabile iniziale in Euro;;1.000,00;;;;\n`,
    credit: `13.03.2026;13.03.2026;Bonifico;1.430,00;;COD. DISP.: 0126040163715019 CASH ${FLOW} Bonifico a Vostro favore disposto da: MITT.: PSP BENEF.: ORDINE BIC. ORD.: CCRTIT2TN00;;;\n`,
    debit: '14.03.26;14.03.26;Commissioni di città;;-12,50;Spese;;;\n',
    below: ';;Saldo contabile finale in Euro;;2.417,50;;;;\n',
    expects: {
      bookingDate: '2026-03-13',
      description: expect.stringContaining(`CASH ${FLOW} Bonifico a Vostro favore`),
    },
    both: '13.03.2026;13.03.2026;X;1,00;-1,00;Y;;;\n',
    account: IBAN,
  },
  {
    profile: 'intesa-privati',
    above: `${'Ricerca movimenti;;;;;;;\n'.repeat(17)}Data;Operazione;Dettagli;Conto o carta;Contabilizzazione;Categoria ;Valuta;Importo\n`,
    credit: `13/03/2026;Bonifico;${FLOW};Conto 1;CONTABILIZZATO;Altro;EUR;1 430, 00\n`,
    debit: '14/03/2026;Spese;X;Conto 1;CONTABILIZZATO;Altro;EUR;-12,50\n',
    expects: { description: `Bonifico ${FLOW}` },
    foreign: '15/03/2026;B;X;Conto 1;CONTABILIZZATO;Altro;USD;1,00\n',
    pending: '15/03/2026;B;X;Conto 1;NON CONTABILIZZATO;Altro;EUR;1,00\n',
    unsigned: '14/03/2026;Spese;X;Conto 1;CONTABILIZZATO;Altro;EUR;12,50\n',
  },
  {
    profile: 'unicredit',
    above: 'Data Registrazione;Data valuta;Descrizione;Importo (EUR);\r\n',
    // Chunks of 50 characters, padded: the id runs over the edge of two.
    credit: `13.03.2026;12.03.2026;${'BONIFICO SEPA DA: PSP DI PROVA'.padEnd(50)}${'PER: /PUR/LGPE-RIVERSAMENTO/URI/2026-03-12PSPXITM1'}${'XXX-S000123456'.padEnd(50)}TRN: 123;1.430,00;\r\n`,
    debit: '14.03.2026;14.03.2026;SPESE;-12,50;\r\n',
    expects: { valueDate: '2026-03-12', description: expect.stringContaining(FLOW) },
    unsigned: '14.03.2026;14.03.2026;SPESE;12,50;\r\n',
  },
  {
    profile: 'unicredit-due-righe',
    above: `\uFEFFRapporto ${IBAN};;;;\n;;;;\nData;;Descrizione;EUR;Caus.\nOperaz.;Valuta;;;\n`,
    credit: `13/03/2026;12/03/2026;BON ${FLOW};1.430,00;048\n`,
    debit: '14/03/2026;14/03/2026;SPESE;-12,50;016\n',
    expects: { valueDate: '2026-03-12', transactionCode: '048' },
    unsigned: '14/03/2026;14/03/2026;SPESE;12,50;016\n',
  },
  {
    profile: 'unicredit-tesoreria',
    above:
      'ABI;CAB;CONTO;DIVISA;DATA CONTABILE;DATA VALUTA;IMPORTO;SEGNO;CAUSALE;NUM. ASSEGNO;RIF. BANCA;RIF. CLIENTE;DESCRIZIONE;DESCRIZIONE ESTESA\n',
    credit: `5428;11101;123456;EUR;13/03/2026;12/03/2026;1430,00;+;48BO;;R1;;BONIFICO;:ERI:EUR 1430 :RI3:${FLOW} :SEC:CASH :OR1:PSP\n`,
    debit: '5428;11101;123456;EUR;14/03/2026;14/03/2026;12,50;-;16;;R2;;SPESE;SPESE\n',
    expects: { reference: 'R1', transactionCode: '48BO', description: expect.stringContaining(`:RI3:${FLOW}`) },
    foreign: '5428;11101;123456;CHF;13/03/2026;13/03/2026;1,00;+;48;;R3;;B;B\n',
    account: IBAN,
  },
  {
    profile: 'bpm-youbusiness',
    above:
      'Ragione Sociale;Data contabile;Data valuta;Banca;Rapporto;Importo;Divisa;Descrizione;Categoria/sottocategoria;Hashtag\r\n',
    credit: `ORDINE;13/03/2026;12/03/2026;BPM;1234;1\u00A0430,00;EUR;BONIF. VS. FAVORE - BON.DA PSP NOTPROVIDE - ${FLOW};;\r\n`,
    debit: 'ORDINE;14/03/2026;14/03/2026;BPM;1234;-12,50;EUR;SPESE;;\r\n',
    expects: { valueDate: '2026-03-12', description: expect.stringContaining(FLOW) },
    foreign: 'ORDINE;15/03/2026;15/03/2026;BPM;1234;1,00;USD;X;;\r\n',
    unsigned: 'ORDINE;14/03/2026;14/03/2026;BPM;1234;12,50;EUR;SPESE;;\r\n',
    account: 'BPM 1234',
  },
  {
    profile: 'bper',
    latin1: true,
    above: '\tConto\t123\n\t\n\tData operazione\tData valuta\tDescrizione\tEntrate\tUscite\tCategoria\tStato\n',
    credit: `\t13 marzo 2026\t12 marzo 2026\tBonifico ${FLOW}\t1430\t\tAltro\tContabilizzato\n`,
    debit: '\t14 marzo 2026\t14 marzo 2026\tCanone di attività\t\t-12,5\tAltro\tContabilizzato\n',
    below: '\tTotale\t\t\t1430\t-12,5\t\t\n\tDati Aggiornati al 31/03/2026\n',
    expects: { valueDate: '2026-03-12' },
    both: '\t15 marzo 2026\t15 marzo 2026\tX\t1\t-1\tAltro\tContabilizzato\n',
    pending: '\t15 marzo 2026\t15 marzo 2026\tX\t1\t\tAltro\tNon contabilizzato\n',
  },
  {
    profile: 'bper-causale-abi',
    above: 'Data contabile;Data valuta;Causale ABI;Descrizione;Importo;Divisa\n',
    credit: `13/03/2026;12/03/2026;48;${FLOW};1430,00;EUR\n`,
    debit: '14/03/2026;14/03/2026;16;SPESE;-12,50;EUR\n',
    expects: { transactionCode: '48', description: FLOW },
    foreign: '15/03/2026;15/03/2026;48;X;1,00;GBP\n',
    unsigned: '14/03/2026;14/03/2026;16;SPESE;12,50;EUR\n',
  },
  {
    profile: 'popolare-sondrio',
    above: '"Data";"Valuta";"Causale";"Descrizione";"Importo";"Divisa"\n',
    credit: `"13/03/2026";"12/03/2026";"48";"BON ${FLOW}";"+1430.00";"EUR"\n`,
    debit: '"14/03/2026";"14/03/2026";"16";"SPESE";"-12.50";"EUR"\n',
    expects: { valueDate: '2026-03-12' },
    foreign: '"15/03/2026";"15/03/2026";"48";"X";"+1.00";"CHF"\n',
    unsigned: '"14/03/2026";"14/03/2026";"16";"SPESE";"12.50";"EUR"\n',
  },
  {
    profile: 'credit-agricole',
    above:
      '\uFEFF"Numero Conto","000123"\n"Saldo Iniziale","627,89 EUR"\n"Saldo Finale","2.045,39 EUR"\n\nData Op.,Data Val.,Causale,Descrizione,Importo,Div.\n',
    credit: `13/03/2026,12/03/2026,${'BONIFICO'.padEnd(35)},${FLOW},1430.00,EUR\n`,
    debit: `14/03/2026,14/03/2026,${'SPESE'.padEnd(35)},CANONE,-12.50,EUR\n`,
    below: ',,,Totale Entrate,1430.00,EUR\n,,,Totale Uscite,-12.50,EUR\n,,,Totale Movimenti,1417.50,EUR\n',
    expects: { description: `BONIFICO ${FLOW}` },
    foreign: '15/03/2026,15/03/2026,B,X,1.00,USD\n',
  },
  {
    profile: 'fineco',
    above: `${'Conto Corrente: 1\t\t\t\t\t\t\n'.repeat(6)}Data\tEntrate\tUscite\tDescrizione\tDescrizione Completa\tStato\tMoneymap\n`,
    credit: `13/03/2026\t1.430,00\t\tBonifico\tOrd: PSP Ben: ORDINE Info-Cli: ${FLOW}\tContabilizzato\t\n`,
    debit: '14/03/2026\t\t-12,50\tSpese\tCanone\tContabilizzato\t\n',
    expects: { description: `Bonifico Ord: PSP Ben: ORDINE Info-Cli: ${FLOW}` },
    both: '15/03/2026\t1,00\t-1,00\tX\tY\tContabilizzato\t\n',
    pending: '15/03/2026\t1,00\t\tX\tY\tAutorizzato\t\n',
  },
  {
    profile: 'bancoposta',
    above: `Intestato a:;ORDINE\nIBAN:;${IBAN}\nPeriodo dal:;01/03/2026\nal:;31/03/2026\n\nData Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n`,
    credit: `13/03/2026;12/03/2026;;1.430,00;BONIFICO A VOSTRO FAVORE TRN ABCDITMM 123 DA PSP PER ${FLOW}\n`,
    debit: '14/03/2026;14/03/2026;12,50;;CANONE\n',
    expects: { description: expect.stringContaining(`PER ${FLOW}`) },
    both: '15/03/2026;15/03/2026;1,00;1,00;X\n',
    account: IBAN,
    pending: ';15/03/2026;;1,00;BONIFICO IN ARRIVO\n',
  },
  {
    profile: 'bancoposta-precedente',
    above: 'Data;Valuta;Addebiti;Accrediti;Descrizione operazioni\n28/02/26;;;26.851,95|;SALDO INIZIALE\n',
    credit: `13/03/26;12/03/26;;1.430,00;POSTAGIRO TRN 1 DA PSP PER ${FLOW}\n`,
    debit: '14/03/26;14/03/26;12,50;;CANONE\n',
    below: '31/03/26;;;28.269,45|;SALDO FINALE\n',
    expects: { bookingDate: '2026-03-13' },
    both: '15/03/26;15/03/26;1,00;1,00;X\n',
  },
  {
    profile: 'bancoposta-tesoreria',
    above: `CONTO;${IBAN}\n`,
    credit: `13/03/2026;12/03/2026;048;;;;1430.00;;RI1${FLOW} ACCREDITO BOLLETTINO P.A.\n`,
    debit: '14/03/2026;14/03/2026;016;;;12.50;;;SPESE\n',
    expects: { transactionCode: '048', description: `RI1${FLOW} ACCREDITO BOLLETTINO P.A.` },
    both: '15/03/2026;15/03/2026;048;;;1.00;1.00;;X\n',
    account: IBAN,
  },
  {
    profile: 'ing',
    above: 'Saldo iniziale;;;100,00;;\nDATA CONTABILE;DATA VALUTA;USCITE;ENTRATE;CAUSALE;DESCRIZIONE OPERAZIONE\n',
    credit: `13/03/2026;12/03/2026;;+1.430,00;ACCREDITO;${FLOW}\n`,
    debit: '14/03/2026;14/03/2026;-12,50;;SPESE;CANONE\n',
    below: 'Totale;;-12,50;+1.430,00;;\nSaldo finale;;;1.517,50;;\n',
    expects: { description: `ACCREDITO ${FLOW}` },
    both: '15/03/2026;15/03/2026;-1,00;+1,00;X;Y\n',
  },
  {
    profile: 'bcc-relaxbanking',
    above: 'Data contabile\tData valuta\tImporto\tDescrizione\tNote\n',
    credit: `13/03/2026\t12/03/2026\t1.430,00\tBONIFICO\t${FLOW}\n`,
    debit: '14/03/2026\t14/03/2026\t-12,50\tSPESE\t\n',
    expects: { description: `BONIFICO ${FLOW}` },
    unsigned: '14/03/2026\t14/03/2026\t12,50\tSPESE\t\n',
  },
  {
    profile: 'bcc-dare-avere',
    above: 'DATA;VALUTA;DARE;AVERE;DIVISA;DESCRIZIONE_OPERAZIONE;CAUSALE_ABI\n',
    credit: `13/03/2026;12/03/2026;;1.430,00;EUR;${FLOW};48\n`,
    debit: '14/03/2026;14/03/2026;12,50;;EUR;SPESE;16\n',
    below: ';;;1.417,50;;Saldo contabile;\n;;;1.417,50;;Saldo liquido;\n;;;1.417,50;;Disponibilita;\n',
    expects: { transactionCode: '48' },
    foreign: '15/03/2026;15/03/2026;;1,00;USD;X;48\n',
    both: '15/03/2026;15/03/2026;1,00;1,00;EUR;X;48\n',
    pending: '15/03/2026;prenotata;;1,00;EUR;X;48\n',
  },
  {
    profile: 'raiffeisen-sparkasse',
    above: 'Data contabile;Data valuta;Descrizione;Importo\n',
    credit: `13.03.2026;12.03.2026;"BONIFICO A VOSTRO FAVORE\npsp di prova data regolamento: 12/03/26 banca ordinante: 08133 cro: b1 note: ${FLOW.toLowerCase()} id.operazione: notprovided";1.430,00\n`,
    debit: '14.03.2026;14.03.2026;SPESE;-12,50\n',
    expects: { description: expect.stringContaining(`note: ${FLOW.toLowerCase()} id.operazione`) },
    unsigned: '14.03.2026;14.03.2026;SPESE;12,50\n',
  },
  {
    profile: 'raiffeisen-sparkasse-de',
    above: 'Buchungsdatum;Wertstellung;Beschreibung;Betrag\n',
    credit: `13.03.2026;12.03.2026;"BONIFICO VS. FAVORE\nprova anna wertstellung: 12/03/26 beschreibung: ${FLOW}";1.430,00\n`,
    debit: '14.03.2026;14.03.2026;SPESEN;-12,50\n',
    expects: { valueDate: '2026-03-12' },
    unsigned: '14.03.2026;14.03.2026;SPESEN;12,50\n',
  },
  {
    profile: 'banca-del-piemonte',
    above: '\uFEFFData contabile,Data Valuta,Dare,Avere,Divisa,Causale,Descrizione,\n',
    credit: `13/03/2026,12/03/2026,,1430.00,EUR,BONIFICO,${FLOW},\n`,
    debit: '14/03/2026,14/03/2026,-12.50,,EUR,SPESE,CANONE,\n',
    expects: { description: `BONIFICO ${FLOW}` },
    foreign: '15/03/2026,15/03/2026,,1.00,USD,B,X,\n',
    both: '15/03/2026,15/03/2026,-1.00,1.00,EUR,B,X,\n',
  },
]

const bytesOf = ({ latin1 }: Layout, text: string) => Buffer.from(text, latin1 ? 'latin1' : 'utf8')
const read = (layout: Layout, ...rows: readonly string[]) =>
  readStatement(bytesOf(layout, layout.above + rows.join('') + (layout.below ?? '')))
/** Without what stands below: its sums would be told too. */
const alone = (layout: Layout, ...rows: readonly string[]) =>
  readStatement(bytesOf(layout, layout.above + rows.join('')))
const codes = (reading: Awaited<ReturnType<typeof readStatement>>) => reading.problems.map((p) => p.code)
const having = (key: 'foreign' | 'both' | 'pending' | 'unsigned' | 'account') =>
  LAYOUTS.filter((l) => l[key] !== undefined)

describe('each bank as it is described', () => {
  it.each(LAYOUTS)('$profile: amounts, days, words', async (layout) => {
    const reading = await read(layout, layout.credit, layout.debit)
    expect(reading.problems).toEqual([])
    expect(reading.profile).toBe(layout.profile)
    expect(reading.movements.map((m) => m.amountCents)).toEqual([143_000, -1250])
    expect(reading.movements[0]).toMatchObject({ bookingDate: '2026-03-13', ...layout.expects })
  })

  it.each(LAYOUTS)('$profile: a period without movements says so, and nothing else enters', async (layout) => {
    const reading = await alone(layout)
    expect(reading.movements).toEqual([])
    expect(reading.problems.map((p) => p.severity)).toContain('error')
    // Two are known by their rows alone: without rows their headings are anybody's.
    const known = !/^(?:raiffeisen|bancoposta-tesoreria)/.test(layout.profile)
    expect(codes(reading)).toEqual([known ? 'STATEMENT_NO_MOVEMENTS' : 'STATEMENT_LAYOUT_UNKNOWN'])
  })

  it.each(having('foreign'))('$profile: an amount in another currency stops the file', async (layout) => {
    const reading = await alone(layout, layout.credit, layout.debit, layout.foreign as string)
    expect(codes(reading)).toContain('STATEMENT_CURRENCY')
  })

  it.each(having('both'))('$profile: a row with dare and avere is refused', async (layout) => {
    const reading = await alone(layout, layout.credit, layout.debit, layout.both as string)
    expect(codes(reading)).toContain('STATEMENT_BOTH_AMOUNTS')
    expect(reading.movements.map((m) => m.amountCents)).toEqual([143_000, -1250])
  })

  it.each(having('pending'))('$profile: what is not booked yet is left out with a note', async (layout) => {
    const reading = await read(layout, layout.credit, layout.debit, layout.pending as string)
    expect(reading.problems.map((p) => [p.code, p.severity])).toEqual([['STATEMENT_PENDING', 'warning']])
    expect(reading.movements.map((m) => m.amountCents)).toEqual([143_000, -1250])
  })

  it('BancoPosta: without its booking date only what is whole for the rest is pending, and in words', async () => {
    const poste = LAYOUTS.find((l) => l.profile === 'bancoposta') as Layout
    const reading = await alone(poste, poste.credit, poste.pending as string)
    expect(reading.problems.map(problemText)).toEqual([
      expect.stringContaining('Movimento non ancora contabilizzato («senza data contabile»): non viene importato.'),
    ])
    const damaged = [
      ';;;1,00;SENZA DATE\n',
      ';32/03/2026;;1,00;VALUTA ILLEGGIBILE\n',
      ';15/03/2026;1,00;1,00;DUE IMPORTI\n',
    ]
    for (const row of damaged) {
      expect([row, codes(await alone(poste, poste.credit, row))]).toEqual([row, ['STATEMENT_DATE_UNREADABLE']])
    }
    expect(codes(await alone(poste, poste.credit, ';;;;Dati aggiornati al 31/03/2026\n'))).toEqual([])
  })

  it.each(having('unsigned'))('$profile: a list without signs is refused', async (layout) => {
    const credit = layout.credit.replace('+', '')
    expect(codes(await alone(layout, credit, layout.unsigned as string))).toEqual(['STATEMENT_NO_SIGN'])
  })

  it.each(having('account'))('$profile: says whose account it is', async (layout) => {
    const reading = await read(layout, layout.credit, layout.debit)
    expect(reading.parts.map((p) => p.account?.text)).toEqual([layout.account])
  })

  it('of Intesa: balances and the count of movements are held against the rows', async () => {
    const intesa = LAYOUTS[0] as Layout
    expect(codes(await read(intesa, intesa.credit))).toEqual(['STATEMENT_BALANCE_DIFFERS', 'STATEMENT_COUNT_DIFFERS'])
  })

  it('of BPER, Crédit Agricole and ING: the totals below are held against the rows', async () => {
    for (const profile of ['bper', 'credit-agricole', 'ing']) {
      const layout = LAYOUTS.find((l) => l.profile === profile) as Layout
      expect([profile, ...codes(await read(layout, layout.credit))]).toContain('STATEMENT_TOTAL_DIFFERS')
    }
  })
})
