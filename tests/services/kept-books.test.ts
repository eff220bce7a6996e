import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { decisionsOf, insertDecision, listDecisions, revokeDecision } from '#ledger/decision'
import type { Ledger, WriteHandle } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import type { Act } from '#services/act'
import { annulAndReopen } from '#services/annul-reversali'
import { booksUntouched, NO_PEOPLE, reconciledBooks, reconcileLedger } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { silentLog } from '../ledger/support/fake-clock.ts'
import { derivedTables, expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

anOfficeForEachTest()
afterEach(() => holds(office.ledger))

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const STRANGER = 'BONIFICO SENZA RIFERIMENTI'

const holds = (ledger: Ledger) => expectKeptBooksTrue(ledger, office.clock.now())
const derived = () => office.ledger.read(derivedTables)

/** Two flows of one payment each with their credits, and a credit of nobody. */
async function twoFlows() {
  const a1 = await office.quota(18000)
  const a2 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]), flowOf(F2, [[a2.iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 18000, causaleOf(F1)],
    ['2026-03-13', 5000, causaleOf(F2)],
    ['2026-03-14', 700, STRANGER],
  ])
}

async function movement(cents: number): Promise<Id<'bankMovement'>> {
  const row = await office.ledger.read((db) =>
    db
      .selectFrom('bankMovement')
      .select('id')
      .where('cents', '=', cents as never)
      .executeTakeFirstOrThrow(),
  )
  return row.id
}

function excludeIn(db: WriteHandle, movementIds: readonly number[]) {
  return insertDecision(db, {
    ...{ kind: 'exclude', subjectKind: 'bankMovement', subjectKey: `${movementIds.length} movimenti` },
    ...{ payload: { movementIds: [...movementIds] }, reason: 'Non pagoPA', at: office.clock.now(), operator: 'prova' },
  })
}

function takeBack(ledger: Ledger, id: Id<'decision'>) {
  const at = office.clock.now()
  return ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, async (db) => {
    const said = (await listDecisions(db)).find((d) => d.id === id)
    if (said) await revokeDecision(db, said, { reason: 'Ci ho ripensato', at, operator: 'prova' })
    await reconcileLedger(db, at, NO_PEOPLE)
  })
}

test('what a write had worked out is forgotten when it does not come to its end', async () => {
  await twoFlows()
  const id = await movement(18000)
  const before = await derived()
  const broken = office.write(async (db) => {
    await excludeIn(db, [id])
    const books = await reconcileLedger(db, office.clock.now(), NO_PEOPLE)
    expect(books?.outcome.movements.find((m) => m.movementId === id)?.state).toBe('excluded')
    throw new Error('the light went out')
  })
  await expect(broken).rejects.toThrow('the light went out')
  expect(await derived()).toEqual(before)
  await holds(office.ledger)
  expect((await office.ready()).totals.cents).toBe(23000)
  await office.write(async (db) => {
    await excludeIn(db, [id])
    await reconcileLedger(db, office.clock.now(), NO_PEOPLE)
  })
  expect((await office.ready()).totals.cents).toBe(5000)
})

test('what another workstation writes is seen by the next act of this one', async () => {
  await twoFlows()
  const target = office.ledger.target
  const colleague = await openLedger(target, { clock: office.clock, log: silentLog })
  try {
    const there = { context: { ...office.ctx, ledger: colleague } }
    const here = { context: office.ctx }
    const exclude = async (cents: number, where: typeof here) => {
      const act: Act = { kind: 'exclude', bankMovementIds: [await movement(cents)] }
      const { decisionIds } = await call(reconciliation.decide, { acts: [act], reason: 'Non pagoPA' }, where)
      return decisionIds[0] as Id<'decision'>
    }
    const first = await exclude(700, here)
    const second = await exclude(18000, there)
    await holds(colleague)
    expect((await office.ready()).totals.cents).toBe(5000)
    await takeBack(office.ledger, first)
    await holds(office.ledger)
    await takeBack(colleague, second)
    await office.postAll()
    await exclude(700, there)
    await holds(colleague)
    await holds(office.ledger)
    expect(await office.reversali()).toEqual(['1: 18000', '2: 5000'])
  } finally {
    await colleague.close()
  }
})

