import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { debtPosition } from '#services/debt-position'
import { intake } from '#services/intake'
import { receiveFromNode } from '#services/node-inbox-read'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { spontaneous } from '#services/spontaneous'
import { receiptXml } from '#simulator/node/receipt-xml'
import { settle } from '#simulator/node/settle'
import { paySpontaneously } from '#simulator/node/spontaneous'
import { inBothOffices } from './support/both-offices.ts'
import { causaleOf, drain, RECEIVER, SEGREGATION } from './support/collection-office.ts'
import { IBAN, NodeOffice, PSP, QUOTA } from './support/node-office.ts'

let at: NodeOffice | null = null
afterEach(async () => {
  await at?.close()
  at = null
})

const DEBTOR = { kind: 'F' as const, fiscalCode: 'RSSMRA85T10A562S', name: 'Tersilla Boscarolo' }

/** The tipo di dovuto of the office raises what nobody asked for, or no longer. */
function mark({ office }: NodeOffice, values: object = { spontaneous: 1 }): Promise<unknown> {
  return office.write((db) => db.updateTable('serviceType').set(values).where('id', '=', office.service).execute())
}

function unasked({ node, office }: NodeOffice, change: object = {}) {
  return paySpontaneously(node.store, {
    ...{ creditor: RECEIVER, segregationCode: SEGREGATION as never, psp: PSP, at: office.clock.now(), cents: 5_050 },
    ...{ description: 'Diritti di segreteria', category: QUOTA, iban: IBAN, debtor: DEBTOR },
    ...change,
  })
}

const list = async ({ ctx }: NodeOffice, state: readonly string[] = []) =>
  (await call(spontaneous.list, { filters: { state } as never }, { context: ctx })).rows

const facts = ({ office }: NodeOffice) =>
  office.ledger.read(async (db) => ({
    people: await db.selectFrom('person').select(['name', 'fiscalCode']).orderBy('id').execute(),
    accertamenti: await db
      .selectFrom('accertamento')
      .select(['assessedCents', 'competenceYear', 'causale', 'capitoloId', 'exercise'])
      .orderBy('id')
      .execute(),
    positions: await db.selectFrom('debtPosition').select(['id', 'lifecycle', 'payment']).orderBy('id').execute(),
    iuvs: await db.selectFrom('iuvAssignment').select(['iuv', 'origin', 'debtPositionId']).execute(),
  }))

