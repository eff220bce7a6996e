import { daysBetween, formatDate, type IsoDate } from './date.ts'
import { type Cents, formatCents } from './money.ts'
import { workingDaysBetween } from './working-days.ts'

/** How a label looks on screen: done, to know, to look at, wrong, not decided yet, neutral. Never colour only: the title says it. */
export type Tone = 'ok' | 'info' | 'warn' | 'bad' | 'unc' | 'neu'

interface LabelEntry<P> {
  readonly title: string
  readonly tone: Tone
  text(params: P, today: IsoDate): string
}

function label<P = Record<never, never>>(
  title: string,
  tone: Tone,
  text: (params: P, today: IsoDate) => string,
): LabelEntry<P> {
  return { title, tone, text }
}

const euro = (value: number): string => formatCents(value as Cents)
const day = (value: string): string => formatDate(value as IsoDate)
/** Labels keep the day, so that they are as old as they are whenever they are read. */
const age = (since: string, today: IsoDate, count: (a: IsoDate, b: IsoDate) => number): number =>
  Math.max(0, count(since as IsoDate, today))
const days = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** Of payments inside what is credited: they are collected by who issued them. */
export function notOursText(n: number, amount: number): string {
  const told = days(n, 'pagamento', 'pagamenti')
  return `Di altri software o altri enti: ${told} per ${euro(amount)}, che qui non si ${n === 1 ? 'riscuote' : 'riscuotono'}.`
}

/**
 * The one table of what reconciliation says (DOMAIN.md §6): code → title (short), tone, sentence. Amounts in params are
 * cents, dates ISO text. The codes are data of the ledger and of the demo's `riepilogo.json`: never rename one.
 */