test('a write that says nothing to the reconciliation leaves what is remembered as it is', async () => {
  await twoFlows()
  const at = office.clock.now()
  const remembered = () => office.ledger.read((db) => reconciledBooks(db, at))
  const before = await remembered()
  expect(await remembered()).toBe(before)
  await office.write(async (db) => booksUntouched(db))
  expect(await remembered()).toBe(before)
  await office.write(async () => {})
  const anew = await remembered()
  expect(anew).not.toBe(before)
  expect(anew).toEqual(before)
})

test('a name corrected meanwhile is met by the next act, though acts do not read names anew', async () => {
  const debt = await office.raise(700)
  await office.loadStatement([['2026-03-14', 700, 'BONIFICO DI ZENOBIA FALSAPERLA QUOTA']])
  expect((await derived()).proposals).toEqual([])
  await office.write(async (db) => {
    const { personId } = await db
      .selectFrom('accertamento')
      .select('personId')
      .where('id', '=', debt)
      .executeTakeFirstOrThrow()
    await db.updateTable('person').set({ name: 'Falsaperla Zenobia' }).where('id', '=', personId).execute()
  })
  const act: Act = { kind: 'exclude', bankMovementIds: [await movement(700)] }
  await call(reconciliation.decide, { acts: [act], reason: 'Prova' }, { context: office.ctx })
  const [said] = await office.ledger.read(listDecisions)
  await takeBack(office.ledger, said?.id as Id<'decision'>)
  expect((await derived()).proposals).toMatchObject([{ kind: 'accertamento', targetId: debt, level: 'NAME' }])
})

test('an undo taken back: engine, posting and history say the same of the decision', async () => {
  await twoFlows()
  const ids = [await movement(18000), await movement(700)]
  const at = office.clock.now()
  const by = { reason: 'Ci ho ripensato', at, operator: 'prova' }
  const takeBack = (db: WriteHandle) =>
    listDecisions(db).then((said) => {
      const last = said.at(-1)
      return last ? revokeDecision(db, last, by) : null
    })
  const states: (string | undefined)[] = []
  const step = (act: (db: WriteHandle) => Promise<unknown>) =>
    office.write(async (db) => {
      await act(db)
      const books = await reconcileLedger(db, at, NO_PEOPLE)
      states.push(books?.outcome.movements.find((m) => m.movementId === ids[0])?.state)
    })
  await step((db) => excludeIn(db, ids))
  await step(takeBack)
  await step(takeBack)
  expect(states).toEqual(['excluded', 'matched', 'excluded'])
  await holds(office.ledger)
  const history = await office.ledger.read((db) => decisionsOf(db, { kind: 'bankMovement', key: String(ids[1]) }))
  expect(history.map((d) => [d.kind, d.revoked])).toEqual([
    ['exclude', false],
    ['revoke', true],
    ['revoke', false],
  ])
})

test('lines kept by hand leave the alarms, an undo brings them back and another undo keeps them again', async () => {
  await twoFlows()
  await office.postAll()
  await office.loadStatement([['2026-03-15', -5000, `STORNO ${causaleOf(F2)}`]])
  const alarms = async () => (await office.ready()).alarms.map((a) => a.reversale)
  expect(await alarms()).toEqual(['2026/2'])
  const at = office.clock.now()
  const keepWhole = {
    ...{ kind: 'keepReversale', subjectKind: 'reversale', subjectKey: '2026000002' },
    ...{ payload: { reversaleId: 2_026_000_002 }, reason: 'Restituita', at, operator: 'prova' },
  }
  const line = await office.ledger.read((db) =>
    db
      .selectFrom('reversaleLine')
      .select('id')
      .where('reversaleId', '=', 2_026_000_002 as never)
      .executeTakeFirstOrThrow(),
  )
  const keepLine = {
    ...keepWhole,
    kind: 'keepLine',
    subjectKind: 'reversaleLine',
    subjectKey: String(line.id),
    payload: {},
  }
  for (const decision of [keepWhole, keepLine]) {
    const write = (act: (db: WriteHandle) => Promise<unknown>) =>
      office.write(async (db) => {
        await act(db)
        await reconcileLedger(db, at, NO_PEOPLE)
      })
    const takeBackLast = async (db: WriteHandle) => {
      const last = (await listDecisions(db)).at(-1)
      if (last) await revokeDecision(db, last, { reason: 'No', at, operator: 'prova' })
    }
    await write((db) => insertDecision(db, decision))
    expect(await alarms()).toEqual([])
    await write(takeBackLast)
    expect(await alarms()).toEqual(['2026/2'])
    await write(takeBackLast)
    expect(await alarms()).toEqual([])
    await write(takeBackLast)
    expect(await alarms()).toEqual(['2026/2'])
  }
})

