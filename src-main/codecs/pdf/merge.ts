import type { NoticeData } from '#domain/notice'
import type { PreparedPage } from './canvas.ts'
import { mergeFile } from './merge-file.ts'
import type { PaperInfo } from './metadata.ts'
import { type NoticeKit, type NoticeLetter, preparedPages, withLetter } from './notice-kit.ts'
import { drawVariablePages } from './notice-pages.ts'
import { noticeShape } from './notice-shape.ts'

export interface PaperToMerge {
  readonly notice: NoticeData
  readonly letter?: NoticeLetter
}

/**
 * Many notices as one file, each with its letter: shared fonts and drawings, the fixed pages of a shape at its first use,
 * a bookmark by name for each.
 * @throws ProblemError at the notice that cannot be printed; check with `checkNotice` before, nothing should be left half written.
 */
export function mergeNotices(
  papers: Iterable<PaperToMerge> | AsyncIterable<PaperToMerge>,
  kit: NoticeKit,
  info: PaperInfo,
): AsyncGenerator<Uint8Array> {
  const fixed = new Map<string, readonly PreparedPage[]>()
  return mergeFile(papers, kit, info, ({ notice, letter }, file) => {
    const shape = noticeShape(notice, kit.style)
    let prepared = fixed.get(shape.key)
    if (prepared === undefined) {
      prepared = preparedPages(shape, kit, file.sink)
      fixed.set(shape.key, prepared)
    }
    const pages = drawVariablePages(notice, shape, kit.style, prepared)
    return { title: notice.debtor.name, pages: withLetter(pages, letter) }
  })
}
