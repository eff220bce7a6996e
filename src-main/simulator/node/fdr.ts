import { writeReportingFlow } from '#codecs/flow-xml-write'
import { type Instant, instantOf, isInstant } from '#domain/date'
import { cents, sum } from '#domain/money'
import { NODE_PATHS } from '#domain/node-ports'
import type { NodeDesk, Reply, Route } from './http.ts'
import type { NodeFlow } from './money.ts'
import { payDue } from './orders.ts'
import { providerOf } from './provider-of.ts'
import { flowKey, latestFlows, settle } from './settle.ts'

const BASE = `${NODE_PATHS.fdr}/organizations/:fiscalCode/fdrs`
const MOST = 1000
const STATUS = { '0': 'EXECUTED', '4': 'STAND_IN', '8': 'STAND_IN_NO_RPT', '9': 'NO_RPT' } as const

/** Service of reporting flows (fdr_organization.json): the last revision of each is listed, every one can be read. */
export const fdrRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: BASE,
    lock: { product: 'fdr' },
    service: 'fdr',
    operation: 'IOrganizationsController_getAllPublishedFlows',
    handle({ params, query }, desk) {
      const now = desk.now()
      payDue(desk.store, now)
      settle(desk.store, now)
      const bounds = { publishedGt: earliest(now), flowDate: '' }
      for (const name of ['publishedGt', 'flowDate'] as const) {
        const text = query.get(name)
        if (text === null) continue
        const at = instantFrom(text)
        if (at === null) return refusal(400, 'FDR-0702', name, `The value [${text}] is not valid.`)
        if (at > bounds[name]) bounds[name] = at
      }
      const psp = query.get('pspId')
      const found = latestFlows(desk.store, params.fiscalCode).filter(
        (flow) =>
          flow.published > bounds.publishedGt && flow.at >= bounds.flowDate && (psp === null || flow.psp === psp),
      )
      return paged(found, query, (flow) => ({
        fdr: flow.flowId,
        pspId: flow.psp,
        revision: flow.revision,
        published: flow.published,
        flowDate: flow.at,
      }))
    },
  },
  {
    method: 'GET',
    path: `${BASE}/:fdr/revisions/:revision/psps/:psp`,
    lock: { product: 'fdr' },
    service: 'fdr',
    operation: 'IOrganizationsController_getSinglePublishedFlow',
    handle({ params }, desk) {
      const flow = flowOf(params, desk)
      return flow ? { status: 200, json: headOf(flow, desk) } : notFound(params)
    },
  },
  {
    method: 'GET',
    path: `${BASE}/:fdr/revisions/:revision/psps/:psp/payments`,
    lock: { product: 'fdr' },
    service: 'fdr',
    operation: 'IOrganizationsController_getPaymentsFromPublishedFlow',
    handle({ params, query }, desk) {
      const flow = flowOf(params, desk)
      if (!flow) return notFound(params)
      return paged(flow.rows, query, (row, index) => ({
        index: index + 1,
        iuv: row.iuv,
        iur: row.iur,
        idTransfer: row.idTransfer,
        pay: euro(row.cents),
        payStatus: STATUS[row.outcome],
        payDate: `${row.day}T00:00:00Z`,
      }))
    },
  },
]

/** The flow as the XML that goes round by other roads: the same content. */
export function flowXml(flow: NodeFlow, { store }: Pick<NodeDesk, 'store'>): Uint8Array {
  return writeReportingFlow({
    flowId: flow.flowId,
    flowDateTime: flow.at,
    regulationId: flow.trn,
    regulationDate: flow.regulationDate,
    senderType: 'B',
    senderId: flow.psp,
    senderName: providerOf(flow.psp).name,
    bic: null,
    receiverFiscalCode: flow.creditor,
    receiverName: store.get('organization', flow.creditor)?.name ?? 'Ente di prova',
    rows: flow.rows.map((row) => ({
      iuv: row.iuv,
      iur: row.iur,
      index: row.idTransfer,
      amountCents: cents(row.cents),
      outcome: row.outcome,
      outcomeDate: row.day,
    })),
  })
}

function headOf(flow: NodeFlow, { store }: Pick<NodeDesk, 'store'>): object {
  const total = euro(sum(flow.rows.map((row) => cents(row.cents))))
  return {
    status: 'PUBLISHED',
    revision: flow.revision,
    created: flow.at,
    updated: flow.at,
    published: flow.published,
    fdr: flow.flowId,
    fdrDate: flow.at,
    regulation: flow.trn,
    regulationDate: flow.regulationDate,
    sender: {
      type: 'BIC_CODE',
      id: flow.psp,
      pspId: flow.psp,
      pspName: providerOf(flow.psp).name,
      pspBrokerId: flow.psp,
      channelId: `${flow.psp}_01`,
    },
    receiver: {
      id: flow.creditor,
      organizationId: flow.creditor,
      organizationName: store.get('organization', flow.creditor)?.name ?? 'Ente di prova',
    },
    totPayments: flow.rows.length,
    sumPayments: total,
    computedTotPayments: flow.rows.length,
    computedSumPayments: total,
  }
}

/** Exact for every amount that a flow can have: a double keeps fifteen digits. */
function euro(amount: number): number {
  return amount / 100
}

function flowOf(params: Readonly<Record<string, string>>, { store }: Pick<NodeDesk, 'store'>): NodeFlow | undefined {
  const { fiscalCode = '', psp = '', fdr = '', revision = '' } = params
  return store.get('flow', flowKey({ creditor: fiscalCode, psp, flowId: fdr, revision: Number(revision) }))
}

function paged<T>(all: readonly T[], query: URLSearchParams, shape: (item: T, index: number) => object): Reply {
  const page = numberOf(query, 'page', 1)
  const size = numberOf(query, 'size', MOST)
  if (page === null) return refusal(400, 'FDR-0702', 'page', 'page must be at least 1.')
  if (size === null || size > MOST) return refusal(400, 'FDR-0702', 'size', `size must be from 1 to ${MOST}.`)
  const start = (page - 1) * size
  const data = all.slice(start, start + size).map((item, i) => shape(item, start + i))
  const metadata = { pageSize: size, pageNumber: page, totPage: Math.max(1, Math.ceil(all.length / size)) }
  return { status: 200, json: { metadata, count: data.length, data } }
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number | null {
  const text = query.get(name)
  if (text === null) return otherwise
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

/** What is older is no longer handed out (pagopa.md §4.4): the first day of the month before. */
function earliest(now: Instant): Instant {
  const month = new Date(now)
  return instantOf(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() - 1, 1))
}

function instantFrom(text: string): Instant | null {
  if (isInstant(text)) return text
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : instantOf(ms)
}

function notFound(params: Readonly<Record<string, string>>): Reply {
  return refusal(404, 'FDR-0701', 'fdr', `Reporting flow with ID [${params.fdr}] not found.`)
}

function refusal(status: 400 | 404, appErrorCode: string, path: string, message: string): Reply {
  return {
    status,
    json: {
      errorId: `prova-${appErrorCode}`,
      httpStatusCode: status,
      httpStatusDescription: status === 404 ? 'Not Found' : 'Bad Request',
      appErrorCode,
      errors: [{ path, message }],
    },
  }
}
