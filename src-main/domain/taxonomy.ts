import type { IsoDate } from './date.ts'

/** Taxonomy code of a collection service: `9/0401107TS/`, prefix 6–9, optional own data after the last slash (pagopa.md §10). */
export function isTaxonomyCode(text: string): boolean {
  return /^[6-9]\/\d{7}(IM|TS|SP|SA|AP)\/[\x21-\x7e]{0,120}$/.test(text)
}

/** The nine characters that name the service, whatever stands before and after: `0401107TS`. Null where there are none. */
export function taxonomyCore(code: string): string | null {
  return /^(?:[0-9]\/)?(\d{7}(?:IM|TS|SP|SA|AP))(?:\/|$)/.exec(code)?.[1] ?? null
}

/** Motivo giuridico della riscossione. */
export const COLLECTION_REASONS = {
  IM: 'Imposta',
  TS: 'Tassa',
  SP: 'Servizio pubblico',
  SA: 'Sanzione',
  AP: 'Altro',
} as const
export type CollectionReason = keyof typeof COLLECTION_REASONS

/** A row of the official file. */
export interface TaxonomyEntry {
  /** `9/0401107TS/` */
  readonly code: string
  readonly creditorType: string
  readonly creditorTypeName: string
  readonly area: string
  readonly areaName: string
  readonly service: string
  readonly serviceName: string
  readonly reason: CollectionReason
  readonly description: string
  readonly version: number
  readonly validFrom: IsoDate
  readonly validTo: IsoDate
}

/** Creditor type of the professional orders. */
export const ORDERS_CREDITOR_TYPE = '04'

/** Codes of the professional orders (creditor type 04, macro area 01). */
export const ORDER_TAXONOMY = {
  primaIscrizione: '9/0401100TS/',
  quotaTrasferimento: '9/0401101TS/',
  iscrizioneAlbo: '9/0401102TS/',
  iscrizioneCorsi: '9/0401103TS/',
  dirittiSegreteria: '9/0401104TS/',
  utilizzoLocali: '9/0401105TS/',
  rilascioTesserino: '9/0401106TS/',
  quotaAlbo: '9/0401107TS/',
  contributiVari: '9/0401108AP/',
  mora: '9/0401109SA/',
  bollo: '9/0401110TS/',
  tassaConcorso: '9/0401111TS/',
} as const

/** What a tipo di dovuto is, as far as its taxonomy code tells. */
export function serviceKindOf(taxonomyCode: string): 'quota' | 'oneOff' | 'mora' {
  if (taxonomyCode.startsWith(ORDER_TAXONOMY.mora)) return 'mora'
  return taxonomyCode.startsWith(ORDER_TAXONOMY.quotaAlbo) ? 'quota' : 'oneOff'
}
