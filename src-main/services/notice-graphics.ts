import { createHash } from 'node:crypto'
import { readGraphicZip } from '#codecs/graphic-zip'
import { graphicOfFileName, NOTICE_GRAPHIC_KINDS, type NoticeGraphic } from '#domain/notice-graphics'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { type SavedGraphic, saveGraphic } from '#ledger/notice-style'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { checkGraphic } from './graphic-file.ts'

/** An archive of the whole kit in every size weighs less than one. */
const MAX_UPLOAD_BYTES = 16 * 1_048_576

interface Candidate {
  readonly kind: NoticeGraphic
  readonly name: string
  readonly bytes: Uint8Array
}

export interface LoadedGraphics {
  readonly added: NoticeGraphic[]
  readonly ignored: string[]
  readonly problems: Problem[]
}

/**
 * Loads pieces of the kit: of each the best file that can be printed (SVG before PNG, then the largest), the others are
 * passed over. Unknown names are listed, and what cannot be printed is a problem only where nothing else stands for it.
 */
export async function loadGraphics(context: ServiceContext, tokens: readonly FileToken[]): Promise<LoadedGraphics> {
  const problems: Problem[] = []
  const ignored: string[] = []
  const candidates: Candidate[] = []
  for (const token of tokens) {
    for (const { name, bytes } of await filesOf(context, token, problems)) {
      const kind = graphicOfFileName(name)
      if (kind === null || !/\.(svg|png)$/i.test(name)) ignored.push(name)
      else candidates.push({ kind, name, bytes })
    }
  }
  const chosen: SavedGraphic[] = []
  for (const kind of NOTICE_GRAPHIC_KINDS) {
    const own = candidates.filter((one) => one.kind === kind).sort((a, b) => rank(a.name) - rank(b.name))
    const refused: Problem[] = []
    const best = firstGood(own, refused)
    if (best === null) problems.push(...refused)
    else chosen.push(best)
  }
  if (chosen.length > 0) {
    const pieces = chosen.map(({ kind, fileName, sha256 }) => ({ kind, fileName, sha256 }))
    await context.ledger.write(
      command(context, 'noticeStyle.addGraphics', { count: chosen.length, pieces }),
      async (db) => {
        for (const graphic of chosen) await saveGraphic(db, graphic)
      },
    )
  }
  return { added: chosen.map((one) => one.kind), ignored, problems }
}

async function filesOf(
  context: ServiceContext,
  token: FileToken,
  problems: Problem[],
): Promise<{ name: string; bytes: Uint8Array }[]> {
  const file = await context.files.open(token)
  if (file.size > MAX_UPLOAD_BYTES) {
    problems.push(problem('GRAPHIC_LIMIT', { limit: 'pesa più di 16 MB' }, { file: file.name }))
    return []
  }
  const bytes = await file.bytes()
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (!isZip) return [{ name: file.name, bytes }]
  try {
    return await readGraphicZip(bytes)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    problems.push(...error.problems.map((one) => ({ ...one, file: file.name })))
    return []
  }
}

function firstGood(own: readonly Candidate[], refused: Problem[]): SavedGraphic | null {
  for (const { kind, name, bytes } of own) {
    try {
      const { format } = checkGraphic(name, bytes)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return { kind, fileName: name.replace(/^.*\//, ''), format, bytes, sha256 }
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      refused.push(...error.problems)
    }
  }
  return null
}

function rank(name: string): number {
  if (/\.svg$/i.test(name)) return 0
  return 10 - Number(/@(\d)x\./i.exec(name)?.[1] ?? 1)
}
