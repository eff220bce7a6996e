// An office with many payments, written straight into its tables: invented debts, one notice each, flows of twenty rows and
// their credits; and credits that no reference names, as large as debts that nobody has asked for with a notice.
import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { addDays, type Instant, instantOf, isoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { foldFlowId } from '#domain/flow-id'
import { type Cents, cents } from '#domain/money'
import { checkDigitsOf, type Iuv, type NoticeNumber } from '#domain/notice-number'
import { insertMany, reserveIds } from '#ledger/bulk'
import type { Ledger, WriteHandle } from '#ledger/ledger'

export const AT: Instant = instantOf(Date.parse('2026-11-16T08:00:00Z'))
const RECEIVER = '80012345678' as FiscalCode
const PER_FLOW = 20
const DAY = isoDate('2026-01-12')

export function command(name: string) {
  return { command: name, operator: 'misura', payload: {}, at: AT }
}

/** @param strangers credits that a person must decide */
export async function fillOffice(
  ledger: Ledger,
  payments: number,
  strangers: number,
  perFlow = PER_FLOW,
): Promise<void> {
  await ledger.write(command('misura'), async (db) => {
    const office = await setUp(db)
    const debts = await raise(db, office, payments + strangers)
    const iuvs = await issue(db, debts.slice(0, payments))
    await collect(db, office.account, debts, iuvs, strangers, perFlow)
  })
}

interface Chart {
  readonly account: Id<'bankAccount'>
  readonly capitolo: Id<'capitolo'>
  readonly service: Id<'serviceType'>
}

async function setUp(db: WriteHandle): Promise<Chart> {
  const institution = { id: 1 as Id<'creditorInstitution'>, fiscalCode: RECEIVER, name: 'Ordine di prova' }
  await db
    .insertInto('creditorInstitution')
    .values({ ...institution, office: null, cbill: null, logoBase64: null, info: null, environment: 'rehearsal' })
    .execute()
  const code = { code: '47' as never, validFrom: isoDate('2020-01-01'), validTo: null, use: 'issue' as const }
  await db.insertInto('segregationCode').values(code).execute()
  await db.insertInto('exercise').values({ year: 2026, state: 'open' }).execute()
  const account = await db
    .insertInto('bankAccount')
    .values({
      ...{ iban: null, postalAccount: null, kind: 'bank', name: 'Banca di prova', openingDate: null },
      ...{ openingCents: cents(0), closedDate: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const capitolo = await db
    .insertInto('capitolo')
    .values({ code: '01.01', name: 'Quote', kind: 'entrata' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const service = await db
    .insertInto('serviceType')
    .values({
      ...{ name: 'Quota annuale', taxonomyCode: '9/0101100IM/', capitoloId: capitolo.id, bankAccountId: account.id },
      ...{ defaultCausale: 'Quota', dueRuleJson: null, moraRuleJson: null, active: 1 },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { account: account.id, capitolo: capitolo.id, service: service.id }
}

interface Debt {
  readonly id: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly cents: Cents
}

async function raise(db: WriteHandle, { capitolo, service }: Chart, count: number): Promise<Debt[]> {
  const people = await reserveIds(db, 'person', count)
  await insertMany(
    db,
    'person',
    people.map((id, n) => ({
      ...{ id, kind: 'F' as const, fiscalCode: null, vatNumber: null, name: `Persona ${nameOf(n)}` },
      ...{ category: 'professionista', mergedIntoId: null, searchKey: `persona ${nameOf(n).toLowerCase()}` },
    })),
  )
  const ids = await reserveIds(db, 'accertamento', count)
  const debts = ids.map((id, n) => ({ id, personId: people[n] as Id<'person'>, cents: cents(20_000 + (n % 900) * 7) }))
  await insertMany(
    db,
    'accertamento',
    debts.map((debt, n) => ({
      ...{ id: debt.id, exercise: 2026, number: n + 1, date: DAY, capitoloId: capitolo, personId: debt.personId },
      ...{ serviceTypeId: service, competenceYear: 2026, causale: 'Quota 2026', assessedCents: debt.cents },
      ...{ dueDate: null, externalReference: null, importRowId: null },
    })),
  )
  return debts
}

/** Letters only: a number in a causale may look like a reference. */
function nameOf(n: number): string {
  return [...String(n)].map((digit) => 'BCDFGHLMNP'[Number(digit)]).join('')
}

/** One notice for each debt. */
async function issue(db: WriteHandle, debts: readonly Debt[]): Promise<string[]> {
  const count = debts.length
  const positions = await reserveIds(db, 'debtPosition', count)
  const notices = debts.map((_, n) => {
    const first16 = `347${1_900_000_000_000 + n}`
    return `${first16}${checkDigitsOf(first16)}` as NoticeNumber
  })
  const iuvs = notices.map((notice) => notice.slice(1) as Iuv)
  await insertMany(
    db,
    'debtPosition',
    positions.map((id, n) => ({
      ...{ id, personId: (debts[n] as Debt).personId, issuanceId: null, lifecycle: 'issued' as const },
      ...{ currentVersion: 1, payment: 'unpaid' as const, nodeState: null, syncState: 'none' as const },
      ...{ cancelledAt: null, cancelReason: null },
    })),
  )
  await insertMany(
    db,
    'debtPositionVersion',
    positions.map((id) => ({ debtPositionId: id, version: 1, iupd: `IUPD${id}`, reason: 'emissione', createdAt: AT })),
  )
  const options = await reserveIds(db, 'paymentOption', count)
  await insertMany(
    db,
    'paymentOption',
    options.map((id, n) => ({
      ...{ id, debtPositionId: positions[n] as Id<'debtPosition'>, version: 1, kind: 'single' as const },
      description: 'Quota',
    })),
  )
  await insertMany(
    db,
    'iuvAssignment',
    iuvs.map((iuv, n) => ({
      ...{ iuv, noticeNumber: notices[n] as NoticeNumber, base: 1_900_000_000_000 + n, origin: 'own' as const },
      ...{ debtPositionId: positions[n] as Id<'debtPosition'>, at: AT },
    })),
  )
  const installments = await reserveIds(db, 'installment', count)
  await insertMany(
    db,
    'installment',
    installments.map((id, n) => ({
      ...{ id, paymentOptionId: options[n] as Id<'paymentOption'>, ordinal: 1, iuv: iuvs[n] as Iuv },
      ...{ cents: (debts[n] as Debt).cents, dueDate: null, description: 'Quota' },
    })),
  )
  const transfers = await reserveIds(db, 'transfer', count)
  await insertMany(
    db,
    'transfer',
    transfers.map((id, n) => ({
      ...{ id, installmentId: installments[n] as Id<'installment'>, idTransfer: 1, cents: (debts[n] as Debt).cents },
      ...{ own: 1 as const, stamp: 0 as const, fiscalCode: RECEIVER, iban: null },
      ...{ taxonomyCode: '9/0101100IM/', remittance: 'Quota' },
    })),
  )
  const allocations = await reserveIds(db, 'allocation', count)
  await insertMany(
    db,
    'allocation',
    allocations.map((id, n) => ({
      ...{ id, transferId: transfers[n] as Id<'transfer'>, ordinal: 1 },
      ...{ accertamentoId: (debts[n] as Debt).id, cents: (debts[n] as Debt).cents },
    })),
  )
  return iuvs
}

async function collect(
  db: WriteHandle,
  account: Id<'bankAccount'>,
  debts: readonly Debt[],
  iuvs: readonly string[],
  strangers: number,
  perFlow: number,
): Promise<void> {
  const count = Math.ceil(iuvs.length / perFlow)
  const day = (flow: number) => addDays(DAY, Math.floor((flow * 300) / count))
  const flowIds = Array.from({ length: count }, (_, f) => `${day(f)}BALFITM1XXX-S${String(f).padStart(9, '0')}`)
  const flows = await reserveIds(db, 'reportingFlow', count)
  await insertMany(
    db,
    'reportingFlow',
    flows.map((id, f) => ({
      ...{ id, receiver: RECEIVER as string, flowId: flowIds[f] as string },
      foldKey: foldFlowId(flowIds[f] as string),
    })),
  )
  const total = (f: number) =>
    cents(debts.slice(f * perFlow, Math.min(iuvs.length, (f + 1) * perFlow)).reduce((s, d) => s + d.cents, 0))
  const versions = await reserveIds(db, 'reportingFlowVersion', count)
  await insertMany(
    db,
    'reportingFlowVersion',
    versions.map((id, f) => ({
      ...{ id, reportingFlowId: flows[f] as Id<'reportingFlow'>, flowDateTime: AT, flowDateTimeText: AT, revision: 1 },
      ...{ contentHash: hash(`flow ${f}`), declaredCents: total(f), declaredCount: null, regulationId: `TRN${f}` },
      ...{ regulationDate: day(f), pspCode: 'BALFITM1XXX', pspName: null, bic: null, source: 'file' as const },
      ...{ fileName: null, importedAt: AT },
    })),
  )
  await insertMany(
    db,
    'flowRow',
    iuvs.map((iuv, n) => ({
      ...{ versionId: versions[Math.floor(n / perFlow)] as Id<'reportingFlowVersion'>, ordinal: (n % perFlow) + 1 },
      ...{ iuv, iur: `IUR${n}`, idTransfer: 1, cents: (debts[n] as Debt).cents, outcome: '0' },
      outcomeDate: day(Math.floor(n / perFlow)),
    })),
  )
  const credit = (text: string, amount: Cents, n: number) => ({
    ...{ bankAccountId: account, bankStatementId: null, bookingDate: day(n), valueDate: day(n), cents: amount },
    ...{ description: text, bankReference: null, fingerprint: hash(text), counterparty: null, endToEndId: null },
    ...{ transactionCode: null, stornoOfId: null },
  })
  await insertMany(db, 'bankMovement', [
    ...flowIds.map((id, f) => credit(`BONIFICO A VOSTRO FAVORE /PUR/LGPE-RIVERSAMENTO/URI/${id}`, total(f), f)),
    ...Array.from({ length: strangers }, (_, s) => {
      const n = iuvs.length + s
      return credit(`BONIFICO DI PERSONA ${nameOf(n)} QUOTA`, (debts[n] as Debt).cents, s % count)
    }),
  ])
}

function hash(text: string): never {
  return createHash('sha256').update(text).digest('hex') as never
}
