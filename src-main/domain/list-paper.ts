/** One column of a printed list; `width` is a share of the page, not a measure. */
export interface ListColumn {
  readonly title: string
  readonly width: number
  readonly align: 'left' | 'right' | 'center'
  /** Digits under digits: IUVs, fiscal codes. */
  readonly mono?: boolean
}

/** A table on paper, exactly as on screen: same columns, order and filter. Cells are already text. */
export interface ListDocument {
  readonly institution: string
  readonly title: string
  /** Filters in words, empty when none: «competenza 2026, da incassare». */
  readonly filters: string
  readonly columns: readonly ListColumn[]
  readonly rows: Iterable<readonly string[]>
  /** Last row, bold, one text a column; null when nothing is summed. */
  readonly totals: readonly string[] | null
  /** Foot of each page, for instance «Stampato il 12/03/2026 da Segreteria». */
  readonly note: string
  readonly orientation: 'portrait' | 'landscape'
}
