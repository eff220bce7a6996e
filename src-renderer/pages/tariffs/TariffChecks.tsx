import { IconAlertTriangle, IconCheck, IconCircleX } from '@tabler/icons-react'
import { Fragment } from 'react'
import type { TariffRemark } from '#domain/tariff-table'
import { counted } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'

/** Beside the table: what is wrong in it, and whom of the register it forgets. */
export function TariffChecks({
  remarks,
  unread,
  gaps,
  error,
  filled,
}: {
  readonly remarks: readonly TariffRemark[]
  /** Cells that cannot be read, each with its row. */
  readonly unread: readonly string[]
  readonly gaps:
    | { readonly people: number; readonly gaps: readonly { readonly text: string; readonly people: number }[] }
    | undefined
  readonly error: unknown
  readonly filled: boolean
}) {
  const errors = remarks.filter((r) => r.severity === 'error')
  const warnings = remarks.filter((r) => r.severity === 'warning')
  const fine = unread.length === 0 && remarks.length === 0 && gaps !== undefined && gaps.gaps.length === 0
  return (
    <Card title="Controlli" grow label="Controlli della tariffa">
      <ErrorNote error={error} />
      <div className="tariff-checks" aria-live="polite">
        {unread.map((text) => (
          <p key={text} className="t-bad">
            <IconCircleX size={14} stroke={1.7} aria-hidden />
            {text}
          </p>
        ))}
        {[...errors, ...warnings].map((remark) => (
          <p key={remark.text} className={remark.severity === 'error' ? 't-bad' : 't-warn'}>
            {remark.severity === 'error' ? (
              <IconCircleX size={14} stroke={1.7} aria-hidden />
            ) : (
              <IconAlertTriangle size={14} stroke={1.7} aria-hidden />
            )}
            {remark.text}
          </p>
        ))}
        {filled && gaps !== undefined && gaps.gaps.length > 0 && (
          <>
            <h3>Nell’albo di oggi</h3>
            {gaps.gaps.map((gap) => (
              <p key={gap.text} className="t-warn">
                <IconAlertTriangle size={14} stroke={1.7} aria-hidden />
                {gap.text}: {counted(gap.people, 'persona', 'persone')}.
              </p>
            ))}
          </>
        )}
        {filled && fine && (
          <p className="t-ok">
            <IconCheck size={14} stroke={1.7} aria-hidden />
            {gaps.people === 0
              ? 'La tariffa non si contraddice. Nell’albo non c’è ancora nessuno.'
              : `Ognuna delle ${gaps.people} persone nell’albo trova la sua tariffa, o non paga.`}
          </p>
        )}
        <h3>Come si sceglie</h3>
        <dl className="tariff-rules">
          {RULES.map(([what, text]) => (
            <Fragment key={what}>
              <dt>{what}</dt>
              <dd>{text}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </Card>
  )
}

const RULES = [
  ['Cella vuota', 'vale per tutti; lo stato vuoto vale per gli iscritti: i sospesi pagano solo se una riga li nomina.'],
  ['Più righe', 'vince quella con più condizioni; a parità conta prima la categoria, poi albo, sezione, stato, anni.'],
  ['Anni', 'anno della tariffa meno anno d’iscrizione: 0 è chi si iscrive quell’anno.'],
  ['50 %', 'è la parte che resta da pagare dell’importo che varrebbe senza quella riga.'],
  ['niente', 'chi trova questa riga non riceve la quota.'],
] as const