inBothOffices('payments that nobody asked for', (open) => {
  test('one raises person, accertamento and position, waits for a look, and is collected as any other', async () => {
    at = await NodeOffice.open(open)
    await mark(at, { spontaneous: 1, spontaneousCapitoloId: at.office.diritti })
    const paid = unasked(at)
    at.goTo('2026-03-20T08:00:00.000Z')
    const [flow] = settle(at.node.store, at.office.clock.now())
    const came = await receiveFromNode(at.ctx, ['receipts', 'flows'])
    expect(came.receipts).toMatchObject({ added: 1, raised: 1, toAssign: 0 })
    const made = await facts(at)
    expect(made.people).toEqual([{ name: DEBTOR.name, fiscalCode: DEBTOR.fiscalCode }])
    expect(made.accertamenti).toEqual([
      {
        ...{ assessedCents: 5_050, competenceYear: 2026, causale: 'Diritti di segreteria' },
        ...{ capitoloId: at.office.diritti, exercise: 2026 },
      },
    ])
    expect(made.iuvs).toEqual([{ iuv: paid.iuv, origin: 'external', debtPositionId: made.positions[0]?.id }])
    expect(made.positions[0]).toMatchObject({ lifecycle: 'issued', payment: 'paid' })
    const [row] = await list(at)
    expect(row).toMatchObject({
      state: 'raised',
      newPerson: true,
      accertamenti: ['1/2026'],
      canUndo: true,
      ownCents: 5_050,
    })
    expect(await at.office.equations()).toEqual([])

    // Its row in the flow and the credit of the bank find it.
    await at.office.loadStatement([['2026-03-19', 5_050, causaleOf(flow?.flowId as string)]])
    await at.office.postAll()
    const [posted] = await list(at)
    expect(posted).toMatchObject({ canUndo: false })
    await expect(
      call(spontaneous.undo, { id: posted?.id as never, reason: 'prova' }, { context: at.ctx }),
    ).rejects.toMatchObject({ data: { problems: [{ code: 'SPONTANEOUS_POSTED' }] } })
    expect((await facts(at)).positions[0]).toMatchObject({ payment: 'collected' })
    // A whole list at a time, more than a database takes in one question; what is no longer there is passed over.
    const ids = [row?.id, ...Array.from({ length: 70_000 }, (_, n) => 1_000_000 + n)] as never[]
    const looked = await call(spontaneous.look, { ids }, { context: at.ctx })
    expect(looked).toEqual({ moved: 1 })
    expect((await list(at, ['looked']))[0]).toMatchObject({ lookedBy: 'Segreteria' })
    expect(await at.office.equations()).toEqual([])
  })

  test('undone, it waits again; given to another type it is the same position', async () => {
    at = await NodeOffice.open(open)
    await mark(at)
    unasked(at)
    await receiveFromNode(at.ctx, ['receipts'])
    const [row] = await list(at)
    const id = row?.id as Id<'receipt'>
    const context = { context: at.ctx }
    expect(await call(spontaneous.undo, { id, reason: 'tipo sbagliato' }, context)).toEqual({ accertamenti: 1 })
    expect((await facts(at)).positions).toMatchObject([{ lifecycle: 'cancelled' }])
    expect((await list(at))[0]).toMatchObject({ state: 'toAssign', why: 'undone', accertamenti: [] })
    await expect(call(spontaneous.undo, { id, reason: 'ancora' }, context)).rejects.toMatchObject({
      data: { problems: [{ code: 'SPONTANEOUS_STATE' }] },
    })
    // What was taken back is not raised again by itself.
    await receiveFromNode(at.ctx, ['receipts'])
    expect((await list(at))[0]).toMatchObject({ state: 'toAssign' })
    const other = await at.office.write((db) =>
      db
        .insertInto('serviceType')
        .values({
          ...{ name: 'Diritti', taxonomyCode: '9/0401104TS/', capitoloId: (at as NodeOffice).office.diritti },
          ...{ bankAccountId: (at as NodeOffice).office.account, defaultCausale: 'Diritti', active: 1 },
        })
        .returning('id')
        .executeTakeFirstOrThrow(),
    )
    const types = [{ idTransfer: 1, serviceTypeId: other.id }]
    const made = await call(spontaneous.assign, { id, types }, context)
    const after = await facts(at)
    expect(after.positions).toMatchObject([{ id: made.debtPositionId, lifecycle: 'issued', payment: 'paid' }])
    expect(after.accertamenti).toHaveLength(2)
    expect((await list(at))[0]).toMatchObject({ state: 'raised', accertamenti: ['2/2026'], serviceTypes: ['Diritti'] })
    expect(await at.office.equations()).toEqual([])
  })
})

test('without one type that answers it waits, with those that could; the type marked later takes it', async () => {
  at = await NodeOffice.open()
  unasked(at)
  expect((await receiveFromNode(at.ctx, ['receipts'])).receipts).toMatchObject({ raised: 0, toAssign: 1 })
  const [row] = await list(at)
  expect(row).toMatchObject({ state: 'toAssign', why: 'noType', debtPositionId: null })
  const detail = await call(spontaneous.get, { id: row?.id as never }, { context: at.ctx })
  expect(detail.transfers[0]).toMatchObject({ own: true, category: QUOTA, serviceTypeIds: [at.office.service] })
  const revision = await at.office.ledger.revision()
  await receiveFromNode(at.ctx, ['receipts'])
  expect(await at.office.ledger.revision()).toBe(revision)
  await mark(at)
  expect((await receiveFromNode(at.ctx, ['receipts'])).receipts).toMatchObject({ raised: 1 })
  expect(await list(at, ['raised'])).toHaveLength(1)
})

