import { z } from 'zod'
import { exportInput, listInput, listOutput, selectionSchema } from './list.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  reasonSchema,
  yearSchema,
} from './values.ts'

const contactKindSchema = z.enum(['email', 'pec', 'address', 'phone', 'iban'])

export const personFilters = z.object({
  category: z.array(categorySchema).default([]),
  /** `email`, `pec`, `address`, `mail` (neither e-mail nor PEC): people who lack it. */
  without: z.array(z.enum(['email', 'pec', 'address', 'mail'])).default([]),
  owes: z.boolean().nullable().default(null),
  /** Names of the albi in which they stand now. */
  albo: z.array(z.string().max(120)).default([]),
  /** Words of the status of an albo position in force («iscritto», «sospeso»…). */
  alboStatus: z.array(z.string().max(60)).default([]),
  notes: z.boolean().nullable().default(null),
  /** A contact in force to which something did not arrive. */
  failing: z.boolean().nullable().default(null),
  /** `merged` and `erased` people are left out unless they are asked for. */
  state: z.enum(['present', 'merged', 'erased']).default('present'),
})

export const personRowSchema = z.object({
  id: idSchema('person'),
  name: z.string(),
  kind: z.enum(['F', 'G']),
  fiscalCode: z.string().nullable(),
  vatNumber: z.string().nullable(),
  category: categorySchema,
  albo: z.string().nullable(),
  alboNumber: z.string().nullable(),
  alboStatus: z.string().nullable(),
  email: z.string().nullable(),
  pec: z.string().nullable(),
  city: z.string().nullable(),
  phone: z.string().nullable(),
  dueCents: centsSchema,
  collectedCents: centsSchema,
  outstandingCents: centsSchema,
  mergedIntoId: idSchema('person').nullable(),
  erasedAt: instantSchema.nullable(),
})

export const contactSchema = z.object({
  id: idSchema('contactPoint'),
  kind: contactKindSchema,
  value: z.string(),
  street: z.string().nullable(),
  civicNumber: z.string().nullable(),
  postalCode: z.string().nullable(),
  city: z.string().nullable(),
  province: z.string().nullable(),
  country: z.string().nullable(),
  validFrom: isoDateSchema,
  validTo: isoDateSchema.nullable(),
  source: z.string(),
  failedAt: instantSchema.nullable(),
  /** Whether a delivery says that it fails, or a person did. */
  failedBy: z.enum(['delivery', 'hand']).nullable(),
})

/** One line of a person's or a position's history, newest first. */
export const historySchema = z.object({
  at: instantSchema,
  kind: z.enum([
    'import',
    'accertamento',
    'variation',
    'position',
    'notice',
    'delivery',
    'receipt',
    'flow',
    'credit',
    'reversale',
    'contact',
    'decision',
    'person',
    'note',
  ]),
  text: z.string(),
  tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
  operator: z.string().nullable(),
})

/** What a person or company is, as a form writes it. The fiscal code and the VAT number are checked by the backend. */
const identitySchema = z.object({
  kind: z.enum(['F', 'G']),
  name: z.string().trim().min(1).max(140),
  /** Empty where there is none (a company from abroad). */
  fiscalCode: z.string().trim().max(20),
  vatNumber: z.string().trim().max(20),
  category: categorySchema,
})

const alboEntrySchema = z.object({
  id: idSchema('alboEntry'),
  albo: z.string(),
  section: z.string().nullable(),
  number: z.string(),
  from: isoDateSchema,
  to: isoDateSchema.nullable(),
  status: z.string(),
})

const noteSchema = z.object({
  text: z.string(),
  assignee: z.string().nullable(),
  at: instantSchema,
  operator: z.string(),
})

/** One of two people who may be the same, as they are compared side by side. */
const candidateSchema = z.object({
  person: personRowSchema,
  contacts: z.array(contactSchema),
  albo: z.array(alboEntrySchema),
  accertamenti: countSchema,
  positions: countSchema,
})

const pairReason = z.enum(['vatNumber', 'email', 'address', 'alboNumber', 'oneCharacter', 'omocodia', 'sameCode'])

const chosenSchema = z.enum(['survivor', 'other'])

