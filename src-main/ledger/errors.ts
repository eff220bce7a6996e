import { PROBLEMS, type ProblemCode, ProblemError, problem } from '#domain/problem'

/** Rows by table, as the sentences of `problems/books.ts` name them. */
const THINGS: Readonly<Record<string, string>> = {
  accertamento: 'accertamento',
  accertamentoVariation: 'variazione di accertamento',
  accertamentoBalance: 'saldo dell’accertamento',
  movementBalance: 'saldo del movimento',
  reversale: 'reversale',
  reversaleLine: 'riga di reversale',
  reversaleAnnulment: 'annullamento di reversale',
  transmissionList: 'distinta',
  match: 'abbinamento',
  bankMovement: 'movimento bancario',
  bankStatement: 'estratto conto',
  bankAccount: 'conto',
  reportingFlow: 'flusso di rendicontazione',
  reportingFlowVersion: 'flusso di rendicontazione',
  flowRow: 'riga di flusso',
  receipt: 'ricevuta',
  decision: 'decisione',
  iuvAssignment: 'IUV',
  installment: 'rata',
  debtPosition: 'posizione debitoria',
  notice: 'avviso',
  delivery: 'consegna',
  quietanza: 'quietanza',
  journalEntry: 'registro attività',
  registerImport: 'importazione',
  importRow: 'riga importata',
  capitolo: 'capitolo',
  serviceType: 'tipo di dovuto',
  person: 'persona',
  exercise: 'esercizio',
}

interface DriverError extends Error {
  readonly code?: string
  readonly constraint?: string
  readonly table?: string
}

const UNIQUE = new Set(['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'])
const FOREIGN = new Set(['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'])
const CHECK = new Set(['23514', 'SQLITE_CONSTRAINT_CHECK'])

/** A refusal of the database as the problem it stands for; anything else comes back as it was. */
export function problemOfError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProblemError) return error
  const { code = '', message, constraint, table } = error as DriverError
  const raised = /^(BOOKS_[A-Z_]+) (\w+)$/.exec(message)
  if (raised && (raised[1] as string) in PROBLEMS) return refusal(raised[1] as ProblemCode, raised[2] as string)
  const name = constraint ?? /constraint failed: (\w+)/.exec(message)?.[1] ?? ''
  const about = table ?? name
  if (UNIQUE.has(code)) return refusal('BOOKS_DUPLICATE', about)
  if (FOREIGN.has(code)) return refusal('BOOKS_REFERENCED', about)
  if (CHECK.has(code) && name.startsWith('accertamentoBalance')) return refusal('BOOKS_OVERDRAWN_ACCERTAMENTO', '')
  if (CHECK.has(code) && name.startsWith('movementBalance')) return refusal('BOOKS_OVERDRAWN_MOVEMENT', '')
  if (code === 'SQLITE_FULL' || code === '53100') return refusal('LEDGER_DISK_FULL', '')
  if (code.startsWith('SQLITE_BUSY')) return refusal('LEDGER_BUSY', '')
  if (code.startsWith('SQLITE_READONLY')) return refusal('LEDGER_READ_ONLY', '')
  return error
}

function refusal(code: ProblemCode, table: string): ProblemError {
  return new ProblemError(problem(code, { thing: THINGS[table] ?? table } as never))
}
