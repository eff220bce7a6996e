import { createHash } from 'node:crypto'
import { createRouterClient } from '@orpc/server'
import { readFlow } from '#codecs/flow-read'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import type { Id } from '#domain/brand'
import { addDays, type IsoDate, isoDate } from '#domain/date'
import { checkLetter, type FiscalCode } from '#domain/fiscal-code'
import { mod97 } from '#domain/iban'
import { cents, formatDecimal, sum } from '#domain/money'
import { composeNoticeNumber } from '#domain/notice-number'
import type { FlowVersionEvidence, PayableInstallment, ReceiptEvidence } from '#domain/reconcile-evidence'
import { flowFactsText } from '#domain/reporting-flow'
import { nextNumber } from '#ledger/numbering'
import type { Act } from '#services/act'
import { reconcileLedger } from '#services/reconcile-ledger'
import { router } from '#services/router'
import { RECEIVER as MEMORY_RECEIVER } from '../domain/reconcile-books.ts'
import { CollectionOffice, drain, RECEIVER } from '../services/support/collection-office.ts'
import { paSendRt } from '../services/support/receipt-files.ts'
import {
  type Arrival,
  CASH_ACCOUNT,
  type Cash,
  type Happening,
  type SaidDecision,
  SEGREGATION,
  type YearDebt,
  type YearMovement,
} from './office-year.ts'

type Decided = {
  readonly decisionIds: readonly Id<'decision'>[]
  readonly revocations: readonly Id<'decision'>[] | null
}
type HowMuch = (n: number) => number

/** Codes of the problems with which an act was refused. */
export function refusalOf(error: unknown): string {
  const { code, data } = error as { code?: string; data?: { problems?: { code: string }[] } }
  if (code !== 'PROBLEM') throw error
  return data?.problems?.map((problem) => problem.code).join(',') ?? ''
}

/** The same year on a real ledger, by the procedures that the pages call, from files as they come. */
export class OfficeOnLedger {
  readonly office: CollectionOffice
  readonly client
  readonly #year: readonly YearMovement[]
  readonly #accounts = new Map<number, Id<'bankAccount'>>()
  readonly #capitoli = new Map<number, Id<'capitolo'>>()
  readonly #people = new Map<number, Id<'person'>>()
  readonly #debts = new Map<number, Id<'accertamento'>>()
  readonly #positions = new Map<number, Id<'debtPosition'>>()
  readonly #installments = new Map<number, PayableInstallment[]>()
  readonly #movements = new Map<number, Id<'bankMovement'>>()
  readonly #hashes = new Map<string, string>()
  /** What is decided and stands, by the decision's number in the year. */
  readonly #standing = new Map<number, Decided>()
  /** Taken back, and by what: «ripeti» is possible. */
  readonly #back = new Map<string, Decided>()
  /** What the year wants decided. */
  readonly wanted = new Map<number, Happening>()
  readonly refused = new Map<string, number>()

  private constructor(office: CollectionOffice, arrivals: readonly Arrival[]) {
    this.office = office
    this.client = createRouterClient(router, { context: office.ctx })
    this.#year = arrivals.flatMap((a) => (a.what.kind === 'movement' ? [a.what.movement] : []))
  }

  static async open(arrivals: readonly Arrival[]): Promise<OfficeOnLedger> {
    const office = await CollectionOffice.open()
    // The whole year is told in January: 2026 and 2027 are both open.
    office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
    const on = new OfficeOnLedger(office, arrivals)
    await on.#setUp()
    return on
  }

