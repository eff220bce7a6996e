import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FolderToken } from '#domain/ports'
import { type ReminderChoice, reminderFilters } from '#domain/reminder'
import type { client } from '../../client.ts'
import type { ChosenLetter } from '../notices/letter-choice.ts'
import type { PositionRow, PositionSelection } from '../positions/position-list.tsx'

export type CampaignInput = Parameters<typeof client.campaign.preview>[0]
export type CampaignPreview = InferContractRouterOutputs<Contract>['campaign']['preview']
export type Channel = CampaignInput['channels'][number]
export type Purpose = NonNullable<CampaignInput['purpose']>
export type MailAccount = InferContractRouterOutputs<Contract>['mailAccount']['list'][number]
export type FileAccount = InferContractRouterOutputs<Contract>['fileAccount']['list'][number]
export type IoService = InferContractRouterOutputs<Contract>['ioService']['get']

/** In the order in which the page offers them: what is answered by a receipt first. */
export const CHANNEL_ORDER: readonly Channel[] = ['pec', 'email', 'io', 'server', 'folder', 'post']

export interface Audience {
  readonly purpose: Purpose
  /** The rows handed over by a list, or a filter. */
  readonly from: 'chosen' | 'filter'
  readonly issuanceId: Id<'issuance'> | null
  readonly states: readonly PositionRow['state'][]
  readonly category: PositionRow['category'] | null
  readonly onlyNever: boolean
  /** Reminders: which of those who have something left to pay. */
  readonly remind: ReminderChoice
}

/** What leaves by which way. */
export interface Ways {
  readonly on: Readonly<Record<Channel, boolean>>
  readonly emailAccountId: Id<'mailAccount'> | null
  readonly pecAccountId: Id<'mailAccount'> | null
  readonly fileAccountId: Id<'fileAccount'> | null
  /** Of the folder and of the files for the post. */
  readonly place: { readonly token: FolderToken; readonly place: string } | null
  readonly index: boolean
  readonly postMerged: boolean
  readonly letter: ChosenLetter | null
  /** Null leaves at once. */
  readonly startAt: Instant | null
  /** A later start was asked for, and its day and hour are not whole yet. */
  readonly startIncomplete: boolean
}

/** The exercise and the day in which a choice is made. */
export interface Moment {
  readonly exercise: number
  readonly today: IsoDate
}

export function filterOf(audience: Audience, { exercise, today }: Moment) {
  const common = {
    exercise: audience.issuanceId === null ? exercise : null,
    issuanceId: audience.issuanceId,
    category: audience.category === null ? [] : [audience.category],
  }
  if (audience.purpose === 'reminder') {
    const { state, ...more } = reminderFilters(audience.remind, today)
    return { ...common, ...more, state: [...state] }
  }
  const delivery = audience.onlyNever ? ('none' as const) : null
  return { ...common, state: [...audience.states], delivery, dueFrom: null, dueTo: null }
}

export function selectionOf(
  audience: Audience,
  moment: Moment,
  chosen: PositionSelection | null,
): PositionSelection | null {
  if (audience.from === 'chosen') return chosen
  if (lacksState(audience)) return null
  return {
    query: { filters: filterOf(audience, moment), search: '', sort: { column: 'personName', direction: 'asc' } },
  }
}

/** Notices go to chosen states; a reminder brings its own. */
export function lacksState({ purpose, states }: Audience): boolean {
  return purpose === 'notice' && states.length === 0
}

/** What a chosen channel still needs before anything can leave by it; null when it has all. */
export function lackOf(channel: Channel, ways: Ways): string | null {
  if (channel === 'pec' && ways.pecAccountId === null) return 'Scegli l’account PEC da cui partono.'
  if (channel === 'email' && ways.emailAccountId === null) return 'Scegli l’account di posta da cui partono.'
  if (channel === 'server' && ways.fileAccountId === null) return 'Scegli il server su cui vanno i file.'
  if (channel === 'folder' && ways.place === null) return 'Scegli la cartella.'
  if (channel === 'post' && ways.place === null) return 'Scegli la cartella per i file della posta.'
  return null
}

/** Channels that are chosen and have their place; the others are waited for. */
export function channelsOf(ways: Ways): { readonly ready: Channel[]; readonly missing: string | null } {
  const chosen = CHANNEL_ORDER.filter((channel) => ways.on[channel])
  const lacks = chosen.map((channel) => lackOf(channel, ways))
  return {
    ready: chosen.filter((_, i) => lacks[i] === null),
    missing:
      chosen.length === 0
        ? 'Scegli almeno un canale.'
        : (lacks.find((lack) => lack !== null) ??
          (ways.startIncomplete ? 'Scrivi giorno e ora della partenza, da adesso in poi.' : null)),
  }
}

/** Channels whose addressees read the message; the others only get the PDF. */
export function readsMessage(channels: readonly Channel[]): boolean {
  return channels.some((channel) => channel === 'pec' || channel === 'email' || channel === 'io')
}
