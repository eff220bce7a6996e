import { readSituation } from '#ledger/situation'
import { os } from './context.ts'

/** Accertato, riscosso and da riscuotere of each capitolo, competenza and residui apart. */
export const situation = os.capitolo.situation.handler(({ context, input }) =>
  context.ledger.read((db) => readSituation(db, input.exercise)),
)
