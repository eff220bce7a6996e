import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { Tone } from '#domain/vocabulary'
import { type DecisionRow, type DecisionSubject, decisionsOf } from './decision.ts'
import type { ReadHandle } from './ledger.ts'
import { type NotePlace, notesOn } from './note-store.ts'

export interface SubjectFact {
  readonly at: Instant
  readonly text: string
  readonly tone: Tone
  readonly operator: string | null
}

/** A movement, flow, row of a flow, receipt or reversale, by all its names. */
export interface HistorySubject {
  readonly kind: 'movement' | 'flow' | 'flowRow' | 'receipt' | 'reversale'
  readonly id: number
  /** Only of a row. */
  readonly rowKey: string | null
  readonly decisions: DecisionSubject
  readonly notes: NotePlace
}

const DECISIONS: Readonly<Record<string, string>> = {
  manualMatch: 'Abbinato a mano',
  exclude: 'Escluso',
  internal: 'Segnato come giroconto',
  storno: 'Segnato come storno',
  acceptFlow: 'Accettato com’è',
  chooseVersion: 'Scelta la versione che vale',
  confirmRevocation: 'Confermata la revoca',
  assignRow: 'Attribuito a mano',
  netRevocation: 'Revoca presa al netto',
  setAside: 'Messo da parte',
  paidOutside: 'Segnata pagata fuori da pagoPA',
  keepReversale: 'Reversale tenuta com’è',
  keepLine: 'Riga tenuta com’è',
  skip: 'Rimandato',
}

/** All that happened to it, newest first. */
export async function readSubjectHistory(db: ReadHandle, subject: HistorySubject): Promise<SubjectFact[]> {
  const facts: SubjectFact[] = [
    ...(await arrivals(db, subject)),
    ...(await matches(db, subject)),
    ...(await decided(db, subject)),
    ...(await postings(db, subject)),
    ...(await noted(db, subject)),
  ]
  return facts
    .map((fact, index) => ({ fact, index }))
    .sort((a, b) => (a.fact.at === b.fact.at ? b.index - a.index : a.fact.at < b.fact.at ? 1 : -1))
    .map(({ fact }) => fact)
}

async function arrivals(db: ReadHandle, { kind, id, rowKey }: HistorySubject): Promise<SubjectFact[]> {
  if (kind === 'movement') {
    const row = await db
      .selectFrom('bankMovement as m')
      .innerJoin('bankStatement as s', 's.id', 'm.bankStatementId')
      .where('m.id', '=', id as Id<'bankMovement'>)
      .select(['s.importedAt', 's.fileName'])
      .executeTakeFirst()
    if (!row) return []
    return [{ at: row.importedAt, text: `Letto nell’estratto conto «${row.fileName}»`, tone: 'info', operator: null }]
  }
  if (kind === 'flow' || kind === 'flowRow') {
    const versions = await db
      .selectFrom('reportingFlowVersion')
      .where('reportingFlowId', '=', id as Id<'reportingFlow'>)
      .select(['id', 'importedAt', 'fileName', 'flowDateTimeText'])
      .orderBy('id')
      .execute()
    const [iuv, iur] = (rowKey ?? '').split('|')
    const holding =
      kind === 'flow'
        ? null
        : new Set(
            (
              await db
                .selectFrom('flowRow')
                .where(
                  'versionId',
                  'in',
                  versions.map((v) => v.id),
                )
                .where('iuv', '=', iuv ?? '')
                .where('iur', '=', iur ?? '')
                .select('versionId')
                .execute()
            ).map((row) => row.versionId as number),
          )
    return versions
      .filter((v) => holding === null || holding.has(v.id))
      .map((v, i) => ({
        at: v.importedAt,
        text: `${i === 0 ? 'Arrivato' : 'Arrivata una versione nuova'}: flusso del ${v.flowDateTimeText}${v.fileName ? `, «${v.fileName}»` : ''}`,
        tone: 'info',
        operator: null,
      }))
  }
  if (kind === 'receipt') {
    const row = await db
      .selectFrom('receipt')
      .where('id', '=', id as Id<'receipt'>)
      .select(['importedAt', 'fileName'])
      .executeTakeFirst()
    if (!row) return []
    return [
      {
        at: row.importedAt,
        text: `Ricevuta letta${row.fileName ? ` in «${row.fileName}»` : ''}`,
        tone: 'info',
        operator: null,
      },
    ]
  }
  return []
}