test('several reversali annulled in one write: their payments are to be posted again, and go', async () => {
  await twoFlows()
  await office.postAll()
  const order = { reason: 'Da rifare', at: office.clock.now(), operator: 'prova' }
  const reversaleIds = [2_026_000_002, 2_026_000_001] as Id<'reversale'>[]
  const books = await office.write((db) => annulAndReopen(db, { ...order, reversaleIds }))
  expect(books?.plan).toMatchObject({ gone: [], held: [] })
  expect(books?.plan.add.map((line) => line.cents).sort()).toEqual([18000, 5000])
  await holds(office.ledger)
  await expect(office.write((db) => annulAndReopen(db, { ...order, reversaleIds }))).rejects.toMatchObject({
    problems: [{ code: 'REVERSALE_ALREADY_ANNULLED', params: { number: 1, exercise: 2026 } }],
  })
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: annullata', '2: annullata', '3: 18000', '4: 5000'])
})

test('one that the treasurer has carried out stops the annulment of all, unless the books’ rules allow it', async () => {
  office.account = await office.write((db) => office.addAccount(db, 'Tesoreria', 'treasury'))
  await twoFlows()
  await office.postAll()
  const at = office.clock.now()
  const order = {
    reversaleIds: [2_026_000_001, 2_026_000_002] as Id<'reversale'>[],
    reason: 'Prova',
    at,
    operator: 'prova',
  }
  await office.write((db) =>
    db
      .insertInto('reversaleExecution')
      .values({
        ...{ reversaleId: 2_026_000_002 as never, date: '2026-03-16' as never, quietanzaNumber: '7' },
        ...{ bankStatementId: null, at, operator: 'prova' },
      })
      .execute(),
  )
  await expect(office.write((db) => annulAndReopen(db, order))).rejects.toMatchObject({
    problems: [{ code: 'REVERSALE_EXECUTED', params: { number: 2, date: '16/03/2026' } }],
  })
  expect(await office.reversali()).toEqual(['1: 18000', '2: 5000'])
  await office.write(async (db) => {
    await db.insertInto('setting').values({ key: 'annulExecuted', valueJson: 'true' }).execute()
    await annulAndReopen(db, order)
  })
  expect(await office.reversali()).toEqual(['1: annullata', '2: annullata'])
})

test('an annulment undoes the match of a posted decision when the decision is taken back in the same write', async () => {
  const a1 = await office.quota(18000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]))
  await office.loadStatement([['2026-03-12', 18000, STRANGER]])
  const bankMovementId = await movement(18000)
  const flow = await office.ledger.read((db) => db.selectFrom('reportingFlow').select('id').executeTakeFirstOrThrow())
  const targets = [{ kind: 'flow' as const, id: flow.id, cents: cents(18000) }]
  const act: Act = { kind: 'match', bankMovementId, targets }
  const { decisionIds } = await call(reconciliation.decide, { acts: [act] }, { context: office.ctx })
  const [decisionId] = decisionIds
  await office.postAll()
  const at = office.clock.now()
  await office.write(async (db) => {
    const said = (await listDecisions(db)).find((d) => d.id === decisionId)
    if (said) await revokeDecision(db, said, { reason: 'Non è suo', at, operator: 'prova' })
    const reversaleIds = [2_026_000_001 as Id<'reversale'>]
    await annulAndReopen(db, { reversaleIds, reason: 'Non è suo', at, operator: 'prova' })
  })
  const { matches } = await derived()
  expect(matches).toMatchObject([{ decisionId, closedReason: 'superseded' }])
  expect((await office.ready()).drafts).toEqual([])
})
