import { checkWordsOf } from './check-words.ts'
import { type DataMatrixShape, SHAPE_48, SHAPE_52 } from './data-matrix-shape.ts'
import { shortestWords } from './data-matrix-words.ts'

/** One symbol: `modules[y * size + x]` is 1 where dark, finders included, quiet zone not. */
export interface DataMatrix {
  readonly modules: Uint8Array
  readonly size: 48 | 52
}

const UNLATCH_C40 = 254
const PAD = 129

// ISO/IEC 16022, annex E.
const FIELD = 0x12d
const check48 = checkWordsOf(FIELD, 1, SHAPE_48.check / SHAPE_48.blocks)
const check52 = checkWordsOf(FIELD, 1, SHAPE_52.check / SHAPE_52.blocks)

/**
 * ECC200, 48×48 as the «Bollettino Postale PA» is printed, 52×52 where the text needs more than 174 codewords
 * (pagopa.md §2.2). Every `postalSlipText` fits.
 * @throws RangeError for a text that is not ASCII or needs more than 204 codewords.
 */
export function encodeDataMatrix(text: string): DataMatrix {
  const { words, shape } = paddedWords(text)
  const { size, data, check, blocks, finder, places } = shape
  const all = new Uint8Array(data + check)
  all.set(words)
  const checkOf = size === 48 ? check48 : check52
  for (let block = 0; block < blocks; block++) {
    const made = checkOf(words, block, blocks, data)
    for (let i = 0; i < made.length; i++) all[data + i * blocks + block] = made[i] as number
  }
  const modules = finder.slice()
  for (let i = 0, at = 0; i < all.length; i++) {
    const word = all[i] as number
    for (let bit = 7; bit >= 0; bit--) modules[places[at++] as number] = (word >> bit) & 1
  }
  return { modules, size }
}

/** The codewords of the text as they stand in the symbol, 174 or 204. Errors as of `encodeDataMatrix`. */
export function dataMatrixWords(text: string): Uint8Array {
  return paddedWords(text).words
}

function paddedWords(text: string): { readonly words: Uint8Array; readonly shape: DataMatrixShape } {
  const { words: made, length, inC40 } = shortestWords(text)
  const shape = length <= SHAPE_48.data ? SHAPE_48 : SHAPE_52
  const words = made.subarray(0, shape.data)
  let at = length
  if (inC40 && at < words.length) words[at++] = UNLATCH_C40
  if (at < words.length) words[at++] = PAD
  // The 253-state rule: pads after the first differ with their place, counted from 1.
  while (at < words.length) {
    const pad = PAD + ((149 * (at + 1)) % 253) + 1
    words[at++] = pad > 254 ? pad - 254 : pad
  }
  return { words, shape }
}
