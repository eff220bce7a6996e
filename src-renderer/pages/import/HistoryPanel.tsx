import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { problemText } from '#domain/problem'
import { counted, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { Facts } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import type { ImportRow } from './history-list.tsx'

/** One import: the file and its hash, what came of it, and whether it can be taken back. */
export function HistoryPanel({
  row,
  profile,
  onUndo,
}: {
  readonly row: ImportRow
  readonly profile: string
  readonly onUndo: () => void
}) {
  const navigate = useNavigate()
  const confirmed = row.state === 'confirmed'
  return (
    <DetailPanel
      title={row.fileName}
      subtitle={<St family="registerImport" code={row.state} />}
      actions={
        <>
          <Button onClick={() => void navigate({ to: '/importa', search: { imp: String(row.id) } as never })}>
            Apri le righe
          </Button>
          {confirmed && (
            <Button className="danger" onClick={onUndo}>
              Disfa…
            </Button>
          )}
        </>
      }
    >
      {confirmed && row.purpose === 'dues' && (
        <p>
          <b className="import-figure">
            <Money cents={row.accertamenti.cents} euro />
          </b>{' '}
          <span className="ink2">{counted(row.accertamenti.count, 'accertamento', 'accertamenti')}</span>
        </p>
      )}
      <PanelPart title="Il file">
        <Facts
          rows={[
            ['Letto', <TimeText key="at" at={row.at} />],
            ['Da', row.operator],
            ['Profilo', profile],
            ['Righe', formatCount(row.rows)],
          ]}
        />
        <p className="small muted">Impronta SHA-256</p>
        <p className="mono small hash">{row.sha256}</p>
      </PanelPart>
      {row.confirmedAt !== null && (
        <PanelPart title="Che cosa ha creato">
          <Facts
            rows={[
              ['Confermata', <TimeText key="at" at={row.confirmedAt} />],
              ['Da', row.confirmedBy ?? '·'],
              ['Accertamenti', <Created key="a" row={row} />],
              ['Persone nuove', formatCount(row.created.people)],
              ['Persone aggiornate', formatCount(row.updatedPeople)],
              ['Recapiti', formatCount(row.created.contacts)],
              ['Iscrizioni all’albo', formatCount(row.created.alboEntries)],
              ['Righe restate fuori', formatCount(row.rowsOut)],
            ]}
          />
        </PanelPart>
      )}
      {row.undone !== null && (
        <PanelPart title="Disfatta">
          <p>
            <TimeText at={row.undone.at} /> da {row.undone.operator}: {row.undone.reason}
          </p>
        </PanelPart>
      )}
      {confirmed && !row.undoable && row.whyNot.length > 0 && (
        <PanelPart title="Non si può disfare">
          {row.whyNot.map((p) => (
            <p key={p.code} className="small">
              {problemText(p)}
            </p>
          ))}
        </PanelPart>
      )}
    </DetailPanel>
  )
}

function Created({ row }: { readonly row: ImportRow }) {
  if (row.accertamenti.count === 0) return <>0</>
  return (
    <Link to="/accertamenti" search={{ importazione: String(row.id) } as never} className="link">
      {formatCount(row.accertamenti.count)}
    </Link>
  )
}
