import { romeDate, yearOf } from '#domain/date'
import { isWorthTelling, journalText } from '#domain/journal-words'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { alboTroubles } from '#ledger/albo-sent'
import { type Badges, readBadges } from '#ledger/badges'
import { listExercises } from '#ledger/chart'
import {
  collectedMonths,
  competenzaMonths,
  type RoadNumbers,
  readE1,
  readRoad,
  residuiVariations,
} from '#ledger/dashboard-numbers'
import { type JournalRow, listJournal } from '#ledger/journal-list'
import type { ReadHandle } from '#ledger/ledger'
import { readOnNode } from '#ledger/node-follow'
import { partnerToDo } from '#ledger/partner'
import { listPending } from '#ledger/pending-movement'
import { readSetting } from '#ledger/setting'
import { readSituation, type SituationRow } from '#ledger/situation'
import { readToDecide } from '#ledger/to-decide'
import { listWatchedFolders } from '#ledger/watched-folder'
import { os } from './context.ts'
import { nextStepOf, todoOf } from './dashboard-todo.ts'
import { readFromNode } from './node-inbox-todo.ts'
import { ALARMS_SETTING } from './reconcile-ledger.ts'
import { taxonomyTroubles } from './taxonomy-warnings.ts'

const ACTIVITY = 8
const SCANNED_AT_ONCE = 250
const MAX_SCANNED = 5000

/** Month ends: each adds to the one before; null for the months that have not come. */
function monthEnds(
  issued: readonly number[],
  collected: readonly number[],
  lastYear: readonly number[] | null,
  lastMonth: number,
  opening = 0,
) {
  let issuedSum = opening
  let collectedSum = 0
  let lastYearSum = 0
  return issued.map((amount, index) => {
    issuedSum += amount
    collectedSum += collected[index] ?? 0
    lastYearSum += lastYear?.[index] ?? 0
    const come = index < lastMonth
    return {
      month: index + 1,
      issuedCents: come ? cents(issuedSum) : null,
      collectedCents: come ? cents(collectedSum) : null,
      lastYearCollectedCents: lastYear === null ? null : cents(lastYearSum),
    }
  })
}

function hangs(n: number, one: string, many: string): string | null {
  return n === 0 ? null : `${n.toLocaleString('it-IT')} ${n === 1 ? one : many}`
}

function roadOf(road: RoadNumbers, { toDecide, reversaliReady: ready }: Badges, toPublish: number) {
  const undelivered = Math.max(0, road.issued.count - road.delivered)
  const unpaid = Math.max(0, road.issued.count - road.paid.count)
  const step = <S extends string>(name: S, amount: { count: number; cents: Cents | null }, hanging: string | null) => ({
    step: name,
    count: amount.count,
    cents: amount.cents,
    hanging,
  })
  return [
    step('accertato', road.accertato, hangs(road.notIssued.count, 'senza avviso', 'senza avviso')),
    step(
      'emesso',
      road.issued,
      hangs(toPublish, 'da pubblicare', 'da pubblicare') ?? hangs(undelivered, 'da consegnare', 'da consegnare'),
    ),
    step('consegnato', { count: road.delivered, cents: null }, hangs(unpaid, 'non pagata', 'non pagate')),
    step('pagato', road.paid, hangs(road.flowsWaiting.count, 'flusso da accreditare', 'flussi da accreditare')),
    step('riconciliato', road.matched, hangs(toDecide, 'riga da decidere', 'righe da decidere')),
    step('reversali', road.reversali, hangs(ready, 'pronta', 'pronte')),
  ]
}

async function checksOf(db: ReadHandle, competenza: readonly SituationRow[]) {
  const e1 = await readE1(db)
  const same = e1.collected === e1.reversali && e1.reversali === e1.regularised
  const accertato = sum(competenza.map((s) => s.accertatoCents))
  const parts = sum(competenza.flatMap((s) => [s.riscossoCents, s.daRiscuotereCents]))
  return [
    {
      ok: same,
      text: same
        ? `Riscosso, reversali e accrediti regolarizzati coincidono: ${formatCents(cents(e1.reversali))} €`
        : `Riscosso ${formatCents(cents(e1.collected))}, reversali ${formatCents(cents(e1.reversali))}, regolarizzato ${formatCents(cents(e1.regularised))}: non coincidono`,
    },
    {
      ok: accertato === parts && competenza.every((s) => s.daRiscuotereCents >= 0),
      text: `Accertato ${formatCents(accertato)} € = riscosso + da riscuotere`,
    },
  ]
}

