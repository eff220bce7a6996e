import { appendFileSync, chmodSync, copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeIntesaStatement } from '#codecs/statement-csv-write'
import type { StatementMapping } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import { listWatchedFolders } from '#ledger/watched-folder'
import { bankStatement } from '#services/bank-statement'
import { reportingFlow } from '#services/reporting-flow'
import { type SeenFiles, scanFolder, watchedFolder } from '#services/watched-folder'
import { opiJournal } from '../codecs/statement-opi-samples.ts'
import { zipOf } from '../codecs/zip-samples.ts'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, flowOf, RECEIVER } from './support/collection-office.ts'
import { paSendRt } from './support/receipt-files.ts'

const IBAN = 'IT60X0542811101000000123456'
const F1 = '2026-03-02AAAAITM1XXX-0001'
const F2 = '2026-03-03AAAAITM1XXX-0002'

inBothOffices('watched folders', (open) => {
  let office: CollectionOffice
  beforeEach(async () => {
    office = await open()
  })
  afterEach(() => office.close())

  const ctx = () => ({ context: office.ctx })
  const flows = async () => (await call(reportingFlow.list, { filters: {} }, ctx())).count

  /** A folder kept watch over; `look` is one look of a program that runs, two of which take what is whole. */
  async function watch(name: string, after: 'keep' | 'move', bankAccountId: Id<'bankAccount'> | null = null) {
    const folder = await office.folder(name)
    const kinds: ('flow' | 'receipt')[] = ['flow', 'receipt']
    const settings = { folder: folder.token, kinds, active: true, after, bankAccountId }
    await call(watchedFolder.save, { id: null, ...settings }, ctx())
    const current = async () => {
      const row = (await office.ledger.read(listWatchedFolders)).find((f) => f.folder === folder.token)
      return row as NonNullable<typeof row>
    }
    const seen: SeenFiles = new Map()
    return {
      path: folder.path,
      row: await current(),
      current,
      look: async (with_: SeenFiles = seen) => scanFolder(office.ctx, await current(), with_),
      put: (file: string, content: string | Uint8Array) => writeFileSync(join(folder.path, file), content),
    }
  }

  const waitingOf = async () =>
    (await call(watchedFolder.list, undefined, ctx())).folders.flatMap((f) =>
      f.waiting.map((w) => `${w.name}: ${w.problems.map((p) => p.code).join(' ')}`),
    )
  const movements = async () => {
    const { rows } = await call(bankStatement.movements, { filters: {}, limit: 500 }, ctx())
    return rows.map((m) => `${m.bookingDate} ${m.cents} ${m.account}`).sort()
  }
  const setIban = (iban: string | null, id = office.account) =>
    office.write((db) =>
      db
        .updateTable('bankAccount')
        .set({ iban: iban as Iban | null })
        .where('id', '=', id)
        .execute(),
    )
  /** A statement of one day, with the balances that it needs. */
  const daily = (day: string, amount: number, text: string, openingCents = 0, iban: string | null = IBAN) =>
    writeIntesaStatement({
      holder: 'Ordine dei Cartografi',
      iban: iban ?? 'IT00',
      from: day as IsoDate,
      to: day as IsoDate,
      openingCents: cents(openingCents),
      movements: [
        { bookingDate: day as IsoDate, valueDate: day as IsoDate, amountCents: cents(amount), description: text },
      ],
    })

  test('two looks at the same time move a file once, and neither complains', async () => {
    const folder = await watch('insieme', 'move')
    const { iuv } = await office.quota(5000)
    for (const id of [F1, F2]) folder.put(`${id}.xml`, writeReportingFlow(flowOf(id, [[iuv, 5000]])))
    const looks = [new Map(), new Map(), new Map()]
    for (const seen of looks) await folder.look(seen)
    await Promise.all(looks.map((seen) => folder.look(seen)))
    expect(await flows()).toBe(2)
    expect(readdirSync(folder.path)).toEqual(['letti'])
    expect((await folder.current()).note).toBeNull()
  })

  test('a file is taken once it stops growing, moved, and never taken twice, whatever its name', async () => {
    const { path, row } = await watch('arrivi', 'move')
    const a = await office.quota(18000)
    const xml = Buffer.from(writeReportingFlow(flowOf(F1, [[a.iuv, 18000]])))
    const seen = new Map()
    writeFileSync(join(path, 'flusso.xml'), xml.subarray(0, 200))
    expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, refused: 0, waiting: 1 })
    appendFileSync(join(path, 'flusso.xml'), xml.subarray(200))
    expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, refused: 0, waiting: 1 })
    expect(await scanFolder(office.ctx, row, seen)).toEqual({ added: 1, already: 0, refused: 0, waiting: 0 })
    expect(await flows()).toBe(1)
    expect(readdirSync(join(path, 'letti'))).toEqual(['flusso.xml'])
    copyFileSync(join(path, 'letti', 'flusso.xml'), join(path, 'copia.xml'))
    await scanFolder(office.ctx, row, seen)
    expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ added: 0, already: 1 })
    expect(await flows()).toBe(1)
    expect(readdirSync(join(path, 'letti')).sort()).toEqual(['copia.xml', 'flusso.xml'])
  })

  test('what is refused goes apart with its reason; the same name never replaces another file', async () => {
    const { path, row } = await watch('arrivi', 'move')
    for (const text of ['<a>uno</a>', '<a>due</a>']) {
      writeFileSync(join(path, 'strano.xml'), text)
      const seen = new Map()
      await scanFolder(office.ctx, row, seen)
      expect(await scanFolder(office.ctx, row, seen)).toMatchObject({ refused: 1 })
    }
    expect(readdirSync(join(path, 'rifiutati')).sort()).toEqual(['strano (2).xml', 'strano.xml'])
    const { folders, files } = await call(watchedFolder.list, undefined, ctx())
    expect(folders[0]?.note).toBe('Rifiutati: strano.xml.')
    expect(files.map((f) => [f.name, f.outcome, f.problems[0]?.code])).toEqual([
      ['strano.xml', 'refused', 'INTAKE_UNKNOWN'],
      ['strano.xml', 'refused', 'INTAKE_UNKNOWN'],
    ])
  })

  test('kept in place, files are read once also by a program that starts anew; a statement of no account waits', async () => {
    const { path, row } = await watch('arrivi', 'keep')
    const a = await office.quota(18000)
    writeFileSync(join(path, 'flusso.xml'), writeReportingFlow(flowOf(F2, [[a.iuv, 18000]])))
    writeFileSync(join(path, 'ricevuta.xml'), paSendRt({ iuv: a.iuv, cents: 18000, creditor: RECEIVER }))
    writeFileSync(
      join(path, 'banca.csv'),
      'Data;Descrizione;Importo\n13/03/2026;BONIFICO;180,00\n14/03/2026;SPESE;-1,00\n',
    )
    const first = new Map()
    await scanFolder(office.ctx, row, first)
    expect(await scanFolder(office.ctx, row, first)).toEqual({ added: 2, already: 0, refused: 0, waiting: 1 })
    // A kill after the write and before anything else leaves exactly this: known content, file in its place.
    const anew = new Map()
    await scanFolder(office.ctx, row, anew)
    expect(await scanFolder(office.ctx, row, anew)).toEqual({ added: 0, already: 2, refused: 0, waiting: 1 })
    expect(await flows()).toBe(1)
    expect(existsSync(join(path, 'banca.csv'))).toBe(true)
    const { folders } = await call(watchedFolder.list, undefined, ctx())
    expect(folders[0]?.note).toBe('Aspettano te: banca.csv.')
    expect(await waitingOf()).toEqual(['banca.csv: WATCHED_STATEMENT_ACCOUNT'])
    expect(await office.equations()).toEqual([])
  })

  describe('statements', () => {
    test('one whose IBAN is ours is loaded and matched, the same content under another name is known', async () => {
      await setIban(IBAN)
      const { path, look, put } = await watch('banca', 'move')
      const a = await office.quota(18000)
      await office.importFlows(flowOf(F1, [[a.iuv, 18000]]))
      const file = daily('2026-03-02', 18000, causaleOf(F1))
      put('estratto.csv', file)
      expect(await look()).toEqual({ added: 0, already: 0, refused: 0, waiting: 1 })
      expect(await look()).toEqual({ added: 1, already: 0, refused: 0, waiting: 0 })
      expect(await movements()).toEqual(['2026-03-02 18000 Banca di Vallombra'])
      expect(readdirSync(join(path, 'letti'))).toEqual(['estratto.csv'])
      put('di nuovo.csv', file)
      await look()
      expect(await look()).toEqual({ added: 0, already: 1, refused: 0, waiting: 0 })
      expect(await movements()).toHaveLength(1)
      expect(readdirSync(join(path, 'letti')).sort()).toEqual(['di nuovo.csv', 'estratto.csv'])
      expect(await waitingOf()).toEqual([])
      const { files } = await call(watchedFolder.list, undefined, ctx())
      expect(files.map((f) => [f.name, f.kind, f.outcome])).toEqual([['estratto.csv', 'statement', 'added']])
      expect(await call(bankStatement.list, { filters: {} }, ctx())).toMatchObject({
        rows: [{ fileName: 'estratto.csv' }],
      })
      expect((await call(bankStatement.movements, { filters: {} }, ctx())).rows[0]?.matchedCents).toBe(18000)
      expect(await office.equations()).toEqual([])
    })

    test('an account that is not ours leaves it in the list with the reason, until its IBAN is ours', async () => {
      const { path, look, put } = await watch('banca', 'move')
      put('estratto.csv', daily('2026-03-02', 18000, 'BONIFICO'))
      await look()
      expect(await look()).toEqual({ added: 0, already: 0, refused: 0, waiting: 1 })
      expect(await waitingOf()).toEqual(['estratto.csv: WATCHED_STATEMENT_OTHERS'])
      expect(await movements()).toEqual([])
      expect(readdirSync(path)).toEqual(['estratto.csv'])
      await setIban(IBAN)
      await look()
      expect(await look()).toMatchObject({ added: 1, waiting: 0 })
      expect(await waitingOf()).toEqual([])
      expect(await movements()).toHaveLength(1)
    })

    test('of a folder bound to an account enters what names none; a doubt, a broken balance, another account do not', async () => {
      const { look, put } = await watch('banca', 'keep', office.account)
      const table = (balance: string, rows: string) =>
        `Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n01/03/2026;;;0,00;SALDO INIZIALE\n${rows}31/03/2026;;;${balance};SALDO FINALE\n`
      put('buono.csv', table('180,00', '13/03/2026;13/03/2026;;180,00;BONIFICO UNO\n'))
      put('ignoto.csv', 'Giorno;Cosa;Quanto\n14/03/2026;BONIFICO;-180,00\n15/03/2026;BONIFICO;20,00\n')
      put('rotto.csv', table('999,00', '16/03/2026;16/03/2026;;50,00;BONIFICO DUE\n'))
      await setIban('IT66S0999912100000000012345')
      put('altrui.csv', daily('2026-03-17', 18000, 'BONIFICO'))
      await look()
      expect(await look()).toEqual({ added: 1, already: 0, refused: 0, waiting: 3 })
      expect(await movements()).toEqual(['2026-03-13 18000 Banca di Vallombra'])
      expect(await waitingOf()).toEqual([
        'altrui.csv: STATEMENT_OTHER_ACCOUNT',
        'ignoto.csv: STATEMENT_LAYOUT_UNKNOWN',
        'rotto.csv: STATEMENT_BALANCE_DIFFERS',
      ])
      const { folders } = await call(watchedFolder.list, undefined, ctx())
      expect(folders[0]).toMatchObject({
        bankAccountId: office.account,
        note: expect.stringMatching(/^Aspettano te: /),
      })
      // A program that starts anew says the same, and takes nothing twice.
      const anew: SeenFiles = new Map()
      await look(anew)
      expect(await waitingOf()).toHaveLength(3)
      expect(await look(anew)).toEqual({ added: 0, already: 1, refused: 0, waiting: 3 })
      expect(await movements()).toHaveLength(1)
      // Somebody loads by hand the one that was in doubt: from then on it is known.
      const mapping = {
        ...{ encoding: 'utf-8', separator: ';', headerRow: 0, bookingDateColumn: 0, valueDateColumn: null },
        ...{ amount: { kind: 'signed', column: 2 }, descriptionColumns: [1], referenceColumn: null },
        ...{ dateFormat: 'dmy', decimalMark: ',' },
      } as StatementMapping
      const text = 'Giorno;Cosa;Quanto\n14/03/2026;BONIFICO;-180,00\n15/03/2026;BONIFICO;20,00\n'
      const token = await office.upload('ignoto.csv', Buffer.from(text))
      await call(bankStatement.confirm, { token, bankAccountId: office.account, mapping }, ctx())
      const later: SeenFiles = new Map()
      await look(later)
      expect(await look(later)).toMatchObject({ already: 2, waiting: 2 })
    })

    test('a half copied file that has stopped growing waits with its reason, and enters when the copy is done', async () => {
      await setIban(IBAN)
      const { look, put } = await watch('banca', 'keep')
      const whole = `<?xml version="1.0"?><Document><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>`
      put('camt.xml', whole.slice(0, 300))
      put('vuoto.csv', '')
      await look()
      expect(await look()).toEqual({ added: 0, already: 0, refused: 0, waiting: 2 })
      expect(await waitingOf()).toEqual(['camt.xml: XML_UNREADABLE', 'vuoto.csv: FILE_EMPTY'])
      put('camt.xml', whole)
      put('vuoto.csv', daily('2026-03-03', 500, 'BONIFICO', 1000))
      await look()
      expect(await look()).toEqual({ added: 2, already: 0, refused: 0, waiting: 0 })
      expect(await waitingOf()).toEqual([])
      expect(await movements()).toHaveLength(2)
    })

    test('the pages of a treasurer’s delivery enter together, when the last of them has come', async () => {
      await office.write((db) => office.addAccount(db, 'Tesoreria', 'treasury'))
      const { path, look, put } = await watch('tesoriere', 'move')
      const page = (n: number) => opiJournal([{ bolletta: 700 + n, amount: `${n}00.00` }], { page: n, pages: 2 })
      put('pagina-2.xml', page(2))
      await look()
      expect(await look()).toMatchObject({ added: 0, waiting: 1 })
      expect(await waitingOf()).toEqual(['pagina-2.xml: STATEMENT_PAGES_MISSING'])
      put('pagina-1.xml', page(1))
      await look()
      expect(await look()).toEqual({ added: 2, already: 0, refused: 0, waiting: 0 })
      expect(await movements()).toEqual(['2026-03-02 10000 Tesoreria', '2026-03-02 20000 Tesoreria'])
      expect(readdirSync(join(path, 'letti')).sort()).toEqual(['pagina-1.xml', 'pagina-2.xml'])
    })

    test('days that came out of order wait for the one before; a zip is taken like its files', async () => {
      await setIban(IBAN)
      const { look, put } = await watch('banca', 'keep')
      put('1.csv', daily('2026-03-02', 1000, 'UNO', 0))
      await look()
      await look()
      put('3.csv', daily('2026-03-04', 3000, 'TRE', 3000))
      await look()
      expect(await look()).toMatchObject({ added: 0, waiting: 1 })
      expect(await waitingOf()).toEqual(['3.csv: STATEMENT_NOT_FOLLOWING'])
      put('2.zip', zipOf([['2.csv', daily('2026-03-03', 2000, 'DUE', 1000)]]))
      await look()
      expect(await look()).toEqual({ added: 2, already: 0, refused: 0, waiting: 0 })
      expect(await movements()).toHaveLength(3)
    })

    test('a file that cannot be opened stops nobody else', async () => {
      await setIban(IBAN)
      const { path, look, put } = await watch('banca', 'keep')
      put('buono.csv', daily('2026-03-02', 1000, 'UNO'))
      put('chiuso.csv', daily('2026-03-02', 1000, 'UNO'))
      const read = office.folders.read
      if (process.getuid?.() === 0) {
        // Root reads everything: the refusal of the system is the one thing that is told.
        office.folders.read = async (token, name) => {
          if (name === 'chiuso.csv') throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
          return read(token, name)
        }
      } else chmodSync(join(path, 'chiuso.csv'), 0)
      await look()
      expect(await look()).toEqual({ added: 1, already: 0, refused: 0, waiting: 1 })
      expect(await waitingOf()).toEqual(['chiuso.csv: WATCHED_FILE_UNREADABLE'])
      office.folders.read = read
      if (process.getuid?.() !== 0) chmodSync(join(path, 'chiuso.csv'), 0o600)
      expect(await look()).toMatchObject({ already: 1, waiting: 0 })
    })
  })
})
