import { useQuery } from '@tanstack/react-query'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { orpc } from '../client.ts'
import type { FilterDef } from './FilterBar.tsx'

/** «Conto», by id. */
export function useAccountFilter(): FilterDef {
  const accounts = useQuery(orpc.account.list.queryOptions())
  return {
    key: 'conto',
    label: 'Conto',
    kind: 'one',
    options: (accounts.data ?? []).map((a) => ({ value: String(a.id), label: a.name })),
  }
}

/** «Capitolo» of an exercise, by id. */
export function useCapitoloFilter(exercise: number): FilterDef {
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } }))
  return {
    key: 'capitolo',
    label: FIELDS.capitolo,
    kind: 'one',
    options: (capitoli.data ?? []).map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` })),
  }
}

/** «Tipo di dovuto», by id. */
export function useServiceFilter(): FilterDef {
  const services = useQuery(orpc.serviceType.list.queryOptions())
  return {
    key: 'tipo',
    label: FIELDS.serviceType,
    kind: 'one',
    options: (services.data ?? []).map((s) => ({ value: String(s.id), label: s.name })),
  }
}

/** «Importazione»: the confirmed ones, by id. */
export function useImportFilter(): FilterDef {
  const imports = useQuery(
    orpc.registerImport.history.queryOptions({ input: { filters: { state: ['confirmed'] }, limit: 200 } }),
  )
  return {
    key: 'importazione',
    label: 'Importazione',
    kind: 'one',
    options: (imports.data?.rows ?? []).map((i) => ({ value: String(i.id), label: i.fileName })),
  }
}

/** «Lotto», by id. */
export function useIssuanceFilter(): FilterDef {
  const issuances = useQuery(
    orpc.issuance.list.queryOptions({ input: { filters: {}, search: '', sort: null, offset: 0, limit: 200 } }),
  )
  return {
    key: 'lotto',
    label: 'Lotto',
    kind: 'one',
    options: (issuances.data?.rows ?? []).map((i) => ({ value: String(i.id), label: i.description })),
  }
}

export const ORIGIN_FILTER: FilterDef = {
  key: 'provenienza',
  label: FIELDS.origin,
  kind: 'one',
  options: [
    { value: 'competenza', label: FIELDS.competenza },
    { value: 'residui', label: FIELDS.residui },
  ],
}

export const CATEGORY_FILTER: FilterDef = {
  key: 'categoria',
  label: FIELDS.category,
  kind: 'many',
  options: Object.entries(CATEGORIES).map(([value, label]) => ({ value, label })),
}

/** «Indirizzo postale»: who has none cannot be written to on paper. */
export const ADDRESS_FILTER: FilterDef = {
  key: 'indirizzo',
  label: 'Indirizzo postale',
  kind: 'one',
  options: [
    { value: 'senza', label: 'Manca' },
    { value: 'con', label: 'C’è' },
  ],
}

export const DUE_FILTERS: readonly FilterDef[] = [
  { key: 'dal', label: FIELDS.dueDate, kind: 'date', prefix: 'dal' },
  { key: 'entro', label: FIELDS.dueDate, kind: 'date', prefix: 'fino al' },
]

export const AMOUNT_FILTERS: readonly FilterDef[] = [
  { key: 'min', label: FIELDS.amount, kind: 'amount', prefix: 'da' },
  { key: 'max', label: FIELDS.amount, kind: 'amount', prefix: 'fino a' },
]

/** What an address says as a number or as one of two, null where it says nothing. */
export function numberOf<T extends number>(text: string | undefined): T | null {
  return text === undefined ? null : (Number(text) as T)
}

export function whetherOf(text: string | undefined, yes: string): boolean | null {
  return text === undefined ? null : text === yes
}
