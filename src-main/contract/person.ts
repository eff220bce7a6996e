import { z } from 'zod'
import { exportInput, listInput, listOutput } from './list.ts'
import { procedure } from './procedure.ts'
import { categorySchema } from './register-import.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  idSchema,
  instantSchema,
  isoDateSchema,
  yearSchema,
} from './values.ts'

export const personFilters = z.object({
  category: z.array(categorySchema).default([]),
  /** `email`, `pec`, `address`: people who lack that contact. */
  without: z.array(z.enum(['email', 'pec', 'address'])).default([]),
  owes: z.boolean().nullable().default(null),
})

export const personRowSchema = z.object({
  id: idSchema('person'),
  name: z.string(),
  kind: z.enum(['F', 'G']),
  fiscalCode: z.string().nullable(),
  category: categorySchema,
  alboNumber: z.string().nullable(),
  email: z.string().nullable(),
  pec: z.string().nullable(),
  city: z.string().nullable(),
  dueCents: centsSchema,
  collectedCents: centsSchema,
  outstandingCents: centsSchema,
})

export const contactSchema = z.object({
  id: idSchema('contactPoint'),
  kind: z.enum(['email', 'pec', 'address', 'phone']),
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
  ]),
  text: z.string(),
  tone: z.enum(['ok', 'info', 'warn', 'bad', 'unc', 'neu']),
  operator: z.string().nullable(),
})

export const person = {
  list: procedure
    .input(listInput(personFilters))
    .output(listOutput(personRowSchema, z.object({ dueCents: centsSchema, outstandingCents: centsSchema }))),
  export: procedure.input(exportInput(personFilters)).output(fileResultSchema),
  get: procedure.input(z.object({ id: idSchema('person') })).output(
    z.object({
      person: personRowSchema.extend({ vatNumber: z.string().nullable() }),
      contacts: z.array(contactSchema),
      albo: z.array(z.object({ albo: z.string(), number: z.string(), from: isoDateSchema, status: z.string() })),
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
        }),
      ),
      history: z.array(historySchema),
    }),
  ),
  /** Closes the present contact of that kind and opens the new one; an empty value only closes. */
  saveContact: procedure
    .input(
      z.object({
        personId: idSchema('person'),
        kind: z.enum(['email', 'pec', 'address', 'phone']),
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
}
