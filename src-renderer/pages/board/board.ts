import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
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
  { id: 'ignorati', label: 'Ignorati', view: 'ignored', kinds: ['credit', 'flowRow', 'flow'] },
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

/** A credit that nobody said anything of, and that asks for nothing by itself. */
export function isUnasked(row: TableRow): boolean {
  return row.kind === 'credit' && row.leftCents > 0 && row.decisionIds.length === 0 && row.label.code === 'NO_REFERENCE'
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
  const flows = row.counterparts.filter(({ act }) => act.kind === 'match')
  const several = row.confirms === null && flows.length > 1 && named !== 'ruled'
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
  netRevocation: 'Prendi la revoca al netto',
  setAside: 'Metti da parte',
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
  const acts = ticked.map(({ act }) => act)
  const rest = restOf(acts) ?? (giveBack ? backTo(row) : {})
  if (first.act.kind === 'match') {
    const all = acts.flatMap((act) => (act.kind === 'match' ? [act.targets] : []))
    if (all.length !== acts.length) return null
    const targets = all.flat().map((t) => ({ ...t, cents: take(t.cents) }))
    const { bankMovementId } = first.act
    return { ...besides(row), kind: 'match', bankMovementId, targets: targets.filter(isSome), ...rest }
  }
  if (first.act.kind === 'assignRow') {
    const { reportingFlowId, rowKey } = first.act
    const all = acts.flatMap((act) => (act.kind === 'assignRow' ? [act.targets] : []))
    if (all.length !== acts.length) return null
    const targets = all.flat().map((t) => ({ ...t, cents: take(t.cents) }))
    return { ...seenOn(row), kind: 'assignRow', reportingFlowId, rowKey, targets: targets.filter(isSome), ...rest }
  }
  return ticked.length === 1 ? first.act : null
}

/** Decisions that the row shows: one that it does not show is not replaced unseen. */
export function seenOn(row: TableRow): { readonly seen?: Id<'decision'>[] } {
  return row.decisionIds.length === 0 ? {} : { seen: [...row.decisionIds] }
}

/** Of a credit matched by hand in part the rest is matched beside the first part, not instead of it. */
export function besides(row: TableRow): { readonly seen?: Id<'decision'>[]; readonly more?: true } {
  const inPart = row.kind === 'credit' && row.labels.some(({ code }) => code === 'PARTLY_ASSIGNED')
  return { ...seenOn(row), ...(inPart && row.byHand ? { more: true } : {}) }
}

function isSome({ cents: amount }: { readonly cents: number }): boolean {
  return amount > 0
}

interface Rest {
  readonly excessTo?: Id<'person'>
  readonly unidentified?: true
}

/** Where an act sends what its targets leave: back to a person, or among what is to be identified. */
function restOf(acts: readonly Act[]): Rest | null {
  for (const act of acts) {
    if (act.kind !== 'match' && act.kind !== 'assignRow') continue
    if (act.excessTo != null) return { excessTo: act.excessTo }
    if (act.unidentified === true) return { unidentified: true }
  }
  return null
}

function backTo(row: TableRow): Rest {
  const payer = payerOf(row)
  return payer === null ? {} : { excessTo: payer }
}

/** To whom what exceeds is given back; null when the payer is not known or there is no capitolo for it. */
export function payerOf(row: TableRow): Id<'person'> | null {
  return restOf(row.counterparts.map(({ act }) => act))?.excessTo ?? null
}

const ONLY_UNDONE: ReadonlySet<string> = new Set(['ASSIGNED_UNPAID', 'ASSIGNED_IN_PART'])

/** An assignment that its payment no longer bears: it is taken back before anything else is said of the row. */
export function onlyUndone(row: TableRow): boolean {
  return ONLY_UNDONE.has(row.label.code) && row.decisionIds.length > 0
}

/** The act that says that nothing is to be said of the row for now: an exclusion, or a setting aside. */
export function asideOf(row: TableRow): Act | null {
  if (row.kind === 'alarm' || onlyUndone(row)) return null
  const exceeds = row.kind === 'debit' && row.labels.some(({ code }) => code === 'STORNO_EXCEEDS')
  if (isMovement(row) && !exceeds) return { ...seenOn(row), kind: 'exclude', bankMovementIds: [row.bankMovementId] }
  return { ...seenOn(row), kind: 'setAside', subject: row.subject }
}

/** Counterparts of different acts are different, whatever their words. */
export function keyOfCounterpart({ act }: Counterpart): string {
  switch (act.kind) {
    case 'match':
      return [...act.targets.map((t) => `${t.kind}${t.id}`), ...keyOfRest(act)].join('+')
    case 'assignRow':
      return [...act.targets.map((t) => `a${t.accertamentoId}`), ...keyOfRest(act)].join('+')
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

function keyOfRest(act: Act): string[] {
  const rest = restOf([act])
  return rest === null ? [] : [rest.excessTo === undefined ? 'unidentified' : `back${rest.excessTo}`]
}

export function isMono({ act }: Counterpart): boolean {
  return act.kind === 'match' && act.targets[0]?.kind === 'flow'
}

/** `12/04` of a booking day: the year stands in the head of the page. */
export function shortDay(date: string): string {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}`
}
