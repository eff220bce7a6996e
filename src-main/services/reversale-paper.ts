import { creditsInWords } from '#domain/credit-words'
import type { ReversaleDocument } from '#domain/reversale-paper'
import type { ReadHandle } from '#ledger/ledger'
import { listReversaleLines, type ReversaleRow } from '#ledger/reversale-list'
import { accountName, paperInstitution } from './paper-heading.ts'
import { readSignatures } from './signatures.ts'

/** The paper of one reversale, signatures and all. */
export async function reversaleDocument(db: ReadHandle, row: ReversaleRow): Promise<ReversaleDocument> {
  const lines = await listReversaleLines(db, row.id)
  const debtors = new Set(lines.map((l) => l.personId))
  return {
    institution: await paperInstitution(db),
    exercise: row.exercise,
    number: row.number,
    date: row.date,
    capitolo: { code: row.capitoloCode, name: row.capitoloName },
    management: row.originYear < row.exercise ? 'residui' : 'competenza',
    originYear: row.originYear,
    debtor: debtors.size === 1 && lines[0] ? { name: lines[0].personName, fiscalCode: lines[0].fiscalCode } : null,
    causale: row.causale,
    cents: row.cents,
    account: accountName(row),
    credits: creditsInWords(lines),
    flowId: row.flowId,
    lines: lines.map((l) => ({
      accertamento: `${l.exercise}/${l.number}`,
      debtor: l.personName,
      causale: l.causale,
      iuv: l.iuv,
      cents: l.cents,
    })),
    signatures: await readSignatures(db),
    annulled: row.annulledOn === null ? null : { on: row.annulledOn, reason: row.annulmentReason ?? '' },
  }
}
