import type { Canvas } from './canvas.ts'
import type { PaperKit } from './kit.ts'
import type { PaperInfo } from './metadata.ts'
import { PaperFile } from './paper-file.ts'

/** A print file is for the printer: with more papers than this the tags would cost more than they are worth. */
const TAGGED_PAPERS = 200

/** Bytes gathered before they are handed on. */
const CHUNK = 256 * 1024

export interface MergedPaper {
  /** Its bookmark. */
  readonly title: string
  readonly pages: readonly Canvas[]
}

/**
 * Many papers as one file, each with a bookmark, handed on as it is written: memory stays flat. `draw` may write what many
 * of them share into the file at its first use.
 */
export async function* mergeFile<T>(
  papers: Iterable<T> | AsyncIterable<T>,
  kit: PaperKit,
  info: PaperInfo,
  draw: (paper: T, file: PaperFile) => MergedPaper,
): AsyncGenerator<Uint8Array> {
  const pieces: Uint8Array[] = []
  const options = { level: 1, chunk: CHUNK, taggedParts: TAGGED_PAPERS }
  const file = new PaperFile((piece) => pieces.push(piece), kit, info, options)
  for await (const paper of papers) {
    const { title, pages } = draw(paper, file)
    file.part(title, pages)
    yield* pieces.splice(0)
  }
  file.finish()
  yield* pieces
}
