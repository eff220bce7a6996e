import { formatDate, type Instant, type IsoDate, romeDate } from './date.ts'
import type { HeldPayment } from './gpd.ts'
import { type Cents, formatCents, subtract, sum } from './money.ts'
import { ABSENT, isPaidState, type NextOnNode, type StepDivergence, thrownAway } from './node-step.ts'
import { isPaid, leadingPayments, type StoredPayment, type StoredPosition } from './position-plan.ts'
import { stateWord } from './vocabulary.ts'

/** How what the node holds is other than what stands here. `unknownHere` is of the node alone. */
export type DivergenceKind =
  | StepDivergence
  | 'paidOnNode'
  | 'paidOnlyHere'
  | 'amountsDiffer'
  | 'duesDiffer'
  | 'ibanDiffers'
  | 'debtorDiffers'
  | 'olderVersion'
  | 'openOnNode'
  | 'unlistedChange'
  | 'unknownHere'

/** One thing of which the two sides say different things, in words. */
export interface Side {
  readonly what: string
  readonly here: string
  readonly there: string
}

/** One field of what would be sent, against what the node answers. */
export interface FieldDifference {
  readonly field: 'amount' | 'due' | 'iban' | 'debtor'
  /** Of which payment; null for the whole position. */
  readonly iuv: string | null
  readonly here: string
  readonly there: string
}

/** One position and what the node says of it. */
export interface ComparedOnNode {
  readonly position: Pick<
    StoredPosition,
    'lifecycle' | 'payment' | 'version' | 'validUntil' | 'single' | 'installments'
  >
  readonly held: {
    readonly state: string | null
    /** What the node had said before. */
    readonly before: string | null
    readonly heldVersion: number | null
    readonly payments: readonly HeldPayment[] | null
  }
  /** What is to be told to the node: a step that will bring both together is no difference. */
  readonly next: NextOnNode
  /** Of what is still open. */
  readonly fields: readonly FieldDifference[]
}

/** Where DOMAIN.md §3 lets each state go; what is reached over several of them while nobody looked is listed too. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  DRAFT: ['PUBLISHED', 'VALID', ABSENT],
  PUBLISHED: ['VALID', 'INVALID', ABSENT],
  VALID: ['EXPIRED', 'PARTIALLY_PAID', 'PAID', 'INVALID', ABSENT],
  EXPIRED: ['PUBLISHED', 'VALID'],
  PARTIALLY_PAID: ['PAID'],
  PAID: ['REPORTED'],
  REPORTED: [],
  INVALID: [],
  UNPAYABLE: [],
}

/** The node may have gone from one state to the other by steps that are listed. */
export function isListedChange(before: string | null, after: string): boolean {
  if (before === null || before === after || before === ABSENT) return true
  // A plan may become unpayable by itself (v3).
  if (after === 'UNPAYABLE') return !isPaidState(before)
  const seen = new Set([before])
  for (const state of seen) for (const next of LISTED[state] ?? []) seen.add(next)
  return seen.has(after)
}

const IS_OPEN = new Set(['PUBLISHED', 'VALID', 'PARTIALLY_PAID'])

/** Paid on the node; `REPORTED` and its kin come after. */
export function isPaidOnNode({ status }: HeldPayment): boolean {
  return /^(PO_)?(PAID|PARTIALLY_REPORTED|REPORTED)$/.test(status)
}

const paymentsHere = ({ single, installments }: ComparedOnNode['position']): readonly StoredPayment[] =>
  single === null ? installments : [single, ...installments]

/** What the node says is paid and nobody knows here: the receipt is still to come. */
export function paidOnlyThere({ position, held }: Pick<ComparedOnNode, 'position' | 'held'>): readonly HeldPayment[] {
  const here = new Map(paymentsHere(position).map((one) => [one.iuv as string, one]))
  return (held.payments ?? []).filter((one) => {
    const own = here.get(one.iuv)
    return isPaidOnNode(one) && (own === undefined || own.state === 'unpaid')
  })
}

/** The most telling difference, or null where both sides agree or will by themselves. */
export function divergenceOf(compared: ComparedOnNode): DivergenceKind | null {
  const { position, held, next, fields } = compared
  const { state } = held
  if (state === null) return null
  const paid =
    paidOnlyThere(compared).length > 0 ||
    (held.payments === null && isPaidState(state) && position.payment === 'unpaid')
  if (paid && next.kind === 'diverged' && next.divergence === 'cancelledButPaid') return 'cancelledButPaid'
  if (paid) return 'paidOnNode'
  if (next.kind === 'diverged') return next.divergence
  if (next.kind === 'step') return null
  if (!isListedChange(held.before, state)) return 'unlistedChange'
  if (position.lifecycle !== 'issued') return IS_OPEN.has(state) ? 'openOnNode' : null
  if (paidOnlyHere(compared)) return 'paidOnlyHere'
  if (position.payment !== 'unpaid' && position.payment !== 'partiallyPaid') return null
  if (held.heldVersion !== null && held.heldVersion > 0 && held.heldVersion < position.version) return 'olderVersion'
  if (state === 'EXPIRED') return null
  const has = (field: FieldDifference['field']) => fields.some((one) => one.field === field)
  if (has('amount')) return 'amountsDiffer'
  if (has('iban')) return 'ibanDiffers'
  if (has('debtor')) return 'debtorDiffers'
  return has('due') ? 'duesDiffer' : null
}

