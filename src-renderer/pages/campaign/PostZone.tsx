import { Checkbox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { orpc } from '../../client.ts'
import { counted, formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import type { PositionSelection } from '../positions/position-list.tsx'
import type { Purpose, Ways } from './campaign-form.ts'
import { SamplePaper } from './SamplePaper.tsx'

/** By post: the addresses as they are printed, the doubtful ones first, and a sheet to be approved. */
export function PostZone({
  selection,
  purpose,
  letter,
  looking,
  approved,
  onApprove,
}: {
  readonly selection: PositionSelection | null
  readonly purpose: Purpose
  readonly letter: Ways['letter']
  /** The choice of people and letter that is looked at: another one is looked at again. */
  readonly looking: string
  readonly approved: boolean
  readonly onApprove: (approved: boolean) => void
}) {
  const [sample, setSample] = useState(false)
  const [seen, setSeen] = useState<string | null>(null)
  const addresses = useQuery({
    ...orpc.campaign.postalAddresses.queryOptions({
      input: { selection: selection as PositionSelection, purpose, limit: 100 },
      enabled: selection !== null,
    }),
    placeholderData: keepPreviousData,
  })
  const { count, wrong, rows } = addresses.data ?? { count: 0, wrong: 0, rows: [] }
  const first = rows.find((r) => r.problems.length === 0) ?? rows[0]
  return (
    <Card
      title="Indirizzi per la posta"
      about={
        addresses.data &&
        (wrong === 0
          ? `${counted(count, 'indirizzo', 'indirizzi')}, tutti in ordine`
          : `${formatCount(wrong)} da controllare su ${formatCount(count)}`)
      }
      grow
      label="Indirizzi per la posta"
      actions={
        <button
          type="button"
          className="link"
          disabled={!first}
          onClick={() => {
            setSample(true)
            setSeen(looking)
          }}
        >
          Guarda il campione…
        </button>
      }
      foot={
        <Checkbox
          size="xs"
          label="Ho guardato indirizzi e campione: vanno bene"
          checked={approved}
          description={seen === looking ? null : 'Prima guarda il campione, qui sopra.'}
          disabled={count === 0 || seen !== looking}
          onChange={(e) => onApprove(e.currentTarget.checked)}
        />
      }
    >
      <ErrorNote error={addresses.error} />
      <ul className="postal-list">
        {rows.map((r) => (
          <li key={r.debtPositionId} className={r.problems.length > 0 ? 'doubtful' : ''}>
            <address>
              {r.lines.map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one address, in order
                <span key={i}>{line}</span>
              ))}
              {r.lines.length === 0 && <span>{r.personName}</span>}
            </address>
            {r.problems.length > 0 && (
              <div className="small">
                {r.problems.map((text) => (
                  <p key={text} className="t-warn">
                    {text}
                  </p>
                ))}
                <Link to="/persone" search={{ cerca: r.personName } as never}>
                  correggi nella scheda
                </Link>
              </div>
            )}
          </li>
        ))}
      </ul>
      {rows.length > 0 && rows.length < count && (
        <p className="muted small">Gli altri {formatCount(count - rows.length)} sono in ordine.</p>
      )}
      {sample && first && (
        <SamplePaper
          debtPositionId={first.debtPositionId}
          purpose={purpose}
          letter={letter}
          onClose={() => setSample(false)}
        />
      )}
    </Card>
  )
}
