import { type AlboReplyRow, readAlboReply, replyHeadings } from '#codecs/albo-reply'
import { alboProfile } from '#domain/albo-profile'
import type { Id } from '#domain/brand'
import { romeDateTime } from '#domain/date'
import { sum } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { stateWord } from '#domain/vocabulary'
import { listAlboDestinations } from '#ledger/albo-destination'
import {
  type AlboListState,
  type AlboSent,
  type AlboSentRow,
  answerAlboRows,
  listAlboSent,
  listAlboSentRows,
  readAlboFile,
  setAlboFile,
} from '#ledger/albo-sent'
import type { ReadHandle } from '#ledger/ledger'
import { makeList, needDestination, needSent, sendWaiting } from './albo-write-back.ts'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { ProblemList } from './problem-list.ts'
import { CSV_MIME, produceFile, XLSX_MIME } from './produced-file.ts'

interface SentRow extends AlboSent {
  readonly destination: string
  readonly place: string
}

const RULES: ListRules<SentRow> = {
  text: (r) => [r.destination, r.fileName, r.operator, r.place],
  columns: {
    at: (r) => r.at,
    destination: (r) => r.destination,
    fileName: (r) => r.fileName,
    operator: (r) => r.operator,
    rows: (r) => r.rows,
    cents: (r) => r.cents,
    state: (r) => stateWord('alboList', r.state).word,
    accepted: (r) => r.accepted,
    refused: (r) => r.refused,
  },
}

const ROW_RULES: ListRules<AlboSentRow> = {
  text: (r) => [r.personName, r.fiscalCode, r.externalReference],
  columns: { ordinal: (r) => r.ordinal, personName: (r) => r.personName, cents: (r) => r.cents },
}

const COLUMNS: Readonly<Record<string, ExportColumn<SentRow>>> = {
  at: { kind: 'text', value: (r) => romeDateTime(r.at), width: 17 },
  destination: { kind: 'text', value: (r) => r.destination, width: 22 },
  place: { kind: 'text', value: (r) => r.place, width: 26 },
  fileName: { kind: 'text', value: (r) => r.fileName, width: 28 },
  operator: { kind: 'text', value: (r) => r.operator, width: 16 },
  rows: { kind: 'integer', value: (r) => r.rows },
  cents: { kind: 'money', value: (r) => r.cents },
  state: { kind: 'text', value: (r) => stateWord('alboList', r.state).word, width: 18 },
  accepted: { kind: 'integer', value: (r) => r.accepted },
  refused: { kind: 'integer', value: (r) => r.refused },
  reason: { kind: 'text', value: (r) => r.reason, width: 30 },
}

interface Filters {
  readonly destinationId: Id<'alboDestination'> | null
  readonly state: readonly AlboListState[]
}

async function sentRows(db: ReadHandle, filters: Filters): Promise<SentRow[]> {
  return withDestinations(db, await listAlboSent(db, filters))
}

async function withDestinations(db: ReadHandle, lists: readonly AlboSent[]): Promise<SentRow[]> {
  const of = new Map((await listAlboDestinations(db)).map((d) => [d.id, d]))
  return lists.map((list) => {
    const { name = '', place = '' } = of.get(list.destinationId) ?? {}
    return { ...list, destination: name, place }
  })
}

async function sentOut(db: ReadHandle, id: Id<'alboExport'>): Promise<SentRow> {
  const [row] = await withDestinations(db, [await needSent(db, id)])
  return row as SentRow
}

/** What all its rows were answered says of the list; with rows not answered yet it stays sent. */
function stateOf(rows: readonly AlboSentRow[]): AlboListState {
  const refused = rows.filter((row) => row.outcome === 'refused').length
  if (refused === 0) return rows.every((row) => row.outcome === 'accepted') ? 'accepted' : 'sent'
  return refused === rows.length ? 'refused' : 'partlyAccepted'
}

type Answer = Parameters<typeof answerAlboRows>[2][number]

/** Writes down what the Albo said. Refused rows that a later list has told again cannot be answered anew. */
async function keepAnswer(
  context: ServiceContext,
  id: Id<'alboExport'>,
  answerOfRows: (rows: readonly AlboSentRow[]) => readonly Answer[],
) {
  const write = command(context, 'albo.answer', { list: id })
  return context.ledger.write(write, async (db) => {
    const list = await needSent(db, id)
    const rows = await listAlboSentRows(db, id)
    const answers = answerOfRows(rows)
    const named = new Set(answers.map((answer) => answer.ordinal))
    if (rows.some((row) => row.againIn !== null && named.has(row.ordinal))) {
      throw new ProblemError(problem('ALBO_LIST_ANSWERED', { name: list.fileName }))
    }
    await answerAlboRows(db, id, answers)
    await setAlboFile(db, id, {
      state: stateOf(await listAlboSentRows(db, id)),
      ...{ answeredAt: write.at, answeredBy: write.operator, nextAt: null, reason: null },
    })
    return sentOut(db, id)
  })
}

