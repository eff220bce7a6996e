import type { OrderByModifiersCallbackExpression } from 'kysely'

/** Empty values last going up and first going down, on both engines. */
export function emptyLast(falling: boolean): OrderByModifiersCallbackExpression {
  return (order) => (falling ? order.desc().nullsFirst() : order.asc().nullsLast())
}
