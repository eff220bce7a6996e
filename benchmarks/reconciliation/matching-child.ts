// One size of the match in a process of its own: `matching-child <rows>` prints milliseconds and megabytes as JSON.
import { cpuUsage, resourceUsage } from 'node:process'
import { readCausale } from '#domain/causale'
import { addDays, type Instant, type IsoDate, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { reconcile } from '#domain/reconcile'
import type {
  DueAccertamento,
  FlowRowEvidence,
  FlowVersionEvidence,
  MovementEvidence,
  PayableInstallment,
  ReconcileInput,
} from '#domain/reconcile-evidence'

const ROWS_OF_A_FLOW = 200
const RECEIVER = '80000000000'
const PSPS = ['ABCDITM1XXX', 'EFGHITMM', 'ABI01234', 'ILMNITRRXXX', 'OPQRIT2B', 'UVWXITMMXXX', 'XYZAITRR', 'ABI05678']

type CompactRow = readonly [iuv: string, iur: string, idTransfer: number, cents: number, outcome: string, day: IsoDate]

/** mulberry32. */
function dice(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }
}

/** Whole, as a database gives it: pieces put together are joined by whoever reads them first, which would be the match. */
const iuvOf = (n: number): string => Buffer.from(`01${String(n).padStart(15, '0')}`).toString('latin1')
const centsOf = (n: number): number => 5000 + ((n * 37) % 30_000)
const dayOf = (flow: number): IsoDate => addDays(isoDate('2026-01-02'), flow % 360)
const flowIdOf = (flow: number): string => `${dayOf(flow)}${PSPS[flow % PSPS.length]}-${String(flow).padStart(10, '0')}`

/** The rows of each flow as compact JSON arrays; payers come in no order. */
function flowTexts(rows: number): string[] {
  const roll = dice(5)
  const payers = Int32Array.from({ length: rows }, (_, i) => i)
  for (let i = rows - 1; i > 0; i--) {
    const j = roll(i + 1)
    const other = payers[j] as number
    payers[j] = payers[i] as number
    payers[i] = other
  }
  return Array.from({ length: rows / ROWS_OF_A_FLOW }, (_, flow) => {
    const of = payers.subarray(flow * ROWS_OF_A_FLOW, (flow + 1) * ROWS_OF_A_FLOW)
    const list = Array.from(of, (n): CompactRow => {
      const outcome = n % 50 === 0 ? '9' : '0'
      return [iuvOf(n), `${String(n * 7919).padStart(12, '0')}IUR${flow}`, 1, centsOf(n), outcome, dayOf(flow)]
    })
    return JSON.stringify(list)
  })
}

/** What was prepared before leaves garbage that is not the work's own: it is collected first. */
function timed<T>(work: () => T): { value: T; ms: number; cpuMs: number } {
  globalThis.gc?.()
  const before = cpuUsage()
  const from = performance.now()
  const value = work()
  const ms = performance.now() - from
  const { user, system } = cpuUsage(before)
  return { value, ms, cpuMs: (user + system) / 1000 }
}

function versionOf(flow: number, compact: readonly CompactRow[]): FlowVersionEvidence {
  const rows = compact.map(
    ([iuv, iur, idTransfer, amount, outcome, outcomeDate]): FlowRowEvidence => ({
      ...{ iuv, iur, idTransfer, cents: cents(amount), outcome, outcomeDate },
    }),
  )
  return {
    ...{ versionId: flow + 1, flowId: flowIdOf(flow), receiver: RECEIVER, revision: 1, contentHash: String(flow) },
    flowDateTime: `${dayOf(flow)}T22:00:00.000Z` as Instant,
    declaredCents: cents(rows.reduce((sum, r) => sum + r.cents, 0)),
    declaredCount: rows.length,
    regulationDate: dayOf(flow),
    regulationId: `TRN${String(flow).padStart(12, '0')}`,
    pspCode: PSPS[flow % PSPS.length] as string,
    rows,
  }
}

/** Each flow's credit (one in ten in two transfers), single payments, strangers and debits: twenty movements a flow. */
function movementsOf(versions: readonly FlowVersionEvidence[]): MovementEvidence[] {
  const out: MovementEvidence[] = []
  const add = (day: IsoDate, amount: number, description: string): void => {
    const movementId = out.length + 1
    out.push({
      ...{ movementId, bankAccountId: 1, bookingDate: day, cents: cents(amount), description, stornoOf: null },
      fingerprint: String((movementId * 2_654_435_761) % 4_294_967_296),
      reference: readCausale(description).reference,
    })
  }
  versions.forEach((version, flow) => {
    const total = version.declaredCents as number
    const text = `BONIFICO A VOSTRO FAVORE PER /PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${version.flowId}`
    const day = addDays(version.regulationDate, 1)
    if (flow % 10 === 3) {
      add(day, 1000, text)
      add(day, total - 1000, `${text.slice(0, 50)} ${text.slice(50)}`)
    } else add(day, total, flow % 10 === 7 ? text.slice(0, -4) : text)
    for (let k = out.length % 20; k < 19; k++) {
      if (k % 3 === 0) add(day, -(100 + k), `ADDEBITO ${flow} COMMISSIONI ${k}`)
      else add(day, 2000 + k * 31 + (flow % 97), `BONIFICO DA CLIENTE ${flow} FATTURA ${k}`)
    }
  })
  return out
}

function evidence(rows: number, versions: readonly FlowVersionEvidence[]): ReconcileInput {
  const installments: PayableInstallment[] = []
  const due: DueAccertamento[] = []
  for (let n = 0; n < rows; n++) {
    const amount = cents(centsOf(n))
    const allocations = [{ accertamentoId: n + 1, cents: amount }]
    const transfers = [{ idTransfer: 1, cents: amount, own: true, stamp: false, allocations }]
    installments.push({ iuv: iuvOf(n), positionId: n + 1, version: 1, option: 'single', cancelled: false, transfers })
    due.push({
      ...{ accertamentoId: n + 1, exercise: 2026, number: n + 1, dueDate: isoDate('2026-03-31'), dueCents: amount },
      ...{ personId: n % 20_000, fiscalCode: null, personName: 'Persona di prova' },
    })
  }
  return {
    ...{ receiver: RECEIVER, segregationCodes: ['01'], installments, due, receipts: [], versions },
    ...{ movements: movementsOf(versions), decisions: [], kept: [] },
  }
}

const rows = Number(process.argv[2])
const texts = flowTexts(rows)
// A parser that is warm, on rows that are dropped at once.
for (const text of texts.slice(0, 100)) JSON.parse(text)
const parsed = timed(() => texts.map((text) => JSON.parse(text) as CompactRow[]))
const versions = parsed.value.map((compact, flow) => versionOf(flow, compact))
texts.length = 0
parsed.value.length = 0
const input = evidence(rows, versions)
const before = Math.round(process.memoryUsage().rss / 1_000_000)
const matched = timed(() => reconcile(input))
const { lines, flows, movements } = matched.value
const credited = flows.filter((f) => f.credit === 'credited').length
console.log(
  JSON.stringify({
    ...{ parseMs: parsed.ms, parseCpuMs: parsed.cpuMs, matchMs: matched.ms, matchCpuMs: matched.cpuMs },
    ...{ inputMb: before, peakMb: Math.round(resourceUsage().maxRSS / 1000) },
    ...{ rows, flows: flows.length, movements: movements.length, lines: lines.length, credited },
  }),
)