/** Money that came through pagoPA and that the node does not know of. */
function paidOnlyHere({ position, held }: ComparedOnNode): boolean {
  if (held.payments === null) return false
  const there = new Map(held.payments.map((one) => [one.iuv, one]))
  return paymentsHere(position).some((one) => {
    const other = there.get(one.iuv)
    return isPaid(one) && one.state !== 'paidOutside' && other !== undefined && !isPaidOnNode(other)
  })
}

/** What a change here would have to say to be what the node says: so much more, or less, in all; the day of the next payment. */
export interface SaidThere {
  readonly moreCents: Cents | null
  readonly dueDate: IsoDate | null
}

/** Null where the node says the same, or not of all that is asked here. */
export function saidThere({ single, installments }: Both, held: readonly HeldPayment[] | null): SaidThere {
  const there = new Map((held ?? []).map((one) => [one.iuv, one]))
  const leading = installments.some(isPaid) || single === null ? installments : [single]
  const asked = leading.flatMap(({ iuv }) => there.get(iuv) ?? [])
  const whole = asked.length === leading.length
  const more = subtract(sum(asked.map((one) => one.cents as Cents)), sum(leading.map((one) => one.cents)))
  const next = leading.find((one) => one.state === 'unpaid')
  const due = (next && there.get(next.iuv)?.dueDate) ?? null
  const day = due === null ? null : romeDate(due)
  return { moreCents: whole && more !== 0 ? more : null, dueDate: day === next?.dueDate ? null : day }
}

type Both = Pick<StoredPosition, 'single' | 'installments'>

const REASONS: Readonly<Record<DivergenceKind, string>> = {
  paidOnNode: 'Il nodo la dice pagata: qui manca la ricevuta.',
  changedButPaid: 'Qui è cambiata dopo che sul nodo era già stata pagata: il nodo non prende più modifiche.',
  cancelledButPaid: 'Qui è annullata, ma qualcuno l’ha pagata sul nodo.',
  invalidOnNode: 'Il nodo l’ha resa non valida: con quel numero non si paga più, qui è ancora da riscuotere.',
  absentOnNode: 'Era pubblicata e il nodo non l’ha più: chi ha l’avviso in mano non riesce a pagarlo.',
  notPayableOnNode: 'Il nodo non la fa più pagare, qui è ancora da riscuotere.',
  oddState: 'Il nodo dà uno stato che questo programma non conosce.',
  unlistedChange: 'Il nodo è passato a uno stato che non segue da quello di prima.',
  paidOnlyHere: 'Qui è pagata, il nodo la fa ancora pagare: potrebbe arrivare un secondo pagamento.',
  amountsDiffer: 'Il nodo chiede un’altra somma: chi paga ora paga quella.',
  duesDiffer: 'Sul nodo scade in un altro giorno.',
  ibanDiffers: 'Sul nodo i soldi vanno su un altro IBAN.',
  debtorDiffers: 'Sul nodo il debitore è un altro.',
  olderVersion: 'Il nodo ha una versione di prima.',
  openOnNode: 'Qui è annullata, sul nodo si può ancora pagare.',
  unknownHere: 'Il nodo la tiene con un nostro codice di segregazione, ma in questo archivio non c’è.',
}

export function divergenceReason(kind: DivergenceKind): string {
  return REASONS[kind]
}

/** Both sides in words, the state first, then what is different in the payments. */
export function divergenceSides({ position, held, fields }: Omit<ComparedOnNode, 'next'>): Side[] {
  const unpaidThere = paidOnlyThere({ position, held })
  const sides: Side[] = [{ what: 'Stato', here: stateHere(position), there: stateThere(held.state) }]
  for (const one of unpaidThere) {
    const when = one.paidAt === null ? '' : ` il ${dayOf(one.paidAt)}`
    sides.push({ what: 'Pagamento', here: 'nessuno', there: `${formatCents(one.cents as Cents)} €${when}` })
  }
  const open = held.state !== null && !thrownAway(held.state)
  for (const { field, here, there } of open ? fields : []) sides.push({ what: FIELD_WORDS[field], here, there })
  const asksHere = sum(leadingPayments(position as StoredPosition).map((one) => one.cents))
  const asksThere = askedThere(held.payments)
  if (sides.length === 1 && asksThere !== null) {
    sides.push({ what: 'Importo', here: `${formatCents(asksHere)} €`, there: `${formatCents(asksThere)} €` })
  }
  if (held.heldVersion !== null && held.heldVersion > 0 && held.heldVersion !== position.version) {
    sides.push({ what: 'Versione', here: String(position.version), there: String(held.heldVersion) })
  }
  return sides
}

