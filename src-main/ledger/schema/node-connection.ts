import type { Instant, IsoDate } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import type { Flag } from './common.ts'

/** The keys live only in the secrets, under `node:<environment>:<product>`. */
export interface NodeConnectionTable {
  environment: NodeEnvironment
  brokerCode: string | null
  stationCode: string | null
  gpdOn: Flag
  fdrOn: Flag
  checkoutOn: Flag
  backofficeOn: Flag
  activeFrom: IsoDate | null
  returnOkUrl: string | null
  returnCancelUrl: string | null
  returnErrorUrl: string | null
  autoPublish: Flag
  massiveFrom: number
  receiveEveryMinutes: number
  ioOnPublication: Flag
  ibansCheckedAt: Instant | null
}

/** An IBAN of the institution, as the Back office said when last asked. */
export interface NodeIbanTable {
  environment: NodeEnvironment
  iban: string
  status: string | null
  /** In Rome. */
  validFrom: IsoDate | null
  description: string | null
}

export interface NodeStationTable {
  environment: NodeEnvironment
  stationCode: string
  /** Empty where the Back office names none. */
  segregationCode: string
  active: Flag
}
