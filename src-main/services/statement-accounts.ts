import type { StatementAccount, StatementReading } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { StatementAccountRow } from '#ledger/statement-store'

/** What a person says of the accounts of a file: by the name that the file gives them, null to leave one out. */
export type AccountChoice = Readonly<Record<string, Id<'bankAccount'> | null>>

/** An account that the file names (or the whole file, when it names none) and which of ours it is. */
export interface FileAccount {
  /** As the file writes it; empty when it names none. */
  readonly key: string
  readonly iban: string | null
  readonly ours: StatementAccountRow | null
  /** The person said to leave it out. */
  readonly left: boolean
}

export interface ResolvedAccounts {
  readonly accounts: readonly FileAccount[]
  /** Account of each part of each reading. */
  readonly ofPart: readonly (readonly FileAccount[])[]
  readonly problems: readonly Problem[]
}

/**
 * Which of our accounts the parts of a file speak of. An IBAN in the file decides by itself and contradicts another
 * choice; a file that names no account, or names it without IBAN, is of the chosen one, if it has no other.
 */
export function resolveAccounts(
  readings: readonly StatementReading[],
  ours: readonly StatementAccountRow[],
  chosenId: Id<'bankAccount'>,
  choice: AccountChoice,
): ResolvedAccounts {
  const chosen = ours.find((a) => a.id === chosenId)
  if (!chosen) throw new ProblemError(problem('ACCOUNT_UNKNOWN', { id: chosenId }))
  const named = new Map<string, StatementAccount | null>()
  for (const part of readings.flatMap((r) => r.parts)) named.set(part.account?.text ?? '', part.account)
  if (named.size === 0) named.set('', null)
  const single = named.size === 1
  const problems: Problem[] = []
  const accounts = [...named].map(([key, account]): FileAccount => {
    const iban = account?.iban ?? null
    const about = { key, iban }
    const own = iban === null ? undefined : ours.find((a) => a.iban === iban)
    const said = choice[key]
    if (said === null) return { ...about, ours: null, left: true }
    if (said !== undefined && !single) {
      const picked = ours.find((a) => a.id === said)
      if (!picked) throw new ProblemError(problem('ACCOUNT_UNKNOWN', { id: said }))
      if (iban === null || picked.iban === iban || (picked.iban === null && !own)) {
        return { ...about, ours: picked, left: false }
      }
      problems.push(problem('STATEMENT_OTHER_ACCOUNT', { account: key, chosen: picked.name, own: own?.name ?? '' }))
      return { ...about, ours: null, left: false }
    }
    if (!single) {
      if (!own) problems.push(problem('STATEMENT_ACCOUNT_OPEN', { account: key === '' ? 'senza nome' : key }))
      return { ...about, ours: own ?? null, left: false }
    }
    if (iban !== null && iban !== chosen.iban) {
      if (own || chosen.iban !== null) {
        problems.push(problem('STATEMENT_OTHER_ACCOUNT', { account: key, chosen: chosen.name, own: own?.name ?? '' }))
        return { ...about, ours: null, left: false }
      }
      const params = { account: key, chosen: chosen.name }
      problems.push(problem('STATEMENT_ACCOUNT_UNSAID', params, { severity: 'warning' }))
    }
    return { ...about, ours: chosen, left: false }
  })
  const byKey = new Map(accounts.map((a) => [a.key, a]))
  const first = accounts[0] as FileAccount
  const ofPart = readings.map((r) => r.parts.map((part) => byKey.get(part.account?.text ?? '') ?? first))
  return { accounts, ofPart, problems }
}
