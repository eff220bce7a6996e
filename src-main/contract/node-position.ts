import { z } from 'zod'
import { environmentSchema } from './app.ts'
import { debtPositionFilters, syncStateSchema } from './debt-position.ts'
import { listInput, listOutput, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  amountSchema,
  centsSchema,
  countSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  leftOutSchema,
  problemSchema,
  reasonSchema,
} from './values.ts'

const selection = selectionSchema(debtPositionFilters)

/** `few`: one call each; `bulk`: hundreds at a time; `plan`: by instalments, one call each; `massive`: a file for thousands. */
const waySchema = z.enum(['few', 'bulk', 'plan', 'massive'])

/** What the node is told about a position (DOMAIN.md §3). `ask`: nobody knows whether the last step was done. */
export const nodeStepSchema = z.enum(['create', 'update', 'publish', 'invalidate', 'remove', 'payOutside', 'ask'])

const actPreview = z.object({
  environment: environmentSchema,
  count: countSchema,
  cents: centsSchema,
  /** Says for which positions, as they were, this is: the act wants it back. */
  stamp: z.string().max(64),
  /** Which way they go; `calls` as many as the node will be asked. */
  ways: z.array(z.object({ way: waySchema, count: countSchema, calls: countSchema })),
  leftOut: leftOutSchema,
  /** Errors keep the act from being done (the connection is not complete), warnings are to be read before. */
  problems: z.array(problemSchema),
})

/** What the preview said: when it moved meanwhile, or the environment is another one, nothing is done. */
const seen = { environment: environmentSchema, expected: countSchema, stamp: z.string().max(64) }

/** Aborting stops between two calls: what has not left is no longer wanted, what is under way comes to its end. */
const done = longWork(
  z.object({
    /** The node holds them now as they are here. */
    done: amountSchema,
    refused: countSchema,
    /** Not told yet: they leave by themselves. */
    waiting: countSchema,
    /** Why nothing more leaves: a key or code that the node does not accept. */
    stopped: z.string().nullable(),
    leftOut: leftOutSchema,
  }),
)

const faultSchema = z.object({
  iupd: z.string(),
  debtPositionId: idSchema('debtPosition'),
  personName: z.string(),
  noticeNumber: z.string(),
  cents: centsSchema,
  step: nodeStepSchema,
  at: instantSchema,
  /** What the node said, on one line. */
  status: z.int().nullable(),
  reply: z.string(),
  /** In words: what is wrong, what to do. */
  reason: z.string(),
  remedy: z.string(),
  /** Where it is mended; null where only time or the help desk helps. */
  place: z.enum(['position', 'person', 'account', 'serviceType', 'institution', 'connection']).nullable(),
  /** The id that the place wants: person, account or service type. */
  placeId: z.int().nullable(),
  /** `retry`: once mended; `reissue`: new numbers. */
  acts: z.array(z.enum(['retry', 'reissue'])),
})

/** Codes of `domain/node-step.ts` and `domain/node-divergence.ts`. */
export const divergenceKindSchema = z.enum([
  /** The node says it is paid, wholly or in part; here there is no payment. */
  'paidOnNode',
  /** Paid on the node, changed here since: it can no longer be updated. */
  'changedButPaid',
  /** Paid on the node, cancelled here. */
  'cancelledButPaid',
  /** Invalid there, issued here. */
  'invalidOnNode',
  /** The node has it no longer. */
  'absentOnNode',
  /** Expired or unpayable there, payable here. */
  'notPayableOnNode',
  'amountsDiffer',
  'duesDiffer',
  /** Paid here with a receipt, not there. */
  'paidOnlyHere',
  'ibanDiffers',
  'debtorDiffers',
  /** The node holds what an earlier version said. */
  'olderVersion',
  /** Cancelled here, still payable there. */
  'openOnNode',
  /** Under a segregation code of ours, and no position here. */
  'unknownHere',
  /** A state that is not known, or was reached by a step that DOMAIN.md does not list. */
  'oddState',
  'unlistedChange',
])

export const divergenceChoiceSchema = z.enum([
  /** The node is told again what stands here: sent anew, updated or withdrawn. */
  'resend',
  /** Taken off the node: it is no position of ours. */
  'removeThere',
  /** Both stay as they are: it is no longer shown until something changes. */
  'keep',
  /** What was left as it is, shown again. */
  'reopen',
  /** New numbers, new iupd: `reissue`. */
  'reissue',
  /** What proves the payment is asked of the node: `nodeInbox.receive`. */
  'receive',
  /** Acts of `positionAct`, with their own preview. */
  'cancelHere',
  'changeAmount',
  'changeDue',
  'reactivate',
])

const divergenceSchema = z.object({
  iupd: z.string(),
  /** Null where the node holds what is no position here. */
  debtPositionId: idSchema('debtPosition').nullable(),
  personName: z.string(),
  noticeNumber: z.string(),
  kind: divergenceKindSchema,
  /** Why it is told, in words. */
  reason: z.string(),
  /** Both sides, facing each other. */
  sides: z.array(z.object({ what: z.string(), here: z.string(), there: z.string() })),
  /** From what a change here would start to say the same; null of what is not here. */
  there: z.object({ moreCents: centsSchema.nullable(), dueDate: isoDateSchema.nullable() }).nullable(),
  at: instantSchema,
  /** Why a person left it as it is; null while it waits. */
  kept: z.string().nullable(),
  /** `ours`, `theirs`, `neither`: whom the choice believes; with what it does, in words. */
  choices: z.array(
    z.object({ choice: divergenceChoiceSchema, side: z.enum(['ours', 'theirs', 'neither']), means: z.string() }),
  ),
})

