import { z } from 'zod'
import { NODE_READING_KINDS } from '#domain/node-reading'
import { environmentSchema } from './app.ts'
import { listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  centsSchema,
  countSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  problemSchema,
  reasonSchema,
} from './values.ts'

const kindSchema = z.enum(NODE_READING_KINDS)

const readingSchema = z.object({
  kind: kindSchema,
  /** When one last came to its end; null where none did. */
  lastAt: instantSchema.nullable(),
  /** All that was paid, or published, before it has been seen. */
  mark: instantSchema.nullable(),
  underWay: z.boolean(),
  /** Why the last one did not come to its end. */
  error: z.string().nullable(),
  /**
   * The node answers for 30 days (flows: from the first day of the month before). `soon`: in `days` days something will be out
   * of reach; `lost`: what lies between the two days can be had no longer from the node.
   */
  warning: z
    .object({
      level: z.enum(['soon', 'lost']),
      days: z.int(),
      from: isoDateSchema,
      until: isoDateSchema,
    })
    .nullable(),
})

const unreadSchema = z.object({
  id: idSchema('nodeUnread'),
  kind: kindSchema,
  /** IUV, or flow id. */
  reference: z.string(),
  reason: z.string(),
  attempts: countSchema,
  firstAt: instantSchema,
  lastAt: instantSchema,
})

const stateSchema = z.enum(['toAssign', 'raised', 'looked', 'left'])
const whySchema = z.enum(['noType', 'manyTypes', 'otherSoftware', 'noExercise', 'owedAlready', 'undone', 'byHand'])

const spontaneousFilters = z.object({
  state: z.array(stateSchema).default([]),
  iuv: z.string().max(35).nullable().default(null),
})

const spontaneousRowSchema = z.object({
  /** Of the receipt. */
  id: idSchema('receipt'),
  iuv: z.string(),
  paidOn: isoDateSchema.nullable(),
  pspName: z.string().nullable(),
  debtorName: z.string().nullable(),
  /** As written; null where it is «ANONIMO» or missing. */
  debtorFiscalCode: z.string().nullable(),
  description: z.string().nullable(),
  /** Of the whole payment, and of what is ours in it. */
  cents: centsSchema,
  ownCents: centsSchema,
  /** Of the transfers that are ours. */
  categories: z.array(z.string()),
  state: stateSchema,
  why: whySchema.nullable(),
  /** In words: why it waits, or what became of it. */
  words: z.string(),
  debtPositionId: idSchema('debtPosition').nullable(),
  personId: idSchema('person').nullable(),
  personName: z.string().nullable(),
  newPerson: z.boolean(),
  /** «12/2026», one for each transfer of ours. */
  accertamenti: z.array(z.string()),
  serviceTypes: z.array(z.string()),
  /** Nothing of it is in the books yet. */
  canUndo: z.boolean(),
  at: instantSchema,
  lookedAt: instantSchema.nullable(),
  lookedBy: z.string().nullable(),
})

const assignInput = z.object({
  id: idSchema('receipt'),
  /** Of each transfer of ours, the tipo di dovuto that it pays. */
  types: z
    .array(z.object({ idTransfer: z.int().min(1).max(5), serviceTypeId: idSchema('serviceType') }))
    .min(1)
    .max(5),
  /** Null: whom the receipt names. */
  personId: idSchema('person').nullable().default(null),
})

/** What comes back from the pagoPA node by itself: receipts and reporting flows, and the payments that nobody asked for. */
export const nodeInbox = {
  state: procedure.output(
    z.object({
      environment: environmentSchema,
      /** What lacks before anything can be read; empty where all is there. */
      lacks: z.array(problemSchema),
      readings: z.array(readingSchema),
      /** Minutes between two readings by itself; 0 where only when asked. */
      everyMinutes: countSchema,
      nextAt: instantSchema.nullable(),
      /** Listed by the node and not read: asked for again at each reading. */
      unread: z.array(unreadSchema),
      /** Payments without a position of ours, by state. */
      spontaneous: z.record(stateSchema, countSchema),
    }),
  ),
  receive: procedure.input(z.object({ kinds: z.array(kindSchema).min(1) })).output(
    longWork(
      z.object({
        receipts: z.object({ listed: countSchema, added: countSchema, already: countSchema, unread: countSchema }),
        flows: z.object({
          listed: countSchema,
          added: countSchema,
          newVersions: countSchema,
          already: countSchema,
          unread: countSchema,
        }),
        /** Raised by themselves, and those that wait. */
        spontaneous: z.object({ raised: countSchema, toAssign: countSchema }),
        problems: z.array(problemSchema),
      }),
    ),
  ),
  /** Days out of reach, or a thing that cannot be read: told, and told no more. */
  leaveUnread: procedure.input(z.object({ id: idSchema('nodeUnread') })).output(z.object({ left: z.boolean() })),
  leaveLost: procedure.input(z.object({ kind: kindSchema })).output(z.object({ left: z.boolean() })),
  spontaneous: {
    list: procedure
      .input(listInput(spontaneousFilters))
      .output(listOutput(spontaneousRowSchema, z.object({ ownCents: centsSchema }))),
    counts: procedure.output(z.record(z.string(), countSchema)),
    get: procedure.input(z.object({ id: idSchema('receipt') })).output(
      spontaneousRowSchema.extend({
        transfers: z.array(
          z.object({
            idTransfer: z.int(),
            own: z.boolean(),
            fiscalCode: z.string(),
            cents: centsSchema,
            category: z.string().nullable(),
            remittance: z.string().nullable(),
            /** What answers to its code, the likeliest first; the others can be chosen too. */
            serviceTypeIds: z.array(idSchema('serviceType')),
          }),
        ),
      }),
    ),
    /** «Guardata»: it is right as it was raised. */
    look: procedure
      .input(z.object({ ids: z.array(idSchema('receipt')).min(1).max(200_000), looked: z.boolean().default(true) }))
      .output(z.object({ moved: countSchema })),
    /** Raises person, accertamenti and position of one that waits, or of another software. */
    assign: procedure
      .input(assignInput)
      .output(z.object({ debtPositionId: idSchema('debtPosition'), personId: idSchema('person') })),
    /** Takes back what was raised, while nothing of it is in the books. */
    undo: procedure
      .input(z.object({ id: idSchema('receipt'), reason: reasonSchema }))
      .output(z.object({ accertamenti: countSchema })),
    /** Not to be raised here; `false` makes it wait again. */
    leave: procedure
      .input(z.object({ id: idSchema('receipt'), left: z.boolean().default(true) }))
      .output(z.object({ left: z.boolean() })),
  },
}
