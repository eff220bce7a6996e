/**
 * Pages of a file that these codecs wrote: the count on the root of its page tree. Files of others may keep theirs
 * elsewhere. @throws RangeError where there is none.
 */
export function pageCount(pdf: Uint8Array): number {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  const count = /<<\/Type\/Pages\/Count (\d+)/.exec(text)?.[1]
  if (count === undefined) throw new RangeError('a file without its page tree')
  return Number(count)
}