test('two types of one code: a person chooses', async () => {
  at = await NodeOffice.open()
  await mark(at)
  const { quote, account } = at.office
  await at.office.write((db) =>
    db
      .insertInto('serviceType')
      .values({
        ...{ name: 'Altra quota', taxonomyCode: '6/0101100IM/XYZ', capitoloId: quote, bankAccountId: account },
        ...{ defaultCausale: 'Altra', active: 1, spontaneous: 1 },
      })
      .execute(),
  )
  unasked(at)
  await receiveFromNode(at.ctx, ['receipts'])
  expect((await list(at))[0]).toMatchObject({ state: 'toAssign', why: 'manyTypes' })
})

test('who is in the register is found by the code, in any of its forms; «ANONIMO» is nobody’s', async () => {
  at = await NodeOffice.open()
  await mark(at)
  const known = await at.office.write((db) =>
    db
      .insertInto('person')
      .values({
        ...{ kind: 'F', fiscalCode: DEBTOR.fiscalCode as never, vatNumber: null, name: 'Boscarolo Tersilla' },
        ...{ category: 'professionista', mergedIntoId: null, searchKey: 'boscarolo tersilla' },
      })
      .returning('id')
      .executeTakeFirstOrThrow(),
  )
  unasked(at)
  unasked(at, { debtor: { kind: 'F', fiscalCode: 'ANONIMO', name: 'ANONIMO' }, cents: 1_600 })
  await receiveFromNode(at.ctx, ['receipts'])
  const rows = await list(at, ['raised'])
  const [mine, nobody] = [rows.find((r) => r.ownCents === 5_050), rows.find((r) => r.ownCents === 1_600)]
  expect(mine).toMatchObject({ personId: known.id, newPerson: false })
  expect(nobody).toMatchObject({ personName: 'Versante da identificare', debtorFiscalCode: null, newPerson: false })
})

test('who owes the same already is not made to owe it twice: a person says what was paid', async () => {
  at = await NodeOffice.open()
  await mark(at)
  const { office, ctx } = at
  const accertamentoId = await office.raise(5_050)
  await office.write(async (db) => {
    const { personId } = await db
      .selectFrom('accertamento')
      .where('id', '=', accertamentoId)
      .select('personId')
      .executeTakeFirstOrThrow()
    await db
      .updateTable('person')
      .set({ fiscalCode: DEBTOR.fiscalCode as never })
      .where('id', '=', personId)
      .execute()
  })
  unasked(at)
  unasked(at, { debtor: { kind: 'F', fiscalCode: 'BNCLDA70A41F205X', name: 'Alda Bianchi' } })
  expect((await receiveFromNode(ctx, ['receipts'])).receipts).toMatchObject({ raised: 1, toAssign: 1 })
  const [waits] = await list(at, ['toAssign'])
  expect(waits).toMatchObject({ why: 'owedAlready', debtorFiscalCode: DEBTOR.fiscalCode })
  expect((await facts(at)).accertamenti).toHaveLength(2)
  // Nothing more is said of it by itself.
  const revision = await office.ledger.revision()
  await receiveFromNode(ctx, ['receipts'])
  expect(await office.ledger.revision()).toBe(revision)

  // It was something else after all; and once that is paid the same again is no doubt.
  const id = waits?.id as Id<'receipt'>
  const types = [{ idTransfer: 1, serviceTypeId: office.service }]
  await call(spontaneous.assign, { id, types }, { context: ctx })
  expect((await facts(at)).accertamenti).toHaveLength(3)
  expect(await office.equations()).toEqual([])
})

test('of a payment to more institutions only ours is raised', async () => {
  at = await NodeOffice.open()
  await mark(at)
  unasked(at, { alsoTo: { fiscalCode: '97249640588', name: 'Altro ente', iban: IBAN, cents: 1_234 } })
  await receiveFromNode(at.ctx, ['receipts'])
  expect((await list(at))[0]).toMatchObject({ cents: 6_284, ownCents: 5_050, state: 'raised' })
  expect((await facts(at)).accertamenti).toMatchObject([{ assessedCents: 5_050 }])
  expect(await at.office.equations()).toEqual([])
})

