import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { rule } from '#services/rule'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { expectCountsAgree } from './support/counts-agree.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

// Acts on what is decided, paid or posted already: said twice, by two people, of the rest, of half.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'

function decide(acts: Act[], more: { reason?: string; annul?: boolean } = {}, operator = 'Segreteria') {
  const context = { ...office.ctx, operator }
  return call(reconciliation.decide, { acts, reason: 'prova', ...more }, { context })
}

function table(view: 'toDecide' | 'matched' | 'ignored' = 'toDecide') {
  return call(reconciliation.table, { view }, ctx())
}

function refused(code: string, params = {}) {
  return { data: { problems: [{ code, params }] } }
}

async function movementIds(): Promise<Id<'bankMovement'>[]> {
  const rows = await office.ledger.read((db) => db.selectFrom('bankMovement').select('id').orderBy('id').execute())
  return rows.map((row) => row.id)
}

async function flowIdOf(name: string): Promise<Id<'reportingFlow'>> {
  const flows = await call(reportingFlow.list, { filters: { flowId: name } }, ctx())
  return flows.rows[0]?.id as Id<'reportingFlow'>
}

const rowKeyOf = (iuv: string) => `${iuv}|IUR${iuv}|1|1`

const toDebt = (bankMovementId: Id<'bankMovement'>, id: number, amount: number): Extract<Act, { kind: 'match' }> => ({
  kind: 'match',
  bankMovementId,
  targets: [{ kind: 'accertamento', id, cents: cents(amount) }],
})

async function giveBackPlace(): Promise<void> {
  await office.write(async (db) => {
    await db
      .insertInto('capitolo')
      .values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' })
      .execute()
  })
}

async function cashAct(
  debtPositionId: Id<'debtPosition'>,
  amount: number | null,
): Promise<Extract<Act, { kind: 'paidOutside' }>> {
  const cashAccountId = await office.write((db) => office.addAccount(db, 'Cassa', 'cash'))
  return {
    kind: 'paidOutside',
    debtPositionId,
    document: 'ricevuta 12',
    how: 'cash',
    cashAccountId,
    date: '2026-03-10' as IsoDate,
    cents: amount === null ? null : cents(amount),
  }
}

test('cash of one debt enters once: neither twice, nor beside a credit that has paid it and is not posted', async () => {
  const a1 = await office.quota(5000)
  const act = await cashAct(a1.positionId, 2500)
  await decide([act])
  await expect(decide([act])).rejects.toMatchObject(refused('DECISION_STANDS'))
  await decide([{ ...act, document: 'ricevuta 13' }])
  await expect(decide([{ ...act, document: 'ricevuta 14' }])).rejects.toMatchObject(refused('PAID_OUTSIDE_PAID'))
  const a2 = await office.quota(4000)
  await office.importFlows(flowOf(F1, [[a2.iuv, 4000]]))
  await office.loadStatement([['2026-03-12', 4000, causaleOf(F1)]])
  await expect(decide([{ ...act, debtPositionId: a2.positionId }])).rejects.toMatchObject(refused('PAID_OUTSIDE_PAID'))
  expect(await movementIds()).toHaveLength(3)
  await office.postAll()
  expect((await office.reversali()).toSorted()).toEqual(['1: 2500', '2: 2500', '3: 4000'])
})

test('a match by hand that the debt has no room for is not shown as matched', async () => {
  const a1 = await office.quota(5000)
  await office.loadStatement([['2026-03-10', 5000, 'BONIFICO DA UN SOCIO']])
  const [credit] = await movementIds()
  await decide([toDebt(credit as Id<'bankMovement'>, a1.accertamentoId, 5000)])
  // The notice was paid before, of which the flow tells only now.
  await office.importFlows(flowOf('2026-03-05AAAAITM1XXX-0009', [[a1.iuv, 5000]]))
  await office.loadStatement([['2026-03-06', 5000, causaleOf('2026-03-05AAAAITM1XXX-0009')]])
  const row = (await table()).rows.find((r) => r.kind === 'credit')
  expect(row?.labels.map((l) => l.code)).toEqual(['EXCEEDS_OUTSTANDING', 'MATCHED_BY_HAND'])
})

