import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement, writeIntesaStatement } from '#codecs/statement-csv-write'
import type { intakeFileSchema } from '#contract/intake'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { INVENTED_PSPS } from '#domain/invented-psp'
import { cents } from '#domain/money'
import type { FolderToken } from '#domain/ports'
import { type Problem, problemReport } from '#domain/problem'
import { listWatchedFolders } from '#ledger/watched-folder'
import { bankStatement } from '#services/bank-statement'
import { intake } from '#services/intake'
import { receipt } from '#services/receipt'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { type SeenFiles, scanFolder, watchedFolder } from '#services/watched-folder'
import { type OpiRow, opiJournal } from '../codecs/statement-opi-samples.ts'
import { CollectionOffice, causaleOf, drain, flowOf, RECEIVER } from '../services/support/collection-office.ts'
import { paSendRt } from '../services/support/receipt-files.ts'
import { BROKEN, codesNamed, FIXTURES } from './broken.ts'
import { ledgerDigest } from './ledger-digest.ts'

const REFUSED = join(FIXTURES, 'refused')
const IBAN = 'IT60X0542811101000000123456' as Iban
const OTHER = 'IT66S0999912100000000012345' as Iban
const F1 = '2026-03-02AAAAITM1XXX-0001'

/** Files of the services through which statements, flows and receipts come in. */
const INTAKE =
  /^(?:intake|flow-import|receipt|receipt-read|bank-statement|statement-.*|watched-.*|treasurer-outcomes)\.ts$/

let office: CollectionOffice
beforeEach(async () => {
  office = await CollectionOffice.open()
})
afterEach(() => office.close())

const ctx = () => ({ context: office.ctx })
const setIban = (iban: Iban | null, id = office.account) =>
  office.write((db) => db.updateTable('bankAccount').set({ iban }).where('id', '=', id).execute())
const journal = (rows: readonly OpiRow[], how: Parameters<typeof opiJournal>[1] = {}) =>
  Buffer.from(opiJournal(rows, how))

function day(on: string, amount: number, text: string, openingCents = 0, iban: string = IBAN): Uint8Array {
  const movements = [{ bookingDate: on as IsoDate, valueDate: null, amountCents: cents(amount), description: text }]
  const about = { holder: 'Ordine', iban, from: on as IsoDate, to: on as IsoDate, openingCents: cents(openingCents) }
  return writeIntesaStatement({ ...about, movements })
}

/** What a refusal says, whichever way it is told. */
async function refusalOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await work.then(
    () => null,
    (failure: unknown) => failure,
  )
  const { problems } = (error ?? {}) as { problems?: readonly Problem[] }
  return (error as { data?: { problems?: readonly Problem[] } } | null)?.data?.problems ?? problems ?? []
}

async function loading(
  files: readonly (readonly [string, Uint8Array])[],
  bankAccountId: Id<'bankAccount'> = office.account,
) {
  const [token, ...more] = await Promise.all(files.map(([name, bytes]) => office.upload(name, bytes)))
  return refusalOf(call(bankStatement.confirm, { token: token as never, more, bankAccountId }, ctx()))
}

/** What reading says without refusing. */
async function reading(content: Uint8Array, bankAccountId: Id<'bankAccount'> = office.account) {
  const token = await office.upload('estratto', content)
  const seen = await call(bankStatement.read, { token, bankAccountId }, ctx())
  return seen.problems.first
}

async function bring(name: string, content: string | Uint8Array): Promise<readonly Problem[]> {
  const token = await office.upload(name, Buffer.from(content))
  const { files } = await drain(await call(intake.import, { tokens: [token] }, ctx()))
  return files.flatMap((f: z.infer<typeof intakeFileSchema>) => f.problems)
}

async function kept(content: Uint8Array, bankAccountId: Id<'bankAccount'> = office.account) {
  const token = await office.upload('prima', content)
  await call(bankStatement.confirm, { token, bankAccountId }, ctx())
}

/** Reversale 1 of 180,00 in force. */
async function posted() {
  const a = await office.quota(18000)
  await office.importFlows(flowOf(F1, [[a.iuv, 18000]]))
  await office.loadStatement([['2026-03-03', 18000, causaleOf(F1)]])
  await office.postAll()
}
const executed = (amount: string, number: number, operation = 'ESEGUITO') =>
  journal([{ document: 'REVERSALE', number, amount, operation, sospesi: [{ number: 7, amount }] }])

