import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { Problem } from '#domain/problem'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { ImportFileTable } from './schema/reconciliation.ts'

export type ImportFileKind = ImportFileTable['kind']
export type ImportFileSource = ImportFileTable['source']

/** A file that came in and what became of it. */
export interface ArrivedFile {
  readonly kind: ImportFileKind
  readonly name: string
  readonly sha256: string
  readonly size: number
  readonly source: ImportFileSource
  readonly outcome: string
  readonly problems: readonly Problem[]
}

/** Problems kept with a file: enough to tell why, however long the file was. */
const PROBLEMS_KEPT = 50

/** Writes down files; one of the same kind and content that is known already stays as it was told the first time. */
export async function rememberFiles(
  db: WriteHandle,
  files: readonly ArrivedFile[],
  at: Instant,
  operator: string,
): Promise<void> {
  for (const part of chunks(files)) {
    await db
      .insertInto('importFile')
      .values(
        part.map(({ problems, ...file }) => ({
          ...file,
          problemsJson: canonicalJson(problems.slice(0, PROBLEMS_KEPT) as unknown as JsonValue),
          at,
          operator,
        })),
      )
      .onConflict((conflict) => conflict.columns(['kind', 'sha256']).doNothing())
      .execute()
  }
}

export interface KnownFile {
  readonly id: Id<'importFile'>
  readonly kind: ImportFileKind
  readonly name: string
  readonly sha256: string
  readonly source: ImportFileSource
  readonly outcome: string
  readonly problems: readonly Problem[]
  readonly at: Instant
  readonly operator: string
}

/** Those of these contents that came in already, by content. */
export async function knownFiles(db: ReadHandle, sha256s: readonly string[]): Promise<Map<string, KnownFile[]>> {
  const found: KnownFile[] = []
  for (const part of chunks([...new Set(sha256s)])) {
    const rows = await db.selectFrom('importFile').selectAll().where('sha256', 'in', part).orderBy('id').execute()
    found.push(...rows.map(({ problemsJson, size: _, ...row }) => ({ ...row, problems: JSON.parse(problemsJson) })))
  }
  return Map.groupBy(found, (file) => file.sha256)
}
