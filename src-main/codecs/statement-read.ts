import type { StatementHead, StatementMapping, StatementReading } from '#domain/bank-statement'
import type { Problem } from '#domain/problem'
import { ok, type Result } from '#domain/result'
import { CAMT_PROFILE } from './statement-camt.ts'
import { readTabularHead, readTabularStatement } from './statement-csv.ts'
import { MT940_PROFILE, readStatementMt940 } from './statement-mt940.ts'
import { looksLikeMt940 } from './statement-mt940-fields.ts'
import { OPI_PROFILE, OPI_ROOT } from './statement-opi.ts'
import { RH_PROFILE, readStatementRh } from './statement-rh.ts'
import { looksLikeRh } from './statement-rh-records.ts'
import { looksLikeStatementXml, readStatementXml } from './statement-xml.ts'
import { headText } from './text-decode.ts'

/** Kinds of statement that say everything by themselves: no columns to choose. */
const FIXED: readonly {
  readonly profile: string
  recognises(head: string): boolean
  read(bytes: Uint8Array): StatementReading | Promise<StatementReading>
}[] = [
  { profile: RH_PROFILE, recognises: looksLikeRh, read: readStatementRh },
  { profile: MT940_PROFILE, recognises: looksLikeMt940, read: readStatementMt940 },
  {
    profile: OPI_PROFILE,
    recognises: (head) => looksLikeStatementXml(head) && head.includes(OPI_ROOT),
    read: readStatementXml,
  },
  { profile: CAMT_PROFILE, recognises: looksLikeStatementXml, read: readStatementXml },
]

/**
 * Reads a bank statement of any kind, recognised by its content: CBI records, MT940 messages, camt.053 and OPI documents, else a table (CSV or
 * workbook), which a mapping may say how to read. Movements are those that could be read; an error means: do not book.
 */
export async function readStatement(bytes: Uint8Array, mapping?: StatementMapping): Promise<StatementReading> {
  const fixed = fixedKind(bytes)
  return fixed ? fixed.read(bytes) : readTabularStatement(bytes, mapping)
}

/** The first records of a table and what the program makes of them; for a file that is no table, only what it is. */
export async function readStatementHead(bytes: Uint8Array, rows = 40): Promise<Result<StatementHead, Problem>> {
  const fixed = fixedKind(bytes)
  if (!fixed) return readTabularHead(bytes, rows)
  return ok({ encoding: 'utf-8', separator: ';', rows: [], profile: fixed.profile, proposal: null })
}

/** Whether a file is a statement that is no table. */
export function looksLikeFixedStatement(head: string): boolean {
  return FIXED.some((kind) => kind.recognises(head))
}

function fixedKind(bytes: Uint8Array): (typeof FIXED)[number] | null {
  const head = headText(bytes)
  return FIXED.find((kind) => kind.recognises(head)) ?? null
}
