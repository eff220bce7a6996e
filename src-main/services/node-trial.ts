import { addDays } from '#domain/date'
import type {
  NodeAnswer,
  NodeConnection,
  NodeEnvironment,
  NodeFault,
  NodeProduct,
  NodeService,
} from '#domain/node-ports'
import { problemText } from '#domain/problem'
import { NODE_PRODUCT_NAMES } from '#domain/vocabulary'
import { readNodeSettings } from '#ledger/node-connection'
import { os, type ServiceContext } from './context.ts'
import { longWork } from './long-work.ts'
import { accountProblems, askAccounts } from './node-accounts.ts'
import { nodeIn } from './node-connection.ts'
import { keepTrial } from './node-settings.ts'
import { today } from './produced-file.ts'

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

interface Trial {
  readonly product: NodeProduct
  readonly service: NodeService
  readonly step: string
  run(to: NodeConnection, signal: AbortSignal | undefined): Promise<Outcome>
}

/** Asks each service for something that changes nothing; one line each, in the order in which a position needs them. */
function trialsOf(context: ServiceContext): readonly Trial[] {
  const { node } = context
  const day = today(context)
  return [
    {
      ...{ product: 'gpd', service: 'gpd', step: 'Posizioni (v1)' },
      run: async (to, signal) => said(to, 'gpd', await node.gpd.list(to, { api: 'v1', page: 0 }, signal)),
    },
    {
      ...{ product: 'gpd', service: 'gpd', step: 'Posizioni a rate (v3)' },
      run: async (to, signal) => said(to, 'gpd', await node.gpd.list(to, { api: 'v3', page: 0 }, signal)),
    },
    {
      ...{ product: 'gpd', service: 'massive', step: 'Carico massivo' },
      run: async (to, signal) => said(to, 'gpd', await node.massive.files(to, addDays(day, -1), day, signal)),
    },
    {
      ...{ product: 'gpd', service: 'receipts', step: 'Ricevute' },
      run: async (to, signal) => said(to, 'gpd', await node.receipts.list(to, { page: 0, size: 1 }, signal)),
    },
    {
      ...{ product: 'fdr', service: 'fdr', step: 'Flussi di rendicontazione' },
      run: async (to, signal) => said(to, 'fdr', await node.fdr.list(to, { page: 1 }, signal)),
    },
    {
      ...{ product: 'checkout', service: 'checkout', step: 'Checkout' },
      run: async (to, signal) => said(to, 'checkout', await node.checkout.tryKey(to, signal)),
    },
    {
      ...{ product: 'backoffice', service: 'backoffice', step: 'Back office, IBAN e stazioni' },
      run: (to, signal) => tryAccounts(context, to, signal),
    },
  ]
}

function said(to: NodeConnection, product: NodeProduct, answer: NodeAnswer<unknown>): Outcome {
  if (answer.kind === 'ok') return { ok: true, text: 'Risponde e riconosce la chiave.' }
  return { ok: false, text: refused(to, product, answer) }
}

/** Which key or which code is refused, and what to do. */
function refused(to: NodeConnection, product: NodeProduct, fault: NodeFault): string {
  const key = `Chiave «${NODE_PRODUCT_NAMES[product]}» rifiutata`
  const reply = fault.reply === '' ? '' : ` (${fault.reply})`
  if (fault.status === 401) return `${key}: copiala di nuovo dal Back office pagoPA.${reply}`
  if (fault.status === 403) return `${key}. ${fault.reason}${reply}`
  const codes = fault.status === 404 ? `Ente ${to.fiscalCode}, intermediario ${to.brokerCode}. ` : ''
  return `${codes}${fault.reason}${reply}`
}

async function tryAccounts(
  context: ServiceContext,
  to: NodeConnection,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const answer = await askAccounts(context.node, to, signal)
  if (answer.kind !== 'ok') return { ok: false, text: refused(to, 'backoffice', answer) }
  const day = today(context)
  const problems = await context.ledger.read((db) => accountProblems(db, to.environment, answer, day))
  if (problems.length > 0) return { ok: false, text: problems.map(problemText).join(' ') }
  return { ok: true, text: 'IBAN in uso attivi; stazione e codice di segregazione tornano.' }
}

/** All that a trial depends on. */
async function reachedBy(context: ServiceContext, environment: NodeEnvironment) {
  const to = await nodeIn(context, environment)
  const { products, stationCode } = await context.ledger.read((db) => readNodeSettings(db, environment))
  return { to, products, stationCode }
}

/** «Prova collegamento»: nothing changes on the node nor in the books. */
export const nodeTrial = {
  test: os.node.test.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const { environment } = input
      const { to, products, stationCode } = await reachedBy(context, environment)
      const reached = JSON.stringify({ to, products, stationCode })
      const trials = trialsOf(context).filter(({ product }) => products[product])
      let done = 0
      report('Provo i servizi', done, trials.length)
      // All at once: a line that is down is told after one wait, not after seven.
      const steps = await Promise.all(
        trials.map(async ({ product, service, step, run }) => {
          const began = performance.now()
          const outcome =
            to.keys[product] === null
              ? { ok: false, text: `Manca la chiave «${NODE_PRODUCT_NAMES[product]}»: copiala dal Back office pagoPA.` }
              : await run(to, signal)
          done += 1
          report('Provo i servizi', done, trials.length)
          return { service, step, ...outcome, ms: Math.round(performance.now() - began) }
        }),
      )
      const passed = steps.length > 0 && steps.every(({ ok }) => ok)
      // Keys and codes may have changed under a slow trial: of the new ones it says nothing.
      const holds = passed && JSON.stringify(await reachedBy(context, environment)) === reached
      await keepTrial(context, environment, holds ? to.fiscalCode : null)
      return { steps, passed }
    }),
  ),
}
