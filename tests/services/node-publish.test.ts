import { call } from '@orpc/server'
import { afterEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { NodeEnvironment } from '#domain/node-ports'
import { readNodeSettings, saveNodeSettings } from '#ledger/node-connection'
import { writeEnvironment } from '#ledger/node-environment'
import { showEnvironment, unwantOnNode, wantOnNode } from '#ledger/node-position'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { RESTING_PUBLISHER } from '../../src-main/services/node-publish/publisher-port.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import type { FaultRule } from '../../src-main/simulator/node/faults.ts'
import type { RehearsalNode } from '../../src-main/simulator/node/server.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { ENGINES, minutesLater, nodeOf } from './support/published.ts'

let office: Office
let node: RehearsalNode

afterEach(async () => {
  await office?.close()
})

type Target = ReturnType<(typeof ENGINES)[number]['target']>
type Ids = Id<'debtPosition'>[]

const PLAN = { count: 3, withSingle: true, firstDue: '2026-06-30', everyMonths: 1 }

async function open(
  target: Target,
  count: number,
  more: { readonly plan?: boolean; readonly massiveFrom?: number } = {},
) {
  office = await openOffice(undefined, target)
  await office.raise(members(count, { dueDate: null }))
  await office.generate({ dueDate: '2026-06-30', ...(more.plan === true ? { installments: PLAN } : {}) })
  node = await nodeOf(office)
  node.settings.massiveEveryMs = 0
  if (more.massiveFrom !== undefined) await settings({ massiveFrom: more.massiveFrom })
}

function write<T>(work: (db: Parameters<Parameters<Office['context']['ledger']['write']>[1]>[0]) => Promise<T>) {
  const { ledger, clock } = office.context
  return ledger.write({ command: 'test', operator: 'prova', payload: {}, at: clock.now() }, work)
}

function settings(change: Partial<Awaited<ReturnType<typeof readNodeSettings>>>) {
  return write(async (db) =>
    saveNodeSettings(db, 'rehearsal', { ...(await readNodeSettings(db, 'rehearsal')), ...change }),
  )
}

const positionIds = async (): Promise<Ids> => (await office.positions()).rows.map((row) => row.id)

async function publish(ids: Ids) {
  const options = office.options()
  const selection = { ids }
  const { environment, count, stamp } = await call(nodePosition.publishPreview, { selection }, options)
  return outcome(await call(nodePosition.publish, { selection, environment, expected: count, stamp }, options))
}

/** Until nothing more leaves by itself, whatever time it takes on the clock. */
async function settled(): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    office.context.nodePublisher.kick()
    await office.context.nodePublisher.idle()
    const { waiting, stopped } = await call(nodePosition.status, undefined, office.options())
    if (waiting === 0 || stopped !== null) return
    minutesLater(office, 1)
  }
  throw new Error('it goes on for an hour')
}

async function cancel(ids: Ids) {
  const selection = { ids }
  const { count, stamp } = await call(positionAct.cancelPreview, { selection }, office.options())
  const input = { selection, reason: 'Emesse per errore', expected: count, stamp }
  return outcome(await call(positionAct.cancel, input, office.options()))
}

async function change(ids: Ids, dueDate: string) {
  const selection = { ids }
  const change = { dueDate: { kind: 'to', date: dueDate } } as never
  const { count, stamp } = await call(positionAct.changePreview, { selection, change }, office.options())
  const input = { selection, change, reason: 'Proroga', expected: count, stamp }
  return outcome(await call(positionAct.change, input, office.options()))
}

/** Current iupd, what lists show of it and what it asks. */
function here() {
  return office.context.ledger.read(async (db) => {
    const rows = await db
      .selectFrom('debtPosition as p')
      .innerJoin('debtPositionVersion as v', (join) =>
        join.onRef('v.debtPositionId', '=', 'p.id').onRef('v.version', '=', 'p.currentVersion'),
      )
      .select(['p.id', 'v.iupd', 'p.nodeState', 'p.syncState'])
      .orderBy('v.iupd')
      .execute()
    return rows
  })
}

const stands = async () => (await here()).map(({ nodeState, syncState }) => `${syncState} ${nodeState}`)
const there = () =>
  [...node.store.all('position')].map(({ iupd, status }) => `${iupd} ${status}`).sort((a, b) => (a < b ? -1 : 1))
