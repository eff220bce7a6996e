import { z } from 'zod'
import { channelSchema, debtPositionFilters, deliveryStateSchema } from './debt-position.ts'
import { exportInput, listInput, listOutput, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  countSchema,
  fileResultSchema,
  folderTokenSchema,
  idSchema,
  instantSchema,
  problemListSchema,
  textSchema,
} from './values.ts'

export const mailAccountSchema = z.object({
  id: idSchema('mailAccount'),
  name: z.string().trim().min(1).max(80),
  kind: z.enum(['email', 'pec']),
  host: z.string().trim().min(1).max(255),
  port: z.int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().trim().max(255).nullable(),
  fromName: z.string().trim().max(100),
  fromAddress: z.email().max(254),
  /** Messages a minute at most. */
  perMinute: z.int().min(1).max(600),
  /** Whether a password is kept; the password itself never comes back. */
  hasPassword: z.boolean(),
})

const saveMailAccount = mailAccountSchema.omit({ id: true, hasPassword: true }).extend({
  id: idSchema('mailAccount').nullable(),
  /** null keeps the present one, empty removes it. */
  password: z.string().max(500).nullable(),
})

export const mailAccount = {
  list: procedure.output(z.array(mailAccountSchema)),
  save: procedure.input(saveMailAccount).output(mailAccountSchema),
  remove: procedure.input(z.object({ id: idSchema('mailAccount') })).output(z.object({ id: idSchema('mailAccount') })),
  /** «Prova invio»: connects, encrypts, logs in and, with an address, sends a test message; one line a step. */
  test: procedure
    .input(z.object({ account: saveMailAccount, to: z.email().nullable() }))
    .output(z.array(z.object({ step: z.string(), ok: z.boolean(), ms: countSchema, text: z.string() }))),
}

export const deliveryFilters = z.object({
  campaignId: idSchema('campaign').nullable().default(null),
  personId: idSchema('person').nullable().default(null),
  channel: z.array(channelSchema).default([]),
  state: z.array(deliveryStateSchema).default([]),
})

export const deliveryRowSchema = z.object({
  id: idSchema('delivery'),
  campaignId: idSchema('campaign'),
  debtPositionId: idSchema('debtPosition'),
  personId: idSchema('person'),
  personName: z.string(),
  noticeNumber: z.string(),
  channel: channelSchema,
  address: z.string(),
  state: deliveryStateSchema,
  ordinal: countSchema,
  at: instantSchema,
  /** Why, in plain words, and what the server said. */
  reason: z.string().nullable(),
  reply: z.string().nullable(),
})

/** Who gets what: a mail channel needs an account, the folder channel a folder. */
const campaignInput = z.object({
  selection: selectionSchema(debtPositionFilters),
  channels: z.array(channelSchema).min(1),
  emailAccountId: idSchema('mailAccount').nullable().default(null),
  pecAccountId: idSchema('mailAccount').nullable().default(null),
  folder: folderTokenSchema.nullable().default(null),
  subject: textSchema.max(200),
  /** Text with the fields {nome} {causale} {importo} {scadenza} {numeroAvviso} {ente}. */
  body: z.string().max(10_000),
})

export const campaignSummarySchema = z.object({
  id: idSchema('campaign'),
  at: instantSchema,
  operator: z.string(),
  description: z.string(),
  channels: z.array(
    z.object({
      channel: channelSchema,
      place: z.string(),
      total: countSchema,
      done: countSchema,
      failed: countSchema,
      uncertain: countSchema,
      waiting: countSchema,
      cancelled: countSchema,
    }),
  ),
})

export const campaign = {
  /** Subject and text proposed for a new campaign (last used, else the standard ones). */
  defaults: procedure.output(z.object({ subject: z.string(), body: z.string(), folder: folderTokenSchema.nullable() })),
  preview: procedure.input(campaignInput).output(
    z.object({
      channels: z.array(z.object({ channel: channelSchema, count: countSchema })),
      /** Who is left out and why (no address, already delivered, paid, cancelled). */
      leftOut: z.array(z.object({ reason: z.string(), count: countSchema })),
      sample: z.object({ to: z.string(), subject: z.string(), body: z.string(), attachment: z.string() }).nullable(),
    }),
  ),
  /** Writes one delivery per notice and channel, then drains them. Cancelling leaves the rest «annullato», what left has left. */
  start: procedure
    .input(campaignInput)
    .output(longWork(z.object({ campaign: campaignSummarySchema, problems: problemListSchema }))),
  list: procedure.input(listInput(z.object({}))).output(listOutput(campaignSummarySchema, z.object({}))),
  get: procedure.input(z.object({ id: idSchema('campaign') })).output(campaignSummarySchema),
}

export const delivery = {
  list: procedure.input(listInput(deliveryFilters)).output(listOutput(deliveryRowSchema, z.object({}))),
  counts: procedure.output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(deliveryFilters)).output(fileResultSchema),
  /** A new delivery of the failed ones, to the present address. */
  retry: procedure
    .input(z.object({ ids: z.array(idSchema('delivery')).min(1).max(10_000) }))
    .output(longWork(z.object({ sent: countSchema, failed: countSchema, uncertain: countSchema }))),
  /** A person decides on an «esito incerto»: it arrived, or it is sent again. */
  resolve: procedure
    .input(z.object({ id: idSchema('delivery'), as: z.enum(['sent', 'queued']), reason: textSchema }))
    .output(deliveryRowSchema),
  /** Takes back what has not left yet. */
  cancel: procedure
    .input(z.object({ ids: z.array(idSchema('delivery')).min(1).max(200_000) }))
    .output(z.object({ cancelled: countSchema })),
}
