import type { createRouterClient } from '@orpc/server'
import type { router } from '#services/router'

export type ListClient = ReturnType<typeof createRouterClient<typeof router, Record<never, never>>>
type Ask = () => Promise<unknown>
type Query = Readonly<Record<string, unknown>>

const EXERCISE = { exercise: 2026 }

/** A list as the tests ask it: every column that sorts, a search, filters as a person combines them. */
interface Asked {
  readonly name: string
  readonly list: (query: never) => Promise<{ readonly count: number }>
  readonly filters: Query
  readonly columns: string
  readonly searches: readonly string[]
  readonly narrowed: readonly Query[]
}

/** Every question a page asks of a list, by name: opening, each sort both ways, the middle, the end, search, filters, counts. */
export function listQuestions(client: ListClient): [string, Ask][] {
  const questions = listsOf(client).flatMap(({ name, list, filters, columns, searches, narrowed }): [string, Ask][] => {
    const ask = (more: Query) => list({ filters, search: '', sort: null, offset: 0, limit: 200, ...more } as never)
    let count: Promise<number> | undefined
    const at = (place: number, more: Query) => async () => {
      count ??= ask({ limit: 1 }).then((answer) => answer.count)
      return ask({ ...more, offset: Math.max(0, Math.floor(((await count) - 200) * place)) })
    }
    const sorts = columns.split(' ')
    const first = { column: sorts[0], direction: 'asc' }
    return [
      [`${name}, opened`, () => ask({})],
      ...sorts.flatMap((column): [string, Ask][] => [
        [`${name} by ${column}`, () => ask({ sort: { column, direction: 'asc' } })],
        [`${name} by ${column}, falling`, () => ask({ sort: { column, direction: 'desc' } })],
        [`${name} by ${column}, middle`, at(0.5, { sort: { column, direction: 'asc' } })],
        [`${name} by ${column}, last page`, at(1, { sort: { column, direction: 'desc' } })],
      ]),
      ...searches.map((search): [string, Ask] => [`${name}, search «${search}»`, () => ask({ search, sort: first })]),
      ...narrowed.map((some): [string, Ask] => [
        `${name}, ${JSON.stringify(some)}`,
        () => ask({ filters: { ...filters, ...some }, sort: first }),
      ]),
    ]
  })
  return [...questions, ...countsOf(client)]
}

