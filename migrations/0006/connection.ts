import type { Slice } from '../ddl/slice.ts'
import { check, day, flag, instant, key, notNegative, nullable, oneOf, positive, table, text } from '../ddl/table.ts'

const environment = oneOf('rehearsal', 'uat', 'production')

/** How the node is reached in each environment, and the IBANs and stations that it knows. Keys stand in the keychain. */
export const connection: Slice = {
  addedColumns: {},
  newTables: [
    table(
      'nodeConnection',
      {
        environment,
        // Null: the institution is its own broker.
        brokerCode: nullable(text),
        stationCode: nullable(text),
        gpdOn: flag,
        fdrOn: flag,
        checkoutOn: flag,
        backofficeOn: flag,
        activeFrom: nullable(day),
        returnOkUrl: nullable(text),
        returnCancelUrl: nullable(text),
        returnErrorUrl: nullable(text),
        autoPublish: flag,
        massiveFrom: positive,
        // 0: only when asked.
        receiveEveryMinutes: notNegative,
        ioOnPublication: flag,
        ibansCheckedAt: nullable(instant),
      },
      [
        key('environment'),
        check(
          'nodeConnection_returns',
          `("returnOkUrl" IS NULL) = ("returnCancelUrl" IS NULL) AND ("returnOkUrl" IS NULL) = ("returnErrorUrl" IS NULL)`,
        ),
      ],
    ),
    // What the Back office said when it was last asked.
    table(
      'nodeIban',
      {
        environment,
        iban: text,
        status: nullable(text),
        validFrom: nullable(day),
        description: nullable(text),
      },
      [key('environment', 'iban')],
    ),
    // A station has a row for each segregation code; '' where the Back office names none.
    table('nodeStation', { environment, stationCode: text, segregationCode: text, active: flag }, [
      key('environment', 'stationCode', 'segregationCode'),
    ]),
  ],
  refusals: [],
}
