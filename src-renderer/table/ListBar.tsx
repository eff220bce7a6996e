import type { ComponentProps, ReactNode } from 'react'
import { ColumnsButton } from './ColumnsButton.tsx'
import type { ColumnSet } from './columns.ts'
import { FilterBar } from './FilterBar.tsx'
import { ListActions } from './ListActions.tsx'

/** The filter bar of a list under tabs, whose «Colonne», «Esporta» and «Stampa» stand in it: such a list has no page head. */
export function ListBar<Row>({
  list,
  filters,
  searchLabel,
  columns,
  title,
  words,
  run,
  extra,
  main,
}: Omit<ComponentProps<typeof FilterBar>, 'right'> & {
  readonly columns: ColumnSet<Row>
  /** Of what is exported and printed. */
  readonly title: string
  readonly words: string
  readonly run: ComponentProps<typeof ListActions>['run']
  /** Between «Colonne» and «Esporta». */
  readonly extra?: ReactNode
  /** The act of the list, last. */
  readonly main?: ReactNode
}) {
  return (
    <FilterBar
      list={list}
      filters={filters}
      {...(searchLabel === undefined ? {} : { searchLabel })}
      right={
        <>
          <ColumnsButton columns={columns} />
          {extra}
          <ListActions columns={columns} title={title} filters={words} run={run} />
          {main}
        </>
      }
    />
  )
}
