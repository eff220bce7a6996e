import { readReceipt } from '#codecs/receipt-xml'
import { formatDate, type Instant, type IsoDate, isIsoDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import type { Receipt } from '#domain/receipt'
import type { NewReceipt, ReceiptFacts } from '#ledger/receipt-store'

/** A receipt read from a file: whole, or null with its problems. */
export interface ReadReceipt {
  readonly receipt: NewReceipt | null
  readonly iuv: string | null
  readonly problems: readonly Problem[]
}

/** One receipt of a file, ready to be kept if some of its money is of `receiver`. */
export async function readReceiptFile(
  file: {
    readonly name: string
    readonly bytes: Uint8Array
    readonly sha256: string
    /** Absent: a file. */
    readonly source?: 'file' | 'node'
  },
  receiver: string,
  at: Instant,
): Promise<ReadReceipt> {
  const { receipt, problems: found } = await readReceipt(file.bytes)
  const problems = found.map((p): Problem => ({ ...p, file: file.name }))
  const iuv = receipt?.iuv ?? null
  if (receipt === null || problems.some((p) => p.severity === 'error')) return { receipt: null, iuv, problems }
  if (!isOurs(receipt, receiver)) {
    const fiscalCode = receipt.creditorFiscalCode ?? ''
    return { receipt: null, iuv, problems: [problem('RECEIPT_FOREIGN', { fiscalCode }, { file: file.name })] }
  }
  const missing = (field: string): ReadReceipt => ({
    ...{ receipt: null, iuv },
    problems: [problem('RECEIPT_FIELD_MISSING', { field }, { file: file.name })],
  })
  if (iuv === null) return missing('lo IUV')
  if (receipt.amountCents === null) return missing('l’importo pagato')
  // What was not paid has no riscossione, and may have no day of it.
  if (receipt.ok && receipt.iur === null) return missing('lo IUR')
  if (receipt.ok && receipt.paidAt === null) return missing('la data di pagamento')
  return {
    iuv,
    problems,
    receipt: {
      receipt: {
        iuv,
        iur: receipt.iur ?? '',
        noticeNumber: receipt.noticeNumber,
        ok: receipt.ok ? 1 : 0,
        cents: receipt.amountCents,
        paidAt: receipt.paidAt ?? '',
        pspCode: receipt.pspId,
        pspName: receipt.pspName,
        payerFiscalCode: receipt.payer?.identifier || null,
        payerName: receipt.payer?.name || null,
        debtorFiscalCode: receipt.debtor?.identifier || null,
        debtorName: receipt.debtor?.name || null,
        feeCents: receipt.feeCents,
        fileName: file.source === 'node' ? null : file.name,
        sha256: file.sha256,
        importedAt: at,
        source: file.source ?? 'file',
        description: receipt.description,
        debtorKind: receipt.debtor?.kind ?? null,
      },
      transfers: receipt.transfers.map((t) => ({
        idTransfer: t.index,
        fiscalCode: t.receiverFiscalCode,
        cents: t.amountCents,
        iban: t.iban,
        stamp: t.stamp ? 1 : 0,
        category: t.category,
        remittance: t.remittance,
      })),
    },
  }
}

function isOurs(receipt: Receipt, receiver: string): boolean {
  return receipt.creditorFiscalCode === receiver || receipt.transfers.some((t) => t.receiverFiscalCode === receiver)
}

export function factsOf({ receipt, transfers }: NewReceipt): ReceiptFacts {
  const { iuv, iur, ok, cents, paidAt } = receipt
  return { iuv, iur, ok, cents, paidAt, transfers }
}

/** Null when both say the same; the form of the file and the time of the day may differ. */
export function receiptConflict(kept: ReceiptFacts, found: ReceiptFacts): Problem | null {
  if (textOf(kept) === textOf(found)) return null
  const { iuv, iur } = found
  return problem('RECEIPT_CONFLICT', { iuv, iur, kept: inWords(kept, found), found: inWords(found, kept) })
}

function textOf(f: ReceiptFacts): string {
  const transfers = f.transfers.map((t) => `${t.fiscalCode} ${t.cents}`).sort()
  return JSON.stringify([f.ok, f.cents, f.paidAt.slice(0, 10), transfers])
}

/** Outcome, amount and day, and the transfers when nothing else tells the two apart. */
function inWords(f: ReceiptFacts, other: ReceiptFacts): string {
  const day = f.paidAt.slice(0, 10)
  const words = [f.ok ? 'pagata' : 'non pagata', formatCents(f.cents)]
  if (isIsoDate(day)) words.push(`il ${formatDate(day as IsoDate)}`)
  const same = f.ok === other.ok && f.cents === other.cents && day === other.paidAt.slice(0, 10)
  if (same) words.push(`versamenti ${f.transfers.map((t) => `${formatCents(t.cents)} a ${t.fiscalCode}`).join(' e ')}`)
  return words.join(' ')
}