async function watched(name: string, content: Uint8Array, bankAccountId: Id<'bankAccount'> | null = null) {
  const { path, token } = await office.folder('arrivi')
  const settings = { folder: token, kinds: ['flow' as const], active: true, after: 'move' as const, bankAccountId }
  await call(watchedFolder.save, { id: null, ...settings }, ctx())
  writeFileSync(join(path, name), content)
  const seen: SeenFiles = new Map()
  const look = async () => {
    const [row] = await office.ledger.read(listWatchedFolders)
    if (row) await scanFolder(office.ctx, row, seen)
  }
  await look()
  return async () => {
    await look()
    const { folders } = await call(watchedFolder.list, undefined, ctx())
    expect(readdirSync(path)).toEqual([name])
    return folders.flatMap((f) => f.waiting.flatMap((w) => w.problems))
  }
}
const saveFolder = (folder: FolderToken, id: Id<'watchedFolder'> | null = null) =>
  refusalOf(call(watchedFolder.save, { id, folder, kinds: ['flow'], active: true, after: 'keep' }, ctx()))

/** Two rows of one file that each may be the movement known already. */
async function twoWaiting() {
  const table = (rows: readonly (readonly [number, string])[]) =>
    writeBancoPostaStatement({
      ...{ holder: 'Ordine', iban: IBAN, from: '2026-03-02' as IsoDate, to: '2026-03-02' as IsoDate },
      openingCents: cents(0),
      movements: rows.map(([amount, description]) => ({
        ...{ bookingDate: '2026-03-02' as IsoDate, valueDate: '2026-03-02' as IsoDate },
        ...{ amountCents: cents(amount), description },
      })),
    })
  await kept(table([[5000, 'UNO']]))
  await kept(
    table([
      [5000, 'DUE'],
      [5000, 'TRE'],
    ]),
  )
  const { rows } = await call(bankStatement.pending, { filters: {} }, ctx())
  expect(rows).toHaveLength(2)
  return rows.map((r) => r.id)
}

interface Scene {
  /** Makes the books what they are before; what it gives is the act that is refused, or told. */
  readonly before: () => Promise<() => Promise<readonly Problem[]>>
  /** What is written of a folder looked at: its own note. */
  readonly writes?: readonly string[]
}
const scene = (act: () => Promise<readonly Problem[]>, before: () => Promise<unknown> = async () => {}): Scene => ({
  before: async () => {
    await before()
    return act
  },
})