export const person = {
  list: procedure
    .input(listInput(personFilters))
    .output(listOutput(personRowSchema, z.object({ dueCents: centsSchema, outstandingCents: centsSchema }))),
  export: procedure.input(exportInput(personFilters)).output(fileResultSchema),
  /** Counts of the views, and the albi and statuses that there are. */
  counts: procedure.output(
    z.object({
      views: z.record(z.string(), countSchema),
      albi: z.array(z.string()),
      statuses: z.array(z.string()),
    }),
  ),
  /** All of a person; of one who was merged, all of the survivor. */
  get: procedure.input(z.object({ id: idSchema('person') })).output(
    z.object({
      person: personRowSchema,
      contacts: z.array(contactSchema),
      /** Those in force first. */
      albo: z.array(alboEntrySchema),
      dues: z.array(
        z.object({
          accertamentoId: idSchema('accertamento'),
          exercise: yearSchema,
          number: countSchema,
          competenceYear: yearSchema,
          causale: z.string(),
          dueDate: isoDateSchema.nullable(),
          dueCents: centsSchema,
          collectedCents: centsSchema,
          state: z.enum(['outstanding', 'partlyCollected', 'collected', 'cancelled']),
          debtPositionId: idSchema('debtPosition').nullable(),
          noticeNumber: z.string().nullable(),
          payment: z.enum(['unpaid', 'partiallyPaid', 'paid', 'collected']).nullable(),
          lifecycle: z.enum(['draft', 'issued', 'cancelled']).nullable(),
        }),
      ),
      notes: z.array(noteSchema),
      assignee: z.string().nullable(),
      /** Credits whose proposal is one of his debts. */
      credits: z.array(
        z.object({
          bankMovementId: idSchema('bankMovement'),
          statementId: idSchema('bankStatement').nullable(),
          date: isoDateSchema,
          cents: centsSchema,
          text: z.string(),
        }),
      ),
      /** Whoever was merged into this one, and can be separated again. */
      merged: z.array(
        z.object({
          id: idSchema('person'),
          name: z.string(),
          fiscalCode: z.string().nullable(),
          at: instantSchema,
          operator: z.string(),
        }),
      ),
      /** How many look like the same person. */
      suspects: countSchema,
      history: z.array(historySchema),
    }),
  ),
  /** Every paper of a person: notices, quietanze, receipts. */
  papers: procedure.input(z.object({ id: idSchema('person') })).output(
    z.array(
      z.object({
        kind: z.enum(['notice', 'quietanza', 'receipt']),
        /** Of the position, quietanza or receipt, by `kind`. */
        id: z.int().positive(),
        date: isoDateSchema,
        title: z.string(),
        detail: z.string(),
        cents: centsSchema,
        /** «superata», «annullata»: no longer in force. */
        past: z.string().nullable(),
      }),
    ),
  ),
  /** Money that came for his debts: receipts, and credits with what the books took of them. */
  payments: procedure.input(z.object({ id: idSchema('person') })).output(
    z.array(
      z.object({
        kind: z.enum(['receipt', 'collection']),
        date: isoDateSchema.nullable(),
        cents: centsSchema,
        text: z.string(),
        detail: z.string(),
        tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
        route: z.string(),
      }),
    ),
  ),
  /** What is owed and paid, as a paper to hand over. */
  print: procedure.input(z.object({ id: idSchema('person') })).output(fileResultSchema),
  create: procedure.input(identitySchema).output(z.object({ id: idSchema('person'), warnings: z.array(z.string()) })),
  /** Changed fields are kept with what they were, who and when. */
  save: procedure
    .input(
      identitySchema.extend({
        id: idSchema('person'),
        /** What the form was opened with: refused when somebody wrote otherwise since. */
        seen: identitySchema.extend({ name: z.string() }).nullable().default(null),
      }),
    )
    .output(z.object({ id: idSchema('person'), warnings: z.array(z.string()) })),
  /** Closes the present contact of that kind and opens the new one; an empty value only closes. */
  saveContact: procedure
    .input(
      z.object({
        personId: idSchema('person'),
        kind: contactKindSchema,
        value: z.string().trim().max(256),
        street: z.string().trim().max(140).nullable().default(null),
        civicNumber: z.string().trim().max(16).nullable().default(null),
        postalCode: z.string().trim().max(16).nullable().default(null),
        city: z.string().trim().max(60).nullable().default(null),
        province: z.string().trim().max(2).nullable().default(null),
        country: z.string().trim().max(2).nullable().default(null),
      }),
    )
    .output(z.array(contactSchema)),
  /** Whether it works is said by hand: deliveries say it by themselves. */
  markContact: procedure
    .input(z.object({ id: idSchema('contactPoint'), failing: z.boolean() }))
    .output(z.array(contactSchema)),
  /** A new position, or another in the place of `id`: that one is closed on the day before. */
  saveAlbo: procedure
    .input(
      z.object({
        personId: idSchema('person'),
        id: idSchema('alboEntry').nullable(),
        albo: z.string().trim().min(1).max(120),
        section: z.string().trim().max(60),
        number: z.string().trim().min(1).max(20),
        from: isoDateSchema,
        status: z.string().trim().min(1).max(60),
      }),
    )
    .output(z.array(alboEntrySchema)),
  closeAlbo: procedure
    .input(z.object({ id: idSchema('alboEntry'), to: isoDateSchema }))
    .output(z.array(alboEntrySchema)),
  /** A note; `assignee` null leaves it to whom it was, '' to nobody. */
  note: procedure
    .input(
      z.object({
        id: idSchema('person'),
        text: z.string().trim().max(2000),
        assignee: z.string().trim().max(80).nullable(),
      }),
    )
    .output(z.object({ notes: z.array(noteSchema), assignee: z.string().nullable() })),
  /** Nothing is sent to them any more. */
  stop: procedure
    .input(z.object({ selection: selectionSchema(personFilters), reason: reasonSchema }))
    .output(z.object({ count: countSchema, already: countSchema })),

  /** «Possibili doppioni»: pairs that look like one person, the surest first. */
  duplicates: procedure.input(z.object({ personId: idSchema('person').nullable().default(null) })).output(
    z.object({
      count: countSchema,
      /** The first 500. */
      pairs: z.array(
        z.object({ first: personRowSchema, second: personRowSchema, reasons: z.array(pairReason), words: z.string() }),
      ),
    }),
  ),
  compare: procedure
    .input(z.object({ firstId: idSchema('person'), secondId: idSchema('person') }))
    .output(z.object({ first: candidateSchema, second: candidateSchema, words: z.string() })),
  /** They are not one person: the pair is no longer suspected. */
  distinct: procedure
    .input(z.object({ firstId: idSchema('person'), secondId: idSchema('person') }))
    .output(z.object({ distinct: z.boolean() })),
  /** `otherId` is seen as `survivorId` from now on; what stays of the two is chosen field by field. */
  merge: procedure
    .input(
      z.object({
        survivorId: idSchema('person'),
        otherId: idSchema('person'),
        keep: z.object({
          name: chosenSchema,
          fiscalCode: chosenSchema,
          vatNumber: chosenSchema,
          category: chosenSchema,
          email: chosenSchema,
          pec: chosenSchema,
          address: chosenSchema,
          phone: chosenSchema,
          iban: chosenSchema,
        }),
      }),
    )
    .output(z.object({ id: idSchema('person') })),
  /** Takes the merge back: whoever was merged is a person again, with the data of then. */
  separate: procedure.input(z.object({ id: idSchema('person') })).output(z.object({ id: idSchema('person') })),

  /** Everything that the ledger holds of a person: a workbook to read, the same in JSON for another program. */
  exportData: procedure
    .input(z.object({ id: idSchema('person') }))
    .output(z.object({ workbook: fileResultSchema, json: fileResultSchema })),
  /** What an erasure would take away, what stays, why and until when. */
  erasePreview: procedure.input(z.object({ id: idSchema('person') })).output(
    z.object({
      name: z.string(),
      /** Nothing of it stands in the books: the person goes wholly. */
      wholly: z.boolean(),
      /** Reasons for which it cannot be done now. */
      blocked: z.array(z.string()),
      goes: z.array(z.object({ what: z.string(), count: countSchema })),
      stays: z.array(z.object({ what: z.string(), count: countSchema, why: z.string() })),
      /** Last day on which the books must be kept, ten years after their exercise. */
      until: isoDateSchema.nullable(),
    }),
  ),
  erase: procedure
    .input(z.object({ id: idSchema('person'), reason: reasonSchema }))
    .output(z.object({ wholly: z.boolean() })),
}
