import { type Instant, instantOf } from '#domain/date'
import type { HeldPosition } from '#domain/gpd'
import type { NodeAnswer } from '#domain/node-ports'
import { toldOutside } from '#domain/node-step'
import { heldPaymentsOf, type NodeRowPatch, type RowChange } from '#ledger/node-position'
import { BULK, FEW, goesInBulk, REMOVED_AT_ONCE } from './choose.ts'
import type { PublishRun } from './core.ts'
import { acceptedPatch, askedPatch, faultPatch, type Job, lostPatch, paidOutsidePatch } from './outcome.ts'

/** So few that halving them asks no fewer calls than sending each alone. */
const TOO_FEW_TO_HALVE = 4
/** Bulk calls refused before the rest goes one by one: with many bad rows halving only adds calls. */
const MOST_REFUSALS = 8

/** Tells the node of all of these, several calls at a time; each step is closed as soon as its end is known. */
export async function tellAll(run: PublishRun, jobs: readonly Job[]): Promise<void> {
  const calls = callsOf(run, jobs)[Symbol.iterator]()
  const lane = async () => {
    for (const call of calls) await call()
  }
  await Promise.all(Array.from({ length: run.options.parallel }, lane))
}

function callsOf(run: PublishRun, jobs: readonly Job[]): (() => Promise<void>)[] {
  const bulk = Map.groupBy(jobs.filter(goesInBulk), ({ step }) => step)
  const alone = jobs.filter((job) => !goesInBulk(job))
  const many: (() => Promise<void>)[] = []
  for (const [step, of] of bulk) {
    const size = step === 'remove' ? REMOVED_AT_ONCE : BULK
    if (of.length <= FEW) alone.push(...of)
    else for (let at = 0; at < of.length; at += size) many.push(() => new Bulk(run).send(of.slice(at, at + size)))
  }
  return [...many, ...alone.map((job) => () => tellOne(run, job))]
}

/** Many in one call; where it is refused the bad ones are found, whether the others were taken or not. */
class Bulk {
  readonly #run: PublishRun
  #refusals = 0

  constructor(run: PublishRun) {
    this.#run = run
  }

  async send(jobs: readonly Job[]): Promise<void> {
    const run = this.#run
    if (!(await run.mayCall())) return release(run, jobs)
    const answer = run.heard(await askMany(run, jobs))
    const at = run.now()
    if (answer.kind === 'ok') return run.close(jobs.map((job) => change(job, acceptedPatch(job, null, at))))
    if (answer.kind !== 'refused') return run.close(jobs.map((job) => change(job, faultPatch(job, answer, run))))
    this.#refusals += 1
    if (this.#refusals === 1 && (await this.#tookSome(jobs))) {
      return run.close(jobs.map((job) => change(job, lostPatch(job, at))))
    }
    if (jobs.length <= TOO_FEW_TO_HALVE || this.#refusals > MOST_REFUSALS) {
      for (const job of jobs) await tellOne(run, job)
      return
    }
    const middle = Math.ceil(jobs.length / 2)
    await this.send(jobs.slice(0, middle))
    await this.send(jobs.slice(middle))
  }

  /**
   * Whether a refused bulk takes its good rows all the same is said nowhere (pagopa.md §7.3): one of them tells. If it is there, asking
   * how each stands costs a call a row, sending each again two.
   */
  async #tookSome(jobs: readonly Job[]): Promise<boolean> {
    const [first] = jobs
    if (first?.step !== 'create' || !(await this.#run.mayCall())) return false
    const { context, to } = this.#run
    const answer = this.#run.heard(await context.node.gpd.read(to, 'v1', first.row.iupd))
    return answer.kind === 'ok' && answer.value !== null
  }
}

function askMany({ context, to }: PublishRun, jobs: readonly Job[]): Promise<NodeAnswer<null>> {
  const { gpd } = context.node
  const [first] = jobs
  if (first?.step === 'remove') {
    return gpd.removeMany(
      to,
      jobs.map(({ row }) => row.iupd),
    )
  }
  const positions = jobs.flatMap(({ body }) => (body?.api === 'v1' ? [body.position] : []))
  return first?.step === 'create' ? gpd.createMany(to, positions, true) : gpd.updateMany(to, positions, true)
}

async function tellOne(run: PublishRun, job: Job): Promise<void> {
  if (!(await run.mayCall())) return release(run, [job])
  if (job.step === 'payOutside') return payOutside(run, job)
  if (job.step === 'ask') return ask(run, job)
  const answer = run.heard(await actOn(run, job))
  const patch = answer.kind === 'ok' ? acceptedPatch(job, answer.value, run.now()) : faultPatch(job, answer, run)
  await run.close([change(job, patch)])
}

function actOn({ context, to }: PublishRun, { step, row, facts, body }: Job): Promise<NodeAnswer<HeldPosition | null>> {
  const { gpd } = context.node
  const api = row.api ?? facts.api
  if (step === 'create' && body !== null) return gpd.create(to, body, true)
  if (step === 'update' && body !== null) return gpd.update(to, body, true)
  if (step === 'publish') return gpd.publish(to, api, row.iupd)
  if (step === 'invalidate') return gpd.invalidate(to, row.iupd)
  return gpd.remove(to, api, row.iupd)
}

async function ask(run: PublishRun, job: Job): Promise<void> {
  const { context, to } = run
  const { row, facts } = job
  const api = row.api ?? facts.api
  let answer = run.heard(await context.node.gpd.read(to, api, row.iupd))
  // v1 does not read plans (pagopa.md §7.3): what was sent last may have been one.
  if (answer.kind === 'refused' && (await run.mayCall())) {
    answer = run.heard(await context.node.gpd.read(to, api === 'v1' ? 'v3' : 'v1', row.iupd))
  }
  const patch = answer.kind === 'ok' ? askedPatch(job, answer.value, run) : faultPatch(job, answer, run)
  await run.close([change(job, patch)])
}

/** One call a payment; what was told stays told when the next one fails. */
async function payOutside(run: PublishRun, job: Job): Promise<void> {
  const held = heldPaymentsOf(job.row) ?? []
  const told: string[] = []
  for (const nav of toldOutside(job.facts.paidOutside, held)) {
    if (!(await run.mayCall())) break
    const answer = run.heard(await run.context.node.gpd.paidOutside(run.to, nav, paidAtOf(run, job, nav)))
    if (answer.kind !== 'ok') {
      const before = told.length === 0 ? {} : paidOutsidePatch(held, told, run.now())
      return run.close([change(job, { ...before, ...faultPatch(job, answer, run) })])
    }
    told.push(nav)
  }
  await run.close([change(job, told.length === 0 ? {} : paidOutsidePatch(held, told, run.now()))])
}

/** Noon of the day on which it was paid, the same day in every zone; never later than now. */
function paidAtOf(run: PublishRun, { position }: Job, nav: string): Instant | null {
  const of = [position.single, ...position.installments].find((one) => one?.noticeNumber === nav)
  if (!of?.paidDate) return null
  return instantOf(Math.min(Date.parse(`${of.paidDate}T12:00:00Z`), Date.parse(run.now())))
}

function release(run: PublishRun, jobs: readonly Job[]): Promise<void> {
  return run.close(jobs.map((job) => change(job, {})))
}

function change({ row }: Job, patch: NodeRowPatch): RowChange {
  return { iupd: row.iupd, patch }
}
