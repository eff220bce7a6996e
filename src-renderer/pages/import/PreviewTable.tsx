import { Button, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Problem } from '#domain/problem'
import { stateWord } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { AllDone } from '../../components/EmptyState.tsx'
import { StIcon } from '../../components/St.tsx'
import { sayFailure } from '../../components/toast.ts'
import type { QColumn } from '../../table/columns.ts'
import { useColumns } from '../../table/columns.ts'
import { useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { type Selection, useSelection } from '../../table/selection.ts'
import { REGISTER_FIELDS } from './register-words.ts'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']
type Rows = InferContractRouterOutputs<Contract>['registerImport']['rows']
type Row = Rows['rows'][number]

/** Which rows of the file are shown. */
export type Shown = 'all' | 'problems' | 'already'

const STATUS = { all: [], problems: ['error', 'warning'], already: ['already'] } as const satisfies Readonly<
  Record<Shown, readonly Row['status'][]>
>
/** Rows asked for at once when all of a filter are ticked; ids sent at once. */
const PAGE = 500
const TICK_AT_ONCE = 10_000
const SCROLL_AFTER_MS = 120

/** The file as it is, its columns in the head; wrong cells framed, corrected in place (Invio or double click). */
export function PreviewTable({
  summary,
  shown,
  problem,
}: {
  readonly summary: Summary
  readonly shown: Shown
  readonly problem: Problem | null
}) {
  const list = useListState()
  const selection = useSelection()
  const [ticking, setTicking] = useState(false)
  const [editing, setEditing] = useState<{ readonly id: number; readonly column: string } | null>(null)
  const wrong = useQuery(
    orpc.registerImport.rows.queryOptions({
      input: { filters: { importId: summary.id, status: ['error', 'warning'] }, limit: 500 },
      enabled: summary.problems.total > 0,
    }),
  )
  const pending = summary.state === 'pending'
  const at = problem?.position?.row
  const target = wrong.data?.rows.find((r) => r.row === at)
  const { set } = list
  useEffect(() => {
    if (target) set({ sel: String(target.id) })
  }, [target, set])

  // A wrong cell far to the right is brought into view once its row has the cursor.
  const targetId = target?.id
  const column = problem?.position?.column
  useEffect(() => {
    if (targetId === undefined || column === undefined) return
    const timer = setTimeout(() => {
      const cell = document.querySelector(`.import-left tr.cursor [data-column="${column}"]`)
      cell?.closest('td')?.scrollIntoView({ block: 'nearest', inline: 'center' })
    }, SCROLL_AFTER_MS)
    return () => clearTimeout(timer)
  }, [targetId, column])

  const defs = useMemo<readonly QColumn<Row>[]>(
    () => [
      {
        id: 'row',
        header: 'Riga',
        width: 52,
        align: 'right',
        sortable: false,
        cell: (r) => <span className="muted">{formatCount(r.row)}</span>,
      },
      {
        id: 'status',
        header: 'Esito',
        headerIcon: <IconCircleDashed size={14} stroke={1.7} aria-hidden />,
        width: 34,
        align: 'center',
        sortable: false,
        cell: (r) => {
          const { word, tone } = stateWord('importRow', r.status)
          return r.ticked ? (
            <StIcon tone="ok" word="Già importata, si importa lo stesso" />
          ) : (
            <StIcon tone={tone} word={word} />
          )
        },
      },
      ...summary.columns.map(
        (c): QColumn<Row> => ({
          id: c.letter,
          header: `${c.letter} ${c.heading}`,
          headerIcon: (
            <span className="cut" aria-hidden title={headTitle(c)}>
              <b className="t-acc">{c.letter}</b> {c.heading}
            </span>
          ),
          width: REGISTER_FIELDS[c.field ?? '']?.width ?? 116,
          sortable: false,
          ...(REGISTER_FIELDS[c.field ?? '']?.right ? { align: 'right' as const } : {}),
          title: (r) => r.cells[c.letter] ?? '',
          cell: (r) => (
            <Cell
              row={r}
              letter={c.letter}
              mono={REGISTER_FIELDS[c.field ?? '']?.mono === true}
              editing={editing?.id === r.id && editing.column === c.letter}
              onEdit={pending ? () => setEditing({ id: r.id, column: c.letter }) : undefined}
              onDone={() => setEditing(null)}
            />
          ),
        }),
      ),
    ],
    [summary.columns, editing, pending],
  )
  const columns = useColumns(`importa-${summary.profile}`, defs)
  const filters = { importId: summary.id, status: [...STATUS[shown]] }
  const canTick = pending && shown === 'already'
  const tick = async (ticked: boolean) => {
    setTicking(true)
    try {
      const ids = await chosenIds(selection, filters)
      for (let from = 0; from < ids.length; from += TICK_AT_ONCE) {
        const rowIds = ids.slice(from, from + TICK_AT_ONCE) as Row['id'][]
        await client.registerImport.tick({ rowIds, ticked })
      }
      selection.clear()
    } catch (error) {
      sayFailure(error)
    } finally {
      setTicking(false)
    }
  }
  const edit = (row: Row) => {
    const column = row.problems.find((p) => p.position?.column !== undefined)?.position?.column
    if (pending && column !== undefined) setEditing({ id: row.id, column })
  }
  return (
    <QTable<Row, Rows['totals']>
      label="Anteprima del file"
      columns={columns}
      list={list}
      queryKey={['registerImport.rows', filters]}
      fetchPage={(paging, signal) => client.registerImport.rows({ filters, sort: null, ...paging }, { signal })}
      rowId={(r) => r.id}
      rowName={(r) => `riga ${r.row}`}
      {...(canTick
        ? {
            selection,
            bulk: (
              <>
                <Button loading={ticking} onClick={() => void tick(true)}>
                  Importa lo stesso
                </Button>
                <Button disabled={ticking} onClick={() => void tick(false)}>
                  Lascia fuori
                </Button>
              </>
            ),
          }
        : {})}
      {...(target && shown !== 'already' ? { openHint: Math.max(0, target.row - 2) } : {})}
      onOpen={edit}
      onEdit={edit}
      foot={(count, totals) => ({
        left: (
          <span>
            <b>{formatCount(count)}</b> {count === 1 ? 'riga' : 'righe'}
          </span>
        ),
        right: (
          <span>
            Totale <Money cents={totals.cents} euro strong />
          </span>
        ),
      })}
      empty={
        <AllDone
          title={EMPTY[shown]}
          text={
            shown === 'problems'
              ? `Tutte le ${counted(summary.rows, 'riga è pronta', 'righe sono pronte')}.`
              : shown === 'already'
                ? 'Ogni riga del file è nuova.'
                : 'Scegli un altro file.'
          }
        />
      }
    />
  )
}

const EMPTY: Readonly<Record<Shown, string>> = {
  all: 'Il file non ha righe',
  problems: 'Nessuna riga con problemi',
  already: 'Nessuna riga già importata',
}

function headTitle(column: Summary['columns'][number]): string {
  const field = column.field === null ? null : (REGISTER_FIELDS[column.field]?.name ?? column.field)
  return `${column.letter} ${column.heading}: ${field === null ? 'non letta' : `riempie «${field}»`}`
}

type RowFilters = Parameters<typeof client.registerImport.rows>[0]['filters']

async function chosenIds(selection: Selection, filters: RowFilters): Promise<number[]> {
  const input = selection.asInput(filters)
  if ('ids' in input) return input.ids
  const ids: number[] = []
  for (let offset = 0; ; offset += PAGE) {
    const { rows, count } = await client.registerImport.rows({ filters, offset, limit: PAGE })
    ids.push(...rows.map((r) => r.id as number))
    if (offset + PAGE >= count) break
  }
  return ids.filter((id) => !input.except.includes(id))
}

function Cell({
  row,
  letter,
  mono,
  editing,
  onEdit,
  onDone,
}: {
  readonly row: Row
  readonly letter: string
  readonly mono: boolean
  readonly editing: boolean
  readonly onEdit: (() => void) | undefined
  readonly onDone: () => void
}) {
  const text = row.cells[letter] ?? ''
  const bad = row.problems.find((p) => p.position?.column === letter)
  const [value, setValue] = useState(text)
  if (editing) {
    const save = () => {
      onDone()
      if (value !== text) client.registerImport.fixCell({ rowId: row.id, column: letter, value }).catch(sayFailure)
    }
    return (
      <TextInput
        aria-label={`Riga ${row.row}, colonna ${letter}`}
        className="cell-input"
        autoFocus
        value={value}
        onChange={(e) => setValue(e.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Enter') save()
          if (event.key === 'Escape') onDone()
        }}
      />
    )
  }
  const className = [mono ? 'mono' : '', bad ? `cell-${bad.severity}` : ''].join(' ')
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Invio on the row does the same
    <span className={className} data-column={letter} onDoubleClick={onEdit}>
      {text === '' && bad ? 'vuoto' : text}
    </span>
  )
}
