import { z } from 'zod'
import { actSchema, consequenceSchema, partSchema, subjectSchema } from './decision.ts'
import { procedure } from './procedure.ts'
import { centsSchema, countSchema, idSchema, instantSchema, isoDateSchema, textSchema } from './values.ts'
import { counterpartSchema, tableInput, tableOutput } from './work-table.ts'

export const reconciliation = {
  /** The work table, one view and page of it (SCREENS.md §10). */
  table: procedure.input(tableInput).output(tableOutput),
  /**
   * All the acts in one write and one reconciliation, or none of them. An act on money already in reversali is refused
   * with their names, unless `annul`: then they are annulled with the reason in the same write.
   */
  decide: procedure
    .input(
      z.object({
        acts: z.array(actSchema).min(1).max(1000),
        reason: textSchema.default(''),
        annul: z.boolean().default(false),
      }),
    )
    .output(
      z.object({
        decisionIds: z.array(idSchema('decision')),
        decided: countSchema,
        /** Names of the reversali annulled with it. */
        annulled: z.array(z.string()),
      }),
    ),
  /** Which reversali these acts, or taking these decisions back, would leave without support. Nothing is written. */
  consequences: procedure
    .input(
      z.object({
        acts: z.array(actSchema).max(1000).default([]),
        undo: z.array(idSchema('decision')).max(1000).default([]),
      }),
    )
    .output(z.object({ reversali: z.array(consequenceSchema), freedCents: centsSchema })),
  /**
   * Takes decisions back with new ones, all or none. A revocation may be taken back too («ripeti»). What was posted is
   * refused with the reversali that hold it, unless `annul`: then they are annulled with the reason in the same write.
   */
  undo: procedure
    .input(
      z.object({
        decisionIds: z.array(idSchema('decision')).min(1).max(1000),
        reason: textSchema.default(''),
        annul: z.boolean().default(false),
      }),
    )
    .output(z.object({ decisionIds: z.array(idSchema('decision')), annulled: z.array(z.string()) })),
  /** «Cerca altro» for any row of the table: flows, payments, accertamenti, movements; nearest amount first. */
  find: procedure
    .input(
      z.object({
        subject: subjectSchema,
        /** Person, IUV, flow id, number of the accertamento, reference of the MAV or of the Albo outside. */
        text: z.string().max(100).default(''),
        toleranceCents: partSchema.nullable().default(null),
        /** Regulation day of flows, due date of debts, booking date of movements. */
        dateFrom: isoDateSchema.nullable().default(null),
        dateTo: isoDateSchema.nullable().default(null),
      }),
    )
    .output(z.array(counterpartSchema).max(100)),
  /** A note; `assignee` null leaves it to whom it was, '' to nobody. */
  note: procedure
    .input(z.object({ subject: subjectSchema, text: textSchema.min(1), assignee: textSchema.nullable().default(null) }))
    .output(z.object({ notes: countSchema, assignee: z.string().nullable() })),
  /** «A chi»: null for nobody. */
  assign: procedure
    .input(z.object({ subjects: z.array(subjectSchema).min(1).max(1000), assignee: textSchema.min(1).nullable() }))
    .output(z.object({ assigned: countSchema })),
  notes: procedure.input(z.object({ subject: subjectSchema })).output(
    z.object({
      assignee: z.string().nullable(),
      notes: z.array(
        z.object({ text: z.string(), assignee: z.string().nullable(), at: z.string(), operator: z.string() }),
      ),
    }),
  ),
  /** All that happened to it, newest first. */
  history: procedure.input(z.object({ subject: subjectSchema })).output(
    z.array(
      z.object({
        at: instantSchema,
        text: z.string(),
        tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
        operator: z.string().nullable(),
      }),
    ),
  ),
}
