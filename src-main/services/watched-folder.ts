import { createHash } from 'node:crypto'
import { setTimeout as later } from 'node:timers/promises'
import type { FoundFile } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { knownFiles } from '#ledger/import-file'
import {
  filesFromFolders,
  listWatchedFolders,
  noteScan,
  removeWatchedFolder,
  saveWatchedFolder,
  type WatchedFolderRow,
} from '#ledger/watched-folder'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type IncomingFile, type IntakeFile, importFiles } from './intake.ts'

/** Between two looks at the folders. */
const EVERY_MS = 60_000
/** A file that is being copied grows: two looks this far apart must see the same. */
const SETTLE_MS = 1500
const FILES_SHOWN = 50

export interface ScanResult {
  added: number
  already: number
  refused: number
  /** Files still being written, or that a person must load. */
  waiting: number
}

/** What was seen of each file at the last look, and those already dealt with in this run. */
type Seen = Map<string, string>

/** One look at a folder: takes what is whole since the look before, once by its content, whoever looks. */
export async function scanFolder(ctx: ServiceContext, folder: WatchedFolderRow, seen: Seen): Promise<ScanResult> {
  const result: ScanResult = { added: 0, already: 0, refused: 0, waiting: 0 }
  const ready: FoundFile[] = []
  for (const file of await ctx.folders.files(folder.folder)) {
    const key = `${folder.id}/${file.name}`
    const looks = `${file.size}|${file.changed}`
    if (seen.get(key) === `done ${looks}`) continue
    if (seen.get(key) === looks) ready.push(file)
    else {
      seen.set(key, looks)
      result.waiting += 1
    }
  }
  const notes: string[] = []
  let statements = 0
  for (const file of ready) {
    const bytes = await ctx.folders.read(folder.folder, file.name)
    if (bytes === null) continue
    if (bytes.length !== file.size) {
      result.waiting += 1
      continue
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const outcome = await takeOnce(ctx, folder, file.name, bytes, sha256)
    seen.set(`${folder.id}/${file.name}`, `done ${file.size}|${file.changed}`)
    if (outcome === 'statement') {
      statements += 1
      result.waiting += 1
      continue
    }
    result[outcome === 'mixed' ? 'refused' : outcome] += 1
    if (folder.after === 'move') {
      const into = outcome === 'refused' ? 'rifiutati' : 'letti'
      await ctx.folders.move(folder.folder, file.name, sha256, into)
    }
    if (outcome === 'refused' || outcome === 'mixed') notes.push(file.name)
  }
  if (result.added + result.already + result.refused + statements > 0) {
    const words = [
      ...(notes.length === 0 ? [] : [`Rifiutati: ${notes.slice(0, 5).join(', ')}${notes.length > 5 ? '…' : ''}.`]),
      ...(statements === 0
        ? []
        : [
            `${statements} ${statements === 1 ? 'estratto conto aspetta' : 'estratti conto aspettano'} di essere caricati dalla loro pagina.`,
          ]),
    ]
    await note(ctx, folder, words.length === 0 ? null : words.join(' '))
  }
  return result
}

/**
 * A file enters once whatever its name and folder: its content is remembered in the write that keeps it. One that a kill
 * left behind after that write is only moved away.
 */
async function takeOnce(
  ctx: ServiceContext,
  folder: WatchedFolderRow,
  name: string,
  bytes: Uint8Array,
  sha256: string,
): Promise<'added' | 'already' | 'refused' | 'mixed' | 'statement'> {
  const known = (await ctx.ledger.read((db) => knownFiles(db, [sha256]))).get(sha256)
  if (known) return known.every((k) => k.outcome === 'refused') ? 'refused' : 'already'
  const one: IncomingFile = { name, source: 'folder', token: null, bytes: async () => bytes }
  const files = await importFiles(ctx, [one], {
    ...{ kinds: folder.kinds, total: 1, report: () => {}, rememberAll: true },
  })
  if (files.some(isStatement)) return 'statement'
  const refused = files.filter((f) => f.outcome === 'refused').length
  if (refused === files.length) return 'refused'
  if (refused > 0) return 'mixed'
  return files.every((f) => f.outcome === 'already') ? 'already' : 'added'
}

function isStatement(file: IntakeFile): boolean {
  return file.kind === 'statement'
}

async function note(ctx: ServiceContext, folder: WatchedFolderRow, text: string | null): Promise<void> {
  const at = ctx.clock.now()
  await ctx.ledger.write(command(ctx, 'watchedFolder.scan', { name: folder.name }), (db) =>
    noteScan(db, folder.id, at, text),
  )
}

export interface FolderWatcher {
  look(): Promise<void>
  close(): Promise<void>
}

/** Looks at the active folders by itself for as long as the program runs. */
export function openFolderWatcher(ctx: ServiceContext): FolderWatcher {
  const seen: Seen = new Map()
  let closed = false
  let running: Promise<void> = Promise.resolve()
  const look = (): Promise<void> => {
    running = running.then(async () => {
      try {
        for (const folder of await ctx.ledger.read(listWatchedFolders)) {
          if (closed) return
          if (folder.active) await lookAt(ctx, folder, seen)
        }
      } catch (error) {
        ctx.log.error('folders not watched', { error })
      }
    })
    return running
  }
  const timer = setInterval(() => void look(), EVERY_MS)
  timer.unref()
  void look()
  return {
    look,
    async close() {
      clearInterval(timer)
      closed = true
      await running
    },
  }
}

async function lookAt(ctx: ServiceContext, folder: WatchedFolderRow, seen: Seen): Promise<void> {
  try {
    await scanFolder(ctx, folder, seen)
  } catch (error) {
    const text = error instanceof ProblemError ? error.problems.map(problemText).join(' ') : 'La cartella non si legge.'
    ctx.log.warn('folder not read', { folder: folder.id, error })
    if (folder.note !== text) await note(ctx, folder, text)
  }
}

export const watchedFolder = {
  list: os.watchedFolder.list.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const folders = await Promise.all(
        (await listWatchedFolders(db)).map(async ({ name, kinds, ...f }) => ({
          ...f,
          kinds: [...kinds],
          place: await context.folders.describe(f.folder).catch(() => name),
        })),
      )
      const files = (await filesFromFolders(db, FILES_SHOWN)).map(({ operator: _, problems, ...f }) => ({
        ...f,
        problems: [...problems],
      }))
      return { folders, files }
    }),
  ),

  save: os.watchedFolder.save.handler(async ({ context, input: { id, ...settings } }) => {
    const place = await context.folders.describe(settings.folder)
    const check = await context.folders.check(settings.folder)
    if (!check.ok) throw new ProblemError(problem('FOLDER_UNWRITABLE', { place, reason: check.reason }))
    const saved = await context.ledger.write(command(context, 'watchedFolder.save', { name: place }), async (db) => {
      const all = await listWatchedFolders(db)
      if (id !== null && !all.some((f) => f.id === id)) throw new ProblemError(problem('WATCHED_FOLDER_GONE', {}))
      if (all.some((f) => f.id !== id && f.folder === settings.folder)) {
        throw new ProblemError(problem('WATCHED_FOLDER_TAKEN', { name: place }))
      }
      return saveWatchedFolder(db, id, { ...settings, name: place })
    })
    return { id: saved }
  }),

  remove: os.watchedFolder.remove.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'watchedFolder.remove', {}), (db) => removeWatchedFolder(db, input.id))
    return null
  }),

  scanNow: os.watchedFolder.scanNow.handler(async ({ context }) => {
    const folders = (await context.ledger.read(listWatchedFolders)).filter((f) => f.active)
    const seen: Seen = new Map()
    const total: ScanResult = { added: 0, already: 0, refused: 0, waiting: 0 }
    for (const folder of folders) await scanFolder(context, folder, seen)
    await later(SETTLE_MS)
    for (const folder of folders) {
      const found = await scanFolder(context, folder, seen)
      for (const key of ['added', 'already', 'refused', 'waiting'] as const) total[key] += found[key]
    }
    return total
  }),
}
