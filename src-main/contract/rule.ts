import { z } from 'zod'
import { procedure } from './procedure.ts'
import { countSchema, idSchema, instantSchema } from './values.ts'

const ruleSchema = z.object({
  id: idSchema('learnedRule'),
  /** «Sempre così per «AFFITTO SALA»?» */
  question: z.string(),
  /** When: «accrediti su Banca Alfa con le parole AFFITTO SALA». */
  condition: z.string(),
  /** What it proposes: «Escludi: affitto della sala». */
  action: z.string(),
  /** Credits that wait now and that it would speak of. */
  waiting: countSchema,
  state: z.enum(['offered', 'accepted', 'refused', 'removed']),
  at: instantSchema,
  operator: z.string(),
})

/** Learned from what a person did three times alike. They only propose («regola»), never match. */
export const rule = {
  /** To be shown once, after the act that made them. */
  offered: procedure.output(z.array(ruleSchema)),
  list: procedure.output(z.array(ruleSchema)),
  accept: procedure.input(z.object({ id: idSchema('learnedRule') })).output(ruleSchema),
  refuse: procedure.input(z.object({ id: idSchema('learnedRule') })).output(ruleSchema),
  /** An accepted one is no longer wanted. */
  remove: procedure.input(z.object({ id: idSchema('learnedRule') })).output(ruleSchema),
}
