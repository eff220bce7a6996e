import { z } from 'zod'
import { MAX_CART_NOTICES } from '#domain/cart'
import { environmentSchema } from './app.ts'
import { debtPositionFilters } from './debt-position.ts'
import { selectionSchema } from './list.ts'
import { procedure } from './procedure.ts'
import { centsSchema, countSchema, fileResultSchema, idSchema, instantSchema, isoDateSchema } from './values.ts'

/** `waiting`: for the receipt; `lapsed`: nobody paid in time. The return of the payer's browser says nothing. */
export const cartStateSchema = z.enum(['waiting', 'partlyPaid', 'paid', 'lapsed'])

export const cartSchema = z.object({
  id: idSchema('checkoutCart'),
  state: cartStateSchema,
  environment: environmentSchema,
  url: z.string(),
  cents: centsSchema,
  email: z.string().nullable(),
  at: instantSchema,
  operator: z.string(),
  /** The link opens until then; once open the payer has the time that Checkout gives. */
  openUntil: instantSchema,
  opens: z.boolean(),
  rows: z.array(
    z.object({
      debtPositionId: idSchema('debtPosition'),
      personId: idSchema('person'),
      personName: z.string(),
      noticeNumber: z.string(),
      description: z.string(),
      cents: centsSchema,
      /** Day of the receipt. */
      paidDate: isoDateSchema.nullable(),
      paid: z.boolean(),
    }),
  ),
})

const payableSchema = z.object({
  iuv: z.string(),
  noticeNumber: z.string(),
  kind: z.enum(['single', 'plan']),
  /** 0 of the single payment. */
  ordinal: countSchema,
  cents: centsSchema,
  dueDate: isoDateSchema.nullable(),
  /** Why it cannot be paid now; null: it can. */
  whyNot: z.string().nullable(),
})

const candidateSchema = z.object({
  debtPositionId: idSchema('debtPosition'),
  personId: idSchema('person'),
  personName: z.string(),
  description: z.string(),
  /** Why nothing of it can be paid; null: something can. */
  whyNot: z.string().nullable(),
  /** The single one first. Paying it and instalments both is refused. */
  payments: z.array(payableSchema),
})

export const cart = {
  /** What of these positions (fifty at most; or of all the open ones of a person) can be paid now, and how. */
  preview: procedure
    .input(
      z.union([
        z.object({ selection: selectionSchema(debtPositionFilters) }),
        z.object({ personId: idSchema('person') }),
      ]),
    )
    .output(
      z.object({
        environment: environmentSchema,
        /** Why no link can be asked for at all; null: it can. */
        whyNot: z.string().nullable(),
        candidates: z.array(candidateSchema),
        /** IUVs proposed: the next payment of each, at most five. */
        proposed: z.array(z.string()),
        /** Address of the payer, to be offered, not to be taken. */
        email: z.string().nullable(),
      }),
    ),
  /** Asks Checkout for a link. For the same notices the link that still opens is answered again (`made` false). */
  make: procedure
    .input(
      z.object({
        iuvs: z.array(z.string().min(15).max(35)).min(1).max(MAX_CART_NOTICES),
        /** Sum that the person saw; another one is refused. */
        expectedCents: centsSchema,
        email: z.email().max(256).nullable().default(null),
      }),
    )
    .output(z.object({ cart: cartSchema, made: z.boolean() })),
  get: procedure.input(z.object({ id: idSchema('checkoutCart') })).output(cartSchema),
  /** Newest first. */
  list: procedure
    .input(
      z.union([z.object({ debtPositionId: idSchema('debtPosition') }), z.object({ personId: idSchema('person') })]),
    )
    .output(z.array(cartSchema)),
  /** A sheet for the payer: what is paid, link and QR. */
  sheet: procedure.input(z.object({ id: idSchema('checkoutCart') })).output(fileResultSchema),
}
