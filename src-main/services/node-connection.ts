import {
  NODE_ORIGINS,
  NODE_PRODUCTS,
  type NodeConnection,
  type NodeEnvironment,
  type NodeProduct,
} from '#domain/node-ports'
import { ProblemError, problem } from '#domain/problem'
import { ENVIRONMENTS, NODE_PRODUCT_NAMES } from '#domain/vocabulary'
import { listBankAccounts } from '#ledger/bank-account'
import { type Institution, listSegregationCodes, readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { type NodeSettings, readNodeSettings } from '#ledger/node-connection'
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
  const { institution } = await context.ledger.read(readOffice)
  return nodeIn(context, institution.environment, ...products)
}

/** The same for an environment that may not be the one in use: for trying it. */
export async function nodeIn(
  context: Reached,
  environment: NodeEnvironment,
  ...products: readonly NodeProduct[]
): Promise<NodeConnection> {
  const { institution, settings } = await context.ledger.read(async (db) => ({
    ...(await readOffice(db)),
    settings: await readNodeSettings(db, environment),
  }))
  const off = products.find((product) => !settings.products[product])
  if (off !== undefined) throw new ProblemError(problem('NODE_PRODUCT_OFF', named(off, environment)))
  const { origin, keys } = await reached(context, environment)
  const used = NODE_PRODUCTS.map((product) => [product, settings.products[product] ? keys[product] : null] as const)
  const missing = products.find((product) => keys[product] === null)
  if (missing !== undefined) throw new ProblemError(problem('NODE_KEY_MISSING', named(missing, environment)))
  return {
    ...{ environment, origin },
    fiscalCode: institution.fiscalCode,
    brokerCode: settings.brokerCode ?? institution.fiscalCode,
    keys: Object.fromEntries(used) as NodeConnection['keys'],
  }
}

/** @throws ProblemError INSTITUTION_MISSING before the first run. */
export async function readOffice(db: ReadHandle): Promise<{ readonly institution: Institution }> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  return { institution }
}

/** Under the lock, before what one environment said enters the books. @throws ProblemError NODE_ENVIRONMENT_MOVED */
export async function holdEnvironment(db: ReadHandle, seen: NodeEnvironment): Promise<void> {
  requireSameEnvironment(seen, (await readOffice(db)).institution.environment)
}

/** What was seen, or asked, in one environment is never done in another. @throws ProblemError NODE_ENVIRONMENT_MOVED */
export function requireSameEnvironment(seen: NodeEnvironment, now: NodeEnvironment): void {
  if (seen === now) return
  const names = { seen: ENVIRONMENTS[seen].name, now: ENVIRONMENTS[now].name }
  throw new ProblemError(problem('NODE_ENVIRONMENT_MOVED', names))
}

/** Parameters of the problems that name a product and an environment. */
export function named(product: NodeProduct, environment: NodeEnvironment) {
  return { product: NODE_PRODUCT_NAMES[product], environment: ENVIRONMENTS[environment].name }
}

/** Keys of this machine; those of the rehearsal are the rehearsal node's own. */
export async function keysOf(
  context: Pick<ServiceContext, 'secrets'>,
  environment: NodeEnvironment,
): Promise<NodeConnection['keys']> {
  const entries = await Promise.all(
    NODE_PRODUCTS.map(async (product) => {
      const key = await context.secrets.get(nodeSecret(environment, product))
      return [product, key] as const
    }),
  )
  return Object.fromEntries(entries) as NodeConnection['keys']
}

async function reached(
  context: Reached,
  environment: NodeEnvironment,
): Promise<Pick<NodeConnection, 'origin' | 'keys'>> {
  if (environment !== 'rehearsal') {
    return { origin: NODE_ORIGINS[environment], keys: await keysOf(context, environment) }
  }
  if (context.rehearsalNode === null) throw new ProblemError(problem('NODE_NO_REHEARSAL', {}))
  return context.rehearsalNode.open()
}

/** What the rehearsal's Back office knows of the institution: all that ours says, so that everything works at once. */
export async function knownInRehearsal(db: ReadHandle) {
  const { institution } = await readOffice(db)
  const settings = await readNodeSettings(db, 'rehearsal')
  const brokerCode = settings.brokerCode ?? institution.fiscalCode
  const accounts = (await listBankAccounts(db)).filter(({ closedDate }) => closedDate === null)
  return {
    fiscalCode: institution.fiscalCode,
    name: institution.name,
    brokerCode,
    stationCode: stationOf(settings, institution),
    segregationCodes: await listSegregationCodes(db),
    ibans: accounts.flatMap(({ iban, name }) => (iban == null ? [] : [{ iban, description: name }])),
  }
}

/** The first station of the broker where none was written. */
export function stationOf(settings: NodeSettings, institution: Pick<Institution, 'fiscalCode'>): string {
  return settings.stationCode ?? `${settings.brokerCode ?? institution.fiscalCode}_01`
}

/** Where a person pays in the rehearsal. @throws ProblemError NODE_NO_REHEARSAL. */
export async function needRehearsalPage(context: Pick<ServiceContext, 'rehearsalNode'>): Promise<string> {
  if (context.rehearsalNode === null) throw new ProblemError(problem('NODE_NO_REHEARSAL', {}))
  return (await context.rehearsalNode.open()).pageUrl
}