const calls = () => {
  const seen: string[] = []
  const { onExchange } = node
  node.onExchange = (exchange) => {
    seen.push(`${exchange.method} ${exchange.path.replace(/^.*\/(v\d|upload)\//, '$1/').replace(/\?.*$/, '')}`)
    onExchange?.(exchange)
  }
  return (pattern: RegExp) => seen.filter((one) => pattern.test(one)).length
}

describe.each(ENGINES)('$name', ({ target }) => {
  test('where nothing leaves, whoever waits is told so', async () => {
    await open(target(), 12, { plan: true })
    const ids = await positionIds()
    node.faults.set([{ kind: 'tooMany', share: 1, retryAfterSeconds: 3600 }])
    const quiet = await publish(ids)
    expect(quiet).toMatchObject({ done: { count: 0 }, waiting: 12, stopped: null })
    // Nothing is written over and over meanwhile: each write would wake every workstation.
    const holds = await office.context.ledger.read((db) =>
      db.selectFrom('journalEntry').select('command').where('command', '=', 'nodePosition.hold').execute(),
    )
    expect(holds.length).toBeLessThan(6)
    await office.context.nodePublisher.close()
    const resting = { ...office.context, nodePublisher: RESTING_PUBLISHER }
    const selection = { ids }
    await write((db) => unwantOnNode(db, 'rehearsal', ids))
    const { environment, count, stamp } = await call(nodePosition.publishPreview, { selection }, { context: resting })
    const input = { selection, environment, expected: count, stamp }
    const told = await outcome(await call(nodePosition.publish, input, { context: resting }))
    expect(told).toMatchObject({ waiting: 12, stopped: expect.stringContaining('non manda niente al nodo') })
  }, 30_000)

  test('what waits for its time goes now when a person says so; what was refused stays to be mended', async () => {
    await open(target(), 5, {})
    const ids = await positionIds()
    const refused = ids[0] as Ids[number]
    node.faults.set([{ kind: 'serverError', share: 1, service: 'gpd' }])
    await publish(ids)
    await write((db) =>
      db
        .updateTable('nodePosition')
        .set({ faultKind: 'refused', pending: 0, nextAt: null })
        .where('debtPositionId', '=', refused)
        .execute(),
    )
    const status = () => call(nodePosition.status, undefined, office.options())
    const before = await status()
    expect(before).toMatchObject({ waiting: 4, resting: 4, working: false, stopped: null })
    expect(before.nextTryAt).not.toBeNull()
    node.faults.set([])
    const made = calls()
    expect(await call(nodePosition.retry, { waiting: true }, office.options())).toEqual({ queued: 4 })
    await office.context.nodePublisher.idle()
    expect(await status()).toMatchObject({ waiting: 0, resting: 0 })
    expect(there()).toHaveLength(4)
    expect(made(/^(POST|PUT)/)).toBeGreaterThan(0)
    expect((await here()).find((row) => row.id === refused)).toMatchObject({ nodeState: null })
  }, 30_000)

  test.each([
    ['one by one', 3, {}, /^POST v1\/.*debtpositions$/, 3],
    ['in bulk', 30, {}, /^POST v2\/.*debtpositions$/, 1],
    ['as plans', 4, { plan: true }, /^POST v3\/.*debtpositions$/, 4],
  ] as const)('%s', async (_, count, more, pattern, times) => {
    await open(target(), count, more)
    const made = calls()
    const told = await publish(await positionIds())
    expect(told).toMatchObject({ done: { count }, refused: 0, waiting: 0, stopped: null, leftOut: [] })
    expect(there()).toEqual((await here()).map(({ iupd }) => `${iupd} VALID`))
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect(made(pattern)).toBe(times)
    expect(made(/^(POST|PUT)/)).toBe(times)
  })

  test('thousands go in a file, followed to its report', async () => {
    await open(target(), 40, { massiveFrom: 40 })
    const made = calls()
    const ids = await positionIds()
    const preview = await call(nodePosition.publishPreview, { selection: { ids } }, office.options())
    expect(preview.ways).toEqual([{ way: 'massive', count: 40, calls: 1 }])
    await write((db) => wantOnNode(db, 'rehearsal', ids))
    await settled()
    expect(made(/^POST .*file$/)).toBe(1)
    expect(made(/^POST v\d\/org/)).toBe(0)
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect(there()).toEqual((await here()).map(({ iupd }) => `${iupd} VALID`))
  })

  test('what changes here changes there; what is cancelled is taken away, and comes back under other numbers', async () => {
    await open(target(), 8)
    const ids = await positionIds()
    await publish(ids)
    await change(ids.slice(0, 2), '2026-09-30')
    await settled()
    const due = [...node.store.all('position')].map((one) => one.options[0]?.payments[0]?.dueDate.slice(0, 10)).sort()
    expect(due).toEqual([...Array(6).fill('2026-06-30'), '2026-09-30', '2026-09-30'])
    await cancel(ids.slice(0, 1))
    await settled()
    expect((await stands()).sort()).toEqual([...Array(7).fill('synced VALID'), 'synced INVALID'].sort())
    const before = there().find((one) => one.endsWith('INVALID'))
    const selection = { ids: ids.slice(0, 1) }
    const { count, stamp, newNumbers } = await call(positionAct.reactivatePreview, { selection }, office.options())
    expect(newNumbers).toBe(1)
    const input = { selection, reason: 'Era dovuta', expected: count, stamp }
    await outcome(await call(positionAct.reactivate, input, office.options()))
    await settled()
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect(there()).toContain(before)
    expect(there()).toHaveLength(9)
  })

  test('plans are taken away, since v3 invalidates nothing', async () => {
    await open(target(), 3, { plan: true })
    const ids = await positionIds()
    await publish(ids)
    await cancel(ids)
    await settled()
    expect(there()).toEqual([])
    expect(new Set(await stands())).toEqual(new Set(['synced ABSENT']))
  })
})

