import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { type IsoDate, instantOf } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { type Cents, cents } from '#domain/money'
import type { Ledger, WriteCommand, WriteHandle } from '#ledger/ledger'
import { nextNumber } from '#ledger/numbering'
import { type PostedReversale, postReversali } from '#ledger/posting'

export const AT = instantOf(Date.parse('2026-02-02T08:00:00Z'))

export function command(name = 'test'): WriteCommand {
  return { command: name, operator: 'prova', payload: {}, at: AT }
}

export interface Office {
  readonly account: Id<'bankAccount'>
  readonly postal: Id<'bankAccount'>
  readonly quote: Id<'capitolo'>
  readonly diritti: Id<'capitolo'>
  readonly service: Id<'serviceType'>
  readonly person: Id<'person'>
}

/** 2024 historical, 2025 closed, 2026 and 2027 open; two accounts, two capitoli, one service, one person. */
export function makeOffice(ledger: Ledger): Promise<Office> {
  return ledger.write(command('office'), async (db) => {
    const states = { 2024: 'historical', 2025: 'closed', 2026: 'open', 2027: 'open' } as const
    for (const [year, state] of Object.entries(states)) {
      await db
        .insertInto('exercise')
        .values({ year: Number(year), state })
        .execute()
    }
    const account = (name: string, kind: 'bank' | 'postal') =>
      db
        .insertInto('bankAccount')
        .values({
          iban: null,
          postalAccount: null,
          kind,
          name,
          openingDate: null,
          openingCents: cents(0),
          closedDate: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    const capitolo = (code: string, name: string) =>
      db.insertInto('capitolo').values({ code, name, kind: 'entrata' }).returning('id').executeTakeFirstOrThrow()
    const bank = await account('Banca', 'bank')
    const postal = await account('Posta', 'postal')
    const quote = await capitolo('01.01', 'Quote')
    const diritti = await capitolo('01.02', 'Diritti')
    const service = await db
      .insertInto('serviceType')
      .values({
        name: 'Quota annuale',
        taxonomyCode: '9/0101100IM/',
        capitoloId: quote.id,
        bankAccountId: bank.id,
        defaultCausale: 'Quota',
        dueRuleJson: null,
        moraRuleJson: null,
        active: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const person = await db
      .insertInto('person')
      .values({
        kind: 'F',
        fiscalCode: 'BNCLRA80A41F205X' as FiscalCode,
        vatNumber: null,
        name: 'Bianchi Lara',
        category: 'professionista',
        mergedIntoId: null,
        searchKey: 'bianchi lara bnclra80a41f205x',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return {
      account: bank.id,
      postal: postal.id,
      quote: quote.id,
      diritti: diritti.id,
      service: service.id,
      person: person.id,
    }
  })
}

export async function raise(
  db: WriteHandle,
  office: Office,
  amount: number,
  options: { exercise?: number; capitoloId?: Id<'capitolo'>; date?: string } = {},
): Promise<Id<'accertamento'>> {
  const exercise = options.exercise ?? 2026
  const row = await db
    .insertInto('accertamento')
    .values({
      exercise,
      number: await nextNumber(db, 'accertamento', exercise),
      date: (options.date ?? `${exercise}-02-02`) as IsoDate,
      capitoloId: options.capitoloId ?? office.quote,
      personId: office.person,
      serviceTypeId: office.service,
      competenceYear: exercise,
      causale: 'Quota',
      assessedCents: cents(amount),
      dueDate: null,
      externalReference: null,
      importRowId: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export interface Credit {
  readonly movementId: Id<'bankMovement'>
  readonly matchId: Id<'match'>
}

export async function movement(
  db: WriteHandle,
  accountId: Id<'bankAccount'>,
  amount: number,
  date = '2026-03-12',
): Promise<Id<'bankMovement'>> {
  const last = await db
    .selectFrom('bankMovement')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  const row = await db
    .insertInto('bankMovement')
    .values({
      bankAccountId: accountId,
      bankStatementId: null,
      bookingDate: date as IsoDate,
      valueDate: date as IsoDate,
      cents: cents(amount),
      description: 'accredito',
      bankReference: null,
      fingerprint: createHash('sha256')
        .update(`${last?.id ?? 0}`)
        .digest('hex'),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** A credit matched whole to an IUV. */
export async function credit(
  db: WriteHandle,
  accountId: Id<'bankAccount'>,
  amount: number,
  date = '2026-03-12',
): Promise<Credit> {
  const movementId = await movement(db, accountId, amount, date)
  const match = await db
    .insertInto('match')
    .values({
      bankMovementId: movementId,
      kind: 'iuv',
      reportingFlowId: null,
      iuv: `iuv-${movementId}`,
      accertamentoId: null,
      targetMovementId: null,
      cents: cents(amount),
      origin: 'engine',
      decisionId: null,
      openedAt: AT,
      closedReason: null,
      closedAt: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { movementId, matchId: match.id }
}

export async function post(
  db: WriteHandle,
  office: Office,
  lines: readonly { accertamentoId: Id<'accertamento'>; credit: Credit; cents: number }[],
  options: { exercise?: number; date?: string; originYear?: number; capitoloId?: Id<'capitolo'> } = {},
): Promise<PostedReversale> {
  const exercise = options.exercise ?? 2026
  const posted = await postReversali(
    db,
    [
      {
        exercise,
        date: (options.date ?? `${exercise}-03-12`) as IsoDate,
        capitoloId: options.capitoloId ?? office.quote,
        originYear: options.originYear ?? exercise,
        bankAccountId: office.account,
        personId: null,
        causale: 'Incasso',
        groupKey: 'prova',
        lines: lines.map((line) => ({
          accertamentoId: line.accertamentoId,
          bankMovementId: line.credit.movementId,
          matchId: line.credit.matchId,
          reportingFlowId: null,
          rowKey: null,
          iuv: null,
          idTransfer: null,
          cents: cents(line.cents) as Cents,
        })),
      },
    ],
    { at: AT, operator: 'prova' },
  )
  return posted[0] as PostedReversale
}
