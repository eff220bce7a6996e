import type { z } from 'zod'
import { mergePapers } from '#codecs/pdf/merge-papers'
import { drawReversale, layReversale } from '#codecs/pdf/reversale'
import type { reversaleFilters, reversaleRowSchema } from '#contract/reversale'
import { formatDate, type Instant, yearOf } from '#domain/date'
import { formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { agreeLate, readAgreedLate } from '#ledger/book-rule'
import { listExerciseStates } from '#ledger/chart'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { lastReversaleNumbers } from '#ledger/numbering'
import { movementOfProvvisorio, setProvvisorio } from '#ledger/provvisorio'
import { listReversaleLines, listReversali, type ReversaleFilter, type ReversaleRow } from '#ledger/reversale-list'
import { stornoNamesNumber } from '#ledger/storno-credit'
import { annulAndReopen } from './annul-reversali.ts'
import { command } from './command.ts'
import { os } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, searchAndSort } from './list-page.ts'
import { longWork, pause } from './long-work.ts'
import { paperInstitution } from './paper-heading.ts'
import { postDrafts } from './posting.ts'
import { fileNameOf, PDF_MIME, produceFile, today } from './produced-file.ts'
import { NO_PEOPLE, reconciledBooks, reconcileLedger } from './reconcile-ledger.ts'
import { alarms, keptBy, oneReversale } from './reversale-alarm.ts'
import { alarmsOf, lateCredits, postingWarnings, readyToPost, type Scope, wireDraft } from './reversale-drafts.ts'
import { reversaleDocument } from './reversale-paper.ts'
import type { Selection } from './selection.ts'
import { readSignatures, writeSignatures } from './signatures.ts'

type Row = z.infer<typeof reversaleRowSchema>
type Filters = z.infer<typeof reversaleFilters>
type Query = ListShape & { readonly filters: Filters }

