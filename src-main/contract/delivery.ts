import { z } from 'zod'
import { channelSchema, debtPositionFilters, deliveryStateSchema } from './debt-position.ts'
import { exportInput, listInput, listOutput, selectionSchema } from './list.ts'
import { longWork, procedure } from './procedure.ts'
import {
  countSchema,
  fileResultSchema,
  fileTokenSchema,
  folderTokenSchema,
  idSchema,
  instantSchema,
  leftOutSchema,
  problemListSchema,
  reasonSchema,
  textSchema,
} from './values.ts'

const hostSchema = z.string().trim().min(1).max(255)
const portSchema = z.int().min(1).max(65_535)
const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** How much and when a way may send; nothing leaves outside the window. */
export const pacingSchema = z.object({
  /** Messages or files a minute at most. */
  perMinute: z.int().min(1).max(6000),
  /** A day at most (24 hours back from now); null for no limit. */
  perDay: z.int().min(1).max(1_000_000).nullable(),
  /** After so many a pause; null for none. */
  batch: z.object({ size: z.int().min(1).max(100_000), pauseSeconds: z.int().min(1).max(86_400) }).nullable(),
  /** Hours of Rome and days of the week (1 Monday … 7 Sunday); null for always. */
  window: z
    .object({ from: clockTimeSchema, to: clockTimeSchema, days: z.array(z.int().min(1).max(7)).min(1).max(7) })
    .nullable(),
})

export const mailAccountSchema = z.object({
  id: idSchema('mailAccount'),
  name: z.string().trim().min(1).max(80),
  kind: z.enum(['email', 'pec']),
  host: hostSchema,
  port: portSchema,
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().trim().max(255).nullable(),
  fromName: z.string().trim().max(100),
  fromAddress: z.email().max(254),
  pacing: pacingSchema,
  /** The mailbox in which receipts and bounces arrive; null where it is not read. Same password as for sending. */
  imap: z
    .object({
      host: hostSchema,
      port: portSchema,
      security: z.enum(['tls', 'starttls', 'none']),
      user: z.string().trim().min(1).max(255),
      folder: z.string().trim().min(1).max(255),
    })
    .nullable(),
  /** Whether a password is kept; the password itself never comes back. */
  hasPassword: z.boolean(),
  /** When the mailbox was last read to its end, and what went wrong since. */
  receiptsReadAt: instantSchema.nullable(),
  receiptsError: z.string().nullable(),
})

const saveMailAccount = mailAccountSchema
  .omit({ id: true, hasPassword: true, receiptsReadAt: true, receiptsError: true })
  .extend({
    id: idSchema('mailAccount').nullable(),
    /** null keeps the present one, empty removes it. */
    password: z.string().max(500).nullable(),
  })

const probeSteps = z.array(z.object({ step: z.string(), ok: z.boolean(), ms: countSchema, text: z.string() }))

export const mailAccount = {
  list: procedure.output(z.array(mailAccountSchema)),
  save: procedure.input(saveMailAccount).output(mailAccountSchema),
  remove: procedure.input(z.object({ id: idSchema('mailAccount') })).output(z.object({ id: idSchema('mailAccount') })),
  /** «Prova invio»: connects, encrypts, logs in (SMTP, then IMAP) and, with an address, sends a test message; one line a step. */
  test: procedure.input(z.object({ account: saveMailAccount, to: z.email().nullable() })).output(probeSteps),
  /** Reads the mailbox now: receipts and bounces are tied to their deliveries. */
  readReceipts: procedure
    .input(z.object({ id: idSchema('mailAccount') }))
    .output(
      longWork(z.object({ read: countSchema, tied: countSchema, unknown: countSchema, problems: problemListSchema })),
    ),
}

