import { Button } from '@mantine/core'
import { IconDownload, IconFileUpload, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FileToken } from '#domain/ports'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { NotYet } from '../../components/EmptyState.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { askFile, uploadFile } from '../../components/files.ts'
import { ToneText } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { WithPanel } from '../../table/DetailPanel.tsx'
import { useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { PartnerBatch } from './PartnerBatch.tsx'
import { PartnerDue } from './PartnerDue.tsx'
import { PartnerOutcome } from './PartnerOutcome.tsx'
import { type BatchRow, downloadBatch, FORMATS, KINDS, type OutcomePreview } from './partner-work.ts'

const COLUMNS: readonly QColumn<BatchRow>[] = [
  { id: 'id', header: 'N.', width: 52, align: 'right', cell: (r) => formatCount(r.id) },
  { id: 'kind', header: 'Che cosa', width: 120, flex: true, cell: (r) => KINDS[r.kind], title: (r) => r.fileName },
  { id: 'at', header: 'Fatto', width: 104, cell: (r) => <TimeText at={r.at} /> },
  { id: 'format', header: 'Formato', width: 96, sortable: false, cell: (r) => FORMATS[r.format].name },
  { id: 'rows', header: 'Posizioni', width: 72, align: 'right', cell: (r) => formatCount(r.rows) },
  {
    id: 'accepted',
    header: 'Prese',
    width: 64,
    align: 'right',
    cell: (r) => <Told n={r.accepted} tone="ok" row={r} />,
  },
  {
    id: 'refused',
    header: 'Rifiutate',
    width: 70,
    align: 'right',
    cell: (r) => <Told n={r.refused} tone="bad" row={r} />,
  },
  {
    id: 'waiting',
    header: 'In attesa',
    width: 70,
    align: 'right',
    cell: (r) => <Told n={r.waiting} tone="warn" row={r} />,
  },
  { id: 'cents', header: 'Importo €', width: 92, align: 'right', cell: (r) => <Money cents={r.cents} /> },
]

function Told({ n, tone, row }: { readonly n: number; readonly tone: 'ok' | 'bad' | 'warn'; readonly row: BatchRow }) {
  if (n === 0) return <span className="muted">0</span>
  return row.withdrawn === null ? <ToneText tone={tone}>{formatCount(n)}</ToneText> : formatCount(n)
}

type Outcome = OutcomePreview & { readonly token: FileToken; readonly id: BatchRow['id'] }

/** Nodo pagoPA · Partner: files handed to the technological partner, what came of them, what he should be told besides. */
export function PartnerFiles() {
  const list = useListState({ sort: '-id' })
  const columns = useColumns('nodo-partner', COLUMNS)
  const [cursor, setCursor] = useState<BatchRow>()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const due = useQuery(orpc.partner.due.queryOptions())
  const query = { filters: {}, search: list.search, sort: list.sort }
  const load = async (row: BatchRow | undefined) => {
    if (row === undefined || row.withdrawn !== null) return
    const file = await askFile('.csv,.json')
    if (file === null) return
    setFailure(null)
    try {
      const { token } = await uploadFile(file)
      setOutcome({ ...(await client.partner.outcomePreview({ id: row.id, token })), token, id: row.id })
    } catch (error) {
      setFailure(error)
    }
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'Enter', label: 'carica l’esito' },
    { keys: 'Ctrl+O', label: 'carica l’esito', quiet: true, run: () => void load(cursor) },
    { keys: 'S', label: 'scarica il file', run: () => cursor && downloadBatch(cursor.id) },
  ])
  return (
    <>
      <ErrorNote error={failure ?? due.error} />
      {due.data && due.data.entrusted > 0 && <PartnerDue due={due.data} />}
      <WithPanel
        panel={
          cursor ? (
            <PartnerBatch
              id={cursor.id}
              actions={
                <>
                  {cursor.withdrawn === null && (
                    <Button
                      leftSection={<IconFileUpload size={16} stroke={1.7} aria-hidden />}
                      onClick={() => void load(cursor)}
                    >
                      Carica l’esito…
                    </Button>
                  )}
                  <Button
                    leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
                    onClick={() => downloadBatch(cursor.id)}
                  >
                    Scarica
                  </Button>
                </>
              }
            />
          ) : null
        }
      >
        <QTable<BatchRow, Record<string, never>>
          label="File per il partner"
          columns={columns}
          list={list}
          queryKey={['partner.batches', query]}
          fetchPage={(paging, signal) => client.partner.batches({ ...query, ...paging }, { signal })}
          rowId={(r) => r.id}
          rowName={(r) => `File ${r.id}`}
          rowClass={(r) => (r.withdrawn === null ? '' : 'struck')}
          onCursor={setCursor}
          onOpen={(row) => void load(row)}
          foot={(total) => ({
            left: (
              <span>
                <b>{formatCount(total)}</b> file
              </span>
            ),
            right: (
              <span className="muted small">
                {counted(due.data?.entrusted ?? 0, 'posizione affidata', 'posizioni affidate')} al partner
              </span>
            ),
          })}
          empty={
            <NotYet
              stop="Avviso"
              done={['Quote']}
              title="Nessun file per il partner"
              text="Se è un partner tecnologico a caricare le posizioni su pagoPA per voi, sceglile nell’elenco delle posizioni e fai il file: Altre azioni ▸ File per il partner. Poi qui carichi il suo esito."
              ways={[
                {
                  title: 'Posizioni debitorie',
                  text: 'Scegli quelle da affidare',
                  icon: IconStack2,
                  to: '/posizioni',
                },
              ]}
            />
          }
        />
      </WithPanel>
      {outcome && <PartnerOutcome outcome={outcome} onClose={() => setOutcome(null)} />}
    </>
  )
}
