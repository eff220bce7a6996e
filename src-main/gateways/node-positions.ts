import type { GpdBody, GpdPosition, HeldPosition } from '#domain/gpd'
import { heldOf } from '#domain/gpd-held'
import type { NodeAnswer, NodeConnection, NodeGateway } from '#domain/node-ports'
import { isObject, parsedObject } from './https-call.ts'
import { type NodeCaller, ok, segment } from './node-call.ts'
import { countField, jsonOf, objectOf, rowsOf } from './node-read.ts'
import type { NodeReply, NodeRequest } from './node-request.ts'

/** Of one position, with a hundred instalments. */
const POSITION_BYTES = 4 * 1_048_576
const LIST_BYTES = 64 * 1_048_576
const PAGE = 50
const MOST_CREATED = 100
const MOST_REMOVED = 20

type Gpd = NodeGateway['gpd']

export function nodePositions(call: NodeCaller): Gpd {
  const one = (to: NodeConnection, api: string, iupd: string, more = '') =>
    `${positions(to, api)}/${segment(iupd)}${more}`
  const act = (
    to: NodeConnection,
    body: GpdBody,
    request: Pick<NodeRequest, 'operation' | 'method' | 'path' | 'query' | 'signal'>,
    status: number,
  ) =>
    call(
      to,
      {
        ...request,
        ...{ service: 'gpd', acts: true, body: body.position, hidden: personal(body), mostBytes: POSITION_BYTES },
      },
      (reply, text) => held(reply, text, status, body.api, body.position.iupd),
    )
  const step = (
    to: NodeConnection,
    api: GpdBody['api'],
    iupd: string,
    name: 'publish' | 'invalidate',
    signal: AbortSignal | undefined,
  ) =>
    call(
      to,
      {
        ...{ service: 'gpd', operation: `gpd.${name}`, method: 'POST', acts: true, signal, mostBytes: POSITION_BYTES },
        path: one(to, api, iupd, `/${name}`),
      },
      (reply, text) => held(reply, text, 200, api, iupd),
    )
  const many = (
    to: NodeConnection,
    list: readonly GpdPosition[],
    toPublish: boolean,
    how: { readonly method: 'POST' | 'PUT'; readonly operation: string; readonly status: number },
    signal: AbortSignal | undefined,
  ) => {
    if (list.length === 0 || list.length > MOST_CREATED) throw new RangeError(`${list.length} positions in one call`)
    return call<null>(
      to,
      {
        ...{ service: 'gpd', operation: how.operation, method: how.method, acts: true, signal, slow: true },
        ...{ path: positions(to, 'v2'), query: { toPublish }, body: { paymentPositions: list } },
        hidden: list.flatMap((position) => personal({ api: 'v1', position })),
      },
      (reply) => (reply.status === how.status ? ok(null) : undefined),
    )
  }
  return {
    create: (to, body, toPublish, signal) =>
      act(
        to,
        body,
        { operation: 'gpd.create', method: 'POST', path: positions(to, body.api), query: { toPublish }, signal },
        201,
      ),
    createMany: (to, list, toPublish, signal) =>
      many(to, list, toPublish, { method: 'POST', operation: 'gpd.createMany', status: 201 }, signal),
    update: (to, body, toPublish, signal) =>
      act(
        to,
        body,
        {
          ...{ operation: 'gpd.update', method: 'PUT', query: { toPublish }, signal },
          path: one(to, body.api, body.position.iupd),
        },
        200,
      ),
    updateMany: (to, list, toPublish, signal) =>
      many(to, list, toPublish, { method: 'PUT', operation: 'gpd.updateMany', status: 200 }, signal),
    publish: (to, api, iupd, signal) => step(to, api, iupd, 'publish', signal),
    invalidate: (to, iupd, signal) => step(to, 'v1', iupd, 'invalidate', signal),
    remove: (to, api, iupd, signal) =>
      call<null>(
        to,
        {
          ...{ service: 'gpd', operation: 'gpd.remove', method: 'DELETE', acts: true, signal },
          path: one(to, api, iupd),
        },
        (reply) => (reply.status === 200 ? ok(null) : undefined),
      ),
    removeMany(to, iupds, signal) {
      if (iupds.length === 0 || iupds.length > MOST_REMOVED)
        throw new RangeError(`${iupds.length} positions in one call`)
      return call<null>(
        to,
        {
          ...{ service: 'gpd', operation: 'gpd.removeMany', method: 'DELETE', acts: true, signal },
          ...{ path: positions(to, 'v2'), body: { paymentPositionIUPDs: iupds } },
        },
        (reply) => (reply.status === 200 ? ok(null) : undefined),
      )
    },
    read: (to, api, iupd, signal) =>
      call<HeldPosition | null>(
        to,
        {
          ...{ service: 'gpd', operation: 'gpd.read', method: 'GET', acts: false, signal, mostBytes: POSITION_BYTES },
          path: one(to, api, iupd),
        },
        (reply, text) => (isAbsent(reply, text) ? ok(null) : held(reply, text, 200, api, iupd)),
      ),
    list: (to, query, signal) =>
      call(
        to,
        {
          ...{ service: 'gpd', operation: 'gpd.list', method: 'GET', acts: false, signal, mostBytes: LIST_BYTES },
          ...{ path: positions(to, query.api), slow: true },
          query: {
            // From the oldest, so that what arrives meanwhile moves no page.
            ...{ page: query.page, limit: PAGE, orderby: 'INSERTED_DATE', ordering: 'ASC', status: query.status },
            ...{ due_date_from: query.due?.from, due_date_to: query.due?.to },
            ...{ payment_date_from: query.paid?.from, payment_date_to: query.paid?.to },
          },
        },
        (reply, text) => {
          const page = reply.status === 200 ? objectOf(text) : undefined
          const rows = rowsOf(page?.payment_position_list, (row) => heldOf(query.api, row) ?? undefined)
          const pages = isObject(page?.page_info) ? countField(page.page_info, 'total_pages') : undefined
          return rows === undefined || pages === undefined ? undefined : ok({ rows, pages })
        },
      ),
    paidOutside: (to, nav, paidAt, signal) =>
      call<null>(
        to,
        {
          ...{ service: 'gpd', operation: 'gpd.paidOutside', method: 'POST', acts: true, signal },
          path: `/v1/organizations/${segment(to.fiscalCode)}/paymentoptions/paids/${segment(nav)}`,
          body: paidAt === null ? {} : { paymentDate: paidAt },
        },
        (reply) => (reply.status === 200 ? ok(null) : undefined),
      ),
  }
}

function positions(to: NodeConnection, api: string): string {
  return `/${api}/organizations/${segment(to.fiscalCode)}/debtpositions`
}

/** The service itself says that it has none: a gateway that does not know the path says 404 too, in other words. */
function isAbsent(reply: NodeReply, text: string): boolean {
  const problem = reply.status === 404 ? parsedObject(text) : null
  return /debt position/i.test(`${problem?.title ?? ''} ${problem?.detail ?? ''}`)
}

function held(
  reply: NodeReply,
  text: string,
  status: number,
  api: GpdBody['api'],
  iupd: string,
): NodeAnswer<HeldPosition> | undefined {
  if (reply.status !== status) return undefined
  const position = heldOf(api, jsonOf(text))
  return position === null || position.iupd !== iupd ? undefined : ok(position)
}

function personal(body: GpdBody): string[] {
  const debtors = body.api === 'v1' ? [body.position] : body.position.paymentOption.map((option) => option.debtor)
  return debtors.flatMap((debtor) =>
    [debtor.fiscalCode, debtor.fullName, debtor.streetName, debtor.email].filter((part) => part !== undefined),
  )
}
