import { NODE_PATHS } from '#domain/node-ports'
import { flagOf, listPositions, whole } from './gpd-list.ts'
import {
  changeIban,
  created,
  found,
  invalidate,
  keep,
  paidOutside,
  publish,
  removable,
  updated,
} from './gpd-positions.ts'
import { readV1, utcInstant } from './gpd-read.ts'
import { refusals } from './gpd-refusals.ts'
import { modelV1, paymentV1, readingV1 } from './gpd-shape.ts'
import { type Call, jsonOf, type NodeDesk, Refused, type Reply, type Route } from './http.ts'
import type { NodePosition } from './records.ts'
import { positionKey } from './store.ts'

const BASE = `${NODE_PATHS.gpd}/v1`
const ALL = `${BASE}/organizations/:fiscalCode/debtpositions`
const ONE = `${ALL}/:iupd`
const STATUSES = ['DRAFT', 'PUBLISHED', 'VALID', 'INVALID', 'EXPIRED', 'PARTIALLY_PAID', 'PAID', 'REPORTED']

type Handle = Route['handle']

/** A route of GPD. */
export function gpdRoute(method: Route['method'], path: string, operation: string, handle: Handle): Route {
  return { method, path, lock: { product: 'gpd' }, service: 'gpd', operation, handle }
}

/** Institution and IUPD of an address. */
export function addressed(call: Call): readonly [string, string] {
  return [call.params.fiscalCode ?? '', call.params.iupd ?? '']
}

/** v1 shows one plan at most: of several the real one says 422, and leaves them out of its lists. */
function manyPlans(position: NodePosition): boolean {
  return position.options.filter(({ plan }) => plan).length > 1
}

/** `gpd_external_v1.json`. */
export const gpdV1Routes: readonly Route[] = [
  gpdRoute('GET', `${BASE}/info`, 'healthCheck', () => ({
    status: 200,
    json: { name: 'nodo di prova', version: '1.1.37', environment: 'prova' },
  })),
  gpdRoute('GET', ALL, 'getOrganizationDebtPositions', (call, desk) => {
    const isIn = (position: NodePosition, status: string) => position.status === status
    const listed = listPositions(desk, call.params.fiscalCode ?? '', call.query, STATUSES, isIn)
    const payment_position_list = listed.positions
      .filter((each) => !manyPlans(each))
      .map((each) => readingV1(each, listed.only))
    return { status: 200, json: { payment_position_list, page_info: listed.page_info } }
  }),
  gpdRoute('POST', ALL, 'createPosition', (call, desk) => {
    const position = created(desk, addressed(call)[0], readV1(jsonOf(call.body)), flagOf(call.query, 'toPublish'))
    return { status: 201, json: modelV1(keep(desk, position)) }
  }),
  gpdRoute('PATCH', `${ALL}/transfers`, 'updateTransferIbanMassive', (call, desk) => {
    const oldIban = call.query.get('oldIban') ?? ''
    const { newIban } = (jsonOf(call.body) ?? {}) as { readonly newIban?: unknown }
    if (oldIban === '' || typeof newIban !== 'string' || newIban === '') {
      throw new Refused(400, 'BAD REQUEST', 'oldIban and newIban are required')
    }
    const limit = whole(call.query, 'limit', 1000, 0, 1000)
    const updatedTransfers = changeIban(desk, addressed(call)[0], oldIban, newIban, limit)
    return { status: 200, json: { description: 'The IBAN was updated', updatedTransfers } }
  }),
  gpdRoute('GET', ONE, 'getOrganizationDebtPositionByIUPD', (call, desk) => {
    const position = found(desk, ...addressed(call))
    if (manyPlans(position)) throw refusals.manyPlans(position.iupd)
    return { status: 200, json: readingV1(position) }
  }),
  gpdRoute('PUT', ONE, 'updatePosition', (call, desk) => {
    const [fiscalCode, iupd] = addressed(call)
    const sent = readV1(jsonOf(call.body))
    if (sent.iupd !== iupd) throw refusals.data(`IUPD of the path and of the body differ [${iupd}; ${sent.iupd}]`)
    const position = updated(desk, fiscalCode, sent, flagOf(call.query, 'toPublish'))
    return { status: 200, json: modelV1(keep(desk, position)) }
  }),
  gpdRoute('DELETE', ONE, 'deletePosition', deletePosition),
  gpdRoute('POST', `${ONE}/publish`, 'publishPosition', (call, desk) => ({
    status: 200,
    json: modelV1(publish(desk, ...addressed(call))),
  })),
  gpdRoute('POST', `${ONE}/invalidate`, 'invalidatePosition', (call, desk) => ({
    status: 200,
    json: modelV1(invalidate(desk, ...addressed(call))),
  })),
  paidRoute(BASE),
]

/** `DELETE …/{iupd}` of v1 and v3. */
export function deletePosition(call: Call, desk: NodeDesk): Reply {
  const { organizationFiscalCode, iupd } = removable(desk, ...addressed(call))
  desk.store.change(({ remove }) => remove('position', positionKey(organizationFiscalCode, iupd)))
  return { status: 200, json: 'The debt position was successfully deleted' }
}

/** `POST …/paymentoptions/paids/{nav}` of v1 and v2. */
export function paidRoute(base: string): Route {
  const path = `${base}/organizations/:fiscalCode/paymentoptions/paids/:nav`
  return gpdRoute('POST', path, 'setPaymentOptionAsAlreadyPaid', (call, desk) => {
    const { fiscalCode = '', nav = '' } = call.params
    const { paymentDate } = (jsonOf(call.body) ?? {}) as { readonly paymentDate?: unknown }
    const paidAt = paymentDate === undefined || paymentDate === null ? undefined : utcInstant(paymentDate)
    if (paidAt === null) throw new Refused(400, 'BAD REQUEST', 'paymentDate must be a date and time in UTC')
    const payment = paidOutside(desk, fiscalCode, nav, paidAt)
    const { position } = desk.store.byNav(fiscalCode, nav) ?? {}
    const partial = position?.options.find((each) => each.payments.includes(payment))?.plan ?? false
    return {
      status: 200,
      json: { ...paymentV1(position as NodePosition, payment), isPartialPayment: partial, serviceType: 'GPD' },
    }
  })
}
