import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { readNoticeQrText } from '#domain/notice'
import { has, pdfToText, readNoticeQr } from '../codecs/pdf-tools.ts'
import { inventedCode, member, type Office, openOffice, outcome, YEAR } from './office.ts'
import { cancelPositions } from './support/cancel.ts'
import { Collection } from './support/collection.ts'

let office: Office
let at: Collection
beforeEach(async () => {
  office = await openOffice()
  at = new Collection(office)
})
afterEach(async () => {
  await at.holds()
  await office.close()
})

type Input = Parameters<Collection['client']['positionAct']['create']>[0]

const OTHER = {
  ...{ fiscalCode: '80087670016', iban: 'IT60X0542811101000000123456' as never, taxonomyCode: '9/0401104TS/' },
  ...{ cents: cents(1_500), remittance: 'Contributo al Consiglio' },
}

const problemsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string; field?: string }[] } }) =>
      error.data?.problems?.map((p) => `${p.code} ${p.field}`) ?? [String(error)],
  )

async function services() {
  const all = await at.client.serviceType.list()
  const of = (name: string) => all.find((one) => one.name === name)?.id as Id<'serviceType'>
  return { quota: of('Quota annuale'), fee: of('Diritti di segreteria') }
}

async function form(more: Partial<Input> = {}): Promise<Input> {
  const { quota, fee } = await services()
  return {
    attempt: 'modulo-00000001',
    payer: {
      person: {
        ...{ name: 'Vento Àlea', fiscalCode: inventedCode(77), category: 'professionista', email: 'alea@example.it' },
        ...{
          pec: null,
          street: 'Via dei Platani',
          civicNumber: '3',
          postalCode: '09124',
          city: 'Cagliari',
          province: 'CA',
        },
      },
    },
    rows: [
      { kind: 'new', serviceTypeId: quota, cents: cents(12_000), competenceYear: YEAR, causale: 'Quota ridotta' },
      { kind: 'new', serviceTypeId: fee, cents: cents(1_600), competenceYear: YEAR, taxonomyCode: '9/0401104TS/CERT' },
    ],
    others: [OTHER],
    description: 'Quota e certificato',
    terms: { single: { dueDate: isoDate('2026-06-30') }, installments: null },
    validUntil: isoDate('2026-12-31'),
    externalReference: 'PRAT-2026-0042',
    ...more,
  }
}

