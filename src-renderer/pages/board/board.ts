import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { formatDate } from '#domain/date'
import { type Cents, cents, formatCents } from '#domain/money'
import { BOARD_REASONS, type Tone } from '#domain/vocabulary'

type Outputs = InferContractRouterOutputs<Contract>['reconciliation']
type Inputs = InferContractRouterInputs<Contract>['reconciliation']

export type Table = Outputs['table']
export type TableRow = Table['rows'][number]
export type Counterpart = TableRow['counterparts'][number]
export type Act = Inputs['decide']['acts'][number]
export type TableInput = Inputs['table']
export type MovementRow = Extract<TableRow, { kind: 'credit' | 'debit' }>
type RowKind = NonNullable<TableInput['kinds']>[number]

/** The views of the page: each is a view of the table, of some kinds of rows. */
export const VIEWS = [
  { id: 'da-decidere', label: 'Da decidere', view: 'toDecide', kinds: [] },
  { id: 'abbinati', label: 'Abbinati', view: 'matched', kinds: [] },
  { id: 'senza-accredito', label: 'Flussi senza accredito', view: 'uncredited', kinds: [] },
  { id: 'trattenuti', label: 'Trattenuti', view: 'toDecide', kinds: ['flowRow'] },
  { id: 'addebiti', label: 'Addebiti, storni', view: 'ignored', kinds: ['debit'] },
  { id: 'ignorati', label: 'Ignorati', view: 'ignored', kinds: ['credit'] },
  { id: 'allarmi', label: 'Allarmi', view: 'toDecide', kinds: ['alarm'] },
] as const satisfies readonly {
  readonly id: string
  readonly label: string
  readonly view: NonNullable<TableInput['view']>
  readonly kinds: readonly RowKind[]
}[]
export type BoardView = (typeof VIEWS)[number]

export function isMovement(row: TableRow): row is MovementRow {
  return row.kind === 'credit' || row.kind === 'debit'
}

export function lesser(a: Cents, b: Cents): Cents {
  return cents(Math.min(a, b))
}

/** What of the row waits for a counterpart, without sign. */
export function leftOf(row: TableRow): Cents {
  if (row.kind === 'credit') return row.leftCents
  if (row.kind === 'alarm') return row.goneCents
  return cents(Math.abs(row.cents))
}

/** The amount under «Accreditato»: of a flow what the bank has given for it. */
export function bankCentsOf(row: TableRow): Cents {
  if (row.kind === 'credit') return row.leftCents
  return row.kind === 'flow' ? row.creditedCents : row.cents
}

/** The row in a few words, for dialogs and for who does not see it. */
export function nameOf(row: TableRow): string {
  switch (row.kind) {
    case 'credit':
      return `l’accredito del ${formatDate(row.date)}`
    case 'debit':
      return `l’addebito del ${formatDate(row.date)}`
    case 'flowRow':
      return `il pagamento ${row.iuv}`
    case 'flow':
      return `il flusso ${row.flowId}`
    case 'alarm':
      return `la reversale ${row.name}`
  }
}

/** What the row says of itself: a causale, a payment inside a flow, a flow, a reversale. */
export function textOf(row: TableRow): string {
  switch (row.kind) {
    case 'credit':
    case 'debit':
      return row.description
    case 'flowRow':
      return row.personName === null ? `IUV ${row.iuv}` : `${row.personName}, IUV ${row.iuv}`
    case 'flow':
      return row.flowId
    case 'alarm':
      return `Reversale ${row.name}`
  }
}

const LEVEL_REASONS: Partial<Readonly<Record<Counterpart['level'], keyof typeof BOARD_REASONS>>> = {
  trn: 'toConfirm',
  parts: 'toConfirm',
  truncated: 'toConfirm',
  psp: 'weak',
  amount: 'weak',
  debtor: 'outside',
  rule: 'ruled',
}

interface Reason {
  readonly title: string
  readonly tone: Tone
  readonly text: string
  /** What of the sentence the rest of a folded row does not say already. */
  readonly short: string
}

/** Title, tone and sentence of a row: a proposal is named for how strong it is, the rest by its label. */
export function reasonOf(row: TableRow): Reason {
  const best = row.counterparts[0]
  const { title, tone, text } = row.label
  const named = best && row.kind === 'credit' ? LEVEL_REASONS[best.level] : undefined
  if (!best || named === undefined) return { title, tone, text, short: shortLabel(row, best) }
  const several = row.confirms === null && row.counterparts.length > 1 && named !== 'ruled'
  const reason = several ? BOARD_REASONS.severalFlows : BOARD_REASONS[named]
  const doubt = best.evidence.find((e) => !e.ok)?.text ?? text
  return { title: reason.word, tone: reason.tone, text: doubt, short: SHORT_LEVELS[best.level] ?? doubt }
}

const SHORT_LEVELS: Partial<Readonly<Record<Counterpart['level'], string>>> = {
  truncated: 'fine tagliata dalla banca: decidi tu',
  psp: 'prestatore, importo e data',
  amount: 'importo e data',
  debtor: 'nome e importo, nessun riferimento',
}