test('cash is dated inside an open exercise', async () => {
  const a1 = await office.quota(5000)
  const act = await cashAct(a1.positionId, 100)
  for (const date of ['1901-01-01', '2025-12-31'] as IsoDate[]) {
    await expect(decide([{ ...act, date }])).rejects.toMatchObject(
      refused('PAID_OUTSIDE_EXERCISE', { open: '2026, 2027' }),
    )
  }
  await decide([act])
  expect((await office.ready()).drafts.map((d) => d.cents)).toEqual([100])
})

test('a credit of a year that no exercise knows does not close the page of what is ready', async () => {
  const a1 = await office.quota(5000)
  await office.write(async (db) => {
    await db
      .insertInto('bankMovement')
      .values({
        ...{ bankAccountId: office.account, bankStatementId: null, bookingDate: '1901-03-02' as IsoDate },
        ...{
          valueDate: null,
          cents: cents(5000),
          description: 'BONIFICO',
          bankReference: null,
          fingerprint: 'a'.repeat(64),
        },
        ...{ counterparty: null, endToEndId: null, transactionCode: null, stornoOfId: null, takesBack: null },
      })
      .execute()
  })
  const [credit] = await movementIds()
  await decide([toDebt(credit as Id<'bankMovement'>, a1.accertamentoId, 5000)])
  expect((await office.ready()).late).toMatchObject([{ year: 1901, open: 2026, cents: 5000 }])
  await office.postAll([1901])
  expect(await office.reversali()).toEqual(['1: 5000'])
})

test('the rest of a credit matched in part waits, posted or not, and goes beside the first part', async () => {
  const [a1, a2] = [await office.quota(5000), await office.quota(600)]
  const a3 = await office.raise(400, { sameAs: a1.accertamentoId })
  await office.loadStatement([['2026-03-12', 6000, 'BONIFICO DA UN SOCIO']])
  const [credit] = (await movementIds()) as [Id<'bankMovement'>]
  await decide([toDebt(credit, a1.accertamentoId, 5000)])
  await office.postAll()
  const waiting = await table()
  expect(waiting.counts.toDecide).toBe(1)
  const row = waiting.rows[0]
  expect(row).toMatchObject({ kind: 'credit', leftCents: 1000, posted: true, label: { code: 'PARTLY_ASSIGNED' } })
  expect(row?.counterparts.map((c) => c.act)).toMatchObject([
    { kind: 'match', more: true, targets: [{ id: a3, cents: 400 }], seen: row?.decisionIds },
  ])
  // Part of the other debt now, and the rest of it after: it is one target.
  const act = row?.counterparts[0]?.act as ReturnType<typeof toDebt>
  const part = { ...act, targets: act.targets.map((t) => ({ ...t, cents: cents(150) })) }
  const { decisionIds } = await decide([part])
  await expect(decide([part])).rejects.toMatchObject(refused('DECISION_OF_ANOTHER'))
  const other250 = { ...act, seen: [...decisionIds], targets: act.targets.map((t) => ({ ...t, cents: cents(250) })) }
  await decide([other250])
  const found = await call(
    reconciliation.find,
    { subject: { kind: 'movement', bankMovementId: credit }, text: 'Persona 002' },
    ctx(),
  )
  const other = found.find((c) => c.act.kind === 'match' && c.act.targets[0]?.id === a2.accertamentoId)?.act as Act
  expect(other).toMatchObject({ more: true, targets: [{ cents: 600 }] })
  await expect(
    decide([{ ...other, targets: [{ kind: 'accertamento', id: a2.accertamentoId, cents: cents(601) }] } as Act]),
  ).rejects.toMatchObject(refused('MATCH_EXCEEDS_CREDIT'))
  await decide([other])
  expect((await table()).counts.toDecide).toBe(0)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 1000'])
  expect((await office.ready()).alarms).toEqual([])
})

test('all of a match said again with its rest is no second claim on what it gave', async () => {
  const [a1, a2] = [await office.quota(5000), await office.quota(1000)]
  await office.loadStatement([['2026-03-12', 6000, 'BONIFICO DA UN SOCIO']])
  const [credit] = (await movementIds()) as [Id<'bankMovement'>]
  const first = toDebt(credit, a1.accertamentoId, 5000)
  await decide([first])
  await office.postAll()
  await decide([{ ...first, targets: [...first.targets, ...toDebt(credit, a2.accertamentoId, 1000).targets] }])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 1000'])
})