const FIELD_WORDS: Readonly<Record<FieldDifference['field'], string>> = {
  amount: 'Importo',
  due: 'Scadenza',
  iban: 'IBAN',
  debtor: 'Debitore',
}

/** What it asks for in all: payments that exclude one another (whole or by instalments) count once, the dearest. */
function askedThere(payments: readonly HeldPayment[] | null): Cents | null {
  if (payments === null || payments.length === 0) return null
  return Math.max(...payments.map((one) => one.cents)) as Cents
}

function stateHere({ lifecycle, payment }: ComparedOnNode['position']): string {
  if (lifecycle === 'cancelled') return 'Annullata'
  return stateWord('payment', payment).word
}

function stateThere(state: string | null): string {
  if (state === null || state === ABSENT) return 'Non c’è'
  return stateWord('node', state).word
}

function dayOf(at: string): string {
  const known = /^\d{4}-\d{2}-\d{2}T/.test(at) && !Number.isNaN(Date.parse(at))
  return known ? formatDate(romeDate(new Date(at).toISOString() as Instant)) : at
}

export type DivergenceChoice =
  | 'resend'
  | 'reissue'
  | 'cancelHere'
  | 'receive'
  | 'removeThere'
  | 'keep'
  | 'reopen'
  | 'changeAmount'
  | 'changeDue'
  | 'reactivate'

export interface Choice {
  readonly choice: DivergenceChoice
  readonly side: 'ours' | 'theirs' | 'neither'
  /** What it does, in words. */
  readonly means: string
}

const RESEND: Choice = { choice: 'resend', side: 'ours', means: 'Il nodo la riceve di nuovo com’è qui.' }
const REISSUE: Choice = {
  choice: 'reissue',
  side: 'ours',
  means: 'Nasce una versione con un numero avviso nuovo, che parte per il nodo; l’avviso di prima è superato.',
}
const CANCEL: Choice = {
  choice: 'cancelHere',
  side: 'theirs',
  means: 'Si annulla anche qui: l’accertamento resta, la posizione si può riattivare.',
}
const RECEIVE: Choice = {
  choice: 'receive',
  side: 'theirs',
  means: 'Si chiedono al nodo le ricevute: quando arriva, la posizione risulta pagata anche qui.',
}
const KEEP: Choice = {
  choice: 'keep',
  side: 'neither',
  means: 'Resta com’è da tutt’e due le parti, e non se ne parla più finché non cambia qualcosa.',
}

const CHOICES: Readonly<Record<DivergenceKind, readonly Choice[]>> = {
  paidOnNode: [RECEIVE, KEEP],
  changedButPaid: [RECEIVE, KEEP],
  cancelledButPaid: [
    RECEIVE,
    {
      choice: 'reactivate',
      side: 'theirs',
      means: 'Si riattiva qui: la ricevuta la trova e il pagamento è suo.',
    },
    KEEP,
  ],
  invalidOnNode: [REISSUE, CANCEL, KEEP],
  absentOnNode: [
    { ...RESEND, means: 'Si crea di nuovo sul nodo, con lo stesso numero avviso.' },
    REISSUE,
    CANCEL,
    KEEP,
  ],
  notPayableOnNode: [REISSUE, CANCEL, KEEP],
  oddState: [KEEP],
  unlistedChange: [RESEND, KEEP],
  paidOnlyHere: [
    {
      choice: 'removeThere',
      side: 'ours',
      means:
        'Si toglie dal nodo: nessuno la può più pagare una seconda volta. Se qui tornasse da pagare, serve un numero nuovo.',
    },
    KEEP,
  ],
  amountsDiffer: [
    RESEND,
    { choice: 'changeAmount', side: 'theirs', means: 'Si cambia l’importo qui, con una variazione dell’accertamento.' },
    KEEP,
  ],
  duesDiffer: [
    RESEND,
    { choice: 'changeDue', side: 'theirs', means: 'Si cambia la scadenza qui, in una versione nuova.' },
    KEEP,
  ],
  ibanDiffers: [RESEND, KEEP],
  debtorDiffers: [RESEND, KEEP],
  olderVersion: [RESEND, KEEP],
  openOnNode: [
    { ...RESEND, means: 'Il nodo smette di farla pagare.' },
    { choice: 'reactivate', side: 'theirs', means: 'Si riattiva qui: si può pagare da tutt’e due le parti.' },
    KEEP,
  ],
  unknownHere: [
    {
      choice: 'removeThere',
      side: 'ours',
      means: 'Si toglie dal nodo: nessuno la può più pagare. Non si torna indietro.',
    },
    {
      ...KEEP,
      means: 'Resta sul nodo, e non se ne parla più finché non cambia stato. Se la pagano, la ricevuta aspetta te.',
    },
  ],
}

/** What a person may choose, the one that believes this side first. */
export function divergenceChoices(kind: DivergenceKind, kept: boolean): readonly Choice[] {
  if (!kept) return CHOICES[kind]
  return [
    ...CHOICES[kind].filter((one) => one.choice !== 'keep'),
    { choice: 'reopen', side: 'neither', means: 'Torna nell’elenco di ciò che aspetta.' },
  ]
}
