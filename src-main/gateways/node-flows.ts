import type { ListedFlow, NodeAnswer, NodeConnection, NodeGateway } from '#domain/node-ports'
import { isObject } from './https-call.ts'
import { type NodeCaller, ok, segment } from './node-call.ts'
import { countField, objectOf, rowsOf, textField, whenField } from './node-read.ts'

const PAGE = 1_000
const PAGE_BYTES = 8 * 1_048_576
/** As much as a reader of flows takes. */
const FLOW_BYTES = 64 * 1_048_576

export function nodeFlows(call: NodeCaller): NodeGateway['fdr'] {
  const fdrs = (to: NodeConnection) => `/organizations/${segment(to.fiscalCode)}/fdrs`
  const part = (
    to: NodeConnection,
    flow: ListedFlow,
    page: number | null,
    signal: AbortSignal | undefined,
  ): Promise<NodeAnswer<FlowPart>> =>
    call(
      to,
      {
        ...{ service: 'fdr', operation: 'fdr.flow', method: 'GET', acts: false, signal, mostBytes: PAGE_BYTES },
        path: `${fdrs(to)}/${segment(flow.fdr)}/revisions/${flow.revision}/psps/${segment(flow.pspId)}${page === null ? '' : '/payments'}`,
        query: page === null ? {} : { page, size: PAGE },
      },
      (reply, text) => {
        const said = reply.status === 200 ? objectOf(text) : undefined
        if (said === undefined) return undefined
        if (page === null) return isHead(said, flow) ? ok({ text, pages: 1, rows: 0 }) : undefined
        const pages = isObject(said.metadata) ? countField(said.metadata, 'totPage') : undefined
        const number = isObject(said.metadata) ? countField(said.metadata, 'pageNumber') : undefined
        if (pages === undefined || number !== page || !Array.isArray(said.data)) return undefined
        return ok({ text, pages, rows: said.data.length })
      },
    )
  return {
    list: (to, query, signal) =>
      call(
        to,
        {
          ...{ service: 'fdr', operation: 'fdr.list', method: 'GET', acts: false, signal, path: fdrs(to) },
          query: {
            ...{ page: query.page, size: PAGE, publishedGt: query.publishedAfter },
            ...{ flowDate: query.flowDate, pspId: query.pspId },
          },
        },
        (reply, text) => {
          const page = reply.status === 200 ? objectOf(text) : undefined
          const pages = isObject(page?.metadata) ? countField(page.metadata, 'totPage') : undefined
          const rows = rowsOf(page?.data, listedFlow)
          return pages === undefined || rows === undefined ? undefined : ok({ rows, pages })
        },
      ),
    async flow(to, flow, signal) {
      const head = await part(to, flow, null, signal)
      if (head.kind !== 'ok') return head
      const texts: string[] = []
      let size = head.value.text.length
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const next = await part(to, flow, page, signal)
        if (next.kind !== 'ok') return next
        if (page > 1 && next.value.pages !== pages) return changed()
        pages = next.value.pages
        size += next.value.text.length
        if (size > FLOW_BYTES) return tooLarge()
        texts.push(next.value.text)
      }
      // As they came, side by side: amounts are read from their digits, never through a binary fraction.
      return ok(new TextEncoder().encode(`{"flow":${head.value.text},"pages":[${texts.join(',')}]}`))
    },
  }
}

interface FlowPart {
  readonly text: string
  readonly pages: number
  readonly rows: number
}

/** The revision that was asked, of the flow that was asked. */
function isHead(said: Readonly<Record<string, unknown>>, flow: ListedFlow): boolean {
  return said.fdr === flow.fdr && said.revision === flow.revision && typeof said.regulation === 'string'
}

function listedFlow(row: Readonly<Record<string, unknown>>): ListedFlow | undefined {
  const fdr = textField(row, 'fdr', 35)
  const pspId = textField(row, 'pspId', 35)
  const revision = countField(row, 'revision')
  if (fdr === undefined || pspId === undefined || revision === undefined || revision < 1) return undefined
  const [flowDate = null, published = null] = [whenField(row, 'flowDate'), whenField(row, 'published')]
  return { fdr, pspId, revision, flowDate, published }
}

function changed() {
  const reason = 'Il flusso è cambiato mentre si leggeva: si rilegge da capo.'
  return { kind: 'temporary' as const, status: 200, reply: '', reason }
}

function tooLarge() {
  const reason = 'Il flusso è più grande di quanto si può leggere (64 MB).'
  return { kind: 'refused' as const, status: 200, reply: '', reason }
}
