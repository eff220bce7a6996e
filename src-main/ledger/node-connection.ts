import type { Instant, IsoDate } from '#domain/date'
import { NODE_PRODUCTS, type NodeEnvironment, type NodeProduct } from '#domain/node-ports'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { NodeConnectionTable, NodeIbanTable, NodeStationTable } from './schema/node-connection.ts'

/** How the node is reached and used in one environment; without keys. */
export interface NodeSettings {
  /** Null: the institution is its own broker. */
  readonly brokerCode: string | null
  readonly stationCode: string | null
  readonly products: Readonly<Record<NodeProduct, boolean>>
  /** Nothing is published before this day; null where there is none. */
  readonly activeFrom: IsoDate | null
  readonly returnUrls: { readonly ok: string; readonly cancel: string; readonly error: string } | null
  /** New positions are published by themselves. */
  readonly autoPublish: boolean
  /** So many positions or more go by the massive load. */
  readonly massiveFrom: number
  /** 0: receipts and flows are fetched only when asked. */
  readonly receiveEveryMinutes: number
  /** A message on App IO when a position is published. */
  readonly ioOnPublication: boolean
  readonly ibansCheckedAt: Instant | null
}

/** In the rehearsal everything works with no configuration; elsewhere nothing is done until somebody says so. */
function unsaid(environment: NodeEnvironment): NodeSettings {
  const rehearsal = environment === 'rehearsal'
  return {
    brokerCode: null,
    stationCode: null,
    products: { gpd: true, fdr: true, checkout: rehearsal, backoffice: true },
    activeFrom: null,
    returnUrls: null,
    autoPublish: false,
    massiveFrom: 1000,
    receiveEveryMinutes: 60,
    ioOnPublication: false,
    ibansCheckedAt: null,
  }
}

export async function readNodeSettings(db: ReadHandle, environment: NodeEnvironment): Promise<NodeSettings> {
  const row = await db
    .selectFrom('nodeConnection')
    .selectAll()
    .where('environment', '=', environment)
    .executeTakeFirst()
  return row === undefined ? unsaid(environment) : settingsOf(row)
}

function settingsOf(row: NodeConnectionTable): NodeSettings {
  const { returnOkUrl: ok, returnCancelUrl: cancel, returnErrorUrl: error } = row
  const on = Object.fromEntries(NODE_PRODUCTS.map((product) => [product, row[`${product}On`] === 1]))
  return {
    brokerCode: row.brokerCode,
    stationCode: row.stationCode,
    products: on as Record<NodeProduct, boolean>,
    activeFrom: row.activeFrom,
    returnUrls: ok === null || cancel === null || error === null ? null : { ok, cancel, error },
    autoPublish: row.autoPublish === 1,
    massiveFrom: row.massiveFrom,
    receiveEveryMinutes: row.receiveEveryMinutes,
    ioOnPublication: row.ioOnPublication === 1,
    ibansCheckedAt: row.ibansCheckedAt,
  }
}

export async function saveNodeSettings(
  db: WriteHandle,
  environment: NodeEnvironment,
  { products, returnUrls, ...settings }: NodeSettings,
): Promise<void> {
  const flag = (on: boolean) => (on ? (1 as const) : (0 as const))
  const columns = {
    ...settings,
    gpdOn: flag(products.gpd),
    fdrOn: flag(products.fdr),
    checkoutOn: flag(products.checkout),
    backofficeOn: flag(products.backoffice),
    returnOkUrl: returnUrls?.ok ?? null,
    returnCancelUrl: returnUrls?.cancel ?? null,
    returnErrorUrl: returnUrls?.error ?? null,
    autoPublish: flag(settings.autoPublish),
    ioOnPublication: flag(settings.ioOnPublication),
  }
  await db
    .insertInto('nodeConnection')
    .values({ environment, ...columns })
    .onConflict((conflict) => conflict.column('environment').doUpdateSet(columns))
    .execute()
}

export function listNodeIbans(db: ReadHandle, environment: NodeEnvironment): Promise<NodeIbanTable[]> {
  return db.selectFrom('nodeIban').selectAll().where('environment', '=', environment).orderBy('iban').execute()
}

export function listNodeStations(db: ReadHandle, environment: NodeEnvironment): Promise<NodeStationTable[]> {
  return db
    .selectFrom('nodeStation')
    .selectAll()
    .where('environment', '=', environment)
    .orderBy('stationCode')
    .orderBy('segregationCode')
    .execute()
}

/** What the Back office says takes the place of what it said before. */
export async function keepNodeAccounts(
  db: WriteHandle,
  environment: NodeEnvironment,
  said: {
    readonly ibans: readonly Omit<NodeIbanTable, 'environment'>[]
    readonly stations: readonly Omit<NodeStationTable, 'environment'>[]
    readonly at: Instant
  },
): Promise<void> {
  await db.deleteFrom('nodeIban').where('environment', '=', environment).execute()
  await db.deleteFrom('nodeStation').where('environment', '=', environment).execute()
  for (const iban of said.ibans) {
    await db
      .insertInto('nodeIban')
      .values({ environment, ...iban })
      .execute()
  }
  for (const station of said.stations) {
    await db
      .insertInto('nodeStation')
      .values({ environment, ...station })
      .execute()
  }
  const settings = await readNodeSettings(db, environment)
  await saveNodeSettings(db, environment, { ...settings, ibansCheckedAt: said.at })
}
