import { formatDate, type IsoDate, isoDate } from './date.ts'
import {
  type CollectionReason,
  isTaxonomyCode,
  ORDER_TAXONOMY,
  ORDERS_CREDITOR_TYPE,
  type TaxonomyEntry,
  taxonomyCore,
} from './taxonomy.ts'

/** `future`: not yet; `gone`: the last file no longer has it; `unknown`: no file ever had it; `malformed`: it cannot be a code. */
export type TaxonomyState = 'valid' | 'future' | 'expired' | 'gone' | 'unknown' | 'malformed'

export interface KnownCode extends TaxonomyEntry {
  /** The last file no longer has it. */
  readonly gone: boolean
}

/** What is known of the codes now. */
export interface Taxonomy {
  /** Null: only the codes of the orders that the program brings with it. */
  readonly version: number | null
  readonly codes: readonly KnownCode[]
}

export interface JudgedCode {
  /** As it was asked for. */
  readonly code: string
  readonly state: TaxonomyState
  readonly serviceName: string | null
  readonly reason: CollectionReason | null
  readonly validTo: IsoDate | null
  /** What is wrong and what to do; null where nothing is. */
  readonly warning: string | null
}

const NAMES: Readonly<Record<keyof typeof ORDER_TAXONOMY, string>> = {
  primaIscrizione: 'Prima iscrizione',
  quotaTrasferimento: 'Quota trasferimento',
  iscrizioneAlbo: 'Iscrizione albo',
  iscrizioneCorsi: 'Iscrizione corsi',
  dirittiSegreteria: 'Diritti di segreteria',
  utilizzoLocali: 'Utilizzo locali',
  rilascioTesserino: 'Rilascio tesserino',
  quotaAlbo: 'Quota albo',
  contributiVari: 'Contributi vari',
  mora: 'Accertamento quota di rinnovo annuale',
  bollo: 'Bollo',
  tassaConcorso: 'Tassa concorso',
}

/** Before any file is taken up: the codes of the professional orders, as they stand today. */
export const ORDER_CODES: Taxonomy = {
  version: null,
  codes: Object.entries(ORDER_TAXONOMY).map(([key, code]) => ({
    ...{ code, creditorType: ORDERS_CREDITOR_TYPE, creditorTypeName: 'Ordini professionali' },
    ...{ area: code.slice(4, 6), areaName: 'Ordini professionali', service: code.slice(6, 9) },
    ...{ serviceName: NAMES[key as keyof typeof ORDER_TAXONOMY], reason: code.slice(9, 11) as CollectionReason },
    ...{ description: '', version: 0, validFrom: isoDate('1900-01-01'), validTo: isoDate('2080-01-01'), gone: false },
  })),
}

/** Codes are compared on the nine characters in the middle: prefix and own data of the institution say nothing of the service. */
export class TaxonomyJudge {
  readonly #taxonomy: Taxonomy
  readonly #today: IsoDate
  readonly #byCore: ReadonlyMap<string, KnownCode>

  constructor(taxonomy: Taxonomy, today: IsoDate) {
    this.#taxonomy = taxonomy
    this.#today = today
    // The same service under another prefix: one that is gone says nothing where another is there.
    const goneFirst = [...taxonomy.codes].sort((a, b) => Number(b.gone) - Number(a.gone))
    this.#byCore = new Map(goneFirst.map((one) => [taxonomyCore(one.code) ?? one.code, one]))
  }

  /** Of the file that is judged by; null before any. */
  get version(): number | null {
    return this.#taxonomy.version
  }

  stateOf({ gone, validFrom, validTo }: KnownCode): TaxonomyState {
    if (gone) return 'gone'
    if (validTo < this.#today) return 'expired'
    return validFrom > this.#today ? 'future' : 'valid'
  }

  judge(code: string): JudgedCode {
    const core = isTaxonomyCode(code) ? taxonomyCore(code) : null
    const known = core === null ? undefined : this.#byCore.get(core)
    const state = core === null ? 'malformed' : known === undefined ? 'unknown' : this.stateOf(known)
    return {
      ...{ code, state, serviceName: known?.serviceName ?? null, reason: known?.reason ?? null },
      validTo: known?.validTo ?? null,
      warning: this.#warning(code, state, known),
    }
  }

  #warning(code: string, state: TaxonomyState, known: KnownCode | undefined): string | null {
    const name = known === undefined ? code : `${code} (${known.serviceName})`
    const refused = 'Il nodo può rifiutare le posizioni che lo usano'
    switch (state) {
      case 'valid':
        return null
      case 'malformed':
        return `«${code}» non è un codice di tassonomia: la forma è 9/0401107TS/.`
      case 'expired':
        return `Il codice ${name} è scaduto il ${formatDate(known?.validTo ?? this.#today)}. ${refused}: scegline un altro.`
      case 'future':
        return `Il codice ${name} vale dal ${formatDate(known?.validFrom ?? this.#today)}. ${refused} prima di allora.`
      case 'gone':
        return `Il codice ${name} non c’è più nella tassonomia. ${refused}: scegline un altro.`
      case 'unknown':
        return this.#taxonomy.version === null
          ? `Il codice ${name} non è fra quelli degli ordini professionali: per controllarlo importa la tassonomia in Impostazioni.`
          : `Il codice ${name} non c’è nella tassonomia, versione ${this.#taxonomy.version}. ${refused}: controllalo.`
    }
  }
}

export interface TaxonomyDifference {
  readonly kind: 'new' | 'changed' | 'expired' | 'gone'
  readonly entry: TaxonomyEntry
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[]
}

const COMPARED = [
  ['serviceName', 'Servizio'],
  ['description', 'Descrizione'],
  ['creditorTypeName', 'Tipo di ente'],
  ['areaName', 'Area'],
  ['validFrom', 'Valido dal'],
  ['validTo', 'Valido fino al'],
] as const
/** The codes that the program brings have no texts of the file. */
const COMPARED_FIRST: ReadonlySet<string> = new Set(['validFrom', 'validTo'])

/** What a file would change: new, changed, expired or gone codes; those that stay as they are are not told. */
export function compareTaxonomy(
  present: Taxonomy,
  entries: readonly TaxonomyEntry[],
  today: IsoDate,
): readonly TaxonomyDifference[] {
  const before = new Map(present.codes.filter((one) => !one.gone).map((one) => [one.code, one]))
  const there = new Set(entries.map((one) => one.code))
  const gone = [...before.values()].filter((one) => !there.has(one.code))
  return [
    ...entries.flatMap((entry): TaxonomyDifference[] => {
      const was = before.get(entry.code)
      const changes =
        was === undefined
          ? []
          : COMPARED.flatMap(([key, field]) =>
              was[key] === entry[key] || (present.version === null && !COMPARED_FIRST.has(key))
                ? []
                : [{ field, before: shown(was[key]), after: shown(entry[key]) }],
            )
      const expires = entry.validTo < today && (was === undefined || was.validTo >= today)
      if (expires) return [{ kind: 'expired', entry, changes }]
      if (was === undefined) return [{ kind: 'new', entry, changes }]
      return changes.length === 0 ? [] : [{ kind: 'changed', entry, changes }]
    }),
    ...gone.map((entry): TaxonomyDifference => ({ kind: 'gone', entry, changes: [] })),
  ]
}

function shown(value: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value as IsoDate) : value
}
