import {
  NODE_ORIGINS,
  NODE_PRODUCTS,
  type NodeConnection,
  type NodeEnvironment,
  type NodeProduct,
} from '#domain/node-ports'
import { ProblemError, problem } from '#domain/problem'
import { ENVIRONMENTS, NODE_PRODUCT_NAMES } from '#domain/vocabulary'
import { readInstitution } from '#ledger/institution'
import { readNodeSettings } from '#ledger/node-connection'
import type { ServiceContext } from './context.ts'

type Reached = Pick<ServiceContext, 'ledger' | 'secrets' | 'rehearsalNode'>

/** Name under which the keychain of this machine keeps a key. */
export function nodeSecret(environment: NodeEnvironment, product: NodeProduct): string {
  return `node:${environment}:${product}`
}

/**
 * How the node of the institution's environment is reached now. A key is null where its product is off or has none.
 * @param products those without which the caller can do nothing.
 * @throws ProblemError in words where one of them lacks.
 */
export async function needNode(context: Reached, ...products: readonly NodeProduct[]): Promise<NodeConnection> {
  const institution = await context.ledger.read(readInstitution)
  if (institution === null) throw new ProblemError(problem('NODE_NO_INSTITUTION', {}))
  return nodeIn(context, institution.environment, products)
}

/** The same for an environment that may not be the one in use: for trying it. */
export async function nodeIn(
  context: Reached,
  environment: NodeEnvironment,
  products: readonly NodeProduct[] = [],
): Promise<NodeConnection> {
  const { institution, settings } = await context.ledger.read(async (db) => ({
    institution: await readInstitution(db),
    settings: await readNodeSettings(db, environment),
  }))
  if (institution === null) throw new ProblemError(problem('NODE_NO_INSTITUTION', {}))
  for (const product of products) {
    if (!settings.products[product]) throw new ProblemError(problem('NODE_PRODUCT_OFF', named(product, environment)))
  }
  const { origin, keys } = await reached(context, environment)
  const used = NODE_PRODUCTS.map((product) => [product, settings.products[product] ? keys[product] : null] as const)
  const connection = {
    ...{ environment, origin },
    fiscalCode: institution.fiscalCode,
    brokerCode: settings.brokerCode ?? institution.fiscalCode,
    keys: Object.fromEntries(used) as NodeConnection['keys'],
  }
  for (const product of products) {
    if (connection.keys[product] === null) {
      throw new ProblemError(problem('NODE_KEY_MISSING', named(product, environment)))
    }
  }
  return connection
}

function named(product: NodeProduct, environment: NodeEnvironment) {
  return { product: NODE_PRODUCT_NAMES[product], environment: ENVIRONMENTS[environment].name }
}

async function reached(
  context: Reached,
  environment: NodeEnvironment,
): Promise<Pick<NodeConnection, 'origin' | 'keys'>> {
  if (environment === 'rehearsal') {
    if (context.rehearsalNode === null) throw new ProblemError(problem('NODE_NO_REHEARSAL', {}))
    const { origin, keys } = await context.rehearsalNode.open()
    return { origin, keys }
  }
  const keys = await Promise.all(
    NODE_PRODUCTS.map(
      async (product) => [product, await context.secrets.get(nodeSecret(environment, product))] as const,
    ),
  )
  return { origin: NODE_ORIGINS[environment], keys: Object.fromEntries(keys) as NodeConnection['keys'] }
}
