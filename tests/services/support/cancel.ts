import { call } from '@orpc/server'
import type { ServiceContext } from '#services/context'
import { positionAct } from '#services/position-act'
import { outcome } from '../office.ts'

/** As the person does it: looked at first, then done of what was seen. */
export async function cancelPositions(context: ServiceContext, ids: readonly (number | undefined)[], reason: string) {
  const selection = { ids: [...ids] } as never
  const { count, stamp } = await call(positionAct.cancelPreview, { selection }, { context })
  const order = { selection, reason, expected: count, stamp }
  return outcome(await call(positionAct.cancel, order, { context }))
}
