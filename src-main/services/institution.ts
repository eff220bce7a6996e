import { graphicFormat } from '#codecs/graphic'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import type { LateFeeRule } from '#domain/late-fee'
import type { FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { isTaxonomyCode } from '#domain/taxonomy'
import { type BankAccountRow, closeBankAccount, listBankAccounts, updateBankAccount } from '#ledger/bank-account'
import { listCapitoli, listServiceTypes, saveCapitolo, saveServiceType } from '#ledger/chart'
import { readInstitution, readLogo, saveInstitution, saveLogo } from '#ledger/institution'
import type { WriteHandle } from '#ledger/ledger'
import { exportSituation, situation } from './capitolo-situation.ts'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { GRAPHIC_MIME, openGraphic } from './graphic-file.ts'
import { today } from './produced-file.ts'
import { createRehearsal } from './rehearsal.ts'
import { accountValues, addAccount, checkInstitution, refuseTakenIban, setUpInstitution } from './set-up.ts'

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
    const base64 = input.token === null ? null : await logoOf(context, input.token)
    await context.ledger.write(command(context, 'institution.setLogo', { present: base64 !== null }), (db) =>
      saveLogo(db, base64),
    )
    return { hasLogo: base64 !== null }
  }),
  checkLogo: os.institution.checkLogo.handler(async ({ context, input }) => {
    const { format } = await openGraphic(await context.files.open(input.token))
    return { format }
  }),
  logo: os.institution.logo.handler(async ({ context }) => {
    const base64 = await context.ledger.read(readLogo)
    if (base64 === null) return null
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
    const format = graphicFormat(bytes) ?? 'png'
    return new File([bytes], `logo.${format}`, { type: GRAPHIC_MIME[format] })
  }),
  setUp: os.institution.setUp.handler(async ({ context, input }) => {
    await setUpInstitution(context, input)
    return { exercise: input.exercise }
  }),
  createRehearsal,
}

/** The file as it will be printed: what cannot be is refused here, never on a notice. */
async function logoOf(context: ServiceContext, token: FileToken): Promise<string> {
  const file = await context.files.open(token)
  return Buffer.from((await openGraphic(file)).bytes).toString('base64')
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
  exportSituation,
}

function ruleOut(rule: LateFeeRule | null) {
  return rule === null ? null : { ...rule, steps: [...rule.steps] }
}

export const serviceType = {
  list: os.serviceType.list.handler(async ({ context }) =>
    (await context.ledger.read(listServiceTypes)).flatMap((row) =>
      row.bankAccountId === null
        ? []
        : [{ ...row, bankAccountId: row.bankAccountId, lateFeeRule: ruleOut(row.lateFeeRule) }],
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