describe('one bad row in a bulk', () => {
  test.each(['allOrNothing', 'rowByRow'] as const)('%s: it alone waits for a person', async (bulk) => {
    await open(undefined, 40)
    node.settings.bulk = bulk
    // Somebody else has put one of our notice numbers on the node already.
    const ids = await positionIds()
    const rows = await here()
    const taken = rows[17] as (typeof rows)[number]
    await publish([taken.id])
    const stolen = [...node.store.all('position')][0] as { iupd: string; organizationFiscalCode: string }
    node.store.change((changes) => {
      changes.remove('position', `${stolen.organizationFiscalCode}/${stolen.iupd}`)
      changes.put('position', `${stolen.organizationFiscalCode}/ALTRA-1`, { ...stolen, iupd: 'ALTRA-1' } as never)
    })
    await write((db) => db.deleteFrom('nodePosition').execute())
    const made = calls()
    const told = await publish(ids)
    expect(told).toMatchObject({ done: { count: 39 }, refused: 1, waiting: 0 })
    expect(there()).toHaveLength(40)
    const faults = await call(nodePosition.faults, { filters: {} } as never, office.options())
    expect(faults.rows).toMatchObject([{ debtPositionId: taken.id, status: 409, step: 'create', place: 'position' }])
    expect(faults.rows[0]?.acts).toContain('reissue')
    // Halving finds it in fewer calls than sending each alone.
    expect(made(/^POST/)).toBeLessThan(40)

    // One click: new numbers, and it goes.
    const input = { debtPositionIds: [taken.id] } as never
    const again = await outcome(await call(nodePosition.reissue, input, office.options()))
    expect(again.count).toBe(1)
    await settled()
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect((await call(nodePosition.faults, { filters: {} } as never, office.options())).count).toBe(0)
  })
})

