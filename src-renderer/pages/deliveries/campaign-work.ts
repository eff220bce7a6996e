import { useQuery } from '@tanstack/react-query'
import type { Id } from '#domain/brand'
import { type Instant, romeDate } from '#domain/date'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, relativeTime } from '../../components/cells.tsx'
import { romeClock } from '../../components/rome-instant.ts'
import { say, sayFailure } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import type { Campaign } from './delivery-list.tsx'

const LIVE_MS = 1000
/** A gap between two messages is not a wait that anybody should read of. */
const LATER_MS = 60_000

/** Whether something may leave at any moment: then the page asks each second, else it waits for the ledger to change. */
function isLive(campaign: Campaign | undefined): boolean {
  return campaign?.state === 'running' || campaign?.state === 'waiting'
}

/** Campaigns for the page: the latest first. */
export function useCampaigns() {
  return useQuery(
    orpc.campaign.list.queryOptions({
      input: { filters: {}, search: '', sort: null, offset: 0, limit: 100 },
      refetchInterval: (query) => (query.state.data?.rows.some((c) => c.state === 'running') ? LIVE_MS : false),
    }),
  )
}

export function useCampaign(id: Id<'campaign'> | null) {
  return useQuery(
    orpc.campaign.get.queryOptions({
      input: { id: id as Id<'campaign'> },
      enabled: id !== null,
      refetchInterval: (query) => (isLive(query.state.data) ? LIVE_MS : false),
    }),
  )
}

/** «13 minuti», «2 ore e 10 minuti», «3 giorni»: how long the rest takes at the present pace. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return 'meno di un minuto'
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return counted(minutes, 'minuto', 'minuti')
  const hours = Math.floor(minutes / 60)
  if (hours < 36) {
    const rest = minutes % 60
    return `${counted(hours, 'ora', 'ore')}${rest < 5 ? '' : ` e ${counted(rest, 'minuto', 'minuti')}`}`
  }
  return counted(Math.round(hours / 24), 'giorno', 'giorni')
}

/** «alle 09:00», «domani alle 08:00», «il 03/03/2026 alle 08:00». */
export function momentWords(at: Instant): string {
  const day = romeDate(at)
  const today = romeDate(new Date().toISOString() as Instant)
  const days = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000)
  const clock = `alle ${romeClock(at)}`
  if (days === 0) return clock
  if (days === 1) return `domani ${clock}`
  return days > 1 ? `il ${day.split('-').reverse().join('/')} ${clock}` : `${relativeTime(at)}`
}

const STANDING: Readonly<Partial<Record<Campaign['state'], string>>> = { waiting: 'in attesa', paused: 'in pausa' }

/** How one channel goes: «30 al minuto · 13 minuti», or why it stands still. */
export function paceWords(campaign: Campaign, way: Campaign['channels'][number]): string {
  if (way.waiting === 0) return campaign.state === 'cancelled' ? 'annullato' : 'finito'
  if (way.stopped) return 'fermo'
  const still = STANDING[campaign.state]
  // A channel outside its hours, while the others go on.
  const later = way.nextAt !== null && Date.parse(way.nextAt) - Date.now() > LATER_MS
  if (later && campaign.state !== 'paused') return `riparte ${momentWords(way.nextAt as Instant)}`
  if (still !== undefined) return still
  const left = way.remainingSeconds === null ? 'in corso' : durationWords(way.remainingSeconds)
  return way.perMinute === null ? left : `${formatCount(way.perMinute)} al minuto · ${left}`
}

/** What a campaign is doing, in one sentence. */
export function stateSentence(campaign: Campaign): string {
  switch (campaign.state) {
    case 'running':
      return campaign.remainingSeconds === null ? '' : `ancora ${durationWords(campaign.remainingSeconds)}`
    case 'waiting':
      return [campaign.reason, campaign.nextAt === null ? null : `il prossimo invio è ${momentWords(campaign.nextAt)}`]
        .filter(Boolean)
        .join(': ')
    case 'paused':
      return campaign.reason ?? 'in pausa finché non riprendi'
    case 'stopped':
      return campaign.reason ?? 'un canale non funziona'
    default:
      return campaign.reason ?? ''
  }
}

export function pauseCampaign(campaign: Campaign): void {
  client.campaign
    .pause({ id: campaign.id })
    .then(() => say('In pausa: ciò che era già in volo arriva, il resto aspetta.'))
    .catch(sayFailure)
}

export function resumeCampaign(campaign: Campaign): void {
  client.campaign
    .resume({ id: campaign.id })
    .then(() => say('La campagna riprende.'))
    .catch(sayFailure)
}

/** Takes back what has not left, and with `cleanUp` the files already put somewhere; the reason stays. */
export function cancelCampaign(id: Id<'campaign'>, reason: string, cleanUp: boolean): void {
  void startJob({
    title: 'Annullo le consegne non partite',
    unit: 'consegne',
    cancelWord: 'Fermati qui',
    cancelNote: 'Quelle già annullate restano annullate',
    run: (signal) => client.campaign.cancel({ id, reason, cleanUp }, { signal }),
    onDone: ({ cancelled, removed, problems }) =>
      say(
        [
          counted(cancelled, 'consegna annullata', 'consegne annullate'),
          cleanUp ? counted(removed, 'file tolto', 'file tolti') : '',
          problems.total > 0
            ? `${formatCount(problems.total)} file restano: qualcuno li ha cambiati o non si raggiungono`
            : '',
        ]
          .filter((t) => t !== '')
          .join(' · '),
      ),
  })
}
