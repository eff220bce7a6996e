import type { Id } from '#domain/brand'
import { type IsoDate, isoDate, romeDate } from '#domain/date'
import { readFiscalCode } from '#domain/fiscal-code'
import { type Iban, readIban } from '#domain/iban'
import type { Cents } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { STANDARD_CAPITOLI, STANDARD_SERVICE_TYPES } from '#domain/standard-chart'
import { isTaxonomyCode } from '#domain/taxonomy'
import {
  type BankAccountRow,
  closeBankAccount,
  insertBankAccount,
  listBankAccounts,
  updateBankAccount,
} from '#ledger/bank-account'
import {
  insertExercise,
  listCapitoli,
  listExercises,
  listServiceTypes,
  saveCapitolo,
  saveServiceType,
} from '#ledger/chart'
import { type Institution, readInstitution, readLogo, saveInstitution, saveLogo } from '#ledger/institution'
import type { WriteHandle } from '#ledger/ledger'
import { situation } from './capitolo-situation.ts'
import { os, type ServiceContext } from './context.ts'
import { createRehearsal } from './rehearsal.ts'

const MAX_LOGO_BYTES = 1024 * 1024
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

function command(context: ServiceContext, name: string, payload: object) {
  return {
    command: name,
    operator: context.operator,
    payload: JSON.parse(JSON.stringify(payload)) as never,
    at: context.clock.now(),
  }
}

function today(context: ServiceContext): IsoDate {
  return romeDate(context.clock.now())
}

function checkInstitution(fiscalCode: string): Problem[] {
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

function accountValues(input: AccountInput): { iban: Iban | null; postalAccount: string | null } {
  if (input.kind === 'cash') return { iban: null, postalAccount: null }
  if (input.iban === null) throw new ProblemError(problem('IBAN_NEEDED', { name: input.name }, { field: 'IBAN' }))
  const reading = readIban(input.iban)
  if (reading.state === 'wrong') {
    const reason = IBAN_REASONS[reading.reason]
    throw new ProblemError(problem('IBAN_WRONG', { value: input.iban, reason }, { field: 'IBAN' }))
  }
  return { iban: reading.iban, postalAccount: reading.postalAccount }
}

function accountOut(row: BankAccountRow) {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    iban: row.iban ?? null,
    postalAccount: row.postalAccount ?? null,
    openingDate: row.openingDate ?? isoDate('2000-01-01'),
    openingCents: row.openingCents,
    movements: row.movements,
    closed: row.closedDate !== null && row.closedDate !== undefined,
  }
}

