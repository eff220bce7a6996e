import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { FolderToken } from '#domain/ports'
import type { client } from '../../client.ts'
import type { PositionRow, PositionSelection } from '../positions/position-list.tsx'

export type CampaignInput = Parameters<typeof client.campaign.preview>[0]
export type CampaignPreview = InferContractRouterOutputs<Contract>['campaign']['preview']
export type Channel = CampaignInput['channels'][number]
export type MailAccount = InferContractRouterOutputs<Contract>['mailAccount']['list'][number]

export interface Audience {
  /** The rows handed over by a list, or a filter. */
  readonly from: 'chosen' | 'filter'
  readonly issuanceId: Id<'issuance'> | null
  readonly states: readonly PositionRow['state'][]
  readonly category: PositionRow['category'] | null
  readonly onlyNever: boolean
}

export interface Ways {
  readonly email: boolean
  readonly pec: boolean
  readonly folder: boolean
  readonly emailAccountId: Id<'mailAccount'> | null
  readonly pecAccountId: Id<'mailAccount'> | null
  readonly place: { readonly token: FolderToken; readonly place: string } | null
}

export function filterOf(audience: Audience, exercise: number) {
  return {
    exercise: audience.issuanceId === null ? exercise : null,
    issuanceId: audience.issuanceId,
    state: [...audience.states],
    category: audience.category === null ? [] : [audience.category],
    delivery: audience.onlyNever ? ('none' as const) : null,
  }
}

export function selectionOf(
  audience: Audience,
  exercise: number,
  chosen: PositionSelection | null,
): PositionSelection | null {
  if (audience.from === 'chosen') return chosen
  if (audience.states.length === 0) return null
  return {
    query: { filters: filterOf(audience, exercise), search: '', sort: { column: 'personName', direction: 'asc' } },
  }
}

/** Channels that are chosen and have their place; the others are waited for. */
export function channelsOf(ways: Ways): { readonly ready: Channel[]; readonly missing: string | null } {
  const ready: Channel[] = []
  let missing: string | null = null
  if (ways.pec) {
    if (ways.pecAccountId === null) missing = 'Scegli l’account PEC da cui partono.'
    else ready.push('pec')
  }
  if (ways.email) {
    if (ways.emailAccountId === null) missing = 'Scegli l’account di posta da cui partono.'
    else ready.push('email')
  }
  if (ways.folder) {
    if (ways.place === null) missing = 'Scegli la cartella.'
    else ready.push('folder')
  }
  if (!ways.pec && !ways.email && !ways.folder) missing = 'Scegli almeno un canale.'
  return { ready, missing }
}
