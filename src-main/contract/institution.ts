import { z } from 'zod'
import { environmentSchema } from './app.ts'
import { exportInput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  centsSchema,
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  ibanSchema,
  idSchema,
  isoDateSchema,
  textSchema,
  yearSchema,
} from './values.ts'

export const institutionSchema = z.object({
  fiscalCode: z.string().regex(/^\d{11}$/),
  name: z.string().trim().min(1).max(100),
  office: z.string().trim().max(50),
  /** Codice SIA of the institution on CBILL, empty when not assigned. */
  cbill: z.string().trim().max(10),
  /** Web address, telephone and the like, printed under the office. */
  info: z.string().trim().max(100),
  environment: environmentSchema,
  segregationCode: z.string().regex(/^\d{2}$/),
})

export const accountSchema = z.object({
  id: idSchema('bankAccount'),
  kind: z.enum(['bank', 'postal', 'treasury', 'cash']),
  name: z.string(),
  iban: ibanSchema.nullable(),
  /** Twelve digits, taken from a postal IBAN. */
  postalAccount: z.string().nullable(),
  openingDate: isoDateSchema,
  openingCents: centsSchema,
  movements: countSchema,
  closed: z.boolean(),
})

export const capitoloSchema = z.object({
  id: idSchema('capitolo'),
  code: z.string(),
  name: z.string(),
  kind: z.enum(['entrata', 'partitaDiGiro']),
  forecastCents: centsSchema.nullable(),
  used: z.boolean(),
})

const workingDay = z.boolean()
/** `domain/due-rule.ts` */
const dueRuleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixedDay'), month: z.int().min(1).max(12), day: z.int().min(1).max(31), workingDay }),
  z.object({ kind: z.literal('daysAfter'), days: z.int().min(0).max(730), workingDay }),
  z.object({ kind: z.literal('endOfMonth'), months: z.int().min(0).max(24), workingDay }),
])

const basisPoints = z.int().min(0).max(1_000_000)
const notNegative = centsSchema.refine((cents) => cents >= 0)
/** `domain/late-fee.ts` */
const lateFeeRuleSchema = z
  .object({
    graceDays: z.int().min(0).max(730),
    steps: z
      .array(z.object({ afterDays: z.int().min(0).max(3650), fixedCents: notNegative, basisPoints }))
      .max(10)
      .refine((steps) => steps.every((step, n) => n === 0 || step.afterDays > (steps[n - 1]?.afterDays ?? 0))),
    interest: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('legal') }),
        z.object({ kind: z.literal('yearly'), basisPoints }),
      ])
      .nullable(),
    minCents: notNegative.nullable(),
    maxCents: notNegative.nullable(),
  })
  .refine(({ minCents, maxCents }) => minCents === null || maxCents === null || minCents <= maxCents)

export const serviceTypeSchema = z.object({
  id: idSchema('serviceType'),
  name: z.string(),
  taxonomyCode: z.string(),
  capitoloId: idSchema('capitolo'),
  bankAccountId: idSchema('bankAccount'),
  defaultCausale: z.string(),
  defaultCents: centsSchema.nullable(),
  active: z.boolean(),
  /** `quota`: one a year, by tariff; `oneOff`: una tantum; `mora`: what is asked of who is late. */
  kind: z.enum(['quota', 'oneOff', 'mora']),
  /** Whether it is asked for through pagoPA. */
  pagoPa: z.boolean(),
  dueRule: dueRuleSchema.nullable(),
  lateFeeRule: lateFeeRuleSchema.nullable(),
  /** What was paid without a position of ours is raised with it, where its code alone answers. */
  spontaneous: z.boolean(),
  /** Null: its own capitolo. */
  spontaneousCapitoloId: idSchema('capitolo').nullable(),
  /** Null: what the payment says of itself. */
  spontaneousCausale: z.string().trim().max(140).nullable(),
  /** From the year of the payment to that of competence. */
  spontaneousYear: z.int().min(-1).max(1),
})

/** The environment of the node changes by `node.chooseEnvironment` alone; a new archive begins in the rehearsal. */
const saveInstitution = institutionSchema.omit({ environment: true })

/** A row as the person saves it: without id it is new. */
const saveAccount = accountSchema
  .omit({ id: true, movements: true, closed: true, postalAccount: true })
  .extend({ id: idSchema('bankAccount').nullable(), name: z.string().trim().min(1).max(80) })
