import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'

export type QuotaParameters = InferContractRouterInputs<Contract>['quota']['preview']
export type QuotaPreview = InferContractRouterOutputs<Contract>['quota']['preview']
export type QuotaList = InferContractRouterOutputs<Contract>['quota']['list']
export type QuotaRow = QuotaList['rows'][number]
export type QuotaRaised = Pick<
  InferContractRouterOutputs<Contract>['quota']['history']['rows'][number],
  'accertamenti' | 'exercise' | 'firstNumber' | 'lastNumber'
>

/** What the list says of each row. */
export const OUTCOMES = {
  raise: { word: 'Da generare', tone: 'info' },
  excluded: { word: 'Tolta a mano', tone: 'neu' },
  already: { word: 'Ce l’ha già', tone: 'ok' },
  none: { word: 'Niente da pagare', tone: 'neu' },
  hole: { word: 'Senza tariffa', tone: 'warn' },
} as const

/** Fields that a causale may be made of, as `{anno}`. */
export const CAUSALE_FIELDS: Readonly<Record<string, string>> = {
  anno: 'Anno di competenza',
  numero: 'Numero d’albo',
  albo: 'Albo',
  sezione: 'Sezione',
  categoria: 'Categoria',
  tariffa: 'Codice della tariffa',
}
