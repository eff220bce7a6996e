import { createHash } from 'node:crypto'
import type { SendOutcome } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { fillTemplate } from '#domain/template'
import type { NoticeFacts } from '#ledger/notice-facts'
import { mailServerOf, needMailAccount, refusePecSender } from '../mail-account.ts'
import { fieldValues, paperFileName, readPaperRun } from '../notice-paper.ts'
import { today } from '../produced-file.ts'
import type { CampaignTemplate, ChannelEnd, OpenChannel } from './channel.ts'
import { PapersAhead } from './papers-ahead.ts'

const STATE_OF = { sent: 'sent', temporary: 'deferred', permanent: 'failed', unknown: 'uncertain' } as const

/** E-mail and PEC: one message a notice, the paper attached; a certified one only from the mailbox that logs in. */
export const openMail: OpenChannel = async (context, campaign, way) => {
  const account = await needMailAccount(context, way.accountId as never)
  if (account.kind !== way.channel) throw new ProblemError(problem('MAIL_ACCOUNT_KIND', { name: account.name }))
  refusePecSender(account)
  const { template } = campaign
  const run = await context.ledger.read((db) => readPaperRun(db, context, template.letter ?? null))
  const connection = await context.mail.open(await mailServerOf(context, account))
  const papers = new PapersAhead(context, run, campaign.purpose)
  return {
    prepare: (next) => papers.prepare(next),
    async send({ delivery, messageId, facts }) {
      const { bytes } = await papers.take(facts)
      const outcome = await connection.send({
        from: { name: account.fromName, address: account.fromAddress },
        to: { name: facts.name, address: delivery.addressText },
        ...mailText(template, facts, { institution: run.institution.name, today: today(context) }),
        messageId,
        attachments: [{ name: paperFileName(facts, run.fileNamePattern), mime: 'application/pdf', bytes }],
      })
      return mailEnd(outcome, messageId)
    },
    async close() {
      await papers.close()
      await connection.close()
    },
  }
}

function mailEnd(outcome: SendOutcome, messageId: string): ChannelEnd {
  const text = `${messageId} ${outcome.reply}`
  return {
    state: STATE_OF[outcome.kind],
    outcome: outcome.kind,
    reply: outcome.reply,
    reason: outcome.kind === 'sent' ? null : outcome.reason,
    evidence:
      outcome.kind === 'sent' ? { kind: 'smtp', sha256: createHash('sha256').update(text).digest('hex'), text } : null,
    retry: outcome.kind === 'temporary',
  }
}

/** Subject on one line and text of the mail that carries one notice. */
export function mailText(
  template: Pick<CampaignTemplate, 'subject' | 'body'>,
  facts: NoticeFacts,
  more: Parameters<typeof fieldValues>[1],
) {
  const values = fieldValues(facts, more)
  const subject = fillTemplate(template.subject, values).replace(/\s+/g, ' ').trim()
  return { subject, text: fillTemplate(template.body, values) }
}