test('what another has decided is not replaced unseen: who and when is said, and the row shows it', async () => {
  const [a1, a2] = [await office.quota(5000), await office.quota(5000)]
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]], { receiver: '80099999999' }))
  await office.loadStatement([['2026-03-12', 5000, 'BONIFICO DA UN SOCIO']])
  const [credit] = (await movementIds()) as [Id<'bankMovement'>]
  const { decisionIds } = await decide([toDebt(credit, a1.accertamentoId, 5000)], {}, 'Anna')
  const others: Act[] = [toDebt(credit, a2.accertamentoId, 5000), { kind: 'exclude', bankMovementIds: [credit] }]
  for (const act of others) {
    await expect(decide([act], {}, 'Bea')).rejects.toMatchObject(
      refused('DECISION_OF_ANOTHER', { who: 'Anna', when: '15/03/2026 alle 09:00' }),
    )
  }
  const row = (await table('matched')).rows[0]
  expect(row?.decisionIds).toEqual(decisionIds)
  await decide([{ ...(others[1] as Act), seen: row?.decisionIds }], {}, 'Bea')
  expect((await table('ignored')).rows[0]?.label.code).toBe('EXCLUDED')
  // Anna's own screen is old now.
  await expect(decide([others[0] as Act], {}, 'Anna')).rejects.toMatchObject(
    refused('DECISION_OF_ANOTHER', { who: 'Bea' }),
  )
})

test('a payment of a flow is attributed whole or not at all', async () => {
  await giveBackPlace()
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 8000]]))
  await office.loadStatement([['2026-03-12', 8000, causaleOf(F1)]])
  const row = (await table()).rows.find((r) => r.kind === 'flowRow')
  const act: Act = {
    kind: 'assignRow',
    reportingFlowId: await flowIdOf(F1),
    rowKey: rowKeyOf(a1.iuv),
    targets: [{ accertamentoId: a1.accertamentoId, cents: cents(5000) }],
  }
  await expect(decide([act])).rejects.toMatchObject(refused('ROW_NOT_WHOLE', { left: '30,00' }))
  for (const { act: proposed } of row?.counterparts ?? []) {
    if (proposed.kind !== 'assignRow') continue
    const given = proposed.targets.reduce((sum, t) => sum + t.cents, 0)
    expect(given === 8000 || proposed.excessTo !== undefined).toBe(true)
  }
  await decide([row?.counterparts[0]?.act as Act])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000', '2: 3000'])
})