/** Ties each answered row to the row of the list that it speaks of; what is not sure is told and left without an answer. */
function tie(
  replies: readonly AlboReplyRow[],
  rows: readonly AlboSentRow[],
  key: 'externalReference' | 'fiscalCode',
): { readonly answers: Answer[]; readonly problems: Problem[] } {
  const by = Map.groupBy(rows, (row) => (row[key] ?? '').toUpperCase())
  /** Null: said twice and not alike. */
  const answers = new Map<number, Answer | null>()
  const problems: Problem[] = []
  for (const reply of replies) {
    const of = (by.get(reply.key) ?? []).filter(
      (row) => reply.year === null || String(row.competenceYear) === reply.year.trim(),
    )
    const [only] = of
    const value = reply.year === null ? reply.key : `${reply.key} ${reply.year}`
    const at = { position: { row: reply.row }, severity: 'warning' as const }
    if (only === undefined || reply.key === '') problems.push(problem('ALBO_REPLY_UNKNOWN', { value }, at))
    else if (of.length > 1) problems.push(problem('ALBO_REPLY_MANY', { value }, at))
    else if (reply.outcome === null) problems.push(problem('ALBO_REPLY_OUTCOME', { value: reply.said }, at))
    else {
      const { ordinal } = only
      const answer: Answer = {
        ordinal,
        outcome: reply.outcome,
        reason: reply.outcome === 'refused' ? reply.reason : null,
      }
      const before = answers.get(ordinal)
      if (before !== undefined && before?.outcome !== answer.outcome) {
        problems.push(problem('ALBO_REPLY_TWICE', { value }, at))
        answers.set(ordinal, null)
      } else answers.set(ordinal, answer)
    }
  }
  return { answers: [...answers.values()].filter((answer) => answer !== null), problems }
}

export const alboSent = {
  send: os.alboSent.send.handler(async ({ context, input }) => {
    const id = await makeList(context, input.destinationId)
    await sendWaiting(context, await context.ledger.read((db) => needDestination(db, input.destinationId)), true)
    return context.ledger.read((db) => sentOut(db, id))
  }),

  list: os.alboSent.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = searchAndSort(await sentRows(db, input.filters), input, RULES)
      return answerOf(rows, input, { cents: sum(rows.map((row) => row.cents)) })
    }),
  ),

  export: os.alboSent.export.handler(async ({ context, input }) => {
    const rows = searchAndSort(await context.ledger.read((db) => sentRows(db, input.filters)), input, RULES)
    return exportRows({ ctx: context, input, columns: COLUMNS, rows, totals: { cents: sum(rows.map((r) => r.cents)) } })
  }),

  rows: os.alboSent.rows.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { id, outcome } = input.filters
      await needSent(db, id)
      const all = (await listAlboSentRows(db, id)).filter((r) => outcome.length === 0 || outcome.includes(r.outcome))
      const refusedFirst = all.toSorted((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'))
      const rows = searchAndSort(refusedFirst, input, ROW_RULES)
      const shown = rows.map(({ againIn, ...row }) => ({ ...row, again: againIn !== null }))
      return answerOf(shown, input, { cents: sum(rows.map((row) => row.cents)) })
    }),
  ),

  file: os.alboSent.file.handler(async ({ context, input }) => {
    const { list, bytes, download } = await context.ledger.read(async (db) => {
      const found = await needSent(db, input.id)
      const destination = (await listAlboDestinations(db)).find((d) => d.id === found.destinationId)
      return { list: found, bytes: await readAlboFile(db, input.id), download: destination?.way === 'download' }
    })
    if (bytes === null) throw new ProblemError(problem('ALBO_LIST_GONE', {}))
    const file = await produceFile(context, list.fileName, list.fileName.endsWith('.csv') ? CSV_MIME : XLSX_MIME, [
      bytes,
    ])
    if (download && list.state === 'waiting') {
      await context.ledger.write(command(context, 'albo.sent', { list: input.id, outcome: 'download' }), (db) =>
        setAlboFile(db, input.id, { state: 'sent', sentAt: context.clock.now(), attempts: list.attempts + 1 }),
      )
    }
    return file
  }),

  retry: os.alboSent.retry.handler(async ({ context, input }) => {
    const destination = await context.ledger.read(async (db) =>
      needDestination(db, (await needSent(db, input.id)).destinationId),
    )
    await sendWaiting(context, destination, true)
    return context.ledger.read((db) => sentOut(db, input.id))
  }),

  answer: os.alboSent.answer.handler(({ context, input }) => {
    const refused = new Map(input.refused.map(({ ordinal, reason }) => [ordinal, reason]))
    return keepAnswer(context, input.id, (rows) =>
      rows
        .filter((row) => row.againIn === null)
        .map(({ ordinal }) => {
          const reason = refused.get(ordinal) ?? null
          return { ordinal, outcome: reason === null ? ('accepted' as const) : ('refused' as const), reason }
        }),
    )
  }),

  answerFile: os.alboSent.answerFile.handler(async ({ context, input }) => {
    const profile = await context.ledger.read(async (db) => {
      const { destinationId } = await needSent(db, input.id)
      const destination = (await listAlboDestinations(db)).find((d) => d.id === destinationId)
      return alboProfile(destination?.profile ?? 'neutro')
    })
    const file = await context.files.open(input.token)
    const read = await readAlboReply(await file.bytes(), profile)
    if (!read.ok) throw new ProblemError({ ...read.error, file: file.name })
    if (read.value === null) {
      const wanted = replyHeadings(profile.reply).map((heading) => `«${heading}»`)
      throw new ProblemError(problem('ALBO_REPLY_HEADINGS', { wanted: wanted.join(', ') }, { file: file.name }))
    }
    const replies = read.value
    if (replies.length === 0) throw new ProblemError(problem('ALBO_REPLY_EMPTY', {}, { file: file.name }))
    const problems = new ProblemList()
    const row = await keepAnswer(context, input.id, (rows) => {
      const tied = tie(replies, rows, profile.reply.key)
      problems.add(...tied.problems.map((p) => ({ ...p, file: file.name })))
      if (tied.answers.length === 0) throw new ProblemError(...problems.first.slice(0, 20))
      return tied.answers
    })
    return { ...row, problems: problems.list() }
  }),
}
