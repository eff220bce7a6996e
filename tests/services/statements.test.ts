import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeBancoPostaStatement, writeIntesaStatement } from '#codecs/statement-csv-write'
import { italianAccount } from '#codecs/statement-parts'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import { ProblemError } from '#domain/problem'
import { seededRandom } from '#hosts/random'
import { bankStatement } from '#services/bank-statement'
import { type OpiRow, opiJournal } from '../codecs/statement-opi-samples.ts'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'

const IBAN = 'IT60X0542811101000000123456' as Iban
const OTHER = italianAccount({ abi: '07601', cab: '03200', number: '1234561' })?.iban as Iban
const F1 = '2026-03-02ABCDITMM-0000001'

inBothOffices('statements', (open) => {
  let office: CollectionOffice
  beforeEach(async () => {
    office = await open()
  })
  afterEach(() => office.close())

  const ctx = () => ({ context: office.ctx })
  const bytes = (text: string) => new TextEncoder().encode(text)

  type Row = readonly [day: string, cents: number, description: string]

  function bancoPosta(rows: readonly Row[], iban: string = IBAN): Uint8Array {
    return writeBancoPostaStatement({ ...of(rows), iban })
  }

  function intesa(rows: readonly Row[], openingCents = 0): Uint8Array {
    return writeIntesaStatement({ ...of(rows), iban: IBAN, openingCents: cents(openingCents) })
  }

  function of(rows: readonly Row[]) {
    const days = rows.map((r) => r[0]).sort()
    return {
      ...{
        holder: 'Ordine dei Cartografi',
        from: days[0] as IsoDate,
        to: days.at(-1) as IsoDate,
        openingCents: cents(0),
      },
      movements: rows.map(([day, amount, description]) => ({
        ...{ bookingDate: day as IsoDate, valueDate: day as IsoDate, amountCents: cents(amount), description },
      })),
    }
  }

  async function load(
    name: string,
    content: Uint8Array,
    more: readonly Uint8Array[] = [],
    bankAccountId = office.account,
  ) {
    const token = await office.upload(name, content)
    const rest = await Promise.all(more.map((one, i) => office.upload(`altra-${i}`, one)))
    return call(bankStatement.confirm, { token, more: rest, bankAccountId }, ctx())
  }

  async function read(content: Uint8Array, bankAccountId = office.account) {
    return call(bankStatement.read, { token: await office.upload('file', content), bankAccountId }, ctx())
  }

  function setIban(iban: Iban | null, id: Id<'bankAccount'> = office.account) {
    return office.write((db) => db.updateTable('bankAccount').set({ iban }).where('id', '=', id).execute())
  }

  async function movements(): Promise<string[]> {
    const { rows } = await call(bankStatement.movements, { filters: {}, limit: 500 }, ctx())
    return rows
      .map((m) => `${m.bookingDate} ${m.cents} ${m.account}${m.provvisorio ? ` p${m.provvisorio}` : ''}`)
      .sort()
  }

  const pending = () => call(bankStatement.pending, { filters: {}, limit: 500 }, ctx())

  async function codesOf(run: Promise<unknown>): Promise<string[]> {
    const error = await run.then(
      () => null,
      (e: unknown) => e,
    )
    const data = (error as { data?: { problems: { code: string }[] } }).data
    return (error instanceof ProblemError ? error.problems : (data?.problems ?? [])).map((p) => p.code)
  }

  describe('whose account a file is of', () => {
    test('the IBAN in the file contradicts another account chosen, and names the right one', async () => {
      const other = await office.write((db) => office.addAccount(db, 'Conto posta', 'postal'))
      await setIban(OTHER, other)
      await setIban(IBAN)
      const file = bytes(
        `:20:UNO\r\n:25:${OTHER}\r\n:28C:1/1\r\n:60F:C260301EUR0,00\r\n:61:2603020302C180,00NTRFNONREF\r\n:86:${causaleOf(F1)}\r\n:62F:C260302EUR180,00\r\n`,
      )
      const seen = await read(file)
      expect(seen.problems.first.map((p) => p.code)).toEqual(['STATEMENT_OTHER_ACCOUNT'])
      expect(seen.problems.first[0]?.params).toMatchObject({ own: 'Conto posta', chosen: 'Banca di Vallombra' })
      expect(await codesOf(load('uno.sta', file))).toEqual(['STATEMENT_OTHER_ACCOUNT'])
      expect(await movements()).toEqual([])
      const done = await load('uno.sta', file, [], other)
      expect(done).toMatchObject({ added: 1 })
      expect(await movements()).toEqual(['2026-03-02 18000 Conto posta'])
    })

    test('an account that is not ours is refused, one without IBAN only says so', async () => {
      const file = bancoPosta([['2026-03-02', 18000, causaleOf(F1)]])
      const plain = await read(file)
      expect(plain.problems.first.filter((p) => p.severity === 'error')).toEqual([])
      await setIban(OTHER)
      const named = bytes(
        `:20:UNO\r\n:25:${IBAN}\r\n:28C:1/1\r\n:60F:C260301EUR0,00\r\n:61:2603020302C180,00NTRFNONREF\r\n:86:X\r\n:62F:C260302EUR180,00\r\n`,
      )
      expect((await read(named)).problems.first.map((p) => p.code)).toEqual(['STATEMENT_OTHER_ACCOUNT'])
    })

    test('a file of two accounts is kept part by part, with the balances and days of each', async () => {
      const other = await office.write((db) => office.addAccount(db, 'Conto posta', 'postal'))
      await setIban(IBAN)
      const message = (iban: string, amount: string, opening: string, closing: string) =>
        `:20:M\r\n:25:${iban}\r\n:28C:1/1\r\n:60F:C260301EUR${opening}\r\n:61:2603020302C${amount}NTRFNONREF\r\n:86:CAUSALE ${amount}\r\n:62F:C260305EUR${closing}\r\n-\r\n`
      const file = bytes(message(IBAN, '10,00', '5,00', '15,00') + message(OTHER, '20,00', '0,00', '20,00'))
      const first = await read(file)
      expect(first.problems.first.map((p) => p.code)).toEqual(['STATEMENT_ACCOUNT_OPEN'])
      expect(first.accounts).toMatchObject([
        { bankAccountId: office.account, movements: 1 },
        { bankAccountId: null, movements: 1 },
      ])
      const token = await office.upload('due.sta', file)
      const leftOut = { [first.accounts[1]?.key as string]: null }
      const partly = await call(bankStatement.read, { token, bankAccountId: office.account, accounts: leftOut }, ctx())
      expect(partly).toMatchObject({ added: 1, problems: { total: 0 } })
      const none = Object.fromEntries(first.accounts.map((a) => [a.key, null]))
      const nothing = call(bankStatement.confirm, { token, bankAccountId: office.account, accounts: none }, ctx())
      expect(await codesOf(nothing)).toEqual(['STATEMENT_NO_MOVEMENTS'])
      await setIban(OTHER, other)
      const done = await call(bankStatement.confirm, { token, bankAccountId: office.account }, ctx())
      expect(done).toMatchObject({ added: 2, statementIds: [expect.any(Number), expect.any(Number)] })
      const kept = await office.ledger.read((db) => db.selectFrom('bankStatement').selectAll().orderBy('id').execute())
      expect(kept.map((s) => [s.bankAccountId, s.openingCents, s.closingCents, s.periodFrom, s.periodTo])).toEqual([
        [office.account, 500, 1500, '2026-03-01', '2026-03-05'],
        [other, 0, 2000, '2026-03-01', '2026-03-05'],
      ])
      const again = await call(bankStatement.confirm, { token, bankAccountId: office.account }, ctx())
      expect(again).toMatchObject({ added: 0, already: 2 })
      expect(await movements()).toHaveLength(2)
    })

    test('a balance that does not follow the last one is told before', async () => {
      await setIban(IBAN)
      await load('marzo.csv', intesa([['2026-03-02', 1000, 'A']], 500))
      const follows = await read(intesa([['2026-03-09', 1000, 'B']], 1500))
      expect(follows.problems.first).toEqual([])
      const hole = await read(intesa([['2026-03-09', 1000, 'B']], 9900))
      expect(hole.problems.first.map((p) => [p.code, p.severity])).toEqual([['STATEMENT_NOT_FOLLOWING', 'warning']])
    })
  })

  test('a day of a year that no statement can be of is told with its row, and nothing enters', async () => {
    const file = bancoPosta([
      ['1901-03-02', 100, 'A'],
      ['2026-03-02', 200, 'B'],
      ['2099-03-02', 300, 'C'],
    ])
    const seen = await read(file)
    const errors = seen.problems.first.filter((p) => p.severity === 'error')
    expect(errors.map((p) => p.code)).toEqual(['STATEMENT_DATE_UNLIKELY', 'STATEMENT_DATE_UNLIKELY'])
    expect(await codesOf(load('anni.csv', file))).toContain('STATEMENT_DATE_UNLIKELY')
    expect(await movements()).toEqual([])
  })

  describe('the treasurer’s journal', () => {
    const journal = (rows: readonly OpiRow[], how: Parameters<typeof opiJournal>[1] = {}) =>
      bytes(opiJournal(rows, how))

    test('enters with all its pages or not at all', async () => {
      const one = journal([{ amount: '180.00', bolletta: 7 }], { page: 1, pages: 2 })
      const two = journal([{ amount: '70.00', bolletta: 8 }], { page: 2, pages: 2 })
      expect(await codesOf(load('p1.xml', one))).toEqual(['STATEMENT_PAGES_MISSING'])
      expect(await codesOf(load('p1.xml', one, [one]))).toContain('STATEMENT_PAGE_TWICE')
      expect(await codesOf(load('p1.xml', one, [intesa([['2026-03-02', 1000, 'A']])]))).toContain(
        'STATEMENT_FILES_MANY',
      )
      expect(await movements()).toEqual([])
      const done = await load('p2.xml', two, [one])
      expect(done).toMatchObject({ added: 2, provvisori: 2 })
      expect(await movements()).toEqual([
        '2026-03-02 18000 Banca di Vallombra p7',
        '2026-03-02 7000 Banca di Vallombra p8',
      ])
    })

    test('pages of camt.053 are tied too: all of them, in any order, and their balances across them', async () => {
      const page = (n: number, last: boolean, amount: string, closing = '250.00') => {
        const balance = (kind: string, value: string) =>
          `<Bal><Tp><CdOrPrtry><Cd>${kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${value}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>`
        return bytes(
          `<?xml version="1.0"?><Document><BkToCstmrStmt><GrpHdr><MsgId>M${n}</MsgId></GrpHdr><Stmt><Id>7</Id><StmtPgntn><PgNb>${n}</PgNb><LastPgInd>${last}</LastPgInd></StmtPgntn><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>${n === 1 ? balance('OPBD', '0.00') : ''}${last ? balance('CLBD', closing) : ''}<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>`,
        )
      }
      await setIban(IBAN)
      const [one, two, three] = [page(1, false, '180.00'), page(2, false, '20.00'), page(3, true, '50.00')]
      expect(await codesOf(load('1.xml', one))).toEqual(['STATEMENT_PAGES_OPEN'])
      expect(await codesOf(load('1.xml', one, [two]))).toEqual(['STATEMENT_PAGES_OPEN'])
      expect(await codesOf(load('3.xml', three))).toEqual(['STATEMENT_PAGES_MISSING'])
      expect(await codesOf(load('1.xml', one, [three]))).toEqual(['STATEMENT_PAGES_MISSING'])
      const wrong = page(3, true, '50.00', '251.00')
      expect(await codesOf(load('1.xml', one, [two, wrong]))).toEqual(['STATEMENT_BALANCE_DIFFERS'])
      expect(await movements()).toEqual([])
      expect((await read(one)).pages).toEqual({ have: [1], pages: null })
      expect(await load('3.xml', three, [one, two])).toMatchObject({ added: 3 })
      expect(await load('3.xml', three, [one, two])).toMatchObject({ added: 0, already: 3 })
      expect(await movements()).toHaveLength(3)
    })

    test('a number of an exercise that is not here, or that another credit has, is told and not written', async () => {
      await office.write((db) => db.deleteFrom('exercise').where('year', '=', 2026).execute())
      const seen = await read(journal([{ amount: '180.00', bolletta: 7 }]))
      expect(seen.problems.first.map((p) => p.code)).toEqual(['STATEMENT_PROVVISORIO_YEAR'])
      await office.write((db) => db.insertInto('exercise').values({ year: 2026, state: 'open' }).execute())
      await load('uno.xml', journal([{ amount: '180.00', bolletta: 7 }]))
      const other = await read(journal([{ amount: '55.00', bolletta: 7 }]))
      expect(other.problems.first.map((p) => p.code)).toEqual(['STATEMENT_PROVVISORIO_TAKEN'])
      expect(other.provvisori).toBe(0)
    })

    test('one number on two new rows of a file: the first keeps it, the other enters without, and it is told', async () => {
      const file = journal([
        { amount: '180.00', bolletta: 7 },
        { amount: '55.00', bolletta: 7 },
      ])
      const seen = await read(file)
      expect(seen.problems.first.map((p) => p.code)).toEqual(['STATEMENT_PROVVISORIO_TAKEN'])
      expect(seen.provvisori).toBe(1)
      expect(await load('due.xml', file)).toMatchObject({ added: 2, provvisori: 1 })
      expect(await movements()).toEqual([
        '2026-03-02 18000 Banca di Vallombra p7',
        '2026-03-02 5500 Banca di Vallombra',
      ])
    })

    test('an executed reversale of ours is marked when the amounts agree, else told', async () => {
      const quota = await office.quota(18000)
      await office.importFlows(flowOf(F1, [[quota.iuv, 18000]]))
      await office.loadStatement([['2026-03-03', 18000, causaleOf(F1)]])
      await office.postAll()
      const outcome = (amount: string, number = 1) =>
        journal([{ document: 'REVERSALE', number, amount, sospesi: [{ number: 7, amount }] }])
      expect((await read(outcome('179.00'))).problems.first.map((p) => p.code)).toEqual(['STATEMENT_EXECUTED_DIFFERS'])
      expect((await read(outcome('180.00', 9))).problems.first.map((p) => p.code)).toEqual([
        'STATEMENT_EXECUTED_UNKNOWN',
      ])
      expect(await load('esiti.xml', outcome('180.00'))).toMatchObject({ added: 0, executed: 1 })
      const kept = await office.ledger.read((db) => db.selectFrom('reversaleExecution').selectAll().execute())
      expect(kept).toMatchObject([{ date: '2026-03-02' }])
      expect(await load('esiti.xml', outcome('180.00'))).toMatchObject({ executed: 0 })
      expect(await movements()).toHaveLength(1)
      expect(await office.equations()).toEqual([])
    })
  })

  test('a named format is recognised for any account, wherever its headings stand; renamed and removed', async () => {
    const list = (top: string, day: string) =>
      bytes(`${top}Giorno;Note;Somma;Sospeso\n${day}/03/2026;BONIFICO;18000;17\n;DI ROSSI;;\n14/03/2026;SPESE;-250;\n`)
    const token = await office.upload('una.csv', list('', '12'))
    const proposed = await call(bankStatement.read, { token, bankAccountId: office.account }, ctx())
    const mapping = {
      ...(proposed.mapping as NonNullable<typeof proposed.mapping>),
      ...{ amountUnit: 'cents' as const, descriptionRows: 'until-next-date' as const, provvisorioColumn: 3 },
    }
    await call(bankStatement.confirm, { token, bankAccountId: office.account, mapping, saveAs: 'Banca Alfa' }, ctx())
    expect(await movements()).toEqual(['2026-03-12 18000 Banca di Vallombra p17', '2026-03-14 -250 Banca di Vallombra'])
    const other = await office.write((db) => office.addAccount(db, 'Altro conto', 'bank'))
    const seen = await read(list('Lista dei movimenti\n\n', '13'), other)
    expect(seen).toMatchObject({ named: 'Banca Alfa', remembered: false, added: 2, provvisori: 1 })
    expect(seen.preview[0]).toMatchObject({ description: 'BONIFICO DI ROSSI', cents: 18000 })
    const [format] = await call(bankStatement.profiles, undefined, ctx())
    expect(format).toMatchObject({ name: 'Banca Alfa', headings: ['giorno', 'note', 'somma', 'sospeso'] })
    const taken = {
      token: await office.upload(
        'due.csv',
        bytes('Day;Text;Sum\n12/03/2026;BONIFICO;180,00\n13/03/2026;SPESE;-2,00\n'),
      ),
    }
    const another = { ...proposed.mapping, amount: { kind: 'signed' as const, column: 2 }, descriptionColumns: [1] }
    const save = { ...taken, bankAccountId: other, mapping: another as typeof mapping, saveAs: 'Banca Alfa' }
    expect(await codesOf(call(bankStatement.confirm, save, ctx()))).toEqual(['PROFILE_NAME_TAKEN'])
    const id = format?.id as Id<'profile'>
    await call(bankStatement.renameProfile, { id, name: 'Banca Beta' }, ctx())
    expect((await read(list('', '13'), other)).named).toBe('Banca Beta')
    await call(bankStatement.removeProfile, { id }, ctx())
    expect((await read(list('', '13'), other)).named).toBeNull()
  })

  describe('overlaps', () => {
    test('a re-worded row waits; said to be the same, nothing enters; said to be another, it enters once', async () => {
      await load(
        'a.csv',
        bancoPosta([
          ['2026-03-02', 18000, 'BONIFICO ROSSI'],
          ['2026-03-03', 500, 'ALTRO'],
        ]),
      )
      const again = bancoPosta([
        ['2026-03-02', 18000, 'BONIF. DA ROSSI MARIO'],
        ['2026-03-03', 500, 'ALTRO'],
      ])
      expect(await read(again)).toMatchObject({ added: 0, already: 1, changed: 1 })
      expect(await load('b.csv', again)).toMatchObject({ added: 0, already: 1, pending: 1 })
      const waiting = await pending()
      expect(waiting.rows).toMatchObject([
        {
          kind: 'changed',
          description: 'BONIF. DA ROSSI MARIO',
          known: { description: 'BONIFICO ROSSI', fileName: 'a.csv' },
        },
      ])
      const ids = waiting.rows.map((r) => r.id)
      await call(bankStatement.decidePending, { ids, decision: 'same' }, ctx())
      expect((await pending()).count).toBe(0)
      expect(await movements()).toHaveLength(2)
      expect(await codesOf(call(bankStatement.decidePending, { ids, decision: 'add' }, ctx()))).toEqual([
        'PENDING_GONE',
      ])
      expect(await read(again)).toMatchObject({ added: 0, already: 2, changed: 0 })
      const third = bancoPosta([
        ['2026-03-02', 18000, 'BONIFICO DI BIANCHI'],
        ['2026-03-03', 500, 'ALTRO'],
      ])
      await load('c.csv', third)
      const added = await call(
        bankStatement.decidePending,
        { ids: (await pending()).rows.map((r) => r.id), decision: 'add' },
        ctx(),
      )
      expect(added.decided).toBe(1)
      expect(await movements()).toHaveLength(3)
      expect(await read(third)).toMatchObject({ added: 0, already: 2 })
    })

    test('a new credit like one known from another layout waits, is not lost, and is matched once added', async () => {
      const quota = await office.quota(18000)
      await office.importFlows(flowOf(F1, [[quota.iuv, 18000]]))
      await load('a.csv', bancoPosta([['2026-03-02', 18000, 'BONIFICO DI TERZI']]))
      expect(await load('b.csv', intesa([['2026-03-02', 18000, causaleOf(F1)]]))).toMatchObject({
        added: 0,
        pending: 1,
      })
      const { rows } = await pending()
      expect(rows).toMatchObject([{ kind: 'possibleDuplicate' }])
      const done = await call(bankStatement.decidePending, { ids: rows.map((r) => r.id), decision: 'add' }, ctx())
      expect(done).toEqual({ decided: 1, matched: 1 })
      expect(await office.equations()).toEqual([])
    })

    test('two rows of one file cannot be said to be one movement; the number goes with the decision', async () => {
      await load('a.csv', bancoPosta([['2026-03-02', 18000, 'BONIFICO DI TERZI']]))
      const rows: OpiRow[] = [
        { amount: '180.00', bolletta: 7, causale: 'UNO' },
        { amount: '180.00', bolletta: 8, causale: 'DUE' },
      ]
      expect(await load('b.xml', bytes(opiJournal(rows)))).toMatchObject({ added: 0, pending: 2 })
      const ids = (await pending()).rows.map((r) => r.id)
      expect(await codesOf(call(bankStatement.decidePending, { ids, decision: 'same' }, ctx()))).toEqual([
        'PENDING_SAME_TWICE',
      ])
      await call(bankStatement.decidePending, { ids: ids.slice(0, 1), decision: 'same' }, ctx())
      await call(bankStatement.decidePending, { ids: ids.slice(1), decision: 'add' }, ctx())
      expect(await movements()).toEqual([
        '2026-03-02 18000 Banca di Vallombra p7',
        '2026-03-02 18000 Banca di Vallombra p8',
      ])
    })

    test('random windows of one true list, some rows in other words: nothing doubled, nothing lost', async () => {
      const random = seededRandom(20)
      const pick = (n: number) => random.bytes(1).reduce((_, b) => b % n, 0)
      const truth = Array.from({ length: 60 }, (_, i) => ({
        day: `2026-03-${String(1 + Math.floor(i / 4)).padStart(2, '0')}`,
        // Few amounts and few texts: equal credits of one day are frequent.
        amount: [18000, 18000, 5000][pick(3)] as number,
        text: ['BONIFICO ROSSI', 'BONIFICO BIANCHI'][pick(2)] as string,
      }))
      const reworded = (text: string) => text.replace('BONIFICO', 'BONIF. A VOSTRO FAVORE DA')
      for (let round = 0; round < 14; round++) {
        const from = pick(13)
        const days = 1 + pick(6)
        const window = truth.filter((t) => {
          const day = Number(t.day.slice(8)) - 1
          return day >= from && day < from + days
        })
        if (window.length === 0) continue
        const other = pick(3) === 0
        const rows = window.map((t): Row => [t.day, t.amount, other && pick(2) === 0 ? reworded(t.text) : t.text])
        await load(`giro-${round}.csv`, bancoPosta(rows))
        // The person knows the true list: of each day and amount, no more than there are.
        for (const row of (await pending()).rows) {
          const known = (await movements()).filter((m) => m.startsWith(`${row.bookingDate} ${row.cents} `)).length
          const there = window.filter((t) => t.day === row.bookingDate && t.amount === row.cents).length
          await call(
            bankStatement.decidePending,
            { ids: [row.id], decision: known < there ? 'add' : 'same' },
            ctx(),
          ).catch(async () => {
            await call(bankStatement.decidePending, { ids: [row.id], decision: 'add' }, ctx())
          })
        }
        for (const t of window) {
          const key = `${t.day} ${t.amount} `
          const there = truth.filter((o) => `${o.day} ${o.amount} ` === key).length
          expect((await movements()).filter((m) => m.startsWith(key)).length).toBe(there)
        }
      }
      expect(await office.equations()).toEqual([])
    })
  })
})
