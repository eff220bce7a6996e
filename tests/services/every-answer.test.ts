import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { LABELS } from '#domain/labels'
import type { Act } from '#services/act'
import { bookRule } from '#services/book-rule'
import { receipt } from '#services/receipt'
import { reconcileNow } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'
import { F1, F2, NEVER_ASKED, NOBODY, namedOnReceipt, UNDECIDED, type Undecided } from './support/undecided.ts'

// Whatever the books may ask is on the work table, with an answer; each answer, given, is an answer: the row leaves, the
// equations hold, and «Disfa» brings all back as it was. Before and after posting.

let office: CollectionOffice

inBothOffices('every answer', (open) => {
  beforeEach(async () => {
    office = await open()
    await office.write((db) =>
      db.insertInto('capitolo').values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' }).execute(),
    )
  })
  afterEach(async () => {
    await office.close()
  })

  describe.each(['unposted', 'posted'] as const)('%s', (how) => {
    test.each(UNDECIDED.map((u) => [nameOf(u), u] as const))('%s', (_, asked) => answered(asked, how))
  })

  test('every label either asks, with an answer, or says why it never does', () => {
    const asked = new Set(UNDECIDED.map((u) => u.code))
    for (const code of Object.keys(LABELS)) {
      expect([code, asked.has(code) !== Object.hasOwn(NEVER_ASKED, code)]).toEqual([code, true])
    }
  })

  test('a payment taken back by a confirmed revocation asks nothing more: it stands among what was decided', async () => {
    const { iuv } = await office.quota(5000)
    await office.importFlows(
      flowOf(F1, [[iuv, 5000]]),
      flowOf(F2, [
        [(await office.quota(8000)).iuv, 8000],
        [iuv, 5000, '3'],
      ]),
    )
    await office.loadStatement([
      ['2026-03-12', 5000, causaleOf(F1)],
      ['2026-03-13', 3000, causaleOf(F2)],
    ])
    const [flow] = await rowsOf('toDecide')
    await decide(flow?.counterparts[0]?.act as Act, false)
    expect(await rowsOf('toDecide')).toEqual([])
    const taken = (await rowsOf('matched')).find((row) => row.kind === 'flowRow')
    expect([taken?.label.code, taken?.counterparts]).toEqual(['REVOKED_BY', []])
  })

  test('a receipt asks nothing by itself; its payment, once credited, goes to who it names', async () => {
    await namedOnReceipt(office)
    const receipts = await call(receipt.list, { filters: {}, limit: 500 }, ctx())
    expect(receipts.rows.map((r) => r.label.code)).toEqual(['RT_NO_POSITION'])
    expect(await rowsOf('toDecide')).toEqual([])
    await office.importFlows(flowOf(F1, [[NOBODY, 5000]]))
    await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
    const [row] = await rowsOf('toDecide')
    expect(row).toMatchObject({ kind: 'flowRow', personName: 'Persona 001', confirms: 0 })
  })

  test('the parts of one credit are known again when the ledger is read anew', async () => {
    const parts = UNDECIDED.find((u) => u.code === 'FLOW_AND_IUV') as Undecided
    await parts.prepare(office)
    const anew = await office.ledger.read(reconcileNow)
    expect(anew?.outcome.proposals.map((p) => [p.level, p.target.kind])).toEqual([
      ['PARTS', 'flow'],
      ['PARTS', 'iuv'],
    ])
    const [row] = await rowsOf('toDecide')
    await decide(row?.counterparts[row.confirms as number]?.act as Act, false)
    await office.postAll()
    expect(await office.reversali()).toHaveLength(2)
  })

  test('the capitolo of what is given back is the chosen one; one that is gone is refused', async () => {
    const rules = await call(bookRule.get, undefined, ctx())
    await expect(call(bookRule.save, { ...rules, excessCapitolo: 999 as never }, ctx())).rejects.toMatchObject({
      data: { problems: [{ code: 'BOOK_CAPITOLO_GONE' }] },
    })
    await call(bookRule.save, { ...rules, excessCapitolo: office.diritti }, ctx())
    const twice = UNDECIDED.find((u) => u.code === 'DUPLICATE_PAYMENT' && u.kind === 'flowRow') as Undecided
    await twice.prepare(office)
    const [row] = await rowsOf('toDecide')
    expect(row?.counterparts[0]).toMatchObject({
      title: 'Da restituire',
      detail: 'A Persona 001, capitolo 01.02 Diritti',
    })
    await decide(row?.counterparts[0]?.act as Act, false)
    const raised = await office.ledger.read((db) =>
      db.selectFrom('accertamento').select(['capitoloId', 'causale']).orderBy('id', 'desc').executeTakeFirstOrThrow(),
    )
    expect(raised).toEqual({ capitoloId: office.diritti, causale: expect.stringContaining('Da restituire: pagamento') })
  })
})

const ctx = () => ({ context: office.ctx })
type View = 'toDecide' | 'matched' | 'uncredited' | 'ignored'
type Row = Awaited<ReturnType<typeof rowsOf>>[number]

async function rowsOf(view: View) {
  return (await call(reconciliation.table, { view, limit: 500 }, ctx())).rows
}