/** The flow's id stands beside: of a sentence about it remains what the two amounts or the day say. */
function shortLabel(row: TableRow, best: Counterpart | undefined): string {
  const { code, text } = row.label
  if (code === 'WAITING_FOR_FLOW') return `atteso dal ${formatDate(row.date)}`
  if (code === 'FLOW_ALREADY_CREDITED') return 'già coperto da un altro accredito'
  if (row.kind === 'alarm') return 'annullala con un motivo, o tienila'
  if (code === 'DUPLICATE_PAYMENT') return 'già pagato con un altro flusso'
  if (row.kind !== 'credit' || !best) return text
  const more = leftOf(row) - best.cents
  if (more === 0 || (code !== 'PARTLY_CREDITED' && code !== 'OVER_CREDITED')) return text
  return more < 0 ? `mancano ${formatCents(cents(-more))}` : `accreditati ${formatCents(cents(more))} in più`
}

/** The marks of the causale; where the bank cut the id and a flow completes it, what is missing is marked too. */
export function spansOf(row: MovementRow): MovementRow['spans'] {
  const last = row.spans.findLast((s) => s.mark === 'recognised')
  const cut = row.counterparts[0]?.level === 'truncated' && !row.spans.some((s) => s.mark === 'missing')
  return cut && last ? [...row.spans, { start: last.end, end: last.end, mark: 'missing' }] : row.spans
}

/** Acts that the books want a reason for; rules bring theirs along. */
const WITH_REASON: Partial<Readonly<Record<Act['kind'], string>>> = {
  exclude: 'Escludi',
  acceptFlow: 'Accetta il flusso',
  chooseVersion: 'Scegli la versione',
  confirmRevocation: 'Conferma la revoca',
  keepReversale: 'Tieni la reversale',
}

/** Name of the act when it still wants its reason. */
export function askedFor(act: Act): string | null {
  return act.reason === undefined ? (WITH_REASON[act.kind] ?? null) : null
}

/**
 * One act out of the ticked counterparts: the row's money goes to them in order, each as much as it can take. Null when
 * they cannot stand together (a giroconto and a flow).
 */
export function actOf(row: TableRow, ticked: readonly Counterpart[], giveBack = false): Act | null {
  const [first] = ticked
  if (!first) return null
  let left: number = leftOf(row)
  const take = (worth: number) => {
    const part = cents(Math.min(left, worth))
    left -= part
    return part
  }
  if (first.act.kind === 'match') {
    const targets = ticked.flatMap(({ act, cents: worth }) => {
      if (act.kind !== 'match') return []
      if (act.targets.length === 1) return act.targets.map((t) => ({ ...t, cents: take(worth) }))
      return act.targets.map((t) => ({ ...t, cents: take(t.cents) }))
    })
    if (ticked.some(({ act }) => act.kind !== 'match')) return null
    return { ...first.act, targets: targets.filter((t) => t.cents > 0) }
  }
  if (first.act.kind === 'assignRow') {
    const targets = ticked.flatMap(({ act, cents: worth }) => {
      if (act.kind !== 'assignRow') return []
      return act.targets.map((t) => ({ ...t, cents: take(worth) }))
    })
    if (ticked.some(({ act }) => act.kind !== 'assignRow')) return null
    const back = ticked.some(({ act }) => act.kind === 'assignRow' && act.excessTo != null)
    const excessTo = giveBack || back ? payerOf(row) : null
    return { ...first.act, targets: targets.filter((t) => t.cents > 0), excessTo }
  }
  return ticked.length === 1 ? first.act : null
}

/** To whom what exceeds is given back; null when the payer is not known or there is no partita di giro. */
export function payerOf(row: TableRow): ((Act & { kind: 'assignRow' })['excessTo'] & {}) | null {
  for (const { act } of row.counterparts) if (act.kind === 'assignRow' && act.excessTo != null) return act.excessTo
  return null
}

/** Counterparts of different acts are different, whatever their words. */
export function keyOfCounterpart({ act }: Counterpart): string {
  switch (act.kind) {
    case 'match':
      return act.targets.map((t) => `${t.kind}${t.id}`).join('+')
    case 'assignRow':
      return act.targets.length === 0 ? 'back' : act.targets.map((t) => `a${t.accertamentoId}`).join('+')
    case 'internal':
      return `i${act.bankMovementId}-${act.debitMovementId}`
    case 'storno':
      return `s${act.creditMovementId}`
    case 'acceptFlow':
    case 'chooseVersion':
      return `${act.kind}${act.contentHash}`
    default:
      return `${act.kind}${act.reason ?? ''}`
  }
}

export function isMono({ act }: Counterpart): boolean {
  return act.kind === 'match' && act.targets[0]?.kind === 'flow'
}

/** `12/04` of a booking day: the year stands in the head of the page. */
export function shortDay(date: string): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}`
}
