import { NODE_PATHS } from '#domain/node-ports'
import { flagOf } from './gpd-list.ts'
import { created, removable, Taken, updated } from './gpd-positions.ts'
import { readIupds, readRows, readV1 } from './gpd-read.ts'
import { addressed, gpdRoute, paidRoute } from './gpd-v1.ts'
import { type Call, jsonOf, type NodeDesk, Refused, type Reply, type Route } from './http.ts'
import type { NodePosition } from './records.ts'
import { positionKey } from './store.ts'

const BASE = `${NODE_PATHS.gpd}/v2`
const ALL = `${BASE}/organizations/:fiscalCode/debtpositions`
const MOST = 100
const MOST_DELETED = 20

/** `gpd_external_v2_bulk.json`. */
export const gpdV2Routes: readonly Route[] = [
  gpdRoute('GET', `${BASE}/info`, 'healthCheck', () => ({
    status: 200,
    json: { name: 'nodo di prova', version: '1.1.37', environment: 'prova' },
  })),
  gpdRoute('POST', ALL, 'createMultiplePositions', (call, desk) => {
    const toPublish = flagOf(call.query, 'toPublish')
    const taken = new Taken()
    const row = (value: unknown) => created(desk, addressed(call)[0], readV1(value), toPublish, taken)
    return bulk(call, desk, 201, readRows(jsonOf(call.body), MOST), row)
  }),
  gpdRoute('PUT', ALL, 'updateMultiplePositions', (call, desk) => {
    const toPublish = flagOf(call.query, 'toPublish')
    const taken = new Taken()
    const row = (value: unknown) => updated(desk, addressed(call)[0], readV1(value), toPublish, taken)
    return bulk(call, desk, 200, readRows(jsonOf(call.body), MOST), row)
  }),
  gpdRoute('DELETE', ALL, 'deleteMultipleDebtPositions', (call, desk) => {
    const [fiscalCode] = addressed(call)
    const iupds = readIupds(jsonOf(call.body), 1, MOST_DELETED)
    const { done, refused } = rows(desk, iupds, (iupd) => removable(desk, fiscalCode, iupd))
    desk.store.change(({ remove }) => {
      for (const { iupd } of done) remove('position', positionKey(fiscalCode, iupd))
    })
    if (refused) throw refused
    return { status: 200, json: 'The debt position was successfully deleted' }
  }),
  paidRoute(BASE),
]

function bulk(
  call: Call,
  desk: NodeDesk,
  status: number,
  values: readonly unknown[],
  row: (value: unknown) => NodePosition,
): Reply {
  const { done, refused } = rows(desk, values, row)
  const [fiscalCode] = addressed(call)
  desk.store.change(({ put }) => {
    for (const position of done) put('position', positionKey(fiscalCode, position.iupd), position)
  })
  if (refused) throw refused
  return { status }
}

/**
 * Rows to keep, and the first refusal. The platform's code refuses all for one; no document says so, therefore
 * `settings.bulk` may keep the good ones and answer with the refusal all the same: the program must live with both.
 */
function rows<V>(
  desk: NodeDesk,
  values: readonly V[],
  row: (value: V) => NodePosition,
): { readonly done: readonly NodePosition[]; readonly refused: Refused | null } {
  const done: NodePosition[] = []
  let refused: Refused | null = null
  for (const value of values) {
    try {
      done.push(row(value))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      refused ??= error
      if (desk.settings.bulk === 'allOrNothing') return { done: [], refused }
    }
  }
  return { done, refused }
}
