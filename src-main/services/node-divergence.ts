import type { z } from 'zod'
import type { contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { instantOf } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { formatCents } from '#domain/money'
import {
  type DivergenceChoice,
  type DivergenceKind,
  divergenceChoices,
  divergenceReason,
  divergenceSides,
  type Side,
  saidThere,
} from '#domain/node-divergence'
import type { NodeEnvironment } from '#domain/node-ports'
import { ABSENT, thrownAway } from '#domain/node-step'
import { stateWord } from '#domain/vocabulary'
import { decisionsOn, insertDecisions, revokeDecisions } from '#ledger/decision'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import {
  countDivergences,
  dropStrangers,
  listDiverged,
  listStrangers,
  markStranger,
  readNodeRowsByIupd,
} from '#ledger/node-follow'
import {
  heldPaymentsOf,
  NO_FAULT,
  type NodeRow,
  type NodeRowPatch,
  patchNodeRows,
  presentEnvironment,
  settleOnNode,
} from '#ledger/node-position'
import { readStoredPositions } from '#ledger/position-version'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { longWork } from './long-work.ts'
import { needNode } from './node-connection.ts'
import { refreshOnNode } from './node-follow.ts'
import { unreachable } from './node-follower.ts'
import { receiveFromNode } from './node-inbox-read.ts'
import { KEEP_DECISION, KEEP_SUBJECT } from './node-said.ts'
import { today } from './produced-file.ts'
import { chosenPositions, LeftOut } from './selection.ts'

export type Divergence = z.output<
  NonNullable<(typeof contract)['nodePosition']['divergences']['~orpc']['outputSchema']>
>['rows'][number]

const RULES: ListRules<Divergence> = {
  text: (row) => [row.personName, row.noticeNumber, row.iupd, row.reason],
  columns: {
    personName: (row) => row.personName,
    noticeNumber: (row) => row.noticeNumber,
    kind: (row) => row.reason,
    at: (row) => row.at,
  },
}

/** Null: whichever. */
interface Asked {
  readonly debtPositionId?: Id<'debtPosition'> | null
  readonly iupds?: ReadonlySet<string> | null
}

/** Everything in which the node differs from the books: what waits for a choice, and what a person left as it is. */
export async function readDivergences(
  db: ReadHandle,
  environment: NodeEnvironment,
  { debtPositionId = null, iupds = null }: Asked = {},
): Promise<Divergence[]> {
  const isAsked = ({ iupd }: { readonly iupd: string }) => iupds === null || iupds.has(iupd)
  const rows = (await listDiverged(db, environment, debtPositionId)).filter(isAsked)
  const positions = new Map(
    (await readStoredPositions(db, [...new Set(rows.map((row) => row.debtPositionId))])).map((p) => [
      p.id as number,
      p,
    ]),
  )
  const strangers = debtPositionId === null ? (await listStrangers(db, environment)).filter(isAsked) : []
  const left = await reasonsToKeep(db, [
    ...rows.filter(isKept).map((row) => row.iupd),
    ...strangers.filter((row) => row.keptState === row.state).map((row) => row.iupd),
  ])
  const own = rows.flatMap((row): Divergence[] => {
    const position = positions.get(row.debtPositionId)
    if (position === undefined || row.divergence === null) return []
    const kind = row.divergence as DivergenceKind
    const kept = isKept(row) ? (left.get(row.iupd) ?? '') : null
    const held = heldPaymentsOf(row)
    return [
      {
        ...{ iupd: row.iupd, debtPositionId: position.id, personName: position.personName, kind, kept },
        noticeNumber: (position.single ?? position.installments[0])?.noticeNumber ?? '',
        reason: divergenceReason(kind),
        sides: sidesOf(row) ?? [
          ...divergenceSides({
            position,
            held: { state: row.state, before: row.state, heldVersion: row.heldVersion, payments: held },
            fields: [],
          }),
        ],
        there: saidThere(position, held),
        at: row.saidAt ?? row.faultAt ?? instantOf(0),
        choices: [...divergenceChoices(kind, kept !== null)],
      },
    ]
  })
  const foreign = strangers.map((row): Divergence => {
    const kept = row.keptState === row.state ? (row.keptReason ?? '') : null
    const first = heldPaymentsOf(row)?.[0]
    return {
      ...{ iupd: row.iupd, debtPositionId: null, kind: 'unknownHere', there: null, at: row.seenAt, kept },
      personName: 'Nessuna posizione qui',
      noticeNumber: first?.nav ?? '',
      reason: divergenceReason('unknownHere'),
      sides: [
        { what: 'Importo', here: 'non c’è', there: `${formatCents(row.cents)} €` },
        { what: 'Stato', here: 'non c’è', there: stateWord('node', row.state).word },
        ...(first?.description ? [{ what: 'Causale', here: 'non c’è', there: first.description }] : []),
      ],
      choices: [...divergenceChoices('unknownHere', kept !== null)],
    }
  })
  return [...own, ...foreign]
}

function isKept(row: NodeRow): boolean {
  return row.keptDivergence !== null && row.keptDivergence === row.divergence
}

function sidesOf(row: NodeRow): Side[] | null {
  return row.sidesJson === null ? null : (JSON.parse(row.sidesJson) as Side[])
}

async function reasonsToKeep(db: ReadHandle, iupds: readonly string[]): Promise<Map<string, string>> {
  const said = await decisionsOn(
    db,
    iupds.map((key) => ({ kind: KEEP_SUBJECT, key })),
    [KEEP_DECISION],
  )
  return new Map(said.map((one) => [one.subjectKey, one.reason]))
}

interface Resolve {
  readonly iupds: readonly string[]
  readonly choice: DivergenceChoice & ('resend' | 'removeThere' | 'keep' | 'reopen')
  readonly reason: string
}

async function resolve(context: ServiceContext, { iupds, choice, reason }: Resolve) {
  const out = new LeftOut()
  const asked = new Set(iupds)
  const { environment, found } = await context.ledger.read(async (db) => {
    const present = await presentEnvironment(db)
    const all = new Map((await readDivergences(db, present, { iupds: asked })).map((one) => [one.iupd, one]))
    return { environment: present, found: [...asked].flatMap((iupd) => all.get(iupd) ?? []) }
  })
  out.add('la differenza non c’è più', asked.size - found.length)
  const able = found.filter((one) => one.choices.some((c) => c.choice === choice))
  out.add('con questa scelta non si risolve', found.length - able.length)
  let resolved = able.length
  if (able.length > 0) {
    if (choice === 'removeThere') resolved = await removeThere(context, able, out)
    else {
      const write = command(context, `nodePosition.${choice}`, { positions: able.length, reason })
      await context.ledger.write(write, async (db) => {
        if (choice === 'keep') await keep(db, context, environment, able, reason)
        else if (choice === 'reopen') await reopen(db, context, environment, able, reason)
        else await resend(db, environment, able)
      })
      if (choice === 'resend') context.nodePublisher.kick()
    }
  }
  return { resolved, leftOut: out.list() }
}

async function keep(
  db: WriteHandle,
  context: ServiceContext,
  environment: NodeEnvironment,
  chosen: readonly Divergence[],
  reason: string,
): Promise<void> {
  const rows = await readNodeRowsByIupd(
    db,
    environment,
    chosen.map((one) => one.iupd),
  )
  const states = new Map((await listStrangers(db, environment)).map((row) => [row.iupd, row.state]))
  const at = context.clock.now()
  await insertDecisions(
    db,
    chosen.map(({ iupd, kind, debtPositionId }) => ({
      decision: {
        ...{ kind: KEEP_DECISION, subjectKind: KEEP_SUBJECT, subjectKey: iupd, reason, at, operator: context.operator },
        payload: { kind, environment, sides: rows.get(iupd)?.sidesJson ?? '' } as JsonValue,
      },
      subjects: [
        { kind: KEEP_SUBJECT, key: iupd },
        ...(debtPositionId === null ? [] : [{ kind: 'debtPosition', key: String(debtPositionId) }]),
      ],
    })),
  )
  for (const { iupd, debtPositionId } of chosen) {
    const state = states.get(iupd)
    if (debtPositionId === null && state !== undefined) await markStranger(db, environment, iupd, { state, reason })
  }
  await patchAll(db, environment, chosen, ({ divergence }) => ({ keptDivergence: divergence }))
}

/** «Lascia così» taken back: it waits for a choice again. */
async function reopen(
  db: WriteHandle,
  context: ServiceContext,
  environment: NodeEnvironment,
  chosen: readonly Divergence[],
  reason: string,
): Promise<void> {
  const said = await decisionsOn(
    db,
    chosen.map(({ iupd }) => ({ kind: KEEP_SUBJECT, key: iupd })),
    [KEEP_DECISION],
  )
  await revokeDecisions(db, said, { reason, at: context.clock.now(), operator: context.operator })
  for (const { iupd, debtPositionId } of chosen) {
    if (debtPositionId === null) await markStranger(db, environment, iupd, null)
  }
  await patchAll(db, environment, chosen, () => ({ keptDivergence: null }))
}

/** The node is told again what stands here: it holds none of our versions, or has none at all. */
async function resend(db: WriteHandle, environment: NodeEnvironment, chosen: readonly Divergence[]): Promise<void> {
  await patchAll(db, environment, chosen, (row) => ({
    ...{ divergence: null, keptDivergence: null, sidesJson: null, heldVersion: row.state === ABSENT ? null : 0 },
    ...{ ...NO_FAULT, attempts: 0, nextAt: null, pending: 1 },
  }))
}

async function patchAll(
  db: WriteHandle,
  environment: NodeEnvironment,
  chosen: readonly Divergence[],
  patch: (row: NodeRow) => NodeRowPatch,
): Promise<void> {
  const rows = await readNodeRowsByIupd(
    db,
    environment,
    chosen.map((one) => one.iupd),
  )
  await patchNodeRows(
    db,
    environment,
    [...rows.values()].map((row) => ({ iupd: row.iupd, patch: patch(row) })),
  )
  await settleOnNode(db, environment, [...new Set([...rows.values()].map((row) => row.debtPositionId))])
}

/** What is no position of ours, or is paid here already, is taken off the node, one by one; what somebody has paid there stays. */
async function removeThere(context: ServiceContext, chosen: readonly Divergence[], out: LeftOut): Promise<number> {
  const to = await needNode(context, 'gpd')
  const { gpd } = context.node
  const { strangers, own } = await context.ledger.read(async (db) => ({
    strangers: new Map((await listStrangers(db, to.environment)).map((row) => [row.iupd, row])),
    own: await readNodeRowsByIupd(
      db,
      to.environment,
      chosen.map((one) => one.iupd),
    ),
  }))
  const gone: { readonly iupd: string; readonly state: string }[] = []
  for (const { iupd } of chosen) {
    const api = strangers.get(iupd)?.api ?? own.get(iupd)?.api
    if (!api) continue
    const read = await gpd.read(to, api, iupd)
    if (read.kind !== 'ok') {
      out.add(read.reason)
      if (read.kind === 'closed') break
      continue
    }
    const state = read.value?.status ?? ABSENT
    if (thrownAway(state)) gone.push({ iupd, state })
    else if (/PAID|REPORTED/.test(state)) out.add('qualcuno l’ha pagata')
    else {
      const plain = api === 'v1' && state !== 'DRAFT'
      const answer = plain ? await gpd.invalidate(to, iupd) : await gpd.remove(to, api, iupd)
      if (answer.kind === 'ok') gone.push({ iupd, state: plain ? 'INVALID' : ABSENT })
      else out.add(answer.reason)
    }
  }
  if (gone.length > 0) {
    const write = command(context, 'nodePosition.removeThere', { positions: gone.length })
    await context.ledger.write(write, async (db) => {
      const iupds = gone.map(({ iupd }) => iupd)
      await dropStrangers(db, to.environment, iupds)
      const states = new Map(gone.map(({ iupd, state }) => [iupd, state]))
      const ours = chosen.filter(({ iupd, debtPositionId }) => debtPositionId !== null && states.has(iupd))
      await patchAll(db, to.environment, ours, ({ iupd }) => ({
        ...{ state: states.get(iupd) ?? ABSENT, saidAt: context.clock.now(), divergence: null },
        ...{ keptDivergence: null, sidesJson: null },
      }))
    })
  }
  return gone.length
}

/** What `nodePosition` answers about following; its other procedures are those of publishing. */
export const nodeFollow = {
  refresh: os.nodePosition.refresh.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const ids =
        'open' in input
          ? null
          : await context.ledger.read((db) => chosenPositions(db, input.selection as never, today(context)))
      const { paidThere, ...told } = await refreshOnNode(context, ids, report)
      if (paidThere.length === 0) return told
      report('Chiedo le ricevute', 0, paidThere.length)
      const diverged = await askReceipts(context)
      return { ...told, diverged: diverged ?? told.diverged }
    })
  }),

  divergences: os.nodePosition.divergences.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { kind, kept, debtPositionId } = input.filters
      const all = await readDivergences(db, await presentEnvironment(db), { debtPositionId })
      const shown = all.filter((one) => (one.kept !== null) === kept && (kind.length === 0 || kind.includes(one.kind)))
      const total = { kept: all.filter((one) => one.kept !== null).length }
      return answerOf(searchAndSort(shown, input, RULES), input, total)
    }),
  ),

  reach: os.nodePosition.reach.handler(async ({ context }) => {
    const present = await context.ledger.read(presentEnvironment)
    return { unreachable: unreachable(context.nodeCalls.latest(), present) }
  }),

  resolve: os.nodePosition.resolve.handler(({ context, input }) => resolve(context, input)),
}

/** The receipts of what the node says is paid; a node that gives none leaves it told as a difference. */
async function askReceipts(context: ServiceContext): Promise<number | null> {
  try {
    const { receipts } = await receiveFromNode(context, ['receipts'])
    if (receipts.added === 0) return null
  } catch (error) {
    context.log.warn('receipts of what the node says is paid', { error: String(error) })
    return null
  }
  return context.ledger.read(async (db) => countDivergences(db, await presentEnvironment(db)))
}
