import { randomUUID } from 'node:crypto'
import type { MassiveKind, NodeAnswer, NodeConnection, NodeGateway } from '#domain/node-ports'
import { type NodeCaller, ok, segment } from './node-call.ts'
import { countField, objectOf, rowsOf, textField } from './node-read.ts'

const METHODS: Readonly<Record<MassiveKind, 'POST' | 'PUT' | 'DELETE'>> = {
  create: 'POST',
  update: 'PUT',
  delete: 'DELETE',
}
const REPORT_BYTES = 32 * 1_048_576
/** What an id may be made of before it stands in a path. */
const FILE_ID = /^[A-Za-z0-9_-]{1,100}$/
/** Pages of 500 ids of files: a week has at most one a second. */
const MOST_PAGES = 1_300

interface IdPage {
  readonly ids: readonly string[]
  readonly next: string | null
}

export function nodeMassive(call: NodeCaller): NodeGateway['massive'] {
  return {
    upload(to, kind, zip, signal) {
      const bytes = fileForm(zip)
      return call(
        to,
        {
          ...{ service: 'massive', operation: `massive.${kind}`, method: METHODS[kind], path: `${positions(to)}/file` },
          ...{ bytes, acts: true, slow: true, signal },
        },
        (reply, _text, waitSeconds) => {
          if (reply.status !== 202) return undefined
          const fileId = /\/file\/([^/?#]+)/.exec(reply.headers.get('location') ?? '')?.[1]
          if (fileId === undefined || !FILE_ID.test(fileId)) return undefined
          return ok({ fileId, retryAfterSeconds: waitSeconds })
        },
      )
    },
    status: (to, fileId, signal) =>
      call(
        to,
        {
          ...{ service: 'massive', operation: 'massive.status', method: 'GET', acts: false, signal },
          path: `${positions(to)}/file/${segment(fileId)}/status`,
        },
        (reply, text) => {
          const said = reply.status === 200 ? objectOf(text) : undefined
          if (said === undefined) return undefined
          const processed = countField(said, 'processedItem')
          const submitted = countField(said, 'submittedItem')
          const state = textField(said, 'operationStatus')
          if (processed === undefined || submitted === undefined || state === undefined) return undefined
          return ok({ state, processed, submitted })
        },
      ),
    report: (to, fileId, signal) =>
      call(
        to,
        {
          ...{ service: 'massive', operation: 'massive.report', method: 'GET', acts: false, signal, slow: true },
          ...{ path: `${positions(to)}/file/${segment(fileId)}/report`, mostBytes: REPORT_BYTES },
        },
        (reply, text) => {
          if (reply.status === 425) return ok(null)
          const said = reply.status === 200 ? objectOf(text) : undefined
          if (said === undefined) return undefined
          const processed = countField(said, 'processedItem')
          const submitted = countField(said, 'submittedItem')
          const rows = rowsOf(said.responses, reportRow)
          if (processed === undefined || submitted === undefined || rows === undefined) return undefined
          return ok({ fileId, processed, submitted, rows })
        },
      ),
    async files(to, from, until, signal) {
      const ids: string[] = []
      let token: string | null = null
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const answer: NodeAnswer<IdPage> = await call<IdPage>(
          to,
          {
            ...{ service: 'massive', operation: 'massive.files', method: 'GET', acts: false, signal },
            ...{ path: `${positions(to)}/files`, query: { from, to: until, size: 500 } },
            headers: token === null ? {} : { 'x-continuation-token': token },
          },
          (reply, text) => {
            const said = reply.status === 200 ? objectOf(text) : undefined
            const listed = said?.fileIds
            if (!Array.isArray(listed) || !listed.every((id) => typeof id === 'string' && FILE_ID.test(id)))
              return undefined
            const next = reply.headers.get('x-continuation-token')
            if (said?.hasMore === true && (next === null || next === '' || next === token)) return undefined
            return ok({ ids: listed as string[], next: said?.hasMore === true ? next : null })
          },
        )
        if (answer.kind !== 'ok') return answer
        ids.push(...answer.value.ids)
        token = answer.value.next
        if (token === null) return ok(ids)
      }
      return ok(ids)
    },
  }
}

function positions(to: NodeConnection): string {
  return `/brokers/${segment(to.brokerCode)}/organizations/${segment(to.fiscalCode)}/debtpositions`
}

function reportRow(row: Readonly<Record<string, unknown>>) {
  const status = countField(row, 'statusCode')
  const { iupds } = row
  if (status === undefined || !Array.isArray(iupds) || !iupds.every((iupd) => typeof iupd === 'string'))
    return undefined
  return { status, message: textField(row, 'statusMessage', 2_000) ?? '', iupds: iupds as string[] }
}

/** One part named `file`: the form that the service takes, the same bytes for the same archive but for the boundary. */
function fileForm(zip: Uint8Array): { readonly type: string; readonly content: Uint8Array } {
  const boundary = `quietanza-${randomUUID()}`
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="posizioni.zip"\r\nContent-Type: application/zip\r\n\r\n`
  const content = Buffer.concat([Buffer.from(head), zip, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { type: `multipart/form-data; boundary=${boundary}`, content: new Uint8Array(content) }
}
