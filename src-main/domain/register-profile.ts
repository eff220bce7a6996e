import { foldHeading, mappedColumns, type RegisterMapping } from './register-mapping.ts'

/** A layout that has a name: how files of one Albo program are read. */
export interface RegisterProfile {
  /** `tracciato`, the name of one that comes with the program, or `n12` of one that the office saved. */
  readonly id: string
  readonly name: string
  readonly shipped: boolean
  /** Never seen on a true file. */
  readonly assumption: boolean
  /** Headings of its files, as written; empty when they have none, and then none is recognised. */
  readonly headings: readonly string[]
  readonly mapping: RegisterMapping
}

/** Fewer headings than these may stand in any file. */
const MIN_HEADINGS = 3

/** A row of a file that may be that of the headings. */
export interface HeadingRow {
  readonly sheet: number
  readonly row: number
  readonly headings: readonly string[]
}

/**
 * The profile that knows a file by its headings, with the row where they stand: all that it reads must be there. One whose
 * headings are exactly these comes first, then the one that reads most of them, then the office's before the shipped.
 */
export function recogniseProfile(
  profiles: readonly RegisterProfile[],
  rows: readonly HeadingRow[],
): { readonly profile: RegisterProfile; readonly at: HeadingRow } | null {
  let best: { profile: RegisterProfile; at: HeadingRow; score: number } | null = null
  for (const profile of profiles) {
    const wanted = new Set(
      mappedColumns(profile.mapping)
        .flatMap(({ heading }) => heading ?? [])
        .map(foldHeading),
    )
    if (wanted.size < MIN_HEADINGS || profile.mapping.headerRow === null) continue
    const whole = profile.headings.map(foldHeading).join('|')
    for (const at of rows) {
      const here = at.headings.map(foldHeading)
      const present = new Set(here)
      if (![...wanted].every((heading) => present.has(heading))) continue
      const same = !profile.shipped && here.join('|') === whole
      const score = (same ? 10_000 : 0) + wanted.size * 2 + (profile.shipped ? 0 : 1)
      if (best === null || score > best.score) best = { profile, at, score }
    }
  }
  return best
}
