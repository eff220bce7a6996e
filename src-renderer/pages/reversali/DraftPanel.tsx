import { Button, Textarea } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { creditsInWords } from '#domain/credit-words'
import { formatDate, type IsoDate } from '#domain/date'
import { FIELDS } from '#domain/vocabulary'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { DateField } from '../../components/fields.tsx'
import { Facts } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import type { DraftChange, NumberedDraft } from './ready.ts'

/** A reversale not issued yet: data contabile and causale are still to be moved; everything else is evidence. */
export function DraftPanel({
  draft,
  earliest,
  proposed,
  focus,
  onChange,
  onReset,
}: {
  readonly draft: NumberedDraft
  readonly earliest: IsoDate
  readonly proposed: { readonly date: IsoDate; readonly causale: string }
  /** Raised by F2: the first field takes the focus. */
  readonly focus: number
  readonly onChange: (change: DraftChange) => void
  readonly onReset: () => void
}) {
  const early = draft.date < earliest
  const fields = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus > 0) fields.current?.querySelector('input')?.focus()
  }, [focus])
  return (
    <DetailPanel
      title={`Prenderà il n. ${formatCount(draft.number)}/${draft.exercise}`}
      subtitle={draft.account}
      actions={
        draft.changed ? (
          <Button leftSection={<IconArrowBackUp size={16} stroke={1.7} aria-hidden />} onClick={onReset}>
            Rimetti data e causale proposte
          </Button>
        ) : undefined
      }
    >
      <PanelPart>
        <div className="panel-amount">
          <Money cents={draft.cents} euro />
          <St family="reversale" code="ready" pill />
        </div>
        <div className="form" ref={fields}>
          <DateField
            label="Data contabile"
            value={draft.date}
            onChange={(date) => date !== null && onChange({ ...only(draft, proposed), date })}
          />
          <p className="small muted">Si può spostare in avanti; quelle dopo la seguono.</p>
          {early && (
            <p className="t-bad small">
              Non può precedere il {formatDate(earliest)}: le reversali vanno in ordine di data.
            </p>
          )}
          <Textarea
            label={FIELDS.causale}
            autosize
            minRows={2}
            maxLength={500}
            value={draft.causale}
            onChange={(e) => onChange({ ...only(draft, proposed), causale: e.currentTarget.value })}
          />
        </div>
      </PanelPart>
      <PanelPart>
        <Facts
          rows={[
            [FIELDS.capitolo, draft.capitolo],
            ['Gestione', draft.residui ? `Residui ${draft.originYear}` : FIELDS.competenza],
            ['Conto', draft.account],
            ['Accredito', creditsInWords(draft.lines).slice(0, 4).join(', ')],
            [
              'Flusso',
              draft.flowId === null ? (
                '·'
              ) : (
                <Link key="f" to="/rendicontazioni" search={{ flusso: draft.flowId } as never} className="mono">
                  {draft.flowId}
                </Link>
              ),
            ],
          ]}
        />
      </PanelPart>
      <PanelPart title={counted(draft.lines.length, 'pagamento', 'pagamenti')}>
        <ul className="panel-lines payments">
          {draft.lines.slice(0, 200).map((l, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is the document's
            <li key={i}>
              <span className="cut">
                <Link to="/persone/$id" params={{ id: String(l.personId) }}>
                  {l.personName}
                </Link>
              </span>
              <Money cents={l.cents} />
              <span className="mono small muted">{l.iuv}</span>
              <span className="small muted">acc. {l.accertamento}</span>
            </li>
          ))}
        </ul>
      </PanelPart>
    </DetailPanel>
  )
}

/** What was moved by hand so far: values equal to the proposed ones are not changes. */
function only(draft: NumberedDraft, proposed: { readonly date: IsoDate; readonly causale: string }): DraftChange {
  return {
    ...(draft.date === proposed.date ? {} : { date: draft.date }),
    ...(draft.causale === proposed.causale ? {} : { causale: draft.causale }),
  }
}
