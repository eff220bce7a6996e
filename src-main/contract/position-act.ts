import { z } from 'zod'
import {
  channelSchema,
  debtPositionFilters,
  deliveryStateSchema,
  installmentRuleSchema,
  syncStateSchema,
} from './debt-position.ts'
import { partSchema } from './decision.ts'
import { selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  ibanSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  leftOutSchema,
  problemSchema,
  reasonSchema,
  textSchema,
  yearSchema,
} from './values.ts'

/** Instalments as the person wrote them. Σ = the total to the cent, due dates never go back. */
const writtenInstallments = z
  .array(z.object({ cents: centsSchema, dueDate: isoDateSchema }))
  .min(2)
  .max(12)

/** How a position can be paid: at once, in instalments, or as the payer likes. Never neither. */
export const paymentTermsSchema = z.object({
  single: z.object({ dueDate: isoDateSchema.nullable() }).nullable(),
  installments: writtenInstallments.nullable(),
})

/** `9/0401107TS/`, own data of the institution allowed after the last slash. */
const taxonomySchema = z.string().trim().max(140)

/** Who is not in the register yet. Fiscal code of a person, or 11 digits of a company. */
export const newPayerSchema = z.object({
  name: z.string().trim().min(1).max(140),
  fiscalCode: z.string().trim().toUpperCase().min(11).max(16),
  category: categorySchema,
  email: z.string().trim().max(254).nullable().default(null),
  pec: z.string().trim().max(254).nullable().default(null),
  street: z.string().trim().max(140).nullable().default(null),
  civicNumber: z.string().trim().max(16).nullable().default(null),
  postalCode: z.string().trim().max(16).nullable().default(null),
  city: z.string().trim().max(60).nullable().default(null),
  province: z.string().trim().max(2).nullable().default(null),
})

const newDueRow = z.object({
  kind: z.literal('new'),
  serviceTypeId: idSchema('serviceType'),
  /** Null: that of the type. */
  capitoloId: idSchema('capitolo').nullable().default(null),
  cents: centsSchema,
  /** Empty: that of the type. */
  causale: z.string().trim().max(140).default(''),
  competenceYear: yearSchema,
  /** Null: that of the type. */
  taxonomyCode: taxonomySchema.nullable().default(null),
})

const outstandingRow = z.object({
  kind: z.literal('outstanding'),
  accertamentoId: idSchema('accertamento'),
  taxonomyCode: taxonomySchema.nullable().default(null),
})

/** Money of another institution, in the same payment. */
const otherTransfer = z.object({
  fiscalCode: z.string().trim().length(11),
  iban: ibanSchema,
  taxonomyCode: taxonomySchema,
  cents: centsSchema,
  remittance: z.string().trim().min(1).max(140),
})

export const createPositionInput = z.object({
  payer: z.union([z.object({ personId: idSchema('person') }), z.object({ person: newPayerSchema })]),
  rows: z.array(z.discriminatedUnion('kind', [newDueRow, outstandingRow])).max(50),
  others: z.array(otherTransfer).max(4).default([]),
  /** Causale of the notice; empty: that of the only row. */
  description: z.string().trim().max(140).default(''),
  terms: paymentTermsSchema,
  validUntil: isoDateSchema,
  /** Own identifier, unique among positions. */
  externalReference: z.string().trim().min(1).max(70).nullable().default(null),
})

const ownRowSchema = z.object({ accertamento: z.string().nullable(), causale: z.string(), cents: centsSchema })

const transferSchema = z.object({
  idTransfer: countSchema,
  own: z.boolean(),
  /** Fiscal code and, when known, name of who gets it. */
  fiscalCode: z.string(),
  beneficiary: z.string().nullable(),
  iban: z.string().nullable(),
  taxonomyCode: z.string(),
  cents: centsSchema,
  remittance: z.string(),
  /** What it extinguishes of ours; «380/2026», or null while it has no number. */
  rows: z.array(ownRowSchema),
})

const plannedPaymentSchema = z.object({
  /** 0 for the single payment. */
  ordinal: countSchema,
  cents: centsSchema,
  dueDate: isoDateSchema.nullable(),
  transfers: z.array(transferSchema),
})

const createPreview = z.object({
  totalCents: centsSchema,
  ownCents: centsSchema,
  description: z.string(),
  payments: z.array(plannedPaymentSchema),
  /** Accertamenti that will be raised. */
  raised: countSchema,
  exercise: yearSchema.nullable(),
  /** Errors keep it from being created, warnings do not; `field` says where: `payer.fiscalCode`, `rows.0.cents`, `terms`… */
  problems: z.array(problemSchema),
})

/**
 * What is to change; what is left out stays as it is. Always of the part not yet paid: what was paid never changes.
 */
