import type { StatementReading } from '#domain/bank-statement'
import { type Problem, problem } from '#domain/problem'
import { CamtReader, isCamt } from './statement-camt.ts'
import { OPI_ROOT, OpiReader } from './statement-opi.ts'
import { readXmlTree } from './xml-element.ts'

/** What a statement in XML is called before it is read. */
const XML_STATEMENT_PROFILE = 'xml'

const LIMITS = { bytes: 64 * 1_048_576, depth: 64, text: 1_048_576 }

/** camt of any kind (the daily report and the notification too: they are told apart and refused in words), CBI, OPI. */
export function looksLikeStatementXml(head: string): boolean {
  if (!/^\s*(?:\u00EF\u00BB\u00BF|\uFEFF)?\s*</.test(head)) return false
  return /<(?:[\w.-]+:)?(?:BkToCstmr\w+|CBI\w*BkToCstmrStmtReq\w*|CBI(?:Dly|Prdc)StmtReqLogMsg|flusso_giornale_di_cassa)\b/.test(
    head,
  )
}

/** Reads camt.053, its CBI form, or an OPI cash journal. Movements are those that could be read; an error means: do not book. */
export async function readStatementXml(bytes: Uint8Array): Promise<StatementReading> {
  const camt = new CamtReader()
  const opi = new OpiReader()
  const tree = await readXmlTree(bytes, LIMITS, (element, parent) => camt.take(element, parent) || opi.take(element))
  if (!tree.ok) return nothing(tree.error)
  const root = tree.value
  if (root.name === OPI_ROOT) return opi.finish(root)
  if (isCamt(root)) return camt.finish()
  const inside = root.name === 'Document' ? (root.children[0] ?? root) : root
  return nothing(problem('STATEMENT_XML_ROOT', { root: inside.name }, inside.place()))
}

function nothing(reason: Problem): StatementReading {
  return { profile: XML_STATEMENT_PROFILE, movements: [], parts: [], outcomes: [], pages: null, problems: [reason] }
}