const asks = (row: Row, { code, kind }: Undecided) => row.kind === kind && row.label.code === code

/** All that a person or a book can see, without the ids of what was said. */
async function everything() {
  const table = await call(reconciliation.table, { limit: 500 }, ctx())
  const books = await office.ledger.read(reconcileNow)
  const due = await office.ledger.read((db) =>
    db
      .selectFrom('accertamentoBalance')
      .selectAll()
      .where('dueCents', '>', 0 as never)
      .orderBy('accertamentoId')
      .execute(),
  )
  return {
    rows: table.rows,
    counts: table.counts,
    square: table.square,
    others: (await Promise.all((['matched', 'uncredited', 'ignored'] as const).map(rowsOf)))
      .flat()
      .map((row) => ({ ...row, decisionIds: [] })),
    lines: books?.outcome.lines,
    edges: books?.outcome.edges.map((edge) => ({ ...edge, decisionId: null })),
    gone: books?.plan.gone,
    ready: books?.plan.add,
    due,
  }
}

/** What the row proposes, and what its letters always do: «escludi» or «metti da parte», and the first that «cerca» finds. */
async function answersOf(row: Row): Promise<Act[]> {
  const found =
    row.kind === 'flow' || row.kind === 'alarm'
      ? []
      : await call(reconciliation.find, { subject: row.subject, text: 'persona' }, ctx())
  const whole = found.map((c) => c.act).filter((act) => !(act.kind === 'assignRow' && inPart(act, row)))
  return [...row.counterparts.map((c) => c.act), ...whole.slice(0, 2), ...asideOf(row)]
}

/** It leaves some of the row's money without an answer: of a credit that waits on, of a payment it is refused. */
function inPart(act: Act, row: Row): boolean {
  if ((act.kind !== 'match' && act.kind !== 'assignRow') || act.excessTo != null || act.unidentified) return false
  const left = row.kind === 'credit' ? row.leftCents : row.cents
  return act.targets.reduce((total, t) => total + t.cents, 0) < left
}

function asideOf(row: Row): Act[] {
  const aside: Act = { kind: 'setAside', subject: row.subject }
  if (row.kind === 'flowRow' || row.kind === 'flow') return [aside]
  if (row.kind === 'debit' && row.labels.some((l) => l.code === 'STORNO_EXCEEDS')) return [aside]
  if (row.kind === 'credit' || row.kind === 'debit') {
    return [{ kind: 'exclude', bankMovementIds: [row.bankMovementId] }]
  }
  return []
}

const decide = (act: Act, annul: boolean) =>
  call(reconciliation.decide, { acts: [act], reason: 'così ha detto il prestatore', annul }, ctx())

async function owed(): Promise<number> {
  const { total } = await office.ledger.read((db) =>
    db
      .selectFrom('accertamentoBalance')
      .select((eb) => eb.fn.sum<number>('dueCents').as('total'))
      .executeTakeFirstOrThrow(),
  )
  return Number(total)
}

const nameOf = (u: Undecided) => `${u.kind} ${u.code}: ${u.when}`

async function answered(asked: Undecided, how: 'unposted' | 'posted'): Promise<void> {
  await asked.prepare(office)
  if (how === 'posted') await office.postAll()
  expect(await office.equations()).toEqual([])
  const row = (await rowsOf('toDecide')).find((r) => asks(r, asked)) as Row
  expect(row, 'it is on the table').toBeDefined()
  if (how === 'unposted') {
    expect(row.counterparts.map((c) => c.act.kind)).toEqual(asked.acts)
    expect(row.confirms).toBe(asked.enter ?? null)
  }
  const before = await everything()
  const answers = await answersOf(row)
  expect(answers.length, 'it has an answer').toBeGreaterThan(0)
  for (const act of answers) {
    const what = JSON.stringify(act)
    const { decisionIds } = await decide(act, true)
    expect(await office.equations(), what).toEqual([])
    const there = (await rowsOf('toDecide')).find((r) => r.key === row.key)
    expect(there?.label.code, what).toBe(
      inPart(act, row) ? 'PARTLY_ASSIGNED' : act.kind === 'confirmRevocation' ? asked.next : undefined,
    )
    await twice(act, decisionIds)
    if (how === 'posted') await office.postAll()
    expect(await office.equations(), what).toEqual([])
    await call(reconciliation.undo, { decisionIds, annul: true, reason: 'ci ripensa' }, ctx())
    if (how === 'posted') await office.postAll()
    expect(await office.equations(), what).toEqual([])
    expect(await everything(), what).toEqual(before)
  }
}

/** The same act pressed again changes nothing, whether it is refused or not. */
async function twice(act: Act, first: readonly Id<'decision'>[]): Promise<void> {
  const before = { lines: (await everything()).lines, owed: await owed() }
  let again: readonly Id<'decision'>[] = []
  try {
    again = (await decide(act, true)).decisionIds
  } catch (error) {
    expect(error).toHaveProperty('data.problems')
  }
  expect({ lines: (await everything()).lines, owed: await owed() }).toEqual(before)
  if (again.length > 0)
    await call(reconciliation.undo, { decisionIds: [...again], annul: true, reason: 'due volte' }, ctx())
  expect(first.length).toBeGreaterThan(0)
}