describe('calls that fail', () => {
  const KINDS: readonly FaultRule['kind'][] = [
    ...(['serverError', 'serverErrorAfter', 'tooMany', 'hangUp', 'hangUpAfter', 'truncated', 'twice'] as const),
  ]
  test.each(KINDS)('%s: nothing twice, nothing lost', async (kind) => {
    await open(undefined, 12)
    const [first, ...others] = await positionIds()
    for (const operation of ['createPosition', 'createMultiplePositions']) {
      node.faults.set([{ kind, share: 1, times: 2, retryAfterSeconds: 1 }])
      await write((db) => wantOnNode(db, 'rehearsal', operation === 'createPosition' ? [first as Ids[number]] : others))
      await settled()
    }
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect(there()).toEqual((await here()).map(({ iupd }) => `${iupd} VALID`))
  })

  test.each(['hangUpAfter', 'truncated', 'twice', 'serverErrorAfter'] as const)(
    'a file of which no answer came (%s) is found again and not loaded twice',
    async (kind) => {
      await open(undefined, 20, { massiveFrom: 20 })
      const ids = await positionIds()
      node.faults.set([{ kind, share: 1, times: 1, service: 'massive' }])
      const made = calls()
      await write((db) => wantOnNode(db, 'rehearsal', ids))
      await settled()
      expect(made(/^POST .*file$/)).toBe(1)
      expect(made(/^POST v\d\/org/)).toBe(0)
      expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    },
  )

  test('an answer «there is none» cut in the middle stops nothing', async () => {
    await open(undefined, 2)
    node.faults.set([
      { kind: 'serverError', share: 1, times: 2, operation: 'createPosition' },
      { kind: 'truncated', share: 1, times: 2, operation: 'getOrganizationDebtPositionByIUPD' },
    ])
    const ids = await positionIds()
    await write((db) => wantOnNode(db, 'rehearsal', ids))
    await settled()
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  })

  test('a key that the node does not accept stops the work once; mended, it goes on', async () => {
    await open(undefined, 3)
    const ids = await positionIds()
    const context = office.context as { rehearsalNode: NonNullable<Office['context']['rehearsalNode']> }
    const real = context.rehearsalNode
    // The publisher keeps the context of the program itself.
    const program = office.backend.context as unknown as typeof context
    expect(program.rehearsalNode).toBe(real)
    const { open: opened } = real
    const broken = async () => {
      const there = await opened.call(real)
      return { ...there, keys: { ...there.keys, gpd: 'wrong-key' } }
    }
    Object.assign(real, { open: broken })
    await write((db) => wantOnNode(db, 'rehearsal', ids))
    await settled()
    const { stopped, waiting } = await call(nodePosition.status, undefined, office.options())
    expect(stopped?.reason).toMatch(/chiave .* non è riconosciuta/)
    expect(stopped?.reason).not.toContain('wrong-key')
    expect(waiting).toBe(3)
    expect(new Set(await stands())).toEqual(new Set(['toSync null']))
    Object.assign(real, { open: opened })
    await call(nodePosition.retry, { debtPositionIds: [] }, office.options())
    await settled()
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  })
})

