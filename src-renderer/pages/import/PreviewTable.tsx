import { Button, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconBan, IconCircleDashed } from '@tabler/icons-react'
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
import { chosenIds } from '../../table/chosen-rows.ts'
import type { QColumn } from '../../table/columns.ts'
import { useColumns } from '../../table/columns.ts'
import { useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'
import { fieldName, shapeOfField } from './register-words.ts'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']
type Rows = InferContractRouterOutputs<Contract>['registerImport']['rows']
type Row = Rows['rows'][number]

/** Which rows of the file are shown. */
export type Shown = 'all' | 'problems' | 'already' | 'left'

const STATUS = { all: [], problems: ['error', 'warning'], already: ['already'], left: [] } as const satisfies Readonly<
  Record<Shown, readonly Row['status'][]>
>
/** Ids sent at once. */
const ROWS_AT_ONCE = 10_000
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
  const [choosing, setChoosing] = useState(false)
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
          if (r.leftOut) return <StIcon tone="neu" word="Lasciata fuori" icon={IconBan} />
          if (r.ticked) return <StIcon tone="ok" word="Già importata, si importa lo stesso" />
          return <StIcon tone={tone} word={word} />
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
          width: shapeOfField(c.field).width,
          sortable: false,
          ...(shapeOfField(c.field).right ? { align: 'right' as const } : {}),
          title: (r) => r.cells[c.letter] ?? '',
          cell: (r) => (
            <Cell
              row={r}
              letter={c.letter}
              mono={shapeOfField(c.field).mono}
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
  const filters = {
    importId: summary.id,
    status: [...STATUS[shown]],
    leftOut: shown === 'all' ? null : shown === 'left',
  }
  /** One choice for every ticked row, sent in pieces. */
  const choose = async (send: (rowIds: Row['id'][]) => Promise<unknown>) => {
    setChoosing(true)
    try {
      const ids = await chosenIds(
        selection,
        (paging) => client.registerImport.rows({ filters, ...paging }),
        (r) => r.id,
      )
      for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
        await send(ids.slice(from, from + ROWS_AT_ONCE))
      }
      selection.clear()
    } catch (error) {
      sayFailure(error)
    } finally {
      setChoosing(false)
    }
  }
  const tick = (ticked: boolean) => void choose((rowIds) => client.registerImport.tick({ rowIds, ticked }))
  const leave = (leftOut: boolean) => void choose((rowIds) => client.registerImport.leaveOut({ rowIds, leftOut }))
  const leaveOne = (row: Row) => {
    if (selection.count(summary.rows) > 0) leave(!row.leftOut)
    else client.registerImport.leaveOut({ rowIds: [row.id], leftOut: !row.leftOut }).catch(sayFailure)
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
      {...(pending
        ? {
            selection,
            onDelete: leaveOne,
            bulk:
              shown === 'already' ? (
                <>
                  <Button loading={choosing} onClick={() => tick(true)}>
                    Importa lo stesso
                  </Button>
                  <Button disabled={choosing} onClick={() => tick(false)}>
                    Lascia fuori
                  </Button>
                </>
              ) : (
                <>
                  <Button loading={choosing} onClick={() => leave(false)}>
                    Rimetti
                  </Button>
                  <Button disabled={choosing} onClick={() => leave(true)}>
                    Lascia fuori
                  </Button>
                </>
              ),
          }
        : {})}
      rowClass={(r) => (r.leftOut ? 'struck' : '')}
      {...(target && shown !== 'already' && shown !== 'left' ? { openHint: Math.max(0, target.row - 2) } : {})}
      onOpen={edit}
      onEdit={edit}
      foot={(count, totals) => ({
        left: (
          <span>
            <b>{formatCount(count)}</b> {count === 1 ? 'riga' : 'righe'}
          </span>
        ),
        right: summary.purpose === 'dues' && (
          <span>
            Totale <Money cents={totals.cents} euro strong />
          </span>
        ),
      })}
      empty={<AllDone title={EMPTY[shown]} text={TEXTS[shown](summary.rows)} />}
    />
  )
}

const EMPTY: Readonly<Record<Shown, string>> = {
  all: 'Il file non ha righe',
  problems: 'Nessuna riga con problemi',
  already: 'Nessuna riga già importata',
  left: 'Nessuna riga lasciata fuori',
}

const TEXTS: Readonly<Record<Shown, (rows: number) => string>> = {
  all: () => 'Scegli un altro file.',
  problems: (rows) => `Tutte le ${counted(rows, 'riga è pronta', 'righe sono pronte')}.`,
  already: () => 'Ogni riga del file è nuova.',
  left: () => 'Ogni riga buona del file entra.',
}

function headTitle(column: Summary['columns'][number]): string {
  return `${column.letter} ${column.heading}: ${column.field === null ? 'non letta' : `riempie «${fieldName(column.field)}»`}`
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