/** A campaign leaves two entries a notice: the last acts of people may stand far behind them. */
async function lastActs(db: ReadHandle): Promise<JournalRow[]> {
  const filter = { operator: null, from: null, to: null, ascending: false }
  const found: JournalRow[] = []
  for (let offset = 0; offset < MAX_SCANNED && found.length < ACTIVITY; offset += SCANNED_AT_ONCE) {
    const page = await listJournal(db, filter, { offset, limit: SCANNED_AT_ONCE })
    found.push(...page.filter((e) => isWorthTelling(e.command)))
    if (page.length < SCANNED_AT_ONCE) break
  }
  return found.slice(0, ACTIVITY)
}

export const dashboard = {
  get: os.dashboard.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { exercise } = input
      const today = romeDate(context.clock.now())
      const year = yearOf(today)
      const lastMonth = year > exercise ? 12 : year < exercise ? 0 : Number(today.slice(5, 7))
      const road = await readRoad(db, exercise)
      const badges = await readBadges(db)
      const kept = await readSetting(db, ALARMS_SETTING)
      const alarms =
        kept === null ? { count: 0, cents: cents(0) } : (JSON.parse(kept) as { count: number; cents: Cents })
      const similar = await listPending(db, {})
      const folders = (await listWatchedFolders(db)).flatMap(({ name, note, active }) =>
        active && note !== null ? [{ name, note }] : [],
      )
      const arrivals = { similar: { count: similar.length, cents: sum(similar.map((r) => r.cents)) }, folders }
      const taxonomy = await taxonomyTroubles(db, today)
      const node = await readOnNode(db, today)
      const waiting = {
        alarms,
        arrivals,
        toDecide: await readToDecide(db),
        albo: await alboTroubles(db),
        taxonomy,
        node,
        partner: await partnerToDo(db),
        fromNode: await readFromNode(db, context.clock.now()),
      }
      const todo = todoOf(road, badges, waiting)
      const situation = await readSituation(db, exercise)
      const competenza = situation.filter((s) => !s.residui)
      const residui = situation.filter((s) => s.residui)
      const months = await competenzaMonths(db, exercise)
      const exercises = await listExercises(db)
      const open = exercises.some((e) => e.year === exercise && e.state === 'open')
      const before = exercises.some((e) => e.year === exercise - 1)
      const lastYear = before ? await collectedMonths(db, exercise - 1, 'competenza') : null
      const lastYearResidui = before ? await collectedMonths(db, exercise - 1, 'residui') : null
      const variations = await residuiVariations(db, exercise)
      const opening = sum(residui.map((s) => s.accertatoCents)) - variations.reduce((a, b) => a + b, 0)
      const collectedResidui = await collectedMonths(db, exercise, 'residui')
      const entries = await lastActs(db)
      return {
        road: roadOf(road, badges, node.toPublish.count),
        nextStep: nextStepOf(road, todo, Math.max(0, road.issued.count - road.delivered), open),
        todo: [...todo],
        checks: await checksOf(db, competenza),
        months: monthEnds(months.issued, months.collected, lastYear, lastMonth),
        residuiMonths: monthEnds(variations, collectedResidui, lastYearResidui, lastMonth, opening),
        totals: {
          issuedCents: sum(competenza.map((s) => s.accertatoCents)),
          collectedCents: sum(competenza.map((s) => s.riscossoCents)),
          outstandingCents: sum(competenza.map((s) => s.daRiscuotereCents)),
        },
        capitoli: competenza.map(({ code, name, accertatoCents, riscossoCents, daRiscuotereCents }) => ({
          code,
          name,
          accertatoCents,
          riscossoCents,
          daRiscuotereCents,
        })),
        activity: entries.map((e) => ({ at: e.at, operator: e.operator, text: journalText(e.command, e.payload) })),
      }
    }),
  ),
}
