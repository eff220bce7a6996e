import { Buffer } from 'node:buffer'
import type { Canvas } from './canvas.ts'
import type { PaperKit } from './kit.ts'
import type { PaperInfo } from './metadata.ts'
import { PaperFile } from './paper-file.ts'

export type { PaperInfo } from './metadata.ts'

/**
 * One file from drawn pages: archivable, with language and title, and tagged (reading order, alternative texts) where its
 * pages carry marks; no date and a fingerprint made from the content, so that the same paper is the same bytes.
 */
export function writePaper(kit: PaperKit, pages: readonly Canvas[], info: PaperInfo): Uint8Array {
  const pieces: Uint8Array[] = []
  const file = new PaperFile((piece) => pieces.push(piece), kit, info, { level: 6 })
  for (const page of pages) file.page(page)
  file.finish()
  return Buffer.concat(pieces)
}