function listsOf(client: ListClient): readonly Asked[] {
  return [
    {
      name: 'accertamenti',
      list: client.accertamento.list,
      filters: EXERCISE,
      columns:
        'personName number exercise date fiscalCode category capitolo service competenceYear causale dueDate issued state dueCents outstandingCents collectedCents',
      searches: ['albonesi', 'a', '1234', 'gastolfi zita 00123', 'contributo'],
      narrowed: [
        { origin: 'residui' },
        { origin: 'competenza' },
        { state: ['outstanding', 'partlyCollected'] },
        { state: ['collected'], category: ['praticante', 'altro'] },
        { issued: false },
        { issued: true, minCents: 21700 },
        { importId: 2, dueTo: '2026-06-30' },
      ],
    },
    {
      name: 'positions',
      list: client.debtPosition.list,
      filters: EXERCISE,
      columns: 'personName fiscalCode category causale noticeNumber iuv dueDate installments cents state issuance',
      searches: ['albonesi', 'a', '01194', 'quote'],
      narrowed: [
        { state: ['expired'] },
        { state: ['issued', 'expired'], delivery: 'none' },
        { delivery: 'toReview' },
        { delivery: 'done', dueTo: '2026-06-30' },
        { issuanceId: 1, exercise: null },
        { minCents: 65000, category: ['stp'] },
      ],
    },
    {
      name: 'people',
      list: client.person.list,
      filters: {},
      columns: 'name fiscalCode category alboNumber email pec city dueCents collectedCents outstandingCents',
      searches: ['albonesi', 'a', 'gastolfi zita'],
      narrowed: [{ owes: true }, { owes: false }, { without: ['email'] }, { without: ['address', 'pec'] }],
    },
    {
      name: 'deliveries',
      list: client.delivery.list,
      filters: {},
      columns: 'personName noticeNumber channel address state ordinal at',
      searches: ['albonesi', 'socio123', '01194'],
      narrowed: [{ state: ['failed'] }, { channel: ['pec'], state: ['delivered'] }],
    },
    {
      name: 'failing addresses',
      list: client.delivery.failing,
      filters: {},
      columns: 'personName',
      searches: ['socio'],
      narrowed: [],
    },
    {
      name: 'receipts',
      list: client.receipt.list,
      filters: {},
      columns: 'paidAt iuv iur debtorName debtorFiscalCode payerName pspName label cents feeCents fileName importedAt',
      searches: ['albonesi', '01194'],
      narrowed: [{ ok: true }, { from: '2026-04-01', to: '2026-04-30' }],
    },
    {
      name: 'flows',
      list: client.reportingFlow.list,
      filters: {},
      columns: 'flowId',
      searches: ['S000012'],
      narrowed: [],
    },
    {
      name: 'movements',
      list: client.bankStatement.movements,
      filters: {},
      columns: 'bookingDate cents description',
      searches: ['bonifico'],
      narrowed: [],
    },
    {
      name: 'reversali',
      list: client.reversale.list,
      filters: EXERCISE,
      columns: 'number date cents causale debtor',
      searches: ['quote'],
      narrowed: [{ state: ['issued'] }],
    },
    {
      name: 'quietanze',
      list: client.quietanza.list,
      filters: EXERCISE,
      columns: 'number',
      searches: [],
      narrowed: [],
    },
    {
      name: 'mastro',
      list: client.book.mastro,
      filters: { ...EXERCISE, capitoloId: null },
      columns: 'date text accertatoCents riscossoCents',
      searches: ['albonesi'],
      narrowed: [],
    },
    {
      name: 'cash journal',
      list: client.book.cashJournal,
      filters: EXERCISE,
      columns: 'number date cents',
      searches: ['quote'],
      narrowed: [],
    },
    {
      name: 'residui',
      list: client.book.residui,
      filters: { ...EXERCISE, by: 'accertamento' },
      columns: 'number personName leftCents',
      searches: ['albonesi'],
      narrowed: [],
    },
    {
      name: 'unpaid',
      list: client.book.unpaid,
      filters: EXERCISE,
      columns: 'personName fiscalCode exercise number capitolo causale dueDate dueCents outstandingCents daysLate',
      searches: ['albonesi'],
      narrowed: [{ residui: true }, { category: ['stp'] }],
    },
    {
      name: 'albo',
      list: client.albo.list,
      filters: {},
      columns: 'personName what date cents alboNumber',
      searches: ['albonesi'],
      narrowed: [{ what: ['partly'] }],
    },
    {
      name: 'journal',
      list: client.journal.list,
      filters: {},
      columns: 'seq operator',
      searches: ['emissione'],
      narrowed: [],
    },
    { name: 'batches', list: client.issuance.list, filters: {}, columns: 'description', searches: [], narrowed: [] },
    { name: 'campaigns', list: client.campaign.list, filters: {}, columns: 'description', searches: [], narrowed: [] },
    {
      name: 'imports',
      list: client.registerImport.history,
      filters: {},
      columns: 'fileName',
      searches: [],
      narrowed: [],
    },
  ] as const satisfies readonly unknown[] as unknown as readonly Asked[]
}

function countsOf(client: ListClient): [string, Ask][] {
  return [
    ['accertamenti, counts', () => client.accertamento.counts(EXERCISE)],
    ['positions, counts', () => client.debtPosition.counts(EXERCISE)],
    ['deliveries, counts', () => client.delivery.counts()],
    ['receipts, counts', () => client.receipt.counts()],
    ['flows, counts', () => client.reportingFlow.counts()],
    ['palette, name', () => client.search.find({ text: 'gastolfi zita 00123' })],
    ['palette, number', () => client.search.find({ text: '0119' })],
    ['dashboard', () => client.dashboard.get(EXERCISE)],
    ['situation', () => client.capitolo.situation(EXERCISE)],
    ['ready', () => client.reversale.ready({})],
  ]
}
