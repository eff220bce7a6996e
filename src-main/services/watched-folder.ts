import { createHash } from 'node:crypto'
import { setTimeout as later } from 'node:timers/promises'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { FoundFile } from '#domain/ports'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import { knownFiles } from '#ledger/import-file'
import { statementAccounts } from '#ledger/statement-store'
import {
  filesFromFolders,
  listWatchedFolders,
  noteScan,
  removeWatchedFolder,
  saveWatchedFolder,
  type WaitingFile,
  type WatchedFolderRow,
} from '#ledger/watched-folder'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type IncomingFile, importFiles } from './intake.ts'
import { type Looker, lookAgain } from './look-again.ts'
import type { StatementFile } from './statement-read.ts'
import { takeStatements, waitsForOthers } from './watched-statement.ts'

/** Between two looks at the folders. */
const EVERY_MS = 60_000
/** A file that is being copied grows: two looks this far apart must see the same. */
const SETTLE_MS = 1500
const FILES_SHOWN = 50
const MAX_PROBLEMS = 20

export interface ScanResult {
  added: number
  already: number
  refused: number
  /** Files still being written, or that a person must load. */
  waiting: number
}

/** A file as the last look found it; `waiting` of a statement that stays, with the reason. */
interface SeenFile {
  readonly looks: string
  readonly state: 'growing' | 'done' | 'waiting'
  readonly problems: readonly Problem[]
}

/** What was seen of each file at the last look, and those already dealt with in this run. */
export type SeenFiles = Map<string, SeenFile>

interface StatementOfFile {
  readonly found: FoundFile
  readonly sha256: string
  readonly statements: readonly StatementFile[]
}

/**
 * One look at a folder: takes what is whole since the look before, once by its content, whoever looks. A file that cannot
 * be taken never stops the others: it waits with its reason, and is tried again when it, its account or its pages change.
 */
export async function scanFolder(ctx: ServiceContext, folder: WatchedFolderRow, seen: SeenFiles): Promise<ScanResult> {
  const result: ScanResult = { added: 0, already: 0, refused: 0, waiting: 0 }
  const files = await ctx.folders.files(folder.folder)
  const keyOf = await keysFor(ctx, folder)
  const mark = (file: FoundFile, state: SeenFile['state'], problems: readonly Problem[] = []) =>
    seen.set(keyOf(file.name), { looks: looksOf(file), state, problems })
  const ready: FoundFile[] = []
  for (const file of files) {
    const before = seen.get(keyOf(file.name))
    if (before?.looks !== looksOf(file)) mark(file, 'growing')
    else if (before.state === 'growing' || isLocked(before)) ready.push(file)
  }
  const notes: string[] = []
  const end = async (file: FoundFile, sha256: string, outcome: 'added' | 'already' | 'refused' | 'mixed') => {
    mark(file, 'done')
    result[outcome === 'mixed' ? 'refused' : outcome] += 1
    if (outcome === 'refused' || outcome === 'mixed') notes.push(file.name)
    if (folder.after !== 'move') return
    const into = outcome === 'refused' ? 'rifiutati' : 'letti'
    try {
      await ctx.folders.move(folder.folder, file.name, sha256, into)
    } catch (error) {
      // Another look at the same time, here or on another workstation, has moved it already.
      const there = await ctx.folders.files(folder.folder)
      if (there.some(({ name }) => name === file.name)) throw error
    }
  }
  const statements: StatementOfFile[] = []
  const take = async (file: FoundFile): Promise<void> => {
    const read = await readWhole(ctx, folder, file)
    if (read === 'gone') return
    if ('problem' in read) {
      mark(file, 'waiting', [read.problem])
      return
    }
    const { bytes, sha256 } = read
    const taken = await takeOnce(ctx, folder, file.name, bytes, sha256)
    if (typeof taken === 'string') await end(file, sha256, taken)
    else statements.push({ found: file, sha256, statements: taken })
  }
  for (const file of ready) await take(file)
  if (statements.length > 0) {
    for (const file of files) {
      const before = seen.get(keyOf(file.name))
      if (before?.state === 'waiting' && waitsForOthers(before.problems)) await take(file)
    }
    const outcomes = await takeStatements(
      ctx,
      folder,
      statements.flatMap((s) => s.statements),
    )
    for (const { found, sha256, statements: of } of statements) {
      const own = outcomes.filter((o) => of.includes(o.file))
      const problems = own.flatMap((o) => o.problems)
      if (own.some((o) => o.outcome === 'waiting')) mark(found, 'waiting', problems.slice(0, MAX_PROBLEMS))
      else await end(found, sha256, own.every((o) => o.outcome === 'already') ? 'already' : 'added')
    }
  }
  const waiting = files.flatMap(({ name }): WaitingFile[] => {
    const now = seen.get(keyOf(name))
    if (now?.state === 'waiting') return [{ name, problems: now.problems }]
    // What was said of a file stands until it is looked into again.
    return now?.state === 'growing' ? folder.waiting.filter((w) => w.name === name) : []
  })
  result.waiting = files.filter((f) => ['waiting', 'growing'].includes(seen.get(keyOf(f.name))?.state ?? '')).length
  const changed =
    canonicalJson(waiting as unknown as JsonValue) !== canonicalJson(folder.waiting as unknown as JsonValue)
  if (changed || result.added + result.already + result.refused > 0) {
    await note(ctx, folder, noteText(notes, waiting), waiting)
  }
  return result
}

