import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { readFiscalCode } from '#domain/fiscal-code'
import { type Iban, readIban } from '#domain/iban'
import type { Cents } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { STANDARD_CAPITOLI, STANDARD_SERVICE_TYPES } from '#domain/standard-chart'
import { insertBankAccount, listBankAccounts } from '#ledger/bank-account'
import { insertExercise, saveCapitolo, saveServiceType } from '#ledger/chart'
import { type InstitutionInput, readInstitution, saveInstitution } from '#ledger/institution'
import type { WriteHandle } from '#ledger/ledger'
import { readNoticeStyle, saveNoticeStyle } from '#ledger/notice-style'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { today } from './produced-file.ts'

export function checkInstitution(fiscalCode: string): Problem[] {
  const reading = readFiscalCode(fiscalCode)
  if (reading.state !== 'suspicious') return []
  const expected = fiscalCode.slice(0, 10) + reading.expected
  return [problem('FISCAL_CODE_CHECK', { value: fiscalCode, expected }, { field: 'Codice fiscale' })]
}

const IBAN_REASONS = {
  empty: 'manca',
  structure: 'lunghezza o caratteri non tornano (un IBAN italiano ha 27 caratteri)',
  check: 'le due cifre di controllo non tornano',
  cin: 'la lettera CIN non torna',
} as const

interface AccountInput {
  readonly kind: 'bank' | 'postal' | 'treasury' | 'cash'
  readonly name: string
  readonly iban: string | null
  readonly openingDate: IsoDate
  readonly openingCents: Cents
}

export function accountValues(input: AccountInput): { iban: Iban | null; postalAccount: string | null } {
  if (input.kind === 'cash') return { iban: null, postalAccount: null }
  if (input.iban === null) throw new ProblemError(problem('IBAN_NEEDED', { name: input.name }, { field: 'IBAN' }))
  const reading = readIban(input.iban)
  if (reading.state === 'wrong') {
    const reason = IBAN_REASONS[reading.reason]
    throw new ProblemError(problem('IBAN_WRONG', { value: input.iban, reason }, { field: 'IBAN' }))
  }
  return { iban: reading.iban, postalAccount: reading.postalAccount }
}

export async function addAccount(db: WriteHandle, input: AccountInput): Promise<Id<'bankAccount'>> {
  const { iban, postalAccount } = accountValues(input)
  await refuseTakenIban(db, iban, null)
  return insertBankAccount(db, {
    iban,
    postalAccount,
    kind: input.kind,
    name: input.name,
    openingDate: input.openingDate,
    openingCents: input.openingCents,
    closedDate: null,
  })
}

export async function refuseTakenIban(
  db: WriteHandle,
  iban: Iban | null,
  self: Id<'bankAccount'> | null,
): Promise<void> {
  if (iban === null) return
  const taken = (await listBankAccounts(db)).find((row) => row.iban === iban && row.id !== self)
  if (taken) throw new ProblemError(problem('IBAN_TAKEN', { value: iban, name: taken.name }, { field: 'IBAN' }))
}

/** Writes the whole first run in one transaction; shared by the guide and by «Ordine di prova». */
export async function setUpInstitution(
  context: ServiceContext,
  input: {
    readonly institution: InstitutionInput
    readonly exercise: number
    readonly accounts: readonly AccountInput[]
    readonly standardChart: boolean
    /** The notices carry the slip of the first postal account, held by this name; left out, none. */
    readonly slip?: { readonly holder: string; readonly authorisation: string }
  },
): Promise<void> {
  const problems = checkInstitution(input.institution.fiscalCode)
  if (problems.length > 0) throw new ProblemError(...problems)
  await context.ledger.write(command(context, 'institution.setUp', JSON.parse(JSON.stringify(input))), async (db) => {
    const present = await readInstitution(db)
    if (present) throw new ProblemError(problem('INSTITUTION_EXISTS', { name: present.name }))
    await saveInstitution(db, input.institution, today(context))
    await insertExercise(db, input.exercise, 'open')
    const accountIds: Id<'bankAccount'>[] = []
    for (const account of input.accounts) accountIds.push(await addAccount(db, account))
    const postal = accountIds[input.accounts.findIndex((account) => account.kind === 'postal')]
    if (input.slip !== undefined && postal !== undefined) {
      await saveNoticeStyle(db, {
        ...(await readNoticeStyle(db)),
        postalAccountId: postal,
        postalHolder: input.slip.holder,
        postalAuthorisation: input.slip.authorisation,
      })
    }
    if (input.standardChart) await writeStandardChart(db, input.exercise, accountIds[0] ?? null)
  })
}

async function writeStandardChart(db: WriteHandle, exercise: number, bankAccountId: Id<'bankAccount'> | null) {
  const ids = new Map<string, Id<'capitolo'>>()
  for (const capitolo of STANDARD_CAPITOLI) {
    ids.set(capitolo.code, await saveCapitolo(db, { id: null, forecastCents: null, ...capitolo }, exercise))
  }
  for (const { capitolo, ...service } of STANDARD_SERVICE_TYPES) {
    const capitoloId = ids.get(capitolo)
    if (capitoloId === undefined) throw new RangeError(`standard chart: capitolo ${capitolo}`)
    await saveServiceType(db, { id: null, capitoloId, bankAccountId, active: true, ...service })
  }
}