/** A server to which files go: FTP, FTPS (explicit or implicit TLS), SFTP. */
export const fileAccountSchema = z.object({
  id: idSchema('fileAccount'),
  name: z.string().trim().min(1).max(80),
  protocol: z.enum(['ftp', 'ftps', 'ftpsImplicit', 'sftp']),
  host: hostSchema,
  port: portSchema,
  user: z.string().trim().min(1).max(255),
  auth: z.enum(['password', 'key']),
  /** Where files are put, absolute or relative to the login folder. */
  remoteFolder: z.string().trim().max(500),
  pacing: pacingSchema,
  /** SHA-256 of the SFTP host key or of the TLS certificate that a person accepted; null where none was needed yet. */
  pinned: z.string().nullable(),
  hasSecret: z.boolean(),
})

const saveFileAccount = fileAccountSchema.omit({ id: true, hasSecret: true }).extend({
  id: idSchema('fileAccount').nullable(),
  /** Password, or pass-phrase of the key: null keeps the present one, empty removes it. */
  secret: z.string().max(500).nullable(),
  /** The private key file, uploaded once and kept in the keychain; null keeps the present one. */
  key: fileTokenSchema.nullable(),
})

export const fileAccount = {
  list: procedure.output(z.array(fileAccountSchema)),
  save: procedure.input(saveFileAccount).output(fileAccountSchema),
  remove: procedure.input(z.object({ id: idSchema('fileAccount') })).output(z.object({ id: idSchema('fileAccount') })),
  /** Connects, shows the server's key when it is new or changed, logs in, writes and removes a probe, tells free space where known. */
  test: procedure
    .input(
      z.object({
        account: saveFileAccount,
        /** Makes the remote folder where it is missing; without it a missing folder is told. */
        makeFolder: z.boolean().default(false),
      }),
    )
    .output(z.object({ steps: probeSteps, fingerprint: z.string().nullable(), known: z.boolean() })),
}

const publicationText = z.object({
  subject: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(10_000),
})

/** App IO, off until configured. */
export const ioServiceSchema = z.object({
  enabled: z.boolean(),
  /** The API's address; the official one unless a rehearsal server is meant. */
  baseUrl: z.url().max(300),
  pacing: pacingSchema,
  hasKey: z.boolean(),
  /** What is told when positions become payable on the node, where the connection says so. */
  publication: publicationText,
})

export const ioService = {
  get: procedure.output(ioServiceSchema),
  save: procedure
    .input(
      ioServiceSchema
        .omit({ hasKey: true })
        // Null keeps the present ones.
        .extend({ key: z.string().max(200).nullable(), publication: publicationText.nullable().default(null) }),
    )
    .output(ioServiceSchema),
  test: procedure.input(z.object({ fiscalCode: z.string().max(16) })).output(probeSteps),
}

export const deliveryFilters = z.object({
  campaignId: idSchema('campaign').nullable().default(null),
  debtPositionId: idSchema('debtPosition').nullable().default(null),
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

/** Who gets what: each channel needs its way (account, folder, service). */
const campaignInput = z.object({
  selection: selectionSchema(debtPositionFilters),
  /** `reminder` goes only to who has not paid, also where the notice was already delivered. */
  purpose: z.enum(['notice', 'reminder']).default('notice'),
  channels: z.array(channelSchema).min(1),
  emailAccountId: idSchema('mailAccount').nullable().default(null),
  pecAccountId: idSchema('mailAccount').nullable().default(null),
  fileAccountId: idSchema('fileAccount').nullable().default(null),
  /** Of the channels `folder` and `post`. */
  folder: folderTokenSchema.nullable().default(null),
  /** An index (CSV and JSON) beside the PDFs of `folder` and `server`. */
  index: z.boolean().default(false),
  /** `post`: one PDF each, or one for the printer. */
  postMerged: z.boolean().default(false),
  letter: z
    .object({ id: idSchema('letter'), place: z.enum(['before', 'after']) })
    .nullable()
    .default(null),
  subject: textSchema.max(200),
  /** Text with the fields of `domain/letter.ts`. */
  body: z.string().max(10_000),
  /** Null leaves at once (within the windows of the accounts). */
  startAt: instantSchema.nullable().default(null),
})

export const campaignSummarySchema = z.object({
  id: idSchema('campaign'),
  at: instantSchema,
  operator: z.string(),
  description: z.string(),
  purpose: z.enum(['notice', 'reminder']),
  /** `waiting`: outside a window, over a limit, or before its start; `stopped`: a way does not work, see `reason`. */
  state: z.enum(['running', 'waiting', 'paused', 'stopped', 'finished', 'cancelled']),
  reason: z.string().nullable(),
  /** When the next one may leave, or a server that did not answer is tried again by itself; and how long the rest takes at the present pace. */
  nextAt: instantSchema.nullable(),
  remainingSeconds: countSchema.nullable(),
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
      suppressed: countSchema,
      /** Most messages a minute of its account; null without a limit, and where nothing waits to leave. */
      perMinute: z.number().nullable(),
      /** When its next one may leave and how long the rest takes at that pace; null where nothing leaves by itself. */
      nextAt: instantSchema.nullable(),
      remainingSeconds: countSchema.nullable(),
      /** It does not work: it waits for a person, or for a server to answer again. */
      stopped: z.boolean(),
    }),
  ),
  /** Published positions without which it left, where nobody asked for it by hand. */
  leftOut: leftOutSchema,
})