/** Another program held it, or it could not be read: only trying tells. */
function isLocked({ state, problems }: SeenFile): boolean {
  return state === 'waiting' && problems[0]?.code === 'WATCHED_FILE_UNREADABLE'
}

function looksOf({ size, changed }: FoundFile): string {
  return `${size}|${changed}`
}

/** Files of a folder by name; those that waited are looked into again when our accounts or the folder's own change. */
async function keysFor(ctx: ServiceContext, folder: WatchedFolderRow): Promise<(name: string) => string> {
  const accounts = (await ctx.ledger.read(statementAccounts)).map((a) => [a.id, a.iban, a.kind, a.closedDate])
  const about = JSON.stringify([folder.id, folder.bankAccountId, accounts])
  return (name) => `${about}/${name}`
}

async function readWhole(
  ctx: ServiceContext,
  folder: WatchedFolderRow,
  file: FoundFile,
): Promise<'gone' | { readonly problem: Problem } | { readonly bytes: Uint8Array; readonly sha256: string }> {
  // An empty file is most often a copy that has only begun.
  if (file.size === 0) return { problem: problem('FILE_EMPTY', {}, { file: file.name }) }
  let bytes: Uint8Array | null
  try {
    bytes = await ctx.folders.read(folder.folder, file.name)
  } catch (error) {
    const said = error instanceof ProblemError ? error.problems[0]?.params.reason : undefined
    const reason = typeof said === 'string' ? said : 'il sistema non lo lascia leggere'
    return { problem: problem('WATCHED_FILE_UNREADABLE', { reason }, { file: file.name }) }
  }
  if (bytes === null || bytes.length !== file.size) return 'gone'
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * A file enters once whatever its name and folder: its content is remembered in the write that keeps it. One that a kill
 * left behind after that write is only moved away. Statements are handed back, to be taken with the others.
 */
async function takeOnce(
  ctx: ServiceContext,
  folder: WatchedFolderRow,
  name: string,
  bytes: Uint8Array,
  sha256: string,
): Promise<'added' | 'already' | 'refused' | 'mixed' | readonly StatementFile[]> {
  const known = (await ctx.ledger.read((db) => knownFiles(db, [sha256]))).get(sha256)
  if (known) return known.every((k) => k.outcome === 'refused') ? 'refused' : 'already'
  const one: IncomingFile = { name, source: 'folder', token: null, bytes: async () => bytes }
  const files = await importFiles(ctx, [one], {
    ...{ kinds: folder.kinds, total: 1, report: () => {}, rememberAll: true },
  })
  const statements = files.flatMap((f) => f.statement ?? [])
  if (statements.length > 0) return statements
  const refused = files.filter((f) => f.outcome === 'refused').length
  if (refused === files.length) return 'refused'
  if (refused > 0) return 'mixed'
  return files.every((f) => f.outcome === 'already') ? 'already' : 'added'
}

function noteText(refused: readonly string[], waiting: readonly WaitingFile[]): string | null {
  const some = (names: readonly string[]) => `${names.slice(0, 5).join(', ')}${names.length > 5 ? '…' : ''}.`
  const words = [
    ...(refused.length === 0 ? [] : [`Rifiutati: ${some(refused)}`]),
    ...(waiting.length === 0 ? [] : [`Aspettano te: ${some(waiting.map((w) => w.name))}`]),
  ]
  return words.length === 0 ? null : words.join(' ')
}

async function note(
  ctx: ServiceContext,
  folder: WatchedFolderRow,
  text: string | null,
  waiting: readonly WaitingFile[],
): Promise<void> {
  const at = ctx.clock.now()
  await ctx.ledger.write(command(ctx, 'watchedFolder.scan', { name: folder.name }), (db) =>
    noteScan(db, folder.id, { at, note: text, waiting }),
  )
}

/** Looks at the active folders by itself for as long as the program runs. */
export function openFolderWatcher(ctx: ServiceContext): Looker {
  const seen: SeenFiles = new Map()
  return lookAgain(
    EVERY_MS,
    async (signal) => {
      for (const folder of await ctx.ledger.read(listWatchedFolders)) {
        if (signal.aborted) return
        if (folder.active) await lookAt(ctx, folder, seen)
      }
    },
    (error) => ctx.log.error('folders not watched', { error }),
  )
}

async function lookAt(ctx: ServiceContext, folder: WatchedFolderRow, seen: SeenFiles): Promise<void> {
  try {
    await scanFolder(ctx, folder, seen)
  } catch (error) {
    const text = error instanceof ProblemError ? error.problems.map(problemText).join(' ') : 'La cartella non si legge.'
    ctx.log.warn('folder not read', { folder: folder.id, error })
    if (folder.note !== text) await note(ctx, folder, text, folder.waiting)
  }
}

export const watchedFolder = {
  list: os.watchedFolder.list.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const folders = await Promise.all(
        (await listWatchedFolders(db)).map(async ({ name, kinds, waiting, ...f }) => ({
          ...f,
          kinds: [...kinds],
          waiting: waiting.map((w) => ({ name: w.name, problems: [...w.problems] })),
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
    const seen: SeenFiles = new Map()
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
