import { CHANNELS, deliveryWord, POSITION_VERSIONS } from '#domain/vocabulary'
import { DateText, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ToneText } from '../../components/St.tsx'
import type { PositionCard } from './act-frame.ts'

type Version = PositionCard['versions'][number]

/** Every version, the newest first: what changed, when, by whom and why, and what was printed and sent of it. */
export function PositionVersions({ card }: { readonly card: PositionCard }) {
  return (
    <ol className="position-versions">
      {card.cancellations
        .filter((c) => c.version === card.version && card.lifecycle === 'cancelled')
        .map((c) => (
          <li key={c.at}>
            <p>
              <span className="strong">Annullata</span> <TimeText at={c.at} />
              {c.operator === null ? '' : ` · ${c.operator}`}
            </p>
            <p className="ink2">«{c.reason}»</p>
          </li>
        ))}
      {card.versions.map((v) => (
        <li key={v.version} className={v.current ? '' : 'superseded'}>
          <p>
            <span className="strong">
              {formatCount(v.version)} · {POSITION_VERSIONS[v.kind]}
            </span>{' '}
            <TimeText at={v.at} />
            {v.operator === null ? '' : ` · ${v.operator}`}
            {!v.current && <span className="version-old">superata</span>}
          </p>
          {v.reason !== '' && v.kind !== 'issue' && <p className="ink2">«{v.reason}»</p>}
          {v.changes.length > 0 ? (
            <ul>
              {v.changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          ) : (
            <p className="small ink2">
              <Money cents={v.cents} euro />
              {v.dueDate === null ? (
                ', senza scadenza'
              ) : (
                <>
                  , entro il <DateText date={v.dueDate} />
                </>
              )}
              {v.installments > 0 ? `, ${formatCount(v.installments)} rate` : ''}
            </p>
          )}
          <Papers version={v} />
          {card.cancellations
            .filter((c) => c.version === v.version && !(v.current && card.lifecycle === 'cancelled'))
            .map((c) => (
              <p key={c.at} className="small">
                Annullata <TimeText at={c.at} />
                {c.operator === null ? '' : ` · ${c.operator}`}: «{c.reason}»
              </p>
            ))}
        </li>
      ))}
    </ol>
  )
}

/** Prints and deliveries of one version; of a superseded one they carry what is no longer asked. */
function Papers({ version }: { readonly version: Version }) {
  return (
    <>
      {version.prints.map((p) => (
        <p key={p.at} className="small">
          {p.duplicate ? 'Ristampato (duplicato)' : 'Stampato o salvato'} <TimeText at={p.at} /> · {p.operator}
        </p>
      ))}
      {version.deliveries.map((d) => {
        const { word, tone } = deliveryWord(d)
        return (
          <p key={d.id} className="small version-delivery">
            {CHANNELS[d.channel]} <TimeText at={d.at} /> <ToneText tone={tone}>{word}</ToneText>
            <span className="cut ink2" title={d.to}>
              {d.to}
            </span>
          </p>
        )
      })}
      {!version.current && version.deliveries.some((d) => SENT.has(d.state)) && (
        <p className="small t-warn">Chi l’ha ricevuto ha un avviso superato.</p>
      )}
    </>
  )
}

/** Deliveries after which the notice may be in somebody's hands. */
export const SENT: ReadonlySet<string> = new Set(['sent', 'accepted', 'delivered', 'uncertain'])