const SCENES: Readonly<Record<string, Scene>> = {
  ACCOUNT_UNKNOWN: scene(() => loading([['a.csv', day('2026-03-13', 100, 'A')]], 999 as Id<'bankAccount'>)),
  FOLDER_UNWRITABLE: {
    before: async () => {
      const { token } = await office.folder('chiusa')
      const { check } = office.folders
      // Root writes everywhere: what the system answers is the one thing that is told.
      office.folders.check = async () => ({ ok: false, reason: 'la cartella è di sola lettura' }) as never
      return () => saveFolder(token).finally(() => Object.assign(office.folders, { check }))
    },
  },
  INSTITUTION_MISSING: scene(
    () => refusalOf(bring('f.xml', writeReportingFlow(flowOf(F1, [['47000000000000001', 18000]])))),
    () => office.write((db) => db.deleteFrom('creditorInstitution').execute()),
  ),
  INTAKE_INVENTED: {
    before: async () => {
      const { iuv } = await office.quota(18000)
      await office.write((db) => db.updateTable('creditorInstitution').set({ environment: 'production' }).execute())
      const { code: pspCode, name: psp } = INVENTED_PSPS.beta
      return async () => [
        ...(await bring(
          'flusso.xml',
          writeReportingFlow({ ...flowOf(F1, [[iuv, 18000]]), senderId: pspCode, senderName: psp }),
        )),
        ...(await bring('rt.xml', paSendRt({ iuv, cents: 18000, creditor: RECEIVER, psp, pspCode }))),
      ]
    },
  },
  INTAKE_NOT_HERE: scene(async () => {
    const token = await office.upload('banca.csv', day('2026-03-13', 100, 'A'))
    const done = await drain(await call(reportingFlow.import, { tokens: [token] }, ctx()))
    return done.files.flatMap((f: z.infer<typeof intakeFileSchema>) => f.problems)
  }),
  INTAKE_UNKNOWN: scene(() => bring('strano.xml', '<a>niente di noto</a>')),
  PENDING_GONE: {
    before: async () => {
      const [one] = await twoWaiting()
      const decide = () => call(bankStatement.decidePending, { ids: [one as never], decision: 'add' }, ctx())
      await decide()
      return () => refusalOf(decide())
    },
  },
  PENDING_SAME_TWICE: {
    before: async () => {
      const ids = await twoWaiting()
      return () => refusalOf(call(bankStatement.decidePending, { ids, decision: 'same' }, ctx()))
    },
  },
  PROFILE_GONE: scene(() =>
    refusalOf(call(bankStatement.renameProfile, { id: 99 as Id<'profile'>, name: 'Altro' }, ctx())),
  ),
  PROFILE_NAME_TAKEN: {
    before: async () => {
      for (const [name, head] of [
        ['Uno', 'Giorno;Cosa;Quanto'],
        ['Due', 'Quando;Perché;Euro'],
      ] as const) {
        const token = await office.upload(
          `${name}.csv`,
          Buffer.from(`${head}\n13/03/2026;A;-1,00\n14/03/2026;B;2,00\n`),
        )
        const { mapping } = await call(bankStatement.read, { token, bankAccountId: office.account }, ctx())
        await call(bankStatement.confirm, { token, bankAccountId: office.account, mapping, saveAs: name }, ctx())
      }
      const [first] = await call(bankStatement.profiles, undefined, ctx())
      const name = first?.name === 'Uno' ? 'Due' : 'Uno'
      return () => refusalOf(call(bankStatement.renameProfile, { id: first?.id as never, name }, ctx()))
    },
  },
  RECEIPT_CONFLICT: {
    before: async () => {
      const { iuv } = await office.quota(18000)
      await bring('rt.xml', paSendRt({ iuv, cents: 18000, creditor: RECEIVER }))
      return () => bring('altra.xml', paSendRt({ iuv, cents: 17900, creditor: RECEIVER }))
    },
  },
  RECEIPT_FOREIGN: {
    before: async () => {
      const { iuv } = await office.quota(18000)
      return () => bring('rt.xml', paSendRt({ iuv, cents: 18000, creditor: '97735020584' }))
    },
  },
  RECEIPT_GONE: scene(() => refusalOf(call(receipt.get, { id: 99 as Id<'receipt'> }, ctx()))),
  STATEMENT_ACCOUNT_OPEN: {
    before: async () => {
      await setIban(IBAN)
      const part = (iban: string) =>
        `<Stmt><Acct><Id><IBAN>${iban}</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry></Stmt>`
      const text = `<?xml version="1.0"?><Document><BkToCstmrStmt>${part(IBAN)}${part(OTHER)}</BkToCstmrStmt></Document>`
      return () => loading([['due conti.xml', Buffer.from(text)]])
    },
  },
  STATEMENT_ACCOUNT_UNSAID: scene(() => reading(day('2026-03-13', 100, 'A'))),
  STATEMENT_DATE_UNLIKELY: scene(() => loading([['a.csv', day('2062-03-13', 100, 'A')]])),
  STATEMENT_EXECUTED_ANNULLED: {
    before: async () => {
      await posted()
      await call(reversale.annul, { id: 2026000001 as Id<'reversale'>, reason: 'errore' }, ctx())
      return () => reading(executed('180.00', 1))
    },
  },
  STATEMENT_EXECUTED_BACK: scene(() => reading(executed('180.00', 1, 'STORNATO')), posted),
  STATEMENT_EXECUTED_DIFFERS: scene(() => reading(executed('179.00', 1)), posted),
  STATEMENT_EXECUTED_UNKNOWN: scene(() => reading(executed('180.00', 9)), posted),
  STATEMENT_FILES_MANY: scene(() =>
    loading([
      ['pagina-1.xml', journal([{ bolletta: 7, amount: '1.00' }], { page: 1, pages: 2 })],
      ['banca.csv', day('2026-03-13', 100, 'A')],
    ]),
  ),
  STATEMENT_NOT_FOLLOWING: scene(
    () => reading(day('2026-03-16', 100, 'B', 50000)),
    async () => {
      await setIban(IBAN)
      await kept(day('2026-03-13', 100, 'A'))
    },
  ),
  STATEMENT_OTHER_ACCOUNT: scene(
    () => loading([['a.csv', day('2026-03-13', 100, 'A')]]),
    () => setIban(OTHER),
  ),
  STATEMENT_PAGES_MISSING: scene(() =>
    loading([['pagina-1.xml', journal([{ bolletta: 7, amount: '1.00' }], { page: 1, pages: 3 })]]),
  ),
  STATEMENT_PAGES_OPEN: scene(() =>
    loading([
      [
        'pagina-2.xml',
        Buffer.from(
          '<?xml version="1.0"?><Document><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><MsgPgntn><PgNb>2</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr><Stmt><Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>',
        ),
      ],
    ]),
  ),
  STATEMENT_PAGE_TWICE: scene(() => {
    const one = journal([{ bolletta: 7, amount: '1.00' }], { page: 1, pages: 1 + 1 })
    return loading([
      ['pagina-1.xml', one],
      ['copia.xml', one],
    ])
  }),
  STATEMENT_PROVVISORIO_TAKEN: scene(
    () => reading(journal([{ bolletta: 7, amount: '2.00', causale: 'ALTRO' }])),
    () => kept(journal([{ bolletta: 7, amount: '1.00' }])),
  ),
  STATEMENT_PROVVISORIO_YEAR: scene(
    () => reading(journal([{ bolletta: 7, amount: '2.00' }])),
    () => office.write((db) => db.deleteFrom('exercise').where('year', '=', 2026).execute()),
  ),
  WATCHED_FILE_UNREADABLE: {
    before: async () => {
      const act = await watched('chiuso.csv', day('2026-03-13', 100, 'A'))
      office.folders.read = async () => {
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' })
      }
      return act
    },
    writes: ['watchedFolder'],
  },
  WATCHED_FOLDER_GONE: {
    before: async () => {
      const { token } = await office.folder('arrivi')
      return () => saveFolder(token, 99 as Id<'watchedFolder'>)
    },
  },
  WATCHED_FOLDER_TAKEN: {
    before: async () => {
      const { token } = await office.folder('arrivi')
      await saveFolder(token)
      return () => saveFolder(token)
    },
  },
  WATCHED_STATEMENT_ACCOUNT: {
    before: () =>
      watched('lista.csv', Buffer.from('Data;Descrizione;Importo\n13/03/2026;A;100,00\n14/03/2026;B;-1,00\n')),
    writes: ['watchedFolder'],
  },
  WATCHED_STATEMENT_OTHERS: {
    before: () => watched('estratto.csv', day('2026-03-13', 100, 'A')),
    writes: ['watchedFolder'],
  },
}

