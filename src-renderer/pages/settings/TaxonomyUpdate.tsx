import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { FileToken } from '#domain/ports'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Mono } from '../../components/cells.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { St } from '../../components/St.tsx'
import { say } from '../../components/toast.ts'

type Preview = InferContractRouterOutputs<Contract>['taxonomy']['preview']

/** What the file changes, the codes in use first; then it is taken up whole. */
export function TaxonomyUpdate({
  update,
  onClose,
}: {
  readonly update: Preview & { readonly token: FileToken }
  readonly onClose: () => void
}) {
  const { counts, rows, version, codes } = update
  const total = counts.new + counts.changed + counts.expired + counts.gone
  const hit = rows.filter((row) => row.types.length > 0 && (row.kind === 'expired' || row.kind === 'gone'))
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title="Aggiorna la tassonomia"
      subtitle={`«${update.fileName}», versione ${version}, ${formatCount(codes)} codici.`}
      act={total === 0 ? 'Aggiorna' : `Aggiorna con ${counted(total, 'differenza', 'differenze')}`}
      leave="Lascia com’è"
      disabled={update.same}
      {...(update.same ? { note: 'È lo stesso file dell’ultima volta.' } : {})}
      {...(update.older ? { warning: 'Il file è di una versione più vecchia di quella che c’è.' } : {})}
      onConfirm={async () => {
        await client.taxonomy.confirm({ token: update.token, stamp: update.stamp })
        say(`Tassonomia aggiornata alla versione ${version}.`)
      }}
    >
      <ul className="taxonomy-counts">
        <li>
          <b>{formatCount(counts.new)}</b> {counts.new === 1 ? 'nuovo' : 'nuovi'}
        </li>
        <li>
          <b>{formatCount(counts.changed)}</b> {counts.changed === 1 ? 'cambiato' : 'cambiati'}
        </li>
        <li>
          <b>{formatCount(counts.expired)}</b> {counts.expired === 1 ? 'scaduto' : 'scaduti'}
        </li>
        <li>
          <b>{formatCount(counts.gone)}</b> {counts.gone === 1 ? 'tolto' : 'tolti'}
        </li>
      </ul>
      {hit.length > 0 && (
        <p className="note note-warn act-line">
          {hit.length === 1
            ? 'Un codice che usi non è più in vigore'
            : `${hit.length} codici che usi non sono più in vigore`}
          : cambialo nei tipi di dovuto. Le posizioni già emesse restano come sono.
        </p>
      )}
      {rows.length > 0 && (
        <ScrollBox className="act-rows" label="Che cosa cambia">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Codice</th>
                <th scope="col">Servizio</th>
                <th scope="col">Che cosa</th>
                <th scope="col">Lo usi in</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.code}>
                  <td className="nowrap">
                    <Mono>{row.code}</Mono>
                  </td>
                  <td>
                    {row.serviceName}
                    {row.changes.map((change) => (
                      <div key={change.field} className="small ink2">
                        {change.field}: {short(change.before)} → {short(change.after)}
                      </div>
                    ))}
                  </td>
                  <td>
                    <St family="taxonomyChange" code={row.kind} />
                  </td>
                  <td>{row.types.length === 0 ? <span className="muted">·</span> : row.types.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {total > rows.length && <p className="small muted">e altre {formatCount(total - rows.length)}.</p>}
      {total === 0 && <p className="ink2">Niente di diverso da quello che c’è.</p>}
    </ConfirmDialog>
  )
}

const MOST = 90

/** Descriptions are long: their beginning is enough to see what was changed. */
function short(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST).trimEnd()}…`
}
