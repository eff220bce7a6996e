import { z } from 'zod'
import { procedure } from './procedure.ts'
import { idSchema } from './values.ts'

/** How the books of income are kept: the choices that posting, annulling and the reconciliation read. */
export const bookRulesSchema = z.object({
  /** One reversale for each flow and capitolo, for each payer too, or for each day of credit. */
  reversaleGrouping: z.enum(['flow', 'payer', 'day']),
  /** The credit's booking date, pushed up to the last reversale; or the day of posting. */
  reversaleDate: z.enum(['bankDate', 'postingDay']),
  /** A payment reported by a flow waits for its receipt before it is collected. */
  requireReceipt: z.boolean(),
  /** A reversale that the treasurer carried out may be annulled on a treasury account too. */
  annulExecuted: z.boolean(),
  /** Of what is given back to who paid too much; null: the partita di giro whose name says so. */
  excessCapitolo: idSchema('capitolo').nullable().default(null),
  /** Of money whose owner nobody knows; null: it is only listed, and stays without reversale. */
  unidentifiedCapitolo: idSchema('capitolo').nullable().default(null),
})

export const bookRule = {
  get: procedure.output(bookRulesSchema),
  save: procedure.input(bookRulesSchema).output(bookRulesSchema),
}
