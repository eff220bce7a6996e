import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { IsoDate } from '#domain/date'
import { STATES } from '#domain/vocabulary'
import { client } from '../client.ts'
import { formatCount } from '../components/cells.tsx'
import { NothingMatches, NotYet } from '../components/EmptyState.tsx'
import { Page } from '../components/Page.tsx'
import { useKeys } from '../keys.ts'
import { ColumnsButton } from '../table/ColumnsButton.tsx'
import { useColumns } from '../table/columns.ts'
import { WithPanel } from '../table/DetailPanel.tsx'
import { FilterBar, type FilterDef, filtersInWords } from '../table/FilterBar.tsx'
import { ListActions } from '../table/ListActions.tsx'
import { manyOf, useListState } from '../table/list-state.ts'
import { QTable } from '../table/QTable.tsx'
import { HistoryPanel } from './import/HistoryPanel.tsx'
import { historyColumns, type ImportRow } from './import/history-list.tsx'
import { useProfileName } from './import/profile-name.ts'
import { UndoImport } from './import/UndoImport.tsx'

const FILTERS: readonly FilterDef[] = [
  {
    key: 'stato',
    label: 'Stato',
    kind: 'many',
    options: Object.entries(STATES.registerImport).map(([value, { word }]) => ({ value, label: word })),
  },
  { key: 'da', label: 'Giorno', kind: 'date', prefix: 'dal' },
  { key: 'a', label: 'Giorno', kind: 'date', prefix: 'fino al' },
]

/** Importa quote · Storico: who read which file and when, what it created, and the way back. */
export function ImportHistory() {
  const navigate = useNavigate()
  const list = useListState({ sort: '-at' })
  const profileName = useProfileName()
  const columns = useColumns('importazioni', historyColumns(profileName))
  const [row, setRow] = useState<ImportRow>()
  const [undoing, setUndoing] = useState(false)
  const f = list.filters
  const query = {
    filters: {
      state: manyOf<keyof typeof STATES.registerImport>(f.stato),
      from: (f.da ?? null) as IsoDate | null,
      to: (f.a ?? null) as IsoDate | null,
    },
    search: list.search,
    sort: list.sort,
  }
  const words = filtersInWords(FILTERS, list)
  const open = (r: ImportRow) => void navigate({ to: '/importa', search: { imp: String(r.id) } as never })
  const another = () => void navigate({ to: '/importa' })
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'apri' },
    { keys: 'Delete', label: 'disfa…' },
    { keys: 'Escape', label: 'torna a Importa quote', run: another },
  ])
  return (
    <Page
      title="Storico delle importazioni"
      back="/importa"
      actions={
        <>
          <ListActions
            columns={columns}
            title="Storico delle importazioni"
            filters={words}
            run={(request) => client.registerImport.historyExport({ ...query, ...request })}
          />
          <Button
            variant="filled"
            leftSection={<IconFileImport size={16} stroke={1.7} aria-hidden />}
            onClick={another}
          >
            Importa un file…
          </Button>
        </>
      }
    >
      <FilterBar
        list={list}
        filters={FILTERS}
        searchLabel="File, operatore, impronta"
        right={<ColumnsButton columns={columns} />}
      />
      <WithPanel
        panel={
          row ? <HistoryPanel row={row} profile={profileName(row.profile)} onUndo={() => setUndoing(true)} /> : null
        }
      >
        <QTable<ImportRow, Record<never, never>>
          label="Storico delle importazioni"
          columns={columns}
          list={list}
          queryKey={['registerImport.history', query]}
          fetchPage={(paging, signal) => client.registerImport.history({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => r.fileName}
          onCursor={setRow}
          onOpen={open}
          onDelete={(r) => r.state === 'confirmed' && setUndoing(true)}
          rowClass={(r) => (r.state === 'undone' || r.state === 'discarded' ? 'struck' : '')}
          foot={(count) => ({
            left: (
              <span>
                <b>{formatCount(count)}</b> {count === 1 ? 'importazione' : 'importazioni'}
              </span>
            ),
            right: null,
          })}
          empty={
            words === '' ? (
              <NotYet
                stop="Quote"
                title="Ancora nessuna importazione"
                text="Qui resta chi ha letto quale file e quando, con che profilo, che cosa ne è nato. Da qui un’importazione si può disfare."
                ways={[
                  {
                    title: 'Importa un file',
                    text: 'Excel, CSV o testo del programma dell’albo.',
                    icon: IconFileImport,
                    to: '/importa',
                  },
                ]}
              />
            ) : (
              <NothingMatches filters={words} onClear={list.clearFilters} />
            )
          }
        />
      </WithPanel>
      {row && (
        <UndoImport
          opened={undoing}
          id={row.id}
          fileName={row.fileName}
          leave="Torna allo storico"
          onClose={() => setUndoing(false)}
        />
      )}
    </Page>
  )
}