test('the number of another software of the institution is left, unless a person says otherwise', async () => {
  at = await NodeOffice.open()
  await mark(at)
  unasked(at, { segregationCode: '12' })
  await receiveFromNode(at.ctx, ['receipts'])
  const [row] = await list(at)
  expect(row).toMatchObject({ state: 'left', why: 'otherSoftware' })
  expect((await facts(at)).positions).toEqual([])
  const types = [{ idTransfer: 1, serviceTypeId: at.office.service }]
  await call(spontaneous.assign, { id: row?.id as never, types }, { context: at.ctx })
  expect((await facts(at)).positions).toMatchObject([{ payment: 'paid' }])
  expect(await at.office.equations()).toEqual([])
})

test('the same by file; the file of one that came from the node adds nothing', async () => {
  at = await NodeOffice.open()
  await mark(at)
  const { office, ctx } = at
  const paid = unasked(at)
  const codes = { brokerCode: RECEIVER, stationCode: `${RECEIVER}_01` }
  const load = async () =>
    drain(
      await call(intake.import, { tokens: [await office.upload('rt.xml', receiptXml(paid, codes))] }, { context: ctx }),
    )
  await load()
  expect(await list(at)).toMatchObject([{ state: 'raised', iuv: paid.iuv }])
  await receiveFromNode(ctx, ['receipts'])
  await load()
  expect(await list(at)).toHaveLength(1)
  expect((await facts(at)).positions).toHaveLength(1)
})

test('money that a person has given to somebody by hand is not raised a second time', async () => {
  at = await NodeOffice.open()
  const { office, ctx } = at
  const paid = unasked(at)
  at.goTo('2026-03-20T08:00:00.000Z')
  const [flow] = settle(at.node.store, office.clock.now())
  await receiveFromNode(ctx, ['flows'])
  await office.loadStatement([['2026-03-19', 5_050, causaleOf(flow?.flowId as string)]])
  const accertamentoId = await office.raise(5_050)
  const flows = await call(reportingFlow.list, { filters: {} }, { context: ctx })
  const id = flows.rows[0]?.id as Id<'reportingFlow'>
  const rows = await call(reportingFlow.payments, { filters: { reportingFlowId: id } }, { context: ctx })
  const act = {
    ...{ kind: 'assignRow' as const, reportingFlowId: id, rowKey: rows.rows[0]?.rowKey as string },
    targets: [{ accertamentoId, cents: cents(5_050) }],
  }
  await call(reconciliation.decide, { acts: [act], reason: 'prova' }, { context: ctx })
  await mark(at)
  await receiveFromNode(ctx, ['receipts'])
  expect(await list(at)).toMatchObject([{ iuv: paid.iuv, state: 'left', why: 'byHand' }])
  expect((await facts(at)).accertamenti).toHaveLength(1)
})

test('left by a person it waits no more, and can be taken up again', async () => {
  at = await NodeOffice.open()
  unasked(at)
  await receiveFromNode(at.ctx, ['receipts'])
  const id = (await list(at))[0]?.id as Id<'receipt'>
  const context = { context: at.ctx }
  await call(spontaneous.leave, { id }, context)
  expect((await list(at))[0]).toMatchObject({ state: 'left', why: 'byHand' })
  await mark(at)
  await receiveFromNode(at.ctx, ['receipts'])
  expect((await list(at))[0]).toMatchObject({ state: 'left' })
  await call(spontaneous.leave, { id, left: false }, context)
  expect((await list(at))[0]).toMatchObject({ state: 'toAssign' })
  expect(await call(spontaneous.counts, undefined, context)).toMatchObject({ toAssign: 1, all: 1 })
  expect(await call(debtPosition.list, { filters: {} } as never, context)).toMatchObject({ count: 0 })
})
