import { Refusal } from '#codecs/refusal'
import { ZipArchive } from '#codecs/zip-read'
import { addDays, daysBetween, type Instant, type IsoDate, isIsoDate, romeDate } from '#domain/date'
import { NODE_PATHS } from '#domain/node-ports'
import { whole } from './gpd-list.ts'
import { readIupds, readRows, readV1 } from './gpd-read.ts'
import { type Call, jsonOf, type NodeDesk, Refused, type Reply, type Route, TurnedAway } from './http.ts'
import { doneRows, startUpload } from './massive-run.ts'
import type { NodeUpload } from './records.ts'

const BASE = `${NODE_PATHS.massive}/brokers/:broker/organizations/:fiscalCode/debtpositions`
const MIB = 1_048_576
const UNZIPPED = 100 * MIB
const MOST_ROWS = 100_000
/** Files older than this are not listed any more. */
const RETENTION_DAYS = 60
/** When the platform invites to ask again, as it words it. */
const RETRY_AFTER = '500 ms'

type Handle = Route['handle']

/** `gpd_massive_v2.json`: zip files of thousands of positions, worked through after the answer. */
export const massiveRoutes: readonly Route[] = [
  loading('POST', 'create-debt-positions-by-file-upload', 'create'),
  loading('PUT', 'update-debt-positions-by-file-upload', 'update'),
  loading('DELETE', 'delete-debt-positions-by-file-upload', 'delete'),
  massiveRoute('GET', `${BASE}/file/:fileId/status`, 'get-debt-positions-upload-status', (call, desk) => {
    const upload = uploadOf(call, desk)
    const rows = doneRows(desk, upload.fileId)
    return {
      status: 200,
      json: {
        fileId: upload.fileId,
        processedItem: rows.length,
        submittedItem: upload.submitted,
        startTime: upload.startTime,
        operationStatus: operationStatus(upload, rows),
      },
    }
  }),
  massiveRoute('GET', `${BASE}/file/:fileId/report`, 'get-debt-positions-upload-report', (call, desk) => {
    const upload = uploadOf(call, desk)
    if (upload.endTime === undefined) throw new Refused(425, 'Too Early', 'The report has not been generated yet')
    const rows = doneRows(desk, upload.fileId)
    return {
      status: 200,
      json: {
        fileId: upload.fileId,
        processedItem: rows.length,
        submittedItem: upload.submitted,
        responses: grouped(rows),
        startTime: upload.startTime,
        endTime: upload.endTime,
      },
    }
  }),
  massiveRoute('GET', `${BASE}/files`, 'get-debt-positions-fileids', listFiles),
]

function massiveRoute(method: Route['method'], path: string, operation: string, handle: Handle): Route {
  return { method, path, lock: { product: 'gpd' }, service: 'massive', operation, limit: UNZIPPED, handle }
}

function loading(method: Route['method'], operation: string, kind: NodeUpload['kind']): Route {
  return massiveRoute(method, `${BASE}/file`, operation, async (call, desk) => {
    slowDown(desk)
    const json = jsonOf(await unzipped(await fileOf(call)))
    const rows = kind === 'delete' ? readIupds(json, 1, MOST_ROWS) : readRows(json, MOST_ROWS)
    const iupds = kind === 'delete' ? (rows as string[]) : rows.map((row) => readV1(row).iupd)
    if (new Set(iupds).size < iupds.length) {
      throw new Refused(400, 'INVALID DEBT POSITIONS', 'Debt positions format is invalid or duplicates were found')
    }
    const { broker = '', fiscalCode = '' } = call.params
    const fileId = Buffer.from(desk.random.bytes(16)).toString('hex')
    const upload: NodeUpload = {
      fileId,
      brokerCode: broker,
      organizationFiscalCode: fiscalCode,
      kind,
      startTime: desk.now(),
      submitted: rows.length,
    }
    startUpload(desk, upload, rows)
    const Location = `brokers/${broker}/organizations/${fiscalCode}/debtpositions/file/${fileId}/status`
    return { status: 202, headers: { Location, 'Retry-After': RETRY_AFTER } }
  })
}

const lastLoads = new WeakMap<NodeDesk, number>()

/** One load a second for a key. @throws Refused 429 */
function slowDown(desk: NodeDesk): void {
  const left = (lastLoads.get(desk) ?? Number.NEGATIVE_INFINITY) + desk.settings.massiveEveryMs - desk.epochMs()
  if (left > 0) {
    const seconds = Math.ceil(left / 1000)
    throw new TooMany(seconds)
  }
  lastLoads.set(desk, desk.epochMs())
}

class TooMany extends TurnedAway {
  constructor(seconds: number) {
    super(429, 'Too Many Requests', `Rate limit is exceeded. Try again in ${seconds} seconds.`, {
      'Retry-After': String(seconds),
    })
  }
  override reply(): Reply {
    return { ...super.reply(), type: 'text/json' }
  }
}

