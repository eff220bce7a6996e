import { createHash } from 'node:crypto'
import { type Instant, type IsoDate, instantOf } from '#domain/date'
import { type IoTexts, ioMessage, ioRecipient } from '#domain/io-message'
import type { SendOutcome } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { type Institution, readInstitution } from '#ledger/institution'
import { leadingOf, type NoticeFacts } from '#ledger/notice-facts'
import { checkIoKey, NOT_ENROLLED, needIoService, REFUSED } from '../io-service.ts'
import { fieldValues } from '../notice-paper.ts'
import { today } from '../produced-file.ts'
import type { ChannelEnd, OpenChannel } from './channel.ts'

type Fault = Exclude<SendOutcome, { kind: 'sent' }>

/** App IO: the profile is asked first, then one message with the payment; its state is asked later (`io-states.ts`). */
export const openIo: OpenChannel = async (context, campaign) => {
  const service = await needIoService(context)
  await checkIoKey(context, service)
  const institution = await context.ledger.read(readInstitution)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  return {
    async send({ delivery, facts }) {
      const fiscalCode = ioRecipient(delivery.addressText)
      if (fiscalCode === null) return failed('recipient', 'App IO è solo per le persone fisiche.')
      const made = ioMessageFor(campaign.template, facts, fiscalCode, { institution, today: today(context) })
      if (!made.ok) return failed('text', made.reason)
      const profile = await context.io.profile(service, fiscalCode)
      if (profile.kind === 'notEnrolled') return failed('notEnrolled', NOT_ENROLLED)
      if (profile.kind === 'refused') return failed('refused', REFUSED)
      // Nothing was sent yet: without an answer it is only put off.
      if (profile.kind !== 'allowed') {
        const fault = profile as Fault
        const asked: Fault = fault.kind === 'unknown' ? { ...fault, kind: 'temporary' } : fault
        return refusesAll(asked, /^40[13]\b/) ?? faultEnd(asked, context.clock.epochMs())
      }
      const outcome = await context.io.send(service, made.message)
      // A service that is not approved yet may write to some people only: a 403 is then that person's.
      if (outcome.kind !== 'sent') return refusesAll(outcome, /^401\b/) ?? faultEnd(outcome, context.clock.epochMs())
      const text = outcome.messageId === undefined ? 'Senza numero di messaggio' : `Messaggio ${outcome.messageId}`
      const bytes = Buffer.from(JSON.stringify(made.message))
      return {
        ...{ state: 'sent', outcome: 'sent', reply: outcome.reply, reason: null, retry: false },
        evidence: {
          kind: 'io',
          sha256: createHash('sha256').update(`${text}\n`).update(bytes).digest('hex'),
          text,
          bytesBase64: bytes.toString('base64'),
        },
      }
    },
    async close() {},
  }
}

/** The message for one position: it pays the single payment, else the first instalment that is open. */
export function ioMessageFor(
  template: IoTexts,
  facts: NoticeFacts,
  fiscalCode: string,
  { institution, today }: { readonly institution: Pick<Institution, 'name' | 'fiscalCode'>; readonly today: IsoDate },
) {
  const { dueDate, cents, noticeNumber } = leadingOf(facts)
  const values = fieldValues(facts, { institution: institution.name, today, inApp: true })
  return ioMessage(template, values, {
    ...{ fiscalCode, dueDate, cents, noticeNumber },
    payeeFiscalCode: institution.fiscalCode,
  })
}

function failed(outcome: string, reason: string): ChannelEnd {
  return { state: 'failed', outcome, reply: null, reason, evidence: null, retry: false }
}

/** A key that is refused is everybody's: without a reply the way opens again, and stops there with the reason. */
function refusesAll({ kind, reply, reason }: Fault, everybodys: RegExp): ChannelEnd | null {
  if (kind !== 'permanent' || !everybodys.test(reply)) return null
  return { state: 'deferred', outcome: kind, reply: '', reason, evidence: null, retry: true }
}

function faultEnd(fault: Fault, nowMs: number): ChannelEnd {
  const { kind, reply, reason } = fault
  const end = { outcome: kind as string, reason, evidence: null }
  if (kind === 'unknown') return { ...end, state: 'uncertain', reply, retry: false }
  if (kind === 'permanent') return { ...end, state: 'failed', reply, retry: false }
  // Asked to slow down without being told for how long: a minute, not one more message.
  const wait = fault.retryAfterSeconds ?? (reply.startsWith('429') ? 60 : undefined)
  const notBefore: { notBefore?: Instant } = wait === undefined ? {} : { notBefore: instantOf(nowMs + wait * 1000) }
  return { ...end, state: 'deferred', reply, retry: true, ...notBefore }
}
