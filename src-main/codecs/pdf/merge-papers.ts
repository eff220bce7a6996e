import { type MergedPaper, mergeFile } from './merge-file.ts'
import type { PaperInfo } from './metadata.ts'
import { ownPaperKit } from './paper-parts.ts'

export type OwnPaper = MergedPaper

/**
 * Many of our own papers (quietanze, reversali) as one file to print: shared fonts, a bookmark for each, written as it
 * is drawn. Equal papers give equal bytes.
 */
export function mergePapers(
  papers: Iterable<OwnPaper> | AsyncIterable<OwnPaper>,
  info: PaperInfo,
): AsyncGenerator<Uint8Array> {
  return mergeFile(papers, ownPaperKit(), info, (paper) => paper)
}