const RULES: ListRules<Row> = {
  text: (r) => [`${r.number}`, r.causale, r.capitolo, r.flowId, r.debtor, r.account],
  columns: {
    number: (r) => r.number,
    date: (r) => r.date,
    capitolo: (r) => r.capitolo,
    originYear: (r) => r.originYear,
    account: (r) => r.account,
    flowId: (r) => r.flowId,
    debtor: (r) => r.debtor,
    causale: (r) => r.causale,
    lines: (r) => r.lines,
    cents: (r) => r.cents,
    state: (r) => r.state,
    transmissionList: (r) => r.transmissionList,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  number: { kind: 'integer', value: (r) => r.number },
  date: { kind: 'date', value: (r) => r.date },
  capitolo: { kind: 'text', value: (r) => r.capitolo },
  originYear: { kind: 'integer', value: (r) => r.originYear },
  account: { kind: 'text', value: (r) => r.account },
  flowId: { kind: 'code', value: (r) => r.flowId, width: 36 },
  debtor: { kind: 'text', value: (r) => r.debtor },
  causale: { kind: 'text', value: (r) => r.causale, width: 40 },
  lines: { kind: 'integer', value: (r) => r.lines },
  cents: { kind: 'money', value: (r) => r.cents },
  state: { kind: 'text', value: (r) => (r.state === 'annulled' ? 'Annullata' : 'Emessa'), width: 12 },
  transmissionList: { kind: 'integer', value: (r) => r.transmissionList },
  annulledOn: { kind: 'date', value: (r) => r.annulledOn },
  annulmentReason: { kind: 'text', value: (r) => r.annulmentReason },
}

function wireRow(r: ReversaleRow): Row {
  return {
    id: r.id,
    exercise: r.exercise,
    number: r.number,
    date: r.date,
    capitolo: `${r.capitoloCode} ${r.capitoloName}`,
    originYear: r.originYear,
    residui: r.originYear < r.exercise,
    account: r.account,
    flowId: r.flowId,
    debtor: r.debtor,
    causale: r.causale,
    lines: r.lines,
    cents: r.cents,
    state: r.annulledOn === null ? 'issued' : 'annulled',
    annulledOn: r.annulledOn,
    annulmentReason: r.annulmentReason,
    transmissionList: r.transmissionList,
    executedOn: r.executedOn,
  }
}

async function filtered(db: ReadHandle, filters: Filters, shape: ListShape): Promise<Row[]> {
  const filter: ReversaleFilter = { exercise: filters.exercise, capitoloId: filters.capitoloId }
  const wanted = filters.flowId?.toLowerCase() ?? null
  const rows = (await listReversali(db, filter))
    .map(wireRow)
    .filter(
      (r) =>
        (filters.state.length === 0 || filters.state.includes(r.state)) &&
        (filters.dateFrom === null || r.date >= filters.dateFrom) &&
        (filters.dateTo === null || r.date <= filters.dateTo) &&
        isOnList(r, filters.transmitted) &&
        (wanted === null || (r.flowId ?? '').toLowerCase().includes(wanted)),
    )
  return searchAndSort(rows, shape, RULES)
}

function isOnList(r: Row, wanted: boolean | null): boolean {
  if (wanted === null) return true
  return wanted ? r.transmissionList !== null : r.transmissionList === null && r.state === 'issued'
}

function totalsOf(rows: readonly Row[]) {
  return {
    cents: sum(rows.filter((r) => r.state === 'issued').map((r) => r.cents)),
    annulledCents: sum(rows.filter((r) => r.state === 'annulled').map((r) => r.cents)),
  }
}

/** Those chosen on the list, in the order of their numbers. */
async function chosen(db: ReadHandle, selection: Selection<Query>): Promise<ReversaleRow[]> {
  if ('ids' in selection) {
    const ids = new Set<number>(selection.ids)
    return (await listReversali(db, {})).filter((r) => ids.has(r.id))
  }
  const except = new Set<number>(selection.except)
  const { filters, ...shape } = selection.query
  const shown = new Set<number>((await filtered(db, filters, shape)).map((r) => r.id))
  const all = await listReversali(db, { exercise: filters.exercise })
  return all.filter((r) => shown.has(r.id) && !except.has(r.id))
}

/** Late credits of a closed exercise go into the open one only after a person has said so, once (DOMAIN.md §10.9). */
async function refuseUnsaid(
  db: WriteHandle,
  order: { readonly scope: Scope; readonly keys: readonly string[]; readonly agreedLate: readonly number[] },
  at: Instant,
): Promise<void> {
  if (!(await listExerciseStates(db)).some((e) => e.state === 'closed' || e.state === 'approved')) return
  const books = await reconcileLedger(db, at, NO_PEOPLE)
  if (books === null) return
  const wanted = new Set(order.keys)
  const { drafts } = (await readyToPost(db, books, order.scope, at)).groups
  const agreed = new Set([...(await readAgreedLate(db)), ...order.agreedLate])
  const unsaid = lateCredits(drafts.filter((d) => wanted.has(d.groupKey))).find((late) => !agreed.has(late.year))
  if (unsaid === undefined) return
  const { year, open } = unsaid
  throw new ProblemError(problem('POSTING_LATE_CREDIT', { year, open, cents: formatCents(unsaid.cents) }))
}

export const reversale = {
  ...alarms,

  ready: os.reversale.ready.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const at = context.clock.now()
      const books = await reconciledBooks(db, at)
      if (!books) {
        const totals = { count: 0, cents: sum([]) }
        const none = { drafts: [], nextNumbers: [], warnings: [], late: [], alarms: [] }
        return { ...none, totals, payments: 0, nextNumber: 1, exercise: null }
      }
      const ready = await readyToPost(db, books, input, at)
      const drafts = ready.groups.drafts.map((d) => wireDraft(d, ready.facts))
      const exercise = drafts[0]?.exercise ?? null
      const agreed = await readAgreedLate(db)
      const lasts = await lastReversaleNumbers(db)
      const years = [...new Set(drafts.map((d) => d.exercise))]
      const nextNumbers = years.map((year) => ({ exercise: year, number: (lasts.get(year) ?? 0) + 1 }))
      return {
        drafts,
        totals: { count: drafts.length, cents: sum(drafts.map((d) => d.cents)) },
        payments: new Set(ready.groups.drafts.flatMap((d) => d.lines.map((l) => l.claim))).size,
        nextNumber: nextNumbers[0]?.number ?? 1,
        exercise,
        nextNumbers,
        warnings: await postingWarnings(db, ready, books, input, today(context)),
        late: lateCredits(ready.groups.drafts).filter((late) => !agreed.has(late.year)),
        alarms: alarmsOf(books.plan.gone),
      }
    }),
  ),

  post: os.reversale.post.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const at = context.clock.now()
      const { operator } = context
      const { agreedLate } = input
      const payload = {
        reversali: input.keys.length,
        cents: input.expectedCents,
        ...(agreedLate.length > 0 ? { agreedLate } : {}),
      }
      return context.ledger.write({ command: 'reversale.post', operator, payload, at }, async (db) => {
        await refuseUnsaid(db, input, at)
        if (agreedLate.length > 0) await agreeLate(db, agreedLate)
        return postDrafts(db, input, { at, operator }, report)
      })
    }),
  ),

  list: os.reversale.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await filtered(db, input.filters, input)
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  counts: os.reversale.counts.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await listReversali(db, { exercise: input.exercise })
      const annulled = rows.filter((r) => r.annulledOn !== null).length
      const toTransmit = rows.filter((r) => r.annulledOn === null && r.transmissionList === null).length
      return { all: rows.length, issued: rows.length - annulled, annulled, toTransmit }
    }),
  ),

  export: os.reversale.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input))
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { cents: totalsOf(rows).cents },
    })
  }),

  get: os.reversale.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = await oneReversale(db, input.id)
      const kept = await keptBy(db, input.id)
      const document = (await listReversaleLines(db, input.id)).map(
        ({ exercise, number, causale: _causale, provvisorio, ...line }) => ({
          ...line,
          accertamento: `${exercise}/${number}`,
          provvisorio: provvisorio === null ? null : String(provvisorio),
        }),
      )
      const { at, operator } = row
      const keptInWords = kept && { at: kept.at, operator: kept.operator, reason: kept.reason }
      return { ...wireRow(row), document, at, operator, kept: keptInWords }
    }),
  ),

  pdf: os.reversale.pdf.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = await oneReversale(db, input.id)
      const bytes = drawReversale(await reversaleDocument(db, row))
      const name = `reversale-${row.exercise}-${String(row.number).padStart(4, '0')}.pdf`
      return new File([bytes as Uint8Array<ArrayBuffer>], name, { type: 'application/pdf' })
    }),
  ),

  print: os.reversale.print.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const rows = await context.ledger.read((db) => chosen(db, input.selection))
      if (rows.length === 0) throw new ProblemError(problem('PAPERS_NONE', {}))
      const drawn = async function* () {
        for (const [index, row] of rows.entries()) {
          const pages = layReversale(await context.ledger.read((db) => reversaleDocument(db, row)))
          yield { title: `Reversale ${row.number} del ${formatDate(row.date)}`, pages }
          report('Disegno le reversali', index + 1, rows.length)
          await pause()
        }
      }
      const { name: author } = await context.ledger.read(paperInstitution)
      const info = { title: `Reversali d’incasso (${rows.length})`, author, subject: 'Reversali d’incasso' }
      const name = fileNameOf('reversali', today(context), 'pdf')
      const file = await produceFile(context, name, PDF_MIME, mergePapers(drawn(), info))
      return { file, reversali: rows.length }
    }),
  ),

  signatures: os.reversale.signatures.handler(async ({ context }) => ({
    offices: await context.ledger.read(readSignatures),
  })),

  saveSignatures: os.reversale.saveSignatures.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'reversale.saveSignatures', input), (db) =>
      writeSignatures(db, input.offices),
    )
    return input
  }),

  annul: os.reversale.annul.handler(({ context, input }) => {
    const at = context.clock.now()
    const { operator } = context
    const payload = { id: input.id, reason: input.reason }
    return context.ledger.write({ command: 'reversale.annul', operator, payload, at }, async (db) => {
      const row = await oneReversale(db, input.id)
      await annulAndReopen(db, { reversaleIds: [input.id], reason: input.reason, at, operator })
      return { id: row.id, number: row.number }
    })
  }),

  setProvvisorio: os.reversale.setProvvisorio.handler(({ context, input }) => {
    const { bankMovementId, number } = input
    const write = command(context, 'reversale.setProvvisorio', input)
    return context.ledger.write(write, async (db) => {
      const movement = await db
        .selectFrom('bankMovement')
        .select(['bankAccountId', 'bookingDate', 'cents'])
        .where('id', '=', bankMovementId)
        .executeTakeFirst()
      if (!movement) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id: bankMovementId }))
      if (movement.cents < 0) throw new ProblemError(problem('PROVVISORIO_OF_DEBIT', {}))
      const exercise = yearOf(movement.bookingDate)
      const given = number === null ? null : { bankAccountId: movement.bankAccountId, exercise, number }
      if (given !== null) {
        if (!(await listExerciseStates(db)).some((e) => e.year === exercise)) {
          throw new ProblemError(problem('PROVVISORIO_NO_EXERCISE', { year: exercise }))
        }
        const of = await movementOfProvvisorio(db, given)
        if (of === bankMovementId) return input
        if (of !== null) throw new ProblemError(problem('PROVVISORIO_TAKEN', { number: given.number, exercise }))
      }
      await setProvvisorio(db, bankMovementId, given, write.at)
      if (await stornoNamesNumber(db, movement.bankAccountId)) await reconcileLedger(db, write.at, NO_PEOPLE)
      return input
    })
  }),
}