export const changeSchema = z.object({
  /** One position only: what each accertamento is to ask in all, paid part included; the difference becomes a variation. */
  amounts: z
    .array(z.object({ accertamentoId: idSchema('accertamento'), cents: centsSchema }))
    .max(50)
    .optional(),
  /** Of the next payment not yet paid (and of the single one); the following instalments move by as many days. */
  dueDate: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('to'), date: isoDateSchema }),
      z.object({ kind: z.literal('shift'), days: z.int().min(-3650).max(3650) }),
    ])
    .optional(),
  validUntil: isoDateSchema.optional(),
  /** How what is not paid yet is paid from now on. */
  terms: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('once'), dueDate: isoDateSchema.nullable() }),
      z.object({ kind: z.literal('rule'), rule: installmentRuleSchema }),
      /** One position only. */
      z.object({
        kind: z.literal('written'),
        single: z.object({ dueDate: isoDateSchema.nullable() }).nullable(),
        installments: writtenInstallments,
      }),
    ])
    .optional(),
})

const selection = selectionSchema(debtPositionFilters)

const sideSchema = z.object({
  cents: centsSchema,
  dueDate: isoDateSchema.nullable(),
  validUntil: isoDateSchema,
  installments: countSchema,
  payments: z.array(
    z.object({
      ordinal: countSchema,
      cents: centsSchema,
      dueDate: isoDateSchema.nullable(),
      /** Null: it will get a number of its own. */
      noticeNumber: z.string().nullable(),
      paid: z.boolean(),
    }),
  ),
})

/** What an act does, before it is done. */
export const actPreviewSchema = z.object({
  count: countSchema,
  /** Says for which positions, as they were, this is: the act wants it back, so that none is done twice or unseen. */
  stamp: z.string().max(64),
  beforeCents: centsSchema,
  afterCents: centsSchema,
  /** New notice numbers that will be given. */
  newNumbers: countSchema,
  /** Variations of accertamenti that it writes, with their sum (signed). */
  variations: z.object({ count: countSchema, cents: partSchema }),
  /** Of the versions it leaves behind: notices drawn, deliveries already made, deliveries waiting (they are cancelled). */
  superseded: z.object({ notices: countSchema, sent: countSchema, waiting: countSchema }),
  leftOut: leftOutSchema,
  /** Old and new of the first of them. */
  rows: z
    .array(
      z.object({
        id: idSchema('debtPosition'),
        personName: z.string(),
        before: sideSchema,
        after: sideSchema,
      }),
    )
    .max(50),
  warnings: z.array(problemSchema),
})

const done = longWork(z.object({ count: countSchema, cents: centsSchema, leftOut: leftOutSchema }))

/** What the preview said: when it moved meanwhile nothing is done. */
const seen = { expected: countSchema, stamp: z.string().max(64) }

/** New dates when it is taken up again; left out they stay as they were. */
const newDates = { dueDate: isoDateSchema.nullable().optional(), validUntil: isoDateSchema.optional() }

const changeInput = z.object({ selection, change: changeSchema, reason: reasonSchema })
const reactivateInput = z.object({ selection, ...newDates, reason: reasonSchema })
const reissueInput = z.object({ selection, dueDate: isoDateSchema, validUntil: isoDateSchema, reason: reasonSchema })

export const versionKindSchema = z.enum(['issue', 'change', 'added', 'reactivation', 'reissue'])

const deliveryLine = z.object({
  id: idSchema('delivery'),
  channel: channelSchema,
  to: z.string(),
  state: deliveryStateSchema,
  at: instantSchema,
})

/** Oldest first; `assignee` null leaves it to whom it was, '' to nobody. */
const notesSchema = z.object({
  notes: z.array(
    z.object({ text: z.string(), assignee: z.string().nullable(), at: instantSchema, operator: z.string() }),
  ),
  /** Whom it is given to now. */
  assignee: z.string().nullable(),
})

/** Null: it may be done; else why not, in words. */
const whyNot = z.string().nullable()

