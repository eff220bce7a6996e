import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { client } from '../../client.ts'
import { type ListState, manyOf } from '../../table/list-state.ts'

export type AccertamentoList = InferContractRouterOutputs<Contract>['accertamento']['list']
export type AccertamentoRow = AccertamentoList['rows'][number]
export type GenerationInput = Parameters<typeof client.debtPosition.generationPreview>[0]
export type GenerationSummary = InferContractRouterOutputs<Contract>['debtPosition']['generationPreview']
export type GenerationParameters = GenerationInput['parameters']

/** The address as filters: accertamenti that no live position asks for and that are not yet collected. */
export function toIssueFilters(list: ListState, exercise: number) {
  const f = list.filters
  return {
    exercise,
    origin: (f.provenienza ?? null) as 'competenza' | 'residui' | null,
    state: ['outstanding', 'partlyCollected'] as AccertamentoRow['state'][],
    category: manyOf<AccertamentoRow['category']>(f.categoria),
    capitoloId: f.capitolo === undefined ? null : (Number(f.capitolo) as Id<'capitolo'>),
    serviceTypeId: f.tipo === undefined ? null : (Number(f.tipo) as Id<'serviceType'>),
    importId: f.importazione === undefined ? null : (Number(f.importazione) as Id<'registerImport'>),
    personId: f.persona === undefined ? null : (Number(f.persona) as Id<'person'>),
    issued: false,
    minCents: f.min === undefined ? null : (Number(f.min) as Cents),
    maxCents: f.max === undefined ? null : (Number(f.max) as Cents),
    dateFrom: (f.dal ?? null) as IsoDate | null,
    dateTo: (f.al ?? null) as IsoDate | null,
  }
}