const byCampaign = z.object({ id: idSchema('campaign') })

export const campaign = {
  /** Subject and text proposed for a new campaign (last used, else the standard ones). */
  defaults: procedure
    .input(z.object({ purpose: z.enum(['notice', 'reminder']).default('notice') }))
    .output(z.object({ subject: z.string(), body: z.string(), folder: folderTokenSchema.nullable() })),
  preview: procedure.input(campaignInput).output(
    z.object({
      channels: z.array(z.object({ channel: channelSchema, count: countSchema })),
      /** Who is left out and why (no address, already delivered, paid, cancelled, stop list). */
      leftOut: leftOutSchema,
      /** To be read before confirming: fewer than 25 days to the due date by post, addresses that Poste may refuse… */
      warnings: z.array(z.string()),
      /** How the first of them reads it; App IO has no attachment. */
      sample: z
        .object({ to: z.string(), subject: z.string(), body: z.string(), attachment: z.string().nullable() })
        .nullable(),
    }),
  ),
  /** Addresses of a postal batch as they would be printed, the doubtful ones first. */
  postalAddresses: procedure
    .input(
      z.object({
        selection: selectionSchema(debtPositionFilters),
        purpose: z.enum(['notice', 'reminder']).default('notice'),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(
      z.object({
        count: countSchema,
        wrong: countSchema,
        rows: z.array(
          z.object({
            debtPositionId: idSchema('debtPosition'),
            personName: z.string(),
            lines: z.array(z.string()),
            problems: z.array(z.string()),
          }),
        ),
      }),
    ),
  /** Writes one delivery per notice and channel; the outbox then drains them by itself. Cancelling before the end writes nothing. */
  start: procedure
    .input(campaignInput)
    .output(longWork(z.object({ campaign: campaignSummarySchema, problems: problemListSchema }))),
  pause: procedure.input(byCampaign).output(campaignSummarySchema),
  resume: procedure.input(byCampaign).output(campaignSummarySchema),
  /** What has not left stays «annullato»; with `cleanUp` files already put on the server or in the folder are removed, if still as written. */
  cancel: procedure
    .input(byCampaign.extend({ reason: textSchema, cleanUp: z.boolean().default(false) }))
    .output(longWork(z.object({ cancelled: countSchema, removed: countSchema, problems: problemListSchema }))),
  list: procedure.input(listInput(z.object({}))).output(listOutput(campaignSummarySchema, z.object({}))),
  get: procedure.input(byCampaign).output(campaignSummarySchema),
}

const attemptSchema = z.object({
  ordinal: countSchema,
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  messageId: z.string(),
  outcome: z.string().nullable(),
  reply: z.string().nullable(),
})

const evidenceSchema = z.object({
  id: idSchema('deliveryEvidence'),
  kind: z.string(),
  /** In words: «Ricevuta di avvenuta consegna». */
  title: z.string(),
  at: instantSchema,
  text: z.string().nullable(),
  hasFile: z.boolean(),
})

export const delivery = {
  list: procedure.input(listInput(deliveryFilters)).output(listOutput(deliveryRowSchema, z.object({}))),
  counts: procedure.output(z.record(z.string(), countSchema)),
  export: procedure.input(exportInput(deliveryFilters)).output(fileResultSchema),
  /** One delivery with all its attempts and evidence, oldest first. */
  get: procedure
    .input(z.object({ id: idSchema('delivery') }))
    .output(deliveryRowSchema.extend({ attempts: z.array(attemptSchema), evidence: z.array(evidenceSchema) })),
  /** The evidence as it came: a receipt (.eml), an index, a reply. */
  evidence: procedure.input(z.object({ id: idSchema('deliveryEvidence') })).output(z.file()),
  /** The same evidence as a person reads it: words out of their encoding, what is not text by name and size. */
  evidenceText: procedure.input(z.object({ id: idSchema('deliveryEvidence') })).output(
    z.object({
      sections: z.array(z.object({ title: z.string(), text: z.string() })),
      files: z.array(z.object({ name: z.string(), bytes: countSchema })),
    }),
  ),
  /** New deliveries of the failed ones, to the present addresses; the outbox sends them. */
  retry: procedure
    .input(z.object({ ids: z.array(idSchema('delivery')).min(1).max(200_000) }))
    .output(z.object({ queued: countSchema, leftOut: leftOutSchema })),
  /** Sends one again although it left, with a reason that stays. */
  resend: procedure
    .input(z.object({ id: idSchema('delivery'), reason: reasonSchema }))
    .output(z.object({ id: idSchema('delivery') })),
  /** A person decides on an «esito incerto»: it arrived, or it is sent again. */
  resolve: procedure
    .input(z.object({ id: idSchema('delivery'), as: z.enum(['sent', 'queued']), reason: textSchema }))
    .output(deliveryRowSchema),
  /** Takes back what has not left yet. */
  cancel: procedure
    .input(z.object({ ids: z.array(idSchema('delivery')).min(1).max(200_000), reason: textSchema.default('') }))
    .output(z.object({ cancelled: countSchema })),
  /** People whose address fails (bounce, mancata consegna, refusal) and still is the one in force. */
  failing: procedure.input(listInput(z.object({}))).output(
    listOutput(
      z.object({
        personId: idSchema('person'),
        personName: z.string(),
        contactPointId: idSchema('contactPoint'),
        channel: channelSchema,
        address: z.string(),
        failures: countSchema,
        lastAt: instantSchema,
        reason: z.string(),
      }),
      z.object({}),
    ),
  ),
  failingExport: procedure.input(exportInput(z.object({}))).output(fileResultSchema),
}

/** Stop list: people to whom nothing is sent, on one channel or on all, with the reason. */
export const deliveryStop = {
  list: procedure.input(listInput(z.object({ personId: idSchema('person').nullable().default(null) }))).output(
    listOutput(
      z.object({
        id: idSchema('deliveryStop'),
        personId: idSchema('person'),
        personName: z.string(),
        channel: channelSchema.nullable(),
        reason: z.string(),
        from: instantSchema,
        operator: z.string(),
      }),
      z.object({}),
    ),
  ),
  add: procedure
    .input(z.object({ personId: idSchema('person'), channel: channelSchema.nullable(), reason: reasonSchema }))
    .output(z.object({ id: idSchema('deliveryStop') })),
  remove: procedure
    .input(z.object({ id: idSchema('deliveryStop'), reason: reasonSchema }))
    .output(z.object({ id: idSchema('deliveryStop') })),
}
