import { z } from 'zod'
import { actSchema, subjectSchema } from './decision.ts'
import { labelSchema } from './reporting-flow.ts'
import { amountSchema, centsSchema, countSchema, idSchema, instantSchema, isoDateSchema } from './values.ts'

/** Stretches of the causale for the three marks: start inclusive, end exclusive, in characters of `description`. */
const spanSchema = z.object({
  start: countSchema,
  end: countSchema,
  mark: z.enum(['recognised', 'broken', 'missing']),
})

/** Levels of which one alone, of equal amount, may be confirmed without being picked. */
export const PROPOSED_LEVELS = [
  'trn',
  'parts',
  'truncated',
  'psp',
  'amount',
  'debtor',
  'rule',
  'transfer',
  'back',
] as const

/** A counterpart with its proof, and the act that confirming it is. */
export const counterpartSchema = z.object({
  act: actSchema,
  title: z.string(),
  detail: z.string(),
  date: isoDateSchema.nullable(),
  /** Of the counterpart: a flow's total, what an accertamento has left… */
  cents: centsSchema,
  /** Ticks of the proof, the doubts last. */
  evidence: z.array(z.object({ ok: z.boolean(), text: z.string() })),
  level: z.enum(['exact', ...PROPOSED_LEVELS, 'searched']),
  payers: z.array(z.object({ name: z.string(), iuv: z.string(), cents: centsSchema })).max(50),
})

const rowShape = {
  /** Stable name of the row for the screen: «m12», «f3», «f3|iuv|iur|1|1», «r2026000001». */
  key: z.string(),
  subject: subjectSchema,
  date: isoDateSchema,
  /** Debits negative. */
  cents: centsSchema,
  label: labelSchema,
  /** All labels, the first included. */
  labels: z.array(labelSchema),
  /** Strongest first. */
  counterparts: z.array(counterpartSchema),
  /** Which of them Invio confirms as it is: there is one exact proposal and no rival. Null: one must be picked. */
  confirms: countSchema.nullable(),
  /** Decisions that «Riapri» takes back. */
  decisionIds: z.array(idSchema('decision')),
  /** Its money, or part of it, is in reversali in force. */
  posted: z.boolean(),
  skippedToday: z.boolean(),
  notes: countSchema,
  assignee: z.string().nullable(),
}

const movementShape = {
  ...rowShape,
  bankMovementId: idSchema('bankMovement'),
  account: z.string(),
  valueDate: isoDateSchema.nullable(),
  leftCents: centsSchema,
  description: z.string(),
  spans: z.array(spanSchema),
  bankReference: z.string().nullable(),
  /** Who paid or was paid, where the bank writes it apart. */
  counterparty: z.string().nullable(),
  provvisorio: z.string().nullable(),
  /** What it is matched to. */
  targets: z.array(
    z.object({ title: z.string(), cents: centsSchema, reportingFlowId: idSchema('reportingFlow').nullable() }),
  ),
  byHand: z.boolean(),
}

const flowShape = {
  reportingFlowId: idSchema('reportingFlow'),
  flowId: z.string(),
  pspName: z.string(),
}

export const tableRowSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('credit'), ...movementShape }),
  z.object({ kind: z.literal('debit'), ...movementShape }),
  /** A payment held inside a credited flow, or assigned by hand. */
  z.object({
    kind: z.literal('flowRow'),
    ...rowShape,
    ...flowShape,
    rowKey: z.string(),
    iuv: z.string(),
    iur: z.string(),
    outcome: z.string(),
    personName: z.string().nullable(),
    debtPositionId: idSchema('debtPosition').nullable(),
  }),
  /** A flow not credited yet, or kept out of the books until a person says. */
  z.object({
    kind: z.literal('flow'),
    ...rowShape,
    ...flowShape,
    payments: countSchema,
    creditedCents: centsSchema,
    /** Empty when nothing keeps it out of the books. */
    blocks: z.array(labelSchema),
    /** Oldest first. `chooseVersion` and `acceptFlow` want the hash of the one that is meant. */
    versions: z.array(
      z.object({
        contentHash: z.string(),
        dateTime: instantSchema,
        cents: centsSchema,
        payments: countSchema,
        active: z.boolean(),
      }),
    ),
    /** Rows with outcome 3. */
    revocations: z.array(
      z.object({ rowKey: z.string(), iuv: z.string(), cents: centsSchema, personName: z.string().nullable() }),
    ),
  }),
  /** A posted reversale with lines that the evidence no longer supports: annul, or keep. */
  z.object({
    kind: z.literal('alarm'),
    ...rowShape,
    reversaleId: idSchema('reversale'),
    name: z.string(),
    text: z.string(),
    goneCents: centsSchema,
  }),
])

export const tableView = z.enum(['toDecide', 'matched', 'uncredited', 'ignored'])
export const rowKind = z.enum(['credit', 'debit', 'flowRow', 'flow', 'alarm'])

const squareLine = z.object({ total: amountSchema, matched: amountSchema, proposed: amountSchema, alone: amountSchema })

/** Quadratura: credits and flows, and the difference explained line by line, to the cent. Not squaring closes posting. */
const squareSchema = z.object({
  credits: squareLine,
  flows: squareLine,
  differenceCents: centsSchema,
  explanation: z.array(z.object({ text: z.string(), cents: centsSchema })),
  /** Of the difference, what no line explains. */
  unexplainedCents: centsSchema,
  /** Inside what is matched: payments of other software or other institutions, which are not collected here. */
  notOurs: amountSchema,
})

export const tableInput = z.object({
  statementId: idSchema('bankStatement').nullable().default(null),
  bankAccountId: idSchema('bankAccount').nullable().default(null),
  view: tableView.default('toDecide'),
  /** Empty: all. */
  kinds: z.array(rowKind).default([]),
  /** Only what is assigned to this name. */
  assignee: z.string().max(200).nullable().default(null),
  offset: countSchema.default(0),
  limit: z.int().min(1).max(500).default(100),
})

export const tableOutput = z.object({
  scopeText: z.string(),
  from: isoDateSchema.nullable(),
  to: isoDateSchema.nullable(),
  movements: countSchema,
  rows: z.array(tableRowSchema),
  /** Rows of this view with these kinds and assignee. */
  count: countSchema,
  /** Rows of each view, whatever the kinds and the assignee. */
  counts: z.object({ toDecide: countSchema, matched: countSchema, uncredited: countSchema, ignored: countSchema }),
  /** Rows of this view by kind. */
  kinds: z.object({
    credit: countSchema,
    debit: countSchema,
    flowRow: countSchema,
    flow: countSchema,
    alarm: countSchema,
  }),
  square: squareSchema,
  /** What Ctrl Z takes back: the last act of this operator since the program was opened. */
  lastAct: z
    .object({
      decisionIds: z.array(idSchema('decision')),
      text: z.string(),
    })
    .nullable(),
  /** Names to whom something is assigned. */
  assignees: z.array(z.string()),
})
