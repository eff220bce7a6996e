import { Link } from '@tanstack/react-router'
import { CHANNELS } from '#domain/vocabulary'
import { formatCount, TimeText } from '../../components/cells.tsx'
import { St } from '../../components/St.tsx'
import { durationWords, paceWords, stateSentence } from './campaign-work.ts'
import { CHANNEL_ICONS } from './channel-icon.ts'
import type { Campaign, WayCounts } from './delivery-list.tsx'

type Way = Campaign['channels'][number]

/** All campaigns, the latest first: one bar each, and what they are doing. */
export function CampaignTable({ campaigns }: { readonly campaigns: readonly Campaign[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className="card campaign-card" aria-label="Campagne di consegna" tabIndex={0}>
      <table className="plain campaign-table">
        <CountsHead first="Campagna" last="Stato" wide />
        <tbody>
          {campaigns.map((c) => (
            <tr key={c.id}>
              <td className="cut" title={`${c.description}, avviata da ${c.operator}`}>
                <span className="channel-name">
                  <Link to="/consegne" search={{ campagna: String(c.id) } as never} className="cut">
                    {c.description}
                  </Link>
                  {c.purpose === 'reminder' && <span className="tag-reminder">sollecito</span>}
                  <span className="muted small nowrap">
                    <TimeText at={c.at} />
                  </span>
                </span>
              </td>
              <CountCells counts={total(c.channels)} name={c.description} />
              <td className="cut" title={stateSentence(c)}>
                <CampaignState campaign={c} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** State, and where it is on its way how long it still takes. */
export function CampaignState({ campaign, pill }: { readonly campaign: Campaign; readonly pill?: boolean }) {
  const left =
    pill && campaign.state === 'running' && campaign.remainingSeconds !== null
      ? { more: `· ancora ${durationWords(campaign.remainingSeconds)}` }
      : {}
  return <St family="campaign" code={campaign.state} {...left} {...(pill ? { pill } : {})} />
}

/** The channels of one campaign: one bar each, from where they leave, how they stand. */
export function ChannelTable({ campaign }: { readonly campaign: Campaign }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className="card campaign-card" aria-label="Canali della campagna" tabIndex={0}>
      <table className="plain campaign-table">
        <CountsHead first="Canale" last="Ritmo" wide />
        <tbody>
          {campaign.channels.map((way) => {
            const Shape = CHANNEL_ICONS[way.channel]
            return (
              <tr key={way.channel}>
                <td className="cut" title={way.place}>
                  <span className="channel-name">
                    <Shape size={16} stroke={1.7} aria-hidden />
                    <b className="strong nowrap">{CHANNELS[way.channel]}</b>
                    {way.place !== CHANNELS[way.channel] && <span className="ink2 cut">{way.place}</span>}
                  </span>
                </td>
                <CountCells counts={way} name={CHANNELS[way.channel]} />
                <td className="ink2 cut" title={paceWords(campaign, way)}>
                  {paceWords(campaign, way)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function CountsHead({ first, last, wide }: { readonly first: string; readonly last: string; readonly wide?: boolean }) {
  return (
    <>
      <colgroup>
        <col />
        <col className="bar-col" />
        <col className="count-col" />
        <col className="count-col" />
        <col className="count-col" />
        <col className="count-col" />
        <col className="count-col" />
        <col className={wide ? 'when-col' : 'count-col'} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">Avanzamento</th>
          <th scope="col" className="right">
            Avvisi
          </th>
          <th scope="col" className="right">
            Consegnati
          </th>
          <th scope="col" className="right">
            In coda
          </th>
          <th scope="col" className="right">
            Falliti
          </th>
          <th scope="col" className="right">
            Incerti
          </th>
          <th scope="col">{last}</th>
        </tr>
      </thead>
    </>
  )
}

function CountCells({ counts, name }: { readonly counts: WayCounts; readonly name: string }) {
  return (
    <>
      <td>
        <Bar counts={counts} name={name} />
      </td>
      <td className="num">{formatCount(counts.total)}</td>
      <Count value={counts.done} tone="ok" />
      <Count value={counts.waiting} tone="" />
      <Count value={counts.failed} tone="bad" />
      <Count value={counts.uncertain} tone="unc" />
    </>
  )
}

function Count({ value, tone }: { readonly value: number; readonly tone: string }) {
  return (
    <td className={`num${value > 0 && tone !== '' ? ` strong t-${tone}` : ''}`}>
      {value === 0 ? <span className="muted">·</span> : formatCount(value)}
    </td>
  )
}

/** Done, failed and uncertain side by side on the whole; the words are in its label. */
function Bar({ counts, name }: { readonly counts: WayCounts; readonly name: string }) {
  const share = (n: number) => `${counts.total === 0 ? 0 : (n / counts.total) * 100}%`
  const out = counts.cancelled + counts.suppressed
  return (
    <div
      className="delivery-bar"
      role="img"
      aria-label={`${name}: ${counts.done} consegnati, ${counts.failed} falliti, ${counts.uncertain} incerti, ${counts.waiting} in coda${out > 0 ? `, ${out} annullati o esclusi` : ''} su ${counts.total}`}
    >
      <span className="bar-ok" style={{ width: share(counts.done) }} />
      <span className="bar-bad" style={{ width: share(counts.failed) }} />
      <span className="bar-unc" style={{ width: share(counts.uncertain) }} />
    </div>
  )
}

function total(ways: readonly Way[]): WayCounts {
  const sum = (key: keyof WayCounts) => ways.reduce((n, w) => n + w[key], 0)
  return {
    total: sum('total'),
    done: sum('done'),
    failed: sum('failed'),
    uncertain: sum('uncertain'),
    waiting: sum('waiting'),
    cancelled: sum('cancelled'),
    suppressed: sum('suppressed'),
  }
}
