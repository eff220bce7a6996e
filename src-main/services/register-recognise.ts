import { Refusal } from '#codecs/refusal'
import {
  type FieldPlace,
  findTracciato,
  HEAD_ROWS,
  headRows,
  type RegisterLayout,
  TRACCIATO,
} from '#codecs/register-layout'
import { SHIPPED_PROFILES, TRACCIATO_ID } from '#codecs/register-profiles'
import { openWorkbook, type Workbook } from '#codecs/workbook'
import { columnName, shown, type XlsxRow } from '#codecs/xlsx-cell'
import type { RegisterField } from '#domain/register-field'
import type { RegisterMapping, RegisterSource } from '#domain/register-mapping'
import { type HeadingRow, type RegisterProfile, recogniseProfile } from '#domain/register-profile'
import type { ServiceContext } from './context.ts'
import { allRegisterProfiles, needRegisterProfile } from './register-profile.ts'

/** What knows a file, and how it reads it. */
export interface Recognised {
  readonly profile: RegisterProfile
  /** The profile's mapping on this file: its sheet, its row of headings. */
  readonly mapping: RegisterMapping
}

/** How a file is read for good; `mapping` is null for the tracciato. */
export interface HowToRead {
  readonly mapping: RegisterMapping | null
  /** Name of the profile, as the history tells it. */
  readonly profile: string
  /** The file, open, where it had to be opened to know it. */
  readonly book: Workbook | null
}

const BY_HAND = 'Colonne assegnate a mano'

/** Sheets beyond these are not looked into for headings. */
const MAX_SHEETS = 12

/** What a file is recognised by, taken from it once. */
export interface RegisterSigns {
  readonly sheets: readonly string[]
  /** The first rows of each sheet that is not hidden. */
  readonly rows: readonly HeadingRow[]
  /** The tracciato as it stands in this file; null when it is none. */
  readonly tracciato: RegisterMapping | null
}

export async function signsOf(book: Workbook, signal?: AbortSignal): Promise<RegisterSigns> {
  const rows: HeadingRow[] = []
  for (const [sheet, { hidden }] of book.sheets.slice(0, MAX_SHEETS).entries()) {
    if (hidden) continue
    for (const row of await headRows(book, sheet, HEAD_ROWS, signal)) {
      if (row.cells.size >= 2) rows.push({ sheet, row: row.number, headings: headingsOf(row) })
    }
  }
  const { layout } = await findTracciato(book, signal)
  return { sheets: book.sheets.map((s) => s.name), rows, tracciato: layout === null ? null : mappingOf(layout) }
}

/** The office's profile that knows the file by its headings, else the tracciato, else a shipped profile, else null. */
export function recognise(signs: RegisterSigns, profiles: readonly RegisterProfile[]): Recognised | null {
  const among = (of: (profile: RegisterProfile) => boolean): Recognised | null => {
    const found = recogniseProfile(profiles.filter(of), signs.rows)
    if (found === null) return null
    const { profile, at } = found
    return { profile, mapping: { ...profile.mapping, sheet: signs.sheets[at.sheet] || null, headerRow: at.row } }
  }
  const ours = SHIPPED_PROFILES.find((p) => p.id === TRACCIATO_ID) as RegisterProfile
  return (
    among((p) => !p.shipped) ??
    (signs.tracciato === null ? null : { profile: ours, mapping: signs.tracciato }) ??
    among((p) => p.assumption)
  )
}

function headingsOf(row: XlsxRow): string[] {
  return [...row.cells.values()].map((cell) => shown(cell).trim()).filter((text) => text !== '')
}

/** The tracciato as it stands in one file, as a mapping that a person may go on from. */
function mappingOf(layout: RegisterLayout): RegisterMapping {
  const heading = new Map(layout.columns.map((column) => [column.letter, column.heading]))
  const source = ({ columns: [index = 0] }: FieldPlace): RegisterSource => {
    const letter = columnName(index)
    return {
      kind: 'columns',
      columns: [{ heading: heading.get(letter) ?? null, letter }],
      translations: [],
      otherwise: null,
    }
  }
  const fields: Partial<Record<RegisterField, RegisterSource>> = {}
  for (const [field, place] of layout.fields) fields[field] = source(place)
  return {
    ...{
      purpose: 'dues',
      sheet: layout.sheetName || null,
      headerRow: layout.headerRow,
      encoding: null,
      separator: null,
    },
    ...{ fields, amountForm: layout.amountForm, dateForm: layout.dateForm, skip: [] },
  }
}

/** As the person says, else as the profile that they chose, else as the one that knows the file, else as the tracciato. */
export async function howToRead(
  context: ServiceContext,
  bytes: Uint8Array,
  asked: { readonly mapping: RegisterMapping | null; readonly profileId: string | null },
  signal?: AbortSignal,
): Promise<HowToRead> {
  const { mapping, profileId } = asked
  const chosen = profileId === null ? null : await context.ledger.read((db) => needRegisterProfile(db, profileId))
  if (mapping !== null) return { mapping, profile: chosen?.name ?? BY_HAND, book: null }
  const ofTracciato = { mapping: null, profile: TRACCIATO, book: null }
  if (chosen?.id === TRACCIATO_ID) return ofTracciato
  if (chosen !== null) return { mapping: chosen.mapping, profile: chosen.name, book: null }
  const profiles = await context.ledger.read(allRegisterProfiles)
  const opened = await openWorkbook(bytes, signal ? { signal } : {})
  // What cannot be opened is told by the reader, in its own words.
  if (!opened.ok) return ofTracciato
  const book = opened.value
  const signs = await signsOf(book, signal).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
  const found = signs && recognise(signs, profiles)
  if (found === null || found.profile.id === TRACCIATO_ID) return { ...ofTracciato, book }
  const { profile } = found
  const { encoding, separator } = found.mapping
  const same = (encoding ?? book.encoding) === book.encoding && (separator ?? book.separator) === book.separator
  return { mapping: found.mapping, profile: profile.name, book: same ? book : null }
}
