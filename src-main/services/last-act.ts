import type { z } from 'zod'
import type { tableOutput } from '#contract/work-table'
import { formatDate } from '#domain/date'
import { cents, formatCents } from '#domain/money'
import { type DecisionRow, decisionsWithRevocations } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { nameOfReversale } from './act.ts'
import { actsOfSession } from './act-stack.ts'
import type { ServiceContext } from './context.ts'
import type { ReconciledBooks } from './reconciled-books.ts'
import { tableIndex } from './table-index.ts'

const ACTS: Readonly<Record<string, string>> = {
  manualMatch: 'Abbinato',
  exclude: 'Escluso',
  internal: 'Segnato come giroconto',
  storno: 'Segnato come storno',
  skip: 'Rimandato',
  acceptFlow: 'Accettato',
  chooseVersion: 'Scelta la versione del',
  confirmRevocation: 'Confermata la revoca nel',
  assignRow: 'Attribuito',
  netRevocation: 'Presa al netto la revoca nel',
  setAside: 'Messo da parte',
  paidOutside: 'Segnata pagata fuori da pagoPA',
  keepReversale: 'Tenuta',
}

/** The last act of this operator that still stands, since the ledger was opened. */
export async function lastActOf(
  db: ReadHandle,
  context: ServiceContext,
  books: ReconciledBooks | null,
): Promise<z.infer<typeof tableOutput>['lastAct']> {
  for (const act of actsOfSession(context.ledger, context.operator)) {
    const ids = new Set<number>(act)
    const rows = (await decisionsWithRevocations(db, act)).filter((row) => ids.has(row.id) && !row.revoked)
    const [first] = rows
    if (!first) continue
    const many = rows.length > 1
    const text = many ? `${rows.length} decisioni` : inWords(first, books)
    return { decisionIds: rows.map((row) => row.id), text }
  }
  return null
}

function inWords(decision: DecisionRow, books: ReconciledBooks | null): string {
  const verb = ACTS[decision.kind] ?? decision.kind
  const payload = decision.payload as {
    readonly movementIds?: readonly number[]
    readonly movementId?: number
    readonly flowId?: string
    readonly reversaleId?: number
    readonly document?: string
  }
  const many = payload.movementIds?.length ?? 1
  if (many > 1) return `${verb} ${many} movimenti`
  const subject = decision.subjectKind === 'bankMovement' ? Number(decision.subjectKey) : undefined
  const id = payload.movementId ?? payload.movementIds?.[0] ?? subject
  const movement = id === undefined ? undefined : books && tableIndex(books).byMovement.get(id)?.movement
  if (movement) {
    const what = movement.cents < 0 ? 'l’addebito' : 'l’accredito'
    const amount = formatCents(cents(Math.abs(movement.cents)))
    return `${verb} ${what} del ${formatDate(movement.bookingDate)} di ${amount}`
  }
  if (decision.kind === 'assignRow' || decision.kind === 'skip') return `${verb} un pagamento`
  if (payload.flowId) return `${verb} flusso ${payload.flowId}`
  if (payload.reversaleId) return `${verb} la reversale ${nameOfReversale(payload.reversaleId)}`
  return payload.document ? `${verb} (${payload.document})` : verb
}
