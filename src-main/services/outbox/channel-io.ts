import { createHash } from 'node:crypto'
import { type Instant, instantOf } from '#domain/date'
import { ioMessage, ioRecipient } from '#domain/io-message'
import { letterValues } from '#domain/letter'
import type { SendOutcome } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { readInstitution } from '#ledger/institution'
import { leadingOf, noticeData } from '#ledger/notice-facts'
import { readOpenPayments } from '#ledger/open-payments'
import { checkIoKey, NOT_ENROLLED, needIoService, REFUSED } from '../io-service.ts'
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
      const open = (await context.ledger.read((db) => readOpenPayments(db, [facts]))).get(facts.debtPositionId) ?? null
      const payment = open?.single ?? open?.installments[0] ?? leadingOf(facts)
      const values = letterValues(noticeData(facts), {
        ...{ institution: institution.name, today: today(context), year: facts.year },
        open: campaign.purpose === 'reminder' ? open : null,
      })
      const made = ioMessage(campaign.template, values, {
        ...{ fiscalCode, dueDate: payment.dueDate, cents: payment.cents, noticeNumber: payment.noticeNumber },
        payeeFiscalCode: institution.fiscalCode,
      })
      if (!made.ok) return failed('text', made.reason)
      const profile = await context.io.profile(service, fiscalCode)
      if (profile.kind === 'notEnrolled') return failed('notEnrolled', NOT_ENROLLED)
      if (profile.kind === 'refused') return failed('refused', REFUSED)
      // Nothing was sent yet: without an answer it is only put off.
      if (profile.kind !== 'allowed') {
        const fault = profile as Fault
        return faultEnd(fault.kind === 'unknown' ? { ...fault, kind: 'temporary' } : fault, context.clock.epochMs())
      }
      const outcome = await context.io.send(service, made.message)
      if (outcome.kind !== 'sent') return faultEnd(outcome, context.clock.epochMs())
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

function failed(outcome: string, reason: string): ChannelEnd {
  return { state: 'failed', outcome, reply: null, reason, evidence: null, retry: false }
}

function faultEnd(fault: Fault, nowMs: number): ChannelEnd {
  const { kind, reply, reason } = fault
  const end = { outcome: kind as string, reason, evidence: null }
  // A key that is refused is everybody's: without a reply the way opens again, and stops there with the reason.
  if (kind === 'permanent' && /^40[13]\b/.test(reply)) return { ...end, state: 'deferred', reply: '', retry: true }
  if (kind === 'unknown') return { ...end, state: 'uncertain', reply, retry: false }
  if (kind === 'permanent') return { ...end, state: 'failed', reply, retry: false }
  const wait = fault.retryAfterSeconds
  const notBefore: { notBefore?: Instant } = wait === undefined ? {} : { notBefore: instantOf(nowMs + wait * 1000) }
  return { ...end, state: 'deferred', reply, retry: true, ...notBefore }
}
