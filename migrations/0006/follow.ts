import type { Slice } from '../ddl/slice.ts'
import { check, instant, key, notNegative, nullable, oneOf, table, text } from '../ddl/table.ts'

/** In what the node differs, and what it holds for the institution that no position of ours is. */
export const follow: Slice = {
  addedColumns: {
    // Both sides in words, as they were when they were compared: null where they agree.
    nodePosition: { sidesJson: [nullable(text), null] },
  },
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