const cardSchema = z.object({
  id: idSchema('debtPosition'),
  version: countSchema,
  externalReference: z.string().nullable(),
  nodeState: z.string().nullable(),
  syncState: syncStateSchema,
  lifecycle: z.enum(['draft', 'issued', 'cancelled']),
  validUntil: isoDateSchema,
  cents: centsSchema,
  /** Not paid yet, of the option that is being paid. */
  remainingCents: centsSchema,
  /** Newest first. */
  versions: z.array(
    z.object({
      version: countSchema,
      kind: versionKindSchema,
      current: z.boolean(),
      at: instantSchema,
      operator: z.string().nullable(),
      reason: z.string(),
      cents: centsSchema,
      dueDate: isoDateSchema.nullable(),
      validUntil: isoDateSchema,
      installments: countSchema,
      /** «Scadenza: 31/03/2026 → 30/06/2026» */
      changes: z.array(z.string()),
      notices: z.array(
        z.object({ id: idSchema('notice'), layout: z.string(), languages: z.string(), at: instantSchema }),
      ),
      /** Papers printed or saved of it, duplicates among them. */
      prints: z.array(z.object({ at: instantSchema, operator: z.string(), duplicate: z.boolean() })),
      deliveries: z.array(deliveryLine),
    }),
  ),
  /** Newest first. */
  cancellations: z.array(
    z.object({ at: instantSchema, operator: z.string().nullable(), reason: z.string(), version: countSchema }),
  ),
  /** Of the current version, the single one first (`ordinal` 0). */
  payments: z.array(
    z.object({
      ordinal: countSchema,
      iuv: z.string(),
      noticeNumber: z.string(),
      cents: centsSchema,
      dueDate: isoDateSchema.nullable(),
      state: z.enum(['unpaid', 'paid', 'reported', 'credited', 'collected', 'paidOutside']),
      paidDate: isoDateSchema.nullable(),
      surplus: z.boolean(),
      transfers: z.array(transferSchema),
    }),
  ),
  /** What can be done with it now. */
  can: z.object({
    payNow: whyNot,
    change: whyNot,
    terms: whyNot,
    cancel: whyNot,
    reactivate: whyNot,
    reissue: whyNot,
    payOutside: whyNot,
    addDebts: whyNot,
  }),
})

export const positionAct = {
  /** All that the form will do, while it is being filled in: writes nothing. */
  createPreview: procedure.input(createPositionInput).output(createPreview),
  /** Person, accertamenti, position and notice numbers in one write. The same `attempt` again answers what the first did. */
  create: procedure.input(createPositionInput.extend({ attempt: z.string().min(8).max(64) })).output(
    z.object({
      debtPositionId: idSchema('debtPosition'),
      personId: idSchema('person'),
      accertamenti: z.array(z.object({ id: idSchema('accertamento'), exercise: yearSchema, number: countSchema })),
      cents: centsSchema,
      noticeNumbers: z.array(z.string()),
    }),
  ),

  card: procedure.input(z.object({ id: idSchema('debtPosition') })).output(cardSchema),
  notes: procedure.input(z.object({ id: idSchema('debtPosition') })).output(notesSchema),
  note: procedure
    .input(
      z.object({
        id: idSchema('debtPosition'),
        text: z.string().trim().max(2000),
        assignee: z.string().trim().max(80).nullable(),
      }),
    )
    .output(notesSchema),

  changePreview: procedure.input(changeInput.omit({ reason: true })).output(actPreviewSchema),
  /** A new version of each. */
  change: procedure.input(changeInput.extend(seen)).output(done),

  cancelPreview: procedure.input(z.object({ selection })).output(actPreviewSchema),
  /** The IUV stays taken for ever; the accertamenti stay and can be issued again. */
  cancel: procedure.input(z.object({ selection, reason: reasonSchema, ...seen })).output(done),

  reactivatePreview: procedure.input(reactivateInput.omit({ reason: true })).output(actPreviewSchema),
  /** Cancelled ones are issued again; new notice numbers only where the node said INVALID. */
  reactivate: procedure.input(reactivateInput.extend(seen)).output(done),

  reissuePreview: procedure.input(reissueInput.omit({ reason: true })).output(actPreviewSchema),
  /** Expired, cancelled or failed ones with new dates, in one go. */
  reissue: procedure.input(reissueInput.extend(seen)).output(done),

  /** What is left to pay outside pagoPA, payment by payment. */
  outside: procedure.input(z.object({ id: idSchema('debtPosition') })).output(
    z.object({
      remainingCents: centsSchema,
      payments: z.array(
        z.object({
          ordinal: countSchema,
          cents: centsSchema,
          dueDate: isoDateSchema.nullable(),
          noticeNumber: z.string(),
        }),
      ),
      cashAccounts: z.array(z.object({ id: idSchema('bankAccount'), name: z.string() })),
      /** Decisions that already say so. */
      said: z.array(
        z.object({
          decisionId: idSchema('decision'),
          at: instantSchema,
          operator: z.string(),
          document: z.string(),
          how: z.string(),
          cents: centsSchema.nullable(),
        }),
      ),
    }),
  ),
  /**
   * Paid at the counter or by transfer: cash enters the cash account at once; POS and bonifico are waited for and matched by
   * hand. The decision is one of the work table: «Disfa» takes it back.
   */
  payOutside: procedure
    .input(
      z.object({
        id: idSchema('debtPosition'),
        /** `ordinal` of the payments: the single one (0), or instalments; empty: all that is left. */
        payments: z.array(countSchema).max(24).default([]),
        how: z.enum(['cash', 'pos', 'bonifico']),
        document: z.string().trim().min(2).max(200),
        date: isoDateSchema,
        /** Only with `cash`. */
        cashAccountId: idSchema('bankAccount').nullable().default(null),
        reason: textSchema.default(''),
      }),
    )
    .output(z.object({ decisionId: idSchema('decision'), cents: centsSchema })),
}
