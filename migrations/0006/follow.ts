import type { Slice } from '../ddl/slice.ts'
import { check, instant, key, notNegative, nullable, oneOf, table, text } from '../ddl/table.ts'

/** What the node holds for the institution that no position of ours is. */
export const follow: Slice = {
  addedColumns: {},
  newTables: [
    table(
      'nodeStranger',
      {
        environment: oneOf('rehearsal', 'uat', 'production'),
        iupd: text,
        api: oneOf('v1', 'v3'),
        // As the node last said.
        state: text,
        cents: notNegative,
        heldJson: text,
        seenAt: instant,
        // As it was when a person chose to leave it so; told again once it is another.
        keptState: nullable(text),
        keptReason: nullable(text),
      },
      [key('environment', 'iupd'), check('nodeStranger_kept', `("keptState" IS NULL) = ("keptReason" IS NULL)`)],
    ),
  ],
  refusals: [],
}