async function addAccount(db: WriteHandle, input: AccountInput): Promise<Id<'bankAccount'>> {
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

async function refuseTakenIban(db: WriteHandle, iban: Iban | null, self: Id<'bankAccount'> | null): Promise<void> {
  if (iban === null) return
  const taken = (await listBankAccounts(db)).find((row) => row.iban === iban && row.id !== self)
  if (taken) throw new ProblemError(problem('IBAN_TAKEN', { value: iban, name: taken.name }, { field: 'IBAN' }))
}

/** Writes the whole first run in one transaction; shared by the guide and by «Ordine di prova». */
export async function setUpInstitution(
  context: ServiceContext,
  input: {
    readonly institution: Omit<Institution, 'hasLogo'>
    readonly exercise: number
    readonly accounts: readonly AccountInput[]
    readonly standardChart: boolean
  },
): Promise<void> {
  const problems = checkInstitution(input.institution.fiscalCode)
  if (problems.length > 0) throw new ProblemError(...problems)
  await context.ledger.write(command(context, 'institution.setUp', input), async (db) => {
    const present = await readInstitution(db)
    if (present) throw new ProblemError(problem('INSTITUTION_EXISTS', { name: present.name }))
    await saveInstitution(db, input.institution, today(context))
    await insertExercise(db, input.exercise, 'open')
    const accountIds: Id<'bankAccount'>[] = []
    for (const account of input.accounts) accountIds.push(await addAccount(db, account))
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

export const institution = {
  get: os.institution.get.handler(({ context }) => context.ledger.read(readInstitution)),
  save: os.institution.save.handler(async ({ context, input }) => {
    const problems = checkInstitution(input.fiscalCode)
    if (problems.length > 0) throw new ProblemError(...problems)
    await context.ledger.write(command(context, 'institution.save', input), async (db) => {
      if (!(await readInstitution(db))) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
      await saveInstitution(db, input, today(context))
    })
    return input
  }),
  setLogo: os.institution.setLogo.handler(async ({ context, input }) => {
    const base64 = input.token === null ? null : await readPng(context, input.token)
    await context.ledger.write(command(context, 'institution.setLogo', { present: base64 !== null }), (db) =>
      saveLogo(db, base64),
    )
    return { hasLogo: base64 !== null }
  }),
  logo: os.institution.logo.handler(async ({ context }) => {
    const base64 = await context.ledger.read(readLogo)
    if (base64 === null) return null
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    return new File([bytes], 'logo.png', { type: 'image/png' })
  }),
  setUp: os.institution.setUp.handler(async ({ context, input }) => {
    await setUpInstitution(context, input)
    return { exercise: input.exercise }
  }),
  createRehearsal,
}

async function readPng(
  context: ServiceContext,
  token: Parameters<ServiceContext['files']['open']>[0],
): Promise<string> {
  const file = await context.files.open(token)
  const refuse = (reason: string) => new ProblemError(problem('LOGO_WRONG', { reason }, { file: file.name }))
  if (file.size > MAX_LOGO_BYTES) throw refuse(`pesa ${Math.ceil(file.size / 1024)} kB`)
  const bytes = await file.bytes()
  if (!PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)) throw refuse('non è un file PNG')
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export const account = {
  list: os.account.list.handler(async ({ context }) => (await context.ledger.read(listBankAccounts)).map(accountOut)),
  save: os.account.save.handler(({ context, input }) =>
    context.ledger.write(command(context, 'account.save', input), async (db) => {
      if (input.id === null) return oneAccount(db, await addAccount(db, input))
      const present = (await listBankAccounts(db)).find((row) => row.id === input.id)
      if (!present) throw new ProblemError(problem('ACCOUNT_UNKNOWN', { id: input.id }))
      const { iban, postalAccount } = accountValues(input)
      if (present.movements > 0 && (present.iban !== iban || present.kind !== input.kind)) {
        throw new ProblemError(problem('ACCOUNT_LOCKED', { name: present.name, movements: present.movements }))
      }
      await refuseTakenIban(db, iban, input.id)
      await updateBankAccount(db, input.id, {
        iban,
        postalAccount,
        kind: input.kind,
        name: input.name,
        openingDate: input.openingDate,
        openingCents: input.openingCents,
      })
      return oneAccount(db, input.id)
    }),
  ),
  close: os.account.close.handler(({ context, input }) =>
    context.ledger.write(command(context, 'account.close', input), async (db) => {
      await closeBankAccount(db, input.id, today(context))
      return oneAccount(db, input.id)
    }),
  ),
}

async function oneAccount(db: WriteHandle, id: Id<'bankAccount'>) {
  const row = (await listBankAccounts(db)).find((candidate) => candidate.id === id)
  if (!row) throw new ProblemError(problem('ACCOUNT_UNKNOWN', { id }))
  return accountOut(row)
}

/** At most two neighbouring exercises stay open together (DOMAIN.md §8). */
const MAX_OPEN = 2

export const exercise = {
  list: os.exercise.list.handler(({ context }) => context.ledger.read(listExercises)),
  open: os.exercise.open.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'exercise.open', input), async (db) => {
      const known = await listExercises(db)
      if (known.some((row) => row.year === input.year)) {
        throw new ProblemError(problem('EXERCISE_EXISTS', { year: input.year }))
      }
      const kept = known.filter((row) => row.state !== 'historical').map((row) => row.year)
      const first = Math.min(...kept)
      if (input.state === 'historical') {
        if (input.year >= first) {
          throw new ProblemError(problem('EXERCISE_NOT_HISTORICAL', { year: input.year, first }))
        }
      } else {
        const open = known.filter((row) => row.state === 'open').map((row) => row.year)
        if (open.length >= MAX_OPEN || (kept.length > 0 && input.year !== Math.max(...kept) + 1)) {
          throw new ProblemError(problem('EXERCISES_OPEN', { open: open.sort().join(' e '), year: input.year }))
        }
      }
      await insertExercise(db, input.year, input.state)
    })
    return input
  }),
}

export const capitolo = {
  list: os.capitolo.list.handler(({ context, input }) => context.ledger.read((db) => listCapitoli(db, input.exercise))),
  save: os.capitolo.save.handler(({ context, input }) =>
    context.ledger.write(command(context, 'capitolo.save', input), async (db) => {
      const rows = await listCapitoli(db, input.exercise)
      const rival = rows.find((row) => row.code === input.code && row.id !== input.id)
      if (rival) {
        throw new ProblemError(
          problem('CAPITOLO_CODE_TAKEN', { code: input.code, name: rival.name }, { field: 'Codice' }),
        )
      }
      const present = rows.find((row) => row.id === input.id)
      if (present?.used && present.code !== input.code) {
        throw new ProblemError(problem('CAPITOLO_LOCKED', { code: present.code }, { field: 'Codice' }))
      }
      const id = await saveCapitolo(db, input, input.exercise)
      const saved = (await listCapitoli(db, input.exercise)).find((row) => row.id === id)
      if (!saved) throw new RangeError(`capitolo ${id} not found after saving`)
      return saved
    }),
  ),
  situation,
}

export const serviceType = {
  list: os.serviceType.list.handler(async ({ context }) =>
    (await context.ledger.read(listServiceTypes)).flatMap((row) =>
      row.bankAccountId === null ? [] : [{ ...row, bankAccountId: row.bankAccountId }],
    ),
  ),
  save: os.serviceType.save.handler(({ context, input }) =>
    context.ledger.write(command(context, 'serviceType.save', input), async (db) => {
      if (!isTaxonomyCode(input.taxonomyCode)) {
        const place = { field: 'Codice tassonomico' }
        throw new ProblemError(problem('TAXONOMY_CODE_WRONG', { value: input.taxonomyCode }, place))
      }
      const rows = await listServiceTypes(db)
      const name = input.name.toLocaleLowerCase('it')
      if (rows.some((row) => row.id !== input.id && row.name.toLocaleLowerCase('it') === name)) {
        throw new ProblemError(problem('SERVICE_NAME_TAKEN', { name: input.name }, { field: 'Nome' }))
      }
      const id = await saveServiceType(db, input)
      return { ...input, id }
    }),
  ),
}
