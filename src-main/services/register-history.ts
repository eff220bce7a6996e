import type { z } from 'zod'
import type { importHistorySchema } from '#contract/register-import'
import type { IsoDate } from '#domain/date'
import { romeDate, romeDateTime } from '#domain/date'
import { stateWord } from '#domain/vocabulary'
import type { ReadHandle } from '#ledger/ledger'
import { borrow, giveBack, MemoryKey } from '#ledger/ledger-memory'
import {
  countHeld,
  listImports,
  type RegisterImportRow,
  type StatusSum,
  sumImportRows,
  sumRaised,
} from '#ledger/register-import'
import type { RegisterImportState } from '#ledger/schema/register'
import type { ServiceContext } from './context.ts'
import type { ExportColumn } from './list-export.ts'
import { type ListShape, searchAndSort } from './list-page.ts'
import { headOut, rowsOut } from './register-summary.ts'
import { whyNotUndone } from './register-undo.ts'

type HistoryRow = z.infer<typeof importHistorySchema>

export interface HistoryQuery extends ListShape {
  readonly filters: {
    readonly state: readonly RegisterImportState[]
    readonly from: IsoDate | null
    readonly to: IsoDate | null
  }
}

/** Imports of the filter, newest first unless sorted. */
export async function historyOf(db: ReadHandle, query: HistoryQuery): Promise<RegisterImportRow[]> {
  const { state, from, to } = query.filters
  const heads = (await listImports(db)).filter((head) => {
    const day = romeDate(head.at)
    return (
      (state.length === 0 || state.includes(head.state)) && (from === null || day >= from) && (to === null || day <= to)
    )
  })
  return searchAndSort(heads, query, {
    text: (head) => [head.fileName, head.operator, head.profile, head.sha256],
    columns: {
      at: (head) => head.at,
      confirmedAt: (head) => head.confirmedAt,
      fileName: (head) => head.fileName,
      operator: (head) => head.operator,
      profile: (head) => head.profile,
      state: (head) => stateWord('registerImport', head.state).word,
      rows: (head) => head.rowCount,
    },
  })
}

/** By import: rows of one that was confirmed never change, whatever is written elsewhere. */
const CONFIRMED = new MemoryKey<Map<number, readonly StatusSum[]>>()

async function rowSums(db: ReadHandle, { id, state }: RegisterImportRow): Promise<readonly StatusSum[]> {
  if (state !== 'confirmed' && state !== 'undone') return sumImportRows(db, id)
  const known = (await borrow(db, CONFIRMED))?.value ?? new Map<number, readonly StatusSum[]>()
  const sums = known.get(id) ?? (await sumImportRows(db, id))
  await giveBack(db, CONFIRMED, known.set(id, sums))
  return sums
}

export async function historyRow(
  db: ReadHandle,
  context: ServiceContext,
  head: RegisterImportRow,
): Promise<HistoryRow> {
  const sums = await rowSums(db, head)
  const raising = head.state === 'confirmed' && head.purpose !== 'people'
  const held = raising ? await countHeld(db, head.id) : undefined
  const whyNot = head.state === 'confirmed' ? await whyNotUndone(db, context, head, held) : []
  return {
    ...headOut(head, sums, held?.raised ?? (await sumRaised(db, head.id))),
    confirmedAt: head.confirmedAt,
    confirmedBy: head.confirmedBy,
    rowsOut: rowsOut(head, sums),
    created: { people: head.createdPeople, contacts: head.createdContacts, alboEntries: head.createdAlboEntries },
    updatedPeople: head.updatedPeople,
    undone:
      head.undoneAt === null
        ? null
        : { at: head.undoneAt, operator: head.undoneBy ?? '', reason: head.undoReason ?? '' },
    undoable: head.state === 'confirmed' && whyNot.length === 0,
    whyNot,
  }
}

export const HISTORY_COLUMNS: Readonly<Record<string, ExportColumn<HistoryRow>>> = {
  at: { kind: 'text', value: (row) => romeDateTime(row.at), width: 20 },
  operator: { kind: 'text', value: (row) => row.operator, width: 18 },
  fileName: { kind: 'text', value: (row) => row.fileName, width: 32 },
  sha256: { kind: 'code', value: (row) => row.sha256, width: 66 },
  profile: { kind: 'text', value: (row) => row.profile, width: 20 },
  state: { kind: 'text', value: (row) => stateWord('registerImport', row.state).word, width: 16 },
  rows: { kind: 'integer', value: (row) => row.rows },
  rowsOut: { kind: 'integer', value: (row) => row.rowsOut },
  accertamenti: { kind: 'integer', value: (row) => row.accertamenti.count },
  amount: { kind: 'money', value: (row) => row.accertamenti.cents },
  people: { kind: 'integer', value: (row) => row.created.people },
  updatedPeople: { kind: 'integer', value: (row) => row.updatedPeople },
  contacts: { kind: 'integer', value: (row) => row.created.contacts },
  alboEntries: { kind: 'integer', value: (row) => row.created.alboEntries },
  confirmedAt: { kind: 'text', value: (row) => row.confirmedAt && romeDateTime(row.confirmedAt), width: 20 },
  confirmedBy: { kind: 'text', value: (row) => row.confirmedBy, width: 18 },
  undone: {
    kind: 'text',
    value: (row) => row.undone && `${romeDateTime(row.undone.at)} · ${row.undone.operator} · ${row.undone.reason}`,
    width: 40,
  },
}
