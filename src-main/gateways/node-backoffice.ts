import type { NodeAnswer, NodeConnection, NodeGateway } from '#domain/node-ports'
import { isObject } from './https-call.ts'
import { type NodeCaller, ok, segment } from './node-call.ts'
import { countField, objectOf, rowsOf, textField, whenField } from './node-read.ts'

const PAGE = 100
/** A broker of twenty thousand institutions. */
const MOST_PAGES = 200

type Row = Readonly<Record<string, unknown>>

export function nodeBackoffice(call: NodeCaller): NodeGateway['backoffice'] {
  /** What the broker has of this institution, over all pages. */
  async function all<T>(
    to: NodeConnection,
    what: {
      readonly operation: string
      readonly path: string
      readonly rows: string
      readonly isOurs: (row: Row, to: NodeConnection) => boolean
    },
    read: (row: Row) => T | undefined,
    signal: AbortSignal | undefined,
  ): Promise<NodeAnswer<readonly T[]>> {
    const found: T[] = []
    for (let page = 0, pages = 1; page < pages; page += 1) {
      const answer = await call<{ readonly rows: readonly T[]; readonly pages: number }>(
        to,
        {
          ...{ service: 'backoffice', operation: what.operation, method: 'GET', acts: false, signal },
          ...{ path: `/brokers/${segment(to.brokerCode)}/${what.path}`, query: { page, limit: PAGE } },
        },
        (reply, text) => {
          const said = reply.status === 200 ? objectOf(text) : undefined
          const total = isObject(said?.pageInfo) ? countField(said.pageInfo, 'totalPages') : undefined
          const listed = said?.[what.rows]
          const ours = Array.isArray(listed) ? listed.filter((row) => isObject(row) && what.isOurs(row, to)) : null
          const rows = rowsOf(ours, read)
          return total === undefined || rows === undefined ? undefined : ok({ rows, pages: total })
        },
      )
      if (answer.kind !== 'ok') return answer
      pages = answer.value.pages
      if (pages > MOST_PAGES) return tooMany(pages * PAGE)
      found.push(...answer.value.rows)
    }
    return ok(found)
  }
  return {
    ibans: (to, signal) =>
      all(
        to,
        {
          operation: 'backoffice.ibans',
          path: 'ibans',
          rows: 'ibans',
          isOurs: ({ ciFiscalCode }, { fiscalCode }) => ciFiscalCode === fiscalCode,
        },
        iban,
        signal,
      ),
    stations: (to, signal) =>
      all(
        to,
        {
          ...{ operation: 'backoffice.stations', path: 'creditor_institutions' },
          rows: 'creditorInstitutions',
          // Without a station it is an institution that the broker has not joined to one yet.
          isOurs: ({ taxCode, stationId }, { fiscalCode }) => taxCode === fiscalCode && stationId !== undefined,
        },
        station,
        signal,
      ),
  }
}

function tooMany(rows: number) {
  const reason = `L’intermediario ha troppe righe nel Back office (${rows}): non si leggono tutte, e metà non basterebbe.`
  return { kind: 'refused' as const, status: 200, reply: '', reason }
}

function iban(row: Row) {
  const value = textField(row, 'iban', 35)
  if (value === undefined) return undefined
  return {
    iban: value,
    status: textField(row, 'status') ?? null,
    validFrom: whenField(row, 'validityDate') ?? null,
    description: textField(row, 'description') ?? textField(row, 'label') ?? null,
  }
}

function station(row: Row) {
  const stationCode = textField(row, 'stationId', 35)
  if (stationCode === undefined) return undefined
  return {
    stationCode,
    // Two digits in every notice number, whether written with their zero or without.
    segregationCode: textField(row, 'segregationCode', 2)?.padStart(2, '0') ?? null,
    active: row.ciStatus === true && /^(ENABLED|ACTIVE|true)$/i.test(textField(row, 'stationState') ?? ''),
    activatedAt: whenField(row, 'activationDate') ?? null,
    auxDigit: textField(row, 'auxDigit', 2) ?? null,
  }
}
