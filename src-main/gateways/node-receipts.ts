import type { NodeGateway } from '#domain/node-ports'
import { type NodeCaller, ok, segment } from './node-call.ts'
import { countField, objectOf, rowsOf, textField, whenField } from './node-read.ts'

const LIST_BYTES = 4 * 1_048_576
/** With the largest digital stamp in it. */
const XML_BYTES = 8 * 1_048_576

export function nodeReceipts(call: NodeCaller): NodeGateway['receipts'] {
  return {
    list: (to, query, signal) =>
      call(
        to,
        {
          ...{ service: 'receipts', operation: 'receipts.list', method: 'GET', acts: false, signal },
          ...{ path: `/payments/${segment(to.fiscalCode)}/receipts`, mostBytes: LIST_BYTES },
          query: { pageNum: query.page, pageSize: query.size, from: query.from, to: query.until },
        },
        (reply, text) => {
          const page = reply.status === 200 ? objectOf(text) : undefined
          const pages = page === undefined ? undefined : countField(page, 'totalPages')
          const rows = rowsOf(page?.results, receiptRow)
          return pages === undefined || rows === undefined ? undefined : ok({ rows, pages })
        },
      ),
    xml: (to, iuv, signal) =>
      call(
        to,
        {
          ...{ service: 'receipts', operation: 'receipts.xml', method: 'GET', acts: false, signal },
          ...{ path: `/payments/${segment(to.fiscalCode)}/receipts/${segment(iuv)}`, accept: 'application/xml' },
          mostBytes: XML_BYTES,
        },
        (reply, text) =>
          reply.status === 200 && /^[\s\uFEFF]*<(?!!doctype|html)/i.test(text) ? ok(reply.bytes) : undefined,
      ),
  }
}

/** The official file leaves the rows open: these names are those of the service's own source. */
function receiptRow(row: Readonly<Record<string, unknown>>) {
  const iuv = textField(row, 'iuv', 35)
  if (iuv === undefined) return undefined
  return {
    iuv,
    iur: textField(row, 'receiptId', 35) ?? null,
    debtor: textField(row, 'debtor', 16) ?? null,
    cents: null,
    paidAt: whenField(row, 'paymentDateTime') ?? null,
  }
}
