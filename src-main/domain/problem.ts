import { booksProblems } from './problems/books.ts'
import { cartProblems } from './problems/cart.ts'
import { decisionProblems } from './problems/decision.ts'
import { deliveryProblems } from './problems/delivery.ts'
import { fileProblems } from './problems/file.ts'
import { fileServerProblems } from './problems/file-server.ts'
import { flowProblems } from './problems/flow.ts'
import { graphicProblems } from './problems/graphic.ts'
import { institutionProblems } from './problems/institution.ts'
import { intakeProblems } from './problems/intake.ts'
import { nodeConnectionProblems } from './problems/node-connection.ts'
import { nodeInboxProblems } from './problems/node-inbox.ts'
import { nodePublishProblems } from './problems/node-publish.ts'
import { noticeProblems } from './problems/notice.ts'
import { noticeStyleProblems } from './problems/notice-style.ts'
import { partnerProblems } from './problems/partner.ts'
import { peopleProblems } from './problems/people.ts'
import { registerProblems } from './problems/register.ts'
import { registerCheckProblems } from './problems/register-check.ts'
import { registerFileProblems } from './problems/register-file.ts'
import { statementProblems } from './problems/statement.ts'
import { statementRecordProblems } from './problems/statement-record.ts'
import { statementXmlProblems } from './problems/statement-xml.ts'
import { systemProblems } from './problems/system.ts'
import { tariffProblems } from './problems/tariff.ts'
import { taxonomyProblems } from './problems/taxonomy.ts'

/**
 * The one table of what can go wrong for a user: each code has the Italian sentence (what is wrong) and the remedy
 * (what to do), both made from typed parameters. The families stand in `problems/`, one file a subject.
 */
export const PROBLEMS = {
  ...fileProblems,
  ...registerProblems,
  ...registerCheckProblems,
  ...registerFileProblems,
  ...institutionProblems,
  ...flowProblems,
  ...statementProblems,
  ...statementXmlProblems,
  ...statementRecordProblems,
  ...noticeProblems,
  ...noticeStyleProblems,
  ...graphicProblems,
  ...deliveryProblems,
  ...fileServerProblems,
  ...decisionProblems,
  ...booksProblems,
  ...intakeProblems,
  ...cartProblems,
  ...tariffProblems,
  ...partnerProblems,
  ...taxonomyProblems,
  ...peopleProblems,
  ...nodeConnectionProblems,
  ...nodePublishProblems,
  ...nodeInboxProblems,
  ...systemProblems,
} as const

export type ProblemCode = keyof typeof PROBLEMS
export type ProblemParams<C extends ProblemCode> = Parameters<(typeof PROBLEMS)[C]['text']>[0]

/** Where in a file: only the parts that apply are present. Rows, columns and lines count from 1; column as in Excel («F»). */
export interface ProblemPosition {
  readonly sheet?: string
  readonly row?: number
  readonly column?: string
  readonly line?: number
  /** Path of an XML element, or of a field in JSON. */
  readonly path?: string
}

/** A problem as data: what crosses rooms and the wire. `params` fit the code's sentence. */
export interface Problem {
  readonly code: ProblemCode
  readonly params: Readonly<Record<string, string | number>>
  readonly severity: 'error' | 'warning'
  readonly position?: ProblemPosition
  readonly file?: string
  /** Heading of the column or name of the field, as the person knows it. */
  readonly field?: string
  /** What it reads there, as written. */
  readonly excerpt?: string
}

export interface ProblemPlace {
  readonly severity?: 'error' | 'warning'
  readonly position?: ProblemPosition
  readonly file?: string
  readonly field?: string
  readonly excerpt?: string
}

export function problem<C extends ProblemCode>(code: C, params: ProblemParams<C>, place: ProblemPlace = {}): Problem {
  return { severity: 'error', ...place, code, params: params as Readonly<Record<string, string | number>> }
}

/** The sentence and the remedy, without place: «Importo non leggibile: «1,234.56». Usa la forma 1.234,56.» */
export function problemText(p: Problem): string {
  const entry = PROBLEMS[p.code] as { text(params: never): string; remedy(params: never): string }
  const remedy = entry.remedy(p.params as never)
  const text = entry.text(p.params as never)
  return remedy === '' ? text : `${text} ${remedy}`
}

/** A problem as other programs read it on the command line. */
export interface ProblemJson {
  readonly code: string
  /** Sentence and remedy, in Italian. */
  readonly message: string
  /** Only the parts that apply. */
  readonly position: ProblemPosition
}

export function problemJson(p: Problem): ProblemJson {
  return { code: p.code, message: problemText(p), position: p.position ?? {} }
}

/** Where, in words: «quote.xlsx, foglio «Posizioni», riga 12, colonna F (Importo)». Empty when nothing is known. */
export function problemPlace(p: Problem): string {
  const at = p.position ?? {}
  const parts: string[] = []
  if (p.file) parts.push(p.file)
  if (at.sheet !== undefined) parts.push(`foglio «${at.sheet}»`)
  if (at.row !== undefined) parts.push(`riga ${at.row}`)
  if (at.line !== undefined) parts.push(`riga ${at.line}`)
  if (at.column !== undefined) parts.push(`colonna ${at.column}${p.field ? ` (${p.field})` : ''}`)
  else if (p.field) parts.push(p.field)
  if (at.path !== undefined) parts.push(`elemento ${at.path}`)
  return parts.join(', ')
}

/** Place, excerpt, sentence and remedy, as the command line and the gallery print it (DESIGN.md, Values and problems). */
export function problemReport(p: Problem): string {
  const place = problemPlace(p)
  const line = p.position?.row ?? p.position?.line
  const excerpt = p.excerpt === undefined ? '' : `    ${line === undefined ? '' : `${line} │ `}${p.excerpt}\n`
  return `${place === '' ? '' : `${place}\n`}${excerpt}${problemText(p)}`
}

/** Thrown by services when a command cannot be done for a reason of the user's: crosses the wire as typed data. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[]
  constructor(...problems: readonly Problem[]) {
    super(problems.map(problemReport).join('\n'))
    this.name = 'ProblemError'
    this.problems = problems
  }
}
