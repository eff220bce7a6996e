import { NODE_PATHS } from '#domain/node-ports'
import { flagOf, listPositions } from './gpd-list.ts'
import { created, found, keep, publish, updated } from './gpd-positions.ts'
import { readV3 } from './gpd-read.ts'
import { refusals } from './gpd-refusals.ts'
import { modelV3, readingV3, statusV3 } from './gpd-shape.ts'
import { addressed, deletePosition, gpdRoute } from './gpd-v1.ts'
import { jsonOf, type Route } from './http.ts'
import type { NodePosition } from './records.ts'

const ALL = `${NODE_PATHS.gpd}/v3/organizations/:fiscalCode/debtpositions`
const ONE = `${ALL}/:iupd`
const STATUSES = ['DRAFT', 'PUBLISHED', 'VALID', 'UNPAYABLE', 'PARTIALLY_PAID', 'PAID']

/** `gpd_external_v3.json`: the same positions, plans as options of several instalments. */
export const gpdV3Routes: readonly Route[] = [
  gpdRoute('GET', ALL, 'getOrganizationDebtPositions', (call, desk) => {
    const isIn = (position: NodePosition, status: string) => statusV3(position.status) === status
    const listed = listPositions(desk, addressed(call)[0], call.query, STATUSES, isIn)
    const payment_position_list = listed.positions.map((each) => readingV3(each, listed.only))
    return { status: 200, json: { payment_position_list, page_info: listed.page_info } }
  }),
  gpdRoute('POST', ALL, 'createPosition', (call, desk) => {
    const position = created(desk, addressed(call)[0], readV3(jsonOf(call.body)), flagOf(call.query, 'toPublish'))
    return { status: 201, json: modelV3(keep(desk, position)) }
  }),
  gpdRoute('GET', ONE, 'getOrganizationDebtPositionByIUPD', (call, desk) => ({
    status: 200,
    json: readingV3(found(desk, ...addressed(call))),
  })),
  gpdRoute('PUT', ONE, 'updatePosition', (call, desk) => {
    const [fiscalCode, iupd] = addressed(call)
    const sent = readV3(jsonOf(call.body))
    if (sent.iupd !== iupd) throw refusals.data(`IUPD of the path and of the body differ [${iupd}; ${sent.iupd}]`)
    return { status: 200, json: modelV3(keep(desk, updated(desk, fiscalCode, sent, flagOf(call.query, 'toPublish')))) }
  }),
  gpdRoute('DELETE', ONE, 'deletePosition', deletePosition),
  gpdRoute('POST', `${ONE}/publish`, 'publishPosition', (call, desk) => ({
    status: 200,
    json: modelV3(publish(desk, ...addressed(call))),
  })),
]
