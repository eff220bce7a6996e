import { inflateSync } from 'node:zlib'

const ROOT = /<<\/Type\/Pages\/Count (\d+)/
const PACK = /\/Type\/ObjStm[^>]*>>\s*stream\r?\n/g

/**
 * Pages of a file that these codecs wrote: the count on the root of its page tree, plain or in a pack of objects. Files of
 * others may keep theirs elsewhere. @throws RangeError where there is none.
 */
export function pageCount(pdf: Uint8Array): number {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
  const text = bytes.toString('latin1')
  const plain = ROOT.exec(text)?.[1]
  if (plain !== undefined) return Number(plain)
  // What follows the packed bytes is not read: the stream of deflate says itself where it ends.
  for (const { index, 0: head } of text.matchAll(PACK)) {
    const found = ROOT.exec(inflateSync(bytes.subarray(index + head.length)).toString('latin1'))?.[1]
    if (found !== undefined) return Number(found)
  }
  throw new RangeError('a file without its page tree')
}
