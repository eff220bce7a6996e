import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconEqual, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { client } from '../../client.ts'
import { counted, DateText, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ToneText } from '../../components/St.tsx'
import { say } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { chosenIds } from '../../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { DetailPanel, PanelPart, WithPanel } from '../../table/DetailPanel.tsx'
import { FilterBar } from '../../table/FilterBar.tsx'
import type { ListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'

type List = InferContractRouterOutputs<Contract>['bankStatement']['pending']
type Row = List['rows'][number]
type Decision = 'add' | 'same'

const KINDS = {
  changed: {
    word: 'Parole cambiate',
    why: 'Stesso giorno e stesso importo di un movimento che questo file non ha più.',
  },
  possibleDuplicate: {
    word: 'Forse doppio',
    why: 'Stesso giorno e stesso importo di un movimento arrivato con un file di altro formato.',
  },
} as const

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'bookingDate', header: 'Data', width: 88, cell: (r) => <DateText date={r.bookingDate} /> },
  {
    id: 'kind',
    header: 'Perché',
    width: 150,
    cell: (r) => <ToneText tone="unc">{KINDS[r.kind].word}</ToneText>,
    title: (r) => KINDS[r.kind].why,
  },
  {
    id: 'description',
    header: 'Nel file',
    width: 220,
    flex: true,
    cell: (r) => r.description,
    title: (r) => r.description,
  },
  {
    id: 'known',
    header: 'Già nell’archivio',
    width: 220,
    flex: true,
    cell: (r) => r.known.description,
    title: (r) => r.known.description,
  },
  { id: 'account', header: 'Conto', width: 120, hidden: 'wide', cell: (r) => r.account, title: (r) => r.account },
  { id: 'cents', header: 'Importo €', width: 100, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

/** Rows that may be movements already known: the person says which. Nothing enters and nothing is lost until then. */
export function PendingMovements({ list, empty }: { readonly list: ListState; readonly empty: React.ReactNode }) {
  const columns = useColumns('movimenti-simili', COLUMNS)
  const selection = useSelection()
  const [cursor, setCursor] = useState<Row>()
  const [total, setTotal] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const query = { filters: {}, search: list.search, sort: list.sort?.column === 'to' ? null : list.sort }
  const idsOf = async (): Promise<Row['id'][]> => {
    if (selection.count(total) === 0) return cursor ? [cursor.id] : []
    return chosenIds(
      selection,
      (paging) => client.bankStatement.pending({ ...query, ...paging }),
      (r) => r.id,
    )
  }
  const decide = async (decision: Decision) => {
    setError(null)
    try {
      const ids = await idsOf()
      if (ids.length === 0) return
      const done = await client.bankStatement.decidePending({ ids, decision })
      selection.clear()
      setCursor(undefined)
      const matched = done.matched > 0 ? ` ${counted(done.matched, 'accredito abbinato', 'accrediti abbinati')}.` : ''
      say(
        decision === 'add'
          ? `${counted(done.decided, 'movimento aggiunto', 'movimenti aggiunti')}.${matched}`
          : `${counted(done.decided, 'riga è', 'righe sono')} di movimenti che c’erano già: niente è entrato.`,
      )
    } catch (failure) {
      setError(failure)
    }
  }
  useKeys([
    { keys: 'S', label: 'è la stessa', run: () => void decide('same') },
    { keys: 'A', label: 'aggiungi', run: () => void decide('add') },
  ])
  return (
    <>
      <FilterBar list={list} filters={[]} searchLabel="Descrizione, conto, file" />
      <ErrorNote error={error} />
      <WithPanel panel={cursor ? <PendingPanel row={cursor} onDecide={(d) => void decide(d)} /> : null}>
        <QTable<Row, List['totals']>
          label="Movimenti da decidere"
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['bankStatement.pending', query]}
          fetchPage={(paging, signal) => client.bankStatement.pending({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.description}
          rowCents={(r) => r.cents}
          totalCents={(t) => t.cents}
          onCursor={setCursor}
          onLoaded={setTotal}
          bulk={
            <>
              <Button
                leftSection={<IconEqual size={16} stroke={1.7} aria-hidden />}
                onClick={() => void decide('same')}
              >
                Sono gli stessi
              </Button>
              <Button leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />} onClick={() => void decide('add')}>
                Aggiungi ai movimenti
              </Button>
            </>
          }
          foot={(count, totals) => ({
            left: <b>{counted(count, 'riga da decidere', 'righe da decidere')}</b>,
            right: (
              <span>
                In tutto <Money cents={totals.cents} euro strong />
              </span>
            ),
          })}
          empty={empty}
        />
      </WithPanel>
    </>
  )
}

function PendingPanel({ row, onDecide }: { readonly row: Row; readonly onDecide: (decision: Decision) => void }) {
  return (
    <DetailPanel title={KINDS[row.kind].word} subtitle={row.account}>
      <PanelPart>
        <div className="panel-amount">
          <Money cents={row.cents} euro />
          <DateText date={row.bookingDate} />
        </div>
        <p className="small ink2 panel-text">{KINDS[row.kind].why}</p>
      </PanelPart>
      <PanelPart title="Nel file">
        <p className="panel-text">{row.description}</p>
        <p className="small muted panel-text">
          {row.fileName} · valuta <DateText date={row.valueDate} /> · rif. <Mono>{row.bankReference ?? '·'}</Mono>
          {row.provvisorio !== null && ` · provvisorio ${row.provvisorio}`}
        </p>
      </PanelPart>
      <PanelPart title="Già nell’archivio">
        <p className="panel-text">{row.known.description}</p>
        <p className="small muted panel-text">
          {row.known.fileName ?? 'scritto a mano'} · valuta <DateText date={row.known.valueDate} /> · rif.{' '}
          <Mono>{row.known.bankReference ?? '·'}</Mono>
        </p>
      </PanelPart>
      <PanelPart>
        <div className="panel-acts">
          <Button fullWidth variant="filled" onClick={() => onDecide('same')}>
            È la stessa
          </Button>
          <Button fullWidth mt={6} onClick={() => onDecide('add')}>
            È un’altra: aggiungila
          </Button>
        </div>
      </PanelPart>
    </DetailPanel>
  )
}
