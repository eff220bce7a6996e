import type { FileToken } from '#domain/ports'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount } from '../../components/cells.tsx'
import { ProblemNotes } from '../../components/ProblemNotes.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { say } from '../../components/toast.ts'
import type { BatchRow, OutcomePreview } from './partner-work.ts'

/** What the partner's file says, row by row, before it is written down. */
export function PartnerOutcome({
  outcome,
  onClose,
}: {
  readonly outcome: OutcomePreview & { readonly token: FileToken; readonly id: BatchRow['id'] }
  readonly onClose: () => void
}) {
  const { accepted, refused, known, silent, unknown, contradicted, refusals, problems } = outcome
  const nothing = accepted + refused === 0
  const errors = problems.some((one) => one.severity === 'error')
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`Esito del file n. ${outcome.id}`}
      subtitle={`«${outcome.fileName}», ${outcome.source === 'gpd' ? 'report del caricamento massivo di GPD' : 'CSV del partner'}.`}
      act={nothing ? 'Registra l’esito' : `Registra ${counted(accepted + refused, 'esito', 'esiti')}`}
      leave="Lascia"
      disabled={nothing || outcome.same || errors}
      {...(nothing && !outcome.same ? { note: 'Niente di nuovo in questo file.' } : {})}
      onConfirm={async () => {
        await client.partner.outcomeConfirm({ id: outcome.id, token: outcome.token, stamp: outcome.stamp })
        say(
          `Esito registrato: ${counted(accepted, 'presa', 'prese')}${refused > 0 ? `, ${counted(refused, 'rifiutata', 'rifiutate')}: le rimetti in un altro file quando le hai corrette` : ''}.`,
        )
      }}
    >
      <ul className="partner-counts">
        <li className={accepted > 0 ? 't-ok' : 'muted'}>
          <b>{formatCount(accepted)}</b> {accepted === 1 ? 'presa' : 'prese'}
        </li>
        <li className={refused > 0 ? 't-bad' : 'muted'}>
          <b>{formatCount(refused)}</b> {refused === 1 ? 'rifiutata' : 'rifiutate'}
        </li>
        <li className={silent > 0 ? 't-warn' : 'muted'}>
          <b>{formatCount(silent)}</b> ancora in attesa
        </li>
        {known > 0 && (
          <li className="muted">
            <b>{formatCount(known)}</b> {known === 1 ? 'già nota' : 'già note'}
          </li>
        )}
      </ul>
      <ProblemNotes problems={problems} />
      {unknown.count > 0 && (
        <Strangers
          title={`${counted(unknown.count, 'riga non è', 'righe non sono')} di questo file: ${unknown.count === 1 ? 'resta' : 'restano'} fuori`}
          iupds={unknown.first}
          count={unknown.count}
        />
      )}
      {contradicted.count > 0 && (
        <Strangers
          title={`${counted(contradicted.count, 'già presa', 'già prese')}, ora ${contradicted.count === 1 ? 'detta rifiutata: resta presa' : 'dette rifiutate: restano prese'}`}
          iupds={contradicted.first}
          count={contradicted.count}
        />
      )}
      {refusals.length > 0 && (
        <ScrollBox className="act-rows" label="Rifiutate">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Rifiutata</th>
                <th scope="col">Perché, dice il partner</th>
              </tr>
            </thead>
            <tbody>
              {refusals.map((row) => (
                <tr key={row.iupd}>
                  <td className="nowrap" title={row.iupd}>
                    {row.personName}
                  </td>
                  <td>{row.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {refused > refusals.length && (
            <p className="muted small">
              …e altre {formatCount(refused - refusals.length)}: dopo le trovi nel pannello.
            </p>
          )}
        </ScrollBox>
      )}
    </ConfirmDialog>
  )
}

function Strangers({
  title,
  iupds,
  count,
}: {
  readonly title: string
  readonly iupds: readonly string[]
  readonly count: number
}) {
  const shown = iupds.slice(0, 5)
  return (
    <div className="note note-warn">
      <div>
        <p className="strong">{title}</p>
        <p className="mono small">
          {shown.join(', ')}
          {count > shown.length ? `, e altre ${formatCount(count - shown.length)}` : ''}
        </p>
      </div>
    </div>
  )
}