const saveCapitolo = capitoloSchema.omit({ id: true, used: true }).extend({
  id: idSchema('capitolo').nullable(),
  code: z.string().trim().min(1).max(20),
  name: z.string().trim().min(1).max(120),
  exercise: yearSchema,
})
const saveServiceType = serviceTypeSchema.omit({ id: true }).extend({
  id: idSchema('serviceType').nullable(),
  name: z.string().trim().min(1).max(80),
  defaultCausale: z.string().trim().min(1).max(140),
  // Forms that know nothing of them.
  spontaneous: z.boolean().default(false),
  spontaneousCapitoloId: idSchema('capitolo').nullable().default(null),
  spontaneousCausale: z.string().trim().max(140).nullable().default(null),
  spontaneousYear: z.int().min(-1).max(1).default(0),
})

export const institution = {
  get: procedure.output(institutionSchema.extend({ hasLogo: z.boolean() }).nullable()),
  save: procedure.input(saveInstitution).output(saveInstitution),
  /** SVG or PNG of at most 1 MB; null removes it. */
  setLogo: procedure.input(z.object({ token: fileTokenSchema.nullable() })).output(z.object({ hasLogo: z.boolean() })),
  /** Whether a file could be the logo, before there is an institution to have one. */
  checkLogo: procedure.input(z.object({ token: fileTokenSchema })).output(z.object({ format: z.enum(['svg', 'png']) })),
  logo: procedure.output(z.file().nullable()),
  /** The first-run guide's whole answer in one write. Refused when the ledger already has an institution. */
  setUp: procedure
    .input(
      z.object({
        institution: saveInstitution,
        exercise: yearSchema,
        accounts: z.array(saveAccount).min(1),
        /** Standard capitoli and tipi di dovuto of a professional order, to be edited later. */
        standardChart: z.boolean(),
      }),
    )
    .output(z.object({ exercise: yearSchema })),
  /** «Ordine di prova»: an invented institution with its chart and a register of invented people ready to import. */
  createRehearsal: procedure
    .input(z.object({ members: z.int().min(1).max(20_000).default(120) }))
    .output(longWork(z.object({ registerToken: fileTokenSchema, members: countSchema }))),
}

export const account = {
  list: procedure.output(z.array(accountSchema)),
  save: procedure.input(saveAccount).output(accountSchema),
  close: procedure.input(z.object({ id: idSchema('bankAccount') })).output(accountSchema),
}

export const capitolo = {
  list: procedure.input(z.object({ exercise: yearSchema })).output(z.array(capitoloSchema)),
  save: procedure.input(saveCapitolo).output(capitoloSchema),
  /** Accertato, riscosso, da riscuotere of each capitolo, competenza and residui apart (DOMAIN.md E6, E7). */
  situation: procedure.input(z.object({ exercise: yearSchema })).output(
    z.array(
      z.object({
        capitoloId: idSchema('capitolo'),
        code: z.string(),
        name: z.string(),
        originYear: yearSchema,
        residui: z.boolean(),
        accertatoCents: centsSchema,
        riscossoCents: centsSchema,
        daRiscuotereCents: centsSchema,
        accertamenti: countSchema,
      }),
    ),
  ),
  exportSituation: procedure.input(exportInput(z.object({ exercise: yearSchema }))).output(fileResultSchema),
}

export const serviceType = {
  list: procedure.output(z.array(serviceTypeSchema)),
  save: procedure.input(saveServiceType).output(serviceTypeSchema),
}

export const setting = {
  /** Choices remembered for this ledger and operator, as JSON text by key (columns of a list, width of a panel…). */
  get: procedure.input(z.object({ key: z.string().max(120) })).output(z.string().max(100_000).nullable()),
  set: procedure
    .input(z.object({ key: z.string().max(120), value: z.string().max(100_000).nullable() }))
    .output(z.object({ key: z.string() })),
}

export const view = {
  list: procedure
    .input(z.object({ page: z.string().max(60) }))
    .output(z.array(z.object({ id: idSchema('savedView'), name: z.string(), stateJson: z.string() }))),
  save: procedure
    .input(
      z.object({
        id: idSchema('savedView').nullable(),
        page: z.string().max(60),
        name: textSchema.min(1),
        stateJson: z.string().max(20_000),
      }),
    )
    .output(z.object({ id: idSchema('savedView') })),
  remove: procedure.input(z.object({ id: idSchema('savedView') })).output(z.object({ id: idSchema('savedView') })),
}
