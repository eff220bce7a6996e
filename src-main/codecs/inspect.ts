import type { StatementReading } from '#domain/bank-statement'
import { type Problem, ProblemError, type ProblemJson, problem, problemJson } from '#domain/problem'
import type { ReceiptReading } from '#domain/receipt'
import type { RegisterReading } from '#domain/register-row'
import type { ReportingFlowReading } from '#domain/reporting-flow'
import { looksLikeEvidenceZip, readEvidenceZip } from './evidence-zip.ts'
import { looksLikeFlowJson, readFlow } from './flow-read.ts'
import { graphicFormat, readGraphic } from './graphic.ts'
import { looksLikeHtml } from './html-table.ts'
import { readReceipt } from './receipt-xml.ts'
import { Refusal } from './refusal.ts'
import { columnOfHeading } from './register-columns.ts'
import { readRegisterWhole } from './register-read.ts'
import { looksLikeFixedStatement, readStatement } from './statement-read.ts'
import { headText } from './text-decode.ts'
import { readXls } from './xls-read.ts'
import type { XlsxRow } from './xlsx-cell.ts'
import { openXlsx } from './xlsx-read.ts'
import { readXml, XML_LIMITS } from './xml-read.ts'

export const INSPECT_KINDS = ['register', 'bankStatement', 'reportingFlow', 'receipt', 'graphic', 'archive'] as const
export type InspectKind = (typeof INSPECT_KINDS)[number]

/** The JSON of `inspect`: a contract with other programs. Absent values are null. */
export interface Inspection {
  readonly kind: InspectKind | 'unknown'
  readonly problems: readonly ProblemJson[]
  readonly [field: string]: unknown
}

/** What the program reads in a file, recognised by its content unless `as` says what it must be. */
export async function inspectFile(name: string, bytes: Uint8Array, as?: InspectKind): Promise<Inspection> {
  const kind = as ?? (await recogniseKind(bytes))
  switch (kind) {
    case 'register':
      return registerJson(await readRegisterWhole(bytes, { maxProblems: Number.POSITIVE_INFINITY }))
    case 'bankStatement':
      return statementJson(await readStatement(bytes))
    case 'reportingFlow':
      return flowJson(await readFlow(bytes))
    case 'receipt':
      return receiptJson(await readReceipt(bytes))
    case 'graphic':
      return graphicJson(bytes)
    case 'archive':
      return archiveJson(bytes)
    case null:
      return { kind: 'unknown', problems: [problemJson(unknownProblem(name, bytes))] }
  }
}

/** Kind by content, never by name: null when it is none of ours. */
export async function recogniseKind(bytes: Uint8Array): Promise<InspectKind | null> {
  if (bytes.length === 0) return null
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) return recogniseOldWorkbook(bytes)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return looksLikeEvidenceZip(bytes) ? 'archive' : recogniseWorkbook(bytes)
  if (graphicFormat(bytes) === 'png') return 'graphic'
  if (looksLikeFlowJson(bytes)) return 'reportingFlow'
  const head = headText(bytes)
  if (looksLikeHtml(head) || looksLikeFixedStatement(head)) return 'bankStatement'
  if (/^\s*</.test(head)) {
    const names = await rootNames(bytes)
    if (names[0] === 'svg' || (names.length === 0 && /<(svg:)?svg\b/.test(head))) return 'graphic'
    if (names.includes('FlussoRiversamento')) return 'reportingFlow'
    if (names.some((n) => n === 'RT' || /^paSendRT/.test(n))) return 'receipt'
    // A damaged document still says what it meant to be.
    if (/FlussoRiversamento/.test(head)) return 'reportingFlow'
    return /paSendRT|[<:]RT\b/.test(head) ? 'receipt' : null
  }
  return bytes.subarray(0, 4096).includes(0) && !/^\u00FF\u00FE|^\u00FE\u00FF/.test(head) ? null : textKind(head)
}

