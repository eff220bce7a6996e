import { isInstant, romeDate } from '#domain/date'
import { nodeIbanProblem, nodeIbanState, nodeStationProblems } from '#domain/node-iban'
import type { NodeConnection, NodeEnvironment, NodeGateway, NodeIban } from '#domain/node-ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { listBankAccounts } from '#ledger/bank-account'
import { listServiceTypes } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { keepNodeAccounts, listNodeIbans, listNodeStations, readNodeSettings } from '#ledger/node-connection'
import type { NodeIbanTable, NodeStationTable } from '#ledger/schema/node-connection'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { needNode, readOffice } from './node-connection.ts'
import { today } from './produced-file.ts'

type SaidIban = Omit<NodeIbanTable, 'environment'>
type SaidStation = Omit<NodeStationTable, 'environment'>

/** As the Back office says them now. @returns null with the fault where it does not. */
export async function askAccounts(node: NodeGateway, connection: NodeConnection, signal?: AbortSignal) {
  const ibans = await node.backoffice.ibans(connection, signal)
  if (ibans.kind !== 'ok') return ibans
  const stations = await node.backoffice.stations(connection, signal)
  if (stations.kind !== 'ok') return stations
  return { kind: 'ok' as const, ibans: ibansOf(ibans.value), stations: stationsOf(stations.value) }
}

/** One row an IBAN: of several, the one that is in use, or comes into use, last. */
function ibansOf(said: readonly NodeIban[]): SaidIban[] {
  const byIban = new Map<string, SaidIban>()
  const rows = said.map(({ iban, status, validFrom, description }) => ({
    ...{ iban: iban.replace(/\s/g, '').toUpperCase(), status, description },
    validFrom: dayOf(validFrom),
  }))
  for (const row of rows.sort((a, b) => ((a.validFrom ?? '') < (b.validFrom ?? '') ? -1 : 1))) byIban.set(row.iban, row)
  return [...byIban.values()]
}

function stationsOf(
  said: Extract<Awaited<ReturnType<NodeGateway['backoffice']['stations']>>, { kind: 'ok' }>['value'],
) {
  const byKey = new Map<string, SaidStation>()
  for (const { stationCode, segregationCode, active } of said) {
    const row = { stationCode, segregationCode: segregationCode ?? '', active: active ? (1 as const) : (0 as const) }
    const key = `${row.stationCode} ${row.segregationCode}`
    if (byKey.get(key)?.active !== 1) byKey.set(key, row)
  }
  return [...byKey.values()]
}

/** A date-time of the node as a day in Rome. */
function dayOf(text: string | null) {
  if (text === null) return null
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) return null
  const instant = at.toISOString()
  return isInstant(instant) ? romeDate(instant) : null
}

/** What does not agree between the Back office and us, and would have positions refused. */
export async function accountProblems(
  db: ReadHandle,
  environment: NodeEnvironment,
  said: { readonly ibans: readonly SaidIban[]; readonly stations: readonly (SaidStation | NodeStationTable)[] },
  day: ReturnType<typeof today>,
): Promise<Problem[]> {
  const { institution } = await readOffice(db)
  const { stationCode } = await readNodeSettings(db, environment)
  const rows = await accountRows(db, said.ibans, day)
  const used = rows.filter((row) => row.accountId !== null && row.serviceTypes.length > 0)
  const ibans = used.flatMap((row) => {
    const found = nodeIbanProblem({ iban: row.iban, name: row.accountName ?? '' }, row.said, day)
    return found === null ? [] : [found]
  })
  const stations = said.stations.map((one) => ({ ...one, active: one.active === 1 }))
  return [...ibans, ...nodeStationProblems({ stationCode, segregationCode: institution.segregationCode }, stations)]
}

/** Our open accounts and what is said of them, then what only the Back office has. */
async function accountRows(db: ReadHandle, said: readonly SaidIban[], day: ReturnType<typeof today>) {
  const accounts = (await listBankAccounts(db)).filter(({ closedDate, iban }) => closedDate === null && iban != null)
  const types = (await listServiceTypes(db)).filter(({ active, pagoPa }) => active && pagoPa)
  const known = new Map(said.map((one) => [one.iban, one]))
  const ours = accounts.map((account) => ({
    ...{ iban: String(account.iban), accountId: account.id, accountName: account.name },
    said: known.get(String(account.iban)) ?? null,
    serviceTypes: types.filter(({ bankAccountId }) => bankAccountId === account.id).map(({ name }) => name),
  }))
  const others = said
    .filter(({ iban }) => !ours.some((one) => one.iban === iban))
    .map((one) => ({ iban: one.iban, accountId: null, accountName: null, said: one, serviceTypes: [] as string[] }))
  return [...ours, ...others].map((row) => ({ ...row, state: nodeIbanState(row.said, day) }))
}

async function ibansOut(context: ServiceContext) {
  const day = today(context)
  return context.ledger.read(async (db) => {
    const { environment } = (await readOffice(db)).institution
    const { ibansCheckedAt: checkedAt } = await readNodeSettings(db, environment)
    const ibans = await listNodeIbans(db, environment)
    const stations = await listNodeStations(db, environment)
    const rows = await accountRows(db, ibans, day)
    const problems = checkedAt === null ? [] : await accountProblems(db, environment, { ibans, stations }, day)
    return {
      ...{ environment, checkedAt },
      rows: rows.map(({ said, ...row }) => ({
        ...row,
        status: said?.status ?? null,
        validFrom: said?.validFrom ?? null,
        description: said?.description ?? null,
      })),
      stations: stations.map(({ environment: _environment, active, ...one }) => ({ ...one, active: active === 1 })),
      problems,
    }
  })
}

/** IBANs and stations of the institution: what the Back office said when it was last asked, against ours. */
export const nodeAccounts = {
  ibans: os.node.ibans.handler(({ context }) => ibansOut(context)),

  refreshIbans: os.node.refreshIbans.handler(async ({ context }) => {
    const connection = await needNode(context, 'backoffice')
    const said = await askAccounts(context.node, connection)
    if (said.kind !== 'ok')
      throw new ProblemError(problem('NODE_UNANSWERED', { reason: said.reason, reply: said.reply }))
    const { environment } = connection
    const { ibans, stations } = said
    const at = context.clock.now()
    const told = { environment, ibans: ibans.length, stations: stations.length }
    await context.ledger.write(command(context, 'node.refreshIbans', told), (db) =>
      keepNodeAccounts(db, environment, { ibans, stations, at }),
    )
    return ibansOut(context)
  }),
}
