import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '@orpc/server'
import pg from 'pg'
import { type WritableFlow, writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { checkLetter, type FiscalCode } from '#domain/fiscal-code'
import { mod97 } from '#domain/iban'
import { type Cents, cents, sum } from '#domain/money'
import { checkDigitsOf, type Iuv, type NoticeNumber } from '#domain/notice-number'
import type { FileToken } from '#domain/ports'
import { type LocalFolders, localFolders } from '#gateways/folder-local'
import { FolderTokens } from '#gateways/folder-token'
import { type HostFiles, openFiles } from '#hosts/files'
import { seededRandom } from '#hosts/random'
import { checkEquations } from '#ledger/balances'
import type { Ledger, LedgerTarget, WriteHandle } from '#ledger/ledger'
import { nextNumber } from '#ledger/numbering'
import { openLedger } from '#ledger/open-ledger'
import { bankStatement } from '#services/bank-statement'
import type { ServiceContext } from '#services/context'
import { RESTING_PUBLISHER } from '#services/node-publish/publisher-port'
import { RESTING_OUTBOX } from '#services/outbox/outbox-port'
import { openPaperPress } from '#services/paper-press'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { FakeClock, silentLog } from '../../ledger/support/fake-clock.ts'

const PAPER_WORKER = new URL('../../../src-main/services/paper-worker.ts', import.meta.url)

export const RECEIVER = '80012345678'
export const SEGREGATION = '47'

export interface Debt {
  readonly accertamentoId: Id<'accertamento'>
  readonly cents: number
}

export interface Position {
  readonly id: Id<'debtPosition'>
  readonly iuvs: readonly string[]
}

/** An office of invented people on a real ledger in a temporary folder, with the services of collection. */
export class CollectionOffice {
  readonly ledger: Ledger
  readonly files: HostFiles
  readonly clock: FakeClock
  readonly folders: LocalFolders
  readonly ctx: ServiceContext
  readonly #folder: string
  account = 0 as Id<'bankAccount'>
  quote = 0 as Id<'capitolo'>
  diritti = 0 as Id<'capitolo'>
  service = 0 as Id<'serviceType'>
  #people = 0
  #base = 1_900_000_000_000

  private constructor(ledger: Ledger, files: HostFiles, clock: FakeClock, folder: string) {
    this.ledger = ledger
    this.files = files
    this.clock = clock
    this.#folder = folder
    this.folders = localFolders([{ name: 'Prova', path: folder }], new FolderTokens(new Uint8Array(32)))
    this.ctx = {
      ledger,
      clock,
      files,
      random: seededRandom(1),
      log: silentLog,
      operator: 'Segreteria',
      version: '0.0.0',
      secrets: undefined as never,
      folders: this.folders,
      mail: undefined as never,
      mailbox: undefined as never,
      fileServers: undefined as never,
      io: undefined as never,
      node: undefined as never,
      nodeCalls: undefined as never,
      rehearsalNode: null,
      nodePublisher: RESTING_PUBLISHER,
      outbox: RESTING_OUTBOX,
      archiveMark: null as never,
      press: openPaperPress(PAPER_WORKER, silentLog),
    }
  }

  static open(): Promise<CollectionOffice> {
    return CollectionOffice.#openOn((folder) => ({ engine: 'sqlite', file: join(folder, 'ordine.quietanza') }))
  }

  /** On a schema of its own of a PostgreSQL server, dropped when the office closes. */
  static openOnServer(url: string): Promise<CollectionOffice> {
    serial += 1
    const schema = `o_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
    return CollectionOffice.#openOn(() => ({ engine: 'postgres', url, schema, clock: 'program' }))
  }

  static async #openOn(targetIn: (folder: string) => LedgerTarget): Promise<CollectionOffice> {
    const folder = mkdtempSync(join(tmpdir(), 'quietanza-collection-'))
    const clock = new FakeClock('2026-03-15T08:00:00.000Z')
    const ledger = await openLedger(targetIn(folder), { clock, log: silentLog })
    const office = new CollectionOffice(ledger, await openFiles(undefined, folder, seededRandom(2)), clock, folder)
    await office.#setUp()
    return office
  }

  /** A new empty folder that the person may choose, and its place on disk. */
  async folder(name: string) {
    const path = join(this.#folder, name)
    mkdirSync(path)
    return { path, token: await this.folders.tokenOf(path) }
  }

  async close(): Promise<void> {
    const { target } = this.ledger
    await this.ledger.close()
    if (target.engine === 'postgres') await dropSchema(target.url, target.schema as string)
    await this.ctx.press.close()
    this.files.dispose()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  write<T>(fn: (db: WriteHandle) => Promise<T>): Promise<T> {
    const { operator } = this.ctx
    return this.ledger.write({ command: 'test', operator, payload: {}, at: this.clock.now() }, fn)
  }

  /** Breaches of E1–E11; the books must hold after every step. */
  equations(): Promise<string[]> {
    return this.ledger.read(checkEquations)
  }

  #setUp(): Promise<void> {
    return this.write(async (db) => {
      await db
        .insertInto('creditorInstitution')
        .values({
          id: 1 as Id<'creditorInstitution'>,
          fiscalCode: RECEIVER as FiscalCode,
          name: 'Ordine dei Cartografi di Vallombra',
          office: null,
          cbill: null,
          logoBase64: null,
          info: null,
          environment: 'rehearsal',
        })
        .execute()
      await db
        .insertInto('segregationCode')
        .values({ code: SEGREGATION as never, validFrom: '2020-01-01' as IsoDate, validTo: null, use: 'issue' })
        .execute()
      for (const [year, state] of [
        [2025, 'historical'],
        [2026, 'open'],
        [2027, 'open'],
      ] as const) {
        await db.insertInto('exercise').values({ year, state }).execute()
      }
      this.account = await this.addAccount(db, 'Banca di Vallombra', 'bank')
      this.quote = await capitolo(db, '01.01', 'Quote')
      this.diritti = await capitolo(db, '01.02', 'Diritti')
      const service = await db
        .insertInto('serviceType')
        .values({
          name: 'Quota annuale',
          taxonomyCode: '9/0101100IM/',
          capitoloId: this.quote,
          bankAccountId: this.account,
          defaultCausale: 'Quota',
          dueRuleJson: null,
          moraRuleJson: null,
          active: 1,
        } as never)
        .returning('id')
        .executeTakeFirstOrThrow()
      this.service = service.id
    })
  }

  async addAccount(
    db: WriteHandle,
    name: string,
    kind: 'bank' | 'postal' | 'treasury' | 'cash',
  ): Promise<Id<'bankAccount'>> {
    const row = await db
      .insertInto('bankAccount')
      .values({
        iban: null,
        postalAccount: null,
        kind,
        name,
        openingDate: null,
        openingCents: cents(0),
        closedDate: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return row.id
  }

  async #person(db: WriteHandle): Promise<Id<'person'>> {
    this.#people += 1
    const name = `Persona ${String(this.#people).padStart(3, '0')}`
    const person = await db
      .insertInto('person')
      .values({
        kind: 'F',
        fiscalCode: null,
        vatNumber: null,
        name,
        category: 'professionista',
        mergedIntoId: null,
        searchKey: name.toLowerCase(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return person.id
  }

  /** Raises an accertamento on a person of its own, or on the one who owes that other. */
  raise(
    amount: number,
    options: {
      exercise?: number
      capitoloId?: Id<'capitolo'>
      sameAs?: Id<'accertamento'>
      externalReference?: string
    } = {},
  ): Promise<Id<'accertamento'>> {
    return this.write(async (db) => {
      const { sameAs } = options
      const personId =
        sameAs === undefined
          ? await this.#person(db)
          : (await db.selectFrom('accertamento').select('personId').where('id', '=', sameAs).executeTakeFirstOrThrow())
              .personId
      const exercise = options.exercise ?? 2026
      const row = await db
        .insertInto('accertamento')
        .values({
          exercise,
          number: await nextNumber(db, 'accertamento', exercise),
          date: `${exercise}-02-02` as IsoDate,
          capitoloId: options.capitoloId ?? this.quote,
          personId,
          serviceTypeId: this.service,
          competenceYear: exercise,
          causale: `Quota ${exercise}`,
          assessedCents: cents(amount),
          dueDate: null,
          externalReference: options.externalReference ?? null,
          importRowId: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    })
  }

  /** Issues a position: `options` are lists of installments, each the debts that it asks; `apart`: a transfer for each. */
  issue(options: {
    readonly apart?: boolean
    readonly single?: readonly Debt[]
    readonly plan?: readonly (readonly Debt[])[]
  }): Promise<Position> {
    return this.write(async (db) => {
      const first = options.single?.[0] ?? options.plan?.[0]?.[0]
      const owner = await db
        .selectFrom('accertamento')
        .select('personId')
        .where('id', '=', (first as Debt).accertamentoId)
        .executeTakeFirstOrThrow()
      const position = await db
        .insertInto('debtPosition')
        .values({
          personId: owner.personId,
          issuanceId: null,
          lifecycle: 'issued',
          currentVersion: 1,
          payment: 'unpaid',
          nodeState: null,
          syncState: 'none',
          cancelledAt: null,
          cancelReason: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await db
        .insertInto('debtPositionVersion')
        .values({
          debtPositionId: position.id,
          version: 1,
          iupd: `iupd-${position.id}`,
          reason: 'emissione',
          createdAt: this.clock.now(),
        })
        .execute()
      const iuvs: string[] = []
      const plans = [
        ...(options.single ? [{ kind: 'single' as const, installments: [options.single] }] : []),
        ...(options.plan ? [{ kind: 'plan' as const, installments: options.plan }] : []),
      ]
      for (const { kind, installments } of plans) {
        const option = await db
          .insertInto('paymentOption')
          .values({ debtPositionId: position.id, version: 1, kind, description: 'Quota' })
          .returning('id')
          .executeTakeFirstOrThrow()
        for (const [index, debts] of installments.entries()) {
          const iuv = await this.#assign(db, position.id)
          iuvs.push(iuv)
          const total = sum(debts.map((d) => cents(d.cents)))
          const installment = await db
            .insertInto('installment')
            .values({
              paymentOptionId: option.id,
              ordinal: index + 1,
              iuv: iuv as Iuv,
              cents: total,
              dueDate: null,
              description: 'Quota',
            })
            .returning('id')
            .executeTakeFirstOrThrow()
          for (const [place, of] of (options.apart ? debts.map((d) => [d]) : [debts]).entries()) {
            const transfer = await db
              .insertInto('transfer')
              .values({
                installmentId: installment.id,
                idTransfer: place + 1,
                cents: sum(of.map((d) => cents(d.cents))),
                own: 1,
                stamp: 0,
                fiscalCode: RECEIVER as FiscalCode,
                iban: null,
                taxonomyCode: '9/0101100IM/',
                remittance: 'Quota',
              })
              .returning('id')
              .executeTakeFirstOrThrow()
            await db
              .insertInto('allocation')
              .values(
                of.map((d, i) => ({
                  transferId: transfer.id,
                  ordinal: i + 1,
                  accertamentoId: d.accertamentoId,
                  cents: cents(d.cents),
                })),
              )
              .execute()
          }
        }
      }
      return { id: position.id, iuvs }
    })
  }

  async #assign(db: WriteHandle, debtPositionId: Id<'debtPosition'>): Promise<string> {
    this.#base += 1
    const first16 = `3${SEGREGATION}${this.#base}`
    const noticeNumber = `${first16}${checkDigitsOf(first16)}`
    const iuv = noticeNumber.slice(1)
    await db
      .insertInto('iuvAssignment')
      .values({
        iuv: iuv as Iuv,
        noticeNumber: noticeNumber as NoticeNumber,
        base: this.#base,
        origin: 'own',
        debtPositionId,
        at: this.clock.now(),
      })
      .execute()
    return iuv
  }

  /** A debt of its own person with a single notice. */
  async quota(
    amount: number,
    options: { exercise?: number; capitoloId?: Id<'capitolo'>; externalReference?: string } = {},
  ) {
    const accertamentoId = await this.raise(amount, options)
    const position = await this.issue({ single: [{ accertamentoId, cents: amount }] })
    return { accertamentoId, positionId: position.id, iuv: position.iuvs[0] as string }
  }

  async upload(name: string, bytes: Uint8Array): Promise<FileToken> {
    const writer = await this.files.create(name, 'application/octet-stream')
    await writer.write(bytes)
    return writer.commit()
  }

  async importFlows(...flows: readonly WritableFlow[]) {
    const tokens = await Promise.all(flows.map((f) => this.upload(`${f.flowId}.xml`, writeReportingFlow(f))))
    return drain(await call(reportingFlow.import, { tokens }, { context: this.ctx }))
  }

  /** Loads a statement of BancoPosta's form; rows are [booking date, cents, causale]. */
  async loadStatement(rows: readonly (readonly [string, number, string])[], bankAccountId = this.account) {
    const days = rows.map((r) => r[0]).sort()
    const bytes = writeBancoPostaStatement({
      holder: 'Ordine dei Cartografi di Vallombra',
      iban: ibanOf(bankAccountId),
      from: days[0] as IsoDate,
      to: days.at(-1) as IsoDate,
      openingCents: cents(0),
      movements: rows.map(([day, amount, description]) => ({
        bookingDate: day as IsoDate,
        valueDate: day as IsoDate,
        amountCents: cents(amount),
        description,
      })),
    })
    const token = await this.upload('estratto.csv', bytes)
    return call(bankStatement.confirm, { token, bankAccountId, mapping: null }, { context: this.ctx })
  }

  ready() {
    return call(reversale.ready, { statementId: null, bankAccountId: null }, { context: this.ctx })
  }

  /** Posts all that is ready, late credits of these closed exercises too; null when nothing is. */
  async postAll(agreedLate: number[] = []) {
    const ready = await this.ready()
    if (ready.drafts.length === 0) return null
    return drain(
      await call(
        reversale.post,
        {
          scope: { statementId: null, bankAccountId: null },
          keys: ready.drafts.map((d) => d.key),
          changes: {},
          expectedCents: ready.totals.cents,
          agreedLate,
        },
        { context: this.ctx },
      ),
    )
  }

  /** Reversali in force as «number: cents», and annulled ones as «number: annulled». */
  async reversali(exercise = 2026): Promise<string[]> {
    const list = await call(reversale.list, { filters: { exercise }, limit: 500 }, { context: this.ctx })
    return list.rows.map((r) => `${r.number}: ${r.state === 'annulled' ? 'annullata' : r.cents}`)
  }
}

async function dropSchema(url: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`DROP SCHEMA "${schema}" CASCADE`).finally(() => client.end())
}

/** Each account's own, so that a statement of one is not taken for another's. */
function ibanOf(account: Id<'bankAccount'>): string {
  const rest = `0542811101000000${String(account + 123_455).padStart(6, '0')}`
  const bban = `${checkLetter(rest)}${rest}`
  const check = 98 - mod97(`${bban}IT00`)
  return `IT${String(check).padStart(2, '0')}${bban}`
}

async function capitolo(db: WriteHandle, code: string, name: string): Promise<Id<'capitolo'>> {
  const row = await db
    .insertInto('capitolo')
    .values({ code, name, kind: 'entrata' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Runs long work to its end. */
export async function drain<T>(work: AsyncIterator<unknown, T, void>): Promise<T> {
  for (;;) {
    const step = await work.next()
    if (step.done) return step.value as T
  }
}

let serial = 0

/** A flow of an invented PSP; rows are [iuv, cents] or [iuv, cents, outcome]. */
export function flowOf(
  flowId: string,
  rows: readonly (readonly [iuv: string, cents: number, outcome?: string])[],
  options: { readonly dateTime?: string; readonly regulationDate?: string; readonly receiver?: string } = {},
): WritableFlow {
  const regulationDate = (options.regulationDate ?? flowId.slice(0, 10)) as IsoDate
  serial += 1
  return {
    flowId,
    flowDateTime: options.dateTime ?? `${regulationDate}T09:00:00`,
    regulationId: `TRN${serial}`,
    regulationDate,
    senderType: 'B',
    senderId: 'AAAAITM1XXX',
    senderName: 'PSP Alfa',
    bic: null,
    receiverFiscalCode: options.receiver ?? RECEIVER,
    receiverName: null,
    rows: rows.map(([iuv, amount, outcome = '0']) => ({
      iuv,
      iur: `IUR${iuv}`,
      index: 1,
      amountCents: cents(amount) as Cents,
      outcome,
      outcomeDate: regulationDate,
    })),
  }
}

/** The causale of a bank that writes the whole id. */
export function causaleOf(flowId: string): string {
  return `BONIFICO A VOSTRO FAVORE /PUR/LGPE-RIVERSAMENTO/URI/${flowId}`
}