export const nodePosition = {
  /** How many, how much, which way, who is left out and why: writes nothing. */
  publishPreview: procedure.input(z.object({ selection })).output(actPreview),
  /** Wanted on the node from now on: created, published, then kept as they are here. */
  publish: procedure.input(z.object({ selection, ...seen })).output(done),

  /** Cancelled positions that the node still holds, whenever they were cancelled. */
  withdrawPreview: procedure.input(z.object({ selection })).output(actPreview),
  withdraw: procedure.input(z.object({ selection, ...seen })).output(done),

  /**
   * Refused ones go again, and what waited for its time goes now; a worker that had stopped starts anew. Empty: all of them;
   * `waiting`: what waits for its time and nothing that was refused.
   */
  retry: procedure
    .input(
      z.object({
        debtPositionIds: z.array(idSchema('debtPosition')).max(200_000).default([]),
        waiting: z.boolean().default(false),
      }),
    )
    .output(z.object({ queued: countSchema })),

  /** New version with new numbers of positions that the node refuses or holds INVALID; dates stay where they are not given. */
  reissue: procedure
    .input(
      z.object({
        debtPositionIds: z.array(idSchema('debtPosition')).min(1).max(200_000),
        dueDate: isoDateSchema.optional(),
        validUntil: isoDateSchema.optional(),
        reason: reasonSchema.default('Numeri rifiutati dal nodo'),
      }),
    )
    .output(longWork(z.object({ count: countSchema, cents: centsSchema, leftOut: leftOutSchema }))),

  /** Asks the node how these stand. `open`: all that can still be paid. */
  refresh: procedure.input(z.union([z.object({ selection }), z.object({ open: z.literal(true) })])).output(
    longWork(
      z.object({
        asked: countSchema,
        changed: countSchema,
        diverged: countSchema,
        stopped: z.string().nullable(),
        leftOut: leftOutSchema,
      }),
    ),
  ),

  faults: procedure
    .input(listInput(z.object({ step: z.array(nodeStepSchema).default([]) })))
    .output(listOutput(faultSchema, z.object({ cents: centsSchema }))),

  divergences: procedure
    .input(
      listInput(
        z.object({
          kind: z.array(divergenceKindSchema).default([]),
          /** Those that a person left as they are. */
          kept: z.boolean().default(false),
          debtPositionId: idSchema('debtPosition').nullable().default(null),
        }),
      ),
    )
    .output(listOutput(divergenceSchema, z.object({ kept: countSchema }))),
  resolve: procedure
    .input(
      z.object({
        iupds: z.array(z.string().max(100)).min(1).max(200_000),
        choice: divergenceChoiceSchema.extract(['resend', 'removeThere', 'keep', 'reopen']),
        reason: reasonSchema.default('Divergenza con il nodo'),
      }),
    )
    .output(z.object({ resolved: countSchema, leftOut: leftOutSchema })),

  /** What the node holds of one position, in the present environment; newest first. */
  card: procedure.input(z.object({ id: idSchema('debtPosition') })).output(
    z.object({
      environment: environmentSchema,
      rows: z.array(
        z.object({
          iupd: z.string(),
          current: z.boolean(),
          state: z.string().nullable(),
          /** Version that the node has taken; 0 for another content, null for none. */
          heldVersion: countSchema.nullable(),
          saidAt: instantSchema.nullable(),
          /** Under way now, or to be done next. */
          step: nodeStepSchema.nullable(),
          payments: z.array(
            z.object({
              iuv: z.string(),
              noticeNumber: z.string().nullable(),
              cents: centsSchema,
              dueDate: z.string().nullable(),
              status: z.string(),
              paidAt: z.string().nullable(),
            }),
          ),
          fault: faultSchema.nullable(),
          divergence: divergenceSchema.nullable(),
        }),
      ),
    }),
  ),

  /** Nothing leaves until it is taken up again, on any workstation; what is under way comes to its end. */
  pause: procedure.input(z.object({ paused: z.boolean() })).output(z.object({ paused: z.boolean() })),

  /** Why the node cannot be reached, by the last call of this program; null where it answers. */
  reach: procedure.output(z.object({ unreachable: z.object({ at: instantSchema, reason: z.string() }).nullable() })),

  status: procedure.output(
    z.object({
      environment: environmentSchema,
      paused: z.boolean(),
      /** The connection is complete: positions can be published. */
      ready: z.boolean(),
      /** New positions leave by themselves. */
      automatic: z.boolean(),
      working: z.boolean(),
      /** Why nothing leaves: a closed service; «Riprova» starts anew. */
      stopped: z.object({ reason: z.string(), at: instantSchema }).nullable(),
      /** Still to be told; refused; to be chosen by a person. */
      waiting: countSchema,
      faults: countSchema,
      divergences: countSchema,
      /** Of what waits, so many are in nobody's hands: a person may have them tried again now. */
      resting: countSchema,
      counts: z.record(syncStateSchema, countSchema),
      lastRunAt: instantSchema.nullable(),
      /** When what waits is tried again by itself. */
      nextTryAt: instantSchema.nullable(),
      /** Files under way. */
      files: z.array(
        z.object({
          kind: z.enum(['create', 'update', 'delete']),
          rows: countSchema,
          fileId: z.string().nullable(),
          startedAt: instantSchema,
          nextAt: instantSchema.nullable(),
        }),
      ),
    }),
  ),
}
