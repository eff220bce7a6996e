import type { IsoDate } from '#domain/date'
import { type Problem, problem } from '#domain/problem'
import { type JudgedCode, TaxonomyJudge } from '#domain/taxonomy-judge'
import { listServiceTypes } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { codesOfTransfers, countOpenPositions, openPositionsOf, readTaxonomy } from '#ledger/taxonomy'

/** Says of any code whether it is in force on that day. */
export async function taxonomyJudge(db: ReadHandle, day: IsoDate): Promise<TaxonomyJudge> {
  return new TaxonomyJudge(await readTaxonomy(db), day)
}

/** One warning for each code that is not in force, whatever the number of those that have it. */
export async function taxonomyWarnings(db: ReadHandle, day: IsoDate, codes: Iterable<string>): Promise<Problem[]> {
  const judge = await taxonomyJudge(db, day)
  return [...new Set(codes)].flatMap((code) => {
    const { warning } = judge.judge(code)
    return warning === null ? [] : [problem('TAXONOMY_NOT_IN_FORCE', { warning }, { severity: 'warning' })]
  })
}

export interface WrongCode extends JudgedCode {
  readonly types: readonly {
    readonly id: Awaited<ReturnType<typeof listServiceTypes>>[number]['id']
    readonly name: string
    readonly active: boolean
  }[]
  readonly openPositions: number
}

/** Codes of tipi di dovuto and of open positions that are not in force. */
export async function wrongCodes(db: ReadHandle, judge: TaxonomyJudge): Promise<WrongCode[]> {
  const types = await listServiceTypes(db)
  const codes = new Set([...types.map((one) => one.taxonomyCode), ...(await codesOfTransfers(db))])
  const judged = [...codes].map((code) => judge.judge(code)).filter(({ warning }) => warning !== null)
  if (judged.length === 0) return []
  const open = await openPositionsOf(
    db,
    judged.map(({ code }) => code),
  )
  return judged
    .map((one) => ({
      ...one,
      types: types
        .filter((type) => type.taxonomyCode === one.code)
        .map(({ id, name, active }) => ({ id, name, active })),
      openPositions: open.get(one.code) ?? 0,
    }))
    .filter((one) => one.types.length > 0 || one.openPositions > 0)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** What the dashboard tells: codes in use that are not in force. One that only nobody could look up is not told there. */
export async function taxonomyTroubles(
  db: ReadHandle,
  day: IsoDate,
): Promise<{ readonly codes: number; readonly positions: number }> {
  const judge = await taxonomyJudge(db, day)
  const wrong = (await wrongCodes(db, judge)).filter(
    (one) =>
      (one.state !== 'unknown' || judge.version !== null) &&
      (one.openPositions > 0 || one.types.some(({ active }) => active)),
  )
  const codes = wrong.map((one) => one.code)
  return { codes: codes.length, positions: await countOpenPositions(db, codes) }
}