function textKind(head: string): InspectKind | null {
  // JSON has commas and digits as well: what is no flow is none of ours.
  if (/^\s*[{[]/.test(head)) return null
  if (headingsOfRegister(head)) return 'register'
  return /[;,\t|]/.test(head) && (/\d/.test(head) || /\bdata\b/i.test(head)) ? 'bankStatement' : null
}

/** The tracciato as a text file: one of its first lines has its headings. */
function headingsOfRegister(head: string): boolean {
  return head.split(/\r\n?|\n/, 20).some((line) => isRegisterHead(line.split(/[;,\t|]/)))
}

function isRegisterHead(headings: readonly string[]): boolean {
  const keys = headings.map((heading) => columnOfHeading(heading)?.key)
  return keys.includes('fiscalCode') && new Set(keys.filter((key) => key !== undefined)).size >= 3
}

/** A workbook is the register when some row of its first ones has three known headings with the fiscal code among them. */
async function recogniseWorkbook(bytes: Uint8Array): Promise<InspectKind> {
  const book = await openXlsx(bytes)
  if (!book.ok) return 'register'
  try {
    for (const [sheet] of book.value.sheets.entries()) {
      for await (const rows of book.value.rows(sheet)) {
        const kind = kindOfRows(rows)
        if (kind) return kind
        break
      }
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  return 'register'
}

function recogniseOldWorkbook(bytes: Uint8Array): InspectKind {
  const sheets = readXls(bytes)
  if (!sheets.ok) return 'register'
  return sheets.value.map((sheet) => kindOfRows(sheet.rows)).find((kind) => kind !== null) ?? 'register'
}

function kindOfRows(rows: readonly XlsxRow[]): 'register' | 'bankStatement' | null {
  for (const row of rows.filter((r) => r.number <= 60)) {
    const headings = [...row.cells.values()].map((c) => (c.kind === 'text' ? c.text : ''))
    if (isRegisterHead(headings)) return 'register'
    if (
      headings.some((h) => /^data ?(contabile|operaz|valuta|registr|esec|bolletta|op\.|val\.)|^data$/i.test(h.trim()))
    )
      return 'bankStatement'
  }
  return null
}

/** Names of the root and of the first elements below it (a SOAP envelope hides the receipt two levels down). */
async function rootNames(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = []
  await readXml(
    bytes,
    {
      open(name) {
        names.push(name)
        if (names.length >= 6) throw new Refusal(problem('XML_LIMIT', { limit: '' }))
      },
      close() {},
    },
    XML_LIMITS,
  )
  return names
}

function unknownProblem(name: string, bytes: Uint8Array): Problem {
  return bytes.length === 0 ? problem('FILE_EMPTY', {}) : problem('FILE_UNKNOWN', { name })
}

function statementJson({ profile, movements, parts, outcomes, pages, problems }: StatementReading): Inspection {
  return {
    kind: 'bankStatement',
    profile,
    pages: pages === null ? null : { key: pages.key, page: pages.page, pages: pages.pages },
    parts: parts.map(({ account, from, to, openingCents, closingCents }) => ({
      account: account?.text ?? null,
      iban: account?.iban ?? null,
      from: from ?? null,
      to: to ?? null,
      openingCents,
      closingCents,
    })),
    movements: movements.map((m) => ({
      line: m.line,
      part: m.part,
      bookingDate: m.bookingDate,
      valueDate: m.valueDate,
      amountCents: m.amountCents,
      description: m.description,
      reference: m.reference,
      provvisorio: m.provvisorio,
      counterparty: m.counterparty,
      endToEndId: m.endToEndId,
      transactionCode: m.transactionCode,
      takesBack: m.takesBack,
    })),
    outcomes: outcomes.map(({ kind, exercise, reversale, provvisorio, cents, date, line }) => ({
      line,
      kind,
      exercise,
      reversale,
      provvisorio,
      amountCents: cents,
      date,
    })),
    problems: problems.map(problemJson),
  }
}

function flowJson({ flow, problems }: ReportingFlowReading): Inspection {
  return {
    kind: 'reportingFlow',
    flowId: flow.flowId,
    flowDateTime: flow.flowDateTime,
    regulationId: flow.regulationId,
    regulationDate: flow.regulationDate,
    senderId: flow.senderId,
    receiverFiscalCode: flow.receiverFiscalCode,
    declaredCount: flow.declaredCount,
    declaredTotalCents: flow.declaredTotalCents,
    rows: flow.rows.map(({ iuv, iur, index, amountCents, outcome, outcomeDate }) => ({
      iuv,
      iur,
      index,
      amountCents,
      outcome,
      outcomeDate,
    })),
    problems: problems.map(problemJson),
  }
}

function receiptJson({ receipt, problems }: ReceiptReading): Inspection {
  return {
    kind: 'receipt',
    iuv: receipt?.iuv ?? null,
    iur: receipt?.iur ?? null,
    noticeNumber: receipt?.noticeNumber ?? null,
    ok: receipt?.ok ?? null,
    amountCents: receipt?.amountCents ?? null,
    paidAt: receipt?.paidAt ?? null,
    pspName: receipt?.pspName ?? null,
    transfers: (receipt?.transfers ?? []).map(({ index, receiverFiscalCode, amountCents }) => ({
      index,
      receiverFiscalCode,
      amountCents,
    })),
    problems: problems.map(problemJson),
  }
}

/** Each file of the archive as it would be by itself; the problems of all of them stand together as well. */
async function archiveJson(bytes: Uint8Array): Promise<Inspection> {
  const archive = readEvidenceZip(bytes)
  if (!archive.ok) return { kind: 'archive', entries: [], problems: [problemJson(archive.error)] }
  const entries: (Inspection & { readonly name: string })[] = []
  for (const entry of archive.value) {
    const read = await entry.bytes()
    const inspected: Inspection = read.ok
      ? await inspectFile(entry.name, read.value)
      : { kind: 'unknown', problems: [problemJson(read.error)] }
    entries.push({ name: entry.name, ...inspected })
  }
  return { kind: 'archive', entries, problems: entries.flatMap((e) => e.problems) }
}

function graphicJson(bytes: Uint8Array): Inspection {
  const about = { kind: 'graphic', format: graphicFormat(bytes) } as const
  try {
    const { width, height } = readGraphic(bytes)
    return { ...about, width, height, problems: [] }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { ...about, width: null, height: null, problems: error.problems.map(problemJson) }
  }
}

function registerJson({ profile, rows, problems }: RegisterReading): Inspection {
  return {
    kind: 'register',
    profile,
    rows: rows.map((r) => ({
      row: r.row,
      fiscalCode: r.fiscalCode,
      name: r.name,
      category: r.category,
      service: r.service,
      competenceYear: r.competenceYear,
      causale: r.causale,
      amountCents: r.amountCents,
      dueDate: r.dueDate,
      capitolo: r.capitolo,
      externalReference: r.externalReference,
    })),
    problems: problems.map(problemJson),
  }
}
