/** When a rule speaks: credits of one account whose causale has all these words. */
export interface RuleCondition {
  readonly bankAccountId: number
  /** Folded, in alphabetical order. */
  readonly words: readonly string[]
}

/** What it proposes, never more than that. */
export type RuleAction =
  | { readonly kind: 'exclude'; readonly reason: string }
  /** To what this person owes. */
  | { readonly kind: 'match'; readonly personId: number }
  /** Giroconto with the debit of the same amount on that account. */
  | { readonly kind: 'internal'; readonly debitAccountId: number }

export interface LearnedRule {
  readonly condition: RuleCondition
  readonly action: RuleAction
}

/** The same act on credits of one account. */
export interface AlikeActs {
  readonly bankAccountId: number
  readonly action: RuleAction
  /** Causali of the credits, in order of deciding. */
  readonly causali: readonly string[]
}

/** How often the same must have been done. */
const TIMES = 3

/** Words of every bonifico, and of every riversamento pagoPA: they make nobody recognisable. */
const COMMON = new Set(
  (
    'accredito accrediti accreditato addebito banca bonif bonifici bonifico causale cod codice conto contanti corrente cro ' +
    'data del della dello delle disp disposto disposizione euro eur favore fil filiale id importo incasso info iban mitt ' +
    'mittente nota ord ordinante ordine pagamento pag per recapito ric ricevuto rif riferimento sepa spese trn valuta ' +
    'versamento vostro vs gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre ' +
    'mese anno trimestre rata quota quote iscrizione annuale saldo acconto lgpe pur riversamento txt uri rfb rfs pagopa'
  ).split(' '),
)

/** Words of a causale that do not change from one month to the next: letters only, folded. */
export function ruleWords(causale: string): ReadonlySet<string> {
  const folded = causale.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words = folded.split(/[^0-9a-z]+/).filter((w) => w.length >= 3 && w.length <= 20 && !/\d/.test(w))
  return new Set(words)
}

export function ruleFits(
  rule: LearnedRule,
  credit: { readonly bankAccountId: number; readonly words: ReadonlySet<string> },
): boolean {
  return rule.condition.bankAccountId === credit.bankAccountId && rule.condition.words.every((w) => credit.words.has(w))
}

/**
 * The rule that acts done alike suggest: the words common to the last of them and two others, when they are enough to
 * tell those credits from any other. Null when there is none, or when one of `known` (whatever became of it) says it already.
 */
export function ruleFrom(acts: AlikeActs, known: readonly LearnedRule[]): LearnedRule | null {
  const last = acts.causali.at(-1)
  if (last === undefined || acts.causali.length < TIMES) return null
  const words = ruleWords(last)
  const others = acts.causali
    .slice(0, -1)
    .map((causale) => {
      const theirs = ruleWords(causale)
      return [...words].filter((w) => theirs.has(w))
    })
    .sort((a, b) => b.length - a.length)
  const [first, second] = others
  if (!first || !second) return null
  const stem = first.filter((w) => second.includes(w) && !COMMON.has(w)).sort()
  if (stem.length === 0 || stem.join('').length < 6) return null
  const rule: LearnedRule = { condition: { bankAccountId: acts.bankAccountId, words: stem }, action: acts.action }
  const said = known.some(
    (k) =>
      k.condition.bankAccountId === acts.bankAccountId &&
      actionKey(k.action) === actionKey(acts.action) &&
      (k.condition.words.every((w) => stem.includes(w)) || stem.every((w) => k.condition.words.includes(w))),
  )
  return said ? null : rule
}

/** Equal for equal actions; reasons do not differ by case and blanks. */
export function actionKey(action: RuleAction): string {
  switch (action.kind) {
    case 'exclude':
      return `exclude|${action.reason.trim().replace(/\s+/g, ' ').toLowerCase()}`
    case 'match':
      return `match|${action.personId}`
    case 'internal':
      return `internal|${action.debitAccountId}`
  }
}