describe('a position by form', () => {
  it('adds the payer, raises the accertamenti and asks for them with the money of another institution', async () => {
    const input = await form()
    const preview = await at.client.positionAct.createPreview(input)
    expect(preview).toMatchObject({ totalCents: 15_100, ownCents: 13_600, raised: 2, exercise: YEAR, problems: [] })
    expect(preview.payments.map((one) => one.transfers.map((t) => [t.own, t.cents, t.taxonomyCode]))).toEqual([
      [
        [true, 12_000, expect.any(String)],
        [true, 1_600, '9/0401104TS/CERT'],
        [false, 1_500, '9/0401104TS/'],
      ],
    ])
    const made = await at.client.positionAct.create(input)
    await at.holds()
    expect(made).toMatchObject({ cents: 15_100, accertamenti: [{ exercise: YEAR, number: 1 }, { number: 2 }] })
    const person = await at.client.person.get({ id: made.personId })
    expect(person.contacts.map((one) => [one.kind, one.value]).sort()).toEqual([
      ['address', 'Via dei Platani 3, 09124 Cagliari (CA)'],
      ['email', 'alea@example.it'],
    ])
    const card = await at.client.positionAct.card({ id: made.debtPositionId })
    expect(card).toMatchObject({ externalReference: 'PRAT-2026-0042', validUntil: '2026-12-31', cents: 15_100 })
    // The second click finds what the first one made.
    expect(await at.client.positionAct.create(input)).toEqual(made)
    expect(await at.client.debtPosition.list({ filters: {} })).toMatchObject({ count: 1 })
    // Another form with the same identifier, or the same person anew, is refused.
    expect(await problemsOf(at.client.positionAct.create({ ...input, attempt: 'modulo-00000002' }))).toEqual([
      'PERSON_CODE_TAKEN payer.fiscalCode',
      'NEW_POSITION_REFERENCE externalReference',
    ])
    // Ours is collected; the money of the other never keeps it from that.
    const iuv = made.noticeNumbers[0]?.slice(1) as string
    await at.pay({ iuv, cents: 12_000, index: 1 }, { iuv, cents: 1_600, index: 2 })
    await at.post()
    expect((await at.position()).row.state).toBe('collected')
    const { totals } = await at.client.accertamento.list({ filters: { exercise: YEAR } })
    expect(totals.outstandingCents).toBe(0)
  })

  it('takes outstanding accertamenti of the payer, in instalments to the cent, others last', async () => {
    await office.raise([member(1, { amountCents: cents(10_001) }), member(2)])
    const { rows } = await at.client.accertamento.list({ filters: { exercise: YEAR } })
    const [other, mine] = rows.toSorted((a, b) => b.dueCents - a.dueCents) as [
      (typeof rows)[number],
      (typeof rows)[number],
    ]
    const row = (id: Id<'accertamento'>) => ({ kind: 'outstanding' as const, accertamentoId: id })
    const parts = [4_000, 4_000, 3_501].map((amount, i) => ({
      cents: cents(amount),
      dueDate: isoDate(`2026-0${4 + i}-30`),
    }))
    const base = { payer: { personId: mine.personId }, rows: [row(mine.id)], externalReference: null }
    const short = await form({ ...base, terms: { single: null, installments: parts.slice(0, 2) } })
    expect(await problemsOf(at.client.positionAct.create(short))).toEqual(['NEW_POSITION_INSTALLMENTS terms'])
    const twice = await form({ ...base, rows: [row(mine.id), row(mine.id), row(other.id)] })
    expect(await problemsOf(at.client.positionAct.create(twice))).toEqual([
      'DEBT_TWICE rows.1',
      'ADDED_DEBT_OF_ANOTHER rows.2',
    ])
    const input = await form({ ...base, terms: { single: { dueDate: null }, installments: parts } })
    const made = await at.client.positionAct.create(input)
    await at.holds()
    expect(made.noticeNumbers).toHaveLength(4)
    const { payments } = await at.client.positionAct.card({ id: made.debtPositionId })
    expect(payments.map((one) => one.transfers.map((t) => (t.own ? t.cents : -t.cents)))).toEqual([
      [10_001, -1_500],
      [4_000],
      [4_000],
      [2_001, -1_500],
    ])
    expect(await problemsOf(at.client.positionAct.create({ ...input, attempt: 'modulo-00000003' }))).toEqual([
      'DEBT_ASKED_ALREADY rows.0',
    ])
    // A change keeps the other's money, whole, in what is open.
    await at.pay({ iuv: payments[1]?.iuv as string, cents: 4_000 })
    const selection = { ids: [made.debtPositionId as number] }
    const change = { terms: { kind: 'once' as const, dueDate: isoDate('2026-09-30') } }
    const { count, stamp } = await at.client.positionAct.changePreview({ selection, change })
    const order = { selection, change, reason: 'A saldo', expected: count, stamp }
    await outcome(await at.client.positionAct.change(order))
    const after = await at.client.positionAct.card({ id: made.debtPositionId })
    expect(after.payments.map((one) => one.transfers.map((t) => (t.own ? t.cents : -t.cents)))).toEqual([
      [4_000],
      [6_001, -1_500],
    ])
  })

  it('says of each field what is wrong, and writes nothing', async () => {
    const input = await form({
      payer: {
        person: { name: 'X', fiscalCode: 'ABCDEF80A01H501', category: 'altro', email: 'no', pec: null } as never,
      },
      others: [{ ...OTHER, fiscalCode: '12A45678901', cents: cents(0) }],
      terms: { single: { dueDate: isoDate('2027-01-31') }, installments: null },
    })
    expect((await at.client.positionAct.createPreview(input)).problems.map((p) => `${p.code} ${p.field}`)).toEqual([
      'FISCAL_CODE_LENGTH payer.fiscalCode',
      'EMAIL_WRONG payer.email',
      'NEW_POSITION_OTHER_CODE others.0.fiscalCode',
      'VALIDITY_BEFORE_DUE validUntil',
    ])
    await expect(at.client.positionAct.create(input)).rejects.toThrow()
    const found = await office.context.ledger.read(async (db) => ({
      people: await db.selectFrom('person').selectAll().execute(),
      debts: await db.selectFrom('accertamento').selectAll().execute(),
      issuances: await db.selectFrom('issuance').selectAll().execute(),
    }))
    expect(found).toEqual({ people: [], debts: [], issuances: [] })
  })

  it('never asks twice when two forms ask for the same debt at once', async () => {
    await office.raise([member(1)])
    const [debt] = (await at.client.accertamento.list({ filters: { exercise: YEAR } })).rows
    const base = await form({
      payer: { personId: debt?.personId as never },
      rows: [{ kind: 'outstanding', accertamentoId: debt?.id as never }],
      ...{ others: [], externalReference: null },
    })
    const both = await Promise.allSettled(
      ['modulo-a0000001', 'modulo-a0000002'].map((attempt) => at.client.positionAct.create({ ...base, attempt })),
    )
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a paper that leaves again', () => {
  it('says «Duplicato», the first one does not, and its codes are the same; a new version begins anew', async () => {
    const made = await at.client.positionAct.create(await form())
    const selection = { ids: [made.debtPositionId as number] }
    const print = async () => {
      const done = await outcome(await at.client.notice.print({ selection }))
      return { ...done, bytes: await office.bytes(done.file) }
    }
    const first = await print()
    const second = await print()
    expect([first.duplicates, second.duplicates]).toEqual([0, 1])
    if (has('pdftotext')) {
      expect(pdfToText(first.bytes)).not.toContain('Duplicato')
      expect(pdfToText(second.bytes)).toContain('Duplicato')
    }
    if (has('pdftoppm') && has('zbarimg')) {
      const text = await readNoticeQr(second.bytes)
      expect(readNoticeQrText(text)?.noticeNumber).toBe(made.noticeNumbers[0])
    }
    const [root] = await office.context.folders.list(null)
    const folder = root?.token as never
    expect(await outcome(await at.client.notice.saveAll({ selection, folder }))).toMatchObject({ written: 1, same: 0 })
    expect(await outcome(await at.client.notice.saveAll({ selection, folder }))).toMatchObject({ written: 0, same: 1 })
    const change = { dueDate: { kind: 'to' as const, date: isoDate('2026-07-31') } }
    const { count, stamp, superseded } = await at.client.positionAct.changePreview({ selection, change })
    expect(superseded).toEqual({ notices: 0, sent: 0, waiting: 0 })
    await outcome(await at.client.positionAct.change({ selection, change, reason: 'Proroga', expected: count, stamp }))
    expect((await print()).duplicates).toBe(0)
    const { versions } = await at.client.positionAct.card({ id: made.debtPositionId })
    expect(versions.map((one) => one.prints.map((p) => p.duplicate))).toEqual([[false], [false, true, true]])
    await at.client.notice.save({ debtPositionId: made.debtPositionId, letter: null })
    const { versions: saved } = await at.client.positionAct.card({ id: made.debtPositionId })
    expect(saved[0]?.prints.map((p) => p.duplicate)).toEqual([false, true])
    const { history } = await at.position()
    expect(history.filter((one) => one.text.startsWith('Avviso')).map((one) => one.text)).toContain(
      'Avviso stampato, duplicato',
    )
    // Nobody can pay with it any more: it is looked at, and never leaves.
    await cancelPositions(office.context, [made.debtPositionId], 'errore')
    expect(await problemsOf(at.client.notice.save({ debtPositionId: made.debtPositionId, letter: null }))).toEqual([
      'NOTHING_TO_PRINT undefined',
    ])
  })
})
