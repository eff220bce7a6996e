import { Money } from '../../components/cells.tsx'
import { isMovement, leftOf, type TableRow } from './board.ts'

export function rowId(key: string): string {
  return `riga-${key.replaceAll(/[^\w-]+/g, '_')}`
}

export interface RowPlace {
  readonly 'data-index': number
  readonly 'aria-rowindex': number
  readonly ref: (node: Element | null) => void
}

/** The counterpart's amount in red where it differs from what the bank credited. */
export function Amount({ row, cents }: { readonly row: TableRow; readonly cents: number }) {
  const same = !isMovement(row) || cents === leftOf(row)
  return (
    <span className={same ? '' : 't-bad'}>
      <Money cents={cents} />
    </span>
  )
}
