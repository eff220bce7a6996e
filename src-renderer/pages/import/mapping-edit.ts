import { REGISTER_FIELD_NAMES, REGISTER_FIELDS, type RegisterField, type RegisterGroup } from '#domain/register-field'
import {
  foldCell,
  foldHeading,
  mappedColumns,
  type RegisterColumnRef,
  type RegisterMapping,
  type RegisterSource,
  type RegisterTranslation,
} from '#domain/register-mapping'

export const GROUPS: Readonly<Record<RegisterGroup, string>> = {
  due: 'Somma dovuta',
  person: 'Persona',
  contacts: 'Recapiti',
  albo: 'Albo',
}
export const GROUP_NAMES = Object.keys(GROUPS) as RegisterGroup[]

/** Fields of a group; those of a sum due have no place where the file holds people only. */
export function fieldsOfGroup(group: RegisterGroup, purpose: RegisterMapping['purpose']): RegisterField[] {
  if (group === 'due' && purpose === 'people') return []
  return REGISTER_FIELD_NAMES.filter((field) => REGISTER_FIELDS[field].group === group)
}

/** Texts that one may write in pieces; the others are read from one cell only. */
const JOINED: readonly RegisterField[] = [
  ...(['name', 'surname', 'firstName', 'street', 'civicNumber', 'city'] as const),
  ...(['causale', 'alboNumber', 'externalReference'] as const),
]

export function canJoin(field: RegisterField): boolean {
  return JOINED.includes(field)
}

/** Fields that a column fills, in the order of the tracciato. */
export function fieldsOfColumn(mapping: RegisterMapping, letter: string): RegisterField[] {
  return REGISTER_FIELD_NAMES.filter((field) => columnsOf(mapping.fields[field]).some((c) => c.letter === letter))
}

export function columnsOf(source: RegisterSource | undefined): readonly RegisterColumnRef[] {
  return source?.kind === 'columns' ? source.columns : []
}

export function withSource(
  mapping: RegisterMapping,
  field: RegisterField,
  source: RegisterSource | null,
): RegisterMapping {
  const { [field]: _, ...others } = mapping.fields
  return { ...mapping, fields: source === null ? others : { ...others, [field]: source } }
}

/** The columns of a field, its translations kept; no column leaves the field without a source. */
export function withColumns(
  mapping: RegisterMapping,
  field: RegisterField,
  columns: readonly RegisterColumnRef[],
): RegisterMapping {
  const before = mapping.fields[field]
  if (columns.length === 0) return withSource(mapping, field, null)
  const kept = before?.kind === 'columns' ? before : { kind: 'columns' as const, translations: [], otherwise: null }
  return withSource(mapping, field, { ...kept, columns })
}

/**
 * What the head of a column says that it fills: it leaves what it filled before, and joins the columns that the field
 * has already where pieces may be joined, else takes their place.
 */
export function withColumnField(
  mapping: RegisterMapping,
  column: RegisterColumnRef,
  field: RegisterField | null,
): RegisterMapping {
  let next = mapping
  for (const other of fieldsOfColumn(mapping, column.letter)) {
    if (other === field) return mapping
    next = withColumns(
      next,
      other,
      columnsOf(next.fields[other]).filter((c) => c.letter !== column.letter),
    )
  }
  if (field === null) return next
  return withColumns(next, field, canJoin(field) ? [...columnsOf(next.fields[field]), column] : [column])
}

export function withTranslations(
  mapping: RegisterMapping,
  field: RegisterField,
  translations: readonly RegisterTranslation[],
): RegisterMapping {
  const source = mapping.fields[field]
  return source?.kind === 'columns' ? withSource(mapping, field, { ...source, translations }) : mapping
}

/** Text of the cells that are empty: null leaves them so. */
export function withOtherwise(
  mapping: RegisterMapping,
  field: RegisterField,
  otherwise: string | null,
): RegisterMapping {
  const source = mapping.fields[field]
  return source?.kind === 'columns' ? withSource(mapping, field, { ...source, otherwise }) : mapping
}

/** People only: what is owed has no place any more. */
export function withPurpose(mapping: RegisterMapping, purpose: RegisterMapping['purpose']): RegisterMapping {
  if (purpose === 'dues') return { ...mapping, purpose }
  const ofPeople = Object.entries(mapping.fields).filter(
    ([field]) => REGISTER_FIELDS[field as RegisterField].group !== 'due',
  )
  return { ...mapping, purpose, fields: Object.fromEntries(ofPeople) }
}

/** Rows left out where the column reads the text; the texts of one column stand together. */
export function withSkip(mapping: RegisterMapping, column: RegisterColumnRef, text: string): RegisterMapping {
  const before = mapping.skip.find((s) => s.column.letter === column.letter)
  const texts = [...(before?.texts ?? []).filter((t) => foldCell(t) !== foldCell(text)), text]
  return { ...mapping, skip: [...mapping.skip.filter((s) => s !== before), { column, texts }] }
}

export function withoutSkip(mapping: RegisterMapping, letter: string, text: string): RegisterMapping {
  const left = mapping.skip.map((s) =>
    s.column.letter === letter ? { ...s, texts: s.texts.filter((t) => t !== text) } : s,
  )
  return { ...mapping, skip: left.filter((s) => s.texts.length > 0) }
}

/** The column as a mapping names it: by letter alone where the file has no headings. */
export function refOf(
  mapping: RegisterMapping,
  column: { readonly letter: string; readonly heading: string },
): RegisterColumnRef {
  return { letter: column.letter, heading: mapping.headerRow === null || column.heading === '' ? null : column.heading }
}

/** A field that takes nothing from the file: constant and computed texts outlive another sheet or heading row. */
export function withoutColumns(mapping: RegisterMapping): RegisterMapping['fields'] {
  return Object.fromEntries(Object.entries(mapping.fields).filter(([, source]) => source.kind !== 'columns'))
}

/** The mapping of a profile on the columns of this file: found by heading, wherever they stand here. */
export function onColumns(
  mapping: RegisterMapping,
  columns: readonly { readonly letter: string; readonly heading: string }[],
): RegisterMapping {
  const here = (ref: RegisterColumnRef): RegisterColumnRef => {
    if (ref.heading === null) return ref
    const wanted = foldHeading(ref.heading)
    const same = columns.filter((c) => foldHeading(c.heading) === wanted)
    const found = same.find((c) => c.letter === ref.letter) ?? same[0]
    return found === undefined ? ref : { heading: found.heading, letter: found.letter }
  }
  const fields = Object.entries(mapping.fields).map(([field, source]) => [
    field,
    source.kind === 'columns' ? { ...source, columns: source.columns.map(here) } : source,
  ])
  return {
    ...mapping,
    fields: Object.fromEntries(fields) as RegisterMapping['fields'],
    skip: mapping.skip.map((s) => ({ ...s, column: here(s.column) })),
  }
}

/** Headings that the mapping names and the file does not have. */
export function absentColumns(
  mapping: RegisterMapping,
  columns: readonly { readonly letter: string; readonly heading: string }[],
): string[] {
  const here = new Set(columns.map((c) => foldHeading(c.heading)))
  return mappedColumns(mapping)
    .filter((c) => c.heading !== null && !here.has(foldHeading(c.heading)))
    .map((c) => c.heading ?? c.letter)
}

/** Two mappings that read every file alike. */
export function sameMapping(a: RegisterMapping, b: RegisterMapping): boolean {
  return ordered(a) === ordered(b)
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
