import { notOursText } from './labels.ts'
import type { Cents } from './money.ts'

/** Rules of the closing of an exercise (DOMAIN.md §8). */
export interface ExerciseYear {
  readonly year: number
  readonly state: 'historical' | 'open' | 'closed' | 'approved'
}

export type ClosingCheck =
  | 'previous'
  | 'yearOver'
  | 'next'
  | 'alarms'
  | 'overdrawn'
  | 'statements'
  | 'ready'
  | 'credits'
  | 'imports'
  | 'pending'

/** `blocking` stops the closing; a `warning` must be read and accepted. */
export type CheckLevel = 'ok' | 'warning' | 'blocking'

export interface CheckLine {
  readonly check: ClosingCheck
  readonly level: CheckLevel
  readonly count: number
  readonly cents: Cents | null
  /** What it is about, in words; empty when all is well. */
  readonly details: readonly string[]
}

export interface ClosingFacts {
  readonly exercises: readonly ExerciseYear[]
  /** The books' day. */
  readonly today: string
  /** Reversali of the year that the evidence no longer supports. */
  readonly alarms: Amount
  /** Accertamenti that the year's books overdraw at 31/12: later variations were used before. */
  readonly overdrawn: Amount
  /** Accounts in use whose statements do not reach 31/12, or have holes. */
  readonly uncovered: readonly string[]
  /** Reversali ready that would be of the year. */
  readonly ready: Amount
  /** Credits of the year neither regularised nor excluded. */
  readonly credits: Amount
  /** Of those: payments of other software or other institutions. */
  readonly notOurs: Amount
  /** Register imports waiting for a confirmation. */
  readonly imports: readonly string[]
  /** Rows of statements waiting for a decision, dated in the year. */
  readonly pending: Amount
}

interface Amount {
  readonly count: number
  readonly cents: Cents
}

/** The checklist before closing, every line of it: what blocks first. */
export function closingChecklist(year: number, facts: ClosingFacts): CheckLine[] {
  const older = facts.exercises.filter((e) => e.year < year && e.state === 'open').map((e) => e.year)
  const next = facts.exercises.find((e) => e.year === year + 1)
  const line = (check: ClosingCheck, bad: CheckLevel, count: number, details: readonly string[] = []): CheckLine => ({
    ...{ check, level: count === 0 ? 'ok' : bad, count, cents: null, details },
  })
  const amount = (check: ClosingCheck, bad: CheckLevel, of: Amount): CheckLine => ({
    ...line(check, bad, of.count),
    cents: of.count === 0 ? null : of.cents,
  })
  return [
    line('previous', 'blocking', older.length, older.map(String)),
    line('yearOver', 'blocking', facts.today > `${year}-12-31` ? 0 : 1),
    line('next', 'warning', next === undefined ? 1 : 0),
    amount('alarms', 'blocking', facts.alarms),
    amount('overdrawn', 'blocking', facts.overdrawn),
    line('statements', 'warning', facts.uncovered.length, facts.uncovered),
    amount('ready', 'warning', facts.ready),
    {
      ...amount('credits', 'warning', facts.credits),
      details: facts.notOurs.count === 0 ? [] : [notOursText(facts.notOurs.count, facts.notOurs.cents)],
    },
    line('imports', 'warning', facts.imports.length, facts.imports),
    amount('pending', 'warning', facts.pending),
  ]
}

/** Titles of the lines, as a person reads them. */
export const CLOSING_CHECKS: Readonly<Record<ClosingCheck, string>> = {
  previous: 'Esercizi precedenti chiusi',
  yearOver: 'Anno finito',
  next: 'Esercizio successivo aperto',
  alarms: 'Reversali tutte sostenute da flussi e accrediti',
  overdrawn: 'Accertamenti capienti al 31 dicembre',
  statements: 'Estratti conto fino al 31 dicembre',
  ready: 'Reversali pronte tutte emesse',
  credits: 'Accrediti tutti regolarizzati o esclusi',
  imports: 'Nessuna importazione in sospeso',
  pending: 'Nessuna riga di estratto conto da decidere',
}

/** What a person is told about a line that is not well. */
export function checkText(line: CheckLine, year: number): string {
  const n = line.count
  switch (line.check) {
    case 'previous':
      return `Prima si chiude ${line.details.join(', ')}.`
    case 'yearOver':
      return `Il ${year} non è ancora finito: si chiude dal 1º gennaio ${year + 1}.`
    case 'next':
      return `Il ${year + 1} non c’è ancora: la chiusura lo apre, per portarci i residui.`
    case 'alarms':
      return `${n === 1 ? 'Una reversale non è più sostenuta' : `${n} reversali non sono più sostenute`}: annullale e riemettile, oppure tienile. Dopo la chiusura non si potrà.`
    case 'overdrawn':
      return `${n === 1 ? 'Un accertamento ha' : `${n} accertamenti hanno`} riscosso nel ${year} più di quanto era dovuto al 31 dicembre: una variazione è di un esercizio successivo.`
    case 'statements':
      return `Mancano estratti conto di ${line.details.join(', ')}: il loro periodo non arriva in fondo all’anno, o ha un buco.`
    case 'ready':
      return `${n === 1 ? 'Una reversale pronta resta' : `${n} reversali pronte restano`} da emettere: dopo la chiusura vanno nel ${year + 1}, in conto residui.`
    case 'credits':
      return `${n === 1 ? 'Un accredito resta' : `${n} accrediti restano`} da regolarizzare: ${['si elencano come «non regolarizzati».', ...line.details].join(' ')}`
    case 'imports':
      return `Da confermare o lasciare: ${line.details.join(', ')}.`
    case 'pending':
      return `${n === 1 ? 'Una riga aspetta' : `${n} righe aspettano`} una decisione: potrebbero essere incassi del ${year}.`
  }
}

export type ExerciseMove = 'close' | 'reopen' | 'approve'

/** Why an exercise cannot make a move, in words that end a sentence; null when it can. */
export function moveRefusal(move: ExerciseMove, year: number, exercises: readonly ExerciseYear[]): string | null {
  const state = exercises.find((e) => e.year === year)?.state
  if (move === 'close') return state === 'open' ? null : 'chiudere: non è aperto'
  if (state !== 'closed') {
    if (state === 'approved') return 'cambiare: il rendiconto è approvato'
    return move === 'reopen' ? 'riaprire: non è chiuso' : 'approvare: prima va chiuso'
  }
  if (move === 'approve') {
    const before = exercises.find((e) => e.year < year && (e.state === 'closed' || e.state === 'open'))
    return before === undefined ? null : `approvare: prima si approva il ${before.year}`
  }
  const later = exercises.find((e) => e.year > year && e.state !== 'open')
  if (later !== undefined) return `riaprire: il ${later.year} è già chiuso, prima si riapre quello`
  const open = exercises.filter((e) => e.state === 'open' && e.year > year + 1)
  return open.length === 0 ? null : `riaprire: il ${open[0]?.year} è già aperto, e restano aperti due esercizi al più`
}