/** The `file` of a multipart body. @throws Refused 400 */
async function fileOf(call: Call): Promise<File> {
  const type = call.headers['content-type'] ?? ''
  let form: FormData
  try {
    form = await new Response(new Uint8Array(call.body), { headers: { 'Content-Type': type } }).formData()
  } catch {
    throw new Refused(400, 'BAD REQUEST', 'The body is not multipart/form-data')
  }
  const file = form.get('file')
  if (!(file instanceof File)) throw new Refused(400, 'EMPTY FILE', 'The zip file is missing')
  if (!/\.zip$/.test(file.name)) throw new Refused(400, 'NOT A ZIP FILE', 'Only ZIP files can be uploaded.')
  return file
}

/** The only JSON of a zip. @throws Refused 400 */
async function unzipped(file: File): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  try {
    const zip = new ZipArchive(new Uint8Array(await file.arrayBuffer()), { inflated: UNZIPPED, ratio: 1000 })
    const names = zip.names()
    if (names.length > 1) throw new Refused(400, 'INVALID FILE', 'Too many entries in ZIP file.')
    const name = names[0]
    if (name === undefined) throw new Refused(400, 'INVALID FILE', 'No valid file found in ZIP.')
    if (!name.endsWith('.json')) throw new Refused(400, 'INVALID FILE', 'ZIP contains unsupported file type.')
    for await (const part of zip.read(name)) parts.push(part)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.problem.code === 'XLSX_LIMIT') {
      throw new Refused(400, 'INVALID FILE', 'Unzipped content exceeds size limit.')
    }
    throw new Refused(400, 'UNZIP ERROR', 'Could not unzip file')
  }
  return Buffer.concat(parts)
}

/** @throws Refused 404 */
function uploadOf(call: Call, desk: NodeDesk): NodeUpload {
  const { broker, fiscalCode, fileId = '' } = call.params
  const upload = desk.store.get('upload', fileId)
  if (upload?.brokerCode === broker && upload?.organizationFiscalCode === fiscalCode && upload) return upload
  throw new Refused(404, 'STATUS NOT FOUND', `The status for given fileId ${fileId} does not exist`)
}

function operationStatus(upload: NodeUpload, rows: ReturnType<typeof doneRows>): string {
  if (upload.endTime === undefined) return 'IN_PROGRESS'
  const bad = rows.filter(({ statusCode }) => statusCode >= 400).length
  if (bad === 0) return 'COMPLETED'
  return bad === rows.length ? 'COMPLETED_UNSUCCESSFULLY' : 'COMPLETED_WITH_WARNINGS'
}

/** `ResponseEntryDTO`s: the IUPDs that had the same answer. */
function grouped(rows: ReturnType<typeof doneRows>) {
  const groups = new Map<string, { statusCode: number; statusMessage: string; iupds: string[] }>()
  for (const { iupd, statusCode, statusMessage } of rows) {
    const key = `${statusCode} ${statusMessage}`
    const group = groups.get(key) ?? { statusCode, statusMessage, iupds: [] }
    group.iupds.push(iupd)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function listFiles(call: Call, desk: NodeDesk): Reply {
  const today = romeDate(desk.now())
  const to = dayOf(call, 'to') ?? today
  const from = dayOf(call, 'from') ?? addDays(to, -6)
  if (from > to || daysBetween(from, to) + 1 > 7) throw new Refused(400, 'BAD_REQUEST', 'At most 7 days, in order')
  if (daysBetween(from, today) > RETENTION_DAYS) throw new Refused(410, 'Gone', 'Files of those days are no more')
  const size = whole(call.query, 'size', 100, 100, 500)
  const ids: string[] = []
  for (const upload of desk.store.all('upload')) {
    if (upload.brokerCode !== call.params.broker || upload.organizationFiscalCode !== call.params.fiscalCode) continue
    const day = romeDate(upload.startTime as Instant)
    if (day >= from && day <= to) ids.push(upload.fileId)
  }
  const token = call.headers['x-continuation-token']
  const at = typeof token === 'string' && token !== '' ? ids.indexOf(token) + 1 : 0
  const fileIds = ids.slice(at, at + size)
  const hasMore = at + size < ids.length
  const headers = hasMore ? { 'x-continuation-token': fileIds.at(-1) ?? '' } : {}
  return { status: 200, headers, json: { fileIds, size: fileIds.length, hasMore } }
}

function dayOf(call: Call, name: string): IsoDate | null {
  const text = call.query.get(name)
  if (text === null || text === '') return null
  if (!isIsoDate(text)) throw new Refused(400, 'BAD_REQUEST', `${name} is not a date YYYY-MM-DD`)
  return text
}
