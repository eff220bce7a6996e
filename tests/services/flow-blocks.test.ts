import { call } from '@orpc/server'
import { afterEach, expect, test } from 'vitest'
import { readBadges } from '#ledger/badges'
import { insertDecision } from '#ledger/decision'
import { readLabels } from '#ledger/label-text'
import { listMovements } from '#ledger/movement-list'
import { NO_PEOPLE, reconcileLedger } from '#services/reconcile-ledger'
import { reportingFlow } from '#services/reporting-flow'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

anOfficeForEachTest()
afterEach(() => expectKeptBooksTrue(office.ledger, office.clock.now()))

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const flows = (filters: object) => call(reportingFlow.list, { filters }, { context: office.ctx })
const codes = (labels: readonly { readonly code: string }[]) => labels.map((l) => l.code)

test('a credited flow that nothing may be posted of says why, in lists, counts and menu, until a person decides', async () => {
  const a1 = await office.quota(5000)
  const a2 = await office.quota(3000)
  const first = flowOf(F1, [[a1.iuv, 5000]])
  const [row] = first.rows
  await office.importFlows(first)
  await office.importFlows({ ...first, rows: [{ ...row, iur: 'ALTRO' } as never] })
  await office.importFlows(flowOf(F2, [[a2.iuv, 3000]]))
  await office.loadStatement([
    ['2026-03-12', 5000, causaleOf(F1)],
    ['2026-03-13', 3000, causaleOf(F2)],
  ])
  const blocked = await flows({ blocked: true })
  expect(blocked.rows.map((r) => [r.flowId, codes(r.blocks)])).toEqual([[F1, ['FLOW_VERSION_CONFLICT']]])
  expect(codes(blocked.rows[0]?.labels ?? [])).toContain('FLOW_VERSION_CONFLICT')
  expect((await flows({ blocked: false })).rows.map((r) => r.flowId)).toEqual([F2])
  expect((await flows({ withProblems: true })).rows.map((r) => r.flowId)).toEqual([F1])
  expect(await call(reportingFlow.counts, undefined, { context: office.ctx })).toMatchObject({ all: 2, blocked: 1 })
  expect(await office.ledger.read(readBadges)).toMatchObject({ toDecide: 1 })

  await office.write(async (db) => {
    const version = await db
      .selectFrom('reportingFlowVersion')
      .select('contentHash')
      .orderBy('id')
      .executeTakeFirstOrThrow()
    await insertDecision(db, {
      ...{ kind: 'chooseVersion', subjectKind: 'reportingFlow', subjectKey: F1, reason: 'È la prima' },
      ...{ payload: { flowId: F1, contentHash: version.contentHash }, at: office.clock.now(), operator: 'prova' },
    })
    await reconcileLedger(db, office.clock.now(), NO_PEOPLE)
  })
  expect((await flows({ blocked: true })).rows).toEqual([])
  expect(await office.ledger.read(readBadges)).toMatchObject({ toDecide: 0 })
})

test('a movement keeps all that is said of it', async () => {
  const a1 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 5000, causaleOf(F1)],
    ['2026-03-13', -2000, `STORNO ${causaleOf(F1)}`],
  ])
  const movements = await office.ledger.read((db) => listMovements(db, {}))
  const said = movements.map((m) => codes(readLabels(m.labelsJson).labels))
  expect(said.map((labels) => labels[0])).toEqual(movements.map((m) => m.code))
  expect(said[0]).toContain('STORNED')
  expect(said[0]?.length).toBeGreaterThan(1)
})