export const LABELS = {
  // movements
  MATCHED_FLOW: label<{ flowId: string; cents: number; total: number }>(
    'Abbinato',
    'ok',
    (p) => `Accredito del flusso ${p.flowId}: ${euro(p.cents)} su ${euro(p.total)}.`,
  ),
  MATCHED_IUV: label<{ iuv: string }>(
    'Abbinato',
    'ok',
    (p) => `Accredito del singolo pagamento ${p.iuv}, importo uguale.`,
  ),
  MATCHED_BY_HAND: label<{ user: string }>('Abbinato a mano', 'ok', (p) => `Abbinato a mano da ${p.user}.`),
  PARTLY_ASSIGNED: label<{ left: number }>(
    'Resto da attribuire',
    'warn',
    (p) => `Restano ${euro(p.left)} da attribuire.`,
  ),
  /** `since`: the credit's booking date. */
  WAITING_FOR_FLOW: label<{ flowId: string; since: string }>(
    'Flusso non ancora arrivato',
    'warn',
    (p, today) =>
      `Il flusso ${p.flowId} non è ancora arrivato (accreditato da ${days(age(p.since, today, daysBetween), 'giorno', 'giorni')}).`,
  ),
  UNKNOWN_IUV: label<{ iuv: string }>(
    'IUV sconosciuto',
    'warn',
    (p) => `Lo IUV ${p.iuv} non è tra le nostre posizioni.`,
  ),
  /** Of a movement: credited, expected. Of a flow's row: reported, expected, v (version of the position). */
  AMOUNT_DIFFERS: label<
    | { readonly credited: number; readonly expected: number }
    | { readonly reported: number; readonly expected: number; readonly v: number }
  >('Importi diversi', 'bad', (p) =>
    'reported' in p
      ? `Rendicontato ${euro(p.reported)}, dovuto ${euro(p.expected)} (versione ${p.v}).`
      : `Accreditati ${euro(p.credited)}, attesi ${euro(p.expected)}.`,
  ),
  PARTLY_CREDITED: label<{ flowId: string; credited: number; total: number }>(
    'Accredito parziale',
    'warn',
    (p) => `Flusso ${p.flowId}: accreditati ${euro(p.credited)} su ${euro(p.total)}.`,
  ),
  OVER_CREDITED: label<{ flowId: string; credited: number; total: number }>(
    'Importi diversi',
    'bad',
    (p) => `Flusso ${p.flowId}: accreditati ${euro(p.credited)} su ${euro(p.total)}.`,
  ),
  FLOW_ALREADY_CREDITED: label<{ flowId: string }>(
    'Doppio',
    'bad',
    (p) => `Il flusso ${p.flowId} è già coperto da un altro accredito.`,
  ),
  AMBIGUOUS_FLOW_ID: label(
    'Due flussi possibili',
    'unc',
    () => 'Più flussi hanno lo stesso identificativo a meno dei segni.',
  ),
  /** `begins`: a known id that goes on; `shorter`: one that shows how long its provider's are; `reads`: the causale. */
  MAYBE_TRUNCATED: label<
    | { readonly flowId: string; readonly begins: string }
    | { readonly flowId: string; readonly shorter: string }
    | { readonly flowId: string; readonly reads: string }
  >('Riferimento forse troncato', 'unc', (p) =>
    'begins' in p
      ? `L’identificativo ${p.flowId} è anche l’inizio di ${p.begins}: forse la banca l’ha troncato.`
      : 'shorter' in p
        ? `L’identificativo ${p.flowId} è più corto di quelli dello stesso PSP (${p.shorter}): forse la banca l’ha troncato.`
        : `La causale si legge ${p.reads}: forse l’identificativo continua oltre ${p.flowId}.`,
  ),
  FLOW_AND_IUV: label<{ flowId: string; total: number; iuv: string; cents: number }>(
    'Flusso e pagamento insieme',
    'unc',
    (p) =>
      `Flusso ${p.flowId} (${euro(p.total)}) e pagamento ${p.iuv} (${euro(p.cents)}) fanno l’accredito: da confermare.`,
  ),
  TRUNCATED: label('Riferimento troncato', 'unc', () => 'Riferimento troncato dalla banca.'),
  /** Of a bonifico that names its debtor: an accertamento of theirs, of its amount, that is paid already. */
  MAYBE_PAID_AGAIN: label<{ exercise: number; number: number; cents: number }>(
    'Forse pagato due volte',
    'unc',
    (p) =>
      `Chi è nella causale ha già pagato ${euro(p.cents)} (accertamento ${p.exercise}/${p.number}): forse ha pagato due volte.`,
  ),
  NO_REFERENCE: label('Senza riferimento', 'neu', () => 'Nessun riferimento pagoPA.'),
  EXCLUDED: label<{ reason: string }>('Escluso', 'neu', (p) => `Escluso: ${p.reason}.`),
  /** Of a debit, a flow or a row: a person has said that nothing is to be decided for now. */
  SET_ASIDE: label<{ reason: string }>('Messo da parte', 'neu', (p) => `Messo da parte: ${p.reason}.`),
  INTERNAL: label('Giroconto', 'neu', () => 'Giroconto tra conti dell’ente.'),
  STORNED: label<{ date: string; cents: number }>(
    'Storno',
    'warn',
    (p) => `Stornato il ${day(p.date)} per ${euro(p.cents)}.`,
  ),
  STORNO: label<{ date: string }>('Storno', 'info', (p) => `Storna l’accredito del ${day(p.date)}.`),
  STORNO_EXCEEDS: label<{ cents: number }>(
    'Storno',
    'bad',
    (p) => `Lo storno supera gli accrediti di ${euro(p.cents)}.`,
  ),
  /** `date`: of the credit, whose money is in lines that stay as they are; `cents`: of those. */
  STORNO_KEPT: label<{ date: string; cents: number }>(
    'Da coprire con mandato',
    'bad',
    (p) =>
      `L’accredito del ${day(p.date)} è già in reversali che restano come sono (esercizio chiuso, o tenute): ${euro(p.cents)} da coprire con mandato.`,
  ),
  /** `date`: of the credit, `cents` of which stand among what is to be given back. */
  MAYBE_REFUND: label<{ date: string; cents: number }>(
    'Forse un rimborso',
    'unc',
    (p) =>
      `L’accredito del ${day(p.date)} ha ${euro(p.cents)} tra le somme da restituire: forse è il loro rimborso, che si copre con mandato, e non uno storno.`,
  ),
  /** `date`: of the credit, that covered its reference until `cents` were taken. */
  STORNO_IN_PART: label<{ date: string; cents: number }>(
    'Storno o spesa?',
    'unc',
    (p) =>
      `Senza questo addebito l’accredito del ${day(p.date)} torna al centesimo: forse ${euro(p.cents)} sono una commissione, e non uno storno.`,
  ),
  DEBIT: label('Addebito', 'neu', () => 'Addebito.'),
  ACCOUNT_UNKNOWN: label('Conto non censito', 'bad', () => 'Conto non censito.'),
  EXERCISE_CLOSED: label<{ year: number; open: number }>(
    'Esercizio chiuso',
    'warn',
    (p) => `L’esercizio ${p.year} è chiuso: reversale nell’esercizio ${p.open}.`,
  ),
  // flows
  CREDITED: label('Accreditato', 'ok', () => 'Accreditato per intero.'),
  CREDITED_IN_PARTS: label<{ parts: number }>('Accreditato', 'ok', (p) => `Accreditato in ${p.parts} bonifici.`),
  /** Of a credited flow: its payments of other software, of other institutions, stamps. */
  FLOW_NOT_ALL_OURS: label<{ n: number; cents: number }>('In parte non nostro', 'warn', (p) =>
    notOursText(p.n, p.cents),
  ),
  /** `since`: the flow's regulation date. */
  NOT_CREDITED: label<{ since: string }>(
    'Non accreditato',
    'info',
    (p, today) =>
      `Non ancora accreditato da ${days(age(p.since, today, workingDaysBetween), 'giorno lavorativo', 'giorni lavorativi')}.`,
  ),
  FLOW_SUM_DIFFERS: label<{ declared: number; sum: number }>(
    'Somma diversa',
    'bad',
    (p) => `Totale dichiarato ${euro(p.declared)}, somma righe ${euro(p.sum)}.`,
  ),
  FLOW_COUNT_DIFFERS: label<{ declared: number; count: number }>(
    'Numero diverso',
    'bad',
    (p) => `Righe dichiarate ${p.declared}, trovate ${p.count}.`,
  ),
  FLOW_OTHER_RECEIVER: label<{ receiver: string }>('Altro ente', 'neu', (p) => `Il flusso è per l’ente ${p.receiver}.`),
  FLOW_REVISED: label<{ date: string }>('Versione nuova', 'info', (p) => `Sostituisce la versione del ${day(p.date)}.`),
  FLOW_VERSION_CONFLICT: label('Versioni in conflitto', 'bad', () => 'Due versioni diverse con la stessa data.'),
  FLOW_HAS_REVOCATION: label('Revoche da confermare', 'unc', () => 'Contiene revoche da confermare.'),
  FLOW_REVOCATION_UNCOVERED: label('Revoca scoperta', 'bad', () => 'Revoca di un incasso che non risulta.'),
  REVISED_AFTER_POSTING: label<{ n: number }>('Rivisto dopo la reversale', 'bad', (p) =>
    p.n === 1
      ? 'La nuova versione non sostiene 1 riga già contabilizzata.'
      : `La nuova versione non sostiene ${p.n} righe già contabilizzate.`,
  ),
  // rows
  WITH_RECEIPT: label('Con ricevuta', 'ok', () => 'Pagata, con ricevuta.'),
  NO_RECEIPT: label<{ outcome: string }>(
    'Senza ricevuta',
    'info',
    (p) => `Pagata, ricevuta assente (esito ${p.outcome}).`,
  ),
  RECEIPT_DIFFERS: label<{ receipt: number; reported: number }>(
    'Ricevuta diversa',
    'bad',
    (p) => `Ricevuta ${euro(p.receipt)}, rendicontato ${euro(p.reported)}.`,
  ),
  MANY_RECEIPTS: label('Più ricevute', 'warn', () => 'Più ricevute per la stessa riga.'),
  AMBIGUOUS_TRANSFER: label('Indice mancante', 'warn', () => 'Manca l’indice e gli importi non bastano.'),
  DUPLICATE_ROW: label('Riga ripetuta', 'bad', () => 'Riga ripetuta nel flusso.'),
  DUPLICATE_PAYMENT: label<{ first: string }>('Doppio', 'bad', (p) => `Già pagato con ${p.first}.`),
  PAID_WITH_OTHER_OPTION: label('Altra modalità', 'bad', () => 'Posizione già pagata con l’altra modalità.'),
  POSITION_CANCELLED: label('Posizione annullata', 'bad', () => 'Posizione annullata.'),
  /** What was paid, and what its position asks for now in all. */
  NOTICE_REPLACED: label<{ reported: number; asked: number }>(
    'Avviso superato',
    'bad',
    (p) =>
      `Pagati ${euro(p.reported)} con un avviso superato: ora la posizione chiede ${euro(p.asked)}, con altri numeri.`,
  ),
  EXCEEDS_OUTSTANDING: label('Oltre il residuo', 'bad', () => 'Supera il residuo dell’accertamento.'),
  CREDIT_USED: label('Accredito impegnato', 'bad', () => 'L’accredito è già impegnato da righe mantenute.'),
  UNKNOWN_POSITION: label('Posizione sconosciuta', 'bad', () => 'IUV nostro senza posizione.'),
  OTHER_SOFTWARE: label('Altro software', 'neu', () => 'IUV di un altro software dell’ente.'),
  NOT_OURS: label('Altro ente', 'neu', () => 'Riga di un altro ente.'),
  UNKNOWN_OUTCOME: label<{ outcome: string }>(
    'Esito sconosciuto',
    'bad',
    (p) => `Esito ${p.outcome} sconosciuto: non conteggiato.`,
  ),
  REVOKED: label<{ cents: number }>('Revoca', 'warn', (p) => `Revoca di ${euro(p.cents)}.`),
  REVOKED_BY: label<{ flowId: string }>('Revocata', 'warn', (p) => `Revocata dal flusso ${p.flowId}.`),
  REVOKED_AMOUNT_DIFFERS: label('Revoca diversa', 'bad', () => 'Importo della revoca diverso.'),
  REVOKED_NOT_COLLECTED: label('Revoca non incassata', 'warn', () => 'Revoca di un pagamento non incassato.'),
  REVOKED_UNKNOWN: label('Revoca sconosciuta', 'bad', () => 'IUV sconosciuto.'),
  ASSIGNED_BY_HAND: label('Attribuita a mano', 'ok', () => 'Attribuita a mano.'),
  ASSIGNED_IN_PART: label<{ given: number; reported: number }>(
    'Attribuita in parte',
    'bad',
    (p) =>
      `Attribuiti ${euro(p.given)} di ${euro(p.reported)}: un pagamento entra intero. Riaprilo e attribuisci tutto.`,
  ),
  /** Of an assignment by hand, of a row or a credit: `cents` of the accertamento that it raised. */
  ASSIGNED_UNPAID: label<{ cents: number }>(
    'Attribuzione senza pagamento',
    'bad',
    (p) =>
      `L’attribuzione ha accertato ${euro(p.cents)} che nessun pagamento porta più. Disfala: l’accertamento si annulla con lei.`,
  ),
  // receipts
  RT_NO_FLOW: label('Non rendicontata', 'unc', () => 'Ricevuta non ancora rendicontata.'),
  RT_IN_FLOW: label('Rendicontata', 'info', () => 'Ricevuta rendicontata.'),
  RT_CREDITED: label('Accreditata', 'ok', () => 'Ricevuta accreditata.'),
  RT_DIRECT: label('Accreditata da sola', 'ok', () => 'Ricevuta accreditata da sola.'),
  RT_AMOUNT_DIFFERS: label<{ paid: number; expected: number; v: number }>(
    'Importi diversi',
    'bad',
    (p) =>
      `Pagati ${euro(p.paid)}, l’avviso ora chiede ${euro(p.expected)} (versione ${p.v}): si decide all’arrivo del flusso.`,
  ),
  RT_NO_POSITION: label('Senza posizione', 'bad', () => 'Ricevuta senza posizione.'),
  RT_KO: label('Negativa', 'neu', () => 'Ricevuta negativa.'),
  // positions
  PAID_OUTSIDE: label<{ document: string }>('Fuori pagoPA', 'info', (p) => `Pagata fuori da pagoPA (${p.document}).`),
} as const

export type LabelCode = keyof typeof LABELS
export type LabelParams<C extends LabelCode> = Parameters<(typeof LABELS)[C]['text']>[0]

/** A label as data: what crosses rooms and the wire. `params` fit the code's sentence. */
export interface Label {
  readonly code: LabelCode
  readonly params: Readonly<Record<string, string | number>>
}

export function labelOf<C extends LabelCode>(code: C, params: LabelParams<C>): Label {
  return { code, params: params as Readonly<Record<string, string | number>> }
}

export function isLabelCode(value: unknown): value is LabelCode {
  return typeof value === 'string' && Object.hasOwn(LABELS, value)
}

/** The sentence: «Flusso 2026-…: accreditati 60,00 su 100,00.» `today` is the books' day, for «da {n} giorni». */
export function labelText(l: Label, today: IsoDate): string {
  return (LABELS[l.code] as LabelEntry<never>).text(l.params as never, today)
}

export function labelTitle(code: LabelCode): string {
  return LABELS[code].title
}

export function labelTone(code: LabelCode): Tone {
  return LABELS[code].tone
}
