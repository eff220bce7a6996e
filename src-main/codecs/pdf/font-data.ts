/** One embedded subset: `glyphs[i]` and `widths[i]` (thousandths of an em) belong to the i-th character of `chars`. */
interface SubsetData {
  readonly chars: string
  readonly glyphs: readonly number[]
  readonly widths: readonly number[]
  /** Bytes of the TrueType program once inflated. */
  readonly length: number
  /** The TrueType program, zlib, base64. */
  readonly data: string
}

/** A face as `scripts/make-fonts.mjs` writes it; vertical measures in thousandths of an em. */
export interface FaceData {
  readonly name: string
  readonly mono: boolean
  readonly weight: number
  readonly ascent: number
  readonly descent: number
  readonly capHeight: number
  readonly bbox: readonly [number, number, number, number]
  /** Adjustment → pairs of characters of the base subset, one after the other. */
  readonly kerning: Readonly<Record<string, string>>
  /** The base set, then further sets that are embedded only where a text needs them: `scripts/make-fonts.mjs` names them. */
  readonly subsets: readonly SubsetData[]
}
