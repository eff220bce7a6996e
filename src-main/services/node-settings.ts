import { type Instant, isInstant } from '#domain/date'
import { NODE_PRODUCTS, type NodeEnvironment, type NodeProduct } from '#domain/node-ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { ENVIRONMENTS, NODE_PRODUCT_NAMES } from '#domain/vocabulary'
import { readNodeSettings, saveNodeSettings } from '#ledger/node-connection'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { keysOf, named, nodeSecret, readOffice } from './node-connection.ts'

const ALL = Object.keys(ENVIRONMENTS) as NodeEnvironment[]

/** Beside the keys, since it speaks of them: a trial on one computer says nothing of the keys of another. */
function trialSecret(environment: NodeEnvironment): string {
  return `node:${environment}:tested`
}

/** When a trial last went well on this machine with the keys that it has, for this institution; null where none did. */
export async function lastTrial(context: ServiceContext, environment: NodeEnvironment): Promise<Instant | null> {
  const { institution } = await context.ledger.read(readOffice)
  const [at, fiscalCode] = ((await context.secrets.get(trialSecret(environment))) ?? '').split(' ')
  return isInstant(at) && fiscalCode === institution.fiscalCode ? at : null
}

/** @param fiscalCode of the institution with which it went well; null where it did not. */
export async function keepTrial(
  context: ServiceContext,
  environment: NodeEnvironment,
  fiscalCode: string | null,
): Promise<void> {
  if (fiscalCode === null) await context.secrets.delete(trialSecret(environment))
  else await context.secrets.set(trialSecret(environment), `${context.clock.now()} ${fiscalCode}`)
}

/** What lacks on this machine before the environment can be used. */
export async function lacksOf(
  context: ServiceContext,
  environment: NodeEnvironment,
  products: Readonly<Record<NodeProduct, boolean>>,
): Promise<Problem[]> {
  if (environment === 'rehearsal') {
    return context.rehearsalNode === null ? [problem('NODE_NO_REHEARSAL', {})] : []
  }
  const keys = await keysOf(context, environment)
  return NODE_PRODUCTS.filter((product) => products[product] && keys[product] === null).map((product) =>
    problem('NODE_KEY_MISSING', named(product, environment), { severity: 'warning' }),
  )
}

async function connectionOut(context: ServiceContext, environment: NodeEnvironment) {
  const settings = await context.ledger.read((db) => readNodeSettings(db, environment))
  const keys = await keysOf(context, environment)
  const { products, ibansCheckedAt: _checked, ...rest } = settings
  const perProduct = NODE_PRODUCTS.map((product) => {
    // The keys of the rehearsal are its own, made each time it opens.
    const hasKey = environment === 'rehearsal' || keys[product] !== null
    return [product, { on: products[product], hasKey }] as const
  })
  return {
    ...rest,
    environment,
    products: Object.fromEntries(perProduct) as Record<NodeProduct, { on: boolean; hasKey: boolean }>,
    testedAt: await lastTrial(context, environment),
    lacks: await lacksOf(context, environment, products),
  }
}

/** How the node is reached in each environment: what the settings page reads and writes. */
export const nodeSettings = {
  get: os.node.get.handler(async ({ context }) => {
    const { institution } = await context.ledger.read(readOffice)
    const connections = []
    for (const environment of ALL) connections.push(await connectionOut(context, environment))
    return {
      environment: institution.environment,
      institutionName: institution.name,
      fiscalCode: institution.fiscalCode,
      segregationCode: institution.segregationCode,
      connections,
      secretsPlace: context.secrets.place,
    }
  }),

  save: os.node.save.handler(async ({ context, input }) => {
    const { environment, keys, ...values } = input
    const before = await context.ledger.read((db) => readNodeSettings(db, environment))
    const given = NODE_PRODUCTS.flatMap((product) => {
      const key = keys[product]
      return environment === 'rehearsal' || key === null ? [] : [{ product, key: key.trim() }]
    })
    const wrong = given.filter(({ key }) => !/^[\x21-\x7e]*$/.test(key))
    if (wrong.length > 0) {
      throw new ProblemError(
        ...wrong.map(({ product }) => problem('NODE_KEY_FORM', { product: NODE_PRODUCT_NAMES[product] })),
      )
    }
    // What was tried is no longer what is there.
    const reached = (one: Pick<typeof before, 'brokerCode' | 'stationCode' | 'products'>) =>
      JSON.stringify([one.brokerCode, one.stationCode, NODE_PRODUCTS.map((product) => one.products[product])])
    const moved = given.length > 0 || reached(before) !== reached(values)
    if (moved) await keepTrial(context, environment, null)
    // The keys first: what is switched on can be used at once.
    for (const { product, key } of given) {
      if (key === '') await context.secrets.delete(nodeSecret(environment, product))
      else await context.secrets.set(nodeSecret(environment, product), key)
    }
    const told = { ...values, environment, keysChanged: given.map(({ product }) => product) }
    await context.ledger.write(command(context, 'node.save', told), async (db) => {
      const { ibansCheckedAt } = await readNodeSettings(db, environment)
      await saveNodeSettings(db, environment, { ...values, ibansCheckedAt })
    })
    context.nodePublisher.restart()
    return connectionOut(context, environment)
  }),
}