/** Of the writes that a look at a folder makes: what it found, written beside the folder. */
const OF_A_LOOK = ['journalEntry', 'revision']

describe('each code of the services that take files in has its scene and its exact text', () => {
  it('no code is without its scene, no scene without its code', () => {
    const ofFiles = new Set(readdirSync(BROKEN))
    const codes = codesNamed('services', (file) => INTAKE.test(file)).filter((code) => !ofFiles.has(code))
    expect(Object.keys(SCENES).toSorted()).toEqual(codes)
    expect(
      readdirSync(REFUSED)
        .map((name) => name.replace(/\.txt$/, ''))
        .toSorted(),
    ).toEqual(codes)
  })

  it.each(Object.entries(SCENES))('%s', async (code, { before, writes = [] }) => {
    const act = await before()
    const without = writes.length === 0 ? [] : [...writes, ...OF_A_LOOK]
    const books = await ledgerDigest(office.ledger, without)
    const problems = await act()
    expect(problems.map((p) => p.code)).toContain(code)
    // Refused or only told: nothing was written.
    expect(await ledgerDigest(office.ledger, without)).toEqual(books)
    const expected = join(REFUSED, `${code}.txt`)
    const text = `${problems.map(problemReport).join('\n\n')}\n`
    if (process.env.GALLERY_UPDATE === '1') {
      if (!existsSync(REFUSED)) mkdirSync(REFUSED)
      writeFileSync(expected, text)
    }
    expect(text).toBe(readFileSync(expected, 'utf8'))
  })
})