  #setUp(): Promise<void> {
    const { office } = this
    return office.write(async (db) => {
      await db
        .insertInto('segregationCode')
        .values({ code: SEGREGATION, validFrom: isoDate('2020-01-01'), validTo: null, use: 'readOnly' })
        .execute()
      this.#accounts.set(1, office.account)
      this.#accounts.set(2, await office.addAccount(db, 'Conto postale', 'postal'))
      this.#accounts.set(CASH_ACCOUNT, await office.addAccount(db, 'Cassa', 'cash'))
      this.#capitoli.set(1, office.quote)
      this.#capitoli.set(2, office.diritti)
      const back = await db
        .insertInto('capitolo')
        .values({ code: '09.01', name: 'Somme da restituire', kind: 'partitaDiGiro' })
        .returning('id')
        .executeTakeFirstOrThrow()
      this.#capitoli.set(9, back.id)
    })
  }

  close(): Promise<void> {
    return this.office.close()
  }

  /** @throws what is no refusal in words; a decision refused stays wanted. */
  async live(what: Happening, dice: HowMuch): Promise<void> {
    this.office.clock.ms += 60_000
    switch (what.kind) {
      case 'requireReceipt':
        return this.#rules({ requireReceipt: true })
      case 'accertamento':
        return this.#raise(what.debt)
      case 'position':
        return this.#position(what.positionId, what.version, what.installments)
      case 'movement':
        return this.#movement(what.movement, dice)
      case 'flow':
        return this.#flow(what.version)
      case 'receipt':
        return this.#receipt(what.receipt)
      case 'decision':
      case 'cash':
        this.wanted.set(what.decisionId, what)
        return this.decide(what.decisionId, { annul: dice(2) === 0, again: dice(2) === 0 })
      case 'revocation':
      case 'cashBack': {
        await this.undo(what.of)
        this.wanted.delete(what.of)
        return
      }
    }
  }

  async #rules(change: { requireReceipt?: boolean; reversaleGrouping?: 'flow' | 'payer' | 'day' }): Promise<void> {
    await this.client.bookRule.save({ ...(await this.client.bookRule.get()), ...change })
  }

  grouping(how: 'flow' | 'payer' | 'day'): Promise<void> {
    return this.#rules({ reversaleGrouping: how })
  }

  #raise(debt: YearDebt): Promise<void> {
    const { office } = this
    return office.write(async (db) => {
      const personId =
        this.#people.get(debt.person) ??
        (
          await db
            .insertInto('person')
            .values({
              ...{ kind: 'F', fiscalCode: null, vatNumber: null, name: `Persona ${debt.person}` },
              ...{ category: 'professionista', mergedIntoId: null, searchKey: `persona ${debt.person}` },
            })
            .returning('id')
            .executeTakeFirstOrThrow()
        ).id
      this.#people.set(debt.person, personId)
      const row = await db
        .insertInto('accertamento')
        .values({
          ...{ exercise: debt.exercise, number: await nextNumber(db, 'accertamento', debt.exercise), personId },
          date: isoDate(`${debt.exercise}-02-02`),
          capitoloId: this.#capitoli.get(debt.capitoloId) as Id<'capitolo'>,
          ...{ serviceTypeId: office.service, competenceYear: debt.exercise, causale: `Quota ${debt.id}` },
          // Debts of one person are told apart by their due date: their numbers follow the order of arrival.
          dueDate: isoDate(`${debt.exercise}-03-1${debt.id % 10}`),
          ...{ assessedCents: cents(debt.cents), externalReference: null, importRowId: null },
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      this.#debts.set(debt.id, row.id)
      await reconcileLedger(db, office.clock.now())
    })
  }

  /** The first version, or one more that says all the notices again, some of them changed. */
  #position(key: number, version: number, changed: readonly PayableInstallment[]): Promise<void> {
    const { office } = this
    const all = new Map((this.#installments.get(key) ?? []).map((i) => [i.iuv, i]))
    for (const i of changed) all.set(i.iuv, i)
    this.#installments.set(key, [...all.values()])
    return office.write(async (db) => {
      const at = office.clock.now()
      let debtPositionId = this.#positions.get(key)
      if (debtPositionId === undefined) {
        const cancelled = changed.some((i) => i.cancelled)
        const row = await db
          .insertInto('debtPosition')
          .values({
            ...{ personId: this.#people.get(key) as Id<'person'>, issuanceId: null, currentVersion: 1 },
            ...{ lifecycle: cancelled ? 'cancelled' : 'issued', payment: 'unpaid', nodeState: null, syncState: 'none' },
            ...{ cancelledAt: cancelled ? at : null, cancelReason: cancelled ? 'prova' : null },
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        debtPositionId = row.id
        this.#positions.set(key, row.id)
        for (const { iuv } of changed) {
          const base = Number(iuv.slice(2, 15))
          const { noticeNumber } = composeNoticeNumber(SEGREGATION, base)
          const assignment = { iuv: iuv as never, noticeNumber, base, origin: 'own' as const, debtPositionId, at }
          await db.insertInto('iuvAssignment').values(assignment).execute()
        }
      }
      await db
        .insertInto('debtPositionVersion')
        .values({ debtPositionId, version, iupd: `iupd-${key}`, reason: 'emissione', createdAt: at })
        .execute()
      const asked = [...all.values()].filter((i) => !i.replaced)
      for (const [kind, of] of Map.groupBy(asked, (i) => i.option)) {
        const option = await db
          .insertInto('paymentOption')
          .values({ debtPositionId, version, kind, description: 'Quota' })
          .returning('id')
          .executeTakeFirstOrThrow()
        for (const [index, { iuv, transfers }] of of.entries()) {
          const total = sum(transfers.map((t) => t.cents))
          const installment = await db
            .insertInto('installment')
            .values({
              ...{ paymentOptionId: option.id, ordinal: index + 1, iuv: iuv as never, cents: total },
              ...{ dueDate: null, description: 'Quota' },
            })
            .returning('id')
            .executeTakeFirstOrThrow()
          for (const t of transfers) {
            const transfer = await db
              .insertInto('transfer')
              .values({
                ...{ installmentId: installment.id, idTransfer: t.idTransfer, cents: t.cents },
                ...{ own: t.own ? 1 : 0, stamp: t.stamp ? 1 : 0, iban: null, remittance: 'Quota' },
                fiscalCode: (t.own ? RECEIVER : '80011111110') as FiscalCode,
                taxonomyCode: '9/0101100IM/',
              })
              .returning('id')
              .executeTakeFirstOrThrow()
            const allocations = t.allocations.map((a, i) => ({
              ...{ transferId: transfer.id, ordinal: i + 1, cents: a.cents },
              accertamentoId: this.#debts.get(a.accertamentoId) as Id<'accertamento'>,
            }))
            if (allocations.length > 0) await db.insertInto('allocation').values(allocations).execute()
          }
        }
      }
      if (version > 1) {
        const cancelled = asked.some((i) => i.cancelled)
        const life = { lifecycle: cancelled ? ('cancelled' as const) : ('issued' as const) }
        const when = { cancelledAt: cancelled ? at : null, cancelReason: cancelled ? 'prova' : null }
        await db
          .updateTable('debtPosition')
          .set({ currentVersion: version, ...life, ...when })
          .where('id', '=', debtPositionId)
          .execute()
      }
      await reconcileLedger(db, at)
    })
  }

  /** A statement of some days about it, whole: it overlaps others and brings more than what was waited for. */
  async #movement(wanted: YearMovement, dice: HowMuch): Promise<void> {
    if (this.#movements.has(wanted.movementId)) return
    if (wanted.stornoOf !== null) return this.#named(wanted)
    const from = addDays(wanted.date, -dice(20))
    const to = addDays(wanted.date, dice(20))
    const rows = this.#year.filter(
      (m) => m.account === wanted.account && m.date >= from && m.date <= to && m.stornoOf === null,
    )
    await this.#statement(wanted.account, from, to, rows)
  }

  async #statement(account: number, from: IsoDate, to: IsoDate, rows: readonly YearMovement[]): Promise<void> {
    const { office } = this
    const bankAccountId = this.#accounts.get(account) as Id<'bankAccount'>
    const sorted = [...rows].sort((a, b) =>
      a.date === b.date ? a.movementId - b.movementId : a.date < b.date ? -1 : 1,
    )
    const bytes = writeBancoPostaStatement({
      ...{ holder: 'Ordine dei Cartografi di Vallombra', iban: ibanOf(account), from, to, openingCents: cents(0) },
      movements: sorted.map((m) => ({
        ...{ bookingDate: m.date, valueDate: m.date, amountCents: cents(m.cents), description: m.text },
      })),
    })
    const token = await office.upload('estratto.csv', bytes)
    const read = await this.client.bankStatement.read({ token, bankAccountId })
    const done = await this.client.bankStatement.confirm({ token, bankAccountId, mapping: read.mapping })
    if (done.added !== read.added || done.already !== read.already) throw new Error('a statement read in two ways')
    if (done.pending > 0) {
      const pending = await this.client.bankStatement.pending({ filters: {}, limit: 500 })
      await this.client.bankStatement.decidePending({ ids: pending.rows.map((r) => r.id), decision: 'add' })
    }
    const known = await this.#stored(bankAccountId)
    const places = (m: { date: string; cents: number; text: string }) => `${m.date}|${m.cents}|${m.text}`
    const stored = Map.groupBy(known, places)
    for (const [place, of] of Map.groupBy(sorted, places)) {
      const ids = stored.get(place)?.map((m) => m.id) ?? []
      if (ids.length !== of.length) throw new Error(`${of.length} movements «${place}» are ${ids.length} in the ledger`)
      for (const [i, m] of of.entries()) this.#movements.set(m.movementId, ids[i] as Id<'bankMovement'>)
    }
  }

  async #stored(bankAccountId: Id<'bankAccount'>) {
    const rows = await this.office.ledger.read((db) =>
      db
        .selectFrom('bankMovement')
        .select(['id', 'bookingDate as date', 'cents', 'description as text'])
        .where('bankAccountId', '=', bankAccountId)
        .where('stornoOfId', 'is', null)
        .orderBy('id')
        .execute(),
    )
    return rows
  }

  /** A debit of which the bank itself names the credit, as a treasurer's file does. */
  #named(m: YearMovement): Promise<void> {
    const { office } = this
    return office.write(async (db) => {
      const row = await db
        .insertInto('bankMovement')
        .values({
          ...{ bankAccountId: this.#accounts.get(m.account) as Id<'bankAccount'>, bankStatementId: null },
          ...{ bookingDate: m.date, valueDate: null, cents: cents(m.cents), description: m.text, bankReference: null },
          fingerprint: createHash('sha256').update(`${m.date}|${m.movementId}`).digest('hex'),
          ...{ counterparty: null, endToEndId: null, transactionCode: null },
          stornoOfId: this.#movements.get(m.stornoOf as number) as Id<'bankMovement'>,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      this.#movements.set(m.movementId, row.id)
      await reconcileLedger(db, office.clock.now())
    })
  }

  async #flow(v: FlowVersionEvidence): Promise<void> {
    const right = sum(v.rows.map((r) => (r.outcome === '3' ? cents(-r.cents) : r.cents)))
    const written = new TextDecoder()
      .decode(
        writeReportingFlow({
          ...{ flowId: v.flowId, flowDateTime: v.flowDateTime.slice(0, 19), regulationId: v.regulationId },
          ...{ regulationDate: v.regulationDate, senderType: 'B', senderId: v.pspCode, senderName: null, bic: null },
          ...{ receiverFiscalCode: RECEIVER, receiverName: null },
          rows: v.rows.map((r) => ({
            ...{ iuv: r.iuv, iur: r.iur, index: r.idTransfer, amountCents: r.cents },
            ...{ outcome: r.outcome, outcomeDate: r.outcomeDate },
          })),
        }),
      )
      .replace(
        `<importoTotalePagamenti>${formatDecimal(right)}<`,
        `<importoTotalePagamenti>${formatDecimal(v.declaredCents ?? right)}<`,
      )
      .replace(`<numeroTotalePagamenti>${v.rows.length}<`, `<numeroTotalePagamenti>${v.declaredCount}<`)
    const bytes = new TextEncoder().encode(written)
    const token = await this.office.upload(`${v.flowId}.xml`, bytes)
    const done = await drain(await this.client.reportingFlow.import({ tokens: [token] }))
    if (done.refused > 0) throw new Error(`flow ${v.flowId} refused: ${JSON.stringify(done)}`)
    const { flow } = await readFlow(bytes)
    this.#hashes.set(v.contentHash, createHash('sha256').update(flowFactsText(flow)).digest('hex'))
  }

  async #receipt(r: ReceiptEvidence): Promise<void> {
    const xml = paSendRt({
      ...{ iuv: r.iuv, iur: r.iur, cents: r.cents, paidAt: r.paidAt, creditor: RECEIVER },
      transfers: r.transfers.map((t) => [t.fiscalCode === MEMORY_RECEIVER ? RECEIVER : t.fiscalCode, t.cents] as const),
    })
    const token = await this.office.upload(`${r.iuv}.xml`, new TextEncoder().encode(xml))
    const { files } = await drain(await this.client.intake.import({ tokens: [token] }))
    if (files[0]?.outcome !== 'added') throw new Error(`receipt refused: ${JSON.stringify(files)}`)
  }

  standing(): number[] {
    return [...this.#standing.keys()]
  }

  /** Taken back in the year, but it could not be then. */
  unwanted(): number[] {
    return this.standing().filter((id) => !this.wanted.has(id))
  }

  missing(): number[] {
    return [...this.wanted.keys()].filter((id) => !this.#standing.has(id))
  }

  /** Takes what the year wants, anew or by taking its revocation back; refused it stays wanted. */
  async decide(id: number, how: { readonly annul: boolean; readonly again: boolean }): Promise<void> {
    const what = this.wanted.get(id)
    if (!what || (what.kind !== 'decision' && what.kind !== 'cash') || this.#standing.has(id)) return
    const effect = what.kind === 'cash' || what.excess
    const key = JSON.stringify(what.kind === 'cash' ? what.cash.document : what.said)
    const back = this.#back.get(key)
    this.office.clock.ms += 1000
    try {
      if (how.again && !effect && back?.revocations) {
        await this.client.reconciliation.undo({
          decisionIds: [...back.revocations],
          reason: 'ripeti',
          annul: how.annul,
        })
        this.#standing.set(id, { ...back, revocations: null })
        this.#back.delete(key)
        return
      }
      const act = what.kind === 'cash' ? this.#cash(what.cash) : await this.#act(what.said, what.excess)
      const { decisionIds } = await this.client.reconciliation.decide({
        acts: [act],
        reason: 'prova',
        annul: how.annul,
      })
      this.#standing.set(id, { decisionIds, revocations: null })
      if (what.kind === 'cash') await this.#cashCame(what.cash)
    } catch (error) {
      const code = refusalOf(error)
      this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
      if (code === 'MATCH_POSTED' && !how.annul) await this.decide(id, { ...how, annul: true })
    }
  }

  /** Takes back what stands, with its reversali when they hold it; of a closed exercise it is refused, and stands. */
  async undo(id: number, annul = false): Promise<void> {
    const decided = this.#standing.get(id)
    if (!decided) return
    this.office.clock.ms += 1000
    const decisionIds = [...decided.decisionIds]
    try {
      const order = { decisionIds, reason: annul ? 'Ripensato' : '', annul }
      const { decisionIds: revocations } = await this.client.reconciliation.undo(order)
      this.#standing.delete(id)
      const what = this.wanted.get(id)
      if (what?.kind === 'decision') this.#back.set(JSON.stringify(what.said), { decisionIds, revocations })
    } catch (error) {
      const code = refusalOf(error)
      this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
      if (code === 'MATCH_POSTED' && !annul) return this.undo(id, true)
      if (code !== 'MATCH_IN_CLOSED') throw error
    }
  }

  #cash(cash: Cash): Act {
    return {
      kind: 'paidOutside',
      debtPositionId: this.#positions.get(cash.positionId) as Id<'debtPosition'>,
      ...{ document: cash.document, how: 'cash', date: cash.date },
      cashAccountId: this.#accounts.get(CASH_ACCOUNT) as Id<'bankAccount'>,
      cents: cents(cash.debts.reduce((s, a) => s + a.cents, 0)),
    }
  }

  async #cashCame(cash: Cash): Promise<void> {
    const last = (await this.#stored(this.#accounts.get(CASH_ACCOUNT) as Id<'bankAccount'>)).at(-1)
    if (!last?.text.includes(cash.document)) throw new Error('cash that did not come')
    this.#movements.set(cash.movementId, last.id)
  }

  async #act(said: SaidDecision, excess: boolean): Promise<Act> {
    const movement = (id: number) => this.#movements.get(id) as Id<'bankMovement'>
    switch (said.kind) {
      case 'manualMatch': {
        const targets = []
        for (const t of said.targets) {
          const id =
            t.kind === 'flow'
              ? await this.#flowId(t.flowId)
              : t.kind === 'iuv'
                ? await this.#installmentId(t.iuv)
                : (this.#debts.get(t.accertamentoId) as number)
          targets.push({ kind: t.kind, id, cents: t.cents })
        }
        return { kind: 'match', bankMovementId: movement(said.movementId), targets }
      }
      case 'exclude':
        return { kind: 'exclude', bankMovementIds: [movement(said.movementId)] }
      case 'internal': {
        const debitMovementId = movement(said.debitMovementId)
        return { kind: 'internal', bankMovementId: movement(said.movementId), debitMovementId }
      }
      case 'storno': {
        const creditMovementId = movement(said.creditMovementId)
        return { kind: 'storno', bankMovementId: movement(said.movementId), creditMovementId }
      }
      case 'acceptFlow':
      case 'chooseVersion': {
        const contentHash = this.#hashes.get(said.contentHash) as string
        return { kind: said.kind, reportingFlowId: await this.#flowId(said.flowId), contentHash }
      }
      case 'confirmRevocation':
        return { kind: said.kind, reportingFlowId: await this.#flowId(said.flowId), rowKeys: [said.rowKey] }
      case 'assignRow': {
        const reportingFlowId = await this.#flowId(said.flowId)
        const row = { kind: said.kind, reportingFlowId, rowKey: said.rowKey }
        if (excess) return { ...row, targets: [], excessTo: this.#people.get(1) as Id<'person'> }
        const targets = said.targets.map((t) => ({
          accertamentoId: this.#debts.get(t.accertamentoId) as Id<'accertamento'>,
          cents: t.cents,
        }))
        return { ...row, targets, excessTo: null }
      }
      case 'paidOutside':
        return {
          kind: 'paidOutside',
          debtPositionId: this.#positions.get(said.positionId) as Id<'debtPosition'>,
          ...{ document: said.document, how: 'pos', date: isoDate('2026-06-01'), cashAccountId: null, cents: null },
          ...(said.iuvs === undefined ? {} : { iuvs: [...said.iuvs] }),
        }
    }
  }

  #flowId(flowId: string): Promise<Id<'reportingFlow'>> {
    return this.office.ledger.read(async (db) => {
      const row = await db
        .selectFrom('reportingFlow')
        .select('id')
        .where('flowId', '=', flowId)
        .executeTakeFirstOrThrow()
      return row.id
    })
  }

  #installmentId(iuv: string): Promise<Id<'installment'>> {
    return this.office.ledger.read(async (db) => {
      const rows = db
        .selectFrom('installment')
        .select('id')
        .where('iuv', '=', iuv as never)
      return (await rows.orderBy('id', 'desc').executeTakeFirstOrThrow()).id
    })
  }

  /** What is in force, by names that do not depend on the order of arrival. */
  async linesInForce(): Promise<string[]> {
    const debt = new Map([...this.#debts].map(([name, id]) => [id as number, `a${name}`]))
    const rows = await this.office.ledger.read((db) =>
      db
        .selectFrom('reversaleLine as l')
        .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
        .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
        .innerJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
        .innerJoin('accertamento as a', 'a.id', 'l.accertamentoId')
        .where('x.id', 'is', null)
        .select([
          'r.exercise',
          'r.bankAccountId',
          'm.bankStatementId',
          'm.fingerprint',
          'm.bookingDate',
          'm.description',
        ])
        .select(['l.iuv', 'l.idTransfer', 'l.accertamentoId', 'l.cents', 'a.causale'])
        .execute(),
    )
    return rows
      .map((l) => {
        // Cash that was given back and received again is another movement that says the same.
        const movement = l.bankStatementId === null ? l.description : l.fingerprint.slice(0, 12)
        const of = debt.get(l.accertamentoId) ?? l.causale
        return `${l.exercise} ${l.bankAccountId} ${l.bookingDate} ${movement} ${l.iuv}|${l.idTransfer} ${of} ${l.cents}`
      })
      .sort()
  }

  /** Days of the bank, some of them with what came late. */
  async lateStorno(of: YearMovement): Promise<void> {
    const day = this.#year.filter((m) => m.account === of.account && m.date === of.date && m.stornoOf === null)
    const back = { ...of, movementId: of.movementId + 9000, cents: -of.cents, text: `STORNO ${of.text}` }
    await this.#statement(of.account, of.date, of.date, [...day, back])
  }
}

/** Each account's own. */
function ibanOf(account: number): string {
  const rest = `0542811101000000${String(account + 123_455).padStart(6, '0')}`
  const bban = `${checkLetter(rest)}${rest}`
  return `IT${String(98 - mod97(`${bban}IT00`)).padStart(2, '0')}${bban}`
}
