import { formatDate, type IsoDate } from './date.ts'
import { type Problem, problem } from './problem.ts'

/** `off`: known and not enabled; `unknown`: pagoPA has no such IBAN for the institution. */
export type NodeIbanState = 'active' | 'future' | 'off' | 'unknown'

/** What the Back office says of one IBAN: the day, in Rome, from which it holds; one that holds no more is not enabled. */
export interface NodeIbanSaid {
  readonly status: string | null
  readonly validFrom: IsoDate | null
}

/** Whether positions may be collected on it today; null is an IBAN that the Back office does not list. */
export function nodeIbanState(said: NodeIbanSaid | null, today: IsoDate): NodeIbanState {
  if (said === null) return 'unknown'
  if (said.status !== null && !/^(ENABLED|ACTIVE|ATTIVO)$/i.test(said.status)) return 'off'
  return said.validFrom !== null && said.validFrom > today ? 'future' : 'active'
}

/** Why positions of this account would be refused; null where they would not. */
export function nodeIbanProblem(
  account: { readonly iban: string; readonly name: string },
  said: NodeIbanSaid | null,
  today: IsoDate,
): Problem | null {
  const named = { iban: account.iban, account: account.name }
  const place = { severity: 'warning' } as const
  switch (nodeIbanState(said, today)) {
    case 'active':
      return null
    case 'unknown':
      return problem('NODE_IBAN_UNKNOWN', named, place)
    case 'off':
      return problem('NODE_IBAN_OFF', { ...named, status: said?.status ?? '' }, place)
    case 'future':
      return problem('NODE_IBAN_FUTURE', { ...named, day: formatDate(said?.validFrom as IsoDate) }, place)
  }
}

/** Whether station and segregation code with which we issue are the ones that the Back office has. */
export function nodeStationProblems(
  ours: { readonly stationCode: string | null; readonly segregationCode: string },
  stations: readonly { readonly stationCode: string; readonly segregationCode: string; readonly active: boolean }[],
): Problem[] {
  const found: Problem[] = []
  const place = { severity: 'warning' } as const
  const { stationCode } = ours
  if (stationCode !== null && !stations.some((one) => one.stationCode === stationCode)) {
    found.push(problem('NODE_STATION_UNKNOWN', { station: stationCode }, place))
  }
  const active = stations.filter((one) => one.active)
  if (!active.some(({ segregationCode }) => segregationCode === ours.segregationCode)) {
    const codes = [...new Set(active.map(({ segregationCode }) => segregationCode))]
      .filter((code) => code !== '')
      .sort()
    const known = codes.length === 0 ? 'nessuno' : codes.join(', ')
    found.push(problem('NODE_SEGREGATION_UNKNOWN', { code: ours.segregationCode, known }, place))
  }
  return found
}