describe('what a person is told', () => {
  test('who is left out and why; the same preview a second time is refused', async () => {
    await open(undefined, 10)
    const ids = await positionIds()
    await cancel(ids.slice(0, 2))
    const options = office.options()
    const selection = { ids }
    const preview = await call(nodePosition.publishPreview, { selection }, options)
    expect(preview).toMatchObject({
      environment: 'rehearsal',
      count: 8,
      ways: [{ way: 'bulk', count: 8, calls: 1 }],
      leftOut: [{ reason: 'Sono annullate', count: 2 }],
      problems: [],
    })
    const seen = { environment: 'rehearsal' as NodeEnvironment, expected: 8, stamp: preview.stamp }
    await outcome(await call(nodePosition.publish, { selection, ...seen }, options))
    await expect(
      call(nodePosition.publish, { selection, ...seen }, options).then((work) => outcome(work)),
    ).rejects.toMatchObject({ data: { problems: [{ code: 'POSITION_ACT_REFUSED' }] } })
    await expect(
      call(nodePosition.publish, { selection, ...seen, environment: 'production' }, options).then((work) =>
        outcome(work),
      ),
    ).rejects.toMatchObject({ data: { problems: [{ code: 'NODE_ENVIRONMENT_MOVED' }] } })
  })

  test('nothing is published before the day on which the institution is active, nor while it is paused', async () => {
    await open(undefined, 3)
    const ids = await positionIds()
    await settings({ activeFrom: '2026-05-01' as never })
    await expect(publish(ids)).rejects.toMatchObject({ data: { problems: [{ code: 'NODE_BEFORE_ACTIVATION' }] } })
    await settings({ activeFrom: null })
    await call(nodePosition.pause, { paused: true }, office.options())
    expect(await publish(ids)).toMatchObject({ done: { count: 0 }, waiting: 3 })
    expect(there()).toEqual([])
    await call(nodePosition.pause, { paused: false }, office.options())
    await settled()
    expect(there()).toHaveLength(3)
  })

  test('where the institution wants it new positions leave by themselves', async () => {
    office = await openOffice()
    node = await nodeOf(office)
    await settings({ autoPublish: true })
    await office.raise(members(6, { dueDate: null }))
    await office.generate({ dueDate: '2026-06-30' })
    await settled()
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
    expect(there()).toHaveLength(6)
  })

  test('paid outside pagoPA: the node lets nobody pay it any more', async () => {
    await open(undefined, 2)
    const ids = await positionIds()
    await publish(ids)
    const id = ids[0] as Ids[number]
    const date = office.context.clock.now().slice(0, 10)
    const outside = { id, how: 'pos', document: 'Scontrino 12', date } as never
    await call(positionAct.payOutside, outside, office.options())
    await settled()
    expect(
      there()
        .map((one) => one.split(' ')[1])
        .sort(),
    ).toEqual(['PAID', 'VALID'])
    expect((await stands()).sort()).toEqual(['synced PAID', 'synced VALID'])
  })

  test('taken off the node: cancelled ones that it once refused to let go', async () => {
    await open(undefined, 2)
    const ids = await positionIds()
    await publish(ids)
    await call(nodePosition.pause, { paused: true }, office.options())
    await cancel(ids)
    const selection = { ids }
    const options = office.options()
    const preview = await call(nodePosition.withdrawPreview, { selection }, options)
    expect(preview).toMatchObject({ count: 2, ways: [{ way: 'few', count: 2, calls: 2 }] })
    await call(nodePosition.pause, { paused: false }, options)
    const { environment, count, stamp } = preview
    const told = await call(nodePosition.withdraw, { selection, environment, expected: count, stamp }, options)
      .then((work) => outcome(work))
      // It may have left by itself between the two.
      .catch((error: { data?: { problems?: { code: string }[] } }) => error.data?.problems?.[0]?.code ?? '')
    expect([2, 'POSITION_ACT_REFUSED', 'POSITION_ACT_MOVED']).toContain(
      typeof told === 'string' ? told : told.done.count,
    )
    await settled()
    expect(there().map((one) => one.split(' ')[1])).toEqual(['INVALID', 'INVALID'])
  })

  test('before a change or a cancellation the person knows that the node follows', async () => {
    await open(undefined, 3)
    const ids = await positionIds()
    await publish(ids.slice(0, 2))
    const options = office.options()
    const selection = { ids }
    const change = { dueDate: { kind: 'to', date: '2026-09-30' } } as never
    const changed = await call(positionAct.changePreview, { selection, change }, options)
    expect(changed.warnings).toMatchObject([{ code: 'POSITION_ON_NODE', params: { count: 2 }, severity: 'warning' }])
    const cancelled = await call(positionAct.cancelPreview, { selection }, options)
    expect(cancelled.warnings).toMatchObject([{ code: 'POSITION_OFF_NODE', params: { count: 2 } }])
  })

  test('another environment knows nothing of what this one holds, and finds it again', async () => {
    await open(undefined, 2)
    await publish(await positionIds())
    await write(async (db) => {
      await writeEnvironment(db, 'uat')
      await showEnvironment(db, 'uat')
    })
    expect(new Set(await stands())).toEqual(new Set(['none null']))
    await write(async (db) => {
      await writeEnvironment(db, 'rehearsal')
      await showEnvironment(db, 'rehearsal')
    })
    expect(new Set(await stands())).toEqual(new Set(['synced VALID']))
  })

  test('whoever stops the publication takes back what has not left', async () => {
    await open(undefined, 30)
    node.faults.set([{ kind: 'slow', share: 1, ms: 400 }])
    const ids = await positionIds()
    const abort = new AbortController()
    const options = office.options(abort.signal)
    const selection = { ids }
    const { environment, count, stamp } = await call(nodePosition.publishPreview, { selection }, options)
    const work = call(nodePosition.publish, { selection, environment, expected: count, stamp }, options).then(
      (stream) =>
        outcome(stream, ({ step }) => {
          if (step === 'Mando al nodo') abort.abort()
        }),
    )
    await expect(work).rejects.toBeDefined()
    node.faults.set([])
    await settled()
    // In bulk all or none had left: whatever the node holds is known here, and nothing is half way.
    expect(there()).toEqual(
      (await here()).filter((row) => row.syncState === 'synced').map(({ iupd }) => `${iupd} VALID`),
    )
    expect((await stands()).every((one) => one === 'synced VALID' || one === 'none null')).toBe(true)
  })

  test('the card of a position says what the node holds', async () => {
    await open(undefined, 1, { plan: true })
    const [id] = await positionIds()
    await publish([id as Ids[number]])
    const card = await call(nodePosition.card, { id: id as Ids[number] }, office.options())
    expect(card.rows).toMatchObject([{ current: true, state: 'VALID', heldVersion: 1, step: null, fault: null }])
    expect(card.rows[0]?.payments).toHaveLength(4)
  })
})
