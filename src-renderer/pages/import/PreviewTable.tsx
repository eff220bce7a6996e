import { TextInput } from '@mantine/core'
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
import { sayFailure } from '../../components/undo.tsx'
import type { QColumn } from '../../table/columns.ts'
import { useColumns } from '../../table/columns.ts'
import { useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']
type Rows = InferContractRouterOutputs<Contract>['registerImport']['rows']
type Row = Rows['rows'][number]

const RIGHT = ['amount', 'amountCents', 'importo']
const WIDTHS: Readonly<Record<string, number>> = { fiscalCode: 138, name: 160, category: 110, amount: 86, dueDate: 88 }

/** The file as it is, its columns in the head; wrong cells framed, corrected in place (Invio or double click). */
export function PreviewTable({
  summary,
  onlyProblems,
  problem,
}: {
  readonly summary: Summary
  readonly onlyProblems: boolean
  readonly problem: Problem | null
}) {
  const list = useListState()
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
          return <StIcon tone={tone} word={word} />
        },
      },
      ...summary.columns.map(
        (c): QColumn<Row> => ({
          id: c.letter,
          header: `${c.letter} ${c.heading}`,
          width: WIDTHS[c.field ?? ''] ?? 116,
          sortable: false,
          ...(RIGHT.includes(c.field ?? '') ? { align: 'right' as const } : {}),
          title: (r) => r.cells[c.letter] ?? '',
          cell: (r) => (
            <Cell
              row={r}
              letter={c.letter}
              mono={c.field === 'fiscalCode' || c.field === 'pec' || c.field === 'email'}
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
  const filters = { importId: summary.id, status: onlyProblems ? (['error', 'warning'] as const).slice() : [] }
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
      {...(target && !onlyProblems ? { openHint: Math.max(0, target.row - 2) } : {})}
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
          title={onlyProblems ? 'Nessuna riga con problemi' : 'Il file non ha righe'}
          text={
            onlyProblems
              ? `Tutte le ${counted(summary.rows, 'riga è pronta', 'righe sono pronte')}.`
              : 'Scegli un altro file.'
          }
        />
      }
    />
  )
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
    <span className={className} onDoubleClick={onEdit}>
      {text === '' && bad ? 'vuoto' : text}
    </span>
  )
}
