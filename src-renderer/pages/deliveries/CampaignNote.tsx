import { IconAlertTriangle, IconClockHour4, IconPlayerPause } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { counted, formatCount } from '../../components/cells.tsx'
import { momentWords, resumeCampaign } from './campaign-work.ts'
import type { Campaign } from './delivery-list.tsx'

/** Where a campaign stands still: why, since what leaves by itself is not to be waited for at the screen. */
export function CampaignNote({ campaign }: { readonly campaign: Campaign }) {
  const waiting = campaign.channels.reduce((n, c) => n + c.waiting, 0)
  // Running with a reason: one of the ways stands still while the others go on.
  if (campaign.state === 'stopped' || (campaign.state === 'running' && campaign.reason !== null)) {
    return (
      <div className="note note-bad send-note" role="status">
        <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
        <div>
          <b className="strong">{campaign.state === 'stopped' ? 'La campagna è ferma.' : 'Un canale è fermo.'}</b>{' '}
          {campaign.reason} {counted(waiting, 'consegna aspetta', 'consegne aspettano')}.{' '}
          {campaign.state === 'stopped' && campaign.nextAt !== null
            ? `Il programma riprova da solo ${momentWords(campaign.nextAt)}. `
            : ''}
          Rimedia in{' '}
          <Link to="/impostazioni/$voce" params={{ voce: settingsOf(campaign) }}>
            Impostazioni
          </Link>
          , poi{' '}
          <button type="button" className="link" onClick={() => resumeCampaign(campaign)}>
            riprendi
          </button>
          .
        </div>
      </div>
    )
  }
  if (campaign.state === 'paused') {
    return (
      <div className="note note-warn send-note" role="status">
        <IconPlayerPause size={16} stroke={1.7} aria-hidden />
        <div>
          <b className="strong">In pausa.</b> {campaign.reason}{' '}
          {counted(waiting, 'consegna aspetta', 'consegne aspettano')} che tu riprenda.
        </div>
      </div>
    )
  }
  if (campaign.state === 'waiting') {
    return (
      <div className="note note-info send-note" role="status">
        <IconClockHour4 size={16} stroke={1.7} aria-hidden />
        <div>
          {campaign.reason ?? 'Aspetta il suo momento'}
          {campaign.nextAt === null ? '. ' : `: il prossimo invio è ${momentWords(campaign.nextAt)}. `}
          {formatCount(waiting)} {waiting === 1 ? 'consegna parte' : 'consegne partono'} da sé.
        </div>
      </div>
    )
  }
  return null
}

function settingsOf(campaign: Campaign): string {
  const stuck = campaign.channels.filter((c) => c.waiting > 0).map((c) => c.channel)
  if (stuck.every((c) => c === 'io')) return 'io'
  return stuck.every((c) => c === 'server') ? 'server' : 'posta'
}