test('a row that a new version made greater than what was attributed of it waits for all of it', async () => {
  const other = await office.raise(5000)
  await office.importFlows(flowOf(F1, [['47000000000000099', 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  const reportingFlowId = await flowIdOf(F1)
  const rowKey = rowKeyOf('47000000000000099')
  await decide([
    { kind: 'assignRow', reportingFlowId, rowKey, targets: [{ accertamentoId: other, cents: cents(5000) }] },
  ])
  await office.importFlows(flowOf(F1, [['47000000000000099', 6000]], { dateTime: '2026-03-13T10:00:00' }))
  await office.loadStatement([['2026-03-14', 1000, causaleOf(F1)]])
  const row = (await table()).rows.find((r) => r.kind === 'flowRow')
  expect(row?.label).toMatchObject({ code: 'ASSIGNED_IN_PART' })
  expect((await office.ready()).drafts).toEqual([])
})

test('the same thing said again is refused, so that taking it back takes it back', async () => {
  await office.importFlows(flowOf(F1, [['47000000000000099', 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  const reportingFlowId = await flowIdOf(F1)
  const aside: Act = {
    kind: 'setAside',
    subject: { kind: 'flowRow', reportingFlowId, rowKey: rowKeyOf('47000000000000099') },
  }
  const { decisionIds } = await decide([aside])
  await expect(decide([aside])).rejects.toMatchObject(refused('DECISION_STANDS'))
  await call(reconciliation.undo, { decisionIds: [...decisionIds] }, ctx())
  expect((await table()).kinds.flowRow).toBe(1)
  const net: Act = { kind: 'netRevocation', reportingFlowId }
  await decide([net])
  await expect(decide([net])).rejects.toMatchObject(refused('DECISION_STANDS'))
  const flowAside: Act = { kind: 'setAside', subject: { kind: 'flow', reportingFlowId } }
  await decide([flowAside])
  await expect(decide([flowAside])).rejects.toMatchObject(refused('DECISION_STANDS'))
  await decide([net])
})

test('two credits by hand to one flow together are never more than it', async () => {
  const [a1, a2] = [await office.quota(5000), await office.quota(2000)]
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]), flowOf(F2, [[a2.iuv, 2000]]))
  await office.loadStatement([
    ['2026-03-12', 3000, 'GIRO UNO'],
    ['2026-03-12', 4000, 'GIRO DUE'],
  ])
  const [one, two] = (await movementIds()) as [Id<'bankMovement'>, Id<'bankMovement'>]
  const id = await flowIdOf(F1)
  const to = (bankMovementId: Id<'bankMovement'>, amount: number): Act => ({
    ...{ kind: 'match', bankMovementId, targets: [{ kind: 'flow', id, cents: cents(amount) }] },
  })
  await decide([to(one, 3000)])
  await expect(decide([to(two, 4000)])).rejects.toMatchObject(
    refused('MATCH_EXCEEDS_FLOW', { cents: '70,00', total: '50,00' }),
  )
  await decide([to(two, 2000)])
  await office.postAll()
  expect((await office.reversali()).map((r) => r.split(': ')[1])).toEqual(['5000'])
})

test('amounts beyond reason, strangers and unknown things are refused in words', async () => {
  const a1 = await office.quota(5000)
  await office.loadStatement([['2026-03-12', 5000, 'BONIFICO']])
  const [credit] = (await movementIds()) as [Id<'bankMovement'>]
  const huge = toDebt(credit, a1.accertamentoId, Number.MAX_SAFE_INTEGER)
  await expect(decide([{ ...huge, targets: [...huge.targets, ...huge.targets] }])).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  const subject = { kind: 'movement' as const, bankMovementId: credit }
  await expect(
    call(reconciliation.find, { subject, toleranceCents: cents(Number.MAX_SAFE_INTEGER) }, ctx()),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await giveBackPlace()
  const stranger = { ...toDebt(credit, a1.accertamentoId, 4000), excessTo: 999 as Id<'person'> }
  await expect(decide([stranger])).rejects.toMatchObject(refused('SUBJECT_GONE'))
  const unknown: Act = { kind: 'skip', subject: { kind: 'receipt', receiptId: 77 as Id<'receipt'> } }
  await expect(decide([unknown])).rejects.toMatchObject(refused('SUBJECT_GONE'))
  const skip: Act = { kind: 'skip', subject }
  await expect(decide([skip, skip])).rejects.toMatchObject(refused('DECISION_TWICE'))
})

test('a rule of exclusion never takes Invio on a credit that names a flow', async () => {
  for (const day of ['01', '02', '03']) {
    await office.loadStatement([[`2026-03-${day}`, 4000, `BONIFICO RIVERSAMENTO TESORERIA COMUNALE ${day}`]])
  }
  const ids = await movementIds()
  for (const id of ids) await decide([{ kind: 'exclude', bankMovementIds: [id] }], { reason: 'del Comune' })
  const [offered] = await call(rule.list, {}, ctx())
  await call(rule.accept, { id: offered?.id as never }, ctx())
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 3000, `BONIFICO RIVERSAMENTO TESORERIA COMUNALE /URI/${F1}`]])
  const row = (await table()).rows.find((r) => r.kind === 'credit')
  expect(row?.counterparts.map((c) => [c.act.kind, c.title.slice(0, 8)])).toEqual([
    ['match', F1.slice(0, 8)],
    ['exclude', 'Escludi:'],
  ])
  expect(row?.confirms).toBeNull()
})

test('of two equal credits of one debt the second goes on asking when the first has paid it', async () => {
  await giveBackPlace()
  await office.quota(5000)
  await office.quota(5000)
  await office.loadStatement([
    ['2026-03-12', 5000, 'BONIFICO DA PERSONA 001 QUOTA'],
    ['2026-03-13', 5000, 'BONIFICO DA PERSONA 001 QUOTA'],
    ['2026-03-14', 4000, 'BONIFICO DA PERSONA 001 SALA'],
    ['2026-03-15', 5000, 'BONIFICO DA PERSONA TRE'],
  ])
  const credits = async () => (await expectCountsAgree(office.ctx, 2026)).rows
  const [first, second, ...others] = await credits()
  expect([first?.confirms, second?.confirms, others]).toEqual([null, null, []])
  await decide([first?.counterparts[0]?.act as Act])
  const [left, ...more] = await credits()
  expect(more).toEqual([])
  expect(left).toMatchObject({
    date: '2026-03-13',
    label: {
      code: 'MAYBE_PAID_AGAIN',
      text: 'Chi è nella causale ha già pagato 50,00 (accertamento 2026/1): forse ha pagato due volte.',
    },
    counterparts: [
      {
        title: 'Da restituire',
        detail: 'A Persona 001, capitolo 90.1 Somme da restituire',
        evidence: [{ ok: false, text: expect.stringContaining('accertamento 2026/1') }, { ok: false }],
      },
    ],
    confirms: null,
  })
  await decide([left?.counterparts[0]?.act as Act])
  expect(await credits()).toEqual([])
  await office.postAll()
  expect((await office.reversali()).toSorted()).toEqual(['1: 5000', '2: 5000'])
})

test('who has paid is known by the fiscal code too, and never by half a name', async () => {
  const { iuv } = await office.quota(5000)
  await office.write((db) =>
    db
      .updateTable('person')
      .set({ fiscalCode: 'RSSMRA85T10A562S' as FiscalCode })
      .execute(),
  )
  await office.importFlows(flowOf(F1, [[iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 5000, causaleOf(F1)],
    ['2026-03-13', 5000, 'BONIFICO DI RSSMRA85T10A562S'],
    ['2026-03-14', 5000, 'BONIFICO DI 001 ALTRI'],
  ])
  const { rows } = await table()
  expect(rows.map((row) => [row.date, row.label.code])).toEqual([['2026-03-13', 'MAYBE_PAID_AGAIN']])
})

test('a payment that no version of its flow has is neither put off nor noted', async () => {
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  const reportingFlowId = await flowIdOf(F1)
  const row = (rowKey: string) => ({ kind: 'flowRow' as const, reportingFlowId, rowKey })
  for (const rowKey of [rowKeyOf('01234'), rowKeyOf(a1.iuv).replace(/1$/, '2')]) {
    await expect(decide([{ kind: 'skip', subject: row(rowKey) }])).rejects.toMatchObject(refused('FLOW_ROW_GONE'))
    await expect(
      call(reconciliation.note, { subject: row(rowKey), text: 'prova', assignee: null }, ctx()),
    ).rejects.toMatchObject(refused('FLOW_ROW_GONE'))
  }
  await decide([{ kind: 'skip', subject: row(rowKeyOf(a1.iuv)) }])
})

test('a giroconto is not taken back by a debit, nor proposed to one', async () => {
  const post = await office.write((db) => office.addAccount(db, 'Conto postale', 'postal'))
  await office.loadStatement([
    ['2026-03-12', 10000, 'DA CONTO POSTALE'],
    ['2026-03-14', -10000, 'RETTIFICA'],
  ])
  await office.loadStatement([['2026-03-12', -10000, 'A CONTO BANCARIO']], post)
  const [credit, debit, sweep] = (await movementIds()) as [Id<'bankMovement'>, Id<'bankMovement'>, Id<'bankMovement'>]
  const storno: Act = { kind: 'storno', bankMovementId: debit, creditMovementId: credit }
  const find = async () =>
    (await call(reconciliation.find, { subject: { kind: 'movement', bankMovementId: debit } }, ctx())).map((c) => c.act)
  expect(await find()).toMatchObject([storno])
  await decide([{ kind: 'internal', bankMovementId: credit, debitMovementId: sweep }])
  await expect(decide([storno])).rejects.toMatchObject(refused('STORNO_INTERNAL', { credit: '12/03/2026' }))
  expect(await find()).toEqual([])
})
