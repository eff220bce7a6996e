/** Taxonomy code of a collection service: `9/0401107TS/`, prefix 6–9, optional own data after the last slash (pagopa.md §10). */
export function isTaxonomyCode(text: string): boolean {
  return /^[6-9]\/\d{7}(IM|TS|SP|SA|AP)\/[\x21-\x7e]{0,120}$/.test(text)
}

/** Codes of the professional orders (creditor type 04, macro area 01). */
export const ORDER_TAXONOMY = {
  primaIscrizione: '9/0401100TS/',
  iscrizioneCorsi: '9/0401103TS/',
  dirittiSegreteria: '9/0401104TS/',
  quotaAlbo: '9/0401107TS/',
  contributiVari: '9/0401108AP/',
  mora: '9/0401109SA/',
} as const

/** What a tipo di dovuto is, as far as its taxonomy code tells. */
export function serviceKindOf(taxonomyCode: string): 'quota' | 'oneOff' | 'mora' {
  if (taxonomyCode.startsWith(ORDER_TAXONOMY.mora)) return 'mora'
  return taxonomyCode.startsWith(ORDER_TAXONOMY.quotaAlbo) ? 'quota' : 'oneOff'
}
