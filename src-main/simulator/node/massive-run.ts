import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { created, removable, Taken, updated } from './gpd-positions.ts'
import { readV1 } from './gpd-read.ts'
import { type NodeDesk, Refused } from './http.ts'
import type { NodePosition, NodeUpload, NodeUploadPart } from './records.ts'
import { positionKey } from './store.ts'

type Row = NodeUploadPart['rows'][number]

/** Rows that wait in memory, where the node has no folder. */
const waiting = new WeakMap<NodeDesk, Map<string, readonly unknown[]>>()

/** Takes a load in charge: from here on it goes to its end, also through a restart. */
export function startUpload(desk: NodeDesk, upload: NodeUpload, rows: readonly unknown[]): void {
  if (desk.folder === null) {
    const held = waiting.get(desk) ?? new Map()
    waiting.set(desk, held.set(upload.fileId, rows))
  } else {
    mkdirSync(join(desk.folder, 'carichi'), { recursive: true })
    const place = fileOf(desk.folder, upload)
    try {
      writeFileSync(place, JSON.stringify(rows))
    } catch (error) {
      rmSync(place, { force: true })
      throw error
    }
  }
  desk.store.change(({ put }) => put('upload', upload.fileId, upload))
  goOn(desk, upload, rows)
}

/** Goes on with the loads that a closing cut. */
export function resumeUploads(desk: NodeDesk): void {
  const { folder } = desk
  if (folder === null) return
  for (const upload of [...desk.store.all('upload')]) {
    if (upload.endTime !== undefined) continue
    goOn(desk, upload, JSON.parse(readFileSync(fileOf(folder, upload), 'utf8')) as readonly unknown[])
  }
}

/** What became of the rows so far, in their order. */
export function doneRows(desk: NodeDesk, fileId: string): Row[] {
  const rows: Row[] = []
  for (let at = 0; ; at += 1) {
    const part = desk.store.get('uploadPart', `${fileId}/${at}`)
    if (!part) return rows
    rows.push(...part.rows)
  }
}

/** A turn at a time, so that other calls are answered meanwhile. */
function goOn(desk: NodeDesk, upload: NodeUpload, rows: readonly unknown[]): void {
  let parts = 0
  let done = 0
  for (let part = desk.store.get('uploadPart', `${upload.fileId}/0`); part; ) {
    done += part.rows.length
    parts += 1
    part = desk.store.get('uploadPart', `${upload.fileId}/${parts}`)
  }
  const turn = () => {
    const some = rows.slice(done, done + desk.settings.massiveTurn)
    const ended = done + some.length >= rows.length
    desk.store.change((changes) => {
      const taken = new Taken()
      const results = some.map((row): Row => {
        const { position, ...result } = doRow(desk, upload, row, taken)
        const key = positionKey(upload.organizationFiscalCode, result.iupd)
        if (position && upload.kind === 'delete') changes.remove('position', key)
        else if (position) changes.put('position', key, position)
        return result
      })
      changes.put('uploadPart', `${upload.fileId}/${parts}`, { fileId: upload.fileId, rows: results })
      if (ended) changes.put('upload', upload.fileId, { ...upload, endTime: desk.now() })
    })
    done += some.length
    parts += 1
    if (!ended) return desk.later(turn)
    waiting.get(desk)?.delete(upload.fileId)
    if (desk.folder !== null) rmSync(fileOf(desk.folder, upload), { force: true })
  }
  desk.later(turn)
}

/** One row, as the platform words it in its reports. A massive load publishes what it creates and updates. */
function doRow(
  desk: NodeDesk,
  upload: NodeUpload,
  row: unknown,
  taken: Taken,
): Row & { position: NodePosition | null } {
  const iupd = typeof row === 'string' ? row : String((row as { readonly iupd?: unknown }).iupd)
  const { organizationFiscalCode: fiscalCode, kind } = upload
  try {
    if (kind === 'create') {
      const position = created(desk, fiscalCode, readV1(row), true, taken)
      return { iupd, statusCode: 201, statusMessage: 'Debt position CREATED', position }
    }
    const position =
      kind === 'update' ? updated(desk, fiscalCode, readV1(row), true, taken) : removable(desk, fiscalCode, iupd)
    if (kind === 'delete' && !taken.take(`iupd/${iupd}`)) throw new Refused(404, 'Not found', 'Removed already')
    return { iupd, statusCode: 200, statusMessage: 'Debt position operation OK', position }
  } catch (error) {
    if (!(error instanceof Refused)) {
      const statusMessage = 'Internal Server Error: operation not completed'
      return { iupd, statusCode: 500, statusMessage, position: null }
    }
    return { iupd, statusCode: error.status, statusMessage: wordsOf(error, kind), position: null }
  }
}

function wordsOf(refused: Refused, kind: NodeUpload['kind']): string {
  if (refused.status === 404) return 'Debt position NOT FOUND'
  if (refused.status === 409 && kind === 'create') {
    return 'Debt position IUPD or NAV/IUV already exists for organization code'
  }
  return refused.status === 400 ? `Bad request caused by ${refused.message}` : refused.message
}

function fileOf(folder: string, { fileId }: NodeUpload): string {
  return join(folder, 'carichi', `${fileId}.json`)
}
