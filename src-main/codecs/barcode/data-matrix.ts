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
  const checkOf = size === 48 ? check48 : check52
  for (let block = 0; block < blocks; block++) checkOf(words, block, blocks, data, data + block)
  const modules = finder.slice()
  for (let i = 0, at = 0; i < data + check; i++) {
    const word = words[i] as number
    for (let bit = 7; bit >= 0; bit--) modules[places[at++] as number] = (word >> bit) & 1
  }
  return { modules, size }
}

/** The codewords of the text as they stand in the symbol, 174 or 204. Errors as of `encodeDataMatrix`. */
export function dataMatrixWords(text: string): Uint8Array {
  const { words, shape } = paddedWords(text)
  return words.slice(0, shape.data)
}

/** Room for the check words behind them. */
function paddedWords(text: string): { readonly words: Uint8Array; readonly shape: DataMatrixShape } {
  const { words, length, inC40 } = shortestWords(text)
  const shape = length <= SHAPE_48.data ? SHAPE_48 : SHAPE_52
  let at = length
  if (inC40 && at < shape.data) words[at++] = UNLATCH_C40
  if (at < shape.data) words[at++] = PAD
  // The 253-state rule: pads after the first differ with their place, counted from 1.
  while (at < shape.data) {
    const pad = PAD + ((149 * (at + 1)) % 253) + 1
    words[at++] = pad > 254 ? pad - 254 : pad
  }
  return { words, shape }
}
