import { INVENTED_PSPS } from '#domain/invented-psp'

/** An invented payment service provider of the rehearsal, with the habits that its real colleagues have. */
export interface Provider {
  /** Identifier inside the flow ids (a BIC, or what looks like one). */
  readonly code: string
  readonly name: string
  /** Share of the payments, over the sum of all. */
  readonly weight: number
  /** Working days between payment and credit. */
  readonly creditAfter: number
  /** How the free part of its flow ids is made. */
  readonly freePart: (serial: number, compactDate: string) => string
  /** Most payments that it puts in one flow: above, the day gives several flows. */
  readonly rowsPerFlow: number
  /** Whether the rows say which transfer they pay. */
  readonly writesIndex: boolean
}

const padded = (serial: number, length: number) => String(serial).padStart(length, '0')

export const PROVIDERS: readonly Provider[] = [
  {
    ...INVENTED_PSPS.alfa,
    weight: 5,
    creditAfter: 1,
    freePart: (serial) => padded(410_000 + serial, 10),
    rowsPerFlow: 20,
    writesIndex: true,
  },
  {
    ...INVENTED_PSPS.beta,
    weight: 3,
    creditAfter: 1,
    freePart: (serial) => `S${padded(serial, 9)}`,
    rowsPerFlow: 30,
    writesIndex: true,
  },
  {
    ...INVENTED_PSPS.gamma,
    weight: 2,
    creditAfter: 2,
    freePart: (serial, compactDate) => `S${compactDate}${padded(serial % 1000, 3)}`,
    rowsPerFlow: 15,
    writesIndex: false,
  },
  {
    ...INVENTED_PSPS.delta,
    weight: 1,
    creditAfter: 1,
    freePart: (serial) => padded(77_000 + serial, 6),
    rowsPerFlow: 50,
    writesIndex: true,
  },
]
