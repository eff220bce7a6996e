import { z } from 'zod'
import { environmentSchema } from './app.ts'
import { exportInput, listInput, listOutput } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import { countSchema, fileResultSchema, idSchema, instantSchema, isoDateSchema, problemSchema } from './values.ts'

const productSchema = z.enum(['gpd', 'fdr', 'checkout', 'backoffice'])
const serviceSchema = z.enum(['gpd', 'massive', 'receipts', 'fdr', 'checkout', 'backoffice'])
const outcomeSchema = z.enum(['ok', 'refused', 'closed', 'temporary', 'unknown'])
const returnUrlSchema = z.url({ protocol: /^https$/ }).max(500)

const settingsSchema = z.object({
  environment: environmentSchema,
  /** Fiscal code of the broker; null where the institution is its own. */
  brokerCode: z
    .string()
    .regex(/^\d{11}$/)
    .nullable(),
  stationCode: z
    .string()
    .regex(/^\d{11}_\d{2}$/)
    .nullable(),
  /** Positions are not published before it. */
  activeFrom: isoDateSchema.nullable(),
  /** Where Checkout sends the payer back to; the return is no proof of payment. */
  returnUrls: z.object({ ok: returnUrlSchema, cancel: returnUrlSchema, error: returnUrlSchema }).nullable(),
  autoPublish: z.boolean(),
  massiveFrom: z.int().min(1).max(100_000),
  /** 0: only when asked. */
  receiveEveryMinutes: z.int().min(0).max(1440),
  ioOnPublication: z.boolean(),
})

/** What is known of one environment. Keys never come back. */
const connectionSchema = settingsSchema.extend({
  products: z.record(productSchema, z.object({ on: z.boolean(), hasKey: z.boolean() })),
  /** When a trial last went well on this computer with these keys and codes; null where none did. */
  testedAt: instantSchema.nullable(),
  /** What lacks before it can be used. */
  lacks: z.array(problemSchema),
})

const stepSchema = z.object({
  service: serviceSchema,
  step: z.string(),
  ok: z.boolean(),
  ms: countSchema,
  text: z.string(),
})

const callFilters = z.object({
  environment: z.array(environmentSchema).default([]),
  service: z.array(serviceSchema).default([]),
  outcome: z.array(outcomeSchema).default([]),
})

const callSchema = z.object({
  /** Its place in the log, newest first from 1. */
  id: countSchema,
  at: instantSchema,
  environment: environmentSchema,
  service: serviceSchema,
  operation: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.int().nullable(),
  outcome: outcomeSchema,
  milliseconds: z.number().nonnegative(),
  bytesOut: countSchema,
  bytesIn: countSchema,
  requestId: z.string(),
  reply: z.string(),
  reason: z.string(),
})

const ibanRow = z.object({
  iban: z.string(),
  /** Our account with that IBAN; null where the Back office knows one that we do not have. */
  accountId: idSchema('bankAccount').nullable(),
  accountName: z.string().nullable(),
  /** `unknown`: ours, but pagoPA does not know it. */
  state: z.enum(['active', 'future', 'off', 'unknown']),
  /** As the Back office says it. */
  status: z.string().nullable(),
  validFrom: isoDateSchema.nullable(),
  description: z.string().nullable(),
  /** Active tipi di dovuto that are collected on it through pagoPA. */
  serviceTypes: z.array(z.string()),
})

const ibansOutput = z.object({
  environment: environmentSchema,
  checkedAt: instantSchema.nullable(),
  rows: z.array(ibanRow),
  stations: z.array(z.object({ stationCode: z.string(), segregationCode: z.string(), active: z.boolean() })),
  /** What does not agree with our accounts, station and segregation code. */
  problems: z.array(problemSchema),
})

export const node = {
  /** All three environments; `environment` is the one in use. */
  get: procedure.output(
    z.object({
      environment: environmentSchema,
      institutionName: z.string(),
      fiscalCode: z.string(),
      segregationCode: z.string(),
      connections: z.array(connectionSchema),
      secretsPlace: z.string(),
    }),
  ),
  save: procedure
    .input(
      settingsSchema.extend({
        products: z.record(productSchema, z.boolean()),
        /** null keeps the present one, empty removes it. */
        keys: z.record(productSchema, z.string().max(200).nullable()),
      }),
    )
    .output(connectionSchema),
  /** «Prova collegamento» with what is saved: one line a service; nothing changes on the node. */
  test: procedure
    .input(z.object({ environment: environmentSchema }))
    .output(longWork(z.object({ steps: z.array(stepSchema), passed: z.boolean() }))),
  /** What choosing an environment means, before it is done. */
  choosePreview: procedure.input(z.object({ environment: environmentSchema })).output(
    z.object({
      from: environmentSchema,
      to: environmentSchema,
      /** Positions that the node of the present environment holds, of which still to be paid. */
      held: countSchema,
      open: countSchema,
      /** Receipts and flows in the books that came from the node of an environment without real money. */
      inventedReceipts: countSchema,
      inventedFlows: countSchema,
      /** What forbids it. */
      problems: z.array(problemSchema),
    }),
  ),
  /** `typed`: the institution's fiscal code, wanted of who enters production or leaves it. */
  chooseEnvironment: procedure
    .input(z.object({ environment: environmentSchema, typed: z.string().trim().max(100).default('') }))
    .output(z.object({ environment: environmentSchema })),
  ibans: procedure.output(ibansOutput),
  refreshIbans: procedure.output(ibansOutput),
  calls: procedure.input(listInput(callFilters)).output(listOutput(callSchema, z.object({ failed: countSchema }))),
  exportCalls: procedure.input(exportInput(callFilters)).output(fileResultSchema),
  clearCalls: procedure.output(z.object({ cleared: countSchema })),
  /** The page of payments of the rehearsal node of this machine. */
  rehearsalPage: procedure.output(z.object({ url: z.string() })),
}