/** What the reconciliation has matched and unmatched, by itself or by a decision. */
async function matches(db: ReadHandle, { kind, id }: HistorySubject): Promise<SubjectFact[]> {
  if (kind !== 'movement' && kind !== 'flow') return []
  let query = db
    .selectFrom('match as k')
    .innerJoin('bankMovement as m', 'm.id', 'k.bankMovementId')
    .leftJoin('reportingFlow as f', 'f.id', 'k.reportingFlowId')
    .leftJoin('accertamento as a', 'a.id', 'k.accertamentoId')
    .select(['k.kind', 'k.cents', 'k.iuv', 'k.openedAt', 'k.closedAt', 'k.origin', 'm.bookingDate', 'f.flowId'])
    .select(['a.exercise', 'a.number', 'k.targetMovementId'])
    .orderBy('k.id')
  query =
    kind === 'flow'
      ? query.where('k.reportingFlowId', '=', id as Id<'reportingFlow'>)
      : query.where((eb) =>
          eb.or([
            eb('k.bankMovementId', '=', id as Id<'bankMovement'>),
            eb('k.targetMovementId', '=', id as Id<'bankMovement'>),
          ]),
        )
  return (await query.execute()).flatMap((k): SubjectFact[] => {
    const other =
      kind === 'flow'
        ? `l’accredito del ${formatDate(k.bookingDate)}`
        : k.kind === 'storno'
          ? k.targetMovementId === id
            ? `lo storno del ${formatDate(k.bookingDate)}`
            : 'l’accredito che storna'
          : (k.flowId ??
            (k.iuv !== null
              ? `IUV ${k.iuv}`
              : k.number !== null
                ? `accertamento ${k.number}/${k.exercise}`
                : 'giroconto'))
    const how = k.origin === 'engine' ? 'dal programma' : 'per decisione'
    const facts: SubjectFact[] = [
      { at: k.openedAt, text: `Abbinato ${how} con ${other}: ${formatCents(k.cents)}`, tone: 'ok', operator: null },
    ]
    if (k.closedAt !== null) {
      facts.push({ at: k.closedAt, text: `Non più abbinato con ${other}`, tone: 'warn', operator: null })
    }
    return facts
  })
}

async function decided(db: ReadHandle, { decisions }: HistorySubject): Promise<SubjectFact[]> {
  const rows = await decisionsOf(db, decisions)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return rows.map((row): SubjectFact => {
    const { at, operator, reason } = row
    const why = reason === '' ? '' : `: ${reason}`
    if (row.revokesId === null) {
      return { at, operator, text: `${DECISIONS[row.kind] ?? row.kind}${why}`, tone: row.revoked ? 'neu' : 'info' }
    }
    const again = byId.get(row.revokesId)?.revokesId !== null
    const what = (DECISIONS[firstOf(row, byId)?.kind ?? ''] ?? '').toLowerCase()
    return { at, operator, text: `${again ? 'Ripetuto' : 'Disfatto'} «${what}»${why}`, tone: again ? 'info' : 'warn' }
  })
}

function firstOf(row: DecisionRow, byId: ReadonlyMap<number, DecisionRow>): DecisionRow | undefined {
  let first: DecisionRow | undefined = row
  while (first && first.revokesId !== null) first = byId.get(first.revokesId)
  return first
}

async function postings(db: ReadHandle, { kind, id, rowKey }: HistorySubject): Promise<SubjectFact[]> {
  if (kind === 'receipt') return []
  let query = db
    .selectFrom('reversale as r')
    .innerJoin('reversaleLine as l', 'l.reversaleId', 'r.id')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .leftJoin('reversaleExecution as e', 'e.reversaleId', 'r.id')
    .select(['r.id', 'r.number', 'r.exercise', 'r.date', 'r.at', 'r.operator', 'l.cents'])
    .select([
      'x.at as annulledAt',
      'x.reason',
      'x.operator as annulledBy',
      'e.at as executedAt',
      'e.date as executedOn',
    ])
    .orderBy('r.id')
  if (kind === 'movement') query = query.where('l.bankMovementId', '=', id as Id<'bankMovement'>)
  if (kind === 'reversale') query = query.where('r.id', '=', id as Id<'reversale'>)
  if (kind === 'flow' || kind === 'flowRow') query = query.where('l.reportingFlowId', '=', id as Id<'reportingFlow'>)
  if (rowKey !== null) query = query.where('l.rowKey', '=', rowKey)
  const byReversale = Map.groupBy(await query.execute(), (row) => row.id as number)
  return [...byReversale.values()].flatMap((lines): SubjectFact[] => {
    const [first] = lines
    if (!first) return []
    const name = `Reversale ${first.number}/${first.exercise}`
    const total = lines.reduce((sum, line) => sum + line.cents, 0)
    const facts: SubjectFact[] = [
      {
        at: first.at,
        text: `${name} del ${formatDate(first.date)}: riscossi ${formatCents(total as typeof first.cents)}`,
        tone: 'ok',
        operator: first.operator,
      },
    ]
    if (first.executedAt !== null) {
      const day = formatDate(first.executedOn as IsoDate)
      facts.push({
        at: first.executedAt,
        text: `${name} eseguita dal tesoriere il ${day}`,
        tone: 'info',
        operator: null,
      })
    }
    if (first.annulledAt !== null) {
      facts.push({
        at: first.annulledAt,
        text: `${name} annullata: ${first.reason}`,
        tone: 'warn',
        operator: first.annulledBy,
      })
    }
    return facts
  })
}

async function noted(db: ReadHandle, { notes }: HistorySubject): Promise<SubjectFact[]> {
  return (await notesOn(db, notes)).flatMap(({ at, operator, text, assignee }): SubjectFact[] => [
    ...(text === '' ? [] : [{ at, operator, text: `Nota: ${text}`, tone: 'neu' as const }]),
    ...(assignee === null
      ? []
      : [{ at, operator, text: assignee === '' ? 'Di nessuno' : `Assegnato a ${assignee}`, tone: 'neu' as const }]),
  ])
}
