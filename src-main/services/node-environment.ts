import { romeDate } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { ENVIRONMENTS } from '#domain/vocabulary'
import type { ReadHandle } from '#ledger/ledger'
import { readNodeSettings } from '#ledger/node-connection'
import { readNodeStake, writeEnvironment } from '#ledger/node-environment'
import { showEnvironment } from '#ledger/node-position'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { readOffice, requireSameEnvironment } from './node-connection.ts'
import { lacksOf, lastTrial } from './node-settings.ts'
import { today } from './produced-file.ts'

async function stakeOf(db: ReadHandle) {
  const { institution } = await readOffice(db)
  return { from: institution.environment, institution, ...(await readNodeStake(db, institution.environment)) }
}

/** What forbids real money: keys, a trial of today, payments in the books that nobody made. */
async function refusals(
  context: ServiceContext,
  to: NodeEnvironment,
  stake: Awaited<ReturnType<typeof stakeOf>>,
): Promise<Problem[]> {
  if (to !== 'production' || stake.from === 'production') return []
  const { products } = await context.ledger.read((db) => readNodeSettings(db, to))
  const lacks = await lacksOf(context, to, products)
  const trial = await lastTrial(context, to)
  const tried = trial !== null && romeDate(trial) === today(context)
  const { inventedReceipts: receipts, inventedFlows: flows } = stake
  return [
    ...(receipts + flows > 0 ? [problem('NODE_INVENTED_PAYMENTS', { receipts, flows })] : []),
    ...lacks.map((lack) => ({ ...lack, severity: 'error' as const })),
    ...(tried ? [] : [problem('NODE_NOT_TRIED', { environment: ENVIRONMENTS[to].name })]),
  ]
}

/** The one place in which the environment changes. */
export const nodeEnvironment = {
  choosePreview: os.node.choosePreview.handler(async ({ context, input }) => {
    const seen = await context.ledger.read(stakeOf)
    const { institution: _institution, ...stake } = seen
    return { ...stake, to: input.environment, problems: await refusals(context, input.environment, seen) }
  }),

  chooseEnvironment: os.node.chooseEnvironment.handler(async ({ context, input }) => {
    const { environment: to, typed } = input
    const seen = await context.ledger.read(stakeOf)
    const problems = await refusals(context, to, seen)
    if (problems.length > 0) throw new ProblemError(...problems)
    if (seen.from === to) return { environment: to }
    const { fiscalCode } = seen.institution
    if ((to === 'production' || seen.from === 'production') && typed !== fiscalCode) {
      throw new ProblemError(problem('NODE_NOT_TYPED', { fiscalCode }))
    }
    await context.ledger.write(command(context, 'node.chooseEnvironment', { from: seen.from, to }), async (db) => {
      // Again under the lock: another window may have chosen, a payment of the rehearsal come in between.
      const now = await stakeOf(db)
      requireSameEnvironment(seen.from, now.from)
      const { inventedReceipts: receipts, inventedFlows: flows } = now
      if (to === 'production' && receipts + flows > 0) {
        throw new ProblemError(problem('NODE_INVENTED_PAYMENTS', { receipts, flows }))
      }
      await writeEnvironment(db, to)
      // What one environment holds is not known to another.
      await showEnvironment(db, to)
    })
    // What closed a service there says nothing of this one.
    context.nodePublisher.restart()
    return { environment: to }
  }),
}
